import datetime
import json
from typing import Any

import numpy as np
import pytest

from ecology import evidence, lever_tables
from ecology.errors import BadInput
from ecology.evidence import Parameter
from ecology.lever_tables import failure_modes, levers, presets
from ecology.scenario import Scenario
from ecology.scenario_limits import day_of, end_of_inputs, week_of

ORCHESTRATED = Scenario.load("orchestrated")
FRAGMENTED = Scenario.load("fragmented")
HOURS = Parameter(
    name="hours_per_assessment", topic="hours", value=10.25, unit="hours per assessment", grade="published study",
    range=(8.0, 16.0), source="nine authorities, 2010",
)  # fmt: skip


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> None:
    known = evidence.register()
    monkeypatch.setattr(evidence, "register", lambda: {**known, HOURS.name: HOURS})


def refusal(scenario: Scenario = FRAGMENTED, **changes: Any) -> str:
    with pytest.raises(BadInput) as caught:
        scenario.with_changes(**changes)
    return str(caught.value)


# Levers ------------------------------------------------------------------------------------------------------------


def test_all_thirteen_levers_are_resolved_from_the_regime_and_the_departures() -> None:
    scenario = ORCHESTRATED.with_changes(levers={"shared_record": 0.25})
    active = {name: value for name, value in presets()["orchestrated"].items() if levers()[name].active}
    expected = dict.fromkeys(levers(), 0.0) | active | {"shared_record": 0.25 * levers()["shared_record"].active}
    assert scenario.lever_values == expected


def test_with_changes_replaces_a_table_and_leaves_the_original_alone() -> None:
    one = FRAGMENTED.with_changes(levers={"tempo": 0.5})
    assert one.with_changes(levers={"delegation": 0.1}).levers == {"delegation": 0.1}
    assert one.with_changes(levers={**one.levers, "delegation": 0.1}).levers == {"delegation": 0.1, "tempo": 0.5}
    assert one.with_changes(levers={}).digest == FRAGMENTED.digest != one.digest
    assert FRAGMENTED.levers == {}


def test_a_lever_without_mechanism_is_refused_and_0_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    known = levers()
    without = {n: lever_tables.Lever(n, "Does.", "Costs.", active=n != "tempo") for n in known}
    monkeypatch.setattr("ecology.scenario_tables.levers", lambda: without)
    assert "levers.tempo: this version has no mechanism for this lever yet" in refusal(levers={"tempo": 0.1})
    assert FRAGMENTED.with_changes(levers={"tempo": 0}).levers == {"tempo": 0.0}


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf"), "0.5", True, None, [0.5], 10**400])
def test_a_lever_is_a_number_from_0_to_1(value: Any) -> None:
    assert "levers.tempo: must be a number from 0" in refusal(levers={"tempo": value})


def test_numbers_of_numpy_are_numbers() -> None:
    scenario = FRAGMENTED.with_changes(levers={"tempo": np.float64(0.5)}, years=np.int64(3), children=np.int32(3000))
    assert (scenario.levers["tempo"], scenario.years, scenario.children) == (0.5, 3, 3000)
    assert type(scenario.levers["tempo"]) is float and type(scenario.years) is int
    json.dumps(scenario.canonical())


# One fault, or many ------------------------------------------------------------------------------------------------


