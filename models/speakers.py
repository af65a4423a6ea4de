"""Sources -> speakers: each source's name, from its own words or from the mentions it goes back to.

Exact things are rules (equal names, titles cut off, a surname that only one full name ends in); whom a pronoun, a
description or an ambiguous surname means is the antecedent scorer's judgement.
"""

import bisect
import itertools
import re
from dataclasses import dataclass, field, replace

import numpy as np

from models import coreference
from models.labels import KINDS, NAMES
from models.marks import INSIDE, UNCLOSED
from models.names import NAME, bare, fold, is_name, is_title, pronoun_class, words
from models.records import Reading, Record
from models.roles import Described, describe, principal
from models.scoring import softmax
from models.types import Alternative, QuoteType, Span, Speaker, SpeakerKind

SURE = 0.5  # an antecedent below this leaves a description its own words
NEAREST = 160  # mentions before a pronoun or a description that are scored as its antecedent
LEAST = 0.35  # an antecedent below this leaves a pronoun unresolved
_PREPOSITIONS = frozenset(["for", "of", "to", "from", "at", "with", "in", "by", "on", "against", "who", "whose", "near", "behind", "under", "than", "as"])
_QUANTITY = frozenset(["some", "many", "one", "both", "others", "all"])
_AND = re.compile(r"\s*(?:,\s*)?(?:and|&)\s+(?:the\s+)?", re.I)
_DEFINITE = re.compile(r"(?:the|this|that|his|her|their|its|both|these|those)\s", re.I)
_SPOKES = re.compile(r"\b(?:spokes(?:man|woman|person|people)|aide|lawyer|solicitor|attorney|representative|agent|press secretary|adviser|advisor)\b", re.I)
_ANONYMOUS = re.compile(r"\b(?:anonym|not to be named|not to be identified|asked not|unnamed|condition of|not authori[sz]ed|familiar with|declined to be named|insider|source|sources)\b", re.I)


@dataclass(slots=True)
class Mentioned:
    """One name or description in the text: characters, words without titles, class (see `models.coreference`)."""

    span: Span
    name: str
    kind: int
    pieces: tuple[int, int]


