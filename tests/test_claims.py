"""The paper's claims as a register: complete, checked against the model, and judged by intervals."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ecology.errors import BadInput
from ecology.evidence import register
from ecology.lever_tables import bundles, levers
from experiments.claims import (
    REGISTER,
    carried,
    claims,
    lacking,
    lacking_trial,
    merged,
    read,
    resolved,
)
from experiments.claims_run import Size
from experiments.cli import main

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
