"""The register of parameters: a number without unit, grade, range and source does not load."""

from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from ecology import evidence
from ecology.errors import BadInput

GOOD = {"value": "10.25", "unit": '"hours"', "grade": '"published study"', "range": "[8, 16]", "source": '"A study"'}


def toml(name: str, **changes: str | None) -> str:
    """Return one good table with fields replaced, added, or (None) left out."""
    fields = {field: text for field, text in {**GOOD, **changes}.items() if text is not None}
    return f"[{name}]\n" + "".join(f"{field} = {text}\n" for field, text in fields.items())


def folder(place: Path, **topics: str) -> Path:
    """Write TOML files and return their folder."""
    for topic, text in topics.items():
        (place / f"{topic}.toml").write_text(text, encoding="utf-8")
    return place


def complaint(place: Path, **topics: str) -> str:
    """Return the text of the refusal to load these files."""
    with pytest.raises(BadInput) as refusal:
        evidence.register(folder(place, **topics))
    return str(refusal.value)


def test_every_parameter_of_the_model_loads_with_all_that_is_asked() -> None:
    register = evidence.register()
    assert register
    for name, parameter in register.items():
        low, high = parameter.range
        assert parameter.name == name
        assert low <= parameter.value <= high
        assert parameter.unit.strip()
        assert parameter.grade in evidence.GRADES
        assert parameter.why if parameter.grade == "assumption" else parameter.source
        if parameter.role == "benefit":
            assert parameter.opposed_by
            assert register[parameter.opposed_by].role == "cost"


def test_a_good_parameter_keeps_what_its_table_says(tmp_path: Path) -> None:
    extras = {"role": '"cost"', "governance": "true", "note": '"n"', "href": '"E0001"'}
    register = evidence.register(folder(tmp_path, hours=toml("visit_hours", **extras)))
    assert register == {
        "visit_hours": evidence.Parameter(
            name="visit_hours", topic="hours", value=10.25, unit="hours", grade="published study", range=(8.0, 16.0),
            source="A study", href="E0001", role="cost", governance=True, note="n",
        )
    }  # fmt: skip
    assert isinstance(register["visit_hours"].range[0], float)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": None}, "value is missing"),
        ({"unit": None}, "unit is missing"),
        ({"grade": None}, "grade is missing"),
        ({"range": None}, "range is missing"),
        ({"source": None}, "source is missing: grade 'published study' names its source"),
        ({"grade": '"assumption"'}, "why is missing: an assumption says why"),
        ({"unit": '" "'}, "unit must be a text that is not empty"),
        ({"source": '""'}, "source must be a text that is not empty"),
        ({"grade": '"guess"'}, "grade 'guess' is none of: definition, official statistic"),
        ({"sorce": '"x"'}, "sorce: no such field. Did you mean source?"),
        ({"value": "17"}, "value 17 lies outside its range [8, 16]"),
        ({"range": "[16, 8]"}, "range [16, 8] is reversed"),
        ({"range": "[8]"}, "range must be two finite numbers"),
        ({"range": "[8, inf]"}, "range must be two finite numbers"),
        ({"range": "[false, 16]"}, "range must be two finite numbers"),
        ({"value": "nan"}, "value must be one finite number, not nan"),
        ({"value": "true"}, "value must be one finite number, not True"),
        ({"value": '"10"'}, "value must be one finite number, not '10'"),
        ({"value": "[10, 11]"}, "value must be one finite number, not [10, 11]"),
        ({"role": '"good"'}, "role 'good' is none of: benefit, cost"),
        ({"role": '"benefit"'}, "opposed_by is missing: a benefit names the cost"),
        ({"role": '"benefit"', "opposed_by": '"visit_hour"'}, "no such parameter. Did you mean visit_hours?"),
        ({"role": '"benefit"', "opposed_by": '"visit_hours"'}, "visit_hours is no cost"),
        ({"governance": '"yes"'}, "governance must be true or false"),
    ],
)
def test_anything_less_is_refused_with_file_and_name(
    tmp_path: Path, changes: dict[str, str | None], expected: str
) -> None:
    text = complaint(tmp_path, hours=toml("visit_hours", **changes))
    assert expected in text
    assert text.startswith("hours.toml: visit_hours: ")
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Visit", "not a snake_case name"), ("2nd", "not a snake_case name"), ('"a b"', "not a snake_case name"),
     ("lambda", "not a snake_case name"), ("data", "taken by every record")],
)  # fmt: skip
def test_a_name_that_cannot_be_read_as_an_attribute_is_refused(tmp_path: Path, name: str, expected: str) -> None:
    assert expected in complaint(tmp_path, hours=toml(name))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    text = complaint(
        tmp_path,
        a=toml("one", unit=None, value="99") + "loose = 1\n",
        b=toml("one") + toml("two", grade='"guess"'),
        c="broken =",
        d="loose = 1\n",
    )
    told = ["a.toml: one: unit", "a.toml: one: value", "a.toml: one: loose", "b.toml: one: stands already in a.toml",
            "b.toml: two: grade", "c.toml: not valid TOML", "d.toml: loose: stands outside a table"]  # fmt: skip
    assert all(fault in text for fault in told)
    assert len(text.splitlines()) == len(told)


