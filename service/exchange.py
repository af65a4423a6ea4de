"""One request and its answer, from the first byte to the last: what logs, metrics and traces are written from.

The middleware opens an Exchange before Flask sees the request and closes it when the answer is written, because only
then is the thread free again. The place in the queue that a request holds is given back at the same moment.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from flask import has_request_context, request

KEY = "quotes.exchange"
UNMATCHED = "unmatched"
"""The route of what no route takes: a path itself is the caller's words and is neither logged nor counted."""

_IDENTITY = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Environment = dict[str, Any]
Start = Callable[..., Callable[[bytes], object]]
Application = Callable[[Environment, Start], Iterable[bytes]]


@dataclass(slots=True)
class Exchange:
    """What is known of one request. Times are seconds of the monotonic clock, `wall` is nanoseconds since 1970."""

    request_id: str
    method: str = "GET"
    traceparent: str | None = None
    started: float = field(default_factory=time.monotonic)
    wall: int = field(default_factory=time.time_ns)
    ended: float = 0.0
    route: str = UNMATCHED
    status: int = 0
    caller: str | None = None
    facts: dict[str, int] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    topics: list[tuple[str, bool]] = field(default_factory=list)
    leave: list[Callable[[], None]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """From the first byte read to the last byte written."""
        return self.ended - self.started

    @property
    def trace_id(self) -> str | None:
        """32 hexadecimal digits, where the caller sent a valid `traceparent`."""
        return self.traceparent.split("-")[1] if self.traceparent else None


def new_identity() -> str:
    """A fresh request id."""
    return secrets.token_hex(16)


def opened(environment: Environment) -> Exchange:
    """The exchange of a request that begins; the caller's id and trace are kept where they are well-formed."""
    identity = environment.get("HTTP_X_REQUEST_ID", "")
    parent = environment.get("HTTP_TRACEPARENT", "")
    method = environment.get("REQUEST_METHOD", "")
    return Exchange(
        identity if _IDENTITY.fullmatch(identity) else new_identity(),
        method if method in METHODS else "OTHER",
        parent if _TRACEPARENT.fullmatch(parent) else None,
    )


def current() -> Exchange:
    """The exchange of the request at hand; a detached one outside of any request."""
    found = request.environ.get(KEY) if has_request_context() else None
    return found if isinstance(found, Exchange) else Exchange(new_identity())


Sink = Callable[[Exchange], None]


class Middleware:
    """Opens and closes an exchange around an application; `sinks` see each one that has ended."""

    def __init__(self, application: Application, sinks: Sequence[Sink], opening: Sink) -> None:
        self._application = application
        self._sinks = tuple(sinks)
        self._opening = opening

    def __call__(self, environment: Environment, start_response: Start) -> Iterable[bytes]:
        """Serve one request (WSGI)."""
        exchange = environment[KEY] = opened(environment)
        self._opening(exchange)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            exchange.status = int(status.split(" ", 1)[0])
            return start_response(status, headers, *rest)

        try:
            return _Closing(self._application(environment, start), lambda: self._close(exchange))
        except BaseException:
            exchange.status = exchange.status or 500
            self._close(exchange)
            raise

    def _close(self, exchange: Exchange) -> None:
        exchange.ended = time.monotonic()
        for leave in exchange.leave:
            leave()
        for sink in self._sinks:
            sink(exchange)


class _Closing:
    """An answer's parts; calls `ended` once, after the last part was taken or the server gave up."""

    def __init__(self, parts: Iterable[bytes], ended: Callable[[], None]) -> None:
        self._parts = parts
        self._iterator: Iterator[bytes] = iter(parts)
        self._ended: Callable[[], None] | None = ended

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._iterator)
        except BaseException:  # StopIteration too: after the last part
            self.close()
            raise

    def close(self) -> None:
        """End the exchange, once."""
        ended, self._ended = self._ended, None
        if ended is None:
            return
        try:
            if hasattr(self._parts, "close"):
                cast(Any, self._parts).close()
        finally:
            ended()
