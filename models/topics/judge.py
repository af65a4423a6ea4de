"""Which topics a quote is about, judged over the quote in its context.

What is told of each topic: its words in the quote, in the names that the quote's pronouns stand for, in the reporting
sentence, in the sentence before, in the headline; and the classifier's own judgement from the encoder's states. A logistic
regression a topic weighs them (`models.training.calibrate` fits it); a topic added by file has no classifier, and rules weigh it.
"""

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from models.labels import CLASSIFIERS
from models.records import Reading, Record
from models.speakers import Resolver
from models.topics.files import TopicFile, load_files
from models.types import Span, Speaker, Topic

GIVEN = 0.5  # a topic below this confidence is not given
RIVALLED = 0.65  # the same for a topic that only the context names, where the quote itself names another
CAP = 0.8  # the highest confidence of a topic that has no classifier
MOST = 5  # spans of evidence
FEATURES = 18
CARRIED = 400  # characters between two quotes of one speaker of which the second may speak of what the first named
MEANT = 0.2  # a pronoun less probably a word of the topic is no evidence
FAR = 1500  # characters before a quote in which the words that its pronouns stand for may still be
# Of `Topics.features`, the bias last, before calibration: the classifier, words in the quote, its antecedents, its sentence.
UNFITTED = np.array([2, 0.5, 3, 0, 2, 0, 1, 0.7, 0, 0, 0, -1, 0, 0, 0, 1, -1, 1, -2], np.float32)
_THIRD = re.compile(r"(?<![\w])(?:they|them|their|it|its|he|him|his|she|her)(?![\w'’])", re.I)
_FIRST = re.compile(r"(?<![\w])(?:we|us|our|ours|I|my)(?![\w])")
_SENTENCE = re.compile(r"[.?!]['\"”’)]*\s|\n")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a topic's words stand around one record, by place."""

    quote: tuple[Span, ...]
    antecedents: tuple[tuple[Span, Span], ...]  # a pronoun of the quote and what it stands for
    meant: float  # how probable it is that a pronoun of the quote stands for a word of the topic, 0..1
    source: tuple[Span, ...]
    reporting: tuple[Span, ...]
    before: tuple[Span, ...]
    headline: tuple[Span, ...]
    far: tuple[Span, ...]
    carried: tuple[Span, ...]  # in what the same speaker said just before

    def near(self) -> tuple[Span, ...]:
        """What stands around the quote, not in it."""
        return self.reporting + self.before + self.carried

    def evidence(self) -> tuple[Span, ...]:
        """The strongest spans first, at most five, none twice."""
        spans = [*self.quote, *(span for pair in self.antecedents for span in pair), *self.reporting, *self.carried, *self.before, *self.source, *self.headline, *self.far]
        return tuple(dict.fromkeys(spans))[:MOST]


