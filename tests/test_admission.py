"""Who is let in, by number and by seconds of work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.admission import Admission, Full


def test_by_number() -> None:
    admission = Admission(2, 10)
    first = admission.enter(10)
    admission.enter(10)
    with pytest.raises(Full) as full:
        admission.enter(10)
    assert (full.value.reason, full.value.seconds) == ("requests", 1)
    admission.leave(first)
    admission.leave(first)
    assert admission.requests == 1
    admission.enter(10)


def test_by_work() -> None:
    admission = Admission(100, 10)  # 4,000 pieces a second at first: 40,000 pieces of queue, 0.3 a character
    admission.enter(100_000)
    with pytest.raises(Full) as full:
        admission.enter(100_000)
    assert (full.value.reason, full.value.seconds) == ("pieces", 8)
    admission.enter(30_000)


def test_closed_tells_when_nobody_is_let_in() -> None:
    admission = Admission(2, 10)
    assert admission.closed() is None
    first = admission.enter(10)
    admission.weigh(first, 10, 50_000)
    full = admission.closed()
    assert full is not None
    assert (full.reason, full.seconds) == ("pieces", 13)
    admission.drop(first)
    assert admission.closed() is None
    admission.enter(10)
    full = admission.closed()
    assert full is not None
    assert full.reason == "requests"


def test_a_text_alone_is_let_in_however_long() -> None:
    admission = Admission(100, 0.001)
    ticket = admission.enter(100_000)
    admission.weigh(ticket, 100_000, 100_000)
    with pytest.raises(Full):
        admission.enter(1)


def test_a_guess_that_was_far_too_low_is_refused_after_reading() -> None:
    admission = Admission(100, 10)
    admission.enter(10_000)
    ticket = admission.enter(100_000)
    with pytest.raises(Full):
        admission.weigh(ticket, 100_000, 100_000)
    admission.leave(ticket)
    assert admission.pieces == 3_000


def test_the_speed_follows_full_batches_and_rises_only_by_others() -> None:
    admission = Admission(100, 10)
    admission.measured(100, 0.1, full=False)
    assert admission.speed == 4000
    admission.measured(1000, 0.1, full=False)
    assert admission.speed == pytest.approx(5800)
    for _ in range(50):
        admission.measured(1000, 1.0, full=True)
    assert admission.speed == pytest.approx(1000, rel=0.01)


def test_the_density_follows_the_texts() -> None:
    admission = Admission(100, 10)
    for _ in range(200):
        ticket = admission.enter(1000)
        admission.weigh(ticket, 1000, 1000)
        admission.leave(ticket)
    assert admission.enter(1000).pieces == pytest.approx(1000, abs=2)


@given(st.lists(st.tuples(st.sampled_from(["enter", "weigh", "done", "drop", "leave"]), st.integers(0, 5000)), max_size=60))
def test_nothing_is_left_when_all_have_left(steps: list[tuple[str, int]]) -> None:
    admission = Admission(8, 5)
    tickets = []
    for step, amount in steps:
        try:
            if step == "enter":
                tickets.append(admission.enter(amount))
            elif tickets:
                ticket = tickets[amount % len(tickets)]
                if step == "weigh" and ticket.held:
                    admission.weigh(ticket, amount + 1, amount)
                elif step == "done":
                    admission.done(ticket, amount)
                elif step == "drop":
                    admission.drop(ticket)
                elif step == "leave":
                    admission.leave(ticket)
        except Full:
            pass
        assert admission.pieces == sum(ticket.pieces for ticket in tickets if ticket.held)
        assert admission.requests == sum(ticket.held for ticket in tickets) <= 8
    for ticket in tickets:
        admission.leave(ticket)
    assert (admission.requests, admission.pieces) == (0, 0)
