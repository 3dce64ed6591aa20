"""How numbers, ranges and lists are told on pages, and where labels stand."""

import pandas as pd
import pytest

from experiments.report.drawing import apart
from experiments.report.words import figure, listing, over_runs, span


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0"),
        (1234.5, "1,230"),
        (1235.1, "1,240"),
        (0.01234, "0.0123"),
        (-5.678, "\N{MINUS SIGN}5.68"),
        (99.96, "100"),
    ],
)
def test_numbers_have_three_figures(value: float, told: str) -> None:
    assert figure(value) == told


def test_a_range_is_never_one_bare_number() -> None:
    assert span(1.0, 2.0) == "1.00 to 2.00"
    assert span(1.0, 1.0001) == "about 1.00"
    assert over_runs(pd.Series([1.0, 2.0, float("nan")])) == "1.05 to 1.95"
    assert over_runs(pd.Series([2.0])) == "2.00 (one run, so no range)"
    assert over_runs(pd.Series([float("nan")])) == "no figure"


def test_lists_read_as_in_a_sentence() -> None:
    told = [listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])]
    assert told == ["none", "a", "a and b", "a, b and c"]


def test_labels_move_apart_and_keep_their_order() -> None:
    placed = apart([5.0, 5.0, 4.0, 90.0], 10.0)
    assert placed[2] < placed[0] < placed[1] < placed[3] == 90.0
    assert placed[1] - placed[0] == pytest.approx(10, abs=0.5) and placed[0] - placed[2] == pytest.approx(10, abs=0.5)
