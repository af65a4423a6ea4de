"""Connections that no thread works on: those whose request has not come whole, those kept alive, those being closed.

gunicorn's thread worker gives a connection a thread as soon as it is there, so a hundred clients that stall in the
middle of a body hold every thread. Here one poller reads all of them, and only whole requests get a thread.
"""

import contextlib
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from service.payload import MAX_BODY
from service.receiving import Incoming, State

READ = 64 * 1024
MOST_HELD = 256 * 1024 * 1024
"""Bytes of requests in part that are held at most; beyond it the oldest connection is closed."""

LINGER_SECONDS = 3.0
"""How long a client that still sends is listened to after its answer: closing at once would reset the connection, and
the client might never read why it was refused (RFC 9112 section 9.6)."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Why(Enum):
    """Why a connection is given up."""

    GONE = "the client closed it"
    IDLE = "nothing came"
    SLOW = "the request did not come whole in time"
    CROWDED = "room was needed"
    HEAD = "its head is too large"


@dataclass(slots=True, eq=False)
class Waiting:
    """A connection the poller watches; `until` is a time of the monotonic clock."""

    connection: Any
    incoming: Incoming
    until: float
    lingering: bool = False


class Connections:
    """`whole` is called with a connection and its request's bytes, `given_up` with one that ends without an answer."""

    def __init__(
        self,
        poller: selectors.BaseSelector,
        receive_seconds: float,
        whole: Callable[[Any, Incoming], None],
        given_up: Callable[[Any, Why], None],
    ) -> None:
        self._poller = poller
        self._receive_seconds = receive_seconds
        self._whole = whole
        self._given_up = given_up
        self._waiting: dict[socket.socket, Waiting] = {}
        self._held = 0
        self._swept = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def watch(self, connection: Any, idle_seconds: float, begun: bytes = b"") -> None:
        """Wait for a request; `begun` is what of it has come already. Without a byte, wait `idle_seconds`."""
        connection.sock.setblocking(False)
        waiting = Waiting(connection, Incoming(MAX_BODY), time.monotonic() + idle_seconds)
        self._waiting[connection.sock] = waiting
        self._poller.register(connection.sock, selectors.EVENT_READ, partial(self._readable, waiting))
        if begun:
            self._feed(waiting, begun)

    def linger(self, connection: Any) -> None:
        """Close after an answer: say so, then read and forget what still comes, for a while."""
        try:
            connection.sock.setblocking(False)
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._given_up(connection, Why.GONE)
            return
        waiting = Waiting(connection, Incoming(0), time.monotonic() + LINGER_SECONDS, lingering=True)
        self._waiting[connection.sock] = waiting
        self._poller.register(connection.sock, selectors.EVENT_READ, partial(self._readable, waiting))

    def sweep(self, now: float, every: float = 0.25) -> None:
        """Give up those whose time is over; looks at most once in `every` seconds."""
        if now < self._swept + every:
            return
        self._swept = now
        for waiting in [waiting for waiting in self._waiting.values() if waiting.until <= now]:
            self._give_up(waiting, Why.SLOW if waiting.incoming.content else Why.IDLE)

    def hurry(self, until: float) -> None:
        """No connection is kept waiting beyond this time for a request that has not begun."""
        for waiting in self._waiting.values():
            if not waiting.incoming.content:
                waiting.until = min(waiting.until, until)

    def make_room(self) -> None:
        """Give up the connection that has waited longest."""
        oldest = next(iter(self._waiting.values()), None)
        if oldest is not None:
            self._give_up(oldest, Why.CROWDED)

    def _readable(self, waiting: Waiting, sock: socket.socket) -> None:
        try:
            more = sock.recv(READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            more = b""
        if not more:
            self._give_up(waiting, Why.GONE)
        elif not waiting.lingering:
            self._feed(waiting, more)

    def _feed(self, waiting: Waiting, more: bytes) -> None:
        incoming = waiting.incoming
        if not incoming.content:
            waiting.until = time.monotonic() + self._receive_seconds
        state = incoming.feed(more)
        self._held += len(more)
        if state is State.WHOLE:
            self._forget(waiting)
            self._whole(waiting.connection, incoming)
        elif state is State.HEAD_TOO_LARGE:
            self._give_up(waiting, Why.HEAD)
        else:
            if incoming.wants_continue:
                incoming.wants_continue = False
                with contextlib.suppress(OSError):
                    waiting.connection.sock.send(CONTINUE)
            while self._held > MOST_HELD:
                self.make_room()

    def _forget(self, waiting: Waiting) -> None:
        self._held -= len(waiting.incoming.content)
        del self._waiting[waiting.connection.sock]
        with contextlib.suppress(KeyError, ValueError, OSError):
            self._poller.unregister(waiting.connection.sock)

    def _give_up(self, waiting: Waiting, why: Why) -> None:
        if waiting.connection.sock in self._waiting:
            self._forget(waiting)
            self._given_up(waiting.connection, Why.GONE if waiting.lingering else why)
