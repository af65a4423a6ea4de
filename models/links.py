"""Each content -> its source, its cue, and the content that it continues.

`features` describes a pair of spans by what the encoder cannot see of the whole document: on PolNeAR dev, with gold
spans, the nearest source is right for .695 of contents, the nearest one of the same paragraph for .860.
"""

import functools

import numpy as np
import numpy.typing as npt

from models.scoring import PairScorer, States, softmax
from models.windows import Pieces

Spans = npt.NDArray[np.int64]  # [spans, 2], pieces, half-open


def signed_gap(queries: Spans, keys: Spans, most: int) -> npt.NDArray[np.int64]:
    """Pieces between each pair on a logarithmic scale, negative where the key comes first, 0 where they touch inside;
    shape [queries, keys], values 0..2 * most."""
    after = keys[None, :, 0] - queries[:, None, 1]
    before = queries[:, None, 0] - keys[None, :, 1]
    size = _sizes(most).take(np.maximum(after, before) + 1, mode="clip")  # below 0, where they touch: the first
    made: npt.NDArray[np.int64] = most + np.where(before >= 0, -size, size)
    return made


@functools.cache
def _sizes(most: int) -> npt.NDArray[np.int64]:
    """Of a gap of -1 (none), 0, 1 … the step on the logarithmic scale that `most` ends; a table, since a logarithm a pair is slow."""
    return np.append(0, np.minimum(1 + np.log2(1 + np.arange(1 << most)).astype(np.int64), most))


def between(queries: Spans, others: Spans, keys: Spans) -> npt.NDArray[np.int64]:
    """How many `others` begin strictly between each query and key, negative where the key comes first; [queries, keys]."""
    starts = np.sort(others[:, 0])
    ahead_of_key = starts.searchsorted(keys[:, 0])[None]
    ahead_of_query = starts.searchsorted(queries[:, 0])[:, None]
    past_query = starts.searchsorted(queries[:, 0], side="right")[:, None]
    past_key = starts.searchsorted(keys[:, 0], side="right")[None]
    later = keys[None, :, 0] >= queries[:, None, 0]
    made: npt.NDArray[np.int64] = np.where(later, np.maximum(ahead_of_key - past_query, 0), -np.maximum(ahead_of_query - past_key, 0))
    return made


def difference(values: npt.NDArray[np.int64], queries: Spans, keys: Spans, low: int, high: int) -> npt.NDArray[np.int64]:
    """`values` (one a piece) at the key less that at the query, clipped and shifted to 0..high - low; [queries, keys]."""
    made: npt.NDArray[np.int64] = np.clip(values[keys[:, 0]][None] - values[queries[:, 0]][:, None], low, high) - low
    return made


def features(pieces: Pieces, queries: Spans, keys: Spans, contents: Spans | None = None) -> npt.NDArray[np.int64]:
    """One row of small integers a pair of content and candidate; [queries, keys, tables], see LINK_FEATURES.

    `contents` are all contents of the text, where `queries` are only some of them.
    """
    quoted = pieces.marks > 0
    return np.stack(
        [
            difference(pieces.paragraph, queries, keys, -3, 3),
            difference(pieces.sentence, queries, keys, -4, 4),
            signed_gap(queries, keys, 10),
            np.clip(between(queries, keys, keys), -5, 5) + 5,
            2 * quoted[queries[:, 0]][:, None] + quoted[keys[:, 0]][None],
            np.minimum(np.abs(between(queries, queries if contents is None else contents, keys)), 5),
        ],
        axis=2,
    ).astype(np.int64)


REACH = 400  # pieces between a content and its source, at most: as far as the scorer was trained to see
NEAR = 160  # the same to its cue, and to the content that it continues
CHUNK = 32  # contents scored together


def choose(
    scorer: PairScorer, states: States, pieces: Pieces, queries: Spans, keys: Spans, earlier: bool = False, elsewhere: float = 0.0,
    reach: int = REACH,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The likeliest key of each query (-1: none) and its probability; two arrays [queries].

    Both sorted by start. Only keys within `reach` pieces are scored, a chunk of queries at a time, so cost and memory grow with
    the length of the text, not with its square. `earlier`: only keys that begin before the query.
    `elsewhere`: what a key of another paragraph loses, in logits: a name that recurs would attract every quote around it.
    """
    chosen = np.full(len(queries), -1, np.int64)
    chance = np.ones(len(queries), np.float32)
    read = scorer.keys(states, keys)
    at = 0
    while at < len(queries):
        until = at + int(queries[at : at + CHUNK, 0].searchsorted(queries[at, 0] + REACH, side="right"))
        own = queries[at:until]
        low = int(keys[:, 1].searchsorted(own[0, 0] - reach, side="left"))
        high = int(keys[:, 0].searchsorted(own[:, 1].max() + reach, side="right"))
        if high > low:
            near = keys[low:high]
            scores = scorer(states, own, read[low:high], features(pieces, own, near, queries))
            apart = np.maximum(near[None, :, 0] - own[:, None, 1], own[:, None, 0] - near[None, :, 1])
            barred = apart > reach
            if earlier:
                barred |= near[None, :, 0] >= own[:, None, 0]
            scores[:, 1:] -= elsewhere * (pieces.paragraph[near[:, 0]][None] != pieces.paragraph[own[:, 0]][:, None])
            scores[:, 1:][barred] = -1e4
            probability = softmax(scores)
            best = probability.argmax(1)
            chosen[at:until] = np.where(best > 0, best - 1 + low, -1)
            chance[at:until] = probability[np.arange(len(own)), best]
        at = until
    return chosen, chance
