"""Waiting lists: whose turn it is, what a complaint changes about that (voice), and who pays for which place."""

from typing import Any

import numpy as np
import pytest

from ecology import Locality, evidence, tables
from ecology.rules import work
from ecology.tables import Pools, Tally
from ecology.vocabulary import (
    LONG_AGO,
    NOBODY,
    SECONDS_A_MINUTE,
    SECONDS_AN_HOUR,
    Agency,
    Cadre,
    Cause,
    Flow,
    Stage,
)
from ecology.week import casework, deciding, helping, noticing, staffing, waiting
from ecology.week.casefile import open_row
from tests.desks import FrontDoor
from tests.places import at_switch, changed, scenario

P = evidence.values()

LOUD, URGENT = 4.0, 2.0
"""What being heard adds to urgency in these tests, and how much graver the other child's case is."""


def room(place: Locality) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = place.tables["cases"].present.size
    return np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)


# Voice ---------------------------------------------------------------------------------------------------------------


def screened_first(voice: float) -> tuple[int, float, float]:
    """Return which of two children the desk screens in time for one, its voice after, and what was told about it."""
    desk = FrontDoor()
    quiet, loud = desk.receive(0, 0, severity=URGENT), desk.receive(1, 0, severity=0.0)
    desk.cases.voice[loud] = voice
    desk.triage(1, contacts=1)
    row = quiet if 0 not in desk.waiting else loud
    return row - quiet, float(desk.cases.voice[row]), float(desk.cases.asked_severity[loud])


def test_voice_moves_a_contact_up_is_spent_and_leaves_what_was_told_as_it_was() -> None:
    assert screened_first(0.0)[0] == 0
    first, left, told = screened_first(LOUD)
    assert first == 1
    assert left == 0.0  # heard once
    assert told == 0.0


def allocated(place: Locality, rows: np.ndarray) -> set[int]:
    """Return who of the children in these rows gets a worker if only one worker has room, for one child."""
    t = tables.copy(place.tables)
    t["cases"].worker[:] = 0
    t["cases"].worker[rows] = NOBODY
    staff = np.flatnonzero(t["social_workers"].present)
    t["social_workers"].present[staff[1:]] = 0
    t["cases"].worker[t["cases"].worker == 0] = staff[0]
    p = changed(place.p, caseload_full=0.0, weeks_unallocated_at_most=1_000)
    casework.count_caseloads(t["children"], t["cases"], t["social_workers"], p)
    p = changed(p, caseload_full=float(t["social_workers"].weight[staff[0]] + 1) / work.THOUSANDTHS)
    place.now.across_teams = 0.0
    casework.allocate(
        t["children"], t["families"], t["cases"], t["social_workers"], t["neighbourhoods"], t["tally"], *room(place),
        place.seed, place.week, place.now, p,
    )  # fmt: skip
    chosen = set(np.flatnonzero(t["cases"].worker[rows] != NOBODY).tolist())
    assert all(t["cases"].voice[rows[row]] == 0.0 for row in chosen)
    return chosen


def test_voice_moves_a_child_up_who_waits_for_a_social_worker() -> None:
    place = at_switch(scenario()).run(1)
    cases, children = place.tables["cases"], place.tables["children"]
    place.tables["neighbourhoods"].team[:] = place.tables["social_workers"].team[:] = 0
    rows = np.flatnonzero((cases.present == 1) & (children.stage[cases.child] == Stage.CHILD_IN_NEED))[:2]
    children.stage_since[cases.child[rows]] = place.week - 1
    cases.voice[rows] = 0.0
    cases.perceived[rows] = (1.0 + URGENT, 1.0)
    assert allocated(place, rows) == {0}
    cases.voice[rows[1]] = LOUD
    assert allocated(place, rows) == {1}


# Two health commissioners --------------------------------------------------------------------------------------------


