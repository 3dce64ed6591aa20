"""What the page of an analysis says about where its parameters come from."""

import pytest

from experiments.analysis.answer import Answer, page
from experiments.calibration.ensemble import CENTRAL, ENSEMBLE
from experiments.space_file import space_of


def told(drawn_from: str, varied: list[str]) -> str:
    answer = Answer("Title", "Scope", ["A sentence."], drawn_from=drawn_from, varied=varied)
    return page(answer, "ecology discover").split("Scope.")[0]


@pytest.mark.parametrize("drawn_from", [ENSEMBLE, CENTRAL])
def test_where_all_parameters_vary_neither_a_calibration_nor_one_set_is_claimed(drawn_from: str) -> None:
    text = told(drawn_from, space_of("evidence").names)
    assert "not calibrated: every parameter is drawn from the whole range of its evidence" in text
    assert "ensemble" not in text and "one set" not in text


@pytest.mark.parametrize(("drawn_from", "usual"), [(ENSEMBLE, "from an ensemble"), (CENTRAL, "one set of assumed")])
def test_where_a_few_vary_the_others_come_from_where_they_usually_do(drawn_from: str, usual: str) -> None:
    few, none = told(drawn_from, ["tempo", "weeks_camhs"]), told(drawn_from, [])
    assert usual in few and "The inputs of this analysis (2) vary over ranges of their own" in few
    assert usual in none and "vary over ranges" not in none
