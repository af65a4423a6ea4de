"""Hostile bytes: bodies and heads that have broken servers before, made from a seed."""

import json
import random
from collections.abc import Iterator

FRAGMENTS = [
    "\ud800",
    "\udfff",
    "\0",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u200d",
    "e\u0301" * 50,
    "🙂" * 20,
    "“",
    "”",
    '"',
    "«",
    "\r\n",
    "\u2028",
    "\x85",
    "NaN",
    "</script>",
    "{{7*7}}",
    "%s%n",
    "../../etc/passwd",
    "said Marta Hale, ",
    "“Russia pays,” said Ann Lee. ",
    "a" * 5000,
]


def body(draw: random.Random) -> bytes:
    """One body, most of them wrong."""
    text = "".join(draw.choice(FRAGMENTS) for _ in range(draw.randint(0, 12)))
    kind = draw.randint(0, 15)
    whole = json.dumps({"text": text, "off_topic": draw.choice([True, False, "yes", None, 1])})
    if kind == 0:
        return whole.encode()[: draw.randint(0, len(whole))]
    if kind == 1:
        depth = draw.randint(1, 50_000)
        return b'{"text": ' + draw.choice([b"[", b'{"a":']) * depth
    if kind == 2:
        number = draw.choice(["NaN", "Infinity", "-Infinity", "1e999", "-0.0", "9" * 5000])
        return f'{{"text": "a", "min_confidence": {number}}}'.encode()
    if kind == 3:
        return whole.encode(draw.choice(["utf-16", "utf-32", "utf-7"]), "surrogatepass")
    if kind == 4:
        return draw.randbytes(draw.randint(0, 3000))
    if kind == 5:
        # The largest cost seconds each; one in eight of them is enough.
        return json.dumps({"text": draw.choice(["x", "-", "“", "\u0301", "7"]) * draw.choice([100_000, 99_999, *[3000] * 14])}).encode()
    if kind == 6:
        return json.dumps({"text": "w" * (1024 * 1024)}).encode()
    if kind == 7:
        return json.dumps({f"k{n}": n for n in range(draw.randint(1, 2000))}).encode()
    if kind == 8:
        return json.dumps(
            {
                "text": text or "a",
                "topics": [draw.choice(["russia", "x", None, 1, []]) for _ in range(draw.randint(0, 300))],
            }
        ).encode()
    if kind == 9:
        return json.dumps(draw.choice([[], None, 1, "text", True, [[]]])).encode()
    if kind == 10:
        return b'{"text": "' + text.encode("utf-8", "surrogatepass").replace(b'"', b"'") + b'"}'
    if kind == 11:
        return b'{"text": "a", "text": ["b"], "text": "' + b"c" * draw.randint(0, 100) + b'"}'
    return whole.encode()


def request(draw: random.Random) -> bytes:
    """One request on a connection of its own."""
    content = body(draw)
    kind = draw.randint(0, 19)
    length: bytes | None = str(len(content)).encode()
    fields = [b"Host: x", b"Connection: close"]
    line, media = b"POST /attribute HTTP/1.1", b"application/json"
    if kind == 0:
        line = draw.choice([b"GET", b"POST /", b"BREW /attribute HTTP/1.1", b"POST /attribute HTTP/9.9", b"\0\xff\r\n"])
    if kind == 1:
        media = draw.choice([b"", b"text/plain", b"application/json; charset=utf-16", b"multipart/form-data; boundary=x"])
    if kind == 2:
        fields.append(draw.choice([b"X: " + b"y" * 40_000, b"Bad Header: 1", b"X\0: 1", b" folded: 1", b"X: \r\n y"]))
    if kind == 3:
        fields += [b"X-%d: 1" % n for n in range(200)]
    if kind == 4:
        length, content = None, b"5\r\nhello\r\n0\r\n\r\n"
        fields.append(b"Transfer-Encoding: chunked")
    if kind == 5:
        fields.append(b"Content-Encoding: gzip")
    if kind == 6:
        length = draw.choice([b"-1", b"0x10", b"5, 5", b"99999999999", b"", b"3000000"])
    if kind == 7:
        fields.append(b"Accept: " + draw.choice([b"text/csv", b"*/*;q=x", b"a" * 5000, b"\xff"]))
    if kind == 8:
        fields.append(b"X-Request-ID: " + draw.choice([b"a" * 5000, b"\xe2\x80\xae", b"<script>"]))
    if kind == 9:
        fields.append(b"Authorization: Bearer " + draw.choice([b"\xff", b"x" * 6000, b""]))
    if kind == 10:
        line = b"POST /" + b"%00%ff../" * draw.randint(1, 300) + b" HTTP/1.1"
    if length is not None:
        fields.append(b"Content-Length: " + length)
    return b"\r\n".join([line, *fields, b"Content-Type: " + media, b"", content])


def requests(seed: int, count: int) -> Iterator[bytes]:
    """So many requests; the same ones for the same seed."""
    draw = random.Random(seed)
    for _ in range(count):
        yield request(draw)
