"""The model thread: batches, faults, deadlines, health."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from service.admission import Admission
from service.batcher import BUSY_SECONDS, REST_SECONDS, Batch, Batcher, Cancelled, Late, ModelFailed, Stopped
from service.waiting import Job
from tests.conftest import until


@dataclass(frozen=True)
class Window:
    name: str
    length: int = 10


class Model:
    """Stands in for `encode`; runs when let, raises on `bad`, remembers its batches."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()
        self.entered = threading.Semaphore(0)
        self.batches: list[list[str]] = []
        self.threads: set[int] = set()

    def __call__(self, windows: Sequence[Window]) -> list[str]:
        self.threads.add(threading.get_ident())
        self.batches.append([window.name for window in windows])
        self.entered.release()
        self.go.wait(10)
        if any(window.name.startswith("die") for window in windows):
            raise SystemExit
        if any(window.name.startswith("bad") for window in windows):
            raise RuntimeError
        if any(window.name.startswith("few") for window in windows):
            return []
        return [window.name.upper() for window in windows]


@pytest.fixture
def model() -> Model:
    return Model()


class Clock:
    """Real time plus what a test adds."""

    added = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.added


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seen() -> list[Batch]:
    return []


@pytest.fixture
def batcher(model: Model, clock: Clock, seen: list[Batch]) -> Iterator[Batcher]:
    made = Batcher(model, Admission(50, 10), batch_seconds=0.25, hang_seconds=3, seen=seen.append, clock=clock)
    made.start()
    yield made
    model.go.set()
    made.stop()


def submit(batcher: Batcher, *names: str, deadline: float = 5) -> Job:
    admission = batcher._admission
    ticket = admission.enter(100)
    admission.weigh(ticket, 100, 10 * len(names))
    return batcher.submit([Window(name) for name in names], ticket, time.monotonic() + deadline)


def wait(batcher: Batcher, job: Job, gone: Any = lambda: False) -> list[str]:
    return batcher.wait(job, gone, look_seconds=0.005)


def held(batcher: Batcher, model: Model) -> Job:
    """The model is busy with one job and waits to be let go."""
    model.go.clear()
    job = submit(batcher, "hold")
    assert model.entered.acquire(timeout=5)
    return job


def test_results_come_back_in_order(batcher: Batcher) -> None:
    job = submit(batcher, "a", "b", "c")
    assert wait(batcher, job) == ["A", "B", "C"]
    assert batcher._admission.pieces == 0
    assert job.model_seconds >= 0


def test_a_text_without_windows_does_not_wait(batcher: Batcher) -> None:
    assert wait(batcher, submit(batcher)) == []


def test_what_waits_is_run_together_by_one_thread(batcher: Batcher, model: Model, seen: list[Batch]) -> None:
    first = held(batcher, model)
    jobs = [submit(batcher, f"x{n}", f"y{n}") for n in range(10)]
    assert batcher.waiting() == 10
    model.go.set()
    assert wait(batcher, first) == ["HOLD"]
    for number, job in enumerate(jobs):
        assert wait(batcher, job) == [f"X{number}", f"Y{number}"]
    assert [len(batch) for batch in model.batches] == [1, 20]
    assert len(model.threads) == 1
    assert [(batch.windows, batch.pieces) for batch in seen] == [(1, 10), (20, 200)]


def test_one_bad_text_fails_alone(batcher: Batcher, model: Model) -> None:
    first = held(batcher, model)
    good, bad, other = submit(batcher, "a"), submit(batcher, "bad", "b"), submit(batcher, "c")
    model.go.set()
    assert wait(batcher, first) == ["HOLD"]
    assert wait(batcher, good) == ["A"]
    assert wait(batcher, other) == ["C"]
    with pytest.raises(ModelFailed):
        wait(batcher, bad)
    assert batcher._admission.pieces == 0
    assert batcher.failing() is None
    assert wait(batcher, submit(batcher, "d")) == ["D"]


def test_a_wrong_number_of_results_is_a_failure(batcher: Batcher) -> None:
    with pytest.raises(ModelFailed):
        wait(batcher, submit(batcher, "few"))


