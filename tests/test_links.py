"""What the link scorers are told of two spans."""

import numpy as np
import pytest

from models.links import signed_gap


@pytest.mark.parametrize(
    ("query", "key", "wanted"),
    [((5, 8), (6, 7), 0), ((5, 8), (8, 9), 1), ((5, 8), (10, 11), 2), ((5, 8), (11, 12), 3), ((5, 8), (0, 5), -1), ((5, 8), (0, 3), -2), ((5, 8), (100_000, 100_001), 10)],
)
def test_signed_gap_is_logarithmic_and_negative_where_the_key_comes_first(query: tuple[int, int], key: tuple[int, int], wanted: int) -> None:
    assert signed_gap(np.array([query]), np.array([key]), 10) == wanted + 10
