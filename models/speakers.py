"""Sources -> speakers: each source's name, from its own words or from the mentions it goes back to.

Exact things are rules (equal names, titles cut off, a surname that only one full name ends in); whom a pronoun, a
description or an ambiguous surname means, and whose words a quote without a source is, are the scorers' judgement.
"""

import bisect
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models import coreference
from models.antecedents import Antecedents, Ranked
from models.labels import KINDS
from models.marks import INSIDE, UNCLOSED
from models.mentions import Entity, Mentioned, entities, key_of, mentions, short_for
from models.names import HONORIFICS, NAME, bare, fold, is_name, is_title, pronoun_class, words
from models.records import Reading, Record
from models.roles import Described, describe, principal
from models.types import Alternative, QuoteType, Span, Speaker, SpeakerKind

SURE = 0.6  # an antecedent below this leaves a description its own words
SURER = 0.7  # the same for an indefinite one ("a Russian activist", named only later)
LEAST = 0.35  # an antecedent below this leaves a pronoun unresolved
SPOKEN = 0.35  # a speaker below this leaves a quote without a source without a speaker
DESCRIBED = 200  # mentions of an entity that are asked for its role
PLURAL = pronoun_class("they")
_PREPOSITIONS = frozenset(["for", "of", "to", "from", "at", "with", "in", "by", "on", "against", "who", "whose", "near", "behind", "under", "than", "as"])
_QUANTITY = frozenset(["some", "many", "one", "both", "others", "all"])
_AND = re.compile(r"\band\b|&")
_APART = re.compile(r"\b(?:for|at|from|between|with|who|whose|said|against|by|to)\b|['’]s\b")
_OF_PLACE = re.compile(r"\s(?:of|from)\s(?:the\s)?[A-Z][\w.-]+(?:\s[A-Z][\w.-]+)?")
_TOGETHER = re.compile(r"both(?: (?:men|women|sides|ministers|leaders|presidents|senators))?|the (?:two|pair)(?: \w+)?", re.I)
_MODIFIER = re.compile(r"\s(?!(?:who|whose|of|in|at|from|the|on|with|for|also|himself|herself|then|now|speaking|writing|as|and|or|via|is|was|has|had|a|an|told|said)\b)[a-z]{3,}")
_POSSESSIVE = re.compile(r"(?:his|her|their|its|my|our)\s", re.I)
_RELATIVE = frozenset(["who", "which", "that"])
_DEFINITE = re.compile(r"(?:the|this|that|both|these|those)\s", re.I)
_SPOKES = re.compile(r"\b(?:spokes(?:man|woman|person|people)|aide|lawyer|solicitor|attorney|representative|agent|press secretary|adviser|advisor)\b", re.I)
_ANONYMOUS = re.compile(r"\b(?:anonym|not to be named|not to be identified|asked not|unnamed|condition of|not authori[sz]ed|familiar with|declined to be named|insider|source|sources)\b", re.I)


