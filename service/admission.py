"""Who is let in: bounded by number and by seconds of work, so that load gives 503 at once and never 504 late.

By number, because each request that waits holds a thread, and some threads must stay free for probes. By work, measured
in pieces against the speed seen, because fifty long articles are a longer queue than fifty short ones.
"""

import math
import threading
from dataclasses import dataclass, field

PIECES_PER_CHARACTER = 0.3
"""A first guess, high for English (0.23), until texts have been seen; windows overlap, so pieces count more than
once."""

FIRST_SPEED = 4000.0
"""Pieces a second until a batch was measured."""


class Full(Exception):
    """The request is not let in. `reason` is `requests` or `pieces`; `seconds` is when to come again, 1 or more."""

    def __init__(self, reason: str, seconds: int) -> None:
        super().__init__(f"no room ({reason}), {seconds} s of queue")
        self.reason = reason
        self.seconds = seconds


@dataclass(slots=True)
class Ticket:
    """A place: the pieces of it that are still to be done, and whether the place is still held."""

    pieces: int
    held: bool = True
    weighed: bool = field(default=False)


class Admission:
    """Counts requests and pieces that are in, and the speed at which pieces get done. Any thread may call it."""

    def __init__(self, most_requests: int, queue_seconds: float) -> None:
        self._lock = threading.Lock()
        self._most_requests = most_requests
        self._queue_seconds = queue_seconds
        self._requests = 0
        self._pieces = 0
        self._speed = FIRST_SPEED
        self._density = PIECES_PER_CHARACTER

    @property
    def requests(self) -> int:
        """Requests that wait, run or are being answered."""
        return self._requests

    @property
    def pieces(self) -> int:
        """Pieces let in and not yet done."""
        return self._pieces

    @property
    def speed(self) -> float:
        """Pieces a second of full batches, lately."""
        return self._speed

    def closed(self) -> Full | None:
        """The refusal that a text of any length would get now; None while there is room for a short one."""
        with self._lock:
            if self._requests >= self._most_requests:
                return Full("requests", self._wait())
            if self._pieces >= self._most_pieces():
                return Full("pieces", self._wait())
            return None

    def enter(self, characters: int) -> Ticket:
        """A place for a text, weighed by its length before any work is done on it. Raises Full.

        A text alone is always let in, also one longer than the whole queue.
        """
        with self._lock:
            pieces = math.ceil(characters * self._density)
            if self._requests >= self._most_requests:
                raise Full("requests", self._wait())
            if self._pieces and self._pieces + pieces > self._most_pieces():
                raise Full("pieces", self._wait())
            self._requests += 1
            self._pieces += pieces
            return Ticket(pieces)

    def weigh(self, ticket: Ticket, characters: int, pieces: int) -> None:
        """Replace the guess by the pieces counted. Raises Full where the guess was so low that the deadline is in
        doubt.

        Half a queue beyond the limit is let pass: the deadline has room for it, and the text is already read.
        """
        with self._lock:
            before = self._pieces - ticket.pieces
            if before and before + pieces > 1.5 * self._most_pieces():
                raise Full("pieces", self._wait())
            self._pieces += pieces - ticket.pieces
            ticket.pieces, ticket.weighed = pieces, True
            if characters >= 200:  # short texts are mostly the two marks around each window
                self._density += 0.05 * (pieces / characters - self._density)

    def done(self, ticket: Ticket, pieces: int) -> None:
        """Some pieces of the ticket are done."""
        with self._lock:
            pieces = min(pieces, ticket.pieces)
            ticket.pieces -= pieces
            self._pieces -= pieces

    def drop(self, ticket: Ticket) -> None:
        """What is left of the ticket will not be done."""
        self.done(ticket, ticket.pieces)

    def leave(self, ticket: Ticket) -> None:
        """Give the place back; more than once does no harm."""
        with self._lock:
            if ticket.held:
                ticket.held = False
                self._requests -= 1
                self._pieces -= ticket.pieces
                ticket.pieces = 0

    def measured(self, pieces: int, seconds: float, full: bool) -> None:
        """A batch took so long. One that was not full shows overhead rather than speed, so it counts upwards only."""
        seen = pieces / max(seconds, 1e-6)
        with self._lock:
            if full or seen > self._speed:
                self._speed = max(1.0, self._speed + 0.3 * (seen - self._speed))

    def _most_pieces(self) -> float:
        return self._speed * self._queue_seconds

    def _wait(self) -> int:
        return max(1, math.ceil(self._pieces / self._speed))
