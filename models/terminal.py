"""An analysis in words for a terminal or a pipe."""

import re
from collections.abc import Callable

from models.types import Analysis, Attribution

HUES = (36, 33, 32, 35, 34, 31)
"""Colours of speakers (ANSI); a terminal's theme makes them readable on its own ground."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Signs that move the cursor, colour or turn round what stands after them: an article must not steer the terminal."""

Paint = Callable[[str, int], str]


def coloured(words: str, code: int) -> str:
    """Words in a colour or a weight (ANSI SGR)."""
    return f"\x1b[{code}m{words}\x1b[0m"


def plain(words: str, code: int) -> str:
    """Words as they are."""
    return words


def show(analysis: Analysis, paint: Paint = plain) -> str:
    """A quote a paragraph: who, about what, how sure; then the words. Warnings last."""
    hues: dict[str, int] = {}
    made = []
    for own in analysis.attributions:
        hue = hues.setdefault(own.speaker.id, HUES[len(hues) % len(HUES)]) if own.speaker else 0
        made.append(f"{_who(own, paint, hue)} — {_about(own, paint)}\n    {_words(analysis.text, own)}")
    return "\n".join([*made, *(paint(f"! {warning}", 33) for warning in analysis.warnings)])


def _who(own: Attribution, paint: Paint, hue: int) -> str:
    who = paint(_clean(own.speaker.name), hue) if own.speaker else "(nobody named)"
    role = f", {_clean(own.speaker.role)}" if own.speaker and own.speaker.role else ""
    return who + role + (paint(" (denied)", 31) if own.negated else "")


def _about(own: Attribution, paint: Paint) -> str:
    topics = ", ".join(f"{about.topic} {about.confidence:.2f}" for about in own.topics) or "none of the topics"
    return f"{paint(topics, 1)} — {paint(f'{own.quote.type}, {own.confidence:.2f}', 2)}"


def _words(text: str, own: Attribution) -> str:
    return " […] ".join(_clean(span.of(text)) for span in own.quote.spans)


def _clean(words: str) -> str:
    return CONTROL.sub(" ", words)
