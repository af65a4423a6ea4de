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


def _erf(x: Floats) -> Floats:
    """Abramowitz and Stegun 7.1.26: the error is below 1.5e-7."""
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    result: Floats = (np.sign(x) * (1 - poly * np.exp(-x * x))).astype(np.float32)
    return result


def gelu(x: Floats) -> Floats:
    """x times the normal distribution's share below x."""
    return np.float32(0.5) * x * (1 + _erf(x * np.float32(0.70710678)))


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
        self._sums = np.concatenate([np.zeros((1, rows.shape[1]), np.float64), np.cumsum(rows, 0, dtype=np.float64)])

    def vectors(self, spans: Spans) -> Floats:
        """First, last and mean state of each span ([spans, 2], pieces, half-open; -1: zeros); [spans, 3 * hidden]."""
        hidden = self.rows.shape[1]
        made = np.zeros((len(spans), 3 * hidden), np.float32)
        there = spans[:, 0] >= 0
        first, last = spans[there, 0], spans[there, 1]
        made[there, :hidden] = self.rows[first]
        made[there, hidden : 2 * hidden] = self.rows[last - 1]
        made[there, 2 * hidden :] = (self._sums[last] - self._sums[first]) / (last - first)[:, None]
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
        self.features = tensors[prefix + "features.weight"].astype(np.float32)
        sizes = PAIRS[name].features
        self.offsets = np.array([sum(sizes[:index]) for index in range(len(sizes))])

    def __call__(self, states: States, queries: Spans, keys: Spans, features: npt.NDArray[np.int64]) -> Floats:
        """Logits; `features` [queries, keys, tables]; [queries, 1 + keys]."""
        query, key = gelu(self.query(states.vectors(queries))), gelu(self.key(states.vectors(keys)))
        inner = (query[:, None] * key[None]).reshape(-1, query.shape[1]) @ self.from_both.weight
        inner = inner.reshape(len(queries), len(keys), self.from_both.weight.shape[1])
        inner += self.from_query(query)[:, None] + self.from_key(key)[None]
        for table, offset in enumerate(self.offsets):
            inner += self.features[features[:, :, table] + offset]
        nothing = self.out(gelu(self.nothing(query)))
        return np.concatenate([nothing, self.out(gelu(inner.astype(np.float32, copy=False)))[:, :, 0]], 1)


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

    def __call__(
        self, states: States, content: tuple[int, int], source: tuple[int, int], low: int, places: npt.NDArray[np.int64],
        own: npt.NDArray[np.int64], other: npt.NDArray[np.int64],
    ) -> tuple[Floats, Floats]:
        """Logits [topics] and attention [topics, 1 + pieces] (column 0: nowhere, else 0..1) of one record.

        The head reads the pieces from `low` on, one a column of `places` [pieces], `own` and `other` [topics, pieces];
        `source` is (-1, -1) where there is none.
        """
        rows = states.rows[low : low + len(places)]
        vectors = [gelu(layer(states.vectors(np.array([span], np.int64)))) for layer, span in ((self.content, content), (self.source, source))]
        query = self.query(np.concatenate(vectors, 1)) + self.topic  # [topics, size]
        scores = query @ self.key(rows).T + (query @ self.places.T)[:, np.maximum(places, 0)]
        for flags, table in ((own, self.own), (other, self.other)):
            scores = scores + np.take_along_axis(query @ table.T, flags, 1)
        scores = np.where(places < 0, np.float32(-1e4), scores / np.float32(query.shape[1] ** 0.5))
        attention = softmax(np.concatenate([self.nowhere(query), scores], 1))
        pooled = attention[:, 1:] @ self.value(rows)
        present = []
        for flags in (own, other):
            made = np.zeros((len(query), len(PLACES), TERMS), np.float32)
            topic, piece = np.nonzero(np.broadcast_to(places >= 0, flags.shape))
            made[topic, places[piece], flags[topic, piece]] = 1
            present.append(made.reshape(len(query), -1))
        repeated = [np.repeat(vector, len(query), 0) for vector in vectors]
        joined = np.concatenate([*repeated, pooled, self.topic, *present], 1)
        return self.out(gelu(self.inner(joined)))[:, 0], attention


class Heads:
    """All heads of a weights file."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self.pairs = {name: PairScorer(tensors, name) for name in PAIRS}
        self.classifiers = {name: SpanClassifier(tensors, name) for name in CLASSIFIERS}
        self.relevance = Relevance(tensors)
        self.transitions = tensors["transitions"].astype(np.float32)
