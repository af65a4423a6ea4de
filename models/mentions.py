"""The names and descriptions of a text, and which of them are surely one entity: equal words, or a short form of one fuller name."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models import coreference, genders
from models.labels import NAMES
from models.names import PEERS, bare, fold, is_title, words
from models.records import Reading
from models.types import Span

_ENDING = re.compile(r"(?:iy|yy|yi|ii|ij|yj|i)$")
_SOFT = re.compile(r"i(?=[aou])")  # Kudriavtsev, Kudryavtsev
_BRACKETS = re.compile(r"\s*\(([A-Z][A-Za-z]{1,11})\)")
_LONGER = re.compile(r"((?:\s(?:in|of|for|on|to|at|the|and|against|[A-ZÀ-Þ][\w’'-]+)){1,8})\s\(([A-Z][A-Za-z]{1,11})\)")
_ARTICLE = re.compile(r"^(?:al|el|as|ash|an|ar|at|ad)-")
_JUNIOR = re.compile(r",?\s(?:Jr|Sr|Junior|II|III)(?!\w)")
_SUFFIXES = frozenset(["jr", "sr", "junior", "senior", "ii", "iii"])
_SMALL = frozenset(["of", "the", "and", "for", "in", "on", "to", "at"])
_GENERIC = frozenset(
    ["group", "inc", "ltd", "plc", "corp", "corporation", "company", "co", "holdings", "brigades", "bank", "university", "party", "ag", "sa", "se", "llc",
     "oil", "energy", "motors", "airlines", "airways", "foundation", "institute", "news", "agency", "club", "council", "union", "industries", "technologies", "labs", "laboratories", "systems", "media", "foods", "stores",
     "entertainment", "capital", "partners", "international", "steel", "airport", "rail", "water", "pharma", "pharmaceuticals", "software", "solutions", "services", "studios"]
)  # what a one-word short form may leave out: Boeing Company, not Israel Defense Forces
BODIES = frozenset(
    ["ministry", "chamber", "commission", "council", "court", "department", "senate", "committee", "institute", "board", "agency", "office", "administration",
     "partnership", "authority", "parliament", "assembly", "bank", "club", "union", "party", "foundation", "association", "federation", "observatory", "forum",
     "service", "bureau", "trust", "fund", "tribunal", "academy", "alliance", "league", "chancellery", "presidency", "directorate", "inspectorate"]
)  # what a body may be called alone: the Chamber
_OWNED = re.compile(r"['’]s\s")
_OWNER = re.compile(r"(?:[A-ZÀ-Þ][\w.-]*\s)*[\w.-]+$")
_SMALL_LETTERS = re.compile(r"([a-z]{4,})\s+(?=[A-ZÀ-Þ])")
_NAME = re.compile(r"\.?\s([A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+){0,2})")
_PEER = re.compile(rf"\b(?:{'|'.join(word.capitalize() for word in sorted(PEERS))})\s$")  # part of the name where only one word follows
_PARTICLE = re.compile(r"\s(?:e|y|de|da|do|dos|das|del|della|di|van|von|der|ten|al|bin|ibn)\s(?:la\s|der\s|den\s)?[A-ZÀ-Þ][\w’'-]+(?!\w)")  # a name goes on behind it
_PARTICLES = frozenset(["della", "dello", "delle", "degli", "abdul"])
_NICKNAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+ [“\"‘'][A-ZÀ-Þ][^“”\"\n]{1,20}[”\"’'] $")


@dataclass(slots=True)
class Mentioned:
    """One name or description in the text: characters, words without titles, class (see `models.coreference`)."""

    span: Span
    name: str
    kind: int
    pieces: tuple[int, int]


@dataclass(slots=True)
class Entity:
    """One person or body: the fullest name, every mention of it, and what its names and titles tell (`models.genders`)."""

    name: str
    kind: int
    mentions: list[Mentioned] = field(default_factory=list)
    gender: int = genders.UNKNOWN

    def apart(self, gender: int) -> bool:
        """Whether a mention of this gender is surely somebody else's: Lady Hale is not Giles Hale."""
        return gender != self.gender and genders.UNKNOWN not in (gender, self.gender)


