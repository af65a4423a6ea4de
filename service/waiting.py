"""The queue of windows: what the model runs next. No threads in here, so every order can be tested by hand.

A batch is filled in two parts. A share of it goes to the oldest request, whose end is thereby bounded however many
others come after it; the rest goes round over all requests, one window each, so that a long text does not hold up the
short ones.

    budget 8, share 1/2, windows of 2:   A = a1 a2 a3 a4 a5 a6   B = b1   C = c1 c2
    first batch   a1 a2 | b1 c1          (A as the oldest, then round over those that had nothing yet)
    second batch  a3 a4 | c2 a5
    third batch   a6
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.admission import Ticket

OLDEST_SHARE = 0.5
"""Of the budget, to the oldest request: so each one ends within 1 / OLDEST_SHARE of the queue it found and its own
length."""


class Late(Exception):
    """The deadline passed before the work was done."""


class Cancelled(Exception):
    """The client has gone."""


@dataclass(eq=False, slots=True)
class Job:
    """The windows of one text on their way through the model. Times are seconds of the monotonic clock."""

    windows: Sequence[Any]
    deadline: float
    ticket: Ticket
    submitted: float
    encoded: list[Any] = field(default_factory=list)
    taken: int = 0
    left: int = 0
    cancelled: bool = False
    error: BaseException | None = None
    model_seconds: float = 0.0
    ended: float = 0.0
    finished: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.left = len(self.windows)
        self.encoded = [None] * self.left

    def fill(self, index: int, encoded: Any) -> None:
        """One window is done."""
        self.encoded[index] = encoded
        self.left -= 1


Item = tuple[Job, int]
"""A window: its job and its index there."""


class WindowQueue:
    """Jobs with windows that wait, in order of arrival."""

    def __init__(self) -> None:
        self._oldest: deque[Job] = deque()
        self._ring: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self._ring)

    def add(self, job: Job) -> None:
        """Put a job at the end."""
        self._oldest.append(job)
        self._ring.append(job)

    def sweep(self, now: float) -> list[Job]:
        """Take out what is cancelled, failed or late, its error set."""
        out = []
        for job in self._ring:
            if job.cancelled:
                job.error = Cancelled()
            elif job.error is None and now >= job.deadline:
                job.error = Late()
            if job.error is not None:
                out.append(job)
        if out:
            gone = set(map(id, out))
            self._ring = deque(job for job in self._ring if id(job) not in gone)
            self._oldest = deque(job for job in self._oldest if id(job) not in gone)
        return out

    def take(self, budget: int) -> list[Item]:
        """The next batch: at most `budget` pieces, but at least one window while any waits; shortest first."""
        batch: list[Item] = []
        used = 0
        while self._oldest and (not batch or used + _next(self._oldest[0]) <= OLDEST_SHARE * budget):
            used += self._pick(self._oldest[0], batch)
        had = {id(job) for job, _ in batch}
        while self._ring:
            job = next((job for job in self._ring if id(job) not in had), self._ring[0])
            if used + _next(job) > budget:
                break
            self._ring.remove(job)
            self._ring.append(job)
            used += self._pick(job, batch)
        return sorted(batch, key=lambda item: item[0].windows[item[1]].length)

    def _pick(self, job: Job, batch: list[Item]) -> int:
        length = _next(job)
        batch.append((job, job.taken))
        job.taken += 1
        if job.taken == len(job.windows):
            self._ring.remove(job)
            self._oldest.remove(job)
        return length


def _next(job: Job) -> int:
    """Pieces of the next window of a job that still has one."""
    length: int = job.windows[job.taken].length
    return length
