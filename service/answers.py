"""From an analysis to a response, in the form that the caller accepts.

`RENDERERS` is the seam for further forms: a media type and a function of an Answer. The first one is the default.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.datastructures import MIMEAccept

from service.problems import Problem

if TYPE_CHECKING:
    from models import Analysis, Attribution, ModelCard, Span, Speaker

OFFSET_UNIT = "unicode_code_point"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a renderer needs: the analysis (already narrowed to what was asked for) and the model it came from."""

    analysis: "Analysis"
    card: "ModelCard"

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text as sent, in UTF-8."""
        return hashlib.sha256(self.analysis.text.encode("utf-8")).hexdigest()


def record(answer: Answer) -> dict[str, Any]:
    """The answer as the contract gives it, in the order it is read."""
    text = answer.analysis.text
    return {
        "attributions": [_attribution(text, attribution) for attribution in answer.analysis.attributions],
        "model": model(answer.card),
        "offset_unit": OFFSET_UNIT,
        "text_sha256": answer.text_sha256,
        "warnings": list(answer.analysis.warnings),
    }


def model(card: "ModelCard") -> dict[str, str]:
    """Which model answered."""
    return {"name": card.name, "version": card.version, "sha256": card.sha256}


def _span(text: str, span: "Span") -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def _maybe(text: str, span: "Span | None") -> dict[str, Any] | None:
    return None if span is None else _span(text, span)


def _attribution(text: str, attribution: "Attribution") -> dict[str, Any]:
    spans = [_span(text, span) for span in attribution.quote.spans]
    return {
        "id": attribution.id,
        "quote": {
            "text": " ".join(span["text"] for span in spans),
            "spans": spans,
            "type": str(attribution.quote.type),
        },
        "cue": _maybe(text, attribution.cue),
        "source": _maybe(text, attribution.source),
        "speaker": None if attribution.speaker is None else _speaker(text, attribution.speaker),
        "topics": [
            {
                "topic": topic.topic,
                "confidence": float(topic.confidence),
                "evidence": [_span(text, span) for span in topic.evidence],
            }
            for topic in attribution.topics
        ],
        "negated": bool(attribution.negated),
        "confidence": float(attribution.confidence),
    }


def _speaker(text: str, speaker: "Speaker") -> dict[str, Any]:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "kind": str(speaker.kind),
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "on_behalf_of": speaker.on_behalf_of,
        "confidence": float(speaker.confidence),
        "chain": [_span(text, span) for span in speaker.chain],
        "alternatives": [{"name": other.name, "confidence": float(other.confidence)} for other in speaker.alternatives],
    }


def as_json(answer: Answer) -> Response:
    """The answer in JSON, UTF-8."""
    content = json.dumps(record(answer), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Response(content, mimetype="application/json")


Renderer = Callable[[Answer], Response]

RENDERERS: dict[str, Renderer] = {"application/json": as_json}
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
