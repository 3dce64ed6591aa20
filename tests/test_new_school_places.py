"""New school places (MODEL 4.10): who opens them where, with and without a plan, and of which kind."""

import pytest

from ecology import (
    school_places,
    tables,
)
from ecology.tables import Conditions, Schools
from ecology.vocabulary_of_bodies import SchoolKind
from tests.places import assert_alive, at_switch, changed, lived, scenario, total, weeks
from tests.test_school_places import YEAR, P, Town


def opened(planning: float, seed: int = 1, **numbers: float) -> tuple[Schools, Conditions]:
    """Return the schools after a plan of one year in a town where children are short of places in the east."""
    town = Town([3] * 300, [100, 100])
    town.children.birth_week[:] = -2 * YEAR  # at school in three years
    town.land.deprivation[:] = [0.0, 0.0, -9.0, 0.0]  # where a sponsor would like to be
    conditions: Conditions = tables.empty(Conditions, 1)
    p = changed(P, **{"pupils_a_primary": 100.0, "sponsors_meet_need_primary": 0.0, **numbers})
    school_places.plan_places(
        town.children, town.families, town.schools, town.land, conditions, town.nearest, planning, False, seed, 0, p
    )
    return town.schools, conditions


def test_a_sponsor_goes_where_it_likes_or_as_often_as_observed_where_places_are_short() -> None:
    for meets, where in ((1.0, 3), (0.0, 2)):
        schools, _ = opened(0.0, sponsors_meet_need_primary=meets)
        new = schools.places[2:] > 0
        assert new.any()
        assert not schools.present[2:].any()  # not yet
        assert (schools.neighbourhood[2:][new] == where).all()
        assert (schools.kind[2:][new] == SchoolKind.FREE_SCHOOL).all()


def test_a_plan_adds_classes_where_the_forecast_is_short() -> None:
    schools, conditions = opened(1.0, sponsors_lost=0.0)
    assert schools.places_to_come.tolist()[0] == 0
    assert schools.places_to_come[1] > 0  # whoever lives in the east has no nearer school
    assert schools.places_to_come[1] % int(P.pupils_a_class) == 0
    assert conditions.places_owed[0] == 0.0
    assert not school_places.schools_open(schools, 52)
    assert schools.places[1] == 100
    school_places.schools_open(schools, 52 + int(P.weeks_planning_adds))
    assert schools.places[1] > 100
    assert not schools.places_to_come.any()


def test_classes_open_where_every_year_plans_more() -> None:
    town = Town([3] * 300, [100, 100])
    town.children.birth_week[:] = -2 * YEAR
    conditions: Conditions = tables.empty(Conditions, 1)
    opened_in = []
    for year in range(6):
        conditions.places_planned[0] = float(P.pupils_a_class)  # there is always money for one more class
        school_places.plan_places(
            town.children,
            town.families,
            town.schools,
            town.land,
            conditions,
            town.nearest,
            1.0,
            False,
            1,
            year * YEAR,
            P,
        )
        before = int(town.schools.places.sum())
        school_places.schools_open(town.schools, (year + 1) * YEAR)
        if town.schools.places.sum() > before:
            opened_in.append(year)
    assert len(opened_in) >= 3


def test_planning_is_charged_with_fewer_sponsors_and_later_openings() -> None:
    planned, left = opened(1.0, sponsors_lost=0.5)
    whole, all_of_it = opened(1.0, sponsors_lost=0.0)
    assert left.places_planned[0] + planned.places_to_come.sum() == pytest.approx(
        (all_of_it.places_planned[0] + whole.places_to_come.sum()) / 2
    )
    sponsored, _ = opened(0.0)
    assert whole.opens[1] == sponsored.opens[2] + int(P.weeks_planning_adds)


def test_where_no_growth_is_expected_nothing_is_funded() -> None:
    town = Town([3] * 300, [400, 100])
    conditions: Conditions = tables.empty(Conditions, 1)
    plan = (town.children, town.families, town.schools, town.land, conditions, town.nearest, 1.0)
    school_places.plan_places(*plan, False, 1, 0, P)
    assert conditions.places_planned[0] == 0.0
    school_places.plan_places(*plan, True, 1, 0, P)
    assert conditions.places_planned[0] > 0.0  # free schools come besides


def test_academies_follow_their_published_shares_and_never_go_back() -> None:
    place = at_switch(scenario())
    schools = tables.copy(place.tables)["schools"]
    schools.kind[:] = SchoolKind.MAINTAINED
    for share in (0.0, 0.5, 0.2, 1.0):
        before = schools.kind.copy()
        school_places.schools_convert(schools, (share, share), 1)
        assert (schools.kind >= before).all()
    assert (schools.kind[schools.present == 1] == SchoolKind.ACADEMY).all()
    assert place.pressures.academy_shares(-100) == (0.0, 0.0)
    primary, secondary = place.pressures.academy_shares(520)
    assert (primary, secondary) == (0.19, 0.66)


def test_schools_open_are_found_by_families_and_places_are_counted() -> None:
    many = {"free_school_places_a_year": 0.015, "pupils_a_primary": 150.0}
    chosen = scenario(children=4000, years=8, parameters=many)
    place = lived(chosen)
    assert_alive(place)
    schools = place.tables["schools"]
    new = (schools.kind == SchoolKind.FREE_SCHOOL) & (schools.present == 1)
    assert new.any()
    assert schools.roll[new].sum() > 0
    assert weeks(place, "school_places")[-1] > weeks(place, "school_places")[0]
    assert 0.0 < total(place, "sum_absent_weeks") < 0.15 * total(place, "sum_pupil_weeks")
    assert total(place, "flow_school_starts_as_preferred") < total(place, "flow_school_starts")
    assert weeks(place, "academies")[-1] > weeks(place, "academies")[0]
