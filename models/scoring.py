"""The heads that score spans, in numpy: the same arithmetic as `models.network`, on the states of one text.

Torch stops at the states, so that any thread can assemble an answer while the model thread encodes the next batch;
a test holds both versions equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from models.labels import CLASSIFIERS, PAIRS, PLACES, TERMS

Floats = npt.NDArray[np.float32]
Spans = npt.NDArray[np.int64]


def gelu(x: Floats) -> Floats:
    """x times the normal distribution's share below x, by the hyperbolic tangent (Hendrycks and Gimpel 2016), within 5e-4: numpy has
    tanh and no error function, whose usual series takes three times as long."""
    made = x * x
    made *= np.float32(0.044715 * (2 / np.pi) ** 0.5)
    made += np.float32((2 / np.pi) ** 0.5)
    made *= x
    np.tanh(made, out=made)
    made += np.float32(1)
    made *= x
    made *= np.float32(0.5)
    result: Floats = made
    return result


def softmax(scores: Floats) -> Floats:
    """Probabilities over the last axis."""
    shifted = np.exp(scores - scores.max(-1, keepdims=True))
    result: Floats = shifted / shifted.sum(-1, keepdims=True)
    return result


def sigmoid(scores: Floats) -> Floats:
    """Probability of yes."""
    result: Floats = (1 / (1 + np.exp(-scores))).astype(np.float32)
    return result


class States:
    """The encoder's states of one text, asked for spans; `rows` is [pieces, hidden]."""

    def __init__(self, rows: Floats) -> None:
        self.rows = rows
        self._known: dict[bytes, Floats] = {}  # several scorers ask for the same spans

    def vectors(self, spans: Spans) -> Floats:
        """First, last and mean state of each span ([spans, 2], pieces, half-open; -1: zeros); [spans, 3 * hidden]."""
        key = spans.tobytes()
        if key not in self._known:
            self._known[key] = self._vectors(spans)
        return self._known[key]

    def _vectors(self, spans: Spans) -> Floats:
        hidden = self.rows.shape[1]
        made = np.zeros((len(spans), 3 * hidden), np.float32)
        there = np.flatnonzero(spans[:, 0] >= 0)
        first, last = spans[there, 0], spans[there, 1]
        made[there, :hidden] = self.rows[first]
        made[there, hidden : 2 * hidden] = self.rows[last - 1]
        for row, start, end in zip(there.tolist(), first.tolist(), last.tolist(), strict=True):
            np.add.reduce(self.rows[start:end], 0, out=made[row, 2 * hidden :])
        made[there, 2 * hidden :] /= (last - first)[:, None].astype(np.float32)
        return made


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: Floats  # [inputs, outputs]
    bias: Floats | None

    @classmethod
    def of(cls, tensors: Mapping[str, Floats], name: str) -> Self:
        bias = tensors.get(f"{name}.bias")
        return cls(
            np.ascontiguousarray(tensors[f"{name}.weight"].T, np.float32), None if bias is None else bias.astype(np.float32)
        )

    def __call__(self, x: Floats) -> Floats:
        made: Floats = x @ self.weight
        return made if self.bias is None else made + self.bias


class PairScorer:
    """Scores of every query with nothing (column 0) and with every key; see `models.network.PairScorer`."""

    def __init__(self, tensors: Mapping[str, Floats], name: str) -> None:
        prefix = f"pairs.{name}."
        self.query, self.key = _Linear.of(tensors, prefix + "query.map"), _Linear.of(tensors, prefix + "key.map")
        self.from_query = _Linear.of(tensors, prefix + "from_query")
        self.from_key, self.from_both = _Linear.of(tensors, prefix + "from_key"), _Linear.of(tensors, prefix + "from_both")
        self.nothing, self.out = _Linear.of(tensors, prefix + "nothing"), _Linear.of(tensors, prefix + "out")
        self.tables = _joined(tensors[prefix + "features.weight"].astype(np.float32), PAIRS[name].features)

    def keys(self, states: States, keys: Spans) -> Floats:
        """What the scorer reads of each key, for `__call__`; [keys, size]."""
        return gelu(self.key(states.vectors(keys)))

    def __call__(self, states: States, queries: Spans, keys: Floats, features: npt.NDArray[np.int64]) -> Floats:
        """Logits; `keys` as `keys` made them, `features` [queries, keys, tables]; [queries, 1 + keys]."""
        query = gelu(self.query(states.vectors(queries)))
        both: Floats = (query[:, None] * keys[None]).reshape(-1, keys.shape[1])  # one product of matrices is three times as fast as one a query
        product: Floats = both @ self.from_both.weight
        inner = product.reshape(len(query), len(keys), -1)
        inner += self.from_query(query)[:, None]
        inner += self.from_key(keys)[None]
        for tables, strides, values in self.tables:
            at = features[:, :, tables[0]]
            for table, stride in zip(tables[1:], strides, strict=True):
                at = at * stride + features[:, :, table]
            inner += values[at]
        nothing = self.out(gelu(self.nothing(query)))
        return np.concatenate([nothing, self.out(gelu(inner))[:, :, 0]], 1)


def _joined(weight: Floats, sizes: tuple[int, ...], most: int = 4096) -> list[tuple[tuple[int, ...], tuple[int, ...], Floats]]:
    """Neighbouring tables as one of all their sums, while it has at most `most` rows: numbers of the tables, their strides, values."""
    starts = np.concatenate([[0], np.cumsum(sizes)])
    made: list[tuple[tuple[int, ...], tuple[int, ...], Floats]] = []
    for number, size in enumerate(sizes):
        own = weight[starts[number] : starts[number] + size]
        if made and len(made[-1][2]) * size <= most:
            tables, strides, values = made[-1]
            made[-1] = ((*tables, number), (*strides, size), (values[:, None] + own[None]).reshape(-1, weight.shape[1]))
        else:
            made.append(((number,), (), own))
    return made


