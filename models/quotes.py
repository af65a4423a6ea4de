"""Tagged contents -> quotes: snapped to sure marks, joined where a tag or a paragraph interrupts, typed.

The model decides whether words are somebody's; where marks are paired, the marks decide where the words begin and end
(annotators agree on 98 % of direct quotes, and disagree mostly about the marks themselves).
"""

import bisect
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.labels import TAG_LABELS
from models.links import Spans
from models.marks import Pair
from models.types import QuoteType, Span
from models.windows import Pieces

CONTENT = np.array([label.endswith("content") for label in TAG_LABELS])
_BEGINS = np.array([label in ("B-content", "S-content") for label in TAG_LABELS])
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CONNECTIVES = frozenset(["and", "or", "but", "nor", "plus", "then", "also"])
_CLAUSE_STARTS = frozenset(
    ["i", "we", "they", "it", "he", "she", "you", "there", "this", "that", "these", "those", "what", "who", "why", "how", "when", "if", "no", "yes", "not", "never", "let", "nobody", "everyone", "i'm", "i've", "we're", "we've", "it's", "he's", "she's", "they're", "you're", "that's", "there's", "let's", "don't", "i’m", "i’ve", "we’re", "we’ve", "it’s", "he’s", "she’s", "they’re", "you’re", "that’s", "there’s", "let’s", "don’t"]
)
MISSED = 0.4  # a quotation in marks whose pieces are content to this mean probability counts as content
_TRAILING = " \t\r\n\u00a0,;:.…–—-"


@dataclass(frozen=True, slots=True)
class Part:
    """One content of a text: characters, the pair(s) of marks it fills, and how it is given."""

    span: Span
    pieces: tuple[int, int]  # with the marks around it, as the links were trained on
    type: QuoteType
    spans: tuple[Span, ...]
    group: int  # the quotation over paragraphs it belongs to, -1 for none
    probability: float


def leaning(piece: float, span: float) -> npt.NDArray[np.float32]:
    """What is added to the scores of each piece's tags, logits; [tag labels]: `piece` to a content's, so that contents grow or shrink,
    and `span` to where one begins, so that more or fewer are found."""
    return (piece * CONTENT + span * _BEGINS).astype(np.float32)


