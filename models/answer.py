"""An analysis as the JSON record of the contract, in the order it is read; served, printed and archived alike."""

import hashlib
from typing import Any

from models.types import Analysis, Attribution, ModelCard, Span, Speaker

OFFSET_UNIT = "unicode_code_point"


def answer(analysis: Analysis, card: ModelCard) -> dict[str, Any]:
    """The whole record of a text."""
    text = analysis.text
    return {
        "attributions": [attribution(text, own) for own in analysis.attributions],
        "model": {"name": card.name, "version": card.version, "sha256": card.sha256},
        "offset_unit": OFFSET_UNIT,
        "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "warnings": list(analysis.warnings),
    }


def _span(text: str, span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": span.of(text)}


def attribution(text: str, own: Attribution) -> dict[str, Any]:
    """One record."""
    return {
        "id": own.id,
        "quote": {
            "text": " ".join(span.of(text) for span in own.quote.spans),
            "spans": [_span(text, span) for span in own.quote.spans],
            "type": str(own.quote.type),
        },
        "cue": _span(text, own.cue),
        "source": _span(text, own.source),
        "speaker": None if own.speaker is None else _speaker(text, own.speaker),
        "topics": [
            {"topic": about.topic, "confidence": float(about.confidence), "evidence": [_span(text, span) for span in about.evidence]}
            for about in own.topics
        ],
        "negated": bool(own.negated),
        "confidence": float(own.confidence),
    }


def _speaker(text: str, own: Speaker) -> dict[str, Any]:
    return {
        "id": own.id, "name": own.name, "kind": str(own.kind), "role": own.role, "affiliation": own.affiliation,
        "on_behalf_of": own.on_behalf_of, "confidence": float(own.confidence),
        "chain": [_span(text, span) for span in own.chain],
        "alternatives": [{"name": other.name, "confidence": float(other.confidence)} for other in own.alternatives],
    }
