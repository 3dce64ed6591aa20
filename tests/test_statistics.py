"""Paired differences: known answers, coverage on invented truths, verdicts, and no silence about broken values."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ecology.errors import BadInput
from experiments.statistics import COLUMNS, interval, levels, paired_differences, probability_better, verdict
from tests.standin import DEFINITIONS, Definition

LOWER, HIGHER = "lower", "higher"


def outcomes(values: dict[str, dict[str, list[float]]], pressure: str = "both") -> pd.DataFrame:
    """Return rows of outcomes.csv from outcome → regime → value by seed (from 1)."""
    rows = [
        ("Leeds", pressure, regime, seed, outcome, value, "units")
        for outcome, by_regime in values.items()
        for regime, of_seeds in by_regime.items()
        for seed, value in enumerate(of_seeds, start=1)
    ]
    return pd.DataFrame(rows, columns=["authority", "pressure", "regime", "seed", "outcome", "value", "unit"])


def one_outcome(fragmented: list[float], orchestrated: list[float], name: str = "harm_weeks") -> pd.Series:
    table = outcomes({name: {"fragmented": fragmented, "orchestrated": orchestrated}})
    (row,) = paired_differences(table, "fragmented", DEFINITIONS).to_dict("records")
    return pd.Series(row)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.9875])
def test_the_interval_is_the_paired_t_interval(level: float) -> None:
    a, b = np.array([3.1, 4.7, 5.2, 6.9, 4.4]), np.array([2.0, 4.9, 3.1, 5.0, 4.0])
    known = stats.ttest_rel(b, a).confidence_interval(level)
    assert interval(b - a, level) == pytest.approx((known.low, known.high))


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    luck = np.random.default_rng(20)
    for skewed in (False, True):
        sample = luck.gamma(4.0, 1.0, (2000, 20)) - 4.0 if skewed else luck.normal(0.0, 3.0, (2000, 20))
        bounds = [interval(row, 0.95) for row in sample]
        covered = np.mean([low <= 0 <= high for low, high in (b for b in bounds if b is not None)])
        assert 0.93 <= covered <= 0.965


def test_a_difference_is_regime_minus_comparator_and_the_columns_are_those_promised() -> None:
    table = outcomes({"harm_weeks": {"fragmented": [10.0, 12.0, 11.0], "orchestrated": [4.0, 5.0, 6.0]}})
    differences = paired_differences(table, "fragmented", DEFINITIONS)
    assert list(differences.columns) == COLUMNS
    row = differences.iloc[0]
    assert (row["regime"], row["against"], row["n"]) == ("orchestrated", "fragmented", 3)
    assert row["mean"] == pytest.approx(-6.0)
    assert row["low"] < -6.0 < row["high"] < 0
    assert row["verdict"] == "better"


def test_pairing_is_by_seed_and_not_by_order() -> None:
    table = outcomes({"harm_weeks": {"fragmented": [1.0, 20.0, 300.0], "orchestrated": [0.0, 19.0, 299.0]}})
    shuffled = table.sample(frac=1, random_state=3)
    row = paired_differences(shuffled, "fragmented", DEFINITIONS).iloc[0]
    assert (row["low"], row["high"]) == pytest.approx((-1.0, -1.0))


@pytest.mark.parametrize(
    ("low", "high", "better", "told"),
    [
        (-9.0, -6.0, LOWER, "better"),
        (-9.0, -6.0, HIGHER, "worse"),
        (6.0, 9.0, LOWER, "worse"),
        (6.0, 9.0, HIGHER, "better"),
        (-9.0, 1.0, LOWER, "sign unclear"),
        (-4.0, 5.0, LOWER, "too small to matter"),
        (1.0, 2.0, LOWER, "too small to matter"),
        (1.0, 5.1, LOWER, "worse"),
        (0.0, 6.0, LOWER, "sign unclear"),
    ],
)
def test_verdicts(low: float, high: float, better: str, told: str) -> None:
    assert verdict((low, high), better, smallest_difference=5.0) == told


def test_probability_of_superiority_counts_ties_half() -> None:
    differences = np.array([-1.0, -2.0, 0.0, 3.0])
    assert probability_better(differences, LOWER) == pytest.approx((2 + 0.5) / 4)
    assert probability_better(differences, HIGHER) == pytest.approx((1 + 0.5) / 4)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_superiority_of_one_is_inferiority_of_the_other(values: list[float]) -> None:
    differences = np.array(values)
    assert probability_better(differences, LOWER) + probability_better(differences, HIGHER) == pytest.approx(1)


def test_one_pair_has_no_interval_and_no_verdict() -> None:
    row = one_outcome([10.0], [1.0])
    assert np.isnan(row["low"]) and np.isnan(row["high"])
    assert row["verdict"] == "sign unclear"


def test_equal_runs_are_too_small_a_difference_to_matter() -> None:
    row = one_outcome([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert (row["mean"], row["low"], row["high"], row["probability_better"]) == (0, 0, 0, 0.5)
    assert row["verdict"] == "too small to matter"


def test_the_primary_outcome_keeps_its_level_and_the_others_share_theirs() -> None:
    level_of = levels(DEFINITIONS)
    assert level_of.pop("harm_weeks") == 0.95
    assert len(level_of) == 4
    assert set(level_of.values()) == {1 - 0.05 / 4}


def test_no_effect_gives_false_alarms_no_more_often_than_the_level_allows() -> None:
    """Bonferroni over four outcomes: at most about one in twenty comparisons has any verdict."""
    luck = np.random.default_rng(7)
    names = [name for name, told in DEFINITIONS.items() if told.role != "primary"]
    tiny = {name: Definition(name, "", "", LOWER, 1e-9) for name in names}
    alarms = 0
    for _ in range(150):
        runs = {name: luck.normal(size=(2, 10)).tolist() for name in names}
        table = outcomes({name: {"fragmented": one, "orchestrated": other} for name, (one, other) in runs.items()})
        alarms += bool((paired_differences(table, "fragmented", tiny)["verdict"] != "sign unclear").any())
    assert alarms <= 0.1 * 150


def test_every_regime_is_compared_with_the_baseline_under_every_pressure() -> None:
    values = {"harm_weeks": {"fragmented": [1.0, 2.0], "orchestrated": [3.0, 4.0], "partnership_board": [5.0, 6.5]}}
    table = pd.concat([outcomes(values), outcomes(values, "none")])
    differences = paired_differences(table, "orchestrated", DEFINITIONS)
    assert list(zip(differences["pressure"], differences["regime"], strict=True)) == [
        ("both", "fragmented"), ("both", "partnership_board"), ("none", "fragmented"), ("none", "partnership_board"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_named_with_its_outcome_and_seed(value: float) -> None:
    with pytest.raises(BadInput, match=r"direct_share.*orchestrated.*seed 2"):
        one_outcome([1.0, 2.0, 3.0], [1.0, value, 3.0], "direct_share")


def test_a_missing_half_of_a_pair_is_named() -> None:
    with pytest.raises(BadInput, match=r"harm_weeks, seed 3: regime orchestrated has no value"):
        one_outcome([1.0, 2.0, 3.0], [1.0, 2.0])


def test_a_repeated_row_is_named() -> None:
    table = outcomes({"harm_weeks": {"fragmented": [1.0], "orchestrated": [2.0]}})
    with pytest.raises(BadInput, match="stands twice"):
        paired_differences(pd.concat([table, table]), "fragmented", DEFINITIONS)


def test_an_outcome_without_definition_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BadInput, match="Did you mean harm_weeks"):
        one_outcome([1.0], [2.0], "harm_week")


def test_an_unknown_baseline_is_refused() -> None:
    table = outcomes({"harm_weeks": {"fragmented": [1.0], "orchestrated": [2.0]}})
    with pytest.raises(BadInput, match="Did you mean fragmented"):
        paired_differences(table, "fragmentd", DEFINITIONS)
