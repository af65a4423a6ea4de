"""What the heads say of one text, put together: its records before anyone is named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from models import quotes
from models.interviews import Labels
from models.labels import KINDS
from models.links import Spans
from models.quotes import Linked, Part
from models.scoring import Heads, States, sigmoid, softmax
from models.types import QuoteType, Span
from models.windows import Pieces

_HEARS = re.compile(
    r"\b(?:heard|(?:was|were|been|being|is|are)\s(?:\w+\s)?"
    r"(?:told|shown|informed|warned|accused|alleged|believed|deemed|estimated|feared|presumed|reported|rumou?red|suspected|thought|understood))$"
)
_FORETOLD = re.compile(r"\b(?:is|are|was|were|be)\s(?:\w+ly\s)?(?:expected|due|set|scheduled|poised|likely|slated)\sto\s(?:\w+ly\s)?\w+$")
_ADDRESSES = re.compile(
    r"\b(?:urg(?:es?|ed|ing)|ask(?:s|ed|ing)?|tells?|told|telling|advis(?:es?|ed|ing)|order(?:s|ed|ing)?|begg?(?:s|ed|ing)?|warn(?:s|ed|ing)?|invit(?:es?|ed|ing)"
    r"|press(?:es|ed|ing)?|remind(?:s|ed|ing)?|assur(?:es?|ed|ing)|inform(?:s|ed|ing)?|instruct(?:s|ed|ing)?|implor(?:es?|ed|ing)|(?:call|appeal)(?:s|ed|ing)? (?:on|to))$", re.I
)
SERVED = 0.4  # records below this probability of being a statement somebody made are left out


@dataclass(frozen=True, slots=True)
class Record:
    """One quote with its links. `source` and `cue` are indices into the reading's spans, -1 for none; probabilities 0..1."""

    spans: tuple[Span, ...]
    type: QuoteType
    content: tuple[int, int]  # pieces, from the first part's first to the last part's last
    source: int
    cue: int
    found: float
    linked: float
    served: float
    negated: bool
    negation: float
    kind: tuple[float, ...]  # a probability a kind of labels.KINDS


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its spans and its records; `sources`, `cues` and each of `names` are [spans, 2], pieces, half-open."""

    text: str
    pieces: Pieces
    states: States
    heads: Heads
    sources: Spans
    cues: Spans
    names: dict[str, Spans]
    records: tuple[Record, ...]

    @classmethod
    def of(
        cls, text: str, pieces: Pieces, states: States, heads: Heads, parts: Sequence[Part], links: Sequence[Linked],
        tagged: dict[str, Spans], names: dict[str, Spans],
    ) -> Self:
        """Join parts into quotes and ask the classifiers about each."""
        joined = quotes.join(pieces, parts, links)
        contents, sources, cues = [], [], []
        # The first part that has a source speaks for all.
        sourced = [next((links[i] for i in own if links[i].source >= 0), links[own[0]]) for own in joined]
        sourced = [
            replace(link, source=-1) if is_hearer(text, pieces, tagged, link, parts[own[0]].span.start) or is_sign_off(text, pieces, tagged, link, parts[own[-1]].span.end) else link
            for own, link in zip(joined, sourced, strict=True)
        ]
        for own, chosen in zip(joined, sourced, strict=True):
            link = links[own[0]]
            contents.append(pieces.cover(parts[own[0]].span.start, parts[own[-1]].span.end))
            sources.append(tuple(tagged["source"][chosen.source].tolist()) if chosen.source >= 0 else (-1, -1))
            cues.append(tuple(tagged["cue"][link.cue].tolist()) if link.cue >= 0 else (-1, -1))
        spans = [np.array(own, np.int64).reshape(-1, 2) for own in (contents, sources, cues)]
        judged = judgements(heads, states, *spans)
        labels = Labels(text)
        records = []
        for index, (own, chosen) in enumerate(zip(joined, sourced, strict=True)):
            served, negated, kinds = (float(judged[0][index]), float(judged[1][index]), judged[2][index])
            if served < SERVED or is_foretold(text, pieces, cues[index]):
                continue
            shape = quotes.shape([parts[i] for i in own])
            said = [span for i in own for span in parts[i].spans]
            labelled = bool(labels.of(said[0].start))
            said[0] = labels.without(said[0])
            if shape is QuoteType.INDIRECT and (labelled or is_turn(text, parts[own[0]].span, pieces, tagged["source"], chosen.source)):
                shape = QuoteType.DIRECT
            records.append(
                Record(
                    tuple(said), shape, contents[index],
                    chosen.source, links[own[0]].cue, min(1.0, sum(parts[i].probability for i in own) / len(own)), chosen.source_probability,
                    served, negated >= 0.5, negated, tuple(float(value) for value in kinds),
                )
            )
        return cls(text, pieces, states, heads, tagged["source"], tagged["cue"], names, tuple(records))

    def places_of(self, role: str) -> Spans:
        """The content, source or cue of every record; [records, 2], pieces, (-1, -1) where there is none."""
        if role == "content":
            return np.array([record.content for record in self.records], np.int64).reshape(-1, 2)
        spans = self.sources if role == "source" else self.cues
        chosen = np.array([getattr(record, role) for record in self.records], np.int64)
        return np.concatenate([spans, [[-1, -1]]])[chosen]  # -1 is the last row

    def span(self, pieces: Sequence[int]) -> Span:
        """Pieces [first, last) as characters."""
        return Span(*self.pieces.chars(*pieces))

    def source_span(self, record: Record) -> Span | None:
        """Where the source stands."""
        return trimmed(self.text, self.span(self.sources[record.source])) if record.source >= 0 else None

    def cue_span(self, record: Record) -> Span | None:
        """Where the cue stands."""
        return trimmed(self.text, self.span(self.cues[record.cue])) if record.cue >= 0 else None


def hears(words: str) -> bool:
    """Whether a cue is that of a listener, or of whom others speak: "has heard", "was told", "is thought"."""
    return bool(_HEARS.search(words))


def is_hearer(text: str, pieces: Pieces, tagged: dict[str, Spans], link: Linked, content: int) -> bool:
    """Whether a source only hears what begins at `content` (characters), or others speak of it: "the court heard", "he is thought",
    "Hale urged ⟦the minister⟧ to"; who speaks is not said by it."""
    if link.source < 0 or link.cue < 0:
        return False
    source, cue = tagged["source"][link.source], tagged["cue"][link.cue]
    start, end = pieces.chars(*cue)
    if cue[1] <= source[0]:
        gap = text[end : int(pieces.starts[source[0]])]
        return gap in (" ", " the ") and int(pieces.ends[source[1] - 1]) <= content and bool(_ADDRESSES.search(text[start:end]))
    between = text[int(pieces.ends[source[1] - 1]) : start]
    return bool(source[1] <= cue[0]) and not re.search(r"\w{5}|[.?!\n]", between) and hears(between + text[start:end])


def is_foretold(text: str, pieces: Pieces, cue: tuple[int, int]) -> bool:
    """Whether a cue tells of what is still to be said: "is expected to say"."""
    if cue[0] < 0:
        return False
    start, end = pieces.chars(*cue)
    return bool(_FORETOLD.search(text[max(0, start - 40) : end]))


def is_sign_off(text: str, pieces: Pieces, tagged: dict[str, Spans], link: Linked, end: int) -> bool:
    """Whether a source is the agency or the initials that end the text, with no cue between the quote's `end` and it; it says nothing."""
    if link.source < 0 or (link.cue >= 0 and int(pieces.starts[tagged["cue"][link.cue][0]]) >= end):
        return False
    start, last = tagged["source"][link.source].tolist()
    begins, words = int(pieces.starts[start]), text[int(pieces.starts[start]) : int(pieces.ends[last - 1])].split()
    return begins >= max(end, len(text.rstrip()) - 40) and bool(words) and words[0].isupper() and text[begins - 1] not in "—–-"


