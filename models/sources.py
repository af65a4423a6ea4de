"""A source's own words: the name that is its head, who speak together in it, and what a description is called."""

import itertools
import re
from collections.abc import Sequence

from models import coreference
from models.mentions import Mentioned
from models.names import HONORIFICS, bare, fold, is_name, is_title
from models.records import Reading, Record
from models.types import Span
from models.windows import Pieces

_PREPOSITIONS = frozenset(["for", "of", "to", "from", "at", "with", "in", "by", "on", "against", "who", "whose", "near", "behind", "under", "than", "as"])
_AND = re.compile(r"\band\b|&")
_APART = re.compile(r"\b(?:for|at|from|between|with|who|whose|said|against|by|to)\b|['’]s\b")
_OTHERS = re.compile(r"\band\s(?:\w+\s)?(?:others?|several|some|many)\b")
_OF_PLACE = re.compile(r"\s(?:of|from)\s(?:the\s)?[A-Z][\w.-]+(?:\s[A-Z][\w.-]+)?")
_MODIFIER = re.compile(r"\s(?!(?:who|whose|of|in|at|from|the|on|with|for|also|himself|herself|then|now|speaking|writing|as|and|or|via|is|was|has|had|a|an|told|said|outside|inside|after|before|during|near|behind|to|by|late|early|later|earlier)\b)[a-z]{3,}")
_ASIDE = re.compile(r",\s(?:who|whose|which|where)\b[^,]*$")  # "its president, who has sold buttons since the Pope came, Ann Hale"
_CALLED = re.compile(r",\swho\s[^,]*\b(?:name|called|identified|known|go|goes|gone)\b(?:\s\w+)?\s(?:as|by)\s$")  # "a ferry worker, who gave his name only as Andrei"
_NEXT = re.compile(r"\s(\w+)\s[A-ZÀ-Þ]")
_COMMON = re.compile(r"(?:^|\s)(?!(?:of|for|to|in|at|from|by|with|near|on|and|or|to|own|late|new|old|former)$)[a-z][a-z-]{2,}$")  # a common noun at the end
_NUMBER = re.compile(r"(?:^|\s)(?:\d+|two|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|thousands|several|some|many|most|few)$", re.I)
_ONE = re.compile(r"(?:one|another|the other|a (?:second|third))\b", re.I)
_WHO = re.compile(r"\s?,\s(an?\s[^,.;:()“”\"]{3,60})(?=[,.;]|\s?[“\"])")
_AS = re.compile(r",\s(?:an?|the|its|his|her|their|one|then|now)\s[^,.;:?!()“”\"]*,\s(?:and\s)?$")
_OWNER = re.compile(r"(?:the\s)?[A-ZÀ-Þ][\w.-]*(?:\s[A-ZÀ-Þ][\w.-]*)*['’]s?", re.I)
_OFFICE = re.compile(r"(\w+)\s(?:of|to|in|for|at)\s(?:the\s)?$")
_PAPER = re.compile(r"(?:\s[a-z-]+)?\s(?:report|study|survey|statement|document|assessment|analysis|poll|paper|review|audit|letter|memo|filing)\b")
_NOUNS = re.compile(r"((?:\s(?!\w+ly\b|itself|themselves|too|also|then|for|and)[a-z][a-z-]{2,}){1,2}),?\s")
_LEAD = re.compile(r"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ne)\s(?:[a-z-]+\s){0,2})?$")
SPOKES = re.compile(r"\b(?:spokes(?:man|woman|person|people)|aide|lawyer|solicitor|barrister|attorney|publicist|representative|agent|press secretary|adviser|advisor)\b", re.I)

_PROPER = r"(?:the\s)?[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*){0,3}"
_COMMA = rf",(?!\s{_PROPER}(?:,\s{_PROPER})*,?\sand\s(?:the\s)?[A-ZÀ-Þ])"  # but not of a list: "ministers of France, Italy and Spain"
_VERB = r"\s(?:have|has|had)\b"  # that the tags took for a part of the source
_RELATIVE = re.compile(r"\b(?:who|whose|whom|which|that)\b")
_TOWARDS = re.compile(r"\b(?:ambassador|envoy|advis[eo]r|aide|assistant|secretary|heir|delegate|representative|emissary|minister|close|attach[eé])$", re.I)  # to someone, by office

_ISSUED = re.compile(
    r"(?:[\w’'-]+\s+){0,4}?(?:statement|message|website|communiqu[eé])\s+(?:\w+\s+){0,3}?(?:of|from|by|on behalf of)\s+(?=\w)"
    r"|(?:[\w’'-]+\s+){0,4}?(?:release|post|letter|email|announcement|tweet|memo)\s+(?:\w+\s+){0,3}?(?:from|by|on behalf of)\s+(?=\w)", re.I,
)