@dataclass(slots=True)
class Entity:
    """One person or body: the fullest name, and every mention of it."""

    name: str
    kind: int
    mentions: list[Mentioned] = field(default_factory=list)


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
            line = re.search(r"[\r\n]", reading.text[start:end])
            end = start + line.start() if line and line.start() else end
            made.append(Mentioned(Span(start, end), reading.text[start:end], number, (first, last)))
    return sorted(made, key=lambda own: own.span)


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of a border belong to one word: letters, or a hyphen or apostrophe inside a name."""
    before, after = text[at - 1], text[at]
    if before.isalpha() and after.isalpha():
        return True
    if after in "-’'" and before.isalpha():
        return at + 1 < len(text) and (text[at + 1].isupper() or (after == "-" and text[at + 1].isalpha()))
    return before in "-’'" and after.isalpha() and at > 1 and text[at - 2].isalpha() and (after.isupper() or before == "-")


def entities(found: list[Mentioned]) -> list[Entity]:
    """Names that are surely one entity: equal, or a surname or first name that only one fuller name has."""
    made: list[Entity] = []
    by_words: dict[tuple[str, ...], Entity] = {}
    by_ends: dict[str, list[tuple[str, ...]]] = {}  # first word, last word or initials -> names that have it
    named = [own for own in found if own.kind != coreference.UNNAMED]
    for mention in sorted(named, key=lambda own: (-len(words(own.name)), own.span)):
        key = tuple(words(mention.name))
        if not key:
            continue
        own = by_words.get(key)
        if own is None:
            person = mention.kind == coreference.PERSON
            fuller = {
                id(by_words[other]): by_words[other]
                for end in {key[0], key[-1]} for other in by_ends.get(end, ())
                if len(other) > len(key) and (by_words[other].kind == coreference.PERSON) == person and _short_for(key, other, person)
            }
            own = next(iter(fuller.values())) if len(fuller) == 1 else None
            for end in {key[0], key[-1], "".join(word[0] for word in key)}:
                by_ends.setdefault(end, []).append(key)
        if own is None:
            own = Entity(mention.name, mention.kind)
            made.append(own)
        by_words[key] = own
        own.mentions.append(mention)
    for entity in made:
        entity.mentions.sort(key=lambda own: own.span)
    return made


def _short_for(short: tuple[str, ...], full: tuple[str, ...], person: bool) -> bool:
    """Whether a shorter name can stand for a fuller one: the surname, the first name, or words in order."""
    if person:
        return short == full[-len(short) :] or (len(short) == 1 and short[0] == full[0])
    return short == full[: len(short)] or (len(short) == 1 and short[0] == "".join(word[0] for word in full))


class Resolver:
    """Names the source of each record of one text."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.found = mentions(reading)
        self.entities = entities(self.found)
        self.entity_of = {own.span: entity for entity in self.entities for own in entity.mentions}
        self.keys = np.array([own.pieces for own in self.found], np.int64).reshape(-1, 2)
        self.classes = np.array([own.kind for own in self.found], np.int64)
        self.begins = [own.span.start for own in self.found]
        self.speakers: dict[str, Speaker] = {}
        self.known: dict[int, Described] = {}

    def resolve(self) -> list[Speaker | None]:
        """One speaker (or None) a record, in order."""
        made: list[Speaker | None] = []
        for index, record in enumerate(self.reading.records):
            sourced = record.source >= 0 and not self.is_sign_off(record)
            speaker = self.of_source(record) if sourced else self.of_no_source(index, record, made)
            made.append(self.registered(speaker))
        return made

    def is_sign_off(self, record: Record) -> bool:
        """Whether a source without a cue is the agency or the initials that end the text."""
        span = self.reading.source_span(record)
        return span is not None and record.cue < 0 and span.start >= len(self.text.rstrip()) - 40 and span.start > record.spans[-1].end and (
            span.of(self.text).split()[0].isupper() and self.text[span.start - 1] not in "—–-"
        )

    def between(self, start: int, end: int) -> list[Mentioned]:
        """The mentions that lie in characters [start, end)."""
        near = self.found[bisect.bisect_left(self.begins, start) : bisect.bisect_right(self.begins, end)]
        return [own for own in near if own.span.end <= end]

    def registered(self, speaker: Speaker | None) -> Speaker | None:
        """The speaker with the id that its name has over the whole answer, and what an earlier record knew of it."""
        if speaker is None:
            return None
        key = fold(speaker.name)
        known = self.speakers.get(key)
        if known is None:
            speaker = replace(speaker, id=f"s{len(self.speakers) + 1}")
        else:
            speaker = replace(
                speaker, id=known.id, kind=known.kind if known.confidence > speaker.confidence else speaker.kind,
                role=speaker.role or known.role, affiliation=speaker.affiliation or known.affiliation,
                on_behalf_of=speaker.on_behalf_of or known.on_behalf_of,
            )
        self.speakers[key] = speaker
        return speaker

    def of_source(self, record: Record) -> Speaker | None:
        """The speaker of a record that has a source in the text."""
        span = self.reading.source_span(record)
        assert span is not None
        source = span.of(self.text)
        kind = pronoun_class(source)
        if kind < NAME and source.casefold() not in _QUANTITY:
            return self.of_pronoun(record, span, source, kind)
        inside = [own for own in self.between(span.start, span.end) if own.kind != coreference.UNNAMED]
        joint = self.joint(span, source, inside)
        if joint is not None:
            return self.made(joint[0], SpeakerKind.GROUP, record.linked, joint[1])
        head = self.head(span, source, inside) or self.titled(span, source)
        if head is not None:
            return self.of_entity(record, head, span)
        return self.of_description(record, span, source)

    def of_pronoun(self, record: Record, span: Span, source: str, kind: int) -> Speaker | None:
        """A pronoun: the writer's I, or what the antecedent scorer finds; never a guess."""
        if kind == 4 and not self.in_marks(span):
            byline = self.byline()
            if byline is not None:
                return self.made(byline, SpeakerKind.AUTHOR, record.linked, (span,))
            return None
        if kind in (4, 6):
            return None
        ranked = self.antecedents(record.source)
        if not ranked or ranked[0][0] is None or ranked[0][1] < LEAST:
            return None
        return self.from_ranked(record, span, ranked)

    def of_description(self, record: Record, span: Span, source: str) -> Speaker:
        """A description: the name it goes back to where it is definite and one is sure, else itself."""
        name, until = description(source)
        behalf = principal(source)
        behalf_name = self.full(behalf) if behalf else None
        definite = bool(_DEFINITE.match(source)) or is_title(source.split()[0])
        if definite and not _SPOKES.search(source):
            ranked = self.antecedents(record.source)
            if ranked and ranked[0][0] is not None and ranked[0][1] >= SURE:
                return self.from_ranked(record, span, ranked)
        kind = self.kind(record, source)
        here = Span(span.start, span.start + until)
        return self.made(name, kind, record.linked, (here,), on_behalf_of=behalf_name)

    def of_entity(self, record: Record, head: Mentioned, span: Span) -> Speaker:
        """A source that holds its own name."""
        entity = self.entity_of.get(head.span)
        name = entity.name if entity else head.name
        confidence = record.linked
        others: tuple[Alternative, ...] = ()
        if entity is not None and head.kind == coreference.PERSON and len(words(entity.name)) == 1:
            fuller = [other for other in self.entities if other.kind == coreference.PERSON and other is not entity
                      and words(entity.name)[0] in words(other.name)]
            if len(fuller) > 1:
                ranked = [own for own in self.antecedents(record.source) if own[0] in fuller]
                if ranked:
                    total = sum(own[1] for own in ranked) or 1.0
                    chosen = ranked[0][0]
                    assert chosen is not None
                    entity, name = chosen, chosen.name
                    confidence = record.linked * ranked[0][1] / total
                    others = tuple(Alternative(own[0].name, min(1.0, own[1] / total)) for own in ranked[1:3] if own[0] is not None)
        described = self.described(entity, head)
        kind = self.kind_of_entity(record, head)
        chain = [Span(head.span.start, head.span.end)]
        if entity is not None and fold(head.name) != fold(name):
            full = next((own.span for own in entity.mentions if own.name == name), None)
            chain += [full] if full else []
        behalf = principal(span.of(self.text)) if _SPOKES.search(span.of(self.text)) else None
        return self.made(
            name, kind, confidence, tuple(chain), described.role, described.affiliation,
            self.full(behalf) if behalf else None, others,
        )

    def from_ranked(self, record: Record, span: Span, ranked: list[tuple[Entity | None, float, Mentioned | None]]) -> Speaker:
        """The best antecedent as speaker, others as alternatives."""
        entity, probability, mention = ranked[0]
        assert entity is not None
        assert mention is not None
        described = self.described(entity, mention)
        others = tuple(
            Alternative(other.name, round(min(1.0, value), 6)) for other, value, _ in ranked[1:4] if other is not None and value >= 0.1
        )
        chain = [span, mention.span]
        full = next((own.span for own in entity.mentions if own.name == entity.name), None)
        if full is not None and full not in chain:
            chain.append(full)
        kind = self.kind_of_entity(record, mention)
        return self.made(
            entity.name, kind, record.linked * min(1.0, probability), tuple(chain), described.role, described.affiliation,
            None, others,
        )

    def of_no_source(self, index: int, record: Record, made: list[Speaker | None]) -> Speaker | None:
        """A quote without a source: whoever spoke just before in its paragraph, else whoever was just mentioned, else
        whoever was quoted in the paragraph before. Headings name nobody."""
        if record.type is QuoteType.INDIRECT and not record.spans[0].start:
            return None
        here = record.spans[0].start
        line = max(self.text.rfind("\n", 0, here), 0)
        before = made[index - 1] if index else None
        earlier = self.reading.records[index - 1] if index else None
        if before is not None and earlier is not None and line <= earlier.spans[0].start and here - earlier.spans[-1].end < 400:
            return replace(before, confidence=before.confidence * 0.7)
        chosen = self.just_mentioned(line, here)
        if chosen is None and not self.text[line:here].strip(" \t\r\n\u00a0\"“”‘’'«»„—–-"):
            heading = self.text[:line].rstrip()
            above = max(self.text.rfind("\n", 0, len(heading)), 0)
            if heading[-1:] in ".?!:…”\"’'»,":
                quoted = before is not None and earlier is not None and earlier.spans[-1].end >= above
                if quoted and heading[-1:] != ":":
                    assert before is not None
                    return replace(before, confidence=before.confidence * 0.6)
                chosen = self.just_mentioned(above, len(heading))
        return None if record.type is QuoteType.INDIRECT else chosen

    def just_mentioned(self, start: int, end: int) -> Speaker | None:
        """The first person of the last sentence between two characters that names one or refers to one."""
        borders = [start, *(start + match.end() for match in re.finditer(r"[.?!][”\"’')]*\s+", self.text[start:end])), end]
        for left, right in list(itertools.pairwise(borders))[::-1][:2]:
            inside = [own for own in self.between(left, right) if not self.in_marks(own.span)]
            for own in (one for one in inside if one.kind == coreference.PERSON):
                described = self.described(self.entity_of.get(own.span), own)
                return self.made(self.name_of(own), SpeakerKind.PERSON, 0.6, (own.span,), described.role, described.affiliation)
            pronoun = re.match(r"(?:But |And |Then )?(he|she|they)\b", self.text[left:right].lstrip(), re.I)
            if pronoun:
                at = left + len(self.text[left:right]) - len(self.text[left:right].lstrip()) + pronoun.start(1)
                span = Span(at, at + len(pronoun[1]))
                for meant, _ in self.referents([span])[0][:1]:
                    entity = self.entity_of.get(meant)
                    if entity is not None:
                        kind = SpeakerKind.PERSON if entity.kind == coreference.PERSON else SpeakerKind.ANONYMOUS
                        return self.made(entity.name, kind, 0.5, (span, meant))
        return None

    def antecedents(self, source: int) -> list[tuple[Entity | None, float, Mentioned | None]]:
        """Entities a source may stand for, by probability; (None, p, None) is "none of them"."""
        total: dict[int, float] = {}
        best: dict[int, tuple[Entity, Mentioned, float]] = {}
        nothing = 0.0
        for low, chances in self.chances(self.reading.sources[source : source + 1]):
            nothing = float(chances[0])
            for mention, chance in zip(self.found[low:], chances[1:].tolist(), strict=False):
                entity = self.entity_of.get(mention.span) or self.unnamed_entity(mention)
                total[id(entity)] = total.get(id(entity), 0.0) + chance
                if id(entity) not in best or chance > best[id(entity)][2]:
                    best[id(entity)] = (entity, mention, chance)
        ranked: list[tuple[Entity | None, float, Mentioned | None]] = [
            (best[key][0], value, best[key][1]) for key, value in total.items()
        ]
        ranked.append((None, nothing, None))
        return sorted(ranked, key=lambda own: -own[1])

    def chances(self, queries: np.ndarray) -> list[tuple[int, np.ndarray]]:
        """For each query ([queries, 2], pieces) the index of the first mention scored, and the probabilities of "none"
        and of the mentions from there on: the NEAREST before it and a few after it."""
        made: list[tuple[int, np.ndarray]] = []
        scorer = self.reading.heads.pairs["antecedent"]
        for query in queries:
            middle = int(np.searchsorted(self.keys[:, 0], query[0]))
            low, high = max(0, middle - NEAREST), min(len(self.keys), middle + NEAREST // 4)
            if low == high:
                continue
            keys = self.keys[low:high]
            features = coreference.features(self.reading.pieces, query[None], keys, self.classes[low:high], self.near_sources(query))
            scores = scorer(self.reading.states, query[None], keys, features)[0]
            scores[1:][(keys[:, 0] < query[1]) & (query[0] < keys[:, 1])] = -1e4
            made.append((low, softmax(scores)))
        return made

    def near_sources(self, query: np.ndarray) -> np.ndarray:
        """The sources within a thousand pieces of a mention."""
        sources = self.reading.sources
        low, high = np.searchsorted(sources[:, 0], [query[0] - 1000, query[1] + 1000])
        return sources[low:high]

    def referents(self, spans: list[Span]) -> list[list[tuple[Span, float]]]:
        """For each pronoun the mentions that it may stand for and how probable each is, the likeliest first; those below
        5 % are left out, and so is "none of them"."""
        made: list[list[tuple[Span, float]]] = []
        for span in spans:
            covered = self.reading.pieces.cover(span.start, span.end)
            own: list[tuple[Span, float]] = []
            for low, chances in self.chances(np.array([covered], np.int64)) if covered[1] > covered[0] else []:
                for index in np.flatnonzero(chances[1:] >= 0.05).tolist():
                    own.append((self.found[low + index].span, float(chances[1 + index])))
            made.append(sorted(own, key=lambda pair: -pair[1]))
        return made

    def unnamed_entity(self, mention: Mentioned) -> Entity:
        """An unnamed mention as an entity of its own; equal descriptions are one."""
        name = mention.name
        for first, last in self.near_sources(np.array(mention.pieces)).tolist():
            span = self.reading.span((first, last))
            if span.contains(mention.span) and span.start >= mention.span.start - 5:
                name = description(span.of(self.text))[0]
        entity = Entity(name, coreference.UNNAMED, [mention])
        self.entity_of[mention.span] = entity
        return entity

    def head(self, span: Span, source: str, inside: list[Mentioned]) -> Mentioned | None:
        """The name that is the source, not one that only belongs to it ("a spokesman for Lund", "Lund's wife")."""
        for own in inside:
            before, after = self.text[span.start : own.span.start], self.text[own.span.end : span.end]
            if re.match(r"['’]s?\s+\w", after) and own.kind != coreference.UNNAMED:
                continue
            if _governed(before):
                continue
            lead = before.strip(" ,“\"‘'")
            if own.kind != coreference.PERSON:
                rest = after.strip(" ,")
                if rest and not re.match(r"['’]s?$", rest) and not after.startswith((",", " (", " and ")):
                    continue  # "Kremlin spokesman", "Treasury officials"
                if lead and lead.casefold() not in ("the", "both", "even", "but"):
                    continue
            return own
        return None

    def titled(self, span: Span, source: str) -> Mentioned | None:
        """A name of two words or more behind a title that the name scores left in a description."""
        skip, until = bare(source.split(",")[0])
        name = source[skip:until]
        if not skip or len(name.split()) < 2 or not is_name(name) or is_title(name.split()[-1]) or not source[0].isupper():
            return None
        start = span.start + skip
        return Mentioned(Span(start, start + len(name)), name, coreference.PERSON, self.reading.pieces.cover(start, start + len(name)))

    def joint(self, span: Span, source: str, inside: list[Mentioned]) -> tuple[str, tuple[Span, ...]] | None:
        """Two or more names joined by "and": "A and B" in full, and where they stand."""
        named = [own for own in inside if own.kind in (coreference.PERSON, coreference.ORGANIZATION, coreference.PLACE)]
        for first, second in itertools.pairwise(named):
            gap = self.text[first.span.end : second.span.start]
            lead = self.text[span.start : first.span.start]
            if re.search(r"\b(?:for|of|at|from|between)\b", lead) or not re.search(r"\band\b|&", gap):
                continue
            match = _AND.search(gap)
            if match and not re.search(r"\b(?:of|for|who|said)\b", gap[: match.start()]) and len(gap) < 80:
                middle = gap[match.end() :].strip()
                if middle and not all(is_title(word) or word[:1].isupper() or word in ("the", "of") or (word.islower() and is_title(word)) for word in middle.split()):
                    continue
                names = [self.name_of(own) for own in (first, second)]
                return " and ".join(names), (first.span, second.span)
        return None

    def name_of(self, mention: Mentioned) -> str:
        """The fullest name of a mention."""
        entity = self.entity_of.get(mention.span)
        return entity.name if entity else mention.name

    def full(self, name: str) -> str:
        """A name in words -> its fullest form in the text."""
        skip, until = bare(name)
        key = tuple(words(name[skip:until]))
        fuller = {entity.name for entity in self.entities if key and (_short_for(key, tuple(words(entity.name)), entity.kind == coreference.PERSON))}
        return fuller.pop() if len(fuller) == 1 else name[skip:until] if is_name(name) else name

    def described(self, entity: Entity | None, mention: Mentioned) -> Described:
        """Role and affiliation as the text gives them next to any mention, the nearest fullest first."""
        if entity is None:
            return describe(self.text, mention.span) if mention.kind == coreference.PERSON else Described(None, None)
        if id(entity) not in self.known:
            role = affiliation = None
            for own in entity.mentions[:NEAREST]:
                if own.kind == coreference.PERSON and not (role and affiliation):
                    found = describe(self.text, own.span)
                    role, affiliation = role or found.role, affiliation or found.affiliation
            self.known[id(entity)] = Described(role, affiliation)
        return self.known[id(entity)]

    def kind(self, record: Record, source: str) -> SpeakerKind:
        """What a description is, by the classifier; words that withhold an identity decide alone."""
        if _ANONYMOUS.search(source):
            return SpeakerKind.ANONYMOUS
        return SpeakerKind(KINDS[int(np.argmax(record.kind))])

    def kind_of_entity(self, record: Record, mention: Mentioned) -> SpeakerKind:
        """What a name is: its class in the text; the classifier parts organizations, groups and documents."""
        if mention.kind == coreference.PERSON:
            return SpeakerKind.PERSON
        if mention.kind == coreference.UNNAMED:
            return SpeakerKind(KINDS[int(np.argmax(record.kind))])
        best = KINDS[int(np.argmax(record.kind))]
        return SpeakerKind(best) if best in ("organization", "document", "group") and record.source >= 0 else SpeakerKind.ORGANIZATION

    def in_marks(self, span: Span) -> bool:
        """Whether a span stands inside quotation marks."""
        first, last = self.reading.pieces.cover(span.start, span.end)
        return last > first and int(self.reading.pieces.marks[first]) in (INSIDE, UNCLOSED)

    def byline(self) -> str | None:
        """The writer's name where the text begins with a byline."""
        match = re.search(r"(?:^|\n|— ?|\()By ([A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){1,3})", self.text[:600])
        return match[1] if match else None

    @staticmethod
    def made(
        name: str, kind: SpeakerKind, confidence: float, chain: tuple[Span, ...], role: str | None = None,
        affiliation: str | None = None, on_behalf_of: str | None = None, alternatives: tuple[Alternative, ...] = (),
    ) -> Speaker:
        """A speaker whose id is given when it is registered."""
        return Speaker("s0", name, kind, max(0.0, min(1.0, confidence)), role, affiliation, on_behalf_of, chain, alternatives)


def _governed(before: str) -> bool:
    """Whether a preposition right before a name, titles between them allowed, makes it a part of another noun phrase."""
    tokens = before.split()
    while tokens and (is_title(tokens[-1]) or tokens[-1][:1].isupper() or tokens[-1] in ("the", "his", "her", "their", "its", "a", "an")):
        tokens.pop()
    return bool(tokens) and tokens[-1].casefold() in _PREPOSITIONS


def description(source: str) -> tuple[str, int]:
    """The words of a description that name it: up to a clause or an aside; and how many characters of the source that is."""
    end = len(source)
    for stop in (r",", r"\s\(", r"\s+(?:who|whose|which|that|speaking|asking|writing)\b", r"\s+(?:on|under) condition\b", r"\s[—–-]\s"):
        match = re.search(stop, source)
        if match and match.start() > 0:
            end = min(end, match.start())
    return source[:end].strip(), end
