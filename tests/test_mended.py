"""Faults that a reading against the design found, each kept out by the sentence it broke."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ecology import building, checkers, commissioning, evidence, pairs, population, school_places, tables
from ecology.checkers import Checks, bodies
from ecology.compiled import compiled
from ecology.evidence.profiles import ENGLAND, names, profile
from ecology.pressures import Pressures
from ecology.tables import Children, Families, Parameters, Pools, Tally
from ecology.vocabulary import (
    NOBODY,
    SECONDS_A_MINUTE,
    SECONDS_AN_HOUR,
    WEEKS_A_YEAR,
    Agency,
    Cadre,
    Cause,
    Flow,
    Payer,
    Stage,
)
from ecology.week import casework, deciding, helping, living, noticing, staffing
from ecology.week.casefile import open_row
from tests.desks import FrontDoor
from tests.places import at_switch, changed, lived, scenario, total, weeks

P = evidence.values()
THE_USUAL = Checks(on_site=False, joint=0.0)
TODAY = 10 * WEEKS_A_YEAR


# What is paid for is had, and what is had is paid for -----------------------------------------------------------------


def test_a_pooled_pound_buys_as_much_early_help_as_a_pound_of_the_authority() -> None:
    place = at_switch(scenario("orchestrated")).run(30)
    t = place.tables
    purse = commissioning.purse(
        place.pressures, place._partner_pounds, t["commissioners"], place.governing, place.week, place.p
    )
    t["pools"].load[[Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN]] = [2.0, 0.0]  # all of it goes to early help

    def posts(own: float, pooled: float) -> float:
        t["conditions"].early_help_pounds[0], t["conditions"].pooled_pounds[0] = own, pooled
        commissioning.staff_pools(t["conditions"], t["pools"], replace(purse, sight=1.0), place.p)
        return float(t["pools"].fte[Cadre.FAMILY_SUPPORT_WORKER])

    assert posts(1000.0, 500.0) == pytest.approx(posts(1500.0, 0.0))
    assert posts(1500.0, 0.0) > posts(1000.0, 0.0) > 0.0


def checked(today: int = TODAY, checks: Checks = THE_USUAL, merged: float = 0.0, **numbers: float) -> float:
    asked, staff = np.zeros((len(Cadre), len(Cause))), np.ones(len(Cadre))
    return checkers.ask(checkers.new_table(), asked, staff, merged, checks, today, changed(P, **numbers))


def test_who_asks_more_of_social_workers_also_finds_more_and_who_asks_nothing_finds_nothing() -> None:
    usual = checked()
    assert checked(hours_principal_social_worker=2.0 * P.hours_principal_social_worker) > usual
    assert checked(hours_regional_schools_commissioner=0.0) == usual  # asks nothing of social workers
    no_hours: dict[str, Any] = {body.hours: 0.0 for body in bodies()}
    nothing = checked(**no_hours)
    assert nothing == 0.0 == checkers.chance_to_catch_drift(nothing, P)
    doubled = checkers.chance_to_catch_drift(2.0 * usual, P)
    assert checkers.chance_to_catch_drift(usual, P) < doubled < 2.0 * checkers.chance_to_catch_drift(usual, P)


def test_more_is_found_the_more_bodies_there_are_and_while_inspectors_are_on_site() -> None:
    assert checked(today=0) < checked()
    assert checked(checks=replace(THE_USUAL, on_site=True)) > checked()


def test_what_merging_and_joint_inspection_spare_is_taken_off_once_by_what_they_overlook() -> None:
    assert checked(merged=1.0) == checked() == checked(checks=replace(THE_USUAL, joint=1.0))


def test_checking_is_one_on_average_at_the_registers_hours() -> None:
    social_work = {body.hours for body in bodies() if Cadre.SOCIAL_WORKER in body.answers}
    assert sum(float(getattr(P, hours)) for hours in social_work) == P.hours_checked_usually
    on_site = float(P.weeks_on_site / (WEEKS_A_YEAR * P.years_between_inspections))
    mean = on_site * checked(checks=replace(THE_USUAL, on_site=True)) + (1.0 - on_site) * checked()
    assert mean == pytest.approx(1.0)


def test_hours_of_checkers_reach_the_chance_that_drift_is_caught() -> None:
    more = {"hours_statutory_returns": 2.0 * P.hours_statutory_returns}
    few, many = (at_switch(scenario(parameters=numbers)).run(1) for numbers in ({}, more))
    assert many.now.drift_check > few.now.drift_check > 0.0


def test_an_agency_tells_what_those_told_it_with_whom_it_agrees() -> None:
    table = pairs.new_table(P)
    among_partners = (table.one == Agency.SCHOOLS) & (table.other == Agency.POLICE)
    assert among_partners.sum() == 1
    table.agreement[among_partners] = 1.0
    told = pairs.told_to_the_desk(table, P)
    assert told[Agency.SCHOOLS] == told[Agency.POLICE] == pytest.approx(P.agreement_tells / 3.0)
    assert told[Agency.HEALTH] == told[Agency.LA_SERVICES] == told[Agency.INDIVIDUALS] == 0.0


def test_packages_decided_for_agencies_teach_them_nothing_about_each_other() -> None:
    def trust(decided: float) -> float:
        table, flows = pairs.new_table(P), np.zeros(len(Flow), np.int64)
        flows[Flow.PACKAGES_AGREED] = 10
        pairs.pairs_learn(table, flows, 20.0, decided, 0.0, P)
        return float(table.trust[table.other != Agency.LA_SERVICES].mean())

    assert trust(0.0) > trust(10.0)


def test_delegation_is_charged_as_set_and_saves_as_it_works() -> None:
    place = at_switch(scenario(levers={"delegation": 1.0}, failure_modes={"transition_dip": True})).run(1)
    assert place.governing.levers["delegation"] < place.governing.set_levers["delegation"] == 1.0
    assert place.now.judgement_spread == pytest.approx(1.0 + P.delegation_spread)


# Waiting -------------------------------------------------------------------------------------------------------------


def without_worker(stage_since: int, week: int) -> tuple[FrontDoor, int]:
    desk = FrontDoor(2)
    row = open_row(0, desk.children, desk.cases, desk.free, stage_since)
    desk.children.stage[0], desk.children.stage_since[0] = Stage.PROTECTION_PLAN, stage_since
    desk.cases.worker[row], desk.cases.worker_since[row] = 0, stage_since
    workers = tables.empty(tables.SocialWorkers, 1)
    workers.present[:] = 1
    p = changed(P, leaving_a_year=1e9, leaving_cap_a_year=1e9)
    staffing.staff_leave_and_join(workers, desk.cases, desk.tally.flows, 0, 1, week, desk.now, p)
    assert desk.cases.worker[row] == NOBODY
    return desk, row


def test_a_child_whose_worker_leaves_waits_from_then_on_and_not_since_its_plan_began() -> None:
    desk, row = without_worker(stage_since=0, week=60)
    assert casework._weeks_without_worker(row, desk.children, desk.cases, 62) == 2
    desk.children.stage_since[0] = 61  # a stage that begins afterwards begins the wait anew
    assert casework._weeks_without_worker(row, desk.children, desk.cases, 62) == 1


def test_every_team_has_a_neighbourhood_and_posts_as_it_has_neighbourhoods() -> None:
    for children, teams in ((250_000, 90), (40_000, 9), (73_000, 18), (2_000, 1)):
        places = population.lay_out_neighbourhoods(children, teams, 1, P)
        posts = 7.0 * teams
        workers = building._social_workers(posts, places, 1, 0, P)
        assert set(workers.team) == set(places.team) == set(range(int(places.team.max()) + 1))
        here = np.bincount(workers.team[: round(posts)], minlength=int(places.team.max()) + 1)
        per_neighbourhood = here / np.bincount(places.team)
        assert np.ptp(per_neighbourhood) <= 1.0 + 1e-9
        assert here.max() - here.min() <= np.ceil(posts / places.present.size) + 1


def test_a_worker_short_of_time_still_comes_to_an_end() -> None:
    place = at_switch(scenario()).run(1)
    t = place.tables
    busy = np.flatnonzero((t["cases"].present == 1) & (t["cases"].worker != NOBODY))
    row = busy[0]
    t["cases"].seconds_owed[:] = 0
    t["cases"].seconds_owed[row] = SECONDS_A_MINUTE
    place.run(1)
    assert t["cases"].seconds_owed[row] == 0


def test_early_help_is_not_asked_for_again_while_it_runs() -> None:
    desk = FrontDoor(2)
    row = open_row(0, desk.children, desk.cases, desk.free, 0)
    desk.children.stage[0] = Stage.ASSESSMENT
    desk.cases.early_help_until[row] = 50
    desk.now.threshold_in_need = desk.now.threshold_section_47 = np.inf
    desk.now.threshold_early_help = -np.inf
    deciding._assessed(row, 0.0, desk.children, desk.cases, desk.tally, 10, desk.now, P)
    assert desk.tally.flows[Flow.EARLY_HELP_ASKED] == 0
    assert desk.children.stage[0] == Stage.EARLY_HELP
    desk.children.stage[0], desk.cases.early_help_until[row] = Stage.ASSESSMENT, 5
    deciding._assessed(row, 0.0, desk.children, desk.cases, desk.tally, 10, desk.now, P)
    assert desk.tally.flows[Flow.EARLY_HELP_ASKED] == 1


# Unmet need ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wellbeing", "unmet"), [(-1.0, False), (float(P.level_complex_wellbeing) + 0.1, True)])
def test_a_child_whom_camhs_does_not_accept_stays_unmet_only_with_complex_need(wellbeing: float, unmet: bool) -> None:
    place = at_switch(scenario()).run(1)
    t = place.tables
    child = int(np.flatnonzero((t["children"].present == 1) & (t["children"].case == NOBODY))[0])
    t["children"].need_wellbeing[child] = wellbeing
    before = int(t["children"].last_unmet[child])
    place.now.camhs_acceptance = np.inf
    noticed = np.array([[child, Agency.HEALTH]], np.int32)
    never = np.full(len(Agency), np.inf)
    noticing.agencies_act_or_pass_on(
        noticed, 1, never, never, t["children"], t["families"], t["cases"], t["fixtures"].free_cases, t["pools"],
        t["schools"], t["tally"].flows, t["tally"].waits, 1, place.week, place.now,
        changed(place.p, concern_camhs=-1e9),
    )  # fmt: skip
    assert t["tally"].flows[Flow.CAMHS_NOT_ACCEPTED] >= 1
    assert (t["children"].last_unmet[child] == place.week) == unmet
    if unmet:
        assert t["children"].unmet_by[child] == Agency.HEALTH
    else:
        assert t["children"].last_unmet[child] == before


def test_a_referral_comes_from_unmet_need_only_if_that_was_there_before_the_contact() -> None:
    def after_unmet(unmet: int) -> int:
        desk = FrontDoor(2)
        desk.now.threshold_referral = -np.inf
        desk.receive(0, week=10)
        desk.children.last_unmet[0] = unmet
        desk.triage(10, contacts=5)
        return int(desk.tally.flows[Flow.REFERRALS_AFTER_UNMET_NEED])

    assert after_unmet(9) == 1
    assert after_unmet(10) == 0


# Money, terms, places ------------------------------------------------------------------------------------------------


def test_what_partners_have_follows_the_children_but_for_the_police() -> None:
    growing = max(names(), key=lambda name: profile(name).population[6] / profile(name).population[0])
    told = scenario(authority=growing)
    pressures = Pressures(profile(growing, 3000), told, changed(P, trend_police_a_year=0.0))
    later = 6 * WEEKS_A_YEAR
    growth = pressures.children(later) / pressures.children(0)
    assert growth > 1.05
    one_pound = dict.fromkeys(commissioning.PARTNERS, 1.0)
    income = pressures.partner_pounds(one_pound, later)
    for payer in (Payer.SCHOOLS, Payer.HEALTH_COMMISSIONER):  # flat for each child
        assert income[payer] == pytest.approx(growth)
    assert income[Payer.POLICE] == 1.0
    held = Pressures(profile(growing, 3000), scenario(authority=growing, pressure="none"), P)
    assert held.partner_pounds(one_pound, later) == held.partner_pounds(one_pound, 0)


def test_schools_teach_in_term_and_a_closure_costs_the_weeks_it_closes() -> None:
    first = int(P.school_starts_in_week)
    usual = Pressures(profile(ENGLAND, 3000), scenario(), P)
    halves = [week for week in range(first, first + WEEKS_A_YEAR) if school_places.half_term_begins(week, P)]
    taught = [usual.weeks_of_school(week, school_places.weeks_of_half_term(week, P)) for week in halves]
    assert sum(weeks for weeks, _ in taught) == P.weeks_taught_a_year
    assert not any(closed for _, closed in taught)
    event = [{"date": "2010-09-20", "kind": "pandemic_term", "size": 1.0}]
    shut = Pressures(profile(ENGLAND, 3000), scenario(events=event), P)
    taught = [shut.weeks_of_school(week, school_places.weeks_of_half_term(week, P)) for week in halves]
    in_term = sum(usual.in_term(week) and shut.schools_closed(week) for week in range(first, first + WEEKS_A_YEAR))
    assert 0 < sum(closed for _, closed in taught) == in_term < P.weeks_pandemic_term
    assert sum(map(sum, taught)) == P.weeks_taught_a_year


def test_who_is_asked_for_nothing_leaves_nothing_undone() -> None:
    pools: Pools = tables.empty(Pools, len(Cadre))
    place = at_switch(scenario()).run(1)
    tally: Tally = place.tables["tally"]
    cadre = Cadre.INDEPENDENT_REVIEWING_OFFICER.value
    pools.seconds_left[cadre] = 10 * SECONDS_AN_HOUR
    for asked, done in ((0.0, 1.0), (1.0, 1.0), (1e6, 0.0)):
        pools.tasks[cadre] = asked
        helping._serve_tasks(cadre, Cause.LOOKED_AFTER.value, float(P.hours_review), pools, tally, P)
        assert pools.done[cadre] == pytest.approx(done, abs=1e-3)


@compiled
def moves_in(
    family: int, children: Children, families: Families, flows: np.ndarray, seed: int, week: int, p: Parameters
) -> int:
    return living._move_in(family, children, families, flows, seed, week, p)  # type: ignore[no-any-return]


def test_a_new_family_brings_its_unborn_and_none_of_the_last_ones_incidents() -> None:
    place = at_switch(scenario()).run(1)
    t, week = place.tables, place.week
    family = int(np.flatnonzero(t["families"].n_children > 0)[0])
    t["families"].incident[family] = 1
    living.settle_family(family, t["families"], t["fixtures"].shift, 1, week, place.p)
    assert t["families"].incident[family] == 0
    first = int(t["families"].first_child[family])
    t["children"].present[first] = 0
    t["children"].birth_week[first : first + t["families"].n_children[family]] = week
    assert moves_in(family, t["children"], t["families"], t["tally"].flows, 1, week, place.p) >= 1
    assert t["children"].present[first] == 1


def test_the_windows_weight_of_children_is_that_of_the_regime() -> None:
    place = at_switch(scenario("orchestrated")).run(1)
    assert (place.tables["commissioners"].goal_weight == place.governing.goal_weight).all()
    assert place.governing.goal_weight != P.goal_weight_alone


def test_these_mechanisms_are_at_work_in_a_living_place() -> None:
    place = lived(scenario())
    assert total(place, "flow_drift_caught") > 0.0
    assert (weeks(place, "flow_camhs_not_accepted") > 0.0).any()
