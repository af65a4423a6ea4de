"""The contract as OpenAPI: flask-smorest set up for it, and the finished document in reading order."""

from typing import Any

from flask import Flask

from service import schemas
from service.smorest import Api

ABOUT = """Finds who said what about Russia, Ukraine or spending in any English news text.

Offsets are half-open and count Unicode code points of the text as sent: `text[start:end]` is the span, whatever the
text holds. Errors are `application/problem+json` (RFC 9457) on every route; those that any route can give (404, 405,
500) are not repeated at each one. New members may be added to answers: readers must not refuse them."""


SHAPES = ("Request", "Answer", "Attribution", "Quote", "Span", "Speaker", "Alternative", "Topic", "Model")
"""The shapes in reading order; the others follow."""


class QuotesApi(Api):
    """flask-smorest without its own error handler, which drops headers, and without a default error response."""

    ERROR_SCHEMA = schemas.Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Problems are answered by `problems.install`."""

    def _register_etag_headers(self) -> None:
        """Not used."""

    def _register_pagination_header(self) -> None:
        """Not used; it would put a schema of its own into the contract."""


def api(app: Flask, version: str) -> QuotesApi:
    """Register flask-smorest and the ways to send an API key."""
    app.config |= {"API_TITLE": "Quotes", "API_VERSION": version, "OPENAPI_VERSION": "3.1.0"}
    info = {"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
    made = QuotesApi(app, spec_kwargs={"info": info})
    schemes = made.spec.components.security_scheme
    schemes("bearer", {"type": "http", "scheme": "bearer", "description": "Where API keys are set."})
    schemes("key", {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."})
    return made


def document(made: QuotesApi) -> dict[str, Any]:
    """The finished document, in the order it is read: what it is, routes, then shapes."""
    raw = made.spec.to_dict()
    raw["info"] = _ordered(raw["info"], ("title", "version", "description", "license"))
    for path in raw["paths"].values():
        for method, operation in path.items():
            operation["responses"] = dict(sorted(operation["responses"].items()))
            path[method] = _ordered(operation, ("summary", "description", "tags", "requestBody", "responses"))
    # what the schema's own check refuses, in the words of JSON Schema: no topic at all
    raw["components"]["schemas"]["Request"]["anyOf"] = [
        {"properties": {"topics": {"minItems": 1}}},
        {"properties": {"off_topic": {"const": True}}, "required": ["off_topic"]},
    ]
    raw["paths"]["/attribute"]["post"]["security"] = [{}, {"bearer": []}, {"key": []}]
    raw["components"] = _ordered(raw["components"], ("schemas",))
    raw["components"]["schemas"] = _ordered(raw["components"]["schemas"], SHAPES)
    return _ordered(raw, ("openapi", "info", "tags", "paths", "components"))


def _ordered(members: dict[str, Any], first: tuple[str, ...]) -> dict[str, Any]:
    """The members with those named first, in that order."""
    return {key: members[key] for key in (*first, *(key for key in members if key not in first)) if key in members}