def is_turn(text: str, span: Span, pieces: Pieces, sources: Spans, source: int) -> bool:
    """Whether words without marks are a turn of an interview or a transcript: a label and a colon before whole sentences."""
    if source < 0:
        return False
    start, end = pieces.chars(*sources[source])
    label = text[:start].rpartition("\n")[2].strip(" *-—–\t")
    between = text[end : span.start]
    whole = text[span.end : span.end + 1] in (".", "?", "!") or text[span.end - 1] in ".?!"
    return not label and end <= span.start and between.strip(" )\u00a0*") == ":" and whole


def trimmed(text: str, span: Span) -> Span:
    """Without commas and white space at the edges, where words remain."""
    start, end = span.start, span.end
    while end > start + 1 and text[end - 1] in " ,;\t\r\n\u00a0":
        end -= 1
    while start < end - 1 and text[start] in " ,;\t\r\n\u00a0":
        start += 1
    return Span(start, end)


def judgements(
    heads: Heads, states: States, contents: Spans, sources: Spans, cues: Spans
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities that each record is served, is negated, and of each kind of speaker; [records], [records], [records, kinds]."""
    if not len(contents):
        return np.zeros(0), np.zeros(0), np.zeros((0, len(KINDS)))
    joined = (contents, sources, cues)
    served = sigmoid(heads.classifiers["served"](states, joined))[:, 0]
    negated = sigmoid(heads.classifiers["negated"](states, joined))[:, 0]
    kinds = softmax(heads.classifiers["kind"](states, (sources,)))
    return served, negated, kinds


