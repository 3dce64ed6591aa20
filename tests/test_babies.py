"""Babies: what the same home means for them, from the agency that meets them to the court."""

import numpy as np
import pytest

from ecology import evidence
from ecology.compiled import compiled
from ecology.rules import need
from ecology.tables import Children, Families, Parameters
from ecology.vocabulary import (
    WEEKS_A_YEAR,
    Agency,
    Flow,
    Stage,
)
from ecology.week import front_door, living, noticing
from tests.desks import FrontDoor
from tests.places import at_switch, changed, lived, scenario, weeks

P = evidence.values()


def test_what_a_perfect_assessment_finds_follows_age_week_by_week() -> None:
    desk = FrontDoor(children_number=3)
    desk.children.birth_week[:] = [0, -26, -10 * WEEKS_A_YEAR]
    desk.children.need_safety[:] = 1.0
    half = float(desk.p.weeks_fragile) / 2.0
    for week in (0, 13, int(half), 200):
        told = front_door.true_severities(desk.children, week, desk.p)
        ages = [week - float(born) for born in desk.children.birth_week]
        assert told == pytest.approx([1.0 + need.fragility(age, desk.p) for age in ages])
    assert front_door.true_severities(desk.children, 0, desk.p)[0] == 1.0 + desk.p.severity_at_birth
    assert (front_door.true_severities(desk.children, 200, desk.p) == 1.0).all()


def contacts(age_weeks: int, short_of: float) -> int:
    """Return how many contacts a concern short of health staff's threshold brings about a child of this age."""
    place = at_switch(scenario())
    t, week, p = place.tables, place.week, changed(P, signal_noise=0.0)
    child = int(np.flatnonzero((t["children"].present == 1) & (t["children"].stage == Stage.UNIVERSAL))[0])
    children = t["children"]
    children.birth_week[child] = week - age_weeks
    children.need_safety[child] = children.need_wellbeing[child] = 1.0
    children.concern_health[child] = 0
    noticed = np.array([[child, Agency.HEALTH]], np.int32)
    thresholds = np.full(len(Agency), 1.0 + short_of)
    flows = np.zeros(len(Flow), np.int64)
    noticing.agencies_act_or_pass_on(
        noticed, 1, thresholds, np.full(len(Agency), np.inf), children, t["families"], t["cases"],
        t["fixtures"].free_cases, t["pools"], t["schools"], flows, t["tally"].waits, 1, week, place.now, p,
    )  # fmt: skip
    return int(flows[Flow.CONTACTS_FROM_HEALTH])


def test_agencies_contact_the_front_door_about_a_baby_at_less_concern_than_about_a_child() -> None:
    fragile = float(P.severity_at_birth)
    assert contacts(age_weeks=0, short_of=0.9 * fragile) == 1
    assert contacts(age_weeks=0, short_of=1.3 * fragile) == 0
    assert contacts(age_weeks=5 * WEEKS_A_YEAR, short_of=0.1 * fragile) == 0


def test_the_desk_needs_no_agency_to_tell_it_that_a_child_is_a_baby() -> None:
    referred = []
    for born in (0, -5 * WEEKS_A_YEAR):
        desk = FrontDoor(children_number=1, p=changed(P, screening_noise=0.0, desk_error=0.0, false_link_chance=0.0))
        desk.children.birth_week[:] = born
        desk.now.threshold_referral = 0.9 * float(P.severity_at_birth)
        desk.now.threshold_no_further_action = -10.0
        desk.receive(0, 0, severity=0.0)
        desk.triage(1, contacts=1)
        referred.append(bool(desk.children.last_referral[0] == 1))
    assert referred == [True, False]


def test_babies_start_in_care_more_often_where_they_are_more_fragile() -> None:
    """18.7% of those who started to be looked after in 2014/15 were under one, one in eighteen of all children."""
    shares = []
    for size in (0.0, 2.0):
        place = lived(scenario(children=8000, years=4, parameters={"severity_at_birth": size}))
        started = float(weeks(place, "flow_looked_after_started").sum())
        assert started > 30
        shares.append(float(weeks(place, "flow_looked_after_started_under_1").sum()) / started)
    assert shares[0] < 0.12 < 0.15 < shares[1]


@compiled
def moves_in(
    family: int, children: Children, families: Families, flows: np.ndarray, shift: np.ndarray, seed: int, week: int,
    p: Parameters,
) -> int:  # fmt: skip
    """Let a new family take over a row and move in, compiled: luck's words of 64 bits do not fit Python's calls."""
    living.settle_family(family, families, shift, seed, week, p)
    return living._move_in(family, children, families, flows, seed, week, p)  # type: ignore[no-any-return]


def test_a_new_family_brings_its_unborn_and_none_of_the_last_ones_incidents() -> None:
    place = at_switch(scenario()).run(1)
    t, week = place.tables, place.week
    family = int(np.flatnonzero(t["families"].n_children > 0)[0])
    t["families"].incident[family] = 1
    first = int(t["families"].first_child[family])
    t["children"].present[first] = 0
    t["children"].birth_week[first : first + t["families"].n_children[family]] = week
    shift = t["fixtures"].shift
    assert moves_in(family, t["children"], t["families"], t["tally"].flows, shift, 1, week, place.p) >= 1
    assert t["families"].incident[family] == 0
    assert t["children"].present[first] == 1
