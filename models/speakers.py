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

from models import coreference, kinds, sources, turns
from models.antecedents import Antecedents, Ranked
from models.descriptions import Descriptions, says_more
from models.interviews import Labels
from models.labels import KINDS
from models.marks import INSIDE, UNCLOSED
from models.mentions import Entity, Mentioned, entities, key_of, mentions, short_for
from models.names import NAME, bare, fold, is_name, is_title, pronoun_class, words
from models.records import Reading, Record, hears, trimmed
from models.roles import Described, describe, principal, principal_behind
from models.sources import SPOKES
from models.together import together
from models.types import Alternative, QuoteType, Span, Speaker, SpeakerKind

SURE = 0.5  # an antecedent below this leaves a description its own words
SURER = 0.7  # the same for an indefinite one ("a Russian activist", named only later), and whose a reported clause without a source is
LEAST = 0.35  # an antecedent below this leaves a pronoun unresolved
HELD = 0.85  # how sure a description is that the same words beside a name tell
SPOKEN = 0.35  # a speaker below this leaves a quote without a source without a speaker
NEXT = 80  # characters before "who" in which the mention may stand that it means
EXPLAINED = 200  # the same where an apposition stands between
SENTENCE = 4  # records before one in whose sentence it may stand
NESTED = 6  # records before one in whose quotation it may stand
DESCRIBED = 200  # mentions of an entity that are asked for its role
SINGULAR, PLURAL = pronoun_class("it"), pronoun_class("they")
_QUANTITY = frozenset(["some", "many", "one", "both", "others", "all"])
_TOGETHER = re.compile(r"both(?: (?:men|women|sides|ministers|leaders|presidents|senators|diplomats|officials|politicians|lawmakers|candidates|rivals))?|the (?:two|pair)(?: \w+)?", re.I)
_OWNED = re.compile(r"(?:the\s)?[A-ZÀ-Þ][\w.-]*(?:\s[A-ZÀ-Þ][\w.-]*)*['’]s?\s")
_POSSESSIVE = re.compile(r"(?:his|her|their|its|my|our)\s", re.I)
_RELATIVE = frozenset(["who", "which", "that"])
_DEFINITE = re.compile(r"(?:the|this|that|both|these|those)\s", re.I)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)\s(?:\w+\s)?\w+(?:ed|n|t|ught)(?:\s(?:as|by|of|for|to))?$")  # who says it, stands behind it or nowhere
_HERE = re.compile(r"the\s(?!.*\sfor\s)", re.I)  # "the lawyer" has been named or will be; whose the lawyer is, is said where not
_BYLINE = re.compile(
    r"(?:(?:^|\n|— ?|\()By|(?:^|\n)(?:Opinion|Comment|Column|Analysis|Viewpoint|Essay|Diary|Letter)\s*[|:/–—-])\s*([A-ZÀ-Þ][\w'’.-]+(?: [A-ZÀ-Þ][\w'’.-]+){1,3})"
)


def listed(names: Sequence[str]) -> str:
    """Hale, Lund and Tamm."""
    return ", ".join(names[:-1]) + " and " + names[-1]


