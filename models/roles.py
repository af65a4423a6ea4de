"""What stands next to a name: the office before it, the aside after it, and on whose behalf somebody speaks."""

import re
from dataclasses import dataclass

from models.names import HONORIFICS, RANKS, fold, is_title
from models.types import Span

_SEGMENT = re.compile(r"[,.;:!?“”\"—–(\n]\s*|\s-\s")
_WORD = r"[\w’'&-]+"
_APPOSED_TO = re.compile(rf"\b((?:the|an?|his|her|its|their|our|my|{_WORD}['’]s)\s+(?:{_WORD}\s)*{_WORD}),\s$", re.I)  # the mayor, NAME
_RANKED = re.compile(rf"(?:^|[.?!”\"’',]\s+)((?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|{_WORD}['’]s)\s+(?:{_WORD}\s){{0,5}}{_WORD}),\s((?:[A-Z][\w.-]+\s){{1,3}})$")  # the mayor, Captain NAME
_TITLE = re.compile(rf"((?:(?:{_WORD})[ \u00a0]){{1,8}})$")  # Foreign Minister NAME
_NO_CLAUSE = r"(?!(?:said|says|told|who|whose|which|that|and)\b)"
# Every word is followed by one space that must be there: no two ways to read the same words, so no search without end.
_ASIDE = re.compile(rf",\s+(?:(?:aged\s)?\d{{1,3}},\s+)?(?:now\s)?((?:an?|the|his|her|its|their)\s)?({_NO_CLAUSE}{_WORD}(?:\s{_NO_CLAUSE}{_WORD}){{0,13}})(?=[,.;:“”\"]|\swho\b|$)")
_PLACED = re.compile(r"^(.+?)\s(at|from|with|in|for|of)\s(?:the\s)?(.+)$")
_OWNED = re.compile(r"(?:the\s)?([A-ZÀ-Þ].*?)['’]s?\s(.+)$")
_LEADING = re.compile(r"^(?:the|an?|his|her|its|their|our|my)\s+", re.I)
_NOUN_ENDING = re.compile(r"(?:er|or|ist|ian|man|woman|person|ent|ant|ess|eer|ary|ive|geon|ogue|nurse|judge|chef|priest|clerk|widow|coach|captain|baker|mate)$")
_VERB_ENDING = re.compile(r"(?:ed|ing|[^s]s)$")
# Heads of a firm or body: what follows "of" is their affiliation and not a part of their office.
_OF_BODIES = frozenset(["executive", "director", "chairman", "chairwoman", "chair", "founder", "co-founder", "owner", "editor", "analyst", "professor", "economist", "spokesman", "spokeswoman", "spokesperson", "head", "manager"])
_SHORT = re.compile(r"(?:^|[\s(“\"—–])((?:Sen|Rep|Gov|Prof|Cllr|Amb|Dep)\.?|Professor|Councillor)\s$")
_NAMED = r"[A-ZÀ-Þ][\w&-]*(?!['’\w])"
# "of Missouri" and "from Tulsa" say where, "of Banca Ponente" and "at Danske" with whom.
_OF_BODY = re.compile(rf"\s(?:(?:at|with)\s(?:the\s)?(?={_NAMED})|(?:of|from)\s(?:the\s)?(?={_NAMED}\s(?:(?:of|for)\s(?:the\s)?)?{_NAMED}))({_NAMED}(?:\s(?:(?:of|and|for|&)\s(?:the\s)?)?{_NAMED})*)")
_FOR = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|aides?|lawyers?|solicitors?|barristers?|attorneys?|publicists?|representatives?|agents?|press secretary|press office|advis[eo]rs?)\s+"
    r"(?:for|of|to|from)\s+(?:the\s+)?([^,]+?)(?=,|\s+(?:who|that|said)\b|$)"
)
_OWN = re.compile(r"^(?:(.+?)['’]s?|(his|her|its|their|my|our))\s+(?:(?!former)\w+\s+){0,2}(?:spokes(?:man|woman|person)|lawyer|solicitor|barrister|attorney|publicist|aide|press secretary)\b", re.I)
_NOUN = re.compile(r"^(?:(?:an?|the)\s+(.+?)|([A-Z](?:(?!['’]s\s)[^,])*?))\s+(?:(?:chief|deputy|senior|national security)\s+)*(?:spokes(?:man|woman|person)|press secretary)\b", re.I)
_ADJECTIVE = re.compile(r"(?!Kremlin$)[A-Z]\w+(?:[iae]n|ish|ese|ch|tch|al)$")  # of a nationality, or "Presidential"