class Resolver:
    """Names the source of each record of one text."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.found = mentions(reading)
        self.entities = entities(self.found, self.text)
        self.entity_of = {own.span: entity for entity in self.entities for own in entity.mentions}
        for own in self.found:
            if own.span not in self.entity_of:
                self.entity_of[own.span] = Entity(self.phrase(own), coreference.UNNAMED, [own])
        self.antecedents = Antecedents(reading, self.found, self.entity_of)
        self.begins = [own.span.start for own in self.found]
        self.by_name = {fold(entity.name): entity for entity in self.entity_of.values()}
        self.speakers: dict[str, Speaker] = {}
        self.joined: list[tuple[Span, str]] = []
        self.known: dict[int, Described] = {}

    def resolve(self) -> list[Speaker | None]:
        """One speaker (or None) a record, in order."""
        made: list[Speaker | None] = []
        self.antecedents.prepare([self.source_of(record) for record in self.reading.records if record.source >= 0 and self.is_open(record)])
        for record in self.reading.records:
            sourced = record.source >= 0 and not self.is_sign_off(record)
            made.append(self.registered(self.of_source(record, made) if sourced else self.of_no_source(record, made)))
        return made

    def source_of(self, record: Record) -> tuple[int, int]:
        """The pieces of a record's source."""
        first, last = self.reading.sources[record.source].tolist()
        return first, last

    def is_open(self, record: Record) -> bool:
        """Whether a source's own words may leave open who it is: a pronoun, a description, one word of a name."""
        span = self.reading.span(self.source_of(record))
        return sum(own.kind != coreference.UNNAMED and " " in own.name for own in self.between(span.start, span.end)) == 0

    def pieces_of(self, speaker: Speaker | None) -> list[tuple[int, int]]:
        """Where a speaker is mentioned by name, in pieces."""
        names = [] if speaker is None else [speaker.name, *(speaker.name.split(" and ") if speaker.kind is SpeakerKind.GROUP else ())]
        return [own.pieces for name in names for own in self.mentions_of(name)]

    def mentions_of(self, name: str) -> list[Mentioned]:
        """The mentions of the entity of a name."""
        entity = self.by_name.get(fold(name))
        return entity.mentions if entity else []

    def referents(self, spans: list[Span]) -> list[list[tuple[Span, float]]]:
        """See `Antecedents.referents`."""
        return self.antecedents.referents(spans)

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

    def of_source(self, record: Record, made: Sequence[Speaker | None]) -> Speaker | None:
        """The speaker of a record that has a source in the text."""
        span = self.reading.source_span(record)
        assert span is not None
        source = span.of(self.text)
        if _TOGETHER.fullmatch(source):
            joined = self.together(span, made, record)
            if joined is not None:
                return joined
        kind = pronoun_class(source)
        if kind < NAME and source.casefold() not in _QUANTITY:
            return self.of_pronoun(record, span, source, kind)
        inside = [own for own in self.between(span.start, span.end) if own.kind != coreference.UNNAMED]
        joint = self.joint(span, inside)
        if joint is not None:
            return self.made(joint[0], SpeakerKind.GROUP, record.linked, joint[1])
        several = KINDS[int(np.argmax(record.kind))] == "group" and _AND.search(source)
        head = None if several else self.head(span, source, inside) or self.titled(span, source)
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
        ranked = self.before_relative(span) if source.casefold() in _RELATIVE else self.ranked(record)
        if not ranked or ranked[0].probability < LEAST:
            return None
        if kind == PLURAL:
            for joint, name in reversed(self.joined):
                if joint.end <= span.start and joint.contains(ranked[0].mention.span):
                    return self.made(name, SpeakerKind.GROUP, record.linked * ranked[0].probability, (span, joint))
        return self.from_ranked(record, span, ranked)

    def of_description(self, record: Record, span: Span, source: str) -> Speaker:
        """A description: the name it goes back to where it is definite and one is sure, else itself."""
        name, until = description(source)
        behalf = principal(source)
        behalf_name = self.full(behalf) if behalf else None
        definite = bool(_DEFINITE.match(source)) or is_title(source.split()[0])
        if not _SPOKES.search(source) and not _POSSESSIVE.match(source):
            ranked = [own for own in self.ranked(record) if own.entity.kind != coreference.UNNAMED]
            if ranked and ranked[0].probability >= (SURE if definite else SURER):
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
                ranked = [own for own in self.ranked(record) if own.entity in fuller]
                if ranked:
                    total = sum(own.probability for own in ranked) or 1.0
                    entity, name = ranked[0].entity, ranked[0].entity.name
                    confidence = record.linked * ranked[0].probability / total
                    others = tuple(Alternative(own.entity.name, min(1.0, own.probability / total)) for own in ranked[1:3])
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

    def before_relative(self, span: Span) -> list[Ranked]:
        """Whom "who" or "which" means: the mention right before it."""
        before = [own for own in self.between(max(0, span.start - 80), span.start) if not re.search(r"[.?!;]\s", self.text[own.span.end : span.start])]
        if not before:
            return []
        entity = self.entity_of[before[-1].span]
        return [Ranked(entity, 0.8, before[-1])]

    def ranked(self, record: Record) -> list[Ranked]:
        """The antecedents of a record's source."""
        return self.antecedents.of(self.source_of(record))

    def from_ranked(self, record: Record, span: Span | None, ranked: list[Ranked], linked: float | None = None) -> Speaker:
        """The best of the ranked as speaker, others as alternatives; `span` is the source, None where there is none."""
        best = ranked[0]
        entity, mention = best.entity, best.mention
        described = self.described(entity, mention)
        others = tuple(Alternative(own.entity.name, round(own.probability, 6)) for own in ranked[1:4] if own.probability >= 0.1)
        chain = [span, mention.span] if span else [mention.span]
        full = next((own.span for own in entity.mentions if own.name == entity.name), None)
        if full is not None and full not in chain:
            chain.append(full)
        kind = self.kind_of_entity(record, mention)
        confidence = (record.linked if linked is None else linked) * best.probability
        return self.made(entity.name, kind, confidence, tuple(chain), described.role, described.affiliation, None, others)

    def of_no_source(self, record: Record, made: Sequence[Speaker | None]) -> Speaker | None:
        """A quote without a source: whoever the speaker scorer finds by where it stands."""
        if record.type is QuoteType.INDIRECT:
            return None
        before = [self.mentions_of(own.name) if own else [] for own in _turns(made)]
        ranked = self.antecedents.speakers(record.content, before)
        if not ranked or ranked[0].probability < SPOKEN:
            return None
        return self.from_ranked(record, None, ranked, 1.0)

    def phrase(self, mention: Mentioned) -> str:
        """The words of an unnamed mention, with what belongs to it where it is a source."""
        sources = self.reading.sources
        low, high = np.searchsorted(sources[:, 0], [mention.pieces[0] - 5, mention.pieces[0] + 1])
        for pieces in sources[low:high].tolist():
            span = self.reading.span(pieces)
            if span.contains(mention.span) and span.start >= mention.span.start - 5:
                return description(span.of(self.text))[0]
        return mention.name

    def head(self, span: Span, source: str, inside: list[Mentioned]) -> Mentioned | None:
        """The name that is the source, not one that only belongs to it ("a spokesman for Lund", "Lund's wife")."""
        for own in inside:
            before, after = self.text[span.start : own.span.start], self.text[own.span.end : span.end]
            if re.match(r"['’]s?\s+\w", after) and own.kind != coreference.UNNAMED:
                continue
            if _governed(before):
                continue
            lead = before.strip(" ,“\"‘'")
            if own.kind == coreference.PERSON and _MODIFIER.match(after):
                continue  # "Biden administration", "Trump campaign spokeswoman Karoline Leavitt"
            if own.kind != coreference.PERSON:
                rest = after.strip(" ,")
                if rest and not re.match(r"['’]s?$", rest) and not after.startswith((",", " (", " and ")):
                    continue  # "Kremlin spokesman", "Treasury officials"
                if lead and lead.casefold() not in ("the", "both", "even", "but"):
                    continue
            return own
        return None

    def titled(self, span: Span, source: str) -> Mentioned | None:
        """A name behind a title that the name scores left in a description, between commas or not: "the member for Cork
        North, Deputy Aoife Ní Shúilleabháin"."""
        for part in re.finditer(r"[^,]+", source):
            words_of = part[0].strip()
            start = span.start + part.start() + len(part[0]) - len(part[0].lstrip())
            skip, until = bare(words_of)
            name = words_of[skip:until]
            if re.match(r"(?:of|for)\b", name) or _governed(words_of[:skip]):
                continue
            long = len(name.split()) > 1 or fold(words_of.split()[0]).rstrip(".") in HONORIFICS
            if name and long and is_name(name) and (skip or part.start()) and not is_title(name.split()[-1]) and words_of[0].isupper():
                at = start + skip
                return Mentioned(Span(at, at + len(name)), name, coreference.PERSON, self.reading.pieces.cover(at, at + len(name)))
        return None

    def joint(self, span: Span, inside: list[Mentioned]) -> tuple[str, tuple[Span, ...]] | None:
        """Two or more who speak together: "A and B" or "A, B and C" in full, and where they stand."""
        people = [own for own in inside if own.kind == coreference.PERSON]
        named = people if len(people) > 1 else [own for own in inside if own.kind in (coreference.ORGANIZATION, coreference.PLACE)]
        if len(named) < 2 or _APART.search(self.text[span.start : named[0].span.start]):
            return None
        chained, linked = [named[0]], False
        for first, second in itertools.pairwise(named):
            gap = _OF_PLACE.sub("", self.text[first.span.end : second.span.start])
            linked = bool(_AND.search(gap))
            if _APART.search(gap) or len(gap.split()) > 8 or not (linked or _only_titles(gap)):
                break
            chained.append(second)
            if linked:
                break
        if not linked or len(chained) < 2:
            return None
        names = [self.name_of(own) for own in chained]
        name = ", ".join(names[:-1]) + " and " + names[-1]
        self.joined.append((span, name))
        return name, tuple(own.span for own in chained)

    def together(self, span: Span, made: Sequence[Speaker | None], record: Record) -> Speaker | None:
        """Whom "both" or "the two men" means: those last named together, else the two who spoke last."""
        for joint, name in reversed(self.joined):
            if joint.end <= span.start:
                return self.made(name, SpeakerKind.GROUP, 0.7 * record.linked, (span, joint))
        last = [own for own in _turns(made) if own is not None and own.kind is SpeakerKind.PERSON]
        if len(last) < 2 or not all(own.chain for own in last):
            return None
        first, second = sorted(last, key=lambda own: own.chain[-1].start)
        return self.made(f"{first.name} and {second.name}", SpeakerKind.GROUP, 0.6 * record.linked, (span, first.chain[-1], second.chain[-1]))

    def name_of(self, mention: Mentioned) -> str:
        """The fullest name of a mention."""
        entity = self.entity_of.get(mention.span)
        return entity.name if entity else mention.name

    def full(self, name: str) -> str:
        """A name in words -> its fullest form in the text."""
        skip, until = bare(name)
        key = key_of(name[skip:until])
        fuller = {entity.name for entity in self.entities if key and short_for(key, key_of(entity.name), entity.kind == coreference.PERSON)}
        return fuller.pop() if len(fuller) == 1 else name[skip:until] if is_name(name) else name

    def described(self, entity: Entity | None, mention: Mentioned) -> Described:
        """Role and affiliation as the text gives them next to any mention, the nearest fullest first."""
        if entity is None:
            return describe(self.text, mention.span) if mention.kind == coreference.PERSON else Described(None, None)
        if id(entity) not in self.known:
            role = affiliation = None
            for own in entity.mentions[:DESCRIBED]:
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