def content_probability(tags: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The probability that a piece is content; [pieces]."""
    shifted = np.exp(tags - tags.max(1, keepdims=True))
    made: npt.NDArray[np.float32] = shifted[:, CONTENT].sum(1) / shifted.sum(1)
    return made


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Borders without white space at either end."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _title(text: str, pair: Pair) -> bool:
    """Whether marks hold the title of a work rather than words that somebody said: every word but small ones has a capital."""
    words = text[pair.start : pair.end].strip()
    found = _WORD.findall(words)
    long = [word for word in found if len(word) > 3 or word is found[0]]
    return bool(found) and 1 < len(found) < 9 and words[-1] not in ".,!…" and all(word[0].isupper() for word in long) and any(len(word) > 3 and not word.isupper() for word in found[1:])


def _utterance(text: str, pair: Pair) -> bool:
    """Whether a quotation in marks is a whole utterance rather than a fragment in a reporter's clause."""
    words = text[pair.start : pair.end].strip()
    found = _WORD.findall(words)
    if not found:
        return False
    first = next((char for char in words if char.isalnum()), "a")
    closing = words[-1] in ".?!,…—–-" or text[pair.outer_end : pair.outer_end + 1] in (",", ".", "?", "!")
    ends_line = pair.outer_end >= len(text) or text[pair.outer_end] in "\r\n"
    if first.isupper() or first.isdigit() or words[0] in "…[(":
        return closing or ends_line or len(found) > 3 or text[: pair.outer_start].rstrip()[-1:] in (":", ",")
    told = text[: pair.outer_start].rstrip()[-1:] in (":", ",") and words[-1] in ".?!" and found[0] not in _CONNECTIVES  # As Orlov wrote, “a good roof outlives three kings.”
    return (found[0].casefold() in _CLAUSE_STARTS or told) and len(found) > 3 and closing


def groups(text: str, pairs: Sequence[Pair], probability_at: npt.NDArray[np.float32]) -> dict[int, int]:
    """Which outermost pairs are one quotation that runs over paragraphs: index of a pair -> number of its quotation.

    A quotation goes on where its mark is missing at the end of a paragraph and the next one begins with an opening mark;
    in run-on text, where paragraphs were lost, only if the model reads the words before the new mark as content too
    (else a stray mark would swallow the quote that follows). `probability_at` is content probability a character.
    """
    outer = [index for index, made in enumerate(pairs) if made.level == 0]
    number = {index: index for index in outer}
    for before, after in itertools.pairwise(outer):
        first, second = pairs[before], pairs[after]
        gap = text[first.end : second.outer_start]
        if first.closed or gap.strip():
            continue
        tail = probability_at[max(first.start, first.end - 40) : first.end]
        if "\n" in gap or "\r" in gap or (len(tail) and float(tail.mean()) > 0.6):
            number[after] = number[before]
    return number


def parts(pieces: Pieces, tagged: Spans, tags: npt.NDArray[np.float32]) -> list[Part]:
    """All contents in reading order; quotations in marks that the tags missed by little are added.

    `tagged` [spans, 2] pieces; `tags` [pieces, labels] logits.
    """
    text = pieces.text
    probability = content_probability(tags)
    summed: list[float] = [0.0, *np.cumsum(probability, dtype=np.float64).tolist()]
    at = np.zeros(len(text), np.float32)
    lengths = pieces.ends - pieces.starts
    at[np.repeat(pieces.starts, lengths) + np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)] = np.repeat(probability, lengths)
    number = groups(text, pieces.pairs, at)
    outer = [(index, made) for index, made in enumerate(pieces.pairs) if made.level == 0]
    found: list[Part] = []
    claimed: set[int] = set()

    def likely(first: int, last: int) -> float:
        """How probably pieces are content, on average."""
        return (summed[last] - summed[first]) / (last - first)

    def add(spans: list[tuple[int, int]], shape: QuoteType, group: int, outer: tuple[int, int] | None = None) -> None:
        spans = [span for span in (trim(text, *span) for span in spans) if span[1] > span[0]]
        if not spans:
            return
        covered = pieces.cover(*(outer or (spans[0][0], spans[-1][1])))
        if covered[1] <= covered[0]:
            return
        made = tuple(Span(start, end) for start, end in spans)
        mean = likely(*covered)
        found.append(Part(Span(spans[0][0], spans[-1][1]), covered, shape, made, group, mean))

    def quoted(indices: list[int]) -> None:
        """One or more whole pairs, none claimed before, as one part."""
        fresh = [index for index in indices if index not in claimed]
        if not fresh:
            return
        claimed.update(fresh)
        whole = _utterance(text, pieces.pairs[fresh[0]]) or number[fresh[0]] != fresh[0]
        spans = [(pieces.pairs[index].start, pieces.pairs[index].end) for index in fresh]
        around = (pieces.pairs[fresh[0]].outer_start, pieces.pairs[fresh[-1]].outer_end)
        add(spans, QuoteType.DIRECT if whole else QuoteType.MIXED, number[fresh[0]], around)

    begins = [made.outer_start for _, made in outer]
    for first, last in tagged.tolist():
        start, end = trim(text, *pieces.chars(first, last))
        near = outer[max(0, bisect.bisect_left(begins, start) - 1) : bisect.bisect_right(begins, end)]
        touched = [(index, made) for index, made in near if min(end, made.end) - max(start, made.start) > 1]
        for clause in _clauses(text, start, end, touched):
            _place(text, pieces, clause, touched, quoted, add)
    taken = np.zeros(len(text) + 1, bool)
    for part in found:
        taken[part.span.start : part.span.end] = True
    for index, made in outer:
        if index not in claimed and made.closed and len(_WORD.findall(text[made.start : made.end])) > 2:
            covered = pieces.cover(made.start, made.end)
            inside = bool(taken[made.start : made.end].all())
            if not inside and covered[1] > covered[0] and likely(*covered) > MISSED:
                quoted([index])
    for index, _ in outer:  # later paragraphs of a quotation that was found
        if index not in claimed and number[index] != index and number[index] in claimed:
            quoted([index])
    return _apart(sorted(found, key=lambda part: (part.span.start, -part.span.end)))


