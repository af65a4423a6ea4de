"""What stands between the relevance head and the topics served."""

import numpy as np

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
