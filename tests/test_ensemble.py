"""The frozen ensemble: who draws from it, what goes before it, and how loudly it becomes invalid."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ecology.errors import BadInput
from ecology.evidence import register
from experiments.calibration import ensemble as module
from experiments.calibration.ensemble import (
    CENTRAL,
    ENSEMBLE,
    HELD,
    Ensemble,
    ensemble,
    frozen,
    told_source,
    with_member,
)
from experiments.cli import main
from experiments.design import comparison, single
from experiments.manifest import Account, code_version, in_words, key, standing
from experiments.point import Point, Study
from tests.places import scenario

INVENTED = Ensemble(({"hours_review": 4.0}, {"hours_review": 5.0}), "a model", "a digest", 1, 2, passes=False)
ASK = ("Leeds", ("fragmented", "orchestrated"), ("both",), (1, 2, 3), 1, 2000)


@pytest.fixture(name="invented")
def _invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "frozen", lambda: Ensemble(INVENTED.members, code_version(), "a digest", 1, 2, False))


def test_the_frozen_calibration_was_made_for_this_model() -> None:
    """If this fails the model has changed: `ecology calibrate --confirm`, or calibrate again (docs/calibration.md)."""
    assert frozen().model == code_version()
    assert ensemble(ENSEMBLE) is frozen()


def test_a_changed_model_makes_the_calibration_invalid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "frozen", lambda: INVENTED)
    with pytest.raises(BadInput, match=r"made for version a model .* no longer holds.*--values central"):
        ensemble(ENSEMBLE)
    assert ensemble(CENTRAL) is None
    with pytest.raises(BadInput, match="no such source of parameters"):
        ensemble("centre")


def test_seeds_take_members_round_and_round_and_a_scenario_goes_first() -> None:
    assert [INVENTED.member(seed)["hours_review"] for seed in (1, 2, 3)] == [4.0, 5.0, 4.0]
    assert with_member(scenario(), INVENTED, 2).parameters["hours_review"] == 5.0
    own = scenario(parameters={"hours_review": 3.0})
    assert with_member(own, INVENTED, 2).parameters["hours_review"] == 3.0
    assert with_member(own, None, 2) is own


def test_governance_is_held_at_the_registers_values_and_nothing_else_is(invented: None) -> None:
    members = ({"hours_review": 4.0, "panel_hours": 9.0}, {"hours_review": 5.0, "panel_hours": 0.5})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "frozen", lambda: Ensemble(members, code_version(), "a digest", 1, 2, False))
        held = ensemble(HELD)
        assert held is not None and told_source(held) == HELD
        assert [dict(member) for member in held.members] == [
            {"hours_review": hours, "panel_hours": register()["panel_hours"].value} for hours in (4.0, 5.0)
        ]
        told = in_words(standing(held))
        assert "Governance has its assumed values" in told and told != in_words(standing(ensemble(ENSEMBLE)))
        studies = [Study("s", "Leeds", ("fragmented",), 2000, 1, drawn_from=source) for source in (HELD, ENSEMBLE)]
        assert studies[0].content != studies[1].content
        assert Study.of("s", json.loads(studies[0].content)).content == studies[0].content
        assert studies[0].job(Point(0, {}, 2)).past.parameters == {**studies[0].base.parameters, **held.member(2)}
        designs = [comparison(*ASK, drawn_from=source) for source in (HELD, ENSEMBLE, CENTRAL)]
        assert len({key(design, Account(Path())) for design in designs}) == 3
        assert comparison(*ASK, drawn_from=HELD).command.endswith(f"--values={HELD} --seeds=3")


def test_the_nearest_members_are_those_that_stood_nearest_with_new_luck() -> None:
    four = Ensemble(INVENTED.members * 2, "a model", "a digest", 1, 2, False, (2.0, 1.0, 3.0, 1.5))
    assert four.nearest(3) == [2, 4, 1]
    kept = frozen()
    assert len(kept.off) == len(kept.members) and kept.off[kept.nearest(1)[0] - 1] == min(kept.off)


def test_a_pair_of_runs_shares_its_member(invented: None) -> None:
    design = comparison(*ASK, drawn_from=ENSEMBLE)
    for seed, hours in ((1, 4.0), (2, 5.0), (3, 4.0)):
        past, arms = design.of_seed("both", seed)
        assert {s.parameters["hours_review"] for s in (past, *arms.values())} == {hours}
        assert past.past_digest == arms["fragmented"].past_digest == arms["orchestrated"].past_digest
    asked = comparison(*ASK, parameters={"hours_review": 2.5}, drawn_from=ENSEMBLE)
    assert asked.of_seed("both", 1)[0].parameters["hours_review"] == 2.5
    central = comparison(*ASK, drawn_from=CENTRAL)
    assert not central.of_seed("both", 1)[0].parameters
    assert single("orchestrated", (2,), ENSEMBLE).of_seed("both", 2)[0].parameters["hours_review"] == 5.0


def test_a_batch_draws_by_seed_and_a_point_goes_first(invented: None) -> None:
    study = Study("s", "Leeds", ("fragmented",), 2000, 1, drawn_from=ENSEMBLE)
    assert study.job(Point(0, {}, 2)).past.parameters["hours_review"] == 5.0
    assert study.job(Point(0, {"hours_review": 2.5}, 2)).past.parameters["hours_review"] == 2.5
    assert "hours_review" not in Study("s", "Leeds", ("fragmented",), 2000, 1).job(Point(0, {}, 2)).past.parameters
    assert Study.of("s", json.loads(study.content)).content == study.content


def test_manifests_say_where_parameters_come_from(invented: None) -> None:
    found = ensemble(ENSEMBLE)
    assert standing(found)["parameters"]["calibration"] == "a digest"
    assert standing(found)["calibrated"] is False
    assert standing(None)["parameters"] == {"from": "central"}
    assert told_source(found) == ENSEMBLE  # the tests' default is central
    assert told_source(None) is None


def test_what_cannot_be_scored_is_refused_in_a_sentence(tmp_path: Path) -> None:
    ask = ["patterns", "--store", str(tmp_path / "s.sqlite"), "--out", str(tmp_path / "out"), "--published"]
    table = tmp_path / "figures.csv"
    for text, told in (
        ("id,year\n1,2018\n", "column 'geography' is missing"),
        ("id,quantity,value,year,geography,verified\n1,Moon landings,3,2018,England,yes\n", "no row is a figure"),
        ("la_code,la_name,year\nE1,Atlantis,2018\n", "no row is of an authority"),
        ("la_code,la_name,year\nE1,Leeds,soon\n", "line 2"),
    ):
        table.write_text(text)
        done = CliRunner().invoke(main, [*ask, str(table)])
        assert (done.exit_code, told in done.stderr) == (2, True), done.stderr
        assert not (tmp_path / "out").exists()
