"""What stands next to a name: the office before it, the aside after it, and on whose behalf somebody speaks."""

import re
from dataclasses import dataclass

from models.names import HONORIFICS, is_title
from models.types import Span

_BEFORE = re.compile(r"((?:(?:[A-ZÀ-Þ][\w'’-]*|[a-z]+(?:-[a-z]+)?|of|for|and|the|&)[ \u00a0]){1,8})$")
_AFTER = re.compile(r"^,\s+((?:(?!\b(?:said|says|told|who)\b)[^,.;:“”\"\n]){3,90})(?=[,.;“\"]|$)")
_AT = re.compile(r"\b(?:of|for|at|from|with|in)\s+(?:the\s+)?(.+)$")
_FOR = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|aides?|lawyers?|solicitors?|attorneys?|representatives?|agents?|press secretary|press office|advis[eo]rs?)\s+"
    r"(?:for|of|to)\s+(?:the\s+)?([^,]+?)(?=,|\s+(?:who|that|said)\b|$)"
)
_OWN = re.compile(r"^(.+?)['’]s?\s+(?:\w+\s+){0,2}(?:spokes(?:man|woman|person)|lawyer|solicitor|attorney|aide|press secretary|press office|office)\b")
_NOUN = re.compile(r"^(?:an?|the)\s+(.+?)\s+spokes(?:man|woman|person)\b", re.I)


# Words before a title that do not belong to it.
_STOP = frozenset(
    ["the", "a", "an", "his", "her", "their", "its", "our", "my", "this", "that", "which", "who", "when", "while", "where", "as", "by", "from", "to", "with", "on", "in", "at", "than", "if", "but", "and", "or", "told", "said", "says", "asked", "after", "before", "because", "since", "is", "was", "were", "are", "be", "been", "has", "had", "have", "met", "called", "quoted", "against", "between", "about", "over", "mr", "mrs", "ms", "dr"]
)


@dataclass(frozen=True, slots=True)
class Described:
    """A role ("foreign minister") and an affiliation ("the grid operator"), each as written or None."""

    role: str | None
    affiliation: str | None


def describe(text: str, name: Span) -> Described:
    """Role and affiliation of the name at a span, read from the words around it."""
    role = affiliation = None
    line = text.rfind("\n", 0, name.start) + 1
    before = re.split(r"[,.;:“”\"—–(]\s*", text[max(line, name.start - 100) : name.start])[-1]
    match = _BEFORE.search(before)
    if match:
        tokens = match[1].split()
        title = max((i for i, word in enumerate(tokens) if is_title(word) and word.rstrip(".").casefold() not in HONORIFICS), default=-1)
        if title == len(tokens) - 1:
            first = title
            while first > 0 and tokens[first - 1].casefold() not in _STOP and title - first < 5:
                first -= 1
            while tokens[first] in ("of", "for", "and", "&"):
                first += 1
            role = " ".join(tokens[first:])
    after = _AFTER.match(text[name.end : name.end + 110])
    if after:
        words = after[1].strip()
        plain = re.sub(r"^(?:the|a|an|its|their|his|her)\s+", "", words)
        if any(is_title(word.strip("'’s")) for word in re.split(r"[\s-]+", plain)) and not re.match(r"\d+$", plain):
            at = _AT.search(plain)
            role = role or plain
            affiliation = at[1].strip() if at else None
    return Described(role, affiliation)


def principal(source: str) -> str | None:
    """On whose behalf an unnamed or named spokesperson speaks, in the source's words; None for anybody else."""
    for pattern in (_FOR, _OWN, _NOUN):
        match = pattern.search(source)
        if match:
            return match[1].strip()
    return None
