"""Rules of work and care: fatigue, sickness, leaving, hours, placements, and the end of care."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecology import evidence
from ecology.rules import care, duties, work
from ecology.vocabulary import Cause, Placement, Purpose, Stage
from tests.test_rules import falls, rises

P = evidence.values()
share = st.floats(0.0, 1.0)


@given(share, st.floats(0.0, 10.0))
def test_fatigue_stays_between_rested_and_exhausted_and_follows_load(fatigue: float, load: float) -> None:
    after = work.fatigue_next(fatigue, load, P)
    assert 0.0 <= after <= 1.0
    assert after <= work.fatigue_next(fatigue, load + 1.0, P)
    assert work.fatigue_next(0.5, 10.0, P) > 0.5 > work.fatigue_next(0.5, 0.0, P)
    assert 0.0 <= work.chance_of_sickness(fatigue, P) < 1.0
    assert 0.0 < work.chance_of_leaving(fatigue, 0.0, P) <= P.leaving_cap_a_year / P.weeks_a_year


def test_tired_workers_are_sick_more_often_and_leave_sooner_and_so_do_those_without_say() -> None:
    assert rises(lambda fatigue: work.chance_of_sickness(fatigue, P), [0.0, 0.5, 1.0])
    assert rises(lambda fatigue: work.chance_of_leaving(fatigue, 0.0, P), [0.0, 0.5, 1.0])
    assert rises(lambda loss: work.chance_of_leaving(0.4, loss, P), [0.0, 0.2, 0.4])
    assert work.chance_of_sickness(P.fatigue_reference, P) == P.sickness_share
    assert work.fatigue_next(0.5, P.fatigue_free_load, P) < 0.5


def test_only_processes_take_process_hours_and_only_stays_take_weekly_hours() -> None:
    processes = {Stage.ASSESSMENT, Stage.SECTION_47, Stage.CONFERENCE}
    stays = {Stage.CHILD_IN_NEED, Stage.PROTECTION_PLAN, Stage.LOOKED_AFTER}
    assert {stage for stage in Stage if work.hours_of_process(stage, P) > 0.0} == processes
    assert {stage for stage in Stage if work.hours_of_stage(stage, P) > 0.0} == stays
    assert all(work.caseload_weight(stage, P) >= 1.0 for stage in Stage)
    for stage in Stage:
        assert work.caseload_thousandths(stage, P) == pytest.approx(1000.0 * work.caseload_weight(stage, P), abs=0.5)


@given(st.floats(0.0, 18.0), st.floats(0.0, 900.0), st.floats(-5.0, 5.0))
def test_the_chance_to_leave_care_is_a_probability(age: float, weeks: float, strain: float) -> None:
    assert 0.0 < care.chance_of_leaving_care(age, weeks, strain, P) < 0.5


def test_children_return_early_or_when_strain_has_eased_and_young_ones_are_adopted() -> None:
    assert falls(lambda weeks: care.chance_of_leaving_care(10.0, weeks, 0.0, P), [0.0, 4.0, 52.0])
    assert falls(lambda strain: care.chance_of_leaving_care(10.0, 60.0, strain, P), [-1.0, 0.0, 2.0])
    young, old = (care.chance_of_leaving_care(age, P.adoption_weeks, 0.0, P) for age in (2.0, P.adoption_below_age))
    assert young == pytest.approx(old + P.adoption_a_year / P.weeks_a_year)


@pytest.mark.parametrize("age", [2.0, 15.0])
def test_placements_come_in_their_shares(age: float) -> None:
    kinds = [care.placement((n + 0.5) / 1_000, age, P) for n in range(1_000)]
    residential = P.residential_share_older if age > P.residential_from_age else P.residential_share_younger
    assert kinds.count(Placement.RESIDENTIAL) == pytest.approx(1_000 * residential, abs=1)
    assert kinds.count(Placement.FAMILY_OR_FRIENDS) == pytest.approx(1_000 * P.family_placement_share, abs=1)
    assert Placement.NONE not in kinds


def test_every_duty_has_its_purpose() -> None:
    purposes = {cause: Purpose(duties.purpose_of(cause)) for cause in Cause}
    checkers = [cause for cause in Cause if Cause.INSPECTION <= cause <= Cause.VIRTUAL_SCHOOL_HEAD]
    assert {purposes[cause] for cause in (*checkers, Cause.LINE_OF_SIGHT)} == {Purpose.ACCOUNTABILITY}
    assert (purposes[Cause.SHARED_RECORD], purposes[Cause.STAFF_DEVELOPMENT]) == (Purpose.RECORDING, Purpose.LEARNING)
    assert Purpose.DIRECT not in purposes.values()
    assert Purpose.IDLE not in purposes.values()
