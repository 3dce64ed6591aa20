"""School places (MODEL 4.10): the schools of the start, academies, and where new places open.

New places are funded where the authority's pupils are expected to grow, and from 2011 for free schools besides. Where
they open is decided by sponsors, whose choice meets the need in part, or by a plan that follows the forecast.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ecology import luck, tables
from ecology.luck import Decision
from ecology.tables import Children, Conditions, Families, Neighbourhoods, Parameters, Schools
from ecology.vocabulary import NOBODY, WEEKS_A_YEAR
from ecology.vocabulary_of_bodies import SchoolKind
from ecology.week import schooling


def half_term_begins(week: int, p: Parameters) -> bool:
    """Return whether schools do something this week that the model follows: at the start of every half term."""
    return (week - int(p.school_starts_in_week)) % WEEKS_A_YEAR % int(p.weeks_of_half_term) == 0


def weeks_of_half_term(week: int, p: Parameters) -> int:
    """Return how many weeks the half term that begins in ``week`` has, with its holidays: the year's last is short."""
    since_september = (week - int(p.school_starts_in_week)) % WEEKS_A_YEAR
    return min(int(p.weeks_of_half_term), WEEKS_A_YEAR - since_september)


def school_year_goes_on(
    t: Mapping[str, Any], planning: float, goal_weight: float, academies: tuple[float, float], free_schools: bool,
    taught: int, closed: int, seed: int, week: int, p: Parameters,
) -> None:  # fmt: skip
    """Live a half term that begins: pupils are admitted and attend; in September schools open, convert, are planned.

    ``t`` holds the tables of a place; ``academies`` the shares of primary and secondary schools that are academies by
    now; ``planning`` and ``goal_weight`` come from governance. Of the half term's weeks, pupils are ``taught`` in some,
    and stay at home in those of term in which an event keeps schools ``closed``.
    """
    since_september = (week - int(p.school_starts_in_week)) % WEEKS_A_YEAR
    children, families, schools, places, fixed = (
        t[name] for name in ("children", "families", "schools", "neighbourhoods", "fixtures")
    )
    if since_september == 0:
        if schools_open(schools, week):
            fixed.nearest[:], fixed.kilometres[:] = lay_of_the_land(schools, places, p)
        schools_convert(schools, academies, seed)
        plan_places(
            children, families, schools, places, t["conditions"], fixed.nearest, planning, free_schools, seed, week, p
        )
    flows = t["tally"].flows
    schooling.pupils_are_admitted(children, families, schools, fixed.nearest, flows, since_september, seed, week, p)
    if since_september == 0:
        share_pastoral_hours(schools)
    if closed > 0:
        schooling.pupils_stay_at_home(children, closed, p)
    schooling.pupils_attend(
        children, families, schools, fixed.kilometres, t["tally"], goal_weight, taught, seed, week, p
    )


def build_schools(
    children: int, neighbourhoods: Neighbourhoods, pastoral_hours: float, seed: int, p: Parameters
) -> Schools:
    """Return the schools of the start, with rows for some that may open later."""
    years = p.childhood_weeks / p.weeks_a_year
    pupils = (
        children * (p.secondary_age_weeks - p.school_age_weeks) / p.weeks_a_year / years,
        children * (p.childhood_weeks - p.secondary_age_weeks) / p.weeks_a_year / years,
    )
    numbers = (max(round(pupils[0] / p.pupils_a_primary), 1), max(round(pupils[1] / p.pupils_a_secondary), 1))
    to_come = math.ceil(sum(numbers) * p.room_for_schools)
    schools = tables.empty(Schools, sum(numbers) + to_come)
    traits = luck.normals(seed, Decision.SCHOOL_TRAIT.value, 0, schools.present.size)
    schools.threshold[:] = p.school_threshold_spread * traits
    first = 0
    for group, number in enumerate(numbers):
        rows = slice(first, first + number)
        schools.present[rows] = 1
        schools.secondary[rows] = group
        schools.neighbourhood[rows] = np.arange(number) * neighbourhoods.present.size // number
        schools.places[rows] = np.rint(pupils[group] / number / (1.0 - p.spare_places))
        schools.pastoral_hours[rows] = pastoral_hours * pupils[group] / number / sum(pupils)
        first += number
    return schools


