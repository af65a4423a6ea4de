"""What the library answers: small frozen types over one text.

Every offset is half-open and counts Unicode code points of the text as given, so `text[span.start:span.end]` is the span.
No type carries a copy of words: text is derived from spans, which therefore cannot disagree with it.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self


class QuoteType(StrEnum):
    """How the words are given: whole utterances in marks, none in marks, or a clause partly in marks."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class SpeakerKind(StrEnum):
    """What a speaker is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    DOCUMENT = "document"
    ANONYMOUS = "anonymous"
    AUTHOR = "author"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `[start, end)` of a text; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span is 0 <= start < end, not [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]

    def overlaps(self, other: Self) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Self) -> bool:
        """Whether the other lies inside this one."""
        return self.start <= other.start and other.end <= self.end


def _probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} is a probability 0..1, not {value!r}")


@dataclass(frozen=True, slots=True)
class Quote:
    """What was said: its spans in reading order (several where a tag interrupts), and how it is given."""

    spans: tuple[Span, ...]
    type: QuoteType

    def __post_init__(self) -> None:
        if not self.spans or list(self.spans) != sorted(self.spans):
            raise ValueError(f"a quote has one or more spans in reading order, not {self.spans}")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another name the speaker may have; `confidence` 0..1."""

    name: str
    confidence: float

    def __post_init__(self) -> None:
        _probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it. `id` is the same for one speaker over the whole answer; `chain` leads from the source to the name."""

    id: str
    name: str
    kind: SpeakerKind
    confidence: float
    role: str | None = None
    affiliation: str | None = None
    on_behalf_of: str | None = None
    chain: tuple[Span, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def __post_init__(self) -> None:
        _probability("confidence", self.confidence)
        if not self.name:
            raise ValueError("a speaker has a name; without one the attribution's speaker is None")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic the quote is about, and the spans that carry it, the strongest first (at most five)."""

    topic: str
    confidence: float
    evidence: tuple[Span, ...]

    def __post_init__(self) -> None:
        _probability("confidence", self.confidence)
        if not 1 <= len(self.evidence) <= 5:
            raise ValueError(f"a topic has one to five spans of evidence, not {len(self.evidence)}")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One record: who said what about what. `confidence` 0..1 is calibrated for the whole record."""

    id: str
    quote: Quote
    cue: Span | None
    source: Span | None
    speaker: Speaker | None
    topics: tuple[Topic, ...]
    negated: bool
    confidence: float

    def __post_init__(self) -> None:
        _probability("confidence", self.confidence)


@dataclass(frozen=True, slots=True)
class Analysis:
    """All attributions of one text in reading order, and warnings in words a caller can show."""

    text: str
    attributions: tuple[Attribution, ...]
    warnings: tuple[str, ...] = field(default=())

    def select(self, topics: frozenset[str], off_topic: bool, min_confidence: float) -> Self:
        """The same analysis with only the attributions about one of `topics` (or, where `off_topic`, about none of
        the topics known) that reach `min_confidence` (0..1). Ids stay as they were; topics not asked for are left out."""
        kept = []
        for attribution in self.attributions:
            asked = tuple(topic for topic in attribution.topics if topic.topic in topics)
            wanted = bool(asked) or (off_topic and not attribution.topics)
            if wanted and attribution.confidence >= min_confidence:
                kept.append(replace(attribution, topics=asked))
        return replace(self, attributions=tuple(kept))


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The model's identity and limits, as served by `GET /model`. `scores` are those of the weights' own card."""

    name: str
    version: str
    sha256: str
    topics: tuple[str, ...]
    labels: tuple[str, ...]
    precision: str
    limits: dict[str, int]
    scores: dict[str, object]
    topic_methods: dict[str, str]
