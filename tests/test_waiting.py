"""The order in which windows reach the model."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from service.admission import Ticket
from service.waiting import OLDEST_SHARE, Cancelled, Job, Late, WindowQueue


@dataclass(frozen=True)
class Window:
    name: str
    length: int = 2


def job(name: str, count: int, length: int = 2, deadline: float = 100) -> Job:
    return Job([Window(f"{name}{n}", length) for n in range(1, count + 1)], deadline, Ticket(0), 0)


def names(queue: WindowQueue, budget: int) -> list[str]:
    return sorted(item[0].windows[item[1]].name for item in queue.take(budget))


def test_the_drawn_example() -> None:
    queue = WindowQueue()
    for each in (job("a", 6), job("b", 1), job("c", 2)):
        queue.add(each)
    assert names(queue, 8) == ["a1", "a2", "b1", "c1"]
    assert names(queue, 8) == ["a3", "a4", "a5", "c2"]
    assert names(queue, 8) == ["a6"]
    assert len(queue) == 0


def test_a_window_larger_than_the_budget_runs_alone() -> None:
    queue = WindowQueue()
    queue.add(job("a", 2, length=500))
    assert names(queue, 10) == ["a1"]
    assert names(queue, 10) == ["a2"]


def test_a_batch_is_sorted_by_length() -> None:
    queue = WindowQueue()
    for length in (9, 1, 5, 3):
        queue.add(job(str(length), 1, length))
    batch = queue.take(100)
    assert [each.windows[index].length for each, index in batch] == [1, 3, 5, 9]


def test_late_cancelled_and_failed_work_is_taken_out() -> None:
    queue = WindowQueue()
    late, cancelled, failed, good = job("l", 3, deadline=5), job("c", 3), job("f", 3), job("g", 1)
    for each in (late, cancelled, failed, good):
        queue.add(each)
    cancelled.cancelled = True
    failed.error = RuntimeError()
    assert queue.sweep(5) == [late, cancelled, failed]
    assert isinstance(late.error, Late)
    assert isinstance(cancelled.error, Cancelled)
    assert names(queue, 100) == ["g1"]


@given(st.lists(st.lists(st.integers(1, 512), min_size=1, max_size=12), min_size=1, max_size=12), st.integers(1, 2000))
def test_every_window_is_taken_once_in_order_and_within_the_budget(lengths: list[list[int]], budget: int) -> None:
    queue = WindowQueue()
    jobs = [Job([Window("", length) for length in each], 1, Ticket(0), 0) for each in lengths]
    for each in jobs:
        queue.add(each)
    taken: dict[int, list[int]] = {id(each): [] for each in jobs}
    while len(queue):
        oldest = next(each for each in jobs if each.taken < len(each.windows))
        batch = queue.take(budget)
        assert batch
        assert len(batch) == 1 or sum(each.windows[index].length for each, index in batch) <= budget
        assert any(each is oldest for each, _ in batch)
        for each, index in batch:
            taken[id(each)].append(index)
    for each in jobs:
        assert sorted(taken[id(each)]) == list(range(len(each.windows)))


def test_the_oldest_ends_in_time_however_many_come() -> None:
    """With a short request coming for every batch, a long one still gets its share of each."""
    queue, budget, length = WindowQueue(), 80, 10
    long = job("a", 40, length)
    queue.add(long)
    batches = 0
    while long.taken < 40:
        for n in range(20):
            queue.add(job(f"s{batches}-{n}-", 1, length))
        queue.take(budget)
        batches += 1
    assert batches <= 40 * length / (budget * OLDEST_SHARE)


def test_short_ones_do_not_wait_for_a_long_one() -> None:
    queue = WindowQueue()
    queue.add(job("a", 1000, 10))
    for n in range(4):
        queue.add(job(f"s{n}-", 1, 10))
    assert {"s0-1", "s1-1", "s2-1", "s3-1"} <= set(names(queue, 80))
