"""Interviews whose turns are labelled Q and A."""

import re

from models.types import Span

_LABEL = re.compile(r"(?:^|[\r\n])[ \t*]*([QA])[.:]\**[ \t]+(?=\S)")


class Labels:
    """The labels of one text; a text that has not both letters has none."""

    def __init__(self, text: str) -> None:
        found = [(own.end(), own[1]) for own in _LABEL.finditer(text)] if "Q" in text else []
        self._at = dict(found) if len({letter for _, letter in found}) == 2 else {}
        self._text = text
        self.begin = min(self._at, default=len(text))

    def of(self, start: int) -> str:
        """Q or A where a turn begins at a character, with or without its label; else nothing."""
        return self._at.get(start) or self._at.get(self.without(Span(start, len(self._text))).start, "")

    def without(self, span: Span) -> Span:
        """A span without the label that it begins with."""
        found = _LABEL.match(self._text, max(0, span.start - 1)) or _LABEL.match(self._text, span.start) if self._at else None
        return Span(found.end(), span.end) if found and span.start < found.end() < span.end else span