def test_all_faults_are_reported_at_once_with_field_suggestion_and_what_exists() -> None:
    text = refusal(
        levers={"shared_recrod": 1, "tempo": 2}, yeers=3, regime="orchestated", pressure="all", authority="Leds",
        events=[{"date": "2010-04-31", "kind": "leader_lsot"}, 3], failure_modes={"gamings": False, "bottleneck": 1},
        why=" ", name="../up", extrapolation="hold", switch_date="2009-01-01", past_years=0, children=0, base="x",
    )  # fmt: skip
    for start, needed in {
        "levers.shared_recrod": "no such lever. Did you mean shared_record? There are: common_objective",
        "levers.tempo": "from 0 (not at all) to 1 (in full), as every lever, not 2",
        "yeers": "no such field. Did you mean years? There are: authority",
        "regime": "'orchestated': no such regime. Did you mean orchestrated?",
        "pressure": "'all': no such pressure.",
        "authority": "'Leds': no such authority. Did you mean Leeds?",
        "events[1].date": "must be a date such as 2010-04-01, not '2010-04-31'",
        "events[1].kind": "Did you mean leader_lost?",
        "events[1].size": "is missing",
        "events[2]": "must be a table with date, kind, size, not 3",
        "failure_modes.gamings": "Did you mean gaming?",
        "failure_modes.bottleneck": "must be true or false, not 1",
        "why": "what this scenario is for",
        "name": "must be small letters",
        "extrapolation": "Did you mean hold_last?",
        "switch_date": "2009-01-01 lies before 2010-04-01",
        "past_years": "0 lies outside 2 to 20 years (assumption: ",
        "children": "0 lies outside 2,000 to 350,000 children",
        "base": "only a file has a base",
    }.items():
        assert any(line.startswith(f"{start}: ") and needed in line for line in text.splitlines()), (start, text)


def test_a_thousand_faults_are_cut_short() -> None:
    text = refusal(levers={f"lever_{number}": 1 for number in range(1000)})
    assert len(text.splitlines()) == 21
    assert text.endswith("more of these; mend the first 20.")
    assert text.count("There are: common_objective") == 1


def test_what_is_missing_is_named() -> None:
    with pytest.raises(BadInput, match=r"^name: is missing\.\nwhy: is missing\.$"):
        Scenario()


# Parameters and failure modes --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hours")
def test_a_parameter_departs_within_its_range_and_the_refusal_names_range_and_source() -> None:
    assert FRAGMENTED.with_changes(parameters={HOURS.name: 12}).canonical()["parameters"] == {HOURS.name: 12.0}
    text = refusal(parameters={HOURS.name: 17, "hours_per_asessment": 9})
    assert "parameters.hours_per_assessment: must be a number from 8 to 16 hours per assessment, not 17" in text
    assert "nine authorities, 2010" in text
    assert "write past_years = 5 outside this table" in refusal(parameters={"past_years": 5})
    assert "parameters.hours_per_asessment: no such parameter. Did you mean hours_per_assessment?" in text


def test_failure_modes_are_on_unless_switched_off() -> None:
    assert FRAGMENTED.failure_switches == dict.fromkeys(failure_modes(), True)
    switched = FRAGMENTED.with_changes(failure_modes={"bottleneck": False})
    assert switched.failure_switches == dict.fromkeys(failure_modes(), True) | {"bottleneck": False}
    assert switched.digest != FRAGMENTED.digest
    assert FRAGMENTED.with_changes(failure_modes={"bottleneck": True}).digest == FRAGMENTED.digest


# Weeks and dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2010-04-01", 0), ("2010-04-07", 0), ("2010-04-08", 1), ("2011-03-31", 51), ("2011-04-01", 52),
        ("2010-03-31", -1), ("2009-04-01", -52), ("2012-02-29", 99), ("2020-03-31", 519), ("2020-04-01", 520),
    ],
)  # fmt: skip
def test_a_date_stands_for_its_week_of_52_a_year(day: str, week: int) -> None:
    assert week_of(datetime.date.fromisoformat(day)) == week


def test_every_week_has_a_first_day_that_lies_in_it() -> None:
    assert all(week_of(day_of(week)) == week for week in range(-520, 1040))
    assert end_of_inputs() == 520


def test_weeks_of_the_past_and_after_the_switch() -> None:
    scenario = FRAGMENTED.with_changes(switch_date=datetime.date(2014, 4, 1), years=6, past_years=12)
    assert (scenario.first_week, scenario.switch_week, scenario.past_weeks, scenario.weeks) == (-624, 208, 832, 312)
    assert (FRAGMENTED.switch_week, FRAGMENTED.weeks) == (0, 520)
    assert FRAGMENTED.past_years == evidence.register()["past_years"].value


