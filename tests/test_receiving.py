"""When a request has come whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.receiving import MAX_HEAD, Incoming, State

HEAD = b"POST /attribute HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"


def fed(content: bytes, max_body: int = 100) -> tuple[State, Incoming]:
    incoming = Incoming(max_body)
    return incoming.feed(content), incoming


def test_the_drawn_example() -> None:
    for cut in range(len(HEAD) + 5):
        assert fed((HEAD + b"hello")[:cut])[0] is State.PART
    state, incoming = fed(HEAD + b"hello")
    assert state is State.WHOLE
    assert incoming.whole_body


@given(st.lists(st.integers(1, 30), max_size=20))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts: list[int]) -> None:
    content, incoming, at, states = HEAD + b"hello", Incoming(100), 0, []
    for cut in [*cuts, len(content)]:
        if at < len(content):
            states.append(incoming.feed(content[at : at + cut]))
            at += cut
    assert states.count(State.WHOLE) == 1
    assert states[-1] is State.WHOLE


@pytest.mark.parametrize(
    ("fields", "state", "whole_body"),
    [
        (b"", State.WHOLE, True),
        (b"content-length:  5 \r\n", State.PART, True),
        (b"Content-Length: 0\r\n", State.WHOLE, True),
        (b"Content-Length: 101\r\n", State.WHOLE, False),
        (b"Content-Length: 99999999999999999999\r\n", State.WHOLE, False),
        (b"Content-Length: -1\r\n", State.WHOLE, False),
        (b"Content-Length: five\r\n", State.WHOLE, False),
        (b"Content-Length:\r\n", State.WHOLE, False),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", State.WHOLE, False),
        (b"Transfer-Encoding: chunked\r\n", State.WHOLE, False),
        (b"Content-Length: 5\r\ntransfer-encoding: chunked\r\n", State.WHOLE, False),
        (b"X-Content-Length: 5\r\n", State.WHOLE, True),
    ],
)
def test_lengths(fields: bytes, state: State, whole_body: bool) -> None:
    found, incoming = fed(b"POST / HTTP/1.1\r\n" + fields + b"\r\n")
    assert found is state
    assert incoming.whole_body is whole_body


def test_who_waits_to_be_told_to_go_on_is_told() -> None:
    assert fed(HEAD[:-2] + b"Expect: 100-continue\r\n\r\n")[1].wants_continue
    assert not fed(HEAD)[1].wants_continue
    too_long = b"POST / HTTP/1.1\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n"
    assert not fed(too_long)[1].wants_continue


def test_an_endless_head_is_refused() -> None:
    incoming = Incoming(100)
    assert incoming.feed(b"GET / HTTP/1.1\r\nX: " + b"x" * MAX_HEAD) is State.HEAD_TOO_LARGE
    assert fed(b"GET / HTTP/1.1\r\nX: " + b"x" * MAX_HEAD + b"\r\n\r\n")[0] is State.HEAD_TOO_LARGE


def test_a_request_behind_another_does_not_make_it_wait() -> None:
    assert fed(HEAD + b"helloGET / HT")[0] is State.WHOLE


def test_one_plain_request_is_told_from_others() -> None:
    plain = HEAD[:-2] + b"X-Request-ID: desk-7\r\n\r\nhello"
    assert fed(plain)[1].plain
    assert fed(plain)[1].identity == "desk-7"
    assert fed(HEAD + b"X-Request-ID: body")[1].identity is None
    for other in (
        plain + b"G",
        plain.replace(b"POST", b"PUT"),
        plain.replace(b"HTTP/1.1", b"HTTP/1.0"),
        plain.replace(b"/attribute", b"/attribute?x=1"),
        plain.replace(b"Host: x", b"Connection: Close"),
        plain.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked"),
    ):
        assert not fed(other)[1].plain, other
    assert fed(plain.replace(b"desk-7", b"desk 7"))[1].identity is None
