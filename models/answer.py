"""An analysis as the JSON record of the contract and as CSV rows; served, printed and archived alike."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.types import Analysis, Attribution, ModelCard, Span, Speaker

OFFSET_UNIT = "unicode_code_point"

COLUMNS = (
    "id", "speaker", "kind", "role", "affiliation", "on_behalf_of", "quote", "type", "negated", "topics", "confidence",
    "source", "cue", "spans",
)
"""The columns of `rows`, as a reader wants them: who, what, how sure, where. `topics` are joined by "; ", `spans` are
`start-end` joined by "; "."""

FORMULA = re.compile(r"[ \u00a0\t\r\n]*[=+\-@＝＋－＠]|[\t\r\n]")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection), the full-width signs included, and spaces that
it skips. The review page has the same one."""


def record(analysis: Analysis, card: ModelCard) -> dict[str, Any]:
    """The whole record of a text, in the order it is read."""
    text = analysis.text
    return {
        "attributions": [_attribution(text, own) for own in analysis.attributions],
        "model": identity(card),
        "offset_unit": OFFSET_UNIT,
        "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "warnings": list(analysis.warnings),
    }


def identity(card: ModelCard) -> dict[str, str]:
    """Which model answered."""
    return {"name": card.name, "version": card.version, "sha256": card.sha256}


def _span(text: str, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def _attribution(text: str, own: Attribution) -> dict[str, Any]:
    return {
        "id": own.id,
        "quote": {
            "text": " ".join(span.of(text) for span in own.quote.spans),
            "spans": [_span(text, span) for span in own.quote.spans],
            "type": str(own.quote.type),
        },
        "cue": None if own.cue is None else _span(text, own.cue),
        "source": None if own.source is None else _span(text, own.source),
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


def rows(analysis: Analysis) -> list[dict[str, str]]:
    """One row a quote, by column; a cell is empty where there is nothing to tell."""
    text = analysis.text
    made = []
    for own in analysis.attributions:
        who = own.speaker
        made.append(
            {
                "id": own.id,
                "speaker": who.name if who else "",
                "kind": str(who.kind) if who else "",
                "role": who.role or "" if who else "",
                "affiliation": who.affiliation or "" if who else "",
                "on_behalf_of": who.on_behalf_of or "" if who else "",
                "quote": " ".join(span.of(text) for span in own.quote.spans),
                "type": str(own.quote.type),
                "negated": str(bool(own.negated)).lower(),
                "topics": "; ".join(about.topic for about in own.topics),
                "confidence": f"{own.confidence:.4f}",
                "source": own.source.of(text) if own.source else "",
                "cue": own.cue.of(text) if own.cue else "",
                "spans": "; ".join(f"{span.start}-{span.end}" for span in own.quote.spans),
            }
        )
    return made


def csv_text(table: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS, *, header: bool = True) -> str:
    """Rows as CSV (RFC 4180: commas, CRLF), safe to open in a spreadsheet; `columns` in their order."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    if header:
        writer.writerow(columns)
    writer.writerows([_safe(row[column]) for column in columns] for row in table)
    return written.getvalue()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what would start a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell
