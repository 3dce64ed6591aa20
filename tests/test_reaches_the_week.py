"""Each link by itself: what a dated event, a load, a lever or a complaint does to the week, and how much."""

import math
from typing import Any

import numpy as np
import pytest

from ecology import Locality, commissioning, evidence, governance, improving, tables, thresholds
from ecology.evidence.profiles import profile
from ecology.pressures import Pressures
from ecology.rules import noticing as rules
from ecology.rules import work
from ecology.vocabulary import (
    LONG_AGO,
    NOBODY,
    SECONDS_AN_HOUR,
    WEEKS_A_YEAR,
    Agency,
    Cadre,
    Cause,
    Flow,
    Purpose,
    Stage,
)
from ecology.week import casework, complaining, deciding, front_door, helping, noticing
from tests.desks import FrontDoor
from tests.places import at_switch, changed, scenario

P = evidence.values()
READING_AS_ONE = np.zeros(len(Agency))


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    """A place to copy, not to step."""
    return at_switch(scenario()).run(1)


def room(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)


# Dated events --------------------------------------------------------------------------------------------------------


def pressures(*events: dict[str, Any]) -> Pressures:
    return Pressures(profile("Leeds", 3000), scenario(events=list(events)), P)


def test_a_funding_cliff_takes_its_share_of_the_authoritys_income_from_its_date_on() -> None:
    usual, struck = pressures(), pressures({"date": "2010-10-04", "kind": "funding_cliff", "size": 0.1})
    assert struck.authority_pounds(20) == usual.authority_pounds(20)
    for week in (27, 60):
        assert struck.authority_pounds(week) == pytest.approx(0.9 * usual.authority_pounds(week))


@pytest.mark.parametrize(
    ("kind", "parameter"),
    [("child_death_publicity", "fear_of_child_death"), ("failed_inspection", "fear_of_failed_inspection")],
)
def test_a_death_and_a_failed_inspection_frighten_in_their_week(kind: str, parameter: str) -> None:
    usual, struck = pressures(), pressures({"date": "2010-10-04", "kind": kind, "size": 2.0})
    more = [struck.fear(week) - usual.fear(week) for week in range(WEEKS_A_YEAR)]
    assert np.count_nonzero(more) == 1
    assert max(more) == pytest.approx(2.0 * float(getattr(P, parameter)))
    assert max(more) > 0.0


def test_a_leader_who_is_lost_leaves_an_interim_behind() -> None:
    event = {"date": "2010-04-05", "kind": "leader_lost", "size": 1.0}
    usual, struck = (at_switch(scenario(events=events)).run(4) for events in ([], [event]))
    until = [int(lived.tables["conditions"].interim_until[0]) for lived in (usual, struck)]
    assert until[1] > max(until[0], struck.week)
    assert until[1] <= struck.week + float(P.dcs_interim_weeks)


def test_an_inspection_comes_frightens_and_stays() -> None:
    never, always = (
        at_switch(scenario()),
        at_switch(scenario()),
    )
    never.p, always.p = (changed(P, years_between_inspections=years) for years in (1e9, 1.0 / WEEKS_A_YEAR))
    for lived in (never, always):
        lived.run(2)
    fear = [float(lived.tables["conditions"].fear[0]) for lived in (never, always)]
    assert fear[1] > fear[0]
    assert never.tables["conditions"].inspected_until[0] <= never.week < always.tables["conditions"].inspected_until[0]


# Loads and thresholds ------------------------------------------------------------------------------------------------


def test_a_desk_that_cannot_keep_up_remembers_it_and_passes_on_less() -> None:
    usual, slow = at_switch(scenario()), at_switch(scenario())
    slow.p = changed(slow.p, hours_screening=8.0 * P.hours_screening)
    for lived in (usual, slow):
        lived.run(12)
    loads = [float(lived.tables["conditions"].front_door_load[0]) for lived in (usual, slow)]
    assert loads[1] > loads[0]
    assert slow.now.threshold_referral > usual.now.threshold_referral


def test_full_caseloads_are_remembered_and_raise_the_threshold_of_need() -> None:
    usual, busy = at_switch(scenario()), at_switch(scenario())
    busy.p = changed(busy.p, hours_child_in_need=20.0)
    for lived in (usual, busy):
        lived.run(12)
    assert busy.tables["conditions"].social_work_load[0] > usual.tables["conditions"].social_work_load[0]
    assert busy.now.threshold_in_need > usual.now.threshold_in_need


def contact_and_own_help(place: Locality, load: float = 1.0, weight: float = 0.3, fear: float = 0.0) -> np.ndarray:
    pools = tables.copy(place.tables)["pools"]
    pools.load[:] = load
    return np.array(thresholds.of_agencies(pools, weight, fear, READING_AS_ONE, P))


def test_agencies_whose_own_helpers_are_full_pass_on_sooner_the_less_they_weigh_children(place: Locality) -> None:
    have_helpers = [Agency.SCHOOLS, Agency.HEALTH]
    shunted = contact_and_own_help(place)[0] - contact_and_own_help(place, load=2.0)[0]
    assert (shunted[have_helpers] > 0.0).all()
    assert not np.delete(shunted, have_helpers).any()
    devoted = contact_and_own_help(place, weight=0.8)[0] - contact_and_own_help(place, 2.0, 0.8)[0]
    assert (devoted[have_helpers] < shunted[have_helpers]).all()


def test_fear_makes_all_pass_on_sooner_and_a_partner_who_weighs_children_more_helps_sooner_itself(
    place: Locality,
) -> None:
    usual, afraid = contact_and_own_help(place), contact_and_own_help(place, fear=0.5)
    assert (afraid[0] < usual[0]).all()
    devoted = contact_and_own_help(place, weight=0.8)
    for agency in (Agency.SCHOOLS, Agency.HEALTH):
        assert devoted[1, agency] < usual[1, agency]
        assert devoted[0, agency] > usual[0, agency]


def test_an_agency_that_reads_the_document_differently_acts_on_another_level(place: Locality) -> None:
    apart = np.linspace(-0.2, 0.2, len(Agency))
    contact = [
        thresholds.of_agencies(place.tables["pools"], 0.3, 0.0, misfit, P)[0] for misfit in (READING_AS_ONE, apart)
    ]
    assert contact[1] - contact[0] == pytest.approx(apart)


def test_desks_of_their_own_follow_what_came_to_them_last_year() -> None:
    came = np.zeros(len(Agency))
    came[Agency.POLICE] = 100.0
    planned, adapted = thresholds.desk_shares(np.zeros(len(Agency)), P), thresholds.desk_shares(came, P)
    assert planned.sum() == pytest.approx(1.0, abs=0.01)
    assert adapted[Agency.POLICE] > planned[Agency.POLICE]
    stubborn = thresholds.desk_shares(came, changed(P, desks_follow_demand=0.0))
    assert stubborn == pytest.approx(planned)


def own_help_started(place: Locality, load: float) -> int:
    t = tables.copy(place.tables)
    t["tally"].flows[:] = 0
    t["pools"].load[:] = load
    child = int(np.flatnonzero((t["children"].present == 1) & (t["children"].case == NOBODY))[0])
    helped_at_any_level, never = np.full(len(Agency), -np.inf), np.full(len(Agency), np.inf)
    noticing.agencies_act_or_pass_on(
        np.array([[child, Agency.HEALTH]], np.int32), 1, never, helped_at_any_level, t["children"], t["families"],
        t["cases"], t["fixtures"].free_cases, t["pools"], t["schools"], t["tally"].flows, t["tally"].waits, 1,
        place.week, place.now, changed(P, concern_camhs=1e9),
    )  # fmt: skip
    return int(t["tally"].flows[Flow.OWN_HELP_STARTED])


def test_an_agency_whose_helpers_are_overrun_starts_no_help_of_its_own(place: Locality) -> None:
    assert own_help_started(place, 1.0) == 1
    assert own_help_started(place, float(P.own_help_load_limit) + 0.1) == 0


# Levers do what they promise -----------------------------------------------------------------------------------------


def teams_helped(place: Locality, across: float) -> int:
    """Return how many children of a full team get a worker of another one."""
    t = tables.copy(place.tables)
    cases, workers, now = t["cases"], t["social_workers"], place.now.copy()
    t["neighbourhoods"].team[:] = 0
    workers.present[:] = 0
    workers.present[:2], workers.team[:2] = 1, [0, 1]
    workers.team[2:] = 0
    in_need = np.flatnonzero((cases.present == 1) & (t["children"].stage[cases.child] == Stage.CHILD_IN_NEED))
    cases.worker[:] = NOBODY
    cases.worker[in_need[:-3]] = 0
    t["children"].stage_since[cases.child[in_need]] = place.week
    now.across_teams, now.late_news = across, 1.0
    p = changed(P, caseload_full=5.0)
    casework.allocate(
        t["children"], t["families"], cases, workers, t["neighbourhoods"], t["tally"], *room(cases.present.size), 1,
        place.week, now, p,
    )  # fmt: skip
    return int((cases.worker == 1).sum())


def test_tempo_moves_children_of_a_full_team_to_another(place: Locality) -> None:
    assert teams_helped(place, 0.0) == 0 < teams_helped(place, 1.0)


def test_early_warning_lends_hours_to_teams_that_are_failing(place: Locality) -> None:
    t = tables.copy(place.tables)
    workers, conditions = t["social_workers"], t["conditions"]
    here = workers.present == 1
    workers.team[:] = np.arange(workers.present.size) % 2
    workers.weight[here & (workers.team == 0)] = int(10.0 * P.failing_load * P.caseload_full * work.THOUSANDTHS)
    workers.weight[here & (workers.team == 1)] = 0
    conditions.improvement_posts[0] = 1.0
    sure = changed(P, warning_sensitivity=1.0, warning_false_alarms=0.0)
    improving.improvement_team_goes(workers, conditions, 1.0, 1, place.week, sure)
    lent = [int(workers.lent_seconds[here & (workers.team == team)].sum()) for team in (0, 1)]
    assert lent[0] == pytest.approx(P.hours_a_week * SECONDS_AN_HOUR, rel=0.01)
    assert lent[1] == 0
    improving.improvement_team_goes(workers, conditions, 0.0, 1, place.week, sure)
    assert not workers.lent_seconds.any()


def test_a_duty_on_partners_puts_more_of_their_time_into_children(place: Locality) -> None:
    def left(effort: float) -> np.ndarray:
        t, now = tables.copy(place.tables), place.now.copy()
        now.partner_effort = effort
        helping.pools_open_the_week(t["pools"], t["tally"], now, P)
        return np.array(t["pools"].seconds_left)

    more = left(1.0) - left(0.5)
    partners = [Cadre.SCHOOL_PASTORAL, Cadre.COMMUNITY_HEALTH, Cadre.CAMHS_CLINICIAN]
    assert (more[partners] > 0).all()
    assert not np.delete(more, partners).any()


def judged_off(place: Locality, spread: float) -> float:
    t, now = tables.copy(place.tables), place.now.copy()
    now.judgement_spread = spread
    row = int(np.flatnonzero((t["cases"].present == 1) & (t["cases"].worker != NOBODY))[0])
    stream = deciding.Decision.REVIEW_JUDGEMENT.value
    view = deciding._judged(row, stream, t["children"], t["cases"], t["social_workers"], 1, place.week, now, P)
    return float(view - front_door.true_severity(t["cases"].child[row], t["children"], place.week, P))


def test_delegation_saves_approvals_and_makes_judgements_differ_more(place: Locality) -> None:
    assert judged_off(place, 2.0) == pytest.approx(2.0 * judged_off(place, 1.0))
    assert judged_off(place, 1.0) != 0.0
    asked = []
    for lever in (0.0, 1.0):
        lived = at_switch(scenario(levers={"delegation": lever}, failure_modes={"transition_dip": False})).run(3)
        lived.tables["conditions"].approvals[0] = 100.0
        g = lived.governing
        g.asked[:] = 0.0
        governance.govern(g)
        asked.append(float(g.asked[Cadre.SOCIAL_WORKER, Cause.OTHER_BUSINESS]))
    assert asked[1] < asked[0]


def test_pooled_money_goes_where_children_wait_and_buys_camhs_together() -> None:
    lived = at_switch(scenario("orchestrated", failure_modes={"transition_dip": False})).run(30)
    assert lived.now.camhs_together == lived.levers["pooled_money"] > 0.0
    t = lived.tables
    purse = commissioning.purse(
        lived.pressures, lived._partner_pounds, t["commissioners"], lived.governing, lived.week, lived.p
    )

    def posts(early: float, camhs: float, pooled: float) -> list[float]:
        t["pools"].load[[Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN]] = early, camhs
        t["conditions"].pooled_pounds[0] = pooled
        commissioning.staff_pools(t["conditions"], t["pools"], purse, lived.p)
        return [float(t["pools"].fte[cadre]) for cadre in (Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN)]

    neither = posts(2.0, 0.0, 0.0)
    waiting_for_help, waiting_for_camhs = posts(2.0, 0.0, 500.0), posts(0.0, 2.0, 500.0)
    assert waiting_for_help[0] > neither[0]
    assert waiting_for_help[1] == pytest.approx(neither[1])
    assert waiting_for_camhs[0] == pytest.approx(neither[0])
    assert waiting_for_camhs[1] > neither[1]


def test_what_others_wrote_reaches_who_sees_the_record() -> None:
    desk = FrontDoor(2)
    desk.children.seen_by_la_services[:] = LONG_AGO
    before = front_door.what_everyone_wrote(0, 1.0, desk.children, 10, P)
    desk.children.seen_by_police[0], desk.children.concern_police[0] = 10, rules.note(4.0)
    after = front_door.what_everyone_wrote(0, 1.0, desk.children, 10, P)
    assert before == pytest.approx(1.0)
    assert after == pytest.approx((1.0 + 4.0) / 2.0, abs=0.01)


# Work ----------------------------------------------------------------------------------------------------------------


def worked(place: Locality, **numbers: float) -> dict[str, Any]:
    t = tables.copy(place.tables)
    t["tally"].seconds[:] = t["tally"].overtime[:] = t["tally"].offered[:] = 0
    far = numbers.pop("far", 0.0)
    t["cases"].far[:] = int(far)
    p = changed(P, **numbers)
    casework.social_workers_work(
        t["children"], t["cases"], t["social_workers"], t["tally"], 1, place.week, place.now, p
    )
    return t


def test_more_owed_than_there_is_time_for_is_worked_overtime_and_tires(place: Locality) -> None:
    usual, busy = worked(place), worked(place, hours_child_in_need=40.0, overtime_cap=0.2)
    here = usual["social_workers"].present == 1
    assert busy["tally"].overtime[Cadre.SOCIAL_WORKER] > usual["tally"].overtime[Cadre.SOCIAL_WORKER]
    assert busy["social_workers"].fatigue[here].mean() > usual["social_workers"].fatigue[here].mean()
    assert worked(place, hours_child_in_need=40.0, overtime_cap=0.0)["tally"].overtime.sum() == 0


def test_who_is_sick_is_absent_for_the_week(place: Locality) -> None:
    ill = worked(place, sickness_share=1e6)
    here = ill["social_workers"].present == 1
    assert ill["social_workers"].sick[here].all()
    absent = ill["tally"].seconds[Cadre.SOCIAL_WORKER, Purpose.ABSENT].sum()
    assert absent >= here.sum() * int(P.hours_a_week * SECONDS_AN_HOUR)


def test_a_child_far_away_costs_its_worker_travel_out_of_the_visit(place: Locality) -> None:
    near, far = (worked(place, far=far)["tally"].seconds[Cadre.SOCIAL_WORKER] for far in (0.0, 1.0))
    assert far[Purpose.TRAVEL].sum() > near[Purpose.TRAVEL].sum()
    assert far[Purpose.DIRECT].sum() < near[Purpose.DIRECT].sum()
    assert far.sum() == near.sum()


# Decisions -----------------------------------------------------------------------------------------------------------


def test_drift_that_is_caught_brings_a_review_at_once(place: Locality) -> None:
    seen_again = []
    for chance in (0.0, 1.0):
        t, now = tables.copy(place.tables), place.now.copy()
        children, cases = t["children"], t["cases"]
        now.drift_check = chance
        cases.review_due[:] = place.week + 40
        staying = np.isin(children.stage[cases.child], (Stage.CHILD_IN_NEED, Stage.PROTECTION_PLAN)) & (
            cases.present == 1
        )
        children.stage[cases.child[(cases.present == 1) & ~staying]] = Stage.UNIVERSAL
        cases.perceived[:] = 50.0
        deciding.cases_are_decided(
            children, t["families"], cases, t["social_workers"], t["conditions"], t["tally"], 1, place.week, now, P
        )
        seen_again.append((float(t["conditions"].approvals[0]), int((cases.perceived[staying] < 40.0).sum())))
    assert seen_again[0] == (0.0, 0)
    assert seen_again[1][0] == seen_again[1][1] > 0


def test_a_child_let_go_with_complex_need_stays_unmet() -> None:
    for safety, unmet in ((float(P.level_complex_safety) + 1.0, True), (-1.0, False)):
        desk = FrontDoor(2)
        row = desk.receive(0, 0)
        desk.children.stage[0] = Stage.CHILD_IN_NEED
        desk.children.need_safety[0] = safety
        deciding._close(row, desk.children, desk.cases, desk.tally.flows, 10, P)
        assert (desk.children.last_unmet[0] == 10) == unmet


def test_a_child_who_is_moved_in_care_is_hurt_by_it(place: Locality) -> None:
    hurt = []
    for moves in (0.0, 1e6):
        t = tables.copy(place.tables)
        children, cases = t["children"], t["cases"]
        row = int(np.flatnonzero(cases.present)[0])
        child = int(cases.child[row])
        children.stage[child], children.stage_since[child] = Stage.LOOKED_AFTER, place.week
        children.need_wellbeing[child] = 1.0
        cases.review_due[row] = place.week + 40
        p = changed(P, placement_moves_a_year=moves, return_home_cap=0.0, guardianship_a_year=0.0, adoption_a_year=0.0)
        deciding.cases_are_decided(
            children,
            t["families"],
            cases,
            t["social_workers"],
            t["conditions"],
            t["tally"],
            1,
            place.week,
            place.now,
            p,
        )
        hurt.append(float(children.need_wellbeing[child]) - 1.0)
    assert hurt == pytest.approx([0.0, float(P.move_hurts)])
    assert P.move_hurts > 0.0


# Voice, queues, price, trust -----------------------------------------------------------------------------------------


def test_a_complaint_that_is_heard_gives_voice(place: Locality) -> None:
    t, now = tables.copy(place.tables), place.now.copy()
    cases = t["cases"]
    cases.voice[:] = 0.0
    cases.early_help_waiting[cases.present == 1] = place.week - 1
    t["families"].help_seeking[:] = 1.0
    for heard in (0.0, 1.0):
        now.complaint_heard = heard
        complaining.citizens_complain(
            t["children"], t["families"], cases, t["tally"].flows, 1, place.week, now, changed(P, complaint_a_week=1.0)
        )
        here = cases.voice[cases.present == 1]
        assert here == pytest.approx(np.full(here.size, heard * P.complaint_urgency))


def test_who_has_waited_longer_goes_first_of_two_as_grave() -> None:
    for first in (0, 1):
        desk = FrontDoor()
        desk.receive(first, 0, severity=1.0)
        desk.receive(1 - first, 5, severity=1.0)
        desk.triage(6, contacts=1)
        assert first not in desk.waiting
        assert 1 - first in desk.waiting


def test_care_costs_what_the_market_asks(place: Locality) -> None:
    t = tables.copy(place.tables)
    placed = np.array([0, 50, 50, 50])
    usual = commissioning.care_pounds(placed, t["providers"], t["conditions"], P)
    t["providers"].price[:] *= 1.1
    dearer = commissioning.care_pounds(placed, t["providers"], t["conditions"], P)
    assert usual < dearer <= 1.1 * usual
    t["conditions"].care_price[0] *= 2.0
    assert commissioning.care_pounds(placed, t["providers"], t["conditions"], P) == pytest.approx(2.0 * dearer)


def governed(regime: str, skill: float = 0.0, trust: float = 0.0, complaints: float = 0.0) -> governance.Governing:
    g = at_switch(scenario(regime)).run(1).governing
    g.conditions.dcs_skill[0], g.conditions.trust[0], g.complaints = skill, trust, complaints
    g.asked[:] = 0.0
    governance.govern(g)
    return g


def test_a_skilled_director_decides_more_and_agencies_that_trust_agree_sooner() -> None:
    decided = [governed("orchestrated", skill=skill).now.hub_decisions for skill in (0.0, 1.0)]
    assert decided[1] / decided[0] == pytest.approx(math.exp(P.dcs_skill_effect))
    agree = [governed("fragmented", trust=trust).now.chance_of_agreement for trust in (0.0, 0.5)]
    assert agree[1] / agree[0] == pytest.approx(1.0 + 0.5 * P.agreement_from_trust)
    assert P.dcs_skill_effect > 0.0 < P.agreement_from_trust


def test_a_complaint_passed_from_body_to_body_takes_more_time_than_one_with_one_address() -> None:
    asked = [
        governed(regime, complaints=10.0).asked[:, Cause.COMPLAINTS].sum() for regime in ("fragmented", "orchestrated")
    ]
    assert asked[0] > asked[1] > 0.0
