"""The heads that score spans, in numpy: the same arithmetic as `models.network`, on the states of one text.

Torch stops at the states, so that any thread can assemble an answer while the model thread encodes the next batch;
a test holds both versions equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from models.labels import CLASSIFIERS, PAIRS

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


class Heads:
    """All heads of a weights file."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self.pairs = {name: PairScorer(tensors, name) for name in PAIRS}
        self.classifiers = {name: SpanClassifier(tensors, name) for name in CLASSIFIERS}
        self.transitions = tensors["transitions"].astype(np.float32)