# Words before a title that do not belong to it.
_STOP = frozenset(
    ["the", "a", "an", "his", "her", "their", "its", "our", "my", "this", "that", "which", "who", "when", "while", "where", "as", "by", "from", "to", "with", "on", "in", "at", "than", "if", "but", "and", "or", "told", "said", "says", "asked", "after", "before", "because", "since", "is", "was", "were", "are", "be", "been", "has", "had", "have", "met", "called", "quoted", "against", "between", "about", "over", "mr", "mrs", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today", "however", "never", "ever", "later", "earlier", "then", "meanwhile", "alongside", "september", "october", "november", "december", "there", "here", "so", "not", "also", "like", "another", "other", "either", "neither", "rather", "whether", "under", "near", "until", "moment", "present", "recent", "went", "sent", "spent", "meant", "wrote", "writes", "replied", "adds", "snapped", "only", "even", "just", "now", "once", "what", "how", "why", "yes", "no"]
)
_CLAUSE = _STOP - {"the", "a", "an", "his", "her", "their", "its", "our", "my", "in", "at", "to", "from", "with", "on", "and", "under", "present"}
_PLAIN = re.compile(r"[^\W\d_](?:(?!['’]s$)[\w’'&-])*")  # a word, whose it is not
_RELATIVES = frozenset(["mother", "father", "mum", "mom", "dad", "son", "daughter", "brother", "sister", "wife", "husband", "grandmother", "grandfather", "grandson", "granddaughter", "uncle", "aunt", "cousin", "nephew", "niece"])
_TIMES = frozenset(["week", "day", "month", "year", "morning", "afternoon", "evening", "night", "time", "summer", "winter", "spring", "autumn"])
_PLURAL_FIELDS = frozenset(["Affairs", "Services"])


@dataclass(frozen=True, slots=True)
class Described:
    """A role ("foreign minister") and an affiliation ("the grid operator"), each as written or None."""

    role: str | None
    affiliation: str | None


def describe(text: str, name: Span, source: int | None = None) -> Described:
    """Role and affiliation of the name at a span, read from the words around it; `source` is where the words begin that the tags
    call a source, if they hold the name."""
    line = text.rfind("\n", 0, name.start) + 1
    before = text[max(line, name.start - 110) : name.start]
    while (last := before.rstrip().rpartition(" ")[2]) and last.rstrip(".").casefold() in HONORIFICS:
        before = before[: before.rstrip().rfind(last)]
    role = affiliation = None
    segment = _after_segment(before)
    if apposed := _APPOSED_TO.search(segment):
        closed = text[name.end : name.end + 1] in (",", ".", ";", ":", "”", '"', "")
        office = _LEADING.sub("", apposed[1], count=1)
        if (closed or not segment[: apposed.start()].strip()) and _is_office(office.split()):
            role, affiliation = _parted(office)
    if not role and (rank := _RANKED.search(before)) and all(fold(word).rstrip(".") in RANKS for word in rank[2].split()):
        office = _LEADING.sub("", rank[1], count=1)
        if _is_office(office.split()) and any(is_title(word) for word in office.split()):
            role, affiliation = _parted(office)
    if not role and (title := _TITLE.search(_SEGMENT.split(before)[-1])):
        role, affiliation = _parted(_title(title[1].split()) or "")
    if affiliation is None and (aside := _ASIDE.match(text[name.end : name.end + 130])):
        words = aside[2].strip()
        if _is_office(words.split()) and (aside[1] or any(is_title(word) for word in words.split())):
            own, affiliation = _parted(words)
            role = role or own
    if not role and (short := _SHORT.search(text[max(0, name.start - 14) : name.start])):
        role = short[1]
    if not role and source is not None:
        role = _leading(text[source : name.start])
    if affiliation is None and role and (of := _OF_BODY.match(text[name.end : name.end + 80])):
        affiliation = of[1]
    return Described(role or None, affiliation)


def _leading(words: str) -> str | None:
    """What somebody is by the words of a source before the name: "Crossing guard ⟦Floyd Beemer⟧" has no office that a list would know,
    but what stands in a source before a name is what he is, unless it tells whose he is ("her brother Tom")."""
    own = [word for word in re.sub(r"^(?:the|an?)\s", "", words, flags=re.I).split() if fold(word).rstrip(".") not in (*HONORIFICS, "rt")]
    if not 0 < len(own) < 6 or any(not _PLAIN.fullmatch(word) or word.casefold() in (*_CLAUSE, "and", "both", "one", "several", "many", "some") for word in own) or {own[0].casefold(), own[-1].casefold()} & _STOP:
        return None
    head = own[-1]
    known = is_title(head.rpartition("-")[2])
    single = len(own) == 1 or (head.islower() and not _VERB_ENDING.search(head))
    return " ".join(own) if head.casefold() not in (*_RELATIVES, *_TIMES) and (known or single) else None


def _after_segment(before: str) -> str:
    """What follows the last stop before an apposition, whose own comma is the last character but one."""
    if not before.endswith(", "):
        return before
    return _SEGMENT.split(before[:-2])[-1] + ", "


def _is_office(words: list[str]) -> bool:
    """Whether words can be what somebody is: no words of a clause among them, and neither a number nor a verb at the head."""
    head = next((words[at - 1] for at in range(1, len(words)) if words[at] in ("of", "for", "at", "in", "from", "with", "to")), words[-1] if words else "")
    return bool(words) and not any(word.casefold() in _CLAUSE for word in words) and not head[:1].isdigit() and (
        is_title(head) or not (head.islower() and _VERB_ENDING.search(head))
    )


def _title(words: list[str]) -> str | None:
    """The office that ends right before a name: words back from it, up to one that cannot belong to it."""
    head = words[-1]
    if head.casefold() in _RELATIVES:
        return None
    known = is_title(head) or head in _PLURAL_FIELDS or (len(words) > 2 and words[-2] in ("of", "for") and is_title(words[-3]))
    if not known and (head.casefold() in (*_STOP, "of", "for") or (head.islower() and _VERB_ENDING.search(head)) or (head[:1].isupper() and not (len(words) == 1 and _NOUN_ENDING.search(head))) or not _NOUN_ENDING.search(head.casefold())):
        return None
    first = len(words) - 1
    while first > 0 and len(words) - first < 7 and words[first - 1].casefold() not in _STOP and not (words[first - 1].islower() and _VERB_ENDING.search(words[first - 1])):
        first -= 1
    while first < len(words) - 1 and (words[first] in ("of", "for", "and", "&") or words[first][0].isdigit()):
        first += 1
    return " ".join(words[first:])


def _parted(words: str) -> tuple[str, str | None]:
    """An office and whom it is held with: "chief executive of Noordzee Grid" -> chief executive, Noordzee Grid; what owns an
    office stays with it ("Estonia's interior minister")."""
    if _OWNED.match(words):
        return words, None
    placed = _PLACED.match(words)
    if placed and placed[3][:1].isupper() and (placed[2] in ("at", "from", "with") or placed[1].split()[-1] in _OF_BODIES):
        return placed[1], placed[3]
    held = placed and placed[2] == "for" and placed[3][:1].isupper() and not re.search(r"\b(?:minister|secretary)$", placed[1], re.I)
    return words, placed[3] if placed and held else None


def principal_behind(text: str, end: int) -> str | None:
    """On whose behalf a person speaks by the aside behind the name: "Maria Hale, a spokeswoman for the court, said"."""
    aside = re.match(r",\s[^,.;:?!“”\"\n]{3,100}", text[end : end + 110])
    return principal(aside[0][2:]) if aside else None


def principal(source: str) -> str | None:
    """On whose behalf an unnamed or named spokesperson speaks, in the source's words ("his", "its": in a pronoun); None for anybody
    else, and where nobody is named ("a spokesman")."""
    for pattern in (_FOR, _OWN, _NOUN):
        match = pattern.search(source)
        if match:
            named = next(group for group in match.groups() if group).strip()
            if named.casefold() in ("a", "an", "the"):
                return None
            return None if pattern is _NOUN and match.lastindex == 2 and (_ADJECTIVE.fullmatch(named) or is_title(named)) else named
    return None