class Topics:
    """All topics known, judged together."""

    def __init__(self, files: Sequence[TopicFile], weights: Mapping[str, Any] | None = None) -> None:
        self.files = tuple(files)
        self.names = tuple(own.name for own in files)
        self.learned = CLASSIFIERS["topics"].labels
        self.methods = {name: "classifier" if name in self.learned else "terms" for name in self.names}
        self.weights = {name: np.array(own, np.float32) for name, own in (weights or {}).items()}

    @classmethod
    def load(cls, extra: Sequence[Path] = (), weights: Mapping[str, Any] | None = None) -> Self:
        """The topics that ship and those of the files named; raises `TopicFileError`."""
        return cls(load_files(extra), weights)

    def judge(self, reading: Reading, resolver: Resolver, who: Sequence[Speaker | None]) -> list[tuple[Topic, ...]]:
        """The topics of each record of a reading, the most confident first."""
        if not reading.records:
            return []
        found = self.look(reading, resolver, who)
        logits = self.logits(reading)
        made = []
        for index, record in enumerate(reading.records):
            about = []
            for number, topic in enumerate(self.files):
                own = found[index][number]
                evidence = own.evidence()
                if not evidence:
                    continue
                chance = self.chance(reading.text, record, topic, found[index], None if topic.name not in self.learned else float(logits[index, self.learned.index(topic.name)]))
                if chance >= (GIVEN if own.quote or own.antecedents or not any(other.quote for other in found[index]) else RIVALLED):
                    about.append(Topic(topic.name, chance, evidence))
            made.append(tuple(sorted(about, key=lambda own: (-own.confidence, own.topic))))
        return made

    def logits(self, reading: Reading) -> np.ndarray:
        """The classifier's judgement; [records, learned topics]."""
        contents = np.array([record.content for record in reading.records], np.int64).reshape(-1, 2)
        sources = np.array([reading.sources[r.source] if r.source >= 0 else (-1, -1) for r in reading.records], np.int64).reshape(-1, 2)
        cues = np.array([reading.cues[r.cue] if r.cue >= 0 else (-1, -1) for r in reading.records], np.int64).reshape(-1, 2)
        return reading.heads.classifiers["topics"](reading.states, (contents, sources, cues))

    def look(self, reading: Reading, resolver: Resolver, who: Sequence[Speaker | None]) -> list[list[Found]]:
        """Where each topic's words stand around each record; [records][topics]."""
        text = reading.text
        hits = [topic.find(text) for topic in self.files]
        starts = [[span.start for span in own] for own in hits]
        headline = text.find("\n") if "\n" in text[:200] else 0
        made = []
        pronouns = _pronouns(reading)
        referents = resolver.referents([span for own in pronouns for span in own])
        at = 0
        for index, (record, own) in enumerate(zip(reading.records, pronouns, strict=True)):
            last = reading.records[index - 1] if index and _same(who[index - 1], who[index]) else None
            goes_on = last is not None and record.spans[0].start - last.spans[-1].end < CARRIED
            pairs = list(zip(own, referents[at : at + len(own)], strict=True))
            at += len(own)
            start, end = record.spans[0].start, record.spans[-1].end
            left = _sentence_start(text, start)
            right = _sentence_end(text, end)
            before = _sentence_start(text, max(0, left - 2))
            source = reading.source_span(record)
            row = []
            for all_spans, begins in zip(hits, starts, strict=True):
                spans = all_spans[bisect.bisect_left(begins, max(0, left - FAR)) : bisect.bisect_left(begins, right)]
                inside = tuple(span for span in spans if any(part.overlaps(span) for part in record.spans))
                rest = [span for span in spans if span not in inside]
                by = tuple(span for span in rest if source is not None and source.overlaps(span))
                row.append(
                    Found(
                        inside,
                        *_meant(pairs, all_spans, begins),
                        by,
                        tuple(span for span in rest if left <= span.start < right and span not in by),
                        tuple(span for span in rest if before <= span.start < left and span not in by)[-2:],
                        tuple(span for span in all_spans[:8] if span.start < headline and span not in inside)[:1],
                        tuple(span for span in rest if left - FAR <= span.start < before)[-1:],
                        tuple(span for span in rest if last is not None and goes_on and any(part.contains(span) for part in last.spans))[:2],
                    )
                )
            made.append(row)
        return made

    def features(self, text: str, record: Record, topic: TopicFile, row: Sequence[Found], logit: float) -> np.ndarray:
        """What the regression is told of a record and a topic, given all topics' words around it; [FEATURES]."""
        own = row[self.files.index(topic)]
        others = [other for other in row if other is not own]
        words = " ".join(span.of(text) for span in record.spans)
        strong = [span for span in own.quote if not topic.is_weak(span.of(text))]
        nearby = [span for span in (*own.reporting, *own.before) if not topic.is_weak(span.of(text))]
        excluded = bool(topic.excluded and topic.excluded.search(words))
        return np.array(
            [
                logit / 4, bool(own.quote), bool(strong), min(len(own.quote), 3) / 3, own.meant, bool(own.source),
                bool(own.source) and bool(_FIRST.search(words)), bool(own.reporting), bool(own.before), bool(nearby),
                bool(own.headline), excluded, bool(_THIRD.search(words)), min(len(words), 300) / 300,
                bool(own.far) and not topic.is_weak(own.far[-1].of(text)),
                any(not topic.is_weak(span.of(text)) for span in own.carried) and not own.quote,
                not own.quote and any(other.quote for other in others),
                bool(own.near()) and not own.quote and not any(other.near() or other.quote for other in others),
            ],
            np.float32,
        )

    def chance(self, text: str, record: Record, topic: TopicFile, row: Sequence[Found], logit: float | None) -> float:
        """The probability 0..1 that a record is about a topic."""
        if logit is None:
            own = row[self.files.index(topic)]
            strong = any(not topic.is_weak(span.of(text)) for span in own.quote)
            return CAP if strong else 0.65 if own.antecedents else 0.55 if own.source and _FIRST.search(" ".join(s.of(text) for s in record.spans)) else 0.0
        x = self.features(text, record, topic, row, logit)
        weights = self.weights.get(topic.name, UNFITTED)
        return float(1 / (1 + np.exp(-float(x @ weights[:-1] + weights[-1]))))


def _same(one: Speaker | None, other: Speaker | None) -> bool:
    return one is not None and other is not None and one.id == other.id


def _meant(
    pairs: list[tuple[Span, list[tuple[Span, float]]]], spans: list[Span], begins: list[int]
) -> tuple[tuple[tuple[Span, Span], ...], float]:
    """The pronouns that likely stand for a word of the topic, each with that word, and the probability of the likeliest."""
    found, most = [], 0.0
    for pronoun, names in pairs:
        hits = [(hit, chance) for name, chance in names for hit in _overlapping(spans, begins, name)]
        mass = sum(chance for _, chance in hits)
        most = max(most, min(1.0, mass))
        if mass >= MEANT:
            found.append((pronoun, hits[0][0]))
    return tuple(found[:2]), most


def _overlapping(spans: list[Span], begins: list[int], name: Span) -> list[Span]:
    """The spans, sorted by start, that share a character with a name."""
    at = bisect.bisect_left(begins, name.end)
    return [span for span in spans[max(0, at - 3) : at] if span.overlaps(name)]


def _sentence_start(text: str, at: int) -> int:
    """Where the sentence that holds a character begins."""
    last = 0
    for match in _SENTENCE.finditer(text, max(0, at - 600), at):
        last = match.end()
    return max(last, at - 600, 0)


def _sentence_end(text: str, at: int) -> int:
    """Where the sentence that holds a character ends; a quotation's own full stop does not end it."""
    match = re.compile(r"[.?!](?=\s|$)|\n").search(text, min(at + 1, len(text)), at + 600)
    return match.end() if match else min(len(text), at + 600)


def _pronouns(reading: Reading) -> list[list[Span]]:
    """The third-person pronouns of each record, at most four."""
    return [
        [Span(*match.span()) for part in record.spans for match in _THIRD.finditer(reading.text, part.start, part.end)][:4]
        for record in reading.records
    ]
