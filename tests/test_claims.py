"""The paper's claims as a register: complete, checked against the model, and judged by intervals."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecology import Locality, Scenario
from ecology.errors import BadInput
from ecology.evidence import register
from ecology.lever_tables import bundles, levers
from experiments import claims_report, claims_run
from experiments.claims import (
    REGISTER,
    Claim,
    Trial,
    carried,
    chosen,
    claims,
    lacking,
    lacking_trial,
    merged,
    read,
    resolved,
)
from experiments.claims_run import AS_CLAIMED, NO_TRACE, NOT_YET, OTHER_WAY, TOO_SMALL, Size
from experiments.cli import main
from experiments.statistics import SIGN_UNCLEAR
from tests.places import at_switch, weeks

AWAITED: set[str] = set()
"""Claims that lack part of their mechanism in this version. Whoever adds it takes the claim away from here."""
SECTIONS = {"S", *(f"1.{n}" for n in (1, 2, 3)), *(f"2.{n}" for n in range(1, 7)), *(f"3.{n}" for n in range(1, 6))}
ARMS: dict[str, Any] = {"asks": "?", "with": {}, "against": {}}
LEVERS_FILE = "model/ecology/evidence/levers.toml"
TINY = Size("Leeds", 2000, 1, (1, 2))


def one(**changes: Any) -> dict[str, Any]:
    """Return the register of one good claim, changed."""
    test = {"asks": "?", "with": {"levers": {"tempo": 1.0}}, "against": {}, "outcome": "harm_weeks", "claimed": "lower"}
    claim = {"kind": "claim", "where": "2.1", "says": "x", "rival": "y", "mechanism": [], "tests": [test]}
    return {"base": {"regime": "fragmented", "pressure": "both"}, "X1": {**claim, **changes}}


def test_every_section_of_the_paper_has_its_claims() -> None:
    named = {section for claim in claims().values() for section in re.findall(r"\bS\b|\d\.\d", claim.where)}
    assert named == SECTIONS
    for bullets, ordinals in (("3.3", "first second third fourth"), ("3.4", "first second third fourth fifth sixth")):
        told = " ".join(claim.where for claim in claims().values() if bullets in claim.where)
        assert not [ordinal for ordinal in ordinals.split() if ordinal not in told]
    assert sum(bool(claim.trials) for claim in claims().values()) > len(SECTIONS)


def test_what_is_not_in_the_model_yet_is_what_we_say() -> None:
    assert {
        name for name, claim in claims().items() if lacking(claim) or any(map(lacking_trial, claim.trials))
    } == AWAITED


def test_the_recommendations_run_alone_in_pairs_and_together_with_and_without_one_who_decides() -> None:
    names = list(bundles())
    wanted = [{names[0]}, {names[1]}, {names[2]}, set(names[:2]), {names[0], names[2]}, set(names[1:]), set(names)]
    found = [claim for claim in claims().values() if claim.kind == "recommendation"]
    assert len(found) == len(wanted)
    for claim in found:
        hubs = [trial.arms[1]["levers"]["decision_hub"] for trial in claim.trials]
        assert hubs.count(0.0) == hubs.count(1.0) > 0
        for trial, hub in zip(claim.trials, hubs, strict=True):
            with_, against = trial.arms
            assert against["levers"] == {"decision_hub": hub} and with_["levers"]["decision_hub"] == hub
            own = {lever: v for lever, v in with_["levers"].items() if lever != "decision_hub"}
            matching = [some for some in wanted if own == {k: v for n in some for k, v in bundles()[n].levers.items()}]
            assert len(matching) == 1
            joint = any(bundles()[name].joint_inspection for name in matching[0])
            assert bool(with_["events"]) == joint
        wanted.remove(matching[0])


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": "clam"}, "Did you mean claim?"),
        ({"rivl": "z"}, "Did you mean rival?"),
        ({"tests": []}, "has tests"),
        ({"kind": "fact"}, "has none"),
        ({"treated": "z"}, "names its rival"),
        ({"tests": [{"asks": "?", "with": {}, "against": {}, "claimed": "lower"}]}, "either an outcome or a measure"),
        ({"tests": [{"asks": "?", "with": {}, "outcome": "harm_weeks", "claimed": "lower"}]}, "against is missing"),
        (
            {"tests": [{"asks": "?", "with": {}, "against": {}, "outcome": "x", "claimed": "lowr"}]},
            "Did you mean lower?",
        ),
        (
            {"tests": [{"asks": "?", "with": {"lever": {}}, "against": {}, "outcome": "x", "claimed": "lower"}]},
            "levers",
        ),
        ({"tests": [{"asks": "?", "with": {}, "against": {}, "measure": "x", "claimed": "lower"}]}, "smallest"),
    ],
)
def test_a_register_with_a_fault_is_refused_in_a_sentence(changes: dict[str, Any], complaint: str) -> None:
    assert len(read(one())) == 1
    with pytest.raises(BadInput, match=re.escape(complaint)):
        read(one(**changes))


@pytest.mark.parametrize(
    ("mechanism", "arm", "outcome", "lacks"),
    [
        (["model/ecology/governance.py:govern"], {"levers": {"tempo": 0.5}}, "harm_weeks", []),
        (["model/ecology/governance.py:goven"], {}, "harm_weeks", ["no model/ecology/governance.py:goven"]),
        (["model/ecology/gone.py:govern"], {}, "harm_weeks", ["no model/ecology/gone.py:govern"]),
        ([f"{LEVERS_FILE}:tempo"], {}, "harm_weeks", []),
        (
            ["model/ecology/evidence/levers.toml:temper"],
            {},
            "harm_weeks",
            ["no model/ecology/evidence/levers.toml:temper"],
        ),
        ([], {"levers": {"temper": 0.5}}, "harm_weeks", ["no mechanism for the lever temper"]),
        ([], {"parameters": {"hours_of_sun": "low"}}, "harm_weeks", ["no parameter hours_of_sun"]),
        ([], {}, "happiness", ["nothing counts happiness"]),
    ],
)
def test_a_claim_says_what_it_lacks(mechanism: list[str], arm: dict[str, Any], outcome: str, lacks: list[str]) -> None:
    test = {"asks": "?", "with": arm, "against": {}, "outcome": outcome, "claimed": "lower"}
    claim = read(one(mechanism=mechanism, tests=[test]))["X1"]
    assert [*lacking(claim), *lacking_trial(claim.trials[0])] == lacks


def test_a_lever_without_mechanism_is_lacking_only_if_it_is_used() -> None:
    for name, lever in levers().items():
        test = {"asks": "?", "with": {"levers": {name: 0.5}}, "against": {"levers": {name: 0.0}}}
        claim = read(one(tests=[{**test, "outcome": "harm_weeks", "claimed": "lower"}]))["X1"]
        assert bool(lacking_trial(claim.trials[0])) is not lever.active


def test_places_of_the_code_are_found_in_the_project_too(project: Path) -> None:
    assert carried("model/ecology/governance.py:govern", project)
    assert not carried("model/ecology/governance.py:govern_well", project)


def test_ends_of_ranges_become_numbers_and_tables_are_merged() -> None:
    low, high = register()["interdependence"].range
    told = resolved({"parameters": {"interdependence": "high", "drift_size": 0.5}})
    assert told["parameters"] == {"interdependence": high, "drift_size": 0.5}
    assert resolved({"parameters": {"interdependence": "low"}})["parameters"] == {"interdependence": low}
    as_registered = resolved({"parameters": {"interdependence": REGISTER}})["parameters"]
    assert as_registered == {"interdependence": register()["interdependence"].value}
    both = merged({"regime": "a", "levers": {"x": 1}}, {"levers": {"y": 2}})
    assert both == {"regime": "a", "levers": {"x": 1, "y": 2}}


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


def ecology(*words: object) -> Result:
    return CliRunner().invoke(main, ["claims", *map(str, words)])


def test_the_list_names_every_claim_and_one_is_told_in_full() -> None:
    told = ecology()
    assert told.exit_code == 0
    assert not [name for name in claims() if f"\n{name} " not in told.stdout]
    assert ("not in the model yet" in told.stdout) == bool(AWAITED)
    full = ecology("--claim", "c7").stdout
    assert claims()["C07"].rival in full and all(trial.asks in full for trial in claims()["C07"].trials)


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (["--claim", "C77"], "Did you mean C27?"),
        (["--run"], "--run needs --out"),
        (["--out", "x"], "give --run"),
        (["--seeds", 3], "--seeds: is for running tests"),
        (["--run", "--out", "x", "--seeds", 0], "--seeds: 0"),
        (["--run", "--out", "x", "--children", 3], "children"),
        (["--run", "--out", "x", "--authority", "Leads"], "Did you mean Leeds?"),
    ],
)
def test_bad_input_is_a_sentence(
    asked: list[object], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = ecology(*asked)
    assert told.exit_code == 2 and complaint in told.stderr, told.output
    assert told.stdout == "" and not list(tmp_path.iterdir())


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    told = ecology("--run", "--claim", "C22", "--out", tmp_path, "--workers", 1)
    assert told.exit_code == 2 and "holds other things" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
