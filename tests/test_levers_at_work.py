"""Each lever, hour and decision by itself: what it does to the week, and how much."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ecology import Locality, commissioning, evidence, governance, improving, tables
from ecology.luck import Decision
from ecology.rules import noticing as rules
from ecology.rules import work
from ecology.vocabulary import (
    LONG_AGO,
    NOBODY,
    SECONDS_AN_HOUR,
    Cadre,
    Cause,
    Purpose,
    Stage,
)
from ecology.week import casework, deciding, front_door, helping
from tests.desks import FrontDoor
from tests.places import at_switch, changed, scenario

P = evidence.values()


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    """A place to copy, not to step."""
    return at_switch(scenario()).run(1)


def room(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)


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
    _, elsewhere = casework.allocate(
        t["children"], t["families"], cases, workers, t["neighbourhoods"], t["tally"], *room(cases.present.size), 1,
        place.week, now, p,
    )  # fmt: skip
    assert elsewhere == (cases.worker == 1).sum()
    return int(elsewhere)


def test_tempo_moves_children_of_a_full_team_to_another(place: Locality) -> None:
    assert teams_helped(place, 0.0) == 0 < teams_helped(place, 1.0)


def took_the_child(place: Locality, late_news: float) -> int:
    """Return who is given the last child: 0 of its own team, or 1 of another, who has more but had nothing long ago."""
    t = tables.copy(place.tables)
    cases, workers, now = t["cases"], t["social_workers"], place.now.copy()
    t["neighbourhoods"].team[:] = 0
    workers.present[:], workers.team[:] = 0, 0
    workers.present[:2], workers.team[1], workers.weight_known[:2] = 1, 1, [100 * work.THOUSANDTHS, 0]
    in_need = np.flatnonzero((cases.present == 1) & (t["children"].stage[cases.child] == Stage.CHILD_IN_NEED))
    cases.worker[:] = NOBODY
    cases.worker[in_need[:-1]], cases.worker[in_need[0]] = 1, 0
    now.across_teams, now.late_news = 1.0, late_news
    casework.allocate(
        t["children"], t["families"], cases, workers, t["neighbourhoods"], t["tally"], *room(cases.present.size), 1, 1,
        now, changed(P, caseload_full=0.5, weeks_unallocated_at_most=-1e9),
    )  # fmt: skip
    return int(cases.worker[in_need[-1]])


def test_late_news_sends_children_to_whoever_had_room_when_it_was_gathered(place: Locality) -> None:
    assert took_the_child(place, late_news=1.0) == 0
    assert took_the_child(place, late_news=13.0) == 1


def test_early_warning_lends_hours_to_teams_that_are_failing(place: Locality) -> None:
    t = tables.copy(place.tables)
    workers, conditions = t["social_workers"], t["conditions"]
    here = workers.present == 1
    workers.team[:] = np.arange(workers.present.size) % 2
    workers.weight[here & (workers.team == 0)] = int(10.0 * P.failing_load * P.caseload_full * work.THOUSANDTHS)
    workers.weight[here & (workers.team == 1)] = 0
    conditions.improvement_posts[0] = 1.0
    sure = changed(P, warning_sensitivity=1.0, warning_false_alarms=0.0)

    def booked_for_nobody() -> tuple[float, float]:
        t["tally"].seconds[:] = 0
        improving.book_what_is_not_lent(t["tally"], workers, conditions, P)
        mine = t["tally"].seconds[Cadre.SOCIAL_WORKER]
        return float(mine[Purpose.COORDINATION, Cause.EARLY_WARNING]), float(mine[Purpose.IDLE].sum())

    improving.improvement_team_goes(workers, conditions, 1.0, 1, place.week, sure)
    lent = [int(workers.lent_seconds[here & (workers.team == team)].sum()) for team in (0, 1)]
    post = P.hours_a_week * SECONDS_AN_HOUR
    assert lent[0] == pytest.approx((1.0 - P.improvement_to_know_families) * post, rel=0.01)
    assert lent[1] == 0
    assert booked_for_nobody() == pytest.approx((post - lent[0], 0.0), abs=1.0)  # who comes does not know the families
    improving.improvement_team_goes(workers, conditions, 0.0, 1, place.week, sure)
    assert not workers.lent_seconds.any()
    assert booked_for_nobody() == pytest.approx((0.0, post), abs=1.0)


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
    stream = Decision.REVIEW_JUDGEMENT.value
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

    def posts(early: float, camhs: float, pooled: float, sight: float = 1.0) -> list[float]:
        t["pools"].load[[Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN]] = early, camhs
        t["conditions"].pooled_pounds[0] = pooled
        commissioning.staff_pools(t["conditions"], t["pools"], replace(purse, sight=sight), lived.p)
        return [float(t["pools"].fte[cadre]) for cadre in (Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN)]

    neither = posts(2.0, 0.0, 0.0)
    waiting_for_help, waiting_for_camhs = posts(2.0, 0.0, 500.0), posts(0.0, 2.0, 500.0)
    assert waiting_for_help[0] > neither[0]
    assert waiting_for_help[1] == pytest.approx(neither[1])
    assert waiting_for_camhs[0] == pytest.approx(neither[0])
    assert waiting_for_camhs[1] > neither[1]
    assert purse.sight == lived.levers["line_of_sight"] < 1.0
    half_seen = posts(2.0, 0.0, 500.0, 0.5)
    assert neither[0] < half_seen[0] < waiting_for_help[0]
    assert posts(2.0, 0.0, 500.0, 0.0) == posts(0.0, 2.0, 500.0, 0.0)  # unseen, it is halved wherever children wait


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
