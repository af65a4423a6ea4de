"""What openapi.yaml says about errors and about forms of answer that no schema describes.

One decorator is for all the problems that a route can answer.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from service.problems import MEDIA_TYPE
from service.schemas import Problem
from service.smorest import Blueprint

View = TypeVar("View", bound=Callable[..., Any])

DESCRIPTIONS = {
    400: "The body is not JSON, or not UTF-8.",
    401: "API keys are set and none of them came.",
    406: "None of the forms of answer is accepted.",
    408: "The client was too slow to send.",
    411: "The body came without Content-Length.",
    413: "The body is over 2 MiB.",
    415: "The body is not JSON by its header.",
    422: "A field is wrong; `errors` lists each one.",
    429: "The client is over its rate.",
    500: "The service failed.",
    503: "Full, stopping or not ready; `Retry-After` says when to come again.",
    504: "The deadline passed.",
}
RETRY_AFTER = {"Retry-After": {"description": "Seconds until it makes sense to try again.", "schema": {"type": "integer"}}}
HEADERS = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}

FORMS = {
    "text/csv": {
        "schema": {
            "type": "string",
            "description": "One row a quote (RFC 4180, UTF-8); the first row names the columns. A cell that a spreadsheet would run "
            "begins with an apostrophe.",
        },
    },
    "application/x-ndjson": {"schema": {"type": "string", "description": "One Attribution a line, in JSON."}},
    "application/ld+json": {
        "schema": {
            "type": "object",
            "description": "An AnnotationPage of W3C Web Annotations: targets with TextPositionSelector and TextQuoteSelector, "
            "bodies that are schema.org Quotations.",
        },
    },
}
"""What the answer is where the header Accept asks for another form than JSON."""


def problems(blueprint: Blueprint, *statuses: int) -> Callable[[View], View]:
    """Document these statuses as RFC 9457 problems."""

    def decorate(view: View) -> View:
        for status in reversed(statuses):
            view = blueprint.alt_response(
                status,
                schema=Problem,
                content_type=MEDIA_TYPE,
                description=DESCRIPTIONS[status],
                headers=HEADERS.get(status),
            )(view)
        return view

    return decorate