def issuer(source: str) -> int:
    """Where the words begin that say whose statement, letter or post a source is ("a statement from ⟦the firm⟧"); 0: it is none."""
    match = _ISSUED.match(source)
    return match.end() if match else 0


def of_record(reading: Reading, record: Record) -> tuple[int, int]:
    """The pieces of a record's source; of a statement or letter, of whose it is."""
    first, last = reading.sources[record.source].tolist()
    span = reading.span((first, last))
    issued = issuer(span.of(reading.text))
    return reading.pieces.cover(span.start + issued, span.end) if issued else (first, last)


def head(text: str, span: Span, inside: Sequence[Mentioned]) -> Mentioned | None:
    """The name that is the source, not one that only belongs to it ("a spokesman for Lund", "Lund's wife")."""
    for own in inside:
        before, after = text[span.start : own.span.start], text[own.span.end : span.end]
        if re.match(r"['’]s?\s+\w", after) and own.kind != coreference.UNNAMED:
            continue
        if (_governed(before) or _ASIDE.search(before)) and not (_CALLED.search(before) or _behind_place(text, span.start, own, inside)):
            continue
        title = _NEXT.match(after)
        if own.kind == coreference.PERSON and title and is_title(title[1]):
            continue  # "Uzbek President Ann Hale"
        lead = before.strip(" ,“\"‘'")
        if own.kind == coreference.PERSON and _MODIFIER.match(after) and lead.casefold() in ("", "the"):
            continue  # "Biden administration", "Trump campaign spokeswoman Karoline Leavitt"
        if own.kind != coreference.PERSON:
            rest = after.strip(" ,")
            if rest and not re.match(r"(?:['’]s?|(?:state )?news agency|newspaper|website|magazine|channel)$", rest) and not after.startswith((",", " (", " and ")):
                continue  # "Kremlin spokesman", "Treasury officials"
            if lead and lead.casefold() not in ("the", "both", "even", "but") and not (_OWNER.fullmatch(lead) and " " not in own.name) and not (
                before.rstrip().endswith(",") or (_COMMON.search(lead) and not _NUMBER.search(lead) and _PREPOSITIONS.isdisjoint(lead.split()))
            ):
                continue  # but "the firm, TrackBites", "the state news agency RIA Novosti" and "Russia's Gazprom" are named
        return own
    return None


def _behind_place(text: str, start: int, own: Mentioned, inside: Sequence[Mentioned]) -> bool:
    """Whether a person stands right behind the place or body that an office is of or to: "the ambassador to the UK Ann Hale"."""
    place = next((other for other in inside if other.span.end + 1 == own.span.start and other.kind in (coreference.PLACE, coreference.ORGANIZATION)), None)
    office = _OFFICE.search(text, start, place.span.start) if place and own.kind == coreference.PERSON else None
    return bool(office and is_title(office[1]) and not SPOKES.search(office[1]))


def around(text: str, own: Mentioned, relative: int | None) -> Span | None:
    """The paper of which a body's name is but a part, "a ⟦UN⟧ report"; with `relative`, where "who" or "which" begins, also the
    people or things right before it: "⟦US⟧ outlets, which say"."""
    if own.kind in (coreference.PERSON, coreference.UNNAMED):
        return None
    end = own.span.end
    if relative is None:
        found = _PAPER.match(text, end)
        until = found.end() if found else end
    else:
        found = _NOUNS.fullmatch(text, end, relative)
        until = found.end(1) if found else end
    lead = _LEAD.search(text, max(0, own.span.start - 40), own.span.start)
    return Span(lead.start() if lead else own.span.start, until) if found else None


def titled(pieces: Pieces, span: Span) -> Mentioned | None:
    """A name behind a title that the name scores left in a description, between commas or not: "the member for Cork
    North, Deputy Aoife Ní Shúilleabháin"."""
    for part in re.finditer(r"[^,]+", span.of(pieces.text)):
        words_of = part[0].strip()
        start = span.start + part.start() + len(part[0]) - len(part[0].lstrip())
        skip, until = bare(words_of)
        name = words_of[skip:until]
        if re.match(r"(?:of|for)\b", name) or _governed(words_of[:skip]):
            continue
        long = len(name.split()) > 1 or fold(words_of.split()[0]).rstrip(".") in HONORIFICS
        if name and long and is_name(name) and (skip or part.start()) and not is_title(name.split()[-1]) and words_of[0].isupper():
            at = start + skip
            return Mentioned(Span(at, at + len(name)), name, coreference.PERSON, pieces.cover(at, at + len(name)))
    return None


