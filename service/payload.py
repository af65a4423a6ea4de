"""A request's body: headers, bytes, UTF-8, JSON, fields, in this order, each refused with its own status.

flask-smorest validates through webargs; `Parser` is webargs with this reading in place of its own, which takes an empty
body for a missing field (422), lets NaN through and answers 422 for a wrong Content-Type.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import marshmallow
from flask import Request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from service.problems import FieldError, Problem

MAX_BODY = 2 * 1024 * 1024
"""Bytes of the longest body taken: 100,000 code points fit, even with each one written as `\\uXXXX\\uXXXX`."""

MOST_ERRORS = 50
"""Field errors told in one answer."""


class Parser(FlaskParser):
    """webargs, with bodies read as above and field errors told with JSON pointers."""

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        """The body as a JSON object; raises Problem 400, 408, 411, 413, 415 or 422."""
        check_headers(req)
        return decode(read(req))

    def handle_error(
        self,
        error: marshmallow.ValidationError,
        req: Request,
        schema: marshmallow.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Raises Problem 422 with every wrong field."""
        messages: Any = error.messages
        known = [field.data_key or name for name, field in schema.fields.items()]
        errors = field_errors(messages.get("json", messages) if isinstance(messages, dict) else messages, known)
        raise Problem(
            422,
            "wrong-fields",
            f"{len(errors)} field{'s are' if len(errors) > 1 else ' is'} wrong; see errors.",
            errors=errors[:MOST_ERRORS],
        )


def check_headers(req: Request) -> None:
    """Refuse by its headers a body that is not JSON in UTF-8, has no length, or is too large. Reads nothing."""
    if not req.is_json:
        sent = "none came" if not req.mimetype else "another one came"
        raise Problem(415, "not-json-by-header", f"Send Content-Type: application/json; {sent}.")
    if req.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, "not-json-by-header", "JSON is sent in UTF-8; leave the charset out.")
    if req.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "not-json-by-header", "Compressed bodies are not taken; send it without Content-Encoding.")
    if "Transfer-Encoding" in req.headers or req.content_length is None:
        raise Problem(411, "length-required", "Send the body with Content-Length, not in chunks.")
    if req.content_length > MAX_BODY:
        raise Problem(
            413,
            "too-large",
            f"The body has {req.content_length:,} bytes; at most {MAX_BODY:,} are taken, send it in parts.",
        )


def read(req: Request) -> bytes:
    """The bytes of the body. Raises Problem 408 where the client stalls (SO_RCVTIMEO), 413, or 400 where it left."""
    try:
        return req.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem(413, "too-large", f"At most {MAX_BODY:,} bytes are taken; send the text in parts.") from None
    except (ClientDisconnected, OSError) as error:
        # Werkzeug makes every error of a read a ClientDisconnected, with the error itself as its context
        if isinstance(error.__context__ or error, BlockingIOError | TimeoutError):
            raise Problem(408, "too-slow", "The body stopped coming; send the request again.") from None
        raise Problem(400, "not-json", "The body ended before its Content-Length.") from None


def decode(content: bytes) -> dict[str, Any]:
    """Bytes as a JSON object. Raises Problem 400 for what is not JSON (RFC 8259), 422 for what is no object.

    A byte order mark is ignored, as RFC 8259 allows. Of a key given twice the last value counts.
    """
    if not content:
        raise Problem(400, "not-json", 'The body is empty; send a JSON object, for example {"text": "…"}.')
    try:
        value = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Problem(400, "not-json", f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    except json.JSONDecodeError as error:
        raise Problem(400, "not-json", f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise Problem(400, "not-json", "The body is nested too deeply; send a flat JSON object.") from None
    except ValueError:
        # Python refuses to read a whole number of more than 4,300 digits
        raise Problem(400, "not-json", "A number in the body cannot be read; NaN, Infinity and endless digits are not JSON.") from None
    if not isinstance(value, dict):
        raise Problem(
            422,
            "wrong-fields",
            "The body is JSON but not an object.",
            errors=[FieldError("", 'send a JSON object, for example {"text": "…"}')],
        )
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def field_errors(messages: Any, known: list[str], pointer: str = "") -> list[FieldError]:
    """Nested messages of marshmallow messages as a flat list with JSON pointers."""
    if isinstance(messages, Mapping):
        found = []
        for key, inner in messages.items():
            if key == "_schema":
                found += field_errors(inner, known, pointer)
            else:
                found += field_errors(inner, known, f"{pointer}/{_token(str(key))}")
        return found
    listed = messages if isinstance(messages, list) else [messages]
    unknown = f"this field is not known; leave it out (known: {', '.join(known)})"
    return [FieldError(pointer, unknown if text == "Unknown field." else str(text)) for text in listed]


def _token(key: str) -> str:
    """One step of a JSON pointer (RFC 6901), at most 100 characters of it."""
    return key[:100].replace("~", "~0").replace("/", "~1")