class Clinic:
    """Children who wait for CAMHS, some of another health commissioner, and a number of places."""

    def __init__(self, own: int, other: int) -> None:
        self.place = at_switch(scenario()).run(1)
        t = self.t = self.place.tables
        cases, land, families = t["cases"], t["neighbourhoods"], t["families"]
        cases.camhs_until[:] = 0
        cases.camhs_waiting[:] = cases.early_help_waiting[:] = LONG_AGO
        cases.early_help_until[:] = 0
        land.other_ccg[:] = 0
        land.other_ccg[1] = 1
        known = np.flatnonzero(cases.present)
        _, of_their_own = np.unique(t["children"].family[cases.child[known]], return_index=True)
        rows = known[of_their_own][: own + other]  # of families of their own: siblings live under one roof
        families.neighbourhood[t["children"].family[cases.child[rows]]] = [0] * own + [1] * other
        cases.camhs_waiting[rows] = self.place.week - 30
        self.rows = rows
        self.own = own

    def opens(self, places: float, together: float, share: float, seed: int = 1) -> tuple[int, int]:
        """Return how many start, of the authority's own commissioner's children and of the other's."""
        t: dict[str, Any] = tables.copy(self.t)
        now = self.place.now.copy()
        now.camhs_together = together
        p = changed(self.place.p, other_ccg_share=share)
        t["pools"].fte[Cadre.CAMHS_CLINICIAN] = places / p.caseload_camhs
        t["tally"].flows[:] = 0
        waiting.waiting_lists_move(
            t["children"], t["families"], t["cases"], t["neighbourhoods"], t["pools"], t["tally"], *room(self.place),
            seed, self.place.week, now, p,
        )  # fmt: skip
        helped = t["cases"].camhs_until[self.rows] > self.place.week
        assert helped.sum() == t["tally"].flows[Flow.CAMHS_STARTED]
        return int(helped[: self.own].sum()), int(helped[self.own :].sum())


def test_places_of_one_commissioner_stay_empty_while_children_of_the_other_wait() -> None:
    clinic = Clinic(own=2, other=8)
    assert clinic.opens(10.02, together=0.0, share=0.4) == (2, 4)
    assert clinic.opens(10.02, together=1.0, share=0.4) == (2, 8)


def test_no_more_start_than_there_are_places_however_they_are_bought() -> None:
    clinic = Clinic(own=10, other=10)
    for together in (0.0, 0.3, 0.5, 1.0):
        for share in (0.0, 0.25, 0.5, 1.0):
            assert sum(clinic.opens(6.02, together, share)) <= 6
    assert clinic.opens(6.02, together=0.0, share=0.0) == (6, 0)
    assert clinic.opens(6.02, together=0.0, share=1.0) == (0, 6)


def test_no_place_is_lost_by_the_way_in_which_places_are_bought() -> None:
    clinic = Clinic(own=10, other=10)
    for together in (0.0, 0.3, 0.5, 1.0):
        started = [sum(clinic.opens(7.5, together, 0.4, seed)) for seed in range(100)]
        assert set(started) == {7, 8}
        assert np.mean(started) == pytest.approx(7.5, abs=0.15)


def test_a_small_commissioners_places_are_on_average_what_its_share_buys() -> None:
    clinic = Clinic(own=0, other=6)
    started = [clinic.opens(10.5, together=0.0, share=0.06, seed=seed)[1] for seed in range(200)]
    assert set(started) == {0, 1}
    assert np.mean(started) == pytest.approx(0.63, abs=0.1)


def test_both_wait_in_one_list_for_early_help() -> None:
    clinic = Clinic(own=3, other=3)
    cases = clinic.t["cases"]
    cases.early_help_waiting[clinic.rows], cases.camhs_waiting[:] = cases.camhs_waiting[clinic.rows].copy(), LONG_AGO
    t = tables.copy(clinic.t)
    p = changed(clinic.place.p, early_help_accepted=1.0)
    t["pools"].fte[Cadre.FAMILY_SUPPORT_WORKER] = 4.0 / p.caseload_family_support
    waiting.waiting_lists_move(
        t["children"], t["families"], t["cases"], t["neighbourhoods"], t["pools"], t["tally"], *room(clinic.place),
        1, clinic.place.week, clinic.place.now, p,
    )  # fmt: skip
    assert (t["cases"].early_help_until[clinic.rows] > clinic.place.week).sum() == 4


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
