"""One model thread that fills batches across requests: the only caller of the model.

Request threads submit windows and wait; the thread takes a batch, runs it, hands back, without waiting for a batch to
fill. A batch that raises is run again request by request, so that one text cannot hurt the others. Around each batch
the thread leaves a mark of the time, by which `/livez` can tell a model that computes from one that hangs.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.admission import Admission, Ticket
from service.waiting import Cancelled, Item, Job, Late, WindowQueue

LOG = logging.getLogger("service")
LEAST_BUDGET, MOST_BUDGET = 512, 32_768
"""Pieces: one full window, and what memory bears."""

BEAT_SECONDS = 1.0
"""An idle thread shows a sign of life this often."""

REST_SECONDS = 5.0
"""An idle thread rests after this long, once until there is work again."""

BUSY_SECONDS = 30.0
"""One that is never idle rests between two batches this often: under load, what `rest` gives back would else pile up for hours."""

Encode = Callable[[Sequence[Any]], Sequence[Any]]


class ModelFailed(Exception):
    """The model raised on this request's windows, or answered with the wrong number of them."""


class Stopped(Exception):
    """The model thread is gone."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was run at once, for metrics."""

    windows: int
    pieces: int
    seconds: float


class Batcher:
    """Owns the queue and the model thread. `warm_up` runs in that thread first, `rest` once nothing has come for REST_SECONDS
    after work and every BUSY_SECONDS of work; `seen` is told of each batch."""

    def __init__(
        self,
        encode: Encode,
        admission: Admission,
        *,
        batch_seconds: float,
        hang_seconds: float,
        warm_up: Callable[[Encode], None] = lambda encode: None,
        seen: Callable[[Batch], None] = lambda batch: None,
        rest: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._encode = encode
        self._admission = admission
        self._batch_seconds = batch_seconds
        self._hang_seconds = hang_seconds
        self._warm_up = warm_up
        self._seen = seen
        self._rest = rest
        self._clock = clock
        self._queue = WindowQueue()
        self._changed = threading.Condition()
        self._stopping = False
        self._warm = False
        self._beat = clock()
        self._running = False
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)

    def start(self) -> None:
        """Start the model thread, in the process that serves: never before a fork."""
        self._beat = self._clock()
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Let the thread end after its batch; what waits fails with Stopped."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(seconds)

    @property
    def warm(self) -> bool:
        """Whether the warm-up is over."""
        return self._warm

    @property
    def silence(self) -> float:
        """Seconds since the thread's last sign of life."""
        return self._clock() - self._beat

    def failing(self) -> str | None:
        """Why the model thread counts as dead (`dead` or `hangs`), or None while it lives."""
        if not self._thread.is_alive():
            return "dead"
        bound = self._hang_seconds if self._running else self._hang_seconds + BEAT_SECONDS
        return "hangs" if self.silence > bound else None

    def waiting(self) -> int:
        """Requests with windows that wait."""
        return len(self._queue)

    def submit(self, windows: Sequence[Any], ticket: Ticket, deadline: float) -> Job:
        """Put a text's windows into the queue; `deadline` is a time of the clock. Raises Stopped."""
        job = Job(windows, deadline, ticket, self._clock())
        if not windows:
            self._finish(job)
            return job
        with self._changed:
            if self._stopping or not self._thread.is_alive():
                raise Stopped
            self._queue.add(job)
            self._changed.notify()
        return job

    def wait(self, job: Job, gone: Callable[[], bool], look_seconds: float = 0.5) -> list[Any]:
        """The encoded windows of a job, in order. Looks now and then whether the client has `gone`.

        Raises Late, Cancelled, Stopped or ModelFailed.
        """
        while not job.finished.wait(min(look_seconds, max(0.0, job.deadline - self._clock()))):
            # a job in a running batch is past the queue's reach: its own thread keeps the deadline
            if self._clock() >= job.deadline:
                job.cancelled = True
                raise Late
            if gone():
                job.cancelled = True
                raise Cancelled
        if job.error is not None:
            raise job.error
        return job.encoded

    def _work(self) -> None:
        batch: list[Item] | None = []
        try:
            self._warm_up(self._encode_warming)
            self._warm = True
            rested, at = False, self._clock()
            while (batch := self._next_batch(rested)) is not None:
                if rested := not batch:
                    self._rest()
                else:
                    self._run(batch)
                    if self._clock() - at < BUSY_SECONDS:
                        continue
                    self._rest()
                at = self._clock()
        except BaseException:
            # nothing above is expected to raise; /livez tells, and whoever watches it starts a new process
            LOG.critical("the model thread died", exc_info=True)
        finally:
            self._warm = False
            self._abandon([job for job, _ in batch or []])

    def _next_batch(self, rested: bool) -> list[Item] | None:
        """What is to run next: nothing if the thread may rest first, None at the end."""
        began = self._clock()
        with self._changed:
            while not self._stopping:
                self._beat = self._clock()
                for job in self._queue.sweep(self._clock()):
                    self._finish(job)
                if len(self._queue):
                    return self._queue.take(self._budget())
                if not rested and self._beat - began >= REST_SECONDS:
                    return []
                self._changed.wait(BEAT_SECONDS)
        return None

    def _run(self, batch: list[Item]) -> None:
        try:
            self._hand_back(batch)
        except Exception:
            LOG.error("a batch failed", exc_info=True)
            jobs = {id(job): job for job, _ in batch}
            for job in jobs.values():
                own = [item for item in batch if item[0] is job]
                try:
                    if len(jobs) == 1:
                        raise ModelFailed
                    self._hand_back(own)
                except Exception:
                    job.error = ModelFailed()
                    job.ended = self._clock()
                    self._admission.drop(job.ticket)
                    job.finished.set()

    def _hand_back(self, batch: list[Item]) -> None:
        windows = [job.windows[index] for job, index in batch]
        pieces = sum(window.length for window in windows)
        full = pieces >= self._budget() / 2
        encoded, seconds = self._encode_timed(windows)
        self._admission.measured(pieces, seconds, full)
        self._seen(Batch(len(windows), pieces, seconds))
        for job in {id(job): job for job, _ in batch}.values():
            job.model_seconds += seconds
        for (job, index), window, result in zip(batch, windows, encoded, strict=True):
            job.fill(index, result)
            self._admission.done(job.ticket, window.length)
            if not job.left:
                self._finish(job)

    def _encode_timed(self, windows: Sequence[Any]) -> tuple[Sequence[Any], float]:
        """Run the model with a mark of the time before and after; also the seconds it took."""
        began = self._beat = self._clock()
        self._running = True
        try:
            encoded = self._encode(windows)
        finally:
            self._running = False
            self._beat = self._clock()
        if len(encoded) != len(windows):
            raise ModelFailed
        return encoded, self._beat - began

    def _encode_warming(self, windows: Sequence[Any]) -> Sequence[Any]:
        encoded, seconds = self._encode_timed(windows)
        self._admission.measured(sum(window.length for window in windows), seconds, full=False)
        return encoded

    def _budget(self) -> int:
        """Pieces of the next batch: what the speed seen does in the time aimed at."""
        return max(LEAST_BUDGET, min(int(self._admission.speed * self._batch_seconds), MOST_BUDGET))

    def _finish(self, job: Job) -> None:
        job.ended = self._clock()
        if job.error is not None:
            self._admission.drop(job.ticket)
        job.finished.set()

    def _abandon(self, running: list[Job]) -> None:
        """Nobody waits for a thread that has ended: those of its last batch and those in the queue fail."""
        with self._changed:
            self._stopping = True
            for job in [*running, *self._queue.sweep(float("inf"))]:
                if not job.finished.is_set():
                    job.error = Stopped()
                    self._finish(job)


__all__ = ["Batch", "Batcher", "Cancelled", "Late", "ModelFailed", "Stopped"]
