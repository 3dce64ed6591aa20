"""Corrections: a knob turns the way its figure asks for, no further than is answered, and nothing else but by luck."""

import numpy as np
import pytest

from experiments.calibration import calibrate, inputs
from experiments.calibration.corrections import corrected, corrections
from experiments.calibration.settings import settings

FIGURES = ["section_47 level", "initial_conferences level", "no_further_action level"]
MOVED = ["threshold_section_47", "threshold_section_47_at_once", "threshold_conference", "threshold_no_further_action"]


@pytest.fixture(autouse=True)
def _three_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [one for one in settings()["corrections"]["figures"] if one["figure"] in FIGURES]
    monkeypatch.setitem(settings()["corrections"], "figures", told)
    monkeypatch.setitem(settings()["corrections"], "jitter", 0.0)


def turned(off: list[float]) -> np.ndarray:
    """Return by how much each number moves from the middle, and one that is held."""
    unit = np.full((1, len(MOVED) + 1), 0.5)
    luck = np.random.default_rng(1)
    return np.asarray(corrected(unit, np.array([off]), FIGURES, MOVED, luck)[0] - unit[0])


def test_a_point_that_meets_its_figures_stands_still() -> None:
    assert not turned([0.0, 0.0, 0.0]).any()


def test_too_many_ask_for_a_higher_threshold_and_too_few_closed_ones_as_well() -> None:
    enquiries, at_once, conference, closed, held = turned([2.0, 2.0, 0.0])
    assert enquiries == at_once > 0.0
    assert conference == closed == held == 0.0  # conferences are too many only because enquiries are
    assert turned([0.0, -2.0, 0.0])[2] < 0.0
    assert turned([0.0, 0.0, -2.0])[3] > 0.0
    assert turned([1.0, 1.0, 1.0]) == pytest.approx(-turned([-1.0, -1.0, -1.0]))


def test_a_broken_figure_is_answered_no_further_than_others() -> None:
    most = settings()["corrections"]["most"]
    assert (turned([1e6, 0.0, 0.0]) == turned([most, 0.0, 0.0])).all()


def test_what_has_no_knob_goes_on_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["corrections"], "jitter", 0.02)
    unit = np.full((500, 5), 0.5)
    found = corrected(unit, np.zeros((500, 3)), FIGURES, MOVED, np.random.default_rng(2))
    assert found[:, :4].std(axis=0) == pytest.approx(0.02, rel=0.2)
    assert (found[:, 4] == 0.5).all()


def test_every_correction_is_of_a_fitted_figure_and_moves_what_is_fitted() -> None:
    fitted = {calibrate.items()[number].name for number in calibrate.Targets.fitted().chosen}
    for one in corrections():
        assert {one.figure, one.less or one.figure} <= fitted
        assert set(one.moves) <= set(inputs.moved())