def test_a_folder_without_parameters_is_refused(tmp_path: Path) -> None:
    assert "no file of parameters" in complaint(tmp_path)


def test_values_are_one_sorted_record_that_compiled_code_reads(tmp_path: Path) -> None:
    place = folder(tmp_path, z=toml("alpha"), a=toml("beta", value="9"))
    record = evidence.values({"beta": 12}, place)
    assert record.data == np.array([10.25, 12.0]).tobytes()
    assert (record.alpha, record.beta) == (10.25, 12.0)

    def total(values: evidence.Values) -> float:
        return values.alpha + values.beta

    compiled: Any = numba.njit(total)
    assert compiled(record) == total(record) == 22.25


def test_values_are_new_on_every_call() -> None:
    first, name = evidence.values(), next(iter(evidence.register()))
    before = float(getattr(first, name))
    setattr(first, name, before + 1)
    evidence.register().clear()
    assert getattr(evidence.values(), name) == before


@pytest.mark.parametrize(
    ("departure", "expected"),
    [
        ({"visit_hour": 9.0}, "'visit_hour': no such parameter. Did you mean visit_hours?"),
        ({"visit_hours": 99}, "visit_hours: 99 lies outside its range 8 to 16 hours (source: A study)."),
        ({"visit_hours": float("nan")}, "visit_hours: must be one finite number (hours), not nan."),
        ({"visit_hours": True}, "must be one finite number"),
        ({"visit_hours": "9"}, "must be one finite number"),
    ],
)
def test_a_departure_stays_within_the_register(tmp_path: Path, departure: dict[str, float], expected: str) -> None:
    place = folder(tmp_path, hours=toml("visit_hours"))
    with pytest.raises(BadInput, match=r"^parameters: ") as refusal:
        evidence.values(departure, place)
    assert expected in str(refusal.value)


def test_all_faulty_departures_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        evidence.values({"no_such": 1, "visit_hours": 0}, folder(tmp_path, hours=toml("visit_hours")))
    assert len(str(refusal.value).splitlines()) == len(["no_such", "visit_hours"])


def test_the_register_prints_as_a_table() -> None:
    table = evidence.register_table()
    assert set(table["name"]) == set(evidence.register())
    assert not table.isna().any(axis=None)
    assert ((table["source"] != "") | (table["why"] != "")).all()


@pytest.mark.parametrize(
    ("value", "unit", "weekly"),
    [
        (52, "referrals per year", 1),
        (104, "% a year", 2),
        (26, "hours per child-in-need year", 0.5),
        (13, "visits per child per month", 3),
        (3, "hours a week", 3),
        (52, "hours per year of each member of staff", 1),
        (3, "minutes per pair of services and week", 3),
        (2, "hours per working day", 10),
        (1.5, "years", 78),
        (3, "months", 13),
        (6, "weeks", 6),
        (45, "working days", 9),
        (14, "days", 2),
    ],
)
def test_units_of_time_become_weeks(value: float, unit: str, weekly: float) -> None:
    assert evidence.per_week(value, unit) == pytest.approx(weekly)


@pytest.mark.parametrize(
    "unit", ["share", "% within 12 months", "GBP per 4 weeks", "share per year of age", "visits per month per year",
             "days or weeks", "years of age"],
)  # fmt: skip
def test_a_unit_without_one_clear_time_is_refused(unit: str) -> None:
    with pytest.raises(BadInput, match=r"names no time|names several times"):
        evidence.per_week(1, unit)
