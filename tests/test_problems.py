"""Every error of the contract, as a problem."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service import problems, schemas
from service.payload import MAX_BODY, MOST_ERRORS
from tests.conftest import ARTICLE, Make
from tests.double import Double


def told(answer: Any, status: int) -> dict[str, Any]:
    """The problem in an answer, its form checked."""
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    problem: dict[str, Any] = answer.get_json()
    members = ["type", "title", "status", "detail", "request_id"]
    assert list(problem) in (members, [*members, "errors"])
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["title"]
    assert problem["detail"]
    schemas.Problem().load(problem)
    return problem


def send(client: FlaskClient, body: bytes | str, kind: str = "application/json", **headers: str) -> Any:
    length = {} if body else {"CONTENT_LENGTH": "0"}  # which Werkzeug's client leaves out
    return client.post("/attribute", data=body, content_type=kind, headers=headers, environ_overrides=length)


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b'{"text": "a"',
        b"text",
        b'{"text": "\xff"}',
        '{"text": "ä"}'.encode("latin-1"),
        '{"text": "a"}'.encode("utf-16"),
        b'{"text": "a", "min_confidence": NaN}',
        b'{"text": "a", "min_confidence": -Infinity}',
        b'{"text": "a", "min_confidence": ' + b"9" * 5000 + b"}",
        b'{"text": "a\nb"}',
        b"{'text': 'a'}",
        b'{"text": "a",}',
        DEEP.encode(),
        b'{"text": ' + DEEP.encode(),
    ],
)
def test_400_not_json_or_not_utf_8(client: FlaskClient, body: bytes) -> None:
    assert told(send(client, body), 400)["type"] == "urn:quotes:problem:not-json"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=latin-1"],
)
def test_415_not_json_by_its_header(client: FlaskClient, kind: str) -> None:
    told(send(client, json.dumps({"text": "a"}), kind), 415)


def test_415_compressed(client: FlaskClient) -> None:
    told(send(client, b"\x1f\x8b", **{"Content-Encoding": "gzip"}), 415)


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=UTF-8", "application/vnd.desk+json"])
def test_what_is_json_by_its_header_is_taken(client: FlaskClient, kind: str) -> None:
    assert send(client, json.dumps({"text": "a"}), kind).status_code == 200


def test_a_byte_order_mark_and_a_key_given_twice_do_no_harm(client: FlaskClient) -> None:
    assert send(client, b'\xef\xbb\xbf{"text": "a"}').status_code == 200
    assert send(client, b'{"text": 1, "text": "a"}').status_code == 200


def test_411_no_length(app: Flask) -> None:
    answer = app.test_client().post("/attribute", content_type="application/json", environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"})
    told(answer, 411)


def test_413_too_large_and_no_larger(client: FlaskClient) -> None:
    told(send(client, b" " * (MAX_BODY + 1)), 413)
    told(send(client, b" " * MAX_BODY), 400)


class Stalled:
    """A body that stops coming, as SO_RCVTIMEO makes it."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def read(self, size: int = -1) -> bytes:
        raise self.error

    readline = read

    def __iter__(self) -> Iterator[bytes]:
        raise self.error


