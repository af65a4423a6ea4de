"""Decoding: the best legal path, the same in one go and paragraph by paragraph; spans and labels are inverses."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.labels import NAME_LABELS, ROLES, TAG_LABELS
from models.tags import best_path, legal, name_path, spans, write


def test_best_path_is_the_best_of_all_legal_paths() -> None:
    chance = np.random.default_rng(1)
    labels = ("O", "B-a", "I-a", "E-a", "S-a")
    scores = chance.normal(size=(5, 5)).astype(np.float32)
    transitions = chance.normal(size=(5, 5)).astype(np.float32)
    allowed = legal(labels)

    def value(path: tuple[int, ...]) -> float:
        steps = list(itertools.pairwise(path))
        if not all(allowed[step] for step in steps):
            return -np.inf
        return float(sum(scores[i, label] for i, label in enumerate(path)) + sum(transitions[step] for step in steps))

    best = max(itertools.product(range(5), repeat=5), key=value)
    assert tuple(best_path(scores, transitions, np.array([0]), labels)) == best


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 10**6))
@settings(max_examples=30)
def test_paragraphs_are_decoded_as_if_alone(lengths: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(sum(lengths), len(TAG_LABELS))).astype(np.float32)
    transitions = chance.normal(size=(len(TAG_LABELS),) * 2).astype(np.float32)
    breaks = np.cumsum([0, *lengths[:-1]])
    alone = [best_path(scores[b : b + n], transitions, np.array([0])) for b, n in zip(breaks, lengths, strict=True)]
    assert (best_path(scores, transitions, breaks) == np.concatenate(alone)).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.sampled_from(ROLES)), max_size=8))
def test_spans_and_labels_are_inverses(parts: list[tuple[int, int, str]]) -> None:
    by_role: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
    at = 0
    for gap, length, role in parts:
        by_role[role].append((at + gap, at + gap + length))
        at += gap + length
    found = spans(write(at + 1, by_role))
    assert {role: [tuple(span) for span in own.tolist()] for role, own in found.items()} == by_role


def test_names_are_searched_only_where_the_best_labels_are_illegal() -> None:
    chance = np.random.default_rng(4)
    none = np.zeros((len(NAME_LABELS), len(NAME_LABELS)), np.float32)
    for spread in (0.1, 1.0, 8.0):  # the share of paragraphs that need a search
        scores = chance.normal(size=(200, len(NAME_LABELS))).astype(np.float32)
        scores[:, 0] += spread
        breaks = np.unique(np.append(0, chance.integers(1, 200, 40)))
        assert (name_path(scores, breaks) == best_path(scores, none, breaks, NAME_LABELS)).all()