def lay_of_the_land(schools: Schools, neighbourhoods: Neighbourhoods, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Return the open schools by neighbourhood and age group, nearest first (-1 fills up), and all distances in km."""
    number = neighbourhoods.present.size
    side = math.ceil(math.sqrt(number))
    east, north = neighbourhoods.east.astype(np.float64), neighbourhoods.north.astype(np.float64)
    there = schools.neighbourhood.astype(np.int64)
    blocks = np.hypot(east[:, None] - east[there], north[:, None] - north[there]) * side
    kilometres = p.km_within_neighbourhood + p.km_between_neighbourhoods * blocks
    groups = [np.flatnonzero((schools.present == 1) & (schools.secondary == group)) for group in (0, 1)]
    nearest = np.full((number, 2, schools.present.size), NOBODY, np.int32)
    for group, rows in enumerate(groups):
        order = np.argsort(kilometres[:, rows], axis=1, kind="stable")
        nearest[:, group, : len(rows)] = rows[order]
    return nearest, kilometres.astype(np.float32)


def share_pastoral_hours(schools: Schools) -> None:
    """Let each school's part of all pastoral hours follow its pupils."""
    everybody = schools.roll.sum()
    if everybody > 0:
        schools.pastoral_hours[:] = schools.pastoral_hours.sum() * schools.roll / everybody


def schools_convert(schools: Schools, shares: tuple[float, float], seed: int) -> None:
    """Let maintained schools become academies, in an order that is drawn once, until their ``shares`` are reached.

    ``shares`` are those of primary and of secondary schools. No academy goes back.
    """
    for group, share in enumerate(shares):
        here = np.flatnonzero((schools.present == 1) & (schools.secondary == group))
        wanted = round(share * here.size) - int((schools.kind[here] != SchoolKind.MAINTAINED).sum())
        ready = [row for row in here.tolist() if schools.kind[row] == SchoolKind.MAINTAINED]
        ready.sort(key=lambda row: luck.draw(seed, Decision.SCHOOL_CONVERTS.value, row, 0))
        schools.kind[ready[: max(wanted, 0)]] = SchoolKind.ACADEMY


def schools_open(schools: Schools, week: int) -> bool:
    """Open the classes and schools whose time has come, and say whether a school is new."""
    grown = (schools.present == 1) & (schools.opens <= week)
    schools.places[grown] += schools.places_to_come[grown]
    schools.places_to_come[grown] = 0
    due = (schools.present == 0) & (schools.places > 0) & (schools.opens <= week)
    schools.present[due] = 1
    return bool(due.any())


def pupils_expected(children: Children, group: int, week: int, p: Parameters) -> np.ndarray:
    """Return a mask of the children who live here now and will be of an age group in ``week``."""
    ages = week - children.birth_week.astype(np.int64)
    bounds = (p.school_age_weeks, p.secondary_age_weeks, p.childhood_weeks)
    youngest, oldest = bounds[group], bounds[group + 1]
    return (children.present == 1) & (ages >= youngest) & (ages < oldest)


def plan_places(
    children: Children, families: Families, schools: Schools, neighbourhoods: Neighbourhoods, conditions: Conditions,
    nearest: np.ndarray, planning: float, free_schools: bool, seed: int, week: int, p: Parameters,
) -> None:  # fmt: skip
    """Decide, once a year, which places will come: how many money allows, and where.

    The share ``planning`` of the money follows the forecast: classes are added to the school of the fullest catchment,
    ``weeks_planning_adds`` later than a sponsor would open, and part of the sponsors' own money stays away. The rest
    makes whole schools: a sponsor goes where places are short in the share of cases that was observed, and else to
    where it would like to be, where hardship is low.
    """
    ahead = week + int(p.weeks_of_forecast)
    for group in (0, 1):
        owed = conditions.places_owed_secondary if group else conditions.places_owed
        planned = conditions.places_planned_secondary if group else conditions.places_planned
        then = pupils_expected(children, group, ahead, p)
        growth = max(float(then.sum() - pupils_expected(children, group, week, p).sum()), 0.0)
        funded = growth * WEEKS_A_YEAR / float(p.weeks_of_forecast)
        if free_schools:
            funded += float(p.free_school_places_a_year) * float(then.sum())
        planned[0] += funded * planning * (1.0 - float(p.sponsors_lost))
        owed[0] += funded * (1.0 - planning)
        homes = families.neighbourhood[children.family[then]]
        building = schools.places_to_come > 0  # since an earlier year: what is planned now would come too soon there
        while planned[0] >= p.pupils_a_class:
            school = _fullest(homes, schools, nearest, group, building)
            if school == NOBODY:
                break
            planned[0] -= float(p.pupils_a_class)
            schools.places_to_come[school] += round(float(p.pupils_a_class))
            schools.opens[school] = week + WEEKS_A_YEAR + int(p.weeks_planning_adds)
        size = float(p.pupils_a_secondary if group else p.pupils_a_primary)
        meets = float(p.sponsors_meet_need_secondary if group else p.sponsors_meet_need_primary)
        while owed[0] >= size and (schools.places == 0).any():
            owed[0] -= size
            row = int(np.argmax(schools.places == 0))
            if luck.draw(seed, Decision.PLACE_OPENING.value, row, week) < meets:
                where = _heart_of_catchment(homes, _fullest(homes, schools, nearest, group), nearest, group)
            else:
                appeal = luck.normals(seed, Decision.SPONSOR_APPEAL.value, week, neighbourhoods.present.size)
                where = int(np.argmax(appeal * p.neighbourhood_spread - neighbourhoods.deprivation))
            schools.neighbourhood[row] = where
            schools.secondary[row] = group
            schools.kind[row] = SchoolKind.FREE_SCHOOL
            schools.places[row] = round(size)
            schools.opens[row] = week + WEEKS_A_YEAR


def _fullest(
    homes: np.ndarray, schools: Schools, nearest: np.ndarray, group: int, but: np.ndarray | None = None
) -> int:
    """Return the open school whose catchment will miss most places, leaving out those of the mask ``but``; -1 if none.

    ``homes`` are the neighbourhoods of the pupils expected. A school's catchment is whoever has no nearer one; places
    to come count where they will be.
    """
    pupils = np.bincount(homes, minlength=nearest.shape[0])
    catchment = nearest[:, group, 0]
    missing = np.bincount(catchment, weights=pupils, minlength=schools.present.size)
    missing -= schools.places + schools.places_to_come
    for row in np.flatnonzero((schools.present == 0) & (schools.places > 0) & (schools.secondary == group)):
        missing[catchment[schools.neighbourhood[row]]] -= schools.places[row]
    catchment = catchment if but is None else catchment[~but[catchment]]
    return int(catchment[np.argmax(missing[catchment])]) if catchment.size else NOBODY


def _heart_of_catchment(homes: np.ndarray, school: int, nearest: np.ndarray, group: int) -> int:
    """Return the neighbourhood with most pupils expected among those whose nearest school is ``school``."""
    pupils = np.bincount(homes, minlength=nearest.shape[0])
    return int(np.argmax(np.where(nearest[:, group, 0] == school, pupils, -1)))