def mentions(reading: Reading) -> list[Mentioned]:
    """All names and unnamed persons that the text holds, in reading order; the word spans come without titles."""
    made = []
    for number, kind in enumerate(NAMES):
        for first, last in reading.names[kind].tolist():
            span = reading.span((first, last))
            words_of = span.of(reading.text)
            skip, until = bare(words_of) if number != coreference.UNNAMED else (0, len(words_of))
            span = Span(span.start + skip, span.start + max(until, skip + 1))
            # WordPiece breaks names at apostrophes and hyphens: take the whole words.
            start, end = span.start, span.end
            while start > 0 and _joined(reading.text, start):
                start -= 1
            while end < len(reading.text) and _joined(reading.text, end):
                end += 1
            if not any(char.isalpha() for char in reading.text[start:end]):
                continue
            start, end = whole(reading.text, start, end, number)
            line = re.search(r"[\r\n]", reading.text[start:end])
            end = start + line.start() if line and line.start() else end
            start = _with_nickname(reading.text, start)
            words_of = reading.text[start:end]
            # What bears no capital is no name, whatever the scores say.
            kind_of = number if any(char.isupper() for char in words_of) else coreference.UNNAMED
            made.append(Mentioned(Span(start, end), words_of, kind_of, (first, last)))
    agree(made)
    return sorted(made, key=lambda own: own.span)


def agree(found: Sequence[Mentioned]) -> None:
    """Let a name be a person's or a body's all over a text, whichever the scores say more often of it (Trump, once a body); and a
    person's where they say so of its surname (Armin Papperger, Mr Papperger)."""
    said: dict[tuple[str, ...], list[int]] = {}
    for own in found:
        if own.kind in (coreference.PERSON, coreference.ORGANIZATION):
            said.setdefault(key_of(own.name), [0, 0])[own.kind] += 1
    for own in found:
        key = key_of(own.name)
        people, bodies = said.get(key, (0, 0))
        if people > bodies or (bodies and not people and 1 < len(key) < 4 and genders.of_name(key) and said.get(key[-1:], (0, 0))[0]):
            own.kind = coreference.PERSON
        elif people < bodies:
            own.kind = coreference.ORGANIZATION


def whole(text: str, start: int, end: int, kind: int) -> tuple[int, int]:
    """A mention's borders where the scores cut it at an owner's ’s ("Russia⟦’s foreign ministry⟧") or before a particle (Braga ⟦e Sousa⟧),
    left a word in small letters on a name (coxswain Marta Hale), gave the rank without the name (Supt Hale), a peer without the title or
    a body without what the letters in brackets behind it spell too (⟦UN Interim Force⟧ in Lebanon (Unifil))."""
    cut = _OWNED.match(text, start) or (_OWNED.match(text, start - 1) if start else None)
    if cut and kind == coreference.UNNAMED:
        owner = _OWNER.search(text, max(0, start - 60), cut.start())
        return (owner.start() if owner else cut.end()), end
    if kind in (coreference.PERSON, coreference.ORGANIZATION):
        small = _SMALL_LETTERS.match(text, start, end)
        start = small.end() if small and small[1] not in _PARTICLES else start
    bare_start = start + 4 * text.startswith("The ", start, end)
    if kind == coreference.ORGANIZATION and (more := _LONGER.match(text, end)) and _spells(text[bare_start : more.end(1)], more[2]):
        start, end = bare_start, more.end(1)
    if kind == coreference.PERSON and (more := _PARTICLE.match(text, end)):
        end = more.end()
    if kind == coreference.PERSON and (more := _JUNIOR.match(text, end)):
        end = more.end()
    name = _NAME.match(text, end) if kind == coreference.PERSON and is_title(text[start:end]) else None
    if name:
        start, end = name.start(1), name.end(1)
        skip, until = bare(text[start:end])
        start, end = start + skip, start + until
    if kind == coreference.PERSON and " " not in text[start:end] and (peer := _PEER.search(text, max(0, start - 12), start)):
        start = peer.start()
    return start, end


