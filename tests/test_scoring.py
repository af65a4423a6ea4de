"""The heads in numpy give what the heads in torch give."""

import numpy as np
import pytest
import torch

from models.labels import CLASSIFIERS, PAIRS, PLACES, TERMS
from models.network import PairScorer as TorchPairScorer
from models.network import Relevance as TorchRelevance
from models.network import SpanClassifier as TorchSpanClassifier
from models.scoring import PairScorer, Relevance, SpanClassifier, States, gelu

HIDDEN = 24


def test_gelu_is_torch_gelu() -> None:
    x = np.linspace(-6, 6, 101, dtype=np.float32)
    assert np.abs(gelu(x) - torch.nn.functional.gelu(torch.from_numpy(x), approximate="tanh").numpy()).max() < 1e-6


@pytest.mark.parametrize("name", PAIRS)
def test_pair_scorer(name: str) -> None:
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    theirs = TorchPairScorer(HIDDEN, PAIRS[name])
    tensors = {f"pairs.{name}.{key}": value.detach().numpy() for key, value in theirs.state_dict().items()}
    states = States(chance.normal(size=(30, HIDDEN)).astype(np.float32))
    queries, keys = np.array([[0, 3], [5, 6]]), np.array([[2, 9], [10, 11], [20, 30]])
    features = np.stack([chance.integers(0, size, (2, 3)) for size in PAIRS[name].features], 2)
    with torch.inference_mode():
        wanted = theirs(*(torch.from_numpy(states.vectors(spans)) for spans in (queries, keys)), torch.from_numpy(features)).numpy()
    mine = PairScorer(tensors, name)
    assert np.abs(mine(states, queries, mine.keys(states, keys), features) - wanted).max() < 1e-4


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_span_classifier(name: str) -> None:
    torch.manual_seed(1)
    theirs = TorchSpanClassifier(HIDDEN, CLASSIFIERS[name])
    tensors = {f"classifiers.{name}.{key}": value.detach().numpy() for key, value in theirs.state_dict().items()}
    states = States(np.random.default_rng(2).normal(size=(9, HIDDEN)).astype(np.float32))
    spans = [np.array([[0, 3], [5, 6]]), np.array([[3, 4], [-1, -1]]), np.array([[-1, -1], [7, 9]])][: CLASSIFIERS[name].spans]
    joined = np.concatenate([states.vectors(own) for own in spans], 1)
    with torch.inference_mode():
        wanted = theirs(torch.from_numpy(joined)).numpy()
    assert np.abs(SpanClassifier(tensors, name)(states, spans) - wanted).max() < 1e-4


def test_a_missing_span_is_zeros_and_a_mean_is_a_mean() -> None:
    rows = np.arange(12, dtype=np.float32).reshape(6, 2)
    vectors = States(rows).vectors(np.array([[-1, -1], [1, 4]]))
    assert not vectors[0].any()
    assert vectors[1].tolist() == [*rows[1], *rows[3], *rows[1:4].mean(0)]


def test_relevance() -> None:
    torch.manual_seed(3)
    chance = np.random.default_rng(3)
    theirs = TorchRelevance(HIDDEN, 3)
    tensors = {f"relevance.{key}": value.detach().numpy() for key, value in theirs.state_dict().items()}
    states = States(chance.normal(size=(40, HIDDEN)).astype(np.float32))
    contents, sources = np.array([(12, 20), (25, 26)]), np.array([(21, 22), (-1, -1)])
    places = chance.integers(-1, len(PLACES), (2, 40))
    own, other = (chance.integers(0, TERMS, (3, 40)) for _ in range(2))
    given = [states.vectors(spans) for spans in (contents, sources)]
    mine = Relevance(tensors)
    for low in (0, 4):  # the head may be given a part of the text
        hidden = np.where(np.arange(40) < low, -1, places)
        with torch.inference_mode():
            logits, log = theirs(*(torch.from_numpy(made) for made in (states.rows, *given, hidden, own, other)))
        got, attention = mine(states, mine.pieces(states), contents, sources, low, places[:, low:], own[:, low:], other[:, low:])
        assert np.abs(got - logits.numpy()).max() < 1e-4
        assert np.abs(attention[:, :, 1:] - log.exp().numpy()[:, :, 1 + low :]).max() < 1e-4
