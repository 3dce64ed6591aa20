"""Schools admit and teach: who goes where, who stays away, who is excluded."""

import math

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled
from ecology.luck import Decision
from ecology.rules import schooling
from ecology.tables import Children, Families, Parameters, Schools, Tally
from ecology.vocabulary import NOBODY, Flow, Sum
from ecology.vocabulary_of_bodies import SchoolKind
from ecology.week.marking import marked


@compiled
def _pupils(children: Children) -> np.ndarray:
    """Return the rows of the children who are at a school."""
    at_school = np.empty(children.present.size, np.bool_)
    for child in range(at_school.size):
        at_school[child] = (children.present[child] == 1) & (children.school[child] != NOBODY)
    return marked(at_school)  # type: ignore[no-any-return]


@compiled
def pupils_are_admitted(
    children: Children, families: Families, schools: Schools, nearest: np.ndarray, flows: np.ndarray,
    weeks_since_september: int, seed: int, week: int, p: Parameters,
) -> None:  # fmt: skip
    """Count rolls and admit every child of school age without a school, or with one of the other age group.

    A family prefers one of the three nearest schools. If that is full the nearest one with a place takes the child;
    if all are full, the nearest takes it beyond its places. Both count as a start without a place near, if no place was
    left at the three nearest. Who comes first is turned round by a draw each time.
    """
    choice = luck.stream(seed, Decision.SCHOOL_CHOICE, 0)
    first = int(children.present.size * luck.uniform(luck.stream(seed, Decision.SCHOOL_QUEUE, week), 0))
    secondary_age = int(p.secondary_age_weeks)
    schools.roll[:] = 0
    for child in _pupils(children):
        school = children.school[child]
        at_september = week - int(children.birth_week[child]) - weeks_since_september
        if schools.secondary[school] == (1 if at_september >= secondary_age else 0):
            schools.roll[school] += 1
        else:
            children.school[child] = NOBODY
    without = np.empty(children.present.size, np.bool_)
    born_by = week - weeks_since_september - int(p.school_age_weeks)
    for child in range(without.size):
        here = children.present[child] == 1
        without[child] = here & (children.school[child] == NOBODY) & (children.birth_week[child] <= born_by)
    waiting = marked(without)
    before = np.searchsorted(waiting, first)
    for turn in range(waiting.size):
        child = waiting[(before + turn) % waiting.size]
        at_september = week - int(children.birth_week[child]) - weeks_since_september
        group = 1 if at_september >= secondary_age else 0
        near = nearest[families.neighbourhood[children.family[child]], group]
        draw = luck.uniform(choice, child)
        rank = 0 if draw < p.first_choice_school else (1 if draw < (1.0 + p.first_choice_school) / 2.0 else 2)
        school = near[min(rank, near.size - 1)]
        flows[Flow.SCHOOL_STARTS] += 1
        if school != NOBODY and schools.roll[school] < schools.places[school]:
            flows[Flow.SCHOOL_STARTS_AS_PREFERRED] += 1
        else:
            school = near[0]
            found = NOBODY
            for other in range(near.size):
                option = near[other]
                if found == NOBODY and option != NOBODY and schools.roll[option] < schools.places[option]:
                    school = option
                    found = other
            if found == NOBODY or found > 2:
                flows[Flow.SCHOOL_STARTS_WITHOUT_PLACE] += 1
        children.school[child] = school
        schools.roll[school] += 1


@compiled
def pupils_stay_at_home(children: Children, weeks: int, p: Parameters) -> None:
    """Live ``weeks`` weeks of closed schools: nobody is excluded, and all lose what teaching at home does not give."""
    for child in _pupils(children):
        learning = float64(children.need_learning[child])
        learning += p.learning_lost_to_absence * (1.0 - p.taught_at_home) * weeks
        children.need_learning[child] = min(learning, p.need_cap)


@compiled
def pupils_attend(
    children: Children, families: Families, schools: Schools, kilometres: np.ndarray, tally: Tally,
    goal_weight: float, weeks: int, seed: int, week: int, p: Parameters,
) -> None:  # fmt: skip
    """Live ``weeks`` weeks of term: attendance, what distance and crowding do to it, exclusions."""
    out = luck.stream(seed, Decision.EXCLUSION, week)
    pupil_weeks, absent_weeks, all_kilometres = 0.0, 0.0, 0.0
    number = schools.present.size
    pupils_a_place, readiness, highest = np.empty(number), np.empty(number), np.empty(number)
    for school in range(number):
        pupils_a_place[school] = schools.roll[school] / max(schools.places[school], 1)
        readiness[school] = schooling.readiness_to_exclude(
            schools.kind[school] != SchoolKind.MAINTAINED, goal_weight, p
        )
        highest[school] = schooling.highest_chance_of_exclusion(schools.secondary[school] == 1, readiness[school], p)
    for child in _pupils(children):
        school = children.school[child]
        learning = float64(children.need_learning[child])
        km = float64(kilometres[families.neighbourhood[children.family[child]], school])
        from_places = schooling.absence_from_places(km, pupils_a_place[school], p)
        pupil_weeks += weeks
        absent_weeks += weeks * schooling.absence(learning, from_places, p)
        all_kilometres += weeks * km
        learning += p.learning_lost_to_absence * from_places * weeks
        draw = luck.uniform(out, child)
        if draw < highest[school] * weeks:  # spares the exponential
            secondary, wellbeing = schools.secondary[school] == 1, float64(children.need_wellbeing[child])
            chance = schooling.chance_of_exclusion(learning, wellbeing, secondary, readiness[school], p)
            if draw < chance * weeks:
                tally.flows[Flow.EXCLUSIONS] += 1
                schools.exclusions[school] += 1
                learning += p.learning_lost_to_exclusion
            if draw < chance * weeks * p.exclusions_permanent_share:
                tally.flows[Flow.PERMANENT_EXCLUSIONS] += 1
                children.school[child] = NOBODY
                schools.roll[school] -= 1
                pupils_a_place[school] = schools.roll[school] / max(schools.places[school], 1)
        children.need_learning[child] = min(learning, p.need_cap)
    tally.sums[Sum.PUPIL_WEEKS] += pupil_weeks
    tally.sums[Sum.ABSENT_WEEKS] += absent_weeks
    tally.sums[Sum.SCHOOL_KILOMETRES] += all_kilometres


@compiled
def count_schools(schools: Schools) -> tuple[int, int, float]:
    """Return the places and the pupils of all open schools, and the share of schools that are not maintained."""
    number, places, roll, others = 0, 0, 0, 0
    for school in range(schools.present.size):
        roll += schools.roll[school]
        if schools.present[school] == 1:
            number += 1
            places += schools.places[school]
            others += 1 if schools.kind[school] != SchoolKind.MAINTAINED else 0
    return places, roll, others / float64(number)


@compiled
def share_savings(schools: Schools, pence: int) -> None:
    """Share what schools saved together this week (drew, if negative) among them by pastoral hours, to the penny."""
    all_hours, first = 0.0, 0
    for school in range(schools.present.size):
        all_hours += schools.pastoral_hours[school]
        if schools.pastoral_hours[school] > schools.pastoral_hours[first]:
            first = school
    left = pence
    for school in range(schools.present.size):
        share = math.floor(pence * schools.pastoral_hours[school] / all_hours)
        schools.balance_pence[school] += share
        left -= share
    schools.balance_pence[first] += left