def joint(text: str, span: Span, inside: Sequence[Mentioned]) -> list[Mentioned]:
    """Two or more who speak together, "A and B" or "A, B and C"; none where it is not so."""
    people = [own for own in inside if own.kind == coreference.PERSON]
    named = people if len(people) > 1 else [own for own in inside if own.kind in (coreference.ORGANIZATION, coreference.PLACE)]
    if len(named) < 2 or _APART.search(lead := text[span.start : named[0].span.start]) or (_governed(lead) and not (people and lead.endswith(", "))):
        return []  # but "the Secretary-General of NATO, Jo Lund and President Ann Hale" is both
    chained, linked = [named[0]], False
    for first, second in itertools.pairwise(named):
        gap = _OF_PLACE.sub("", text[first.span.end : second.span.start])
        linked = bool(_AND.search(gap))
        if _APART.search(gap) or len(gap.split()) > 8 or not (linked or _only_titles(gap)):
            break
        chained.append(second)
        if linked:
            break
    rest = text[chained[-1].span.end : span.end]
    if not linked or len(chained) < 2 or (chained[-1].kind != coreference.PERSON and re.match(r"\s[a-z]", rest)):
        return []  # "the FBI and US intelligence agencies"
    return chained


def lists(source: str, group: bool) -> bool:
    """Whether a source names several of whom no one is its head: "Lund and other ministers"; `group`: it is classified as one."""
    return bool((group and _AND.search(source)) or _OTHERS.search(source))


def _only_titles(gap: str) -> bool:
    """Whether nothing but a comma and titles stands between two names of a list."""
    return gap.strip().startswith(",") and all(is_title(word) or word[:1].isupper() for word in gap.replace(",", " ").split())


def _governed(before: str) -> bool:
    """Whether a preposition right before a name, titles between them allowed, makes it a part of another noun phrase: "an aide
    to President Lund" is not Lund, "the Minister of Foreign Affairs Lund" is."""
    tokens = before.split()
    field = bool(tokens) and tokens[-1][:1].isupper() and not is_title(tokens[-1])  # what the office before is of
    while tokens and (is_title(tokens[-1]) or tokens[-1][:1].isupper() or tokens[-1] in ("the", "his", "her", "their", "its", "a", "an", "and")):
        tokens.pop()
    if not tokens or tokens[-1].casefold() not in _PREPOSITIONS:
        return False
    return not (field and tokens[-1] in ("of", "for") and len(tokens) > 1 and is_title(tokens[-2]) and not SPOKES.search(tokens[-2]))


def teased(text: str, span: Span) -> Span:
    """A source behind a headline's colon without whom it speaks to: "‘Thanks for nothing’: ⟦Kyiv mayor⟧ to allies"."""
    if text[: span.start].rstrip()[-1:] not in (":", "—", "–", "-"):
        return span
    match = re.search(r"\sto\s", span.of(text))
    return Span(span.start, span.start + match.start()) if match and not _TOWARDS.search(span.of(text)[: match.start()]) else span


def described_as(text: str, span: Span) -> Span:
    """What "one" or "another" is said to be behind a comma: "Another, ⟦a retired teacher⟧, said"; any other source as it is."""
    one = _ONE.match(text, span.start, span.end)
    aside = _WHO.match(text, one.end()) if one else None
    return Span(*aside.span(1)) if one and aside and (one.end() == span.end or aside.start(1) < span.end) else span


def explains(text: str, own: Mentioned, end: int) -> bool:
    """Whether all that stands between a person and `end` says who that is: "⟦Jo Lund⟧, the envoy to the US, who"."""
    return own.kind == coreference.PERSON and bool(_AS.match(text, own.span.end, end))


def description(source: str) -> tuple[str, int]:
    """The words of a description that name it: up to a clause or an aside; and how many characters of the source that is."""
    end = len(source)
    for stop in (_COMMA, r"\s\(", r"\s(?:itself|himself|herself|themselves|both|each|all)$", r"\s(?:itself|himself|herself|themselves)\b", _VERB, r"\s+(?:speaking|asking|writing)\b", r"\s+who\s+(?:spoke|said|asked|declined|requested|refused|wished|(?:is|are|was|were) not)\b", r"\s+(?:on|under) condition\b", r"\s[—–-]\s"):
        match = re.search(stop, source)
        if match and match.start() > 0 and not (stop == _VERB and _RELATIVE.search(source[: match.start()])):
            end = min(end, match.start())
    return re.sub(r"['’]s?$", "", source[:end].strip()), end
