"""What is fitted between scores and probabilities."""

import numpy as np

from models.training import calibrate


def test_a_threshold_is_where_f1_is_best() -> None:
    chances = np.array([0.9, 0.8, 0.45, 0.44, 0.38, 0.2])
    assert 0.38 < calibrate.threshold(chances, np.array([1.0, 1, 1, 1, 0, 0])) <= 0.44


def test_a_threshold_is_neither_above_a_half_nor_below_what_is_rather_not_so() -> None:
    assert calibrate.threshold(np.array([0.9, 0.7, 0.6]), np.array([1.0, 0, 0])) <= 0.5
    assert calibrate.threshold(np.array([0.9, 0.2, 0.1]), np.array([1.0, 1, 1])) >= calibrate.LOWEST


def test_a_regression_finds_the_slope_of_what_it_is_shown() -> None:
    xs = np.linspace(-4, 4, 4001)[:, None]
    chances = 1 / (1 + np.exp(-(1.5 * xs[:, 0] - 0.5)))
    slope, shift = calibrate.fit_record(np.repeat(xs, 2, 0), np.stack([chances, chances], 1).ravel() > np.tile([0.25, 0.75], len(xs)), decay=0.0)
    assert slope > 1
    assert abs(shift / slope + 1 / 3) < 0.05


def test_a_calibration_error_is_the_gap_between_told_and_right() -> None:
    assert calibrate.calibration_error(np.full(10, 0.75), np.array([1.0] * 5 + [0.0] * 5)) == 0.25