def _spells(name: str, letters: str) -> bool:
    """Whether letters are a name's initials, with or without its small words, an acronym in it whole: UN Interim Force in Lebanon, Unifil."""
    parts = [(word, word if word.isupper() else word[0]) for word in re.findall(r"[^\W_]+", name)]
    every, large = ("".join(part for word, part in parts if keep or word not in _SMALL) for keep in (True, False))
    return letters.casefold() in (every.casefold(), large.casefold())


def _with_nickname(text: str, start: int) -> int:
    """Where a name begins of which the scores gave only what follows a nickname in marks (Bohdan “Fox” Yaremchuk)."""
    match = _NICKNAME.search(text, max(0, start - 60), start)
    return match.start() if match else start


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of a border belong to one word: letters, or a hyphen or apostrophe inside a name."""
    before, after = text[at - 1], text[at]
    if before.isalpha() and after.isalpha():
        return True
    if after in "-’'" and before.isalpha():
        return at + 1 < len(text) and (text[at + 1].isupper() or (after == "-" and text[at + 1].isalpha()))
    return before in "-’'" and after.isalpha() and at > 1 and text[at - 2].isalpha() and (after.isupper() or before == "-")


def entities(found: Sequence[Mentioned], text: str) -> list[Entity]:
    """Names that are surely one entity: equal, a short form of only one fuller name, or given in brackets behind it."""
    made: list[Entity] = []
    by_words: dict[tuple[str, ...], Entity] = {}
    by_ends: dict[str, list[tuple[str, ...]]] = {}  # a word of `heads`, or initials -> names that have it
    named = [own for own in found if own.kind != coreference.UNNAMED]
    bracketed = _bracketed(named, text)
    spelled: dict[tuple[str, ...], tuple[str, ...]] = {}  # names of people as they sound -> as they were first spelled
    plain = {key_of(own.name) for own in named if own.kind == coreference.PERSON and not _suffix(own.name)}
    fathers: set[str] = set()  # surnames of those whose sons of the same name are in the text too
    for mention in sorted(named, key=lambda own: (-len(key_of(own.name)), own.span)):
        key = key_of(mention.name)
        if not key:
            continue
        if mention.kind == coreference.PERSON:
            for start in {0, len(key) - 1}:  # surnames too
                spelled.setdefault(sounding(key[start:]), key[start:])
            key = spelled[sounding(key)]
            suffix = _suffix(mention.name)
            if suffix and (key in plain if len(key) > 1 else key[0] in fathers):
                fathers.add(key[-1])
                key = (*key, suffix)
        place, gender = key, _gender(mention, key, text)
        own = by_words.get(key) or by_words.get(bracketed.get(key, ()))
        if own is not None and own.apart(gender):
            place = (*key, str(gender))  # of two with one surname, Mrs and Mr, each has mentions of her or his own
            own = by_words.get(place)
        if own is None:
            person = mention.kind == coreference.PERSON
            near = {other for end in {key[0], key[-1]} for other in by_ends.get(end, ()) if len(other) > len(key)}
            fuller = {
                id(by_words[other]): by_words[other] for other in near
                if (by_words[other].kind == coreference.PERSON) == person and short_for(key, other, person)
            }
            if apart := [number for number, entity in fuller.items() if entity.apart(gender)]:
                fuller = {number: entity for number, entity in fuller.items() if number not in apart}
                place = place if fuller else (*key, str(gender))
            # The scores may take a short form of a body for a person; who has a known given name is one (Marta Hale, Marta Hale Foundation).
            if person and not fuller and not (len(key) > 1 and gender):
                fuller = {id(by_words[other]): by_words[other] for other in near if by_words[other].kind == coreference.ORGANIZATION and short_for(key, other, False)}
            own = next(iter(fuller.values())) if len(fuller) == 1 else None
            for end in {*heads(key), *initials(key), *(key[0][:size] for size in range(3, len(key[0])))} if place == key else ():
                by_ends.setdefault(end, []).append(key)
        if own is None:
            own = Entity(mention.name, mention.kind)
            made.append(own)
        own.gender = own.gender or gender
        by_words[place] = own
        own.mentions.append(mention)
    for entity in made:
        entity.mentions.sort(key=lambda own: own.span)
    return made


def _gender(mention: Mentioned, key: tuple[str, ...], text: str) -> int:
    """What the title before a person's name or in it, or the given name, tells."""
    if mention.kind != coreference.PERSON:
        return genders.UNKNOWN
    title, _, rest = mention.name.partition(" ")
    before = text[max(0, mention.span.start - 14) : mention.span.start] if fold(title) not in PEERS or not rest else title
    return genders.of_title(before) or (genders.of_name(key) if len(key) > 1 else genders.UNKNOWN)


