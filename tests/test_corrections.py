"""Corrections: a point goes to where an emulator of all runs is nearer to its aims, no further than it is worth."""

import numpy as np
import pytest

from experiments.calibration.corrections import Steering
from experiments.calibration.settings import settings
from experiments.calibration.targets import Targets

MOVED, HELD, RUNS = 3, 2, 200
TARGET = Targets(np.array([50.0, 8.0, 2.0]), np.array([5.0, 2.0, 1.0]), np.arange(3), np.array([False, False, True]))
THE_FIGURES = np.zeros(3)


@pytest.fixture(autouse=True)
def _no_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["corrections"], "jitter", 0.0)


def invented(unit: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """Return what points have: a level that two numbers move, one that is held to as well, a trend of luck."""
    level = 50.0 * np.exp(0.6 * (unit[:, 0] - 0.7) + 0.2 * (unit[:, 1] - 0.5))
    other = 8.0 * np.exp(2.0 * (unit[:, 1] - 0.3) ** 2 + 0.5 * (unit[:, 3] - 0.5))
    trend = 4.0 + luck.normal(0.0, 4.0, len(unit))
    return np.column_stack([level, other, trend])


def learned() -> Steering:
    luck = np.random.default_rng(1)
    unit = luck.random((RUNS, MOVED + HELD))
    return Steering.learned(unit, invented(unit, luck), MOVED, TARGET)


def gone(unit: list[float], off: list[float], aim: np.ndarray = THE_FIGURES) -> np.ndarray:
    """Return by how much each input of a point goes that was off so far, in spreads."""
    here = np.array([unit])
    values = TARGET.value + np.array([off]) * TARGET.spread
    return np.asarray(learned().corrected(here, values, aim[None], np.random.default_rng(2))[0] - here[0])


def test_levels_are_scaled_as_how_many_times_the_figure_they_are_and_trends_as_spreads() -> None:
    scaled = TARGET.scaled(np.array([[60.0, 4.0, 5.0]]))
    assert scaled[0] == pytest.approx([np.log(1.2), np.log(0.5), 3.0])
    assert TARGET.off_of(scaled)[0] == pytest.approx([2.0, -2.0, 3.0])
    step = 1e-6
    told = (TARGET.off_of(scaled + step) - TARGET.off_of(scaled)) / step
    assert TARGET.slopes(scaled)[0] == pytest.approx(told[0], rel=1e-4)


def test_a_broken_figure_does_not_count_without_end() -> None:
    bound, least = settings()["waves"]["outlier"], settings()["corrections"]["least"]
    high, low = TARGET.scaled(np.array([[1e6, 1e6, 1e6], [0.0, 0.0, -1e6]]))
    assert TARGET.off_of(high) == pytest.approx([bound, bound, bound])
    assert low == pytest.approx([np.log(1.0 - bound / 10.0), np.log(least), -bound])


def test_the_slopes_of_an_emulator_are_those_of_what_it_tells() -> None:
    emulator, point, step = learned().emulator, np.full(MOVED + HELD, 0.3), 1e-6
    for number in range(MOVED):
        beside = point.copy()
        beside[number] += step
        told = (emulator.predict(beside[None]) - emulator.predict(point[None]))[0] / step
        assert emulator.slopes(point)[:, number] == pytest.approx(told, rel=1e-3, abs=1e-4)


def test_a_point_goes_to_where_its_levels_are_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["corrections"], "reach", 1.0)
    start = np.array([[0.2, 0.8, 0.5, 0.5, 0.5]])
    off = TARGET.off(invented(start, np.random.default_rng(3)))
    there = start[0] + gone(start[0].tolist(), off[0].tolist())
    levels = np.abs(TARGET.off(invented(there[None], np.random.default_rng(4)))[0, :2])
    assert (levels < 0.25 * np.abs(off[0, :2])).all(), (off, levels)
    assert there[MOVED:].tolist() == [0.5, 0.5]  # what is held stands still


def test_points_with_other_aims_go_elsewhere_by_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["corrections"], "reach", 1.0)
    start = [0.5, 0.3, 0.5, 0.5, 0.5]
    emulator = learned().emulator
    ends = []
    for aim in (-1.0, 0.0, 1.0):
        there = np.array(start) + gone(start, [0.0, 0.0, 0.0], np.array([aim, 0.0, 0.0]))
        ends.append(float(TARGET.off_of(emulator.predict(there[None])[0])[0]))
    assert np.diff(ends) == pytest.approx([1.0, 1.0], abs=0.2)


def test_a_trend_of_luck_moves_hardly_anything() -> None:
    start = [0.2, 0.8, 0.5, 0.5, 0.5]
    falling, rising = gone(start, [-2.4, 2.0, -8.0]), gone(start, [-2.4, 2.0, 8.0])
    assert np.linalg.norm(rising - falling) < 0.25 * np.linalg.norm(falling)


def test_the_longer_the_reach_the_further_a_point_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    for reach in (0.01, 0.1, 1.0):
        monkeypatch.setitem(settings()["corrections"], "reach", reach)
        steps.append(float(np.linalg.norm(gone([0.2, 0.8, 0.5, 0.5, 0.5], [-2.4, 2.0, 0.0]))))
    assert steps[0] < 0.2 * steps[1] and steps[1] < steps[2]


def test_a_point_is_expected_to_keep_a_share_of_what_sets_it_apart() -> None:
    steering, point = learned(), np.full((1, MOVED + HELD), 0.5)
    told = steering.emulator.predict(point)[0]
    own = np.where(TARGET.trend, settings()["corrections"]["own_of_trends"], settings()["corrections"]["own"])
    apart = np.array([0.1, 0.0, 1.0])
    scaled = told + apart
    values = TARGET.value + TARGET.off_of(scaled) * TARGET.spread
    assert steering.expected(point, values[None])[0] == pytest.approx(TARGET.off_of(told + own * apart))


def test_no_point_leaves_its_ranges() -> None:
    for corner in (0.0, 1.0):
        there = corner + gone([corner] * (MOVED + HELD), [50.0, -50.0, 0.0])
        assert ((there >= 0.0) & (there <= 1.0)).all()


def test_what_no_figure_asks_for_goes_on_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["corrections"], "jitter", 0.02)
    steering, unit = learned(), np.full((200, MOVED + HELD), 0.5)
    values = TARGET.value + TARGET.off_of(steering.emulator.predict(unit)) * TARGET.spread
    found = steering.corrected(unit, values, TARGET.off(values), np.random.default_rng(5))
    assert found[:, :MOVED].std(axis=0) == pytest.approx(0.02, rel=0.2)
    assert (found[:, MOVED:] == 0.5).all()
