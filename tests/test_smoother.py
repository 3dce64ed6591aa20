"""The ensemble smoother: where Bayes is known it says the same, chance moves little, and nothing leaves its range."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.calibration import smoother


def passed(normal: np.ndarray, off: Any, passes: int, seed: int) -> np.ndarray:
    luck = np.random.default_rng(seed)
    for _ in range(passes):
        normal = smoother.updated(normal, off(normal), passes, luck)
    return normal


def test_the_smoother_gives_the_posterior_of_bayes_where_that_is_known() -> None:
    slopes = np.array([[1.0, 0.0, 0.5], [0.5, 2.0, 0.0]])
    figures = np.array([1.0, -2.0, 0.5])  # in spreads
    exact = np.linalg.inv(np.eye(2) + slopes @ slopes.T)
    for passes in (1, 4):
        normal = np.random.default_rng(3).normal(size=(20_000, 2))
        found = passed(normal, lambda z: z @ slopes - figures, passes, 4)
        assert found.mean(axis=0) == pytest.approx(exact @ slopes @ figures, abs=0.02)
        assert np.cov(found, rowvar=False) == pytest.approx(exact, abs=0.02)


def test_an_inert_input_keeps_its_spread_while_one_that_tells_narrows() -> None:
    widths, shifts = [], []
    for seed in range(20):
        luck = np.random.default_rng(seed)
        normal, noise = luck.normal(size=(120, 30)), luck.normal(size=(120, 45))
        slopes = np.zeros((30, 45))
        slopes[:5] = luck.normal(size=(5, 45))
        found = passed(normal, lambda z, by=slopes, more=noise: z @ by + more - 1.0, 4, seed)  # type: ignore[misc]
        widths.append(found.std(axis=0) / normal.std(axis=0))
        shifts.append(np.abs(found.mean(axis=0) - normal.mean(axis=0)))
    width, shift = np.mean(widths, axis=0), np.mean(shifts, axis=0)
    assert width[:5].max() < 0.5
    assert width[5:].min() > 0.9
    assert shift[5:].mean() < 0.1


def test_chance_correlations_are_tapered_to_nothing_and_true_ones_kept() -> None:
    luck = np.random.default_rng(5)
    inputs_, noise = luck.normal(size=(120, 400)), luck.normal(size=(120, 1))
    off = np.hstack([inputs_[:, :1] + 0.5 * noise, np.ones((120, 1))])
    kept = smoother.tapered(inputs_, off)
    plain = np.cov(np.hstack([inputs_, off]), rowvar=False)[:400, 400:]
    assert kept[0, 0] == pytest.approx(plain[0, 0], rel=0.06)
    assert (kept[1:, 0] == 0.0).mean() == pytest.approx(stats.chi2.cdf(4.0, 1), abs=0.03)
    assert (kept[1:, 0] ** 2).mean() < 0.2 * (plain[1:, 0] ** 2).mean()
    assert (kept[:, 1] == 0.0).all()  # what does not vary moves nothing


def test_a_point_of_the_smoother_never_leaves_the_unit_cube() -> None:
    unit = np.array([[0.0, 1.0, 0.3]])
    assert smoother.to_unit(smoother.to_normal(unit)) == pytest.approx(unit, abs=0.0011)
    normal = smoother.to_normal(np.random.default_rng(6).random((50, 3)))
    moved = smoother.updated(normal, normal + 1e6, 1.0, np.random.default_rng(7))
    assert np.abs(moved).max() > 1e5
    far = smoother.to_unit(moved)
    assert 0.0 < far.min() <= far.max() < 1.0
    assert np.isfinite(smoother.to_normal(far)).all()
