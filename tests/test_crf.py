"""The CRF of the training against every path of a short text, written out."""

import itertools

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from models.labels import TAG_LABELS  # noqa: E402
from models.tags import legal  # noqa: E402
from models.training.crf import expected_log_likelihood, labels_of, log_likelihood, posterior  # noqa: E402

LENGTH = 4


@pytest.fixture(name="crf")
def _crf() -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(5)
    size = len(TAG_LABELS)
    return chance.normal(size=(LENGTH, size)).astype(np.float32) * 2, chance.normal(size=(size, size)).astype(np.float32)


def paths() -> list[tuple[int, ...]]:
    """All legal label sequences of four pieces."""
    allowed = legal()
    return [
        path for path in itertools.product(range(len(TAG_LABELS)), repeat=LENGTH) if all(allowed[before, after] for before, after in itertools.pairwise(path))
    ]


def weights(scores: np.ndarray, transitions: np.ndarray) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Every path with its probability."""
    every = paths()
    logs = np.array([
        sum(scores[at, label] for at, label in enumerate(path)) + sum(transitions[step] for step in itertools.pairwise(path)) for path in every
    ])
    made = np.exp(logs - logs.max())
    return every, made / made.sum()


def test_the_likelihood_is_a_paths_share_of_all(crf: tuple[np.ndarray, np.ndarray]) -> None:
    every, share = weights(*crf)
    scores, transitions = (torch.from_numpy(made) for made in crf)
    for index in (0, len(every) // 2, int(share.argmax())):
        given = log_likelihood(scores[None], transitions, torch.tensor([every[index]]), torch.ones(1, LENGTH, dtype=torch.bool))
        assert float(given) == pytest.approx(np.log(share[index]), abs=1e-3)


def test_the_posterior_sums_paths(crf: tuple[np.ndarray, np.ndarray]) -> None:
    every, share = weights(*crf)
    labels = np.zeros((LENGTH, len(TAG_LABELS)))
    steps = np.zeros((LENGTH - 1, len(TAG_LABELS), len(TAG_LABELS)))
    for path, own in zip(every, share, strict=True):
        for at, label in enumerate(path):
            labels[at, label] += own
        for at, step in enumerate(itertools.pairwise(path)):
            steps[(at, *step)] += own
    given = posterior(*crf)
    assert np.allclose(given, steps[:, legal()], atol=1e-5)
    assert np.allclose(labels_of(given), labels, atol=1e-5)


def test_a_student_that_is_its_teacher_learns_nothing_more(crf: tuple[np.ndarray, np.ndarray]) -> None:
    between = posterior(*crf)
    labels = labels_of(between)
    steps = np.zeros((len(TAG_LABELS), len(TAG_LABELS)), np.float32)
    steps[legal()] = between.sum(0)
    scores, transitions = (torch.from_numpy(made).requires_grad_() for made in crf)
    given = expected_log_likelihood(
        scores[None], transitions, torch.from_numpy(labels)[None], torch.from_numpy(steps)[None], torch.ones(1, LENGTH, dtype=torch.bool)
    )
    _, share = weights(*crf)
    assert float(given.detach()) == pytest.approx(float((share * np.log(share)).sum()), abs=1e-3)
    given.sum().backward()
    assert float(scores.grad.abs().max()) < 1e-4
    assert float(transitions.grad.abs().max()) < 1e-4
