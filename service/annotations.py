"""The answer as linked data: a page of W3C Web Annotations, each quote a schema.org Quotation.

An annotation's targets are the spans of one quote, each found by its position (code points, as everywhere) and by its
words with those around it, so that it is still found where the text has moved. Terms with `schema:` are schema.org's;
those with `quotes:` are this service's own, since neither vocabulary knows a probability or a denial.
"""

import base64
import uuid
from collections.abc import Mapping
from typing import Any

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"quotes": "urn:quotes:term:"}]
"""The first one defines the terms without a prefix, and the prefix `schema`."""

AROUND = 32
"""Code points of the text before and after a span that go with it."""

TYPES = {"person": "Person", "anonymous": "Person", "author": "Person", "organization": "Organization", "group": "Organization"}
"""The speaker's kind as a type of schema.org; others are a Thing. It has no type for several people."""

CREATORS = frozenset({"author", "document"})
"""Kinds that made the words rather than being reported to have spoken them: `creator`, not `spokenByCharacter`."""


def page(text: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The annotations of one text, from its record as the contract gives it."""
    source = _source(record["text_sha256"])
    made = [_annotation(text, source, record["model"], own) for own in record["attributions"]]
    identity = _identity(source, record["model"]["sha256"])
    return {
        "@context": CONTEXT,
        "id": f"{identity}#page",
        "type": "AnnotationPage",
        "partOf": {"id": identity, "type": "AnnotationCollection", "total": len(made)},
        "startIndex": 0,
        "items": made,
        **({"quotes:warning": record["warnings"]} if record["warnings"] else {}),
    }


def _source(sha256: str) -> str:
    """The text's own name (RFC 6920): nobody knows where it is published."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).rstrip(b"=").decode("ascii")


def _identity(*parts: str) -> str:
    """The same name whenever the same model reads the same text."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts)).urn


def _annotation(text: str, source: str, model: Mapping[str, str], own: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": _identity(source, model["sha256"], own["id"]),
        "type": "Annotation",
        "motivation": "identifying",
        "generator": {"type": "Software", "name": model["name"], "schema:softwareVersion": model["version"]},
        "body": _quotation(own),
        "target": [_target(text, source, span) for span in own["quote"]["spans"]],
    }


def _target(text: str, source: str, span: Mapping[str, Any]) -> dict[str, Any]:
    start, end = span["start"], span["end"]
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": span["text"],
                "prefix": text[max(0, start - AROUND) : start],
                "suffix": text[end : end + AROUND],
            },
        ],
    }


def _quotation(own: Mapping[str, Any]) -> dict[str, Any]:
    speaker = own["speaker"]
    said: dict[str, Any] = {
        "type": "schema:Quotation",
        "schema:text": own["quote"]["text"],
        "quotes:type": own["quote"]["type"],
        "quotes:negated": own["negated"],
        "quotes:confidence": own["confidence"],
        "schema:about": [{"type": "schema:Thing", "schema:name": about["topic"]} for about in own["topics"]],
    }
    if speaker is not None:
        said["schema:creator" if speaker["kind"] in CREATORS else "schema:spokenByCharacter"] = _speaker(speaker)
    return said


def _speaker(speaker: Mapping[str, Any]) -> dict[str, Any]:
    kind = "CreativeWork" if speaker["kind"] == "document" else TYPES.get(speaker["kind"], "Thing")
    more = {"schema:jobTitle": speaker["role"], "schema:affiliation": speaker["affiliation"], "quotes:onBehalfOf": speaker["on_behalf_of"]}
    return {
        "type": f"schema:{kind}",
        "schema:name": speaker["name"],
        "quotes:kind": speaker["kind"],
        **{name: value for name, value in more.items() if value is not None},
    }
