"""A text's way through the service: let in, read, queued, encoded, assembled; each failure as the problem it is."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.admission import Admission, Full
from service.batcher import Batcher, Cancelled, Late, ModelFailed, Stopped
from service.exchange import Exchange
from service.problems import PLAIN, FieldError, Problem
from service.seam import Attributor

if TYPE_CHECKING:
    from models import Analysis

TURNS = 2
"""Request threads that compute at once. The model thread needs the interpreter between any two of its kernels; with
sixty threads tokenizing it would wait for each of them in turn."""

CLIENT_GONE = 499
"""The status logged where nobody is left to answer (nginx's number)."""

NOT_READY_SECONDS = 2
DRAINING_SECONDS = 5


class Pipeline:
    """The service's one job. `rejected` is told the reason of each refusal, for metrics."""

    def __init__(
        self,
        attributor: Attributor,
        admission: Admission,
        batcher: Batcher,
        *,
        deadline_seconds: float,
        rejected: Callable[[str], None] = lambda reason: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.attributor = attributor
        self.admission = admission
        self.batcher = batcher
        self.draining = False
        self.closed = False
        self._deadline_seconds = deadline_seconds
        self._rejected = rejected
        self._clock = clock
        self._turns = threading.Semaphore(TURNS)

    def turned_away(self, full: Full) -> str:
        """Count a refusal; the words for it."""
        self._rejected(full.reason)
        return f"The queue is full; send the request again in {full.seconds} s."

    def checks(self) -> dict[str, str]:
        """What health depends on, each `ok` or what is wrong."""
        return {
            "model_thread": self.batcher.failing() or "ok",
            "warm_up": "ok" if self.batcher.warm else "not over",
            "accepting": "draining" if self.draining else "ok",
        }

    def analyse(self, text: str, exchange: Exchange, gone: Callable[[], bool]) -> "Analysis":
        """Who said what in a text. Keeps its place until the exchange ends; `gone` tells whether the client has left.

        Raises Problem 422, 500, 503, 504, or 499 where the client has gone.
        """
        deadline = exchange.started + self._deadline_seconds
        with self._refusals():
            if self.closed:
                raise Problem(
                    503,
                    "draining",
                    "This instance is stopping; send the request again.",
                    headers=_retry(DRAINING_SECONDS),
                )
            if not self.batcher.warm or self.batcher.failing():
                raise Problem(503, "not-ready", "The model is not ready; try again.", headers=_retry(NOT_READY_SECONDS))
            ticket = self.admission.enter(len(text))
            exchange.leave.append(lambda: self.admission.leave(ticket))
            began = self._clock()
            with self._turn(deadline):
                document = self._read(text)
            pieces = sum(window.length for window in document.windows)
            exchange.facts |= {"characters": len(text), "windows": len(document.windows), "pieces": pieces}
            self.admission.weigh(ticket, len(text), pieces)
            submitted = self._clock()
            job = self.batcher.submit(document.windows, ticket, deadline)
            encoded = self.batcher.wait(job, gone)
            done = self._clock()
            with self._turn(deadline):
                analysis = self.attributor.assemble(document, encoded)
            exchange.stages |= {
                "read": submitted - began,
                "queue": max(0.0, done - submitted - job.model_seconds),
                "model": job.model_seconds,
                "assemble": self._clock() - done,
            }
            return analysis

    def _read(self, text: str):  # type: ignore[no-untyped-def]  # whatever the attributor calls a document
        try:
            return self.attributor.read(text)
        except ValueError:
            # the schema has refused all that the contract names; this is for what the tokenizer alone cannot bear
            raise Problem(
                422,
                "wrong-fields",
                "1 field is wrong; see errors.",
                errors=[FieldError("/text", "the text cannot be read; send plain text in whole characters")],
            ) from None

    @contextmanager
    def _turn(self, deadline: float) -> Iterator[None]:
        """Wait for one of the few turns at the interpreter, no longer than the deadline."""
        if not self._turns.acquire(timeout=max(0.0, deadline - self._clock())):
            raise Late
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """What can go wrong on the way, as problems."""
        try:
            yield
        except Full as full:
            raise Problem(503, "full", self.turned_away(full), headers=_retry(full.seconds)) from None
        except Late:
            self._rejected("deadline")
            detail = f"No answer within {self._deadline_seconds:g} s; send the request again, or a shorter text."
            raise Problem(504, "deadline", detail) from None
        except Cancelled:
            self._rejected("gone")
            raise Problem(CLIENT_GONE, "gone", "The client has closed the connection.") from None
        except Stopped:
            self._rejected("not-ready")
            raise Problem(503, "not-ready", "The model has stopped; try again.", headers=_retry(NOT_READY_SECONDS)) from None
        except ModelFailed:
            raise Problem(500, "internal", PLAIN[500]) from None
        except Problem as problem:
            if problem.status == 503:
                self._rejected(problem.kind)
            raise


def _retry(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}
