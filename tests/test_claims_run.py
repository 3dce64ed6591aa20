"""A run of the paper's claims: pairs, verdicts, files, and what is left to run."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecology import Locality, Scenario
from experiments import claims_report, claims_run
from experiments.claims import (
    Claim,
    Trial,
    chosen,
    claims,
    read,
)
from experiments.claims_run import AS_CLAIMED, NO_TRACE, NOT_YET, OTHER_WAY, TOO_SMALL, Size
from experiments.statistics import SIGN_UNCLEAR
from tests.places import at_switch, weeks
from tests.test_claims import TINY, one


def trial(claimed: str, arms: int = 2) -> Trial:
    return Trial("X1.1", "?", ({},) * arms, "harm_weeks", False, False, 0.0, claimed, 0, "")


@pytest.mark.parametrize(
    ("claimed", "bounds", "verdict"),
    [
        ("lower", (-300.0, -40.0), AS_CLAIMED),
        ("lower", (40.0, 300.0), OTHER_WAY),
        ("higher", (40.0, 300.0), AS_CLAIMED),
        ("higher", (-300.0, -40.0), OTHER_WAY),
        ("lower", (-20.0, 20.0), TOO_SMALL),
        ("lower", (-20.0, -10.0), TOO_SMALL),
        ("lower", (-300.0, 40.0), SIGN_UNCLEAR),
        ("lower", None, SIGN_UNCLEAR),
        ("same", (-20.0, 20.0), AS_CLAIMED),
        ("same", (40.0, 300.0), OTHER_WAY),
        ("same", (10.0, 300.0), SIGN_UNCLEAR),
        ("same", None, SIGN_UNCLEAR),
    ],
)
def test_what_an_interval_says_of_a_claim(claimed: str, bounds: tuple[float, float] | None, verdict: str) -> None:
    assert claims_run.smallest(trial(claimed)) == 30.0
    assert claims_run.says(bounds, trial(claimed)) == verdict


def judged(monkeypatch: pytest.MonkeyPatch, arms: int, values: dict[int, list[float]], n: int) -> pd.Series:
    """Return the verdict row of a test whose arms come to given values, seed by seed."""
    claim = Claim("X1", "claim", "2.1", "x", rival="y", trials=(trial("lower", arms),))
    monkeypatch.setattr(claims_run, "scenarios", lambda trial, size, seed: list(range(arms)))
    monkeypatch.setattr(claims_run, "value", lambda trial, arm, seed, folder: values[arm][seed])
    size = Size("Leeds", 2000, 1, tuple(range(n)))
    return claims_run.verdicts([claim], size, Path()).iloc[0]


def test_the_difference_is_paired_by_seed_and_less_that_of_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = [100.0, 500.0, 900.0, 300.0]
    falls = {0: [x - 80 + i for i, x in enumerate(noise)], 1: noise}
    row = judged(monkeypatch, 2, falls, 4)
    assert row["mean"] == pytest.approx(-78.5) and row["verdict"] == AS_CLAIMED and row["n"] == 4
    assert row["low"] < -78.5 < row["high"] < 0
    both = {**falls, 2: falls[0], 3: falls[1]}
    assert judged(monkeypatch, 4, both, 4)["mean"] == pytest.approx(0.0)
    turned = {**falls, 2: falls[1], 3: falls[0]}
    assert judged(monkeypatch, 4, turned, 4)["mean"] == pytest.approx(-157.0)
    assert judged(monkeypatch, 2, falls, 1)["verdict"] == SIGN_UNCLEAR


def test_arms_that_run_alike_are_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    row = judged(monkeypatch, 2, {0: [5.0, 7.0], 1: [5.0, 7.0]}, 2)
    assert row["verdict"] == row["verdict_adjusted"] == NO_TRACE and "too small" in row["why"]
    assert claims_report.told(row) == ""
    assert judged(monkeypatch, 2, {0: [5.0, 7.0], 1: [5.0, 7.1]}, 2)["verdict"] == TOO_SMALL


def test_what_is_not_in_the_model_gets_no_number() -> None:
    claim = read(one(mechanism=["model/ecology/gone.py:govern"]))["X1"]
    row = claims_run.verdicts([claim], TINY, Path()).iloc[0]
    assert row["verdict"] == NOT_YET and "gone.py" in row["why"] and np.isnan(row["mean"])
    assert not claims_run.work([claim], TINY, Path())


def test_a_run_gives_the_places_own_outcomes_and_is_not_run_again(tmp_path: Path) -> None:
    some = chosen("C22")
    todo = claims_run.work(some, TINY, tmp_path)
    assert len(todo) == len(TINY.seeds)  # one past a seed
    assert claims_run.run(some, TINY, tmp_path, 1) == []
    first = some[0].trials[0]
    for seed in TINY.seeds:
        for arm in claims_run.scenarios(first, TINY, seed):
            own = at_switch(arm, seed).run().outcomes().set_index("outcome")["value"]
            assert claims_run.value(first, arm, seed, tmp_path) == own[first.outcome]
    told = claims_run.verdicts(some, TINY, tmp_path)
    assert (told["n"] == len(TINY.seeds)).all() and told["low"].notna().all()
    assert claims_run.work(some, TINY, tmp_path) == []
    gone = claims_run.part(tmp_path, claims_run.scenarios(first, TINY, 2)[0], 2)
    kept = gone.read_text(encoding="utf-8")
    gone.unlink()
    assert [group.files for group in claims_run.work(some, TINY, tmp_path)] == [(gone,)]
    lacking = claims_run.verdicts(some, TINY, tmp_path)
    assert "run it again" in str(lacking.loc[0, "why"])
    assert (lacking["verdict"] == claims_run.FAILED_HERE).all()  # both tests of this claim need that arm
    gone.write_text(kept, encoding="utf-8")
    assert (claims_run.verdicts(some, TINY, tmp_path)["verdict"] != claims_run.FAILED_HERE).all()
    gone.unlink()
    gone.write_text("{", encoding="utf-8")  # torn
    assert len(claims_run.work(some, TINY, tmp_path)) == 1
    claims_report.write(told, tmp_path, {"years": 1, "authority": "Leeds"})
    assert "not prediction" in json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["purpose"]
    assert "<svg" in (tmp_path / "verdicts.svg").read_text(encoding="utf-8")


def test_one_arm_that_stops_leaves_the_others_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = claims_run.work(chosen("C22"), TINY, tmp_path)[0]
    branch = Locality.branch

    def stop(past: Locality, arm: Scenario) -> Locality:
        if arm is group.arms[0]:
            raise RuntimeError("the ledger does not balance")
        return branch(past, arm)

    monkeypatch.setattr(Locality, "branch", stop)
    with pytest.raises(RuntimeError, match="does not balance"):
        claims_run.play(group)
    assert [path.is_file() for path in group.files] == [False] + [True] * (len(group.files) - 1)
    assert len(group.files) > 1


def test_a_measure_is_a_sum_by_1000_children_or_the_mean_of_a_week_since_the_switch(tmp_path: Path) -> None:
    some = [claim for claim in claims().values() if claim.name in ("C11", "C15")]
    measured = [trial for claim in some for trial in claim.trials if trial.measure]
    assert {trial.mean for trial in measured} == {True, False}
    size = Size("England", 2000, 1, (1,))  # a place where some children wait for a worker
    assert claims_run.run(some, size, tmp_path, 1) == []
    for trial in measured:
        for arm in claims_run.scenarios(trial, size, 1):
            place = at_switch(arm).run()
            own = weeks(place, trial.outcome)
            by_1000 = 1000 * own.sum() / weeks(place, "sum_children").mean()
            expected = own.mean() if trial.mean else by_1000
            assert claims_run.value(trial, arm, 1, tmp_path) == pytest.approx(expected) and expected > 0