class Resolver:
    """Names the source of each record of one text."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.labels = Labels(self.text)
        self.found = mentions(reading)
        self.entities = entities(self.found, self.text)
        self.entity_of = {own.span: entity for entity in self.entities for own in entity.mentions}
        for own in self.found:
            if own.span not in self.entity_of:
                self.entity_of[own.span] = Entity(self.phrase(own), coreference.UNNAMED, [own])
        self.groups = several = self.several()
        groups = {id(own): own.mentions for own in several.values()}
        self.antecedents = Antecedents(reading, sorted(itertools.chain(self.found, *groups.values()), key=lambda own: own.span), self.entity_of | several)
        self.descriptions = Descriptions(self.text, self.antecedents, self.entity_of)
        self.begins = [own.span.start for own in self.found]
        self.by_name = {fold(entity.name): entity for entity in self.entity_of.values()}
        self.speakers: dict[str, Speaker] = {}
        self.joined: list[tuple[Span, str]] = []
        self.by_cue: dict[int, Speaker] = {}  # a cue -> who said the first record that has it and a source
        self.known: dict[int, Described] = {}
        self.answered: list[Speaker | None] = []  # of the records so far

    def several(self) -> dict[Span, Entity]:
        """Those named together: the span of each, and who they are."""
        made: dict[Span, Entity] = {}
        by_name: dict[str, Entity] = {}
        for chain in together(self.text, [(own.span.start, own.span.end, own.kind) for own in self.found]):
            first, last = self.found[chain[0]], self.found[chain[-1]]
            name = listed([self.name_of(self.found[index]) for index in chain])
            span = Span(first.span.start, last.span.end)
            made[span] = by_name.setdefault(name, Entity(name, coreference.TOGETHER))
            made[span].mentions.append(Mentioned(span, name, coreference.TOGETHER, (first.pieces[0], last.pieces[1])))
        return made

    def resolve(self) -> list[Speaker | None]:
        """One speaker (or None) a record, in order."""
        self.answered = []
        self.antecedents.prepare([sources.of_record(self.reading, record) for record in self.reading.records if record.source >= 0 and self.is_open(record)])
        for record in self.reading.records:
            speaker = self.registered(self.of_turn(record))
            if speaker is not None and record.source >= 0 and record.cue >= 0:
                self.by_cue.setdefault(record.cue, speaker)
            self.answered.append(speaker)
        return self.answered

    def of_turn(self, record: Record) -> Speaker | None:
        """The speaker of a record; a turn of an interview that is labelled Q or A is told by its label too."""
        label = self.labels.of(record.spans[0].start)
        speaker = self.of_source(record) if record.source >= 0 else None if label else self.of_no_source(record)
        asked = self.answered[-1].name if label == "A" and self.answered and self.answered[-1] is not None else ""
        speaker = None if label and speaker is not None and speaker.name in ("Q", "A", asked) else speaker
        guest = self.guest(asked) if label == "A" and speaker is None else None
        return self.from_ranked(record, None, [Ranked(guest, HELD, guest.mentions[0])], 1.0) if guest else speaker

    def guest(self, asked: str) -> Entity | None:
        """Who answers in an interview: the person named most often before the first question, else in the whole text; not who `asked`."""
        people = [own for own in self.entities if own.kind == coreference.PERSON and own.name not in ("Q", "A", asked)]
        early = {id(own): sum(mention.span.end <= self.labels.begin for mention in own.mentions) for own in people}
        return max(people, key=lambda own: (early[id(own)], len(own.mentions), -own.mentions[0].span.start), default=None)

    def is_open(self, record: Record) -> bool:
        """Whether a source's own words may leave open who it is: a pronoun, a description, one word of a name."""
        span = self.reading.span(sources.of_record(self.reading, record))
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
        span = sources.teased(self.text, trimmed(self.text, self.reading.span(sources.of_record(self.reading, record))))
        span = sources.described_as(self.text, span)
        source = span.of(self.text)
        if _TOGETHER.fullmatch(source):
            joined = self.together(span, record)
            if joined is not None:
                return joined
        kind = pronoun_class(source)
        if kind < NAME and source.casefold() not in _QUANTITY:
            return self.of_pronoun(record, span, source, kind)
        inside = [own for own in self.between(span.start, span.end) if own.kind != coreference.UNNAMED]
        together = sources.joint(self.text, span, inside)
        if len(names := list(dict.fromkeys(self.name_of(own) for own in together))) > 1:
            name = listed(names)
            self.joined.append((span, name))
            return self.made(name, SpeakerKind.GROUP, record.linked, tuple(own.span for own in together))
        several = sources.lists(source, KINDS[int(np.argmax(record.kind))] == "group")
        head = None if several else sources.head(self.text, span, inside) or sources.titled(self.reading.pieces, span) or self.unfound(span, source)
        if head is not None:
            return self.of_entity(record, head, span)
        return self.of_description(record, span, source)

    def unfound(self, span: Span, source: str) -> Mentioned | None:
        """A source of one word that the scores did not take for a name, where it is a part of somebody's."""
        if " " in source or not is_name(source):
            return None
        known = [own for own in self.entities if own.kind == coreference.PERSON and fold(source) in words(own.name)]
        if not known:
            return None
        made = Mentioned(span, source, coreference.PERSON, self.reading.pieces.cover(span.start, span.end))
        self.entity_of[span] = known[0] if len(known) == 1 else Entity(source, coreference.PERSON, [made])
        return made

    def of_pronoun(self, record: Record, span: Span, source: str, kind: int) -> Speaker | None:
        """A pronoun: the writer's I, or what the antecedent scorer finds, which ranks people and bodies; else "it" is the paper that
        spoke last, if one did; never a guess."""
        if kind == 4 and not self.in_marks(span):
            byline = self.byline()
            if byline is not None:
                return self.made(byline, SpeakerKind.AUTHOR, record.linked, (span,))
            return None
        if kind == 4:
            return self.quoting(span)
        if kind == 6:
            return None
        relative = source.casefold() in _RELATIVE
        ranked = self.before_relative(span) if relative else self.ranked(record)
        if not ranked or ranked[0].probability < LEAST:
            last = next((own for own in reversed(self.answered) if own is not None), None) if kind == SINGULAR else None
            if last is None or last.kind is not SpeakerKind.DOCUMENT:
                return None
            return self.made(last.name, last.kind, record.linked * HELD, (span, *last.chain[:1]))
        whole = sources.around(self.text, ranked[0].mention, span.start if relative else None) if relative or kind == SINGULAR else None
        if whole is not None:
            name = whole.of(self.text)
            of_kind = kinds.of_words(self.reading, record, name) if relative else SpeakerKind.DOCUMENT
            known = next((own for own in reversed(self.speakers.values()) if own.kind is of_kind and (says_more(own.name, name) or own.name.startswith(name + " "))), None)
            return self.made(known.name if known else name, of_kind, record.linked * ranked[0].probability, (span, whole))
        if kind == PLURAL:
            for joint, name in reversed(self.joined):
                if joint.end <= span.start and joint.contains(ranked[0].mention.span):
                    return self.made(name, SpeakerKind.GROUP, record.linked * ranked[0].probability, (span, joint))
        return self.from_ranked(record, span, ranked)

    def quoting(self, span: Span) -> Speaker | None:
        """Who says the quotation in which a span stands: whom "I" means there."""
        at = len(self.answered)
        for record, speaker in zip(reversed(self.reading.records[max(0, at - NESTED) : at]), reversed(self.answered), strict=False):
            if any(each.contains(span) for each in record.spans):
                return replace(speaker, confidence=speaker.confidence * HELD) if speaker else None
        return None

    def of_description(self, record: Record, span: Span, source: str) -> Speaker:
        """A description: the name it goes back to where it is definite and one is sure, else itself."""
        name, until = sources.description(source)
        behalf_name = self.behalf(span, principal(source))
        definite = bool(_DEFINITE.match(source)) or is_title(source.split()[0])
        kind = kinds.of_words(self.reading, record, source)
        here = Span(span.start, span.start + until)
        label = source.isupper() and len(source) > 1  # of a transcript: PRESENTER
        spokes = SPOKES.search(source) and not _HERE.match(source)
        closed = label or bool(spokes or _POSSESSIVE.match(source))
        owned = bool(_OWNED.match(source))
        if not (closed or owned):
            holder = self.descriptions.holder(source) if definite and kind is SpeakerKind.PERSON else None
            if holder is not None:
                return self.from_ranked(record, span, [Ranked(self.entity_of[holder.span], HELD, holder)])
            body = self.descriptions.body(source) if definite and kind is SpeakerKind.ORGANIZATION else None
            if body is not None:
                return self.from_ranked(record, span, [Ranked(body, HELD, body.mentions[0])])
        if not closed and (not owned or kind is SpeakerKind.PERSON):  # "Moldova's intelligence service" names itself
            inside = {id(self.entity_of[own.span]) for own in self.between(span.start, span.end)}
            said = set(words(source))  # "US officials" are not the US, however like its name they sound
            ranked = [
                own for own in self.ranked(record)
                if id(own.entity) not in inside and kinds.may_be(record, own.entity) and not said.issuperset(words(own.entity.name))
            ]
            if ranked and ranked[0].probability >= (SURE if definite else SURER):
                return self.from_ranked(record, span, ranked)
        if definite:
            before = self.descriptions.earlier(source, span.start)
            if before is not None:
                behalf_name = behalf_name or next((own.on_behalf_of for own in self.speakers.values() if own.name == self.phrase(before)), None)
                return self.made(self.phrase(before), kind, record.linked * HELD, (here, before.span), on_behalf_of=behalf_name)
            known = next((own for own in reversed(self.speakers.values()) if own.kind is kind and says_more(own.name, source)), None)
            if known is not None and not label:
                return self.made(known.name, kind, record.linked * HELD, (here, *known.chain[:1]), on_behalf_of=behalf_name or known.on_behalf_of)
        return self.made(name, kind, record.linked, (here,), on_behalf_of=behalf_name)

    def of_entity(self, record: Record, head: Mentioned, span: Span) -> Speaker | None:
        """A source that holds its own name."""
        entity = self.entity_of.get(head.span)
        name = entity.name if entity else head.name
        confidence = record.linked
        others: tuple[Alternative, ...] = ()
        namesakes = self.namesakes(entity) if entity is not None and head.kind == coreference.PERSON else []
        if self.left_open(namesakes, span.start):
            return None
        if namesakes:
            ranked = [own for own in self.ranked(record) if own.entity in namesakes]
            total = sum(own.probability for own in ranked) or 1.0
            entity = ranked[0].entity if ranked else namesakes[0]
            name, confidence = entity.name, record.linked * (ranked[0].probability / total if ranked else HELD)
            others = tuple(Alternative(own.entity.name, min(1.0, own.probability / total)) for own in ranked[1:3])
        described = self.described(entity, head)
        kind = kinds.of_name(self.reading, record, head)
        chain = [Span(head.span.start, head.span.end)]
        if entity is not None and fold(head.name) != fold(name):
            full = next((own.span for own in entity.mentions if own.name == name), None)
            chain += [full] if full else []
        behalf = principal(span.of(self.text)) if SPOKES.search(span.of(self.text)) else principal_behind(self.text, head.span.end)
        return self.made(
            name, kind, confidence, tuple(chain), described.role, described.affiliation,
            self.behalf(span, behalf), others,
        )

    def namesakes(self, entity: Entity) -> list[Entity]:
        """Several people whose fuller names a name of one word may be short for, the one named most often first."""
        known = words(entity.name)
        if len(known) != 1:
            return []
        found = [other for other in self.entities if other.kind == coreference.PERSON and other is not entity and known[0] in words(other.name) and not other.apart(entity.gender)]
        return sorted(found, key=lambda own: -len(own.mentions)) if len(found) > 1 else []

    def bearer(self, mention: Mentioned, entity: Entity) -> Entity:
        """The person whom a name of one word means that several bear: the likeliest of them as its antecedent, else who is named most often."""
        namesakes = self.namesakes(entity)
        ranked = [own.entity for own in self.antecedents.of(mention.pieces) if own.entity in namesakes] if namesakes else []
        return ranked[0] if ranked else namesakes[0] if namesakes else entity

    def left_open(self, namesakes: list[Entity], at: int) -> bool:
        """Whether people who share a name were last named together before a place (characters), so that their name alone says neither:
        "Ann and Bo Hale came. Hale said …"."""
        last = [max((own.span for own in entity.mentions if own.span.end <= at), default=None) for entity in namesakes]
        return len(last) > 1 and any(all(own is not None and group.contains(own) for own in last) for group in self.groups)

    def before_relative(self, span: Span) -> list[Ranked]:
        """Whom "who" or "which" means: the mention right before it, or who is explained by all that stands before it."""
        before = [own for own in self.between(max(0, span.start - EXPLAINED), span.start) if not re.search(r"[.?!;]\s", self.text[own.span.end : span.start])]
        explained = [own for own in before if sources.explains(self.text, own, span.start)]
        found = explained or [own for own in before if own.span.start >= span.start - NEXT]
        return [Ranked(self.entity_of[found[-1].span], 0.8, found[-1])] if found else []

    def ranked(self, record: Record) -> list[Ranked]:
        """The antecedents of a record's source; inside a quotation not the person who says it, who would be "I" there."""
        pieces = sources.of_record(self.reading, record)
        found, span = self.antecedents.of(pieces), self.reading.span(pieces)
        outer = self.quoting(span) if self.in_marks(span) else None
        return [own for own in found if outer is None or own.entity.kind != coreference.PERSON or own.entity.name != outer.name]

    def from_ranked(self, record: Record, span: Span | None, ranked: list[Ranked], linked: float | None = None) -> Speaker:
        """The best of the ranked as speaker, others as alternatives; `span` is the source, None where there is none."""
        best = ranked[0]
        entity, mention = best.entity, best.mention
        if entity.kind == coreference.PERSON:
            entity = self.bearer(mention, entity)
        described = self.described(entity, mention)
        others = tuple(Alternative(own.entity.name, round(own.probability, 6)) for own in ranked[1:4] if own.probability >= 0.1)
        chain = [span, mention.span] if span else [mention.span]
        full = next((own.span for own in entity.mentions if own.name == entity.name), None)
        if full is not None and full not in chain:
            chain.append(full)
        kind = kinds.of_name(self.reading, record, mention)
        confidence = (record.linked if linked is None else linked) * best.probability
        return self.made(entity.name, kind, confidence, tuple(chain), described.role, described.affiliation, None, others)

    def of_no_source(self, record: Record) -> Speaker | None:
        """A quote without a source: who said the one that has the same cue, else whoever the speaker scorer finds by where it stands."""
        cue = self.reading.cue_span(record)
        if cue is not None and hears(cue.of(self.text)):
            return None
        if record.type is QuoteType.INDIRECT:
            return self.of_conjunct(record)
        speaker = self.by_cue.get(record.cue)
        if speaker is not None:
            return replace(speaker, confidence=speaker.confidence * HELD)
        turn = turns.whose(self.text, self.reading.records, self.answered)
        if turn is not None:
            return replace(turn, confidence=turn.confidence * HELD)
        ranked = self.spoke(record)
        if not ranked or ranked[0].probability < SPOKEN:
            return None
        return self.from_ranked(record, None, ranked, 1.0)

    def of_conjunct(self, record: Record) -> Speaker | None:
        """Who said, in the same sentence, what stands before a reported clause whose verb has no source of its own ("she said …, and
        promised …", "…, she said, adding that …"); else whom the speaker scorer finds in that sentence before the verb."""
        cue = self.reading.cue_span(record)
        if cue is None or _PASSIVE.search(self.text[max(0, cue.start - 30) : cue.start] + cue.of(self.text)):
            return None
        sentence = self.reading.pieces.sentence
        at = int(sentence[self.reading.cues[record.cue][0]])
        near = slice(max(0, len(self.answered) - SENTENCE), len(self.answered))
        for earlier, speaker in zip(reversed(self.reading.records[near]), reversed(self.answered[near]), strict=True):
            source = self.reading.source_span(earlier)
            if speaker is not None and source is not None and int(sentence[self.reading.sources[earlier.source][0]]) == at and source.end <= cue.start:
                return replace(speaker, confidence=speaker.confidence * HELD)
        ranked = self.spoke(record)
        if ranked and ranked[0].probability >= SURER and any(int(sentence[own.pieces[0]]) == at and own.span.end <= cue.start for own in ranked[0].entity.mentions):
            return self.from_ranked(record, None, ranked, 1.0)
        return None

    def spoke(self, record: Record) -> list[Ranked]:
        """Whose words a record is, told from where it stands and who spoke before."""
        before = [self.mentions_of(own.name) if own else [] for own in turns.last_two(self.answered)]
        return self.antecedents.speakers(record.content, before)

    def phrase(self, mention: Mentioned) -> str:
        """The words of an unnamed mention, with what belongs to it where it is a source."""
        tagged = self.reading.sources
        low, high = np.searchsorted(tagged[:, 0], [mention.pieces[0] - 5, mention.pieces[0] + 1])
        for pieces in tagged[low:high].tolist():
            span = self.reading.span(pieces)
            if span.contains(mention.span) and span.start >= mention.span.start - 5:
                return sources.description(span.of(self.text))[0]
        return mention.name

    def together(self, span: Span, record: Record) -> Speaker | None:
        """Whom "both" or "the two men" means: those last named together, else the two who spoke last."""
        for joint, name in reversed(self.joined):
            if joint.end <= span.start:
                return self.made(name, SpeakerKind.GROUP, 0.7 * record.linked, (span, joint))
        last = [own for own in turns.last_two(self.answered) if own is not None and own.kind is SpeakerKind.PERSON]
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

    def behalf(self, span: Span, words: str | None) -> str | None:
        """The name of a principal in words; of a pronoun's, where one knows whom it means ("his lawyer")."""
        if words is None:
            return None
        if pronoun_class(words) >= NAME:
            return self.full(words)
        at = re.search(rf"\b{words}\b", span.of(self.text))
        pronoun = Span(span.start + at.start(), span.start + at.end()) if at else None
        meant = [own for own, chance in self.referents([pronoun])[0] if chance >= LEAST and not span.overlaps(own)] if pronoun else []
        return self.full(meant[0].of(self.text)) if meant else None

    def described(self, entity: Entity | None, mention: Mentioned) -> Described:
        """Role and affiliation as the text gives them next to any mention, the nearest fullest first."""
        if entity is None:
            return describe(self.text, mention.span, self.source_of(mention)) if mention.kind == coreference.PERSON else Described(None, None)
        if id(entity) not in self.known:
            role = affiliation = None
            for own in entity.mentions[:DESCRIBED]:
                if own.kind == coreference.PERSON and not (role and affiliation):
                    found = describe(self.text, own.span, self.source_of(own))
                    role, affiliation = role or found.role, affiliation or found.affiliation
            self.known[id(entity)] = Described(role, affiliation)
        return self.known[id(entity)]

    def source_of(self, mention: Mentioned) -> int | None:
        """Where the source begins that holds a mention; None where it is in none."""
        sources = self.reading.sources
        at = int(sources[:, 0].searchsorted(mention.pieces[0], side="right")) - 1
        return int(self.reading.pieces.starts[sources[at, 0]]) if at >= 0 and mention.pieces[0] < sources[at, 1] else None

    def in_marks(self, span: Span) -> bool:
        """Whether a span stands inside quotation marks."""
        first, last = self.reading.pieces.cover(span.start, span.end)
        return last > first and int(self.reading.pieces.marks[first]) in (INSIDE, UNCLOSED)

    def byline(self) -> str | None:
        """The writer's name where the text begins with a byline or the head of a column."""
        match = _BYLINE.search(self.text[:600])
        return match[1] if match else None

    @staticmethod
    def made(
        name: str, kind: SpeakerKind, confidence: float, chain: tuple[Span, ...], role: str | None = None,
        affiliation: str | None = None, on_behalf_of: str | None = None, alternatives: tuple[Alternative, ...] = (),
    ) -> Speaker:
        """A speaker whose id is given when it is registered."""
        return Speaker("s0", name, kind, max(0.0, min(1.0, confidence)), role, affiliation, on_behalf_of, chain, alternatives)
