"""Randomized maximum likelihood: where Bayes is known it says the same, what tells nothing stays, walls hold."""

import numpy as np
import pytest

from experiments.calibration.emulator import Emulator
from experiments.calibration.randomized_likelihood import nearer

REACH = 0.05


def told_by(slopes: np.ndarray, figures: np.ndarray) -> Emulator:
    """Return an emulator of items that are ``slopes`` (inputs, items) times inputs less figures, in spreads."""
    centre = 0.5 * slopes.sum(axis=0) - figures
    return Emulator(0, np.vstack([centre, 0.5 * slopes]), np.ones(len(figures)))


def test_one_step_gives_the_posterior_of_bayes_where_that_is_known() -> None:
    slopes = np.array([[20.0, 0.0, 10.0], [10.0, 40.0, 0.0]])
    figures = slopes.T @ [0.53, 0.48]
    luck = np.random.default_rng(3)
    prior = np.clip(0.5 + REACH * luck.normal(size=(2_000, 2)), 0.0, 1.0)
    found = nearer(told_by(slopes, figures), prior, 2, REACH, luck)
    precision = np.eye(2) / REACH**2
    exact = np.linalg.inv(precision + slopes @ slopes.T)
    mean = exact @ (precision @ [0.5, 0.5] + slopes @ figures)
    assert found.mean(axis=0) == pytest.approx(mean, abs=0.003)
    assert np.cov(found, rowvar=False) == pytest.approx(exact, rel=0.15, abs=3e-5)


def test_an_input_that_tells_nothing_and_one_that_is_held_stand_still() -> None:
    slopes = np.array([[20.0], [0.0], [15.0]])
    luck = np.random.default_rng(4)
    unit = luck.uniform(0.1, 0.9, (50, 3))
    found = nearer(told_by(slopes, np.array([18.0])), unit, 2, 0.25, luck)
    assert (found[:, 2] == unit[:, 2]).all()
    assert found[:, 1] == pytest.approx(unit[:, 1], abs=1e-6)
    needed = (18.0 - 15.0 * unit[:, 2]) / 20.0  # each point goes where its own held input asks it to
    assert np.corrcoef(found[:, 0], needed)[0, 1] > 0.9
    assert np.abs(found[:, 0] - needed).mean() < 0.5 * np.abs(unit[:, 0] - needed).mean()


def test_no_point_leaves_the_unit_cube_whatever_is_asked_of_it() -> None:
    unit = np.array([[0.0, 1.0], [0.5, 0.5]])
    found = nearer(told_by(np.diag([10.0, 10.0]), np.array([1e4, -1e4])), unit, 2, 0.25, np.random.default_rng(5))
    assert 0.0 < found.min() < 0.01 and 0.99 < found.max() < 1.0


def test_slopes_are_what_predictions_change_by() -> None:
    luck = np.random.default_rng(6)
    emulator = Emulator(2, luck.normal(size=(1 + 3 + 2, 4)), np.ones(4))
    point, step = luck.random((1, 3)), 1e-6
    for number in range(3):
        there = point + step * np.eye(3)[number]
        change = (emulator.predict(there) - emulator.predict(point))[0] / step
        assert emulator.slopes(point)[0, :, number] == pytest.approx(change, abs=1e-4)