def _turns(made: Sequence[Speaker | None]) -> list[Speaker | None]:
    """Who said the last quote, and who the one before that which somebody else said."""
    last = made[-1] if made else None
    other = next((own for own in reversed(made) if own is not None and (last is None or own.id != last.id)), None)
    return [last, other]


def _only_titles(gap: str) -> bool:
    """Whether nothing but a comma and titles stands between two names of a list."""
    return gap.strip().startswith(",") and all(is_title(word) or word[:1].isupper() for word in gap.replace(",", " ").split())


def _governed(before: str) -> bool:
    """Whether a preposition right before a name, titles between them allowed, makes it a part of another noun phrase."""
    tokens = before.split()
    while tokens and (is_title(tokens[-1]) or tokens[-1][:1].isupper() or tokens[-1] in ("the", "his", "her", "their", "its", "a", "an")):
        tokens.pop()
    return bool(tokens) and tokens[-1].casefold() in _PREPOSITIONS


def description(source: str) -> tuple[str, int]:
    """The words of a description that name it: up to a clause or an aside; and how many characters of the source that is."""
    end = len(source)
    for stop in (r",", r"\s\(", r"\s(?:itself|himself|herself|themselves)\b", r"\s+(?:speaking|asking|writing)\b", r"\s+who\s+(?:spoke|asked|declined|requested|refused|wished|(?:is|are|was|were) not)\b", r"\s+(?:on|under) condition\b", r"\s[—–-]\s"):
        match = re.search(stop, source)
        if match and match.start() > 0:
            end = min(end, match.start())
    return source[:end].strip(), end
