"""The stopping rule: seeds until the interval is narrow, never more than allowed, and the interval still covers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecology.errors import BadInput
from experiments.cli import main
from experiments.settings import settings
from experiments.statistics import interval
from experiments.stopping import Rule, full_level, looks, run_until, sampled_until, widest
from tests.standin import DEFINITIONS, INTERRUPTS, MODEL

FIRST, BATCH = settings()["stopping"]["first"], settings()["stopping"]["batch"]
TRUTHS = {
    "normal": lambda luck, shape: luck.normal(size=shape),
    "skewed": lambda luck, shape: (luck.gamma(4.0, 1.0, shape) - 4.0) / 2.0,
    "very skewed": lambda luck, shape: luck.exponential(1.0, shape) - 1.0,
    "heavy tails": lambda luck, shape: luck.standard_t(3, shape),
}


def coverage(truth: str, trials: int, width: float) -> float:
    """Return the share of invented comparisons whose interval holds the true difference, 0, under the rule."""
    draws = TRUTHS[truth](np.random.default_rng(8), (trials, 150))
    bounds = [sampled_until(row, width, full_level())[1] for row in draws]
    return float(np.mean([low <= 0 <= high for low, high in bounds]))


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_intervals_cover_the_truth_also_when_their_width_decided(truth: str) -> None:
    assert coverage(truth, 400, 0.8) >= 0.93


@pytest.mark.slow
@pytest.mark.parametrize("width", [1.0, 0.7, 0.5])
@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_two_thousand_truths_are_covered_at_any_width(truth: str, width: float) -> None:
    assert coverage(truth, 2000, width) >= 0.93


def test_half_of_the_error_is_kept_for_looking() -> None:
    assert full_level() == pytest.approx(1 - (1 - settings()["statistics"]["level"]) / 2)


def test_what_pays_for_looking_is_needed() -> None:
    """Without the higher level and the last batch, stopping when it is narrow does not cover skewed truths."""
    draws = TRUTHS["very skewed"](np.random.default_rng(8), (1000, 150))
    covered = 0
    for row in draws:
        bounds = [interval(row[:n], 0.95) or (-np.inf, np.inf) for n in range(10, 151)]
        low, high = next((b for b in bounds if b[1] - b[0] <= 0.8), bounds[-1])
        covered += low <= 0 <= high
    assert covered < 0.92 * len(draws)


def test_the_looks_start_late_go_by_batches_and_end_at_the_budget() -> None:
    assert list(looks(FIRST + 2 * BATCH + 3)) == [FIRST, FIRST + BATCH, FIRST + 2 * BATCH, FIRST + 2 * BATCH + 3]
    assert list(looks(5)) == [5]


def test_one_more_batch_follows_the_narrow_look() -> None:
    ran: list[int] = []
    widths = iter([9.0, 3.0, 4.0])

    def run_to(number: int) -> bool:
        ran.append(number)
        return True

    number, achieved = run_until(run_to, lambda: next(widths), 3.5, 200)
    assert ran == [FIRST, FIRST + BATCH, FIRST + 2 * BATCH] and (number, achieved) == (FIRST + 2 * BATCH, 4.0)


def test_the_budget_ends_it_and_the_width_is_told() -> None:
    number, (low, high) = sampled_until(np.random.default_rng(1).normal(size=37), 0.01, 0.95)
    assert number == 37 and high - low > 0.01


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        (Rule("harm_week", 1.0, 50), "Did you mean harm_weeks"),
        (Rule("harm_weeks", 0.0, 50), "above 0"),
        (Rule("harm_weeks", float("nan"), 50), "above 0"),
        (Rule("harm_weeks", 1.0, 1), "at least 2 pairs"),
    ],
)
def test_an_impossible_rule_is_a_sentence(rule: Rule, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        rule.check(DEFINITIONS)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.compare.the_model", lambda: MODEL)
    monkeypatch.setattr("experiments.report.write_page", lambda folder: None)


def compare(out: Path, *words: Any) -> Result:
    place = ["--authority", "Leeds", "--regimes", "fragmented,orchestrated", "--years", "1", "--workers", "1"]
    return CliRunner().invoke(main, [str(word) for word in ("compare", *place, "--out", out, *words)])


def test_a_pressure_without_an_interval_yet_is_not_passed_over() -> None:
    rows = [
        ("Leeds", pressure, regime, seed, "harm_weeks", float(seed * (regime == "two")), "weeks")
        for pressure, seeds in (("both", (1, 2, 3)), ("none", (1,)))
        for regime in ("one", "two")
        for seed in seeds
    ]
    columns = ["authority", "pressure", "regime", "seed", "outcome", "value", "unit"]
    outcomes, rule = pd.DataFrame(rows, columns=columns), Rule("harm_weeks", 1.0, 50)
    assert widest(outcomes, "one", DEFINITIONS, rule) is None
    whole = widest(outcomes[outcomes["pressure"] == "both"], "one", DEFINITIONS, rule)
    assert whole is not None and whole > 0.0


@pytest.mark.usefixtures("stand_in")
def test_comparisons_that_differ_in_baseline_or_stopping_have_other_keys(tmp_path: Path) -> None:
    ways = {"plain": (), "baseline": ("--baseline", "orchestrated"), "stopped": ("--until-width", 1e6)}
    for name, words in ways.items():
        asked = words if name == "stopped" else (*words, "--seeds", FIRST)
        assert (
            compare(tmp_path / name, *asked, *(("--seeds-at-most", FIRST) if name == "stopped" else ())).exit_code == 0
        )
    read = [json.loads((tmp_path / name / "manifest.json").read_text()) for name in ways]
    assert read[0]["finished"] == read[2]["finished"]
    assert len({manifest["key"] for manifest in read}) == len(ways)


@pytest.mark.usefixtures("stand_in")
def test_compare_adds_seeds_until_its_interval_is_narrow(tmp_path: Path) -> None:
    told = compare(tmp_path / "out", "--until-width", 5)
    assert told.exit_code == 0, told.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    row = pd.read_csv(tmp_path / "out" / "differences.csv").set_index("outcome").loc["harm_weeks"]
    number = len(manifest["seeds"])
    assert number > FIRST and row["n"] == number and row["level"] == full_level()
    assert manifest["stopping"]["achieved"] == pytest.approx(row["high"] - row["low"])
    assert manifest["stopping"]["reached"] == (row["high"] - row["low"] <= 5)
    assert f"the widest interval is {manifest['stopping']['achieved']:.4g} with {number} seeds" in told.stderr
    assert manifest["status"] == "complete" and "--until-width=5" in manifest["command"]
    assert "--seeds=" not in manifest["command"]


@pytest.mark.usefixtures("stand_in")
def test_compare_stops_at_the_budget_and_says_that_it_was_not_reached(tmp_path: Path) -> None:
    told = compare(tmp_path / "out", "--until-width", 0.001, "--seeds-at-most", 23, "--outcome", "time_to_help")
    assert told.exit_code == 2 and "no such outcome" in told.stderr  # the model's outcomes, not those of the stand-in
    told = compare(tmp_path / "out", "--until-width", 0.001, "--seeds-at-most", 23)
    assert "0.001 asked, not reached" in told.stderr and "with 23 seeds" in told.stderr


@pytest.mark.usefixtures("stand_in")
def test_an_interrupt_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.standin.INTERRUPTS", 4)
    assert INTERRUPTS != 4
    told = compare(tmp_path / "out", "--until-width", 5)
    assert told.exit_code == 130
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["status"].startswith("interrupted: 3 of 20")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--until-width", 5, "--seeds", 3], "bound it with --seeds-at-most"),
        (["--seeds-at-most", 3], "belong to --until-width"),
        (["--outcome", "harm_weeks"], "belong to --until-width"),
        (["--until-width", -1], "above 0"),
    ],
)
def test_options_that_contradict_each_other_are_refused(tmp_path: Path, words: list[Any], complaint: str) -> None:
    told = compare(tmp_path / "out", *words)
    assert told.exit_code == 2 and complaint in told.stderr and not list(tmp_path.iterdir())
