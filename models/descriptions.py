"""Descriptions -> what they name: the one person beside whose name the same words stand, or a fuller description given before.

"The chief justice" is Liivika Tamm where the text has "Chief Justice Liivika Tamm" and no other; "the official" is the
"senior alliance official" of the paragraph before.
"""

import functools
import re
from collections.abc import Sequence

from models import coreference
from models.antecedents import Antecedents
from models.mentions import BODIES, Entity, Mentioned, heads, key_of
from models.names import words
from models.types import Span

_LEADING = re.compile(r"(?:the|this|that|these|those|both|a|an|one|two|three|some|his|her|their|its)\s+", re.I)
_END = re.compile(r"\s(?:who|whose|which|that|of|for|from|in|at|on|with|to|by|and|near|behind)\s|[,(:;]")
_FORMER = frozenset(["former", "ex", "then", "late", "new", "old", "retired", "acting", "same", "outgoing"])
_APPOSED = re.compile(r",\s+(?:an?\s|the\s)?((?:[\w’'-]+\s+){0,5})$")
_INDEFINITE = re.compile(r"(?:an?|one|two|three|four|some|several|many)\s", re.I)


def content_words(description: str) -> list[str]:
    """The words of a description up to its head noun, which is the last: "the defence secretary, who …" -> [defence, secretary]."""
    rest = _LEADING.sub("", description, count=1)
    end = _END.search(rest)
    found = words(rest[: end.start()] if end and end.start() else rest)
    return [part for word in found for part in word.split("-") if part not in _FORMER and part]


def says_more(description: str, short: str) -> bool:
    """Whether a description says more than a shorter one with the same head noun: "a senior US official", "the official"."""
    found, wanted = content_words(description), content_words(short)
    if not found or not wanted or found[-1] != wanted[-1] or not set(wanted) <= set(found):
        return False
    return len(found) > len(wanted) or bool(_INDEFINITE.match(description))


class Descriptions:
    """The descriptions of one text."""

    def __init__(self, text: str, antecedents: Antecedents, entity_of: dict[Span, Entity]) -> None:
        self.text, self.antecedents, self.entity_of = text, antecedents, entity_of
        self.people = {own.span.start: own for own in antecedents.found if own.kind == coreference.PERSON}
        self.ends = {own.span.end: own for own in self.people.values()}

    def holder(self, description: str) -> Mentioned | None:
        """The only person of the text beside whose name the words of a description stand; the mention beside which they do."""
        wanted = content_words(description)
        if not wanted:
            return None
        found: dict[int, Mentioned] = {}
        for at in self.antecedents.candidates.positions.get(wanted[-1], ()):
            mention = self._beside(at, wanted)
            if mention is not None:
                found.setdefault(id(self.entity_of[mention.span]), mention)
        return next(iter(found.values())) if len(found) == 1 else None

    def body(self, description: str) -> Entity | None:
        """The only body of the text whose name holds what a description of one word calls it: the ministry."""
        wanted = content_words(description)
        if len(wanted) != 1 or wanted[0] not in BODIES:
            return None
        found = self._bodies.get(wanted[0], [])
        return found[0] if len(found) == 1 else None

    def earlier(self, description: str, start: int) -> Mentioned | None:
        """The last description before `start` (characters) with the same head noun that says more, or is the first to."""
        wanted = content_words(description)
        if not wanted:
            return None
        for own, found in reversed(self._unnamed.get(wanted[-1], ())):
            if own.span.end <= start and (len(found) > len(wanted) or _INDEFINITE.match(own.name)) and set(wanted) <= set(found):
                return own
        return None

    @functools.cached_property
    def _bodies(self) -> dict[str, list[Entity]]:
        """What bodies may be called alone -> those that may."""
        made: dict[str, list[Entity]] = {}
        for entity in {id(own): own for own in self.entity_of.values() if own.kind == coreference.ORGANIZATION}.values():
            key = key_of(entity.name)
            for word in heads(key) if len(key) > 1 else ():
                made.setdefault(word, []).append(entity)
        return made

    @functools.cached_property
    def _unnamed(self) -> dict[str, list[tuple[Mentioned, list[str]]]]:
        """Head nouns -> the descriptions that have them, in reading order, with their content words."""
        made: dict[str, list[tuple[Mentioned, list[str]]]] = {}
        for own in self.antecedents.found:
            if own.kind == coreference.UNNAMED and (found := content_words(own.name)):
                made.setdefault(found[-1], []).append((own, found))
        return made

    def _beside(self, at: int, wanted: Sequence[str]) -> Mentioned | None:
        """The person whose title, or apposition, the word at a place (characters) ends, if all wanted words stand there."""
        text = self.text
        end = at + len(wanted[-1])
        before = text[max(0, at - 60) : at]
        after = re.match(r",?\s", text[end : end + 2])
        if after and (named := self.people.get(end + after.end())) and set(wanted[:-1]) <= set(words(re.split(r"[.,;:?!\n]", before)[-1])[-len(wanted) :]):
            return named
        apposed = _APPOSED.search(before)
        if apposed and (named := self.ends.get(at - len(before) + apposed.start())) and set(wanted[:-1]) <= set(words(apposed[1])):
            return named
        return None
