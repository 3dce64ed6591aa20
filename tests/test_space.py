"""Spaces and designs: what varies, within its evidence; equal requests give equal points; faults are said at once."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ecology import evidence
from ecology.errors import BadInput
from ecology.lever_tables import failure_modes, lever_values, levers
from experiments.sampling import DESIGNS, design, grid
from experiments.settings import settings
from experiments.space import CHOICE, FLOAT, INTEGER, Factor, Space, evidence_space, lever_factors, point
from experiments.space_file import read_space, space_of
from experiments.table_file import read_table
from tests.standin import study_of

WHY = {"why": "A test."}


def space(**tables: Any) -> Space:
    return read_space({**WHY, **tables}, "mine.toml")


def test_by_default_everything_varies_over_its_evidence_and_definitions_do_not() -> None:
    everything = space_of("evidence")
    known = evidence.register()
    assert len(everything.factors) > 250
    for factor in everything.factors:
        assert (factor.low, factor.high) == known[factor.name].range and factor.low < factor.high
        assert known[factor.name].grade != "definition"
    assert not {"past_years", "weeks_a_year", "rows_for_unborn"} & set(everything.names)


def test_what_never_varies_exists_and_memory_is_ample() -> None:
    listed, room = settings()["space"], settings()["room"]["parameters"]
    assert set(listed) | set(room) <= {*evidence.register(), "past_years"} and set(room) <= set(listed)
    base = study_of().base
    assert all(base.parameters[name] == evidence.register()[name].range[1] for name in room)


def test_names_and_topics_choose() -> None:
    chosen = space(evidence={"names": ["panel_hours"], "topics": ["help"], "leave_out": ["skill_effect"]})
    topics = {name: parameter.topic for name, parameter in evidence.register().items()}
    assert {topics[name] for name in chosen.names} == {"governance", "help"}
    assert chosen.names[0] == "panel_hours" and "skill_effect" not in chosen.names
    assert chosen.groups[0] == "governance" and set(chosen.groups[1:]) == {"help"}


def test_levers_lie_around_their_preset_and_within_zero_and_one() -> None:
    factors = {factor.name.rpartition(".")[2]: factor for factor in lever_factors("orchestrated", 0.3)}
    middle = lever_values("orchestrated", {})
    assert factors["decision_hub"].high == 1.0 and factors["decision_hub"].low == pytest.approx(0.7)
    assert factors["tempo"].low == pytest.approx(middle["tempo"] - 0.3)
    assert set(factors) == {name for name, lever in levers().items() if lever.active}
    assert lever_factors("fragmented")[0].low == 0.0
    assert lever_factors("fragmented")[0].high == pytest.approx(0.2)  # the presets' own uncertainty


def test_a_space_becomes_points_that_a_study_runs() -> None:
    varied = space(
        factors={
            "panel_hours": {"kind": "choice", "values": [1, 2]},
            "weeks_of_desk_error": {"kind": "integer", "low": 5, "high": 9},
        },
        levers={"orchestrated": {"names": ["tempo"]}},
        failure_modes={"names": ["gaming"]},
    )  # fmt: skip
    points = list(varied.points(design(varied, "sobol", 16), (1, 2)))
    assert [(p.row, p.seed) for p in points[:3]] == [(0, 1), (0, 2), (1, 1)]
    assert {p.parameters["panel_hours"] for p in points} == {1.0, 2.0}
    assert {p.parameters["weeks_of_desk_error"] for p in points} == {5.0, 6.0, 7.0, 8.0, 9.0}
    assert {p.failure_modes["gaming"] for p in points} == {True, False}
    assert all(set(p.levers) == {"orchestrated"} for p in points)
    assert (
        study_of().job(points[0]).arms["orchestrated"].lever_values["tempo"]
        == points[0].levers["orchestrated"]["tempo"]
    )


@pytest.mark.parametrize("kind", sorted(DESIGNS))
def test_equal_requests_give_equal_points_within_bounds(kind: str) -> None:
    varied = space(factors={"panel_hours": {}}, levers={"fragmented": {"names": ["tempo", "delegation"]}})
    one, again = (design(varied, kind, 32, seed=4, levels=3) for _ in range(2))
    assert one.equals(again) and list(one.columns) == varied.names
    for factor in varied.factors:
        assert one[factor.name].between(factor.low, factor.high).all() and one[factor.name].nunique() > 2
    if kind != "grid":
        assert not one.equals(design(varied, kind, 32, seed=5))


def test_a_latin_hypercube_meets_every_part_of_each_range_once() -> None:
    varied = evidence_space(["panel_hours", "hours_screening"])
    table = design(varied, "latin_hypercube", 20)
    for factor in varied.factors:
        parts = np.floor((table[factor.name] - factor.low) / (factor.high - factor.low) * 20)
        assert sorted(parts) == list(range(20))


def test_sobol_points_are_more_even_than_chance() -> None:
    varied = evidence_space(["panel_hours", "hours_screening", "desk_error"])
    means = design(varied, "sobol", 256).mean()
    middles = [(factor.low + factor.high) / 2 for factor in varied.factors]
    assert means.to_numpy() == pytest.approx(middles, rel=0.002)


def test_a_grid_is_every_combination() -> None:
    varied = Space((Factor("a", "float", 0, 1), Factor("b", CHOICE, values=(5.0, 7.0)), Factor("c", INTEGER, 1, 2)))
    table = grid(varied, 3)
    assert len(table) == 3 * 2 * 2 == len(table.drop_duplicates())
    assert sorted(table["a"].unique()) == [0.0, 0.5, 1.0]


def test_shares_meet_every_value_equally_often() -> None:
    shares = np.linspace(0, 1, 1000, endpoint=False)
    assert np.unique(Factor("c", CHOICE, values=(2.0, 3.0, 9.0)).at(shares), return_counts=True)[1].tolist() == [
        334,
        333,
        333,
    ]
    assert np.unique(Factor("i", INTEGER, 2, 5).at(shares), return_counts=True)[1].tolist() == [250] * 4
    assert Factor("i", INTEGER, 2, 5).at(np.array([1.0])) == 5.0
    skewed = Factor("m", FLOAT, 0.0, 6.0, median=2.0)  # as much below 2 as above it, evenly on each side
    assert skewed.at(np.array([0.0, 0.25, 0.5, 0.75, 1.0])) == pytest.approx([0.0, 1.0, 2.0, 4.0, 6.0])


@pytest.mark.parametrize(
    ("kind", "rows", "levels", "complaint"),
    [
        ("sobol", 100, 2, "give 64 or 128, not 100"),
        ("sobol", 0, 2, "a design of 0 points"),
        ("latin_hypercube", -1, 2, "a design of -1 points"),
        ("latin_hypercube", 10**9, 2, "1,000,000,000 points"),
        ("grid", 1, 1, "at least 2 values"),
        ("grid", 1, 99, "not possible"),
        ("sobl", 8, 2, "Did you mean sobol"),
    ],
)
def test_an_impossible_design_is_a_sentence(kind: str, rows: int, levels: int, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        design(evidence_space(topics=["help"]), kind, rows, 1, levels)


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        ({}, "nothing varies"),
        ({"levrs": {}}, "Did you mean levers"),
        ({"evidence": {"names": "al"}}, "names: must be a list"),
        ({"evidence": {}}, "must say names"),
        ({"evidence": {"topics": ["halp"]}}, "Did you mean help"),
        ({"evidence": {"names": ["panel_hour"]}}, "Did you mean panel_hours"),
        ({"evidence": {"names": ["weeks_a_year"]}}, "weeks_a_year is fixed"),
        ({"evidence": {"names": ["rows_for_unborn"]}}, "a limit of memory"),
        ({"factors": {"panel_hours": {"low": 100, "high": 200}}}, "100 lies outside 0.5 to 10"),
        ({"factors": {"panel_hours": {"low": 2, "high": 1}}}, "low must lie below high"),
        ({"factors": {"panel_hours": {"low": 2}}}, "has low and high, not low"),
        ({"factors": {"panel_hours": {"low": True, "high": 2}}}, "must be finite numbers"),
        ({"factors": {"panel_hours": {"kind": "choice", "values": [1, 1]}}}, "at least two values, each once"),
        ({"factors": {"panel_hours": {"kind": "flaot"}}}, "must be one of float"),
        ({"factors": {"panel_hours": {"kind": "integer", "low": 1.5, "high": 3}}}, "whole numbers"),
        ({"factors": {"panel_hours": {"grp": 1}}}, "Did you mean group"),
        ({"factors": {"panel_hours": 3}}, "must be a table"),
        ({"levers": {"orchestratd": {}}}, "Did you mean orchestrated"),
        ({"levers": {"orchestrated": {"width": 0}}}, "above 0"),
        ({"levers": {"orchestrated": {"names": ["tempoo"]}}}, "no such lever with a mechanism. Did you mean tempo"),
        ({"failure_modes": {"names": ["gamin"]}}, "Did you mean gaming"),
        ({"failure_modes": {}}, "must say names"),
    ],
)
def test_a_fault_of_a_space_is_named_with_its_place(tables: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint) as refusal:
        space(**tables)
    assert all(line.startswith("mine.toml: ") for line in str(refusal.value).splitlines())


def test_all_faults_of_a_space_are_said_at_once() -> None:
    with pytest.raises(BadInput) as refusal:
        read_space({"x": 1, "factors": {"panel_hour": {}, "desk_eror": {}}, "levers": 3}, "mine.toml")
    assert len(str(refusal.value).splitlines()) == 5


def test_an_own_factor_takes_the_place_of_the_evidence() -> None:
    varied = space(evidence={"topics": ["governance"]}, factors={"panel_hours": {"low": 2, "high": 3, "group": "hub"}})
    (factor,) = [factor for factor in varied.factors if factor.name == "panel_hours"]
    assert (factor.low, factor.high, factor.group) == (2.0, 3.0, "hub")


def test_every_failure_mode_can_be_a_choice() -> None:
    assert len(space(failure_modes={"names": "all"}).factors) == len(failure_modes())


def test_a_table_of_points_is_read_to_the_bit(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(
        "row,panel_hours,levers.fragmented/led.tempo,failure_modes.gaming\n4,0.7000000000000001,1,0\n2,3,0.1,1\n"
    )
    varied, table = read_table(file)
    assert table.index.tolist() == [4, 2]
    (first, _) = varied.points(table)
    assert first == point(
        4, 1, {"panel_hours": 0.7000000000000001, "levers.fragmented/led.tempo": 1, "failure_modes.gaming": 0}
    )
    assert first.failure_modes == {"gaming": False}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("panel_hours\n", "holds no points"),
        ("row\n1\n", "names no factor"),
        ("panel_hours,panel_hours\n1,2\n", "panel_hours stands twice"),
        ("panel_hour\n1\n", "Did you mean panel_hours"),
        ("past_years\n3\n", "past_years is a field of the scenario"),
        ("levers.orchestrated.temp\n1\n", "Did you mean tempo"),
        ("panel_hours\n1\nnan\n", "line 3: panel_hours: 'nan' is not a number"),
        ("panel_hours\n1e999\n", "is not a number"),
        ("panel_hours\n1_0\n", "is not a number"),
        ("panel_hours\n11\n", "line 2: panel_hours: 11 lies outside 0.5 to 10"),
        ("panel_hours\n1,2\n", "line 2: has 2 cells"),
        ("failure_modes.gaming\n0.5\n", "0.5 is none of 0, 1"),
        ("row,panel_hours\n1,1\n1,2\n", "row 1 stands twice"),
        ("row,panel_hours\n-1,1\n", "'-1' is not a whole number from 0"),
        ("row,panel_hours\n1e300,1\n", "is not a whole number"),
        ('panel_hours\n"1\n', "not valid CSV"),
        ("panel_hours\n\0\n", "panel_hours"),
    ],
)  # fmt: skip
def test_a_fault_of_a_table_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text)
    with pytest.raises(BadInput, match=complaint) as refusal:
        read_table(file)
    assert str(refusal.value).startswith(str(file))


def test_bytes_that_are_no_text_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes(b"panel_hours\n\xff\xfe\n")
    with pytest.raises(BadInput, match="not text in UTF-8"):
        read_table(tmp_path / "points.csv")
    with pytest.raises(BadInput, match="cannot be read"):
        read_table(tmp_path)
    with pytest.raises(BadInput, match="there is no such file"):
        space_of(str(tmp_path / "none.toml"))


def test_points_written_out_are_read_in_as_the_same_points(tmp_path: Path) -> None:
    varied = space(evidence={"topics": ["help"]}, levers={"orchestrated": {}}, failure_modes={"names": "all"})
    table = design(varied, "latin_hypercube", 5)
    table.rename_axis("row").reset_index().to_csv(tmp_path / "points.csv", index=False)
    again, points = read_table(tmp_path / "points.csv")
    pd.testing.assert_frame_equal(points, table, check_names=False, check_exact=True)
    assert [p.content for p in again.points(points)] == [p.content for p in varied.points(table)]
