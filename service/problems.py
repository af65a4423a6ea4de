"""Errors as RFC 9457 problems: raised low with the facts, answered here in one place.

Whatever raises (a route, Flask, Werkzeug, webargs or gunicorn), the answer is `application/problem+json` with type,
title, status, detail and request_id, and for wrong fields `errors` with a JSON pointer each. Nothing of the inside is
shown.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from service.exchange import current

MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("service")


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its JSON pointer (RFC 6901; empty for the whole body) and words."""

    pointer: str
    detail: str


class Problem(Exception):
    """An answer that is not the one asked for. `kind` names it for programs, `detail` tells people what to do."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {kind}")  # never the detail: it may hold a word of the request, and this is logged
        self.status = status
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


KINDS: dict[str, tuple[int, str]] = {
    "not-json": (400, "The body is not JSON in UTF-8"),
    "unauthorized": (401, "An API key is wanted"),
    "not-acceptable": (406, "No such form of answer"),
    "too-slow": (408, "The request came too slowly"),
    "length-required": (411, "The body has no length"),
    "too-large": (413, "The body is too large"),
    "not-json-by-header": (415, "The body is not JSON by its header"),
    "wrong-fields": (422, "Some fields are wrong"),
    "rate": (429, "Too many requests from this client"),
    "gone": (499, "The client has gone"),
    "internal": (500, "The service failed"),
    "full": (503, "The queue is full"),
    "draining": (503, "The service is stopping"),
    "not-ready": (503, "The service is not ready"),
    "deadline": (504, "The answer took too long"),
}
"""Every kind of problem of our own: its status and title. Others are plain HTTP: `about:blank`, titled by their
status."""

PLAIN = {
    400: "The request is not well-formed HTTP.",
    403: "The request is forbidden.",
    404: "Nothing is here; GET /openapi.json lists what is.",
    405: "This method is not taken here; the header Allow lists those that are.",
    414: "The address is too long.",
    417: "The expectation of the header Expect cannot be met; leave it out.",
    431: "The header fields are too large.",
    500: "Something went wrong inside; the request_id finds it in the log.",
    501: "This transfer coding is not known; send the body with Content-Length.",
    505: "This version of HTTP is not known; use HTTP/1.1.",
}


def body(status: int, kind: str, detail: str, identity: str, errors: Iterable[FieldError] = ()) -> dict[str, object]:
    """The members of a problem, in the order they are read."""
    known = KINDS.get(kind)
    members: dict[str, object] = {
        "type": f"urn:quotes:problem:{kind}" if known else "about:blank",
        "title": known[1] if known else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or PLAIN.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase),
        "request_id": identity,
    }
    listed = [{"pointer": error.pointer, "detail": error.detail} for error in errors]
    if listed:
        members["errors"] = listed
    return members


def encoded(members: Mapping[str, object]) -> bytes:
    """A problem as bytes. A detail may quote an odd character, so all but ASCII is escaped."""
    return json.dumps(members).encode("ascii") + b"\n"


def wire(status: int, kind: str, detail: str, identity: str, retry_after: int | None = None) -> bytes:
    """A whole HTTP/1.1 answer, for what is refused before the application sees it.

    With `retry_after`, seconds, the connection is kept for the next try; otherwise it is closed.
    """
    content = encoded(body(status, kind, detail, identity))
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(content)}\r\nX-Request-ID: {identity}\r\n"
        "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
        + ("Connection: close" if retry_after is None else f"Retry-After: {retry_after}\r\nConnection: keep-alive")
        + "\r\n\r\n"
    )
    return head.encode("ascii") + content


def _answer(status: int, kind: str, detail: str, errors: Iterable[FieldError], headers: Mapping[str, str]) -> Response:
    members = body(status, kind, detail, current().request_id, errors)
    response = Response(encoded(members), status, mimetype=MEDIA_TYPE)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def answer(problem: Problem) -> Response:
    """A problem as the response to the request at hand."""
    return _answer(problem.status, problem.kind, problem.detail, problem.errors, problem.headers)


def _on_http(error: HTTPException) -> Response:
    """What Flask and Werkzeug raise, their headers kept (`Allow`, `Retry-After`, `WWW-Authenticate`)."""
    status = error.code or 500
    if 300 <= status < 400:
        redirect = error.get_response(request.environ)
        return Response(redirect.get_data(), status, redirect.headers)
    headers = {name: value for name, value in error.get_headers(request.environ) if name.lower() != "content-type"}
    return _answer(status, "", PLAIN.get(status, ""), (), headers)


def _on_exception(error: Exception) -> Response:
    LOG.error("unhandled", exc_info=error)
    return _answer(500, "internal", PLAIN[500], (), {})


def install(app: Flask) -> None:
    """Answer every error of the application as a problem."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_exception)
