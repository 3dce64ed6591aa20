"""School places (MODEL 4.10): who is admitted where, what distance and crowding do, what schools act on and save."""

from typing import Any

import numpy as np
import pytest

from ecology import (
    Locality,
    evidence,
    ledger,
    luck,
    school_places,
    tables,
)
from ecology.evidence.profiles import ENGLAND, profile
from ecology.luck import Decision
from ecology.pressures import Pressures
from ecology.rules import schooling as rules
from ecology.tables import Children, Families, Neighbourhoods, Schools
from ecology.vocabulary import (
    NOBODY,
    WEEKS_A_YEAR,
    Flow,
    Sum,
)
from ecology.vocabulary_of_bodies import SchoolKind
from ecology.week import schooling
from tests.places import at_switch, changed, scenario

P = evidence.values()
YEAR = 52


class Town:
    """A row of neighbourhoods with a primary school in each of the first two and families with one child of five."""

    def __init__(self, homes: list[int], places: list[int], number: int = 4) -> None:
        self.land: Neighbourhoods = tables.empty(Neighbourhoods, number)
        self.land.present[:] = 1
        self.land.east[:] = np.arange(number) / number
        self.schools: Schools = tables.empty(Schools, len(places) + 2)
        self.schools.present[: len(places)] = 1
        self.schools.neighbourhood[: len(places)] = np.arange(len(places))
        self.schools.places[: len(places)] = places
        self.families: Families = tables.empty(Families, len(homes))
        self.families.neighbourhood[:] = homes
        self.children: Children = tables.empty(Children, len(homes))
        self.children.present[:] = 1
        self.children.family[:] = np.arange(len(homes))
        self.children.birth_week[:] = -5 * YEAR
        self.children.school[:] = NOBODY
        self.nearest, self.kilometres = school_places.lay_of_the_land(self.schools, self.land, P)
        self.flows = np.zeros(len(Flow), np.int64)

    def admit(self, **numbers: float) -> None:
        p = changed(P, first_choice_school=1.0, **numbers)
        schooling.pupils_are_admitted(self.children, self.families, self.schools, self.nearest, self.flows, 0, 1, 0, p)


def test_pupils_go_to_the_nearest_school_while_it_has_places() -> None:
    town = Town([0, 0, 1, 3], [5, 5])
    town.admit()
    assert town.children.school.tolist() == [0, 0, 1, 1]
    assert town.schools.roll.tolist()[:2] == [2, 2]
    assert town.flows[Flow.SCHOOL_STARTS] == town.flows[Flow.SCHOOL_STARTS_AS_PREFERRED] == 4


def test_a_full_school_sends_pupils_on_and_only_full_schools_everywhere_take_more_than_they_have_places() -> None:
    town = Town([0, 0, 0], [1, 1])
    town.admit()
    assert sorted(town.children.school.tolist()) == [0, 0, 1]
    assert town.flows[Flow.SCHOOL_STARTS_AS_PREFERRED] == 1
    assert town.flows[Flow.SCHOOL_STARTS_WITHOUT_PLACE] == 1
    assert town.schools.roll.tolist()[:2] == [2, 1]


def test_who_comes_first_is_turned_round_by_a_draw() -> None:
    taken = set()
    for seed in range(12):
        town = Town([0, 0, 0], [1, 5])
        p = changed(P, first_choice_school=1.0)
        schooling.pupils_are_admitted(
            town.children, town.families, town.schools, town.nearest, town.flows, 0, seed, 0, p
        )
        taken.add(int(np.flatnonzero(town.children.school == 0)[0]))
    assert taken == {0, 1, 2}


def attend(town: Town, goal_weight: float = float(P.goal_weight_alone), **numbers: float) -> Any:
    tally = ledger.new_tally()
    schooling.pupils_attend(
        town.children, town.families, town.schools, town.kilometres, tally, goal_weight, 6, 1, 0, changed(P, **numbers)
    )
    return tally


def test_distance_and_crowding_keep_pupils_away_and_cost_learning_and_without_them_nothing_is_lost() -> None:
    near, far, full = Town([0] * 4, [9, 9], 36), Town([35] * 4, [9, 9], 36), Town([0] * 4, [1, 1], 36)
    lost = {}
    for name, town in (("near", near), ("far", far), ("full", full)):
        town.admit()
        tally = attend(town, walking_km=1.5, exclusions_a_year_primary=0.0)
        assert tally.sums[Sum.PUPIL_WEEKS] == 24
        lost[name] = (float(tally.sums[Sum.ABSENT_WEEKS]), float(town.children.need_learning.sum()))
    assert lost["near"][1] == 0.0
    assert lost["far"] > lost["near"] < lost["full"]
    assert lost["far"][1] > 0.0 < lost["full"][1]
    town = Town([35] * 4, [9, 9], 36)
    town.admit()
    attend(town, learning_lost_to_absence=0.0, exclusions_a_year_primary=0.0)
    assert not town.children.need_learning.any()


