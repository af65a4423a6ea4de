"""Speech inside a quotation: “My son said, ‘We are in shock,’” holds words of the son in somebody else's.

The tags are flat, one label a piece, and see the outer quotation alone. What stands in marks inside it is a record of its own where the
words right before it say who speaks.
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.links import Spans
from models.marks import Pair
from models.quotes import trim
from models.records import SERVED, Reading, Record, judgements
from models.types import QuoteType, Span

_WORD = (
    r"(?:of (?:the|my|his|her|our|their) )?(?!(?:and|but|or|who|which|that|when|because|so|if|while|as|then|was|were|is|are|had|has|said|told|asked|used|to|would|will|ago|now|never"
    r"|i|he|she|it|we|they|you|the|my|his|her|our|their|your|always|also|even|sometimes|still|once|often|just)\b)[\w’'-]+"
)
_SPEAKER = (
    r"(?:[Oo]ne|[Ss]ome|[Mm]any|[Aa]ll) of (?:them|us|you|(?:the|my|his|her|our) \w+)|(?:[Tt]he|[Aa]n?|[Mm]y|[Hh]is|[Hh]er|[Oo]ur|[Tt]heir|[Yy]our|[Tt]h(?:is|at|ese|ose)|[Ss]ome|[Aa]nother|[Mm]any)"
    rf"(?:\s{_WORD}){{1,5}}|I|[Hh]e|[Ss]he|[Tt]hey|[Ww]e|[Yy]ou|[Oo]ne|[Ss]ome(?:one|body)|[Ee]very(?:one|body)|[Pp]eople|[A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+){{0,3}}"
)
_CUE = (
    r"(?:(?:had|has|have|used to|would|will|just|always|then|also|even|sometimes|still|once|often)\s){0,2}(?:said|says?|saying|told|tells?|telling|ask(?:ed|s|ing)?|wrote|writes?|warn(?:ed|s|ing)?"
    r"|replied|replies|answer(?:ed|s)|shout(?:ed|s|ing)|scream(?:ed|s|ing)|yell(?:ed|s|ing)|whisper(?:ed|s|ing)?|joked|(?:was|were|am|are|is) like)"
)
_TO = r"(?:\s(?:to\s)?(?:me|us|him|her|them|you|myself|(?:my|his|her|our|the)\s\w+|[A-ZÀ-Þ]\w+))?(?:\s(?:\w+ly|again|later|once|that|quote|at \w+))?"
_LEAD = re.compile(rf"(?<![\w’'])({_SPEAKER})\s({_CUE}){_TO}\s?[,:]?\s*$")
_REACH = 120  # characters before the marks in which the speaker stands
_SURE = 0.9  # how sure a nested quote's source and cue are beside the outer quote


def added(reading: Reading) -> Reading:
    """The reading with a record more for each quotation inside another whose speaker stands right before it."""
    pairs = sorted(reading.pieces.pairs, key=lambda own: own.outer_start)
    begins = [own.outer_start for own in pairs]
    inside = [
        (record, own) for record in reading.records if record.type is not QuoteType.INDIRECT for span in record.spans
        for own in _inside(reading, record, span, pairs[bisect.bisect_right(begins, span.start) : bisect.bisect_left(begins, span.end)])
    ]
    if not inside:
        return reading
    contents, sources, cues = (
        np.array([reading.pieces.cover(own[role].start, own[role].end) for _, own in inside], np.int64) for role in range(3)
    )
    served, negated, kinds = judgements(reading.heads, reading.states, contents, sources, cues)
    all_sources, old_source, new_source = _merged(reading.sources, sources)
    all_cues, old_cue, new_cue = _merged(reading.cues, cues)
    records = [
        replace(own, source=old_source[own.source] if own.source >= 0 else -1, cue=old_cue[own.cue] if own.cue >= 0 else -1) for own in reading.records
    ]
    for row, (outer, own) in enumerate(inside):
        if served[row] >= SERVED:
            records.append(Record(
                own[:1], QuoteType.DIRECT, (int(contents[row, 0]), int(contents[row, 1])), new_source[row], new_cue[row], outer.found * _SURE, _SURE,
                float(served[row]), bool(negated[row] >= 0.5), float(negated[row]), tuple(kinds[row].tolist()),
            ))
    return replace(reading, sources=all_sources, cues=all_cues, records=tuple(sorted(records, key=lambda own: (own.spans[0].start, -own.spans[-1].end))))


def _inside(reading: Reading, record: Record, span: Span, pairs: Sequence[Pair]) -> Iterator[tuple[Span, Span, Span]]:
    """Content, source and cue of each of the `pairs` of marks that lie inside a span of a record."""
    text = reading.text
    for own in pairs:
        if not (span.start < own.outer_start and own.end <= span.end) or len(re.findall(r"\w+", text[own.start : own.end])) < 2:
            continue
        lead = _LEAD.search(text, max(span.start, own.outer_start - _REACH), own.outer_start)
        if lead and not _taken(reading, record, own):
            yield Span(*trim(text, own.start, own.end)), Span(*lead.span(1)), Span(*lead.span(2))


def _taken(reading: Reading, record: Record, own: Pair) -> bool:
    """Whether another record has the words already."""
    return any(other is not record and span.start < own.end and own.start < span.end for other in reading.records for span in other.spans)


def _merged(old: Spans, new: Spans) -> tuple[Spans, Sequence[int], Sequence[int]]:
    """Spans in reading order, and where each of the old and of the new is among them."""
    made, inverse = np.unique(np.concatenate([old, new]), axis=0, return_inverse=True)
    at: list[int] = inverse.ravel().tolist()
    return made.astype(np.int64), at[: len(old)], at[len(old) :]