def test_what_is_late_is_not_run(batcher: Batcher, model: Model) -> None:
    held(batcher, model)
    with pytest.raises(Late):
        wait(batcher, submit(batcher, "late", deadline=0.02))
    model.go.set()
    assert wait(batcher, submit(batcher, "next")) == ["NEXT"]
    assert "late" not in {name for batch in model.batches for name in batch}
    assert batcher._admission.pieces == 0


def test_what_nobody_waits_for_is_not_run(batcher: Batcher, model: Model) -> None:
    held(batcher, model)
    job = submit(batcher, "left")
    with pytest.raises(Cancelled):
        wait(batcher, job, gone=lambda: True)
    model.go.set()
    assert wait(batcher, submit(batcher, "next")) == ["NEXT"]
    assert "left" not in {name for batch in model.batches for name in batch}
    assert batcher._admission.pieces == 0


def test_a_hang_shows_and_ends_when_the_batch_does(batcher: Batcher, model: Model, clock: Clock) -> None:
    job = held(batcher, model)
    assert batcher.failing() is None
    clock.added = 3.5
    assert batcher.failing() == "hangs"
    model.go.set()
    assert wait(batcher, job) == ["HOLD"]
    until(lambda: batcher.failing() is None)


def test_an_idle_thread_shows_signs_of_life(batcher: Batcher) -> None:
    wait(batcher, submit(batcher, "a"))
    assert batcher.silence < 2
    assert batcher.failing() is None


def test_a_dead_thread_shows_and_nobody_waits_for_it(batcher: Batcher, model: Model) -> None:
    held(batcher, model)
    dying, waiting = submit(batcher, "die"), submit(batcher, "z" * 3)
    model.go.set()
    for job in (dying, waiting):
        with pytest.raises(Stopped):
            wait(batcher, job)
    until(lambda: batcher.failing() == "dead")
    assert not batcher.warm
    with pytest.raises(Stopped):
        submit(batcher, "more")


def test_stopping_fails_what_waits(batcher: Batcher, model: Model) -> None:
    held(batcher, model)
    job = submit(batcher, "a")
    threading.Timer(0.02, model.go.set).start()
    batcher.stop()
    with pytest.raises(Stopped):
        wait(batcher, job)


def test_a_warm_up_that_raises_leaves_the_service_not_ready(model: Model) -> None:
    def broken(encode: Any) -> None:
        raise RuntimeError

    made = Batcher(model, Admission(50, 10), batch_seconds=0.25, hang_seconds=3, warm_up=broken)
    made.start()
    until(lambda: made.failing() == "dead")
    assert not made.warm


def test_the_warm_up_teaches_the_speed(model: Model) -> None:
    def warm_up(encode: Any) -> None:
        for _ in range(3):
            encode([Window("w", 500)] * 100)

    admission = Admission(50, 10)
    made = Batcher(model, admission, batch_seconds=0.25, hang_seconds=3, warm_up=warm_up)
    made.start()
    until(lambda: made.warm)
    assert admission.speed > 4000
    made.stop()


def test_an_idle_thread_rests_once_after_work(model: Model) -> None:
    clock, rests = Clock(), []
    made = Batcher(model, Admission(50, 10), batch_seconds=0.25, hang_seconds=99, rest=lambda: rests.append(threading.get_ident()), clock=clock)

    def rested_later(times: int) -> bool:
        clock.added += REST_SECONDS
        return len(rests) == times

    made.start()
    until(lambda: rested_later(1))
    wait(made, submit(made, "a", deadline=1e9))
    assert len(rests) == 1
    until(lambda: rested_later(2))
    made.stop()
    assert set(rests) == model.threads


def test_a_thread_that_is_never_idle_rests_between_batches(model: Model) -> None:
    clock, rests, slow = Clock(), [], [False]

    def encode(windows: Sequence[Any]) -> Sequence[Any]:
        clock.added += BUSY_SECONDS * slow[0]
        return model(windows)

    made = Batcher(encode, Admission(50, 10), batch_seconds=0.25, hang_seconds=99, rest=lambda: rests.append(slow[0]), clock=clock)
    made.start()
    for slow[0] in (False, True, True):
        wait(made, submit(made, "a", deadline=1e9))
    made.stop()
    assert rests == [True, True]