def key_of(name: str) -> tuple[str, ...]:
    """A name as it is compared: folded, without "Jr" and the Arabic article."""
    found = [_ARTICLE.sub("", word) for word in words(name)]
    while len(found) > 1 and found[-1].rstrip(".") in _SUFFIXES:
        found.pop()
    return tuple(found[1:] if len(found) > 1 and found[0] in PEERS else found)


def _suffix(name: str) -> str:
    """What sets a son's name apart from his father's: jr, iii; empty where nothing does."""
    last = fold(name.split()[-1]).rstrip(".")
    return last if last in _SUFFIXES else ""


def sounding(key: tuple[str, ...]) -> tuple[str, ...]:
    """A key with the letters made equal in which spellings of one Slavic name differ: Zelenskyy, Zelenskiy; Pieskow, Pieskov; Kudriavtsev, Kudryavtsev."""
    return tuple(_ENDING.sub("y", _SOFT.sub("y", word.replace("w", "v"))) if len(word) > 4 else word for word in key)


def initials(key: tuple[str, ...]) -> set[str]:
    """The acronyms of a name, with and without its small words: "icrc", "icotrc"."""
    return {"".join(word[0] for word in key), "".join(word[0] for word in key if word not in _SMALL)}


def short_for(short: tuple[str, ...], full: tuple[str, ...], person: bool) -> bool:
    """Whether a shorter name can stand for a fuller one: a surname, first names; an acronym, the first or last words."""
    if person:
        pet = len(short) == 1 and len(short[0]) > 2 and full[0].startswith(short[0])  # Tiff, Tiffany
        return pet or short in (full[-len(short) :], full[: len(short)])
    if len(short) > 1:
        return short in (full[-len(short) :], full[: len(short)])
    if short[0] in BODIES:
        return short[0] in heads(full)
    return short[0] in initials(full) or (short[0] == full[0] and all(word.rstrip(".") in _GENERIC for word in full[1:]))


def heads(name: tuple[str, ...]) -> set[str]:
    """The words that a body may be called by alone: the first, the last, and the one before "of" or "for"."""
    return {name[0], name[-1], *(word for word, after in itertools.pairwise(name) if after in ("of", "for"))}


def _bracketed(named: Sequence[Mentioned], text: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Short forms given in brackets behind a name: International Committee of the Red Cross (ICRC)."""
    made = {}
    for own in named:
        match = _BRACKETS.match(text, own.span.end)
        if match and own.kind == coreference.ORGANIZATION and len(words(own.name)) > 1:
            made[key_of(match[1])] = key_of(own.name)
    return made