def _clauses(text: str, start: int, end: int, touched: list[tuple[int, Pair]]) -> list[tuple[int, int]]:
    """A content cut where a sentence ends before a quotation: an indirect clause and the quote after it are two records."""
    borders = [start]
    for _, made in touched:
        before = text[start : made.outer_start].rstrip()
        if made.outer_start > start and before.strip() and before[-1:] in ".?!" and _utterance(text, made):
            borders.append(made.outer_start)
    borders.append(end)
    return [(a, b) for a, b in itertools.pairwise(borders) if b > a]


def _place(text, pieces, clause, touched, quoted, add) -> None:  # type: ignore[no-untyped-def]
    """Give one clause its shape: whole pairs, a clause partly in marks, or a clause without marks."""
    start, end = clause
    own = [(index, made) for index, made in touched if made.start < end and start < made.end]
    bare, at = [], start
    for _, made in own:
        bare.append(text[at : max(at, made.outer_start)])
        at = max(at, made.outer_end)
    bare.append(text[at:end])
    outside = [word.casefold() for piece in bare for word in _WORD.findall(piece)]
    if own and all(word in _CONNECTIVES for word in outside):
        open_ended = [made for _, made in own if not made.closed]
        if open_ended and len(own) == 1 and end < open_ended[0].end - 1:
            add([(max(start, open_ended[0].start), end)], QuoteType.DIRECT, -1)  # a stray mark: trust the tags for the end
        else:
            quoted([index for index, _ in own])
        return
    for _, made in own:
        start, end = min(start, made.outer_start), max(end, made.outer_end) if made.closed else end
    start, end = trim(text, start, end)
    that = re.match(r"that\s+", text[start:end], re.I)
    start += that.end() if that else 0
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    spoken = [made for _, made in own if not (made.closed and _title(text, made))]
    add([(start, end)], QuoteType.MIXED if spoken else QuoteType.INDIRECT, -1)


def _apart(found: list[Part]) -> list[Part]:
    """Without parts that overlap an earlier one; sorted by start."""
    kept: list[Part] = []
    for part in found:
        if not kept or kept[-1].span.end <= part.span.start:
            kept.append(part)
    return kept


@dataclass(frozen=True, slots=True)
class Linked:
    """One part with what the links chose: indices of spans, -1 for none, and how probable each choice is."""

    source: int
    source_probability: float
    cue: int
    cue_probability: float
    same: int  # the earlier part it continues
    same_probability: float


def join(pieces: Pieces, found: Sequence[Part], links: Sequence[Linked]) -> list[list[int]]:
    """Parts that are one quote, as lists of their indices in reading order."""
    quotes: list[list[int]] = []
    home: dict[int, list[int]] = {}
    for index, (part, link) in enumerate(zip(found, links, strict=True)):
        before = _continues(pieces, found, links, index, part, link)
        if before is None:
            home[index] = [index]
            quotes.append(home[index])
        else:
            home[index] = home[before]
            home[index].append(index)
    return quotes


def _continues(
    pieces: Pieces, found: Sequence[Part], links: Sequence[Linked], index: int, part: Part, link: Linked
) -> int | None:
    for earlier in range(index - 1, -1, -1):
        other = found[earlier]
        if part.group >= 0 and part.group == other.group:
            return earlier
        if earlier < index - 4:
            break
    if not index:
        return None
    earlier = index - 1
    other, before = found[earlier], links[earlier]
    here, there = part.pieces[0], other.pieces[1] - 1
    if pieces.paragraph[here] != pieces.paragraph[there]:
        return None
    marked, other_marked = part.type is not QuoteType.INDIRECT, other.type is not QuoteType.INDIRECT
    if marked != other_marked:
        return None
    same_tag = link.cue >= 0 and link.cue == before.cue and link.source == before.source
    same_source = link.cue < 0 and before.cue < 0 and link.source >= 0 and link.source == before.source
    wanted = link.same == earlier and link.same_probability > 0.5
    gap = pieces.text[other.span.end : part.span.start]
    if part.type is QuoteType.DIRECT and other.type is QuoteType.DIRECT:
        return earlier if (same_tag or same_source or (wanted and link.cue in (-1, before.cue))) and len(gap) < 200 else None
    return earlier if (same_tag and (wanted or marked)) else None


def shape(found: Sequence[Part]) -> QuoteType:
    """The type of a quote from its parts."""
    if all(part.type is QuoteType.INDIRECT for part in found):
        return QuoteType.INDIRECT
    return QuoteType.DIRECT if found[0].type is QuoteType.DIRECT else QuoteType.MIXED
