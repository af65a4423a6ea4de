r"""When a request has come whole, told from its bytes alone: no sockets in here.

POST /attribute HTTP/1.1\r\n     The head ends at the empty line. With Content-Length: 5 the request is whole
Content-Length: 5\r\n            once five more bytes are here; without one, at the end of the head. What the
\r\n                            service refuses by its head (chunks, too long a body) is whole at once.
hello
"""

import re
from dataclasses import dataclass, field
from enum import Enum

MAX_HEAD = 32 * 1024
"""Bytes of the longest head: request line and header fields."""

_LENGTH = re.compile(rb"^content-length:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CODING = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_PLAIN = re.compile(rb"POST /attribute HTTP/1\.1\r\n")
_CLOSE = re.compile(rb"^connection:[^\r\n]*close", re.IGNORECASE | re.MULTILINE)
_IDENTITY = re.compile(rb"^x-request-id:[ \t]*([A-Za-z0-9._-]{1,128})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_EXPECT = re.compile(rb"^expect:[ \t]*100-continue[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class State(Enum):
    """How far a request has come."""

    PART = "more is to come"
    WHOLE = "it can be answered"
    HEAD_TOO_LARGE = "its head is too large"


@dataclass(slots=True)
class Incoming:
    """The bytes of one request so far. `whole_body` tells, once whole, whether the body lies in them too."""

    max_body: int
    content: bytearray = field(default_factory=bytearray)
    size: int | None = None
    whole_body: bool = True
    wants_continue: bool = False

    def feed(self, more: bytes) -> State:
        """Take some bytes."""
        seen = max(0, len(self.content) - 3)
        self.content += more
        if self.size is None:
            end = self.content.find(b"\r\n\r\n", seen)
            if end < 0 or end > MAX_HEAD:
                return State.HEAD_TOO_LARGE if len(self.content) > MAX_HEAD else State.PART
            self.size = self._sized(bytes(self.content[: end + 2]), end + 4)
        return State.WHOLE if len(self.content) >= self.size else State.PART

    @property
    def plain(self) -> bool:
        """Whether this is one `POST /attribute`, with nothing behind it, on a connection that goes on after it."""
        return (
            self.whole_body
            and len(self.content) == self.size
            and _PLAIN.match(self.content) is not None
            and _CLOSE.search(self.content, 0, MAX_HEAD) is None
        )

    @property
    def identity(self) -> str | None:
        """The caller's well-formed `X-Request-ID`."""
        found = _IDENTITY.search(self.content, 0, self.content.find(b"\r\n\r\n") + 2)
        return found[1].decode("ascii") if found else None

    def _sized(self, head: bytes, end: int) -> int:
        """Bytes of the whole request; those of the head alone where the application answers by the head."""
        lengths = _LENGTH.findall(head)
        if _CODING.search(head) or len(lengths) > 1:
            self.whole_body = False
            return end
        if not lengths:
            return end
        if not re.fullmatch(rb"[0-9]{1,15}", lengths[0]) or int(lengths[0]) > self.max_body:
            self.whole_body = False
            return end
        self.wants_continue = _EXPECT.search(head) is not None
        return end + int(lengths[0])
