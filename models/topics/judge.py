"""Which topics a quote is about, judged over the quote in its context.

The relevance head (`models.network.Relevance`) reads the pieces around a record, with what the topics' word lists say of them,
and where it looks is the evidence. A topic added by file has no part in the head: its words in the quote, in what the quote's
pronouns stand for or in the source decide, by rule.
"""

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.labels import LEARNED_TOPICS
from models.records import Reading, trimmed
from models.scoring import sigmoid
from models.speakers import Resolver
from models.topics.files import Text, TopicFile, load_files
from models.topics.places import NUMBER, others, places, reach, terms
from models.types import Span, Speaker, Topic

GIVEN = 0.5  # no topic is given with a lower confidence
CAP = 0.8  # the highest confidence of a topic that the head does not know
MOST = 5  # spans of evidence
CHUNK = 32  # records judged together: neighbours, so that what they reach is nearly the same
SEEN = 0.04  # attention of a piece from which it can be evidence, 0..1
MEANT = 0.2  # a pronoun less probably a word of the topic is no evidence
_EMPTY = frozenset(
    ["a", "an", "the", "of", "for", "in", "on", "at", "to", "by", "from", "with", "without", "into", "over", "under", "and", "or", "but", "nor", "as", "than", "that", "if", "so", "is", "are", "was", "were", "be", "been", "being", "am", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "may", "might", "must", "shall", "should", "not", "no", "yes", "there", "here", "when", "where", "while", "because", "about", "up", "down", "out", "off", "per", "cent", "said", "says", "say"]
)  # words that carry no topic by themselves: evidence only where nothing else is
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_THIRD = re.compile(r"(?<![\w])(?:they|them|their|it|its|he|him|his|she|her)(?![\w'’])", re.I)
_FIRST = re.compile(r"(?<![\w])(?:we|us|our|ours|I|my)(?![\w])")


@dataclass(frozen=True, slots=True)
class View:
    """What the head reads around one record: the pieces from `low` on, their places, the topics' words, its verdict.

    `logits` [topics]; `attention` [topics, pieces], 0..1.
    """

    low: int
    places: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]
    logits: npt.NDArray[np.float32]
    attention: npt.NDArray[np.float32]


