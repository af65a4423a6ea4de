"""What openapi.yaml says about errors: one decorator for all the problems a route can answer."""

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