def test_every_pupils_way_to_school_is_counted_for_every_week() -> None:
    town = Town([0, 0, 1, 35], [9, 9], 36)
    town.admit()
    homes = town.families.neighbourhood[town.children.family]
    ways = town.kilometres[homes, town.children.school].astype(float)
    assert attend(town).sums[Sum.SCHOOL_KILOMETRES] == pytest.approx(6 * ways.sum()) and ways[3] > ways[0]


def test_a_pupil_who_is_excluded_for_good_leaves_the_others_less_crowded() -> None:
    absent = []
    for share in (0.0, 1.0):
        town = Town([0] * 400, [10])
        town.children.need_learning[:] = 3.0
        town.admit()
        tally = attend(
            town, 0.0, exclusions_a_year_primary=1.0, exclusions_permanent_share=share, absence_crowded=0.001
        )
        assert 10 < tally.flows[Flow.EXCLUSIONS] < 400
        absent.append(float(tally.sums[Sum.ABSENT_WEEKS]))
    assert absent[0] > absent[1]


def excluded(goal_weight: float, kind: SchoolKind, **numbers: float) -> tuple[int, int]:
    town = Town([0] * 400, [400, 400])
    town.children.need_learning[:] = 3.0
    town.schools.kind[:] = kind
    town.admit()
    tally = attend(town, goal_weight, exclusions_a_year_primary=1.0, **numbers)
    assert int(tally.flows[Flow.EXCLUSIONS]) == town.schools.exclusions.sum()
    assert (town.children.school == NOBODY).sum() == tally.flows[Flow.PERMANENT_EXCLUSIONS]
    return int(tally.flows[Flow.EXCLUSIONS]), int(tally.flows[Flow.PERMANENT_EXCLUSIONS])


def test_schools_that_weigh_children_more_exclude_fewer_and_academies_only_if_a_parameter_says_so() -> None:
    usual = excluded(float(P.goal_weight_alone), SchoolKind.MAINTAINED)
    assert usual[0] > 10
    assert excluded(0.9, SchoolKind.MAINTAINED)[0] < usual[0]
    assert excluded(float(P.goal_weight_alone), SchoolKind.ACADEMY) == usual
    readier = excluded(float(P.goal_weight_alone), SchoolKind.ACADEMY, exclusion_factor_academy=2.0)
    assert readier[0] > usual[0]
    everybody = excluded(float(P.goal_weight_alone), SchoolKind.MAINTAINED, exclusions_permanent_share=1.0)
    assert everybody == (usual[0], usual[0])


def test_nobody_attends_or_is_excluded_while_schools_are_closed() -> None:
    place = at_switch(scenario()).run(1)
    while (place.week - int(P.school_starts_in_week)) % YEAR % int(P.weeks_of_half_term) != 0:
        place.run(1)
    counted, lost = {}, {}
    for closed, at_home in ((False, 0.7), (True, 0.7), (True, 1.0)):
        t = tables.copy(place.tables)
        t["tally"].sums[:] = t["tally"].flows[:] = 0
        before = t["children"].need_learning.sum()
        p = changed(P, taught_at_home=at_home)
        weeks = (0, 6) if closed else (6, 0)
        school_places.school_year_goes_on(t, 0.0, 0.3, (0.0, 0.0), False, *weeks, 1, place.week, p)
        counted[closed] = float(t["tally"].sums[Sum.PUPIL_WEEKS])
        lost[closed, at_home] = float(t["children"].need_learning.sum() - before)
    assert counted[False] > 0.0 == counted[True]
    assert lost[True, 0.7] > lost[False, 0.7]  # closing schools is no gift
    assert lost[True, 1.0] == 0.0


def test_pupils_without_difficulty_are_never_excluded() -> None:
    assert rules.chance_of_exclusion(0.0, 0.0, True, 1.0, P) == 0.0
    assert rules.chance_of_exclusion(3.0, 3.0, True, 1.0, P) > rules.chance_of_exclusion(2.0, 2.0, True, 1.0, P) > 0.0


def test_a_child_without_a_school_is_admitted_in_the_same_year_and_a_toddler_is_not() -> None:
    town = Town([0, 0], [5, 5])
    town.children.birth_week[:] = [-6 * YEAR, -2 * YEAR]
    p = changed(P, first_choice_school=1.0)
    schooling.pupils_are_admitted(town.children, town.families, town.schools, town.nearest, town.flows, 30, 1, 30, p)
    assert town.children.school.tolist() == [0, NOBODY]


def test_what_schools_save_is_shared_to_the_penny() -> None:
    schools = at_switch(scenario()).tables["schools"]
    before = int(schools.balance_pence.sum())
    for pence in (100, -37, 1):
        schooling.share_savings(schools, pence)
        before += pence
        assert int(schools.balance_pence.sum()) == before


def test_schools_differ_in_what_they_act_on() -> None:
    alike = Locality(scenario(parameters={"school_threshold_spread": 0.0}))
    assert not alike.tables["schools"].threshold.any()
    traits = luck.normals(1, Decision.SCHOOL_TRAIT.value, 0, 1)
    assert at_switch(scenario()).tables["schools"].threshold[0] == pytest.approx(P.school_threshold_spread * traits[0])


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