def around(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What the head says of the records before and after each, the sum of both probabilities; [records, topics].

    Quotes that stand together are often about one thing: with it F1 of topics is .005 higher on dev (five-fold) and .01 where
    they stand by reference.
    """
    padded = np.pad(sigmoid(logits), ((1, 1), (0, 0)))
    made: npt.NDArray[np.float32] = padded[:-2] + padded[2:]
    return made


class Topics:
    """All topics known, judged together; `weights` holds, for each learned topic, what makes its logit a probability (a slope, a
    shift, and the weight of what the head says of the records before and after), and from which probability on it is given, all
    fitted on dev."""

    def __init__(self, files: Sequence[TopicFile], weights: Mapping[str, Any] | None = None) -> None:
        self.files = tuple(files)
        self.names = tuple(own.name for own in files)
        self.methods = {name: "classifier" if name in LEARNED_TOPICS else "terms" for name in self.names}
        self.weights = {name: tuple((weights or {}).get(name, (1.0, 0.0, 0.0, GIVEN))) for name in LEARNED_TOPICS}
        self._added = tuple(own for own in files if own.name not in LEARNED_TOPICS)

    @classmethod
    def load(cls, extra: Sequence[Path] = (), weights: Mapping[str, Any] | None = None) -> Self:
        """The topics that ship and those of the files named; raises `TopicFileError`."""
        return cls(load_files(extra), weights)

    def judge(self, reading: Reading, resolver: Resolver, who: Sequence[Speaker | None]) -> list[tuple[Topic, ...]]:
        """The topics of each record of a reading, the most confident first."""
        if not reading.records:
            return []
        words = Text(reading.text) if self._added else None
        added = [self._by_words(reading, resolver, topic, topic.find(words)) for topic in self._added if words]
        made = []
        views = self.views(reading, resolver, who)
        for index, (view, chances) in enumerate(zip(views, self.chances(views).tolist(), strict=True)):
            about = [own[index] for own in added]
            for number, (name, chance) in enumerate(zip(LEARNED_TOPICS, chances, strict=True)):
                if chance >= self.weights[name][3]:
                    evidence = self.evidence(reading, view, number)
                    about.append(Topic(name, max(GIVEN, chance), evidence) if evidence else None)
            made.append(tuple(sorted((topic for topic in about if topic), key=lambda own: (-own.confidence, own.topic))))
        return made

    def chances(self, views: Sequence[View]) -> npt.NDArray[np.float32]:
        """The calibrated probability of each learned topic for each record of a text, 0..1; [records, topics]."""
        slopes, shifts, weights, _ = np.array([self.weights[name] for name in LEARNED_TOPICS], np.float32).T
        logits = np.stack([view.logits for view in views])
        return sigmoid(slopes * logits + weights * around(logits) + shifts)

    def views(self, reading: Reading, resolver: Resolver, who: Sequence[Speaker | None]) -> list[View]:
        """What the head reads and says of each record."""
        own = terms(reading.pieces, self.files)
        other = others(own)
        head, states = reading.heads.relevance, reading.states
        read = head.pieces(states)
        contents, sources, cues = (reading.places_of(role) for role in ("content", "source", "cue"))
        speakers = [resolver.pieces_of(speaker) for speaker in who]
        made = []
        for at in range(0, len(contents), CHUNK):
            near = slice(at, at + CHUNK)
            low, high = reach(reading.pieces, contents[near])
            seen = places(reading.pieces, contents[near], sources[near], cues[near], speakers[near], low, high)
            logits, attention = head(states, read, contents[near], sources[near], low, seen, own[:, low:high], other[:, low:high])
            made += [View(low, seen[row], own[:, low:high], logits[row], attention[row, :, 1:]) for row in range(len(seen))]
        return made

    def evidence(self, reading: Reading, view: View, number: int) -> tuple[Span, ...]:
        """The spans that carry a topic, at most five, the strongest first: the words that the head looks at, names whole."""
        seen = view.attention[number]
        found: dict[Span, float] = {}
        empty: list[Span] = []
        for at in np.argsort(-seen)[: 2 * MOST].tolist():
            hit = view.own[number, at] > 0 and view.places[at] == NUMBER["content"]
            if seen[at] < SEEN and not hit and found:
                continue
            span = self._whole(reading, view, number, at)
            if span is not None and span.of(reading.text).casefold() in _EMPTY:
                empty.append(span)
            elif span is not None:
                found[span] = found.get(span, 0.0) + float(seen[at])
        return tuple(sorted(found, key=lambda span: -found[span])[:MOST]) or tuple(empty[:1])

    def _whole(self, reading: Reading, view: View, number: int, at: int) -> Span | None:
        """The words that a piece belongs to: a term of the topic, else the word; None for marks and stops."""
        first = last = at
        flags = view.own[number]
        if flags[at]:
            while first > 0 and flags[first - 1] and view.places[first - 1] == view.places[at]:
                first -= 1
            while last + 1 < len(flags) and flags[last + 1] and view.places[last + 1] == view.places[at]:
                last += 1
        start, end = (int(made) for made in (reading.pieces.starts[view.low + first], reading.pieces.ends[view.low + last]))
        text = reading.text
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        return trimmed(text, Span(start, end)) if _WORD.search(text, start, end) else None

    def _by_words(self, reading: Reading, resolver: Resolver, topic: TopicFile, hits: list[Span]) -> list[Topic | None]:
        """Whether each record is about a topic that the head does not know; `hits` are the topic's words in the text."""
        text = reading.text
        begins = [span.start for span in hits]
        pronouns = [
            [Span(*match.span()) for part in record.spans for match in _THIRD.finditer(text, part.start, part.end)][:4]
            for record in reading.records
        ]
        referents = iter(resolver.referents([span for own in pronouns for span in own]))
        made: list[Topic | None] = []
        for record, own in zip(reading.records, pronouns, strict=True):
            quote = [span for span in hits if any(part.overlaps(span) for part in record.spans)]
            meant = [
                (pronoun, hit) for pronoun in own for name, chance in next(referents) if chance >= MEANT
                for hit in _overlapping(hits, begins, name)
            ]
            source = reading.source_span(record)
            by = [span for span in hits if source is not None and source.overlaps(span)]
            if not _FIRST.search(" ".join(span.of(text) for span in record.spans)):
                by = []
            strong = any(not topic.is_weak(span.of(text)) for span in quote)
            chance = CAP if strong else 0.65 if meant else 0.55 if by else 0.0
            spans = tuple(dict.fromkeys([*quote, *(span for pair in meant for span in pair), *by]))[:MOST]
            made.append(Topic(topic.name, chance, spans) if chance else None)
        return made


def _overlapping(spans: list[Span], begins: list[int], name: Span) -> list[Span]:
    """The spans, sorted by start, that share a character with a name."""
    at = bisect.bisect_left(begins, name.end)
    return [span for span in spans[max(0, at - 3) : at] if span.overlaps(name)]