@pytest.mark.parametrize(("error", "status"), [(BlockingIOError, 408), (TimeoutError, 408), (ConnectionResetError, 400)])
def test_408_a_body_that_stops_coming(client: FlaskClient, error: type[Exception], status: int) -> None:
    answer = client.post(
        "/attribute",
        content_type="application/json",
        environ_overrides={"wsgi.input": Stalled(error), "CONTENT_LENGTH": "10"},
    )
    told(answer, status)


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({}, "/text", "the field is missing"),
        ({"text": None}, "/text", "null came"),
        ({"text": 1}, "/text", "a number came; send the article as a string"),
        ({"text": True}, "/text", "a boolean came"),
        ({"text": ["a"]}, "/text", "an array came"),
        ({"text": {}}, "/text", "an object came"),
        ({"text": ""}, "/text", "empty or blank"),
        ({"text": " \n\u00a0\u2003"}, "/text", "empty or blank"),
        ({"text": "a" * 100_001}, "/text", "the text has 100,001 characters; at most 100,000 are taken"),
        ({"text": "ab\0"}, "/text", "a NUL (U+0000) stands at offset 2"),
        ({"text": "a\ud800"}, "/text", "a lone surrogate (U+D800) stands at offset 1"),
        ({"text": "a", "topics": []}, "/topics", "no topic at all"),
        ({"text": "a", "topics": [], "off_topic": False}, "/topics", "no topic at all"),
        ({"text": "a", "topics": None}, "/topics", "null came"),
        ({"text": "a", "topics": "russia"}, "/topics", "a string came"),
        (
            {"text": "a", "topics": ["russia", "china"]},
            "/topics/1",
            "send an array of some of russia, ukraine, spending",
        ),
        ({"text": "a", "topics": ["Russia"]}, "/topics/0", "this topic is not known"),
        ({"text": "a", "topics": [1]}, "/topics/0", "a number came"),
        ({"text": "a", "off_topic": "true"}, "/off_topic", "a string came; send true or false"),
        ({"text": "a", "off_topic": 1}, "/off_topic", "a number came"),
        ({"text": "a", "off_topic": None}, "/off_topic", "null came"),
        ({"text": "a", "min_confidence": True}, "/min_confidence", "a boolean came"),
        ({"text": "a", "min_confidence": "0.5"}, "/min_confidence", "a string came"),
        ({"text": "a", "min_confidence": -0.001}, "/min_confidence", "not from 0 to 1"),
        ({"text": "a", "min_confidence": 1.001}, "/min_confidence", "not from 0 to 1"),
        ({"text": "a", "min_confidence": None}, "/min_confidence", "null came"),
        ({"text": "a", "Text": "b"}, "/Text", "this field is not known; leave it out (known: text, topics,"),
        ({"text": "a", "a/b~c": 1}, "/a~1b~0c", "this field is not known"),
        ({"text": "a", "_schema": 1}, "", "this field is not known"),
    ],
)
def test_422_a_field_is_wrong(client: FlaskClient, body: dict[str, Any], pointer: str, words: str) -> None:
    problem = told(send(client, json.dumps(body)), 422)
    (error,) = problem["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]


def test_422_a_number_too_large_for_a_float(client: FlaskClient) -> None:
    told(send(client, '{"text": "a", "min_confidence": 1e999}'), 422)
    told(send(client, '{"text": "a", "min_confidence": ' + "9" * 400 + "}"), 422)


def test_422_every_wrong_field_at_once(client: FlaskClient) -> None:
    problem = told(send(client, json.dumps({"text": "", "off_topic": 0, "min_confidence": 2, "x": 1})), 422)
    assert {error["pointer"] for error in problem["errors"]} == {"/text", "/off_topic", "/min_confidence", "/x"}


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "true"])
def test_422_json_but_no_object(client: FlaskClient, body: str) -> None:
    assert told(send(client, body), 422)["errors"][0]["pointer"] == ""


def test_a_thousand_unknown_fields_do_not_make_a_thousand_errors(client: FlaskClient) -> None:
    body = {"text": "a", **{f"field{n}": n for n in range(1000)}}
    assert len(told(send(client, json.dumps(body)), 422)["errors"]) == MOST_ERRORS


def test_404_without_an_echo_of_the_path(client: FlaskClient) -> None:
    assert "secret" not in json.dumps(told(client.get("/secret"), 404))


def test_405_keeps_allow(client: FlaskClient) -> None:
    answer = client.get("/attribute")
    told(answer, 405)
    assert set(re.split(", *", answer.headers["Allow"])) == {"POST", "OPTIONS"}


def test_500_shows_nothing_of_the_inside(make: Make) -> None:
    def broken(windows: object) -> None:
        if len(double.batches) > warm:
            raise RuntimeError("a secret of the inside")

    double, warm = Double(), 10**9  # no batch fails during the warm-up
    client = make(double).test_client()
    warm = len(double.batches)
    double.before = broken
    answer = client.post("/attribute", json={"text": ARTICLE})
    assert "secret" not in json.dumps(told(answer, 500))
    double.before = lambda windows: None
    assert client.post("/attribute", json={"text": ARTICLE}).status_code == 200


def test_500_in_assembling(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double()
    client = make(double).test_client()
    monkeypatch.setattr(double, "assemble", lambda document, encoded: 1 / 0)
    told(client.post("/attribute", json={"text": ARTICLE}), 500)


def test_a_text_the_tokenizer_cannot_bear_is_422(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    double = Double()
    client = make(double).test_client()

    def refuse(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(double, "read", refuse)
    assert told(client.post("/attribute", json={"text": ARTICLE}), 422)["errors"][0]["pointer"] == "/text"


def test_a_problem_on_the_wire_is_a_whole_answer() -> None:
    head, _, content = problems.wire(408, "too-slow", "Send it again.", "id1").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert f"Content-Length: {len(content)}".encode() in head
    assert json.loads(content)["request_id"] == "id1"


def test_every_kind_has_a_title_and_a_fitting_status() -> None:
    assert all(400 <= status < 600 and title for status, title in problems.KINDS.values())