class SpanClassifier:
    """Logits of joined spans; see `models.network.SpanClassifier`."""

    def __init__(self, tensors: Mapping[str, Floats], name: str) -> None:
        self.inner = _Linear.of(tensors, f"classifiers.{name}.inner")
        self.out = _Linear.of(tensors, f"classifiers.{name}.out")
        self.labels = CLASSIFIERS[name].labels

    def __call__(self, states: States, spans: Sequence[Spans], features: Floats | None = None) -> Floats:
        """`spans`: one [records, 2] array a joined span; `features` [records, n] stand behind the vectors; [records, labels]."""
        joined = [states.vectors(own) for own in spans] + ([] if features is None else [features.astype(np.float32)])
        return self.out(gelu(self.inner(np.concatenate(joined, 1))))


class Relevance:
    """Whether a record is about each topic, and which pieces say so; see `models.network.Relevance`."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self.content, self.source, self.query, self.key, self.value, self.nowhere, self.inner, self.out = (
            _Linear.of(tensors, f"relevance.{name}")
            for name in ("content.map", "source.map", "query", "key", "value", "nowhere", "inner", "out")
        )
        self.topic, self.places, self.own, self.other = (
            tensors[f"relevance.{name}.weight"].astype(np.float32) for name in ("topic", "places", "own", "other")
        )

    def pieces(self, states: States) -> tuple[Floats, Floats]:
        """What the head reads of each piece, for `__call__`; two arrays [pieces, size]."""
        return self.key(states.rows), self.value(states.rows)

    def __call__(
        self, states: States, pieces: tuple[Floats, Floats], contents: Spans, sources: Spans, low: int, places: npt.NDArray[np.int64],
        own: npt.NDArray[np.int64], other: npt.NDArray[np.int64],
    ) -> tuple[Floats, Floats]:
        """Logits [records, topics] and attention [records, topics, 1 + pieces] (column 0: nowhere, else 0..1).

        The head reads the pieces from `low` on, one a column of `places` [records, pieces], `own` and `other` [topics, pieces];
        `pieces` as `pieces` made them, of the whole text; a source is (-1, -1) where there is none.
        """
        keys, values = (made[low : low + places.shape[1]] for made in pieces)
        content, source = (gelu(layer(states.vectors(spans))) for layer, spans in ((self.content, contents), (self.source, sources)))
        query = self.query(np.concatenate([content, source], 1))[:, None] + self.topic[None]  # [records, topics, size]
        query /= np.float32(self.topic.shape[1] ** 0.5)
        scores = np.empty((len(places), len(self.topic), 1 + places.shape[1]), np.float32)
        inside = scores[:, :, 1:]
        inside[:] = (query.reshape(-1, query.shape[2]) @ keys.T).reshape(inside.shape)  # one product, not one a record
        by_place = np.concatenate([query @ self.places.T, np.full((*query.shape[:2], 1), -1e4, np.float32)], 2)
        every = by_place.shape[2]
        at = places % every + every * np.arange(len(places))[:, None]  # -1, out of reach, is the last column
        for topic in range(len(self.topic)):
            inside[:, topic] += by_place[:, topic].ravel().take(at)
            for flags, table in ((own, self.own), (other, self.other)):
                of_flag = query[:, topic] @ table.T
                inside[:, topic] += of_flag[:, :1]
                there = np.flatnonzero(flags[topic])  # few pieces are words of a topic
                inside[:, topic, there] += of_flag[:, flags[topic, there]] - of_flag[:, :1]
        query *= np.float32(self.topic.shape[1] ** 0.5)
        scores[:, :, :1] = self.nowhere(query)
        attention = softmax(scores)
        pooled = (attention[:, :, 1:].reshape(-1, len(values)) @ values).reshape(*query.shape[:2], -1)
        present = [self._present(places, flags) for flags in (own, other)]
        shape = query.shape
        joined = np.concatenate(
            [np.broadcast_to(content[:, None], shape), np.broadcast_to(source[:, None], shape), pooled, np.broadcast_to(self.topic, shape), *present], 2
        )
        return self.out(gelu(self.inner(joined)))[:, :, 0], attention

    @staticmethod
    def _present(places: npt.NDArray[np.int64], flags: npt.NDArray[np.int64]) -> Floats:
        """Whether a piece of each place and flag is in reach; [records, topics, places * flags], 0 or 1."""
        every = len(PLACES) + 1  # the last one: out of reach
        rows = np.arange(len(places))[:, None] * every
        counted = np.bincount((rows + places % every).ravel(), minlength=len(places) * every).reshape(len(places), every)
        made = np.zeros((len(places), len(flags), every, TERMS), np.float32)
        for topic, own in enumerate(flags):
            there = np.flatnonzero(own)
            of_terms = np.bincount((rows + places[:, there] % every).ravel(), minlength=counted.size).reshape(counted.shape)
            made[:, topic, :, 0] = counted > of_terms
            made[np.arange(len(places))[:, None], topic, places[:, there] % every, own[there]] = 1
        return made[:, :, :-1].reshape(len(places), len(flags), -1)


class Heads:
    """All heads of a weights file."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self.pairs = {name: PairScorer(tensors, name) for name in PAIRS}
        self.classifiers = {name: SpanClassifier(tensors, name) for name in CLASSIFIERS}
        self.relevance = Relevance(tensors)
        self.transitions = tensors["transitions"].astype(np.float32)
