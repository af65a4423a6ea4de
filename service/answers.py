"""From an analysis to a response, in the form that the caller accepts.

`RENDERERS` is the seam for further forms: a media type and a function of an Answer. The first one is the default.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response
from werkzeug.datastructures import MIMEAccept

from models import Analysis, ModelCard, csv_text, record, rows
from service.annotations import page
from service.problems import Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """What a renderer needs: the analysis (already narrowed to what was asked for) and the model it came from."""

    analysis: Analysis
    card: ModelCard


def _encoded(value: Any) -> bytes:
    """JSON in UTF-8, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def as_json(answer: Answer) -> Response:
    """The answer as the contract gives it."""
    return Response(_encoded(record(answer.analysis, answer.card)), mimetype="application/json")


def as_csv(answer: Answer) -> Response:
    """A row a quote, for spreadsheets. Without a byte order mark: programs would read it as part of the first name."""
    return Response(csv_text(rows(answer.analysis)).encode("utf-8"), content_type="text/csv; charset=utf-8; header=present")


def as_json_lines(answer: Answer) -> Response:
    """An attribution a line, as in the JSON answer."""
    lines = [_encoded(own) + b"\n" for own in record(answer.analysis, answer.card)["attributions"]]
    return Response(b"".join(lines), mimetype="application/x-ndjson")


def as_json_ld(answer: Answer) -> Response:
    """W3C Web Annotations."""
    return Response(_encoded(page(answer.analysis.text, record(answer.analysis, answer.card))), mimetype="application/ld+json")


Renderer = Callable[[Answer], Response]

RENDERERS: dict[str, Renderer] = {
    "application/json": as_json,
    "text/csv": as_csv,
    "application/x-ndjson": as_json_lines,
    "application/ld+json": as_json_ld,
}
"""The forms of answer by media type."""


def renderer(accept: MIMEAccept, renderers: Mapping[str, Renderer]) -> Renderer:
    """The form that the caller likes best; the first one where the caller has no wish.

    Raises Problem 406, before any work is done, where none of the forms is accepted.
    """
    offered = list(renderers)
    if not accept:
        return renderers[offered[0]]
    chosen = accept.best_match(offered)
    if chosen is None:
        raise Problem(406, "not-acceptable", f"The header Accept takes none of {', '.join(offered)}; ask for one of them.")
    return renderers[chosen]
