"""Mentions -> the names they stand for: what the pair scorer `antecedent` is told of each pair beside the states."""

import re

import numpy as np
import numpy.typing as npt

from models import links
from models.links import Spans, between, difference, signed_gap
from models.names import is_title, pronoun_class, relation, words
from models.windows import Pieces

PERSON, ORGANIZATION, PLACE, UNNAMED, OTHER = range(5)  # classes of a candidate
_NEAR = 60  # characters around a name in which its title stands ("Andriy Sibiga, the foreign minister,")
_COMMON = frozenset(["the", "a", "an", "of", "and", "for", "in", "to", "at", "on", "with", "this", "that", "his", "her", "their", "its", "some", "many", "several", "most"])


def span_text(pieces: Pieces, span: npt.NDArray[np.int64]) -> str:
    """The characters from a span's first to its last piece."""
    return pieces.text[int(pieces.starts[span[0]]) : int(pieces.ends[span[1] - 1])]


def _title_near(pieces: Pieces, mention: str, key: npt.NDArray[np.int64]) -> bool:
    """Whether a word of the mention (minister, coach, …) stands close to the candidate."""
    wanted = {word for word in words(mention) if len(word) > 3 and word not in _COMMON}
    if not wanted:
        return False
    start, end = int(pieces.starts[key[0]]), int(pieces.ends[key[1] - 1])
    before = re.split(r"[.?!]\s|\n", pieces.text[max(0, start - _NEAR) : start])[-1]
    after = re.split(r"[.?!]\s|\n", pieces.text[end : end + _NEAR])[0]
    return bool(wanted & set(words(before + " " + after)))


def features(
    pieces: Pieces, queries: Spans, keys: Spans, classes: npt.NDArray[np.int64], sources: Spans
) -> npt.NDArray[np.int64]:
    """One row of small integers a pair of mention and candidate; [queries, keys, tables], see COREFERENCE_FEATURES.

    `classes` holds PERSON … OTHER a candidate, `sources` the spans that the tags call a source.
    """
    mentions = [span_text(pieces, query) for query in queries]
    candidates = [span_text(pieces, key) for key in keys]
    folded = [" ".join(words(candidate)) for candidate in candidates]
    distinct = {mention: index for index, mention in enumerate(dict.fromkeys(mentions))}
    names = {candidate: index for index, candidate in enumerate(dict.fromkeys(candidates))}
    table = np.array([[relation(mention, name) for name in names] for mention in distinct], np.int64).reshape(
        len(distinct), len(names)
    )
    rows = np.array([distinct[mention] for mention in mentions], np.int64)
    columns = np.array([names[candidate] for candidate in candidates], np.int64)
    counts = np.array([min(folded.count(name), 8) for name in folded], np.int64)
    kind = np.array([pronoun_class(mention) for mention in mentions], np.int64)
    titled = np.zeros((len(queries), len(keys)), np.int64)
    for row in np.flatnonzero(kind >= 8):
        if any(is_title(word) for word in words(mentions[row])) or kind[row] == 9:
            titled[row] = [_title_near(pieces, mentions[row], key) for key in keys]
    in_source = np.zeros(len(keys), bool)
    for start, end in sources:
        in_source |= (keys[:, 0] < end) & (start < keys[:, 1])
    quoted = pieces.marks > 0
    shape = (len(queries), len(keys))
    return np.stack(
        [
            difference(pieces.sentence, queries, keys, -8, 4),
            difference(pieces.paragraph, queries, keys, -5, 3),
            signed_gap(queries, keys, 13),
            np.clip(between(queries, keys, keys), -4, 4) + 4,
            table[rows[:, None], columns[None]],
            5 * kind[:, None] + classes[None],
            4 * in_source[None] + 2 * quoted[queries[:, 0]][:, None] + quoted[keys[:, 0]][None],
            np.broadcast_to(np.log2(counts).astype(np.int64)[None], shape),
            titled,
        ],
        axis=2,
    ).astype(np.int64)


def speaker_features(
    pieces: Pieces, queries: Spans, keys: Spans, classes: npt.NDArray[np.int64], sources: Spans, said: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """One row of small integers a pair of content and mention; [queries, keys, tables], see SPEAKER_FEATURES.

    `said` [queries, keys]: 1 where the mention is of who said the quote before, 2 of who said the one before that, else 0.
    """
    folded = [" ".join(words(span_text(pieces, key))) for key in keys]
    counts = np.array([min(folded.count(name), 8) for name in folded], np.int64)
    in_source = np.zeros(len(keys), np.int64)
    for start, end in sources:
        in_source |= (keys[:, 0] < end) & (start < keys[:, 1])
    shape = (len(queries), len(keys))
    own = [np.broadcast_to(row[None], shape) for row in (classes, np.log2(np.maximum(counts, 1)).astype(np.int64), in_source)]
    return np.concatenate([links.features(pieces, queries, keys), np.stack([*own, said], 2)], 2)
