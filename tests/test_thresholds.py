"""Where thresholds stand: each pressure moves those that it should, by a path of its own, and within its brake."""

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecology import evidence, tables, thresholds
from ecology.evidence import Values
from ecology.evidence.profiles import profile
from ecology.pressures import Pressures
from ecology.rules import judgement
from ecology.scenario_dates import week_of
from ecology.settings import Settings
from ecology.vocabulary import Cadre
from tests.places import changed, lived, scenario, total, weeks

P = evidence.values()
TURNED_AWAY_AT_THE_DESK = ("threshold_referral",)
TAKEN_ON = ("threshold_no_further_action", "threshold_in_need")
KEPT = ("threshold_step_down", "threshold_close")
CAUTION = ("threshold_section_47", "threshold_section_47_at_once", "threshold_conference", "threshold_plan")
EVERY = (
    *TURNED_AWAY_AT_THE_DESK, *TAKEN_ON, *KEPT, *CAUTION, "threshold_early_help", "threshold_care", "camhs_acceptance",
)  # fmt: skip


def moved(desk: float = 1.0, work: float = 1.0, fear: float = 0.0, p: Values = P, **loads: float) -> dict[str, float]:
    """Return by threshold how far it moves from its base under these loads and this fear."""
    now: Any = Settings()
    conditions, pools = tables.empty(tables.Conditions, 1), tables.empty(tables.Pools, len(Cadre))
    conditions.front_door_load[0], conditions.social_work_load[0] = desk, work
    pools.load[:] = 1.0
    pools.load[Cadre.FAMILY_SUPPORT_WORKER] = loads.get("early_help", 1.0)
    pools.load[Cadre.CAMHS_CLINICIAN] = loads.get("camhs", 1.0)
    thresholds.of_decisions(now, conditions, pools, fear, p)
    return {name: float(getattr(now, name)) - float(getattr(p, name)) for name in EVERY}


def up(told: dict[str, float]) -> set[str]:
    return {name for name, shift in told.items() if shift > 1e-9}


def down(told: dict[str, float]) -> set[str]:
    return {name for name, shift in told.items() if shift < -1e-9}


def test_without_pressure_every_threshold_stands_at_its_base() -> None:
    assert not up(moved()) and not down(moved())


def test_a_crowded_desk_raises_what_becomes_a_referral_and_nothing_else() -> None:
    assert (up(moved(desk=2.0)), down(moved(desk=2.0))) == ({"threshold_referral"}, set())


def test_full_caseloads_raise_what_is_taken_on_and_what_is_kept() -> None:
    assert (up(moved(work=2.0)), down(moved(work=2.0))) == ({*TAKEN_ON, *KEPT}, set())


def test_fear_lowers_what_is_assessed_enquired_into_taken_into_care_and_kept() -> None:
    told = moved(fear=0.5)
    assert (up(told), down(told)) == (set(), {*CAUTION, *KEPT, "threshold_no_further_action", "threshold_care"})
    assert told["threshold_plan"] == pytest.approx(told["threshold_section_47"] / 2.0)
    assert told["threshold_care"] == pytest.approx(P.fear_at_care * told["threshold_section_47"])
    off = moved(fear=0.5, p=changed(P, fear_at_care=0.0))
    assert off.pop("threshold_care") == 0.0
    assert off == {name: shift for name, shift in told.items() if name != "threshold_care"}
    assert told["threshold_close"] == pytest.approx(P.fear_at_closing * told["threshold_section_47"])
    assert told["threshold_step_down"] == pytest.approx(told["threshold_close"] / 2.0)
    assert not {*KEPT} & down(moved(fear=0.5, p=changed(P, fear_at_closing=0.0)))


def test_where_early_help_is_full_desks_assess_and_workers_enquire_sooner() -> None:
    """So section 47 enquiries can rise while referrals stand still, without fear and without graver need."""
    told = moved(early_help=2.0)
    assert (up(told), down(told)) == ({"threshold_early_help"}, {*CAUTION, "threshold_no_further_action"})
    assert told["threshold_section_47"] == pytest.approx(-P.threshold_from_lost_help / 2.0)  # half are turned away
    fuller = moved(early_help=4.0)["threshold_section_47"]
    assert fuller == pytest.approx(-P.threshold_from_lost_help * 3.0 / 4.0)
    off = moved(early_help=2.0, p=evidence.values({"threshold_from_lost_help": 0.0}))
    assert down(off) == set()
    assert not down(moved(early_help=0.5)) - {"threshold_early_help"}  # places left lower no other threshold


def test_camhs_accepts_less_the_longer_its_list() -> None:
    assert up(moved(camhs=1.5)) == {"camhs_acceptance"}
    assert moved(camhs=1.8)["camhs_acceptance"] > moved(camhs=1.5)["camhs_acceptance"]
    assert not down(moved(camhs=0.5))
    off = evidence.values({"camhs_acceptance_from_load": 0.0})
    assert not up(moved(camhs=1.5, p=off))


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_thresholds_move_within_their_brake(desk: float, work: float, fear: float, early_help: float) -> None:
    told = moved(desk, work, fear, early_help=early_help, camhs=early_help)
    assert max(map(abs, told.values())) <= P.threshold_shift_cap + 1e-9
    assert judgement.shifted(2.0, -9.0, P) == 2.0 - P.threshold_shift_cap


SHOCKS = [week_of(datetime.date(2013, 9, 17)), week_of(datetime.date(2014, 8, 26))]
VERDICTS = week_of(datetime.date(2013, 11, 1))


def test_later_national_shocks_frighten_in_their_weeks_and_not_where_time_stands_still() -> None:
    shocks = changed(P, fear_of_later_shocks=0.4, fear_of_verdicts=0.0)
    told = Pressures(profile("Leeds", 3000), scenario(), shocks)
    assert [week for week in range(0, 400) if told.fear(week) > 0.0] == SHOCKS
    assert [told.fear(week) for week in SHOCKS] == [0.4, 0.4]
    held = Pressures(profile("Leeds", 3000), scenario(pressure="none"), shocks)
    assert not any(held.fear(week) for week in range(0, 400))


def test_verdicts_on_other_places_frighten_a_little_every_week_since_they_began() -> None:
    verdicts = changed(P, fear_of_later_shocks=0.0, fear_of_verdicts=0.52)
    told = Pressures(profile("Leeds", 3000), scenario(), verdicts)
    assert {told.fear(week) for week in range(0, VERDICTS)} == {0.0}
    assert {told.fear(week) for week in range(VERDICTS, 520)} == {0.01}
    before = Pressures(profile("Leeds", 3000), scenario(pressure="none"), verdicts)
    assert not any(before.fear(week) for week in range(0, 520))  # time stands still before they began
    after = Pressures(profile("Leeds", 3000), scenario(pressure="none", switch_date="2015-04-01"), verdicts)
    assert after.fear(VERDICTS - 1) == 0.0
    assert after.fear(VERDICTS) == after.fear(520) == 0.01


def test_later_national_shocks_are_felt_by_thresholds_and_without_size_leave_no_trace() -> None:
    quiet, struck = (
        lived(scenario(years=4, parameters={"fear_of_later_shocks": size, "fear_of_inspection": 0.0}))
        for size in (0.0, 1.0)
    )  # fmt: skip
    assert quiet.scenario.switch_week == 0
    before, after = weeks(quiet, "condition_fear"), weeks(struck, "condition_fear")
    assert np.flatnonzero(before != after)[0] == SHOCKS[0]
    assert (after >= before).all()
    assert total(struck, "flow_section_47_enquiries") > total(quiet, "flow_section_47_enquiries")