def test_years_beyond_the_inputs_are_refused_unless_somebody_says_how_to_go_on() -> None:
    text = refusal(years=11)
    assert text.startswith(
        "years: 11 years from 2010-04-01 end on 2021-03-31, but the inputs end on 2020-03-31: at most 10"
    )
    assert FRAGMENTED.with_changes(years=11, extrapolation="hold_last").weeks == 572
    assert FRAGMENTED.with_changes(years=20, pressure="none").weeks == 1040
    for moving in ("austerity", "rising_demand", "both"):
        assert refusal(years=20, pressure=moving).startswith("years: 20")
    assert "at most 4 from there" in refusal(switch_date="2015-05-01", years=5)
    assert "at most 9 from there" in refusal(switch_date="2010-04-08", years=10)
    assert FRAGMENTED.with_changes(switch_date="2015-05-01", years=4).weeks == 208


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"switch_date": "2019-05-01", "years": 1}, "switch_date: 2019-05-01 leaves no whole year"),
        ({"switch_date": "9999-12-31", "extrapolation": "hold_last"}, "switch_date: 9999-12-31 lies 100 years or more"),
        ({"switch_date": "2105-04-01", "years": 6, "pressure": "none"}, "more than 100 years after 2010-04-01"),
        ({"switch_date": datetime.datetime(2010, 4, 1)}, "switch_date: must be a date"),
        ({"switch_date": "20100401"}, "switch_date: must be a date such as 2010-04-01"),
        ({"years": 0}, "years: 0 lies outside 1 to 100"),
        ({"years": True}, "must be a whole number of years, not true"),
        ({"years": 1.0}, "must be a whole number of years, not 1.0"),
        ({"years": 10**5000}, "a number of thousands of digits lies outside"),
        ({"children": -5}, "children: -5 lies outside"),
    ],
)
def test_contradictory_dates_and_impossible_numbers_are_refused(changes: dict[str, Any], needed: str) -> None:
    assert needed in refusal(**changes)


# Events ------------------------------------------------------------------------------------------------------------


def test_events_are_put_in_the_order_of_their_weeks() -> None:
    late = {"date": datetime.date(2013, 7, 1), "kind": "leader_lost", "size": 1}
    early = {"date": "2011-07-01", "kind": "funding_cliff", "size": 0.1}
    scenario = FRAGMENTED.with_changes(events=[late, early])
    assert [(event.week, event.kind, event.size) for event in scenario.events] == [
        (65, "funding_cliff", 0.1),
        (169, "leader_lost", 1.0),
    ]
    assert scenario.with_changes(years=5).events == scenario.events
    assert scenario.digest == FRAGMENTED.with_changes(events=(early, late)).digest != FRAGMENTED.digest


@pytest.mark.parametrize(
    ("event", "needed"),
    [
        (("1998-03-31", "leader_lost", 1), "events[1].date: 1998-03-31 lies before 1998-04-01, when the past starts"),
        (("2020-04-01", "leader_lost", 1), "events[1].date: 2020-04-01 lies after the end, 2020-03-31"),
        (("2015-04-01", "funding_cliff", 0.6), "events[1].size: must be a number from 0 to 0.5 (share of"),
        (("2015-04-01", "funding_cliff", -0.1), "events[1].size: must be a number from 0"),
        (("2015-04-01", "leader_lost", float("nan")), "events[1].size: must be a number"),
        (("2015-04-01", 7, 1), "events[1].kind: 7: no such kind of event"),
    ],
)
def test_events_out_of_time_or_range_are_refused(event: tuple[Any, Any, Any], needed: str) -> None:
    assert needed in refusal(events=[dict(zip(("date", "kind", "size"), event, strict=True))])


def test_an_event_has_no_other_fields() -> None:
    event = {"date": "2015-04-01", "kind": "leader_lost", "size": 1, "place": "Leeds"}
    assert "events[1].place: no such field" in refusal(events=[event])
