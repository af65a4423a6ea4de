"""What stands between the relevance head and the topics served."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models import artifact, windows
from models.topics.judge import GIVEN, Topics, View, around


def view(*logits: float) -> View:
    nothing = np.zeros((1, 1), np.int64)
    return View(0, nothing[0], nothing, np.array(logits, np.float32), nothing.astype(np.float32))


def test_around_is_both_neighbours() -> None:
    made = around(np.array([[0.0], [50.0], [-50.0]], np.float32))
    assert made[:, 0].tolist() == [1.0, 0.5, 1.0]


def test_neighbours_tip_a_scale_that_stands_even() -> None:
    weights = dict.fromkeys(("russia", "ukraine", "spending"), (1.0, -1.0, 2.0, GIVEN))
    topics = Topics.load(weights=weights)
    alone = topics.chances([view(1.0, 1.0, 1.0)])
    beside = topics.chances([view(1.0, 1.0, 1.0), view(9.0, 9.0, -9.0)])
    assert np.allclose(alone, 0.5)
    assert np.allclose(beside[0], [0.88, 0.88, 0.5], atol=0.01)


def test_unfitted_weights_leave_the_logits_alone() -> None:
    assert np.allclose(Topics.load().chances([view(0.0, 0.0, 0.0), view(9.0, 9.0, 9.0)])[0], 0.5)


@pytest.mark.parametrize(
    ("text", "looked", "wanted"),
    [
        ("They will pay for the shells", {"the": 0.4, "shells": 0.3, "They": 0.2, "for": 0.1}, ["shells", "They"]),
        ("They will pay for the shells", {"the": 0.9, "for": 0.1}, ["shells"]),
        ("Not of the", {"the": 0.7, "of": 0.3}, ["the"]),
    ],
)
def test_empty_words_are_evidence_only_where_nothing_else_is(text: str, looked: dict[str, float], wanted: list[str]) -> None:
    pieces = windows.read(text, windows.tokenizer(artifact.DEFAULT))
    own = np.zeros((3, len(pieces)), np.int64)
    attention = np.zeros((3, len(pieces)), np.float32)
    for word, weight in looked.items():
        attention[0, pieces.cover(text.index(word), text.index(word) + len(word))[0]] = weight
    attention[0, len(pieces) - 1] += 0.001
    reading: Any = SimpleNamespace(text=text, pieces=pieces)
    found = Topics.load().evidence(reading, View(0, own[0], own, np.zeros(3, np.float32), attention), 0)
    assert [span.of(text) for span in found] == wanted
