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
    number = children.present.size
    first = int(number * luck.uniform(luck.stream(seed, Decision.SCHOOL_QUEUE, week), 0))
    school_age = int(p.school_age_weeks)
    secondary_age = int(p.secondary_age_weeks)
    schools.roll[:] = 0
    for child in range(number):
        school = children.school[child]
        if children.present[child] == 1 and school != NOBODY:
            at_september = week - int(children.birth_week[child]) - weeks_since_september
            if schools.secondary[school] == (1 if at_september >= secondary_age else 0):
                schools.roll[school] += 1
            else:
                children.school[child] = NOBODY
    for step in range(number):
        child = first + step if first + step < number else first + step - number
        at_september = week - int(children.birth_week[child]) - weeks_since_september
        if children.present[child] == 0 or children.school[child] != NOBODY or at_september < school_age:
            continue
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
    for child in range(children.present.size):
        if children.present[child] == 1 and children.school[child] != NOBODY:
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
    sums = tally.sums
    for child in range(children.present.size):
        school = children.school[child]
        if children.present[child] == 0 or school == NOBODY:
            continue
        learning = float64(children.need_learning[child])
        km = float64(kilometres[families.neighbourhood[children.family[child]], school])
        from_places = schooling.absence_from_places(km, schools.roll[school] / max(schools.places[school], 1), p)
        sums[Sum.PUPIL_WEEKS] += weeks
        sums[Sum.ABSENT_WEEKS] += weeks * schooling.absence(learning, from_places, p)
        sums[Sum.SCHOOL_KILOMETRES] += weeks * km
        learning += p.learning_lost_to_absence * from_places * weeks
        factor = schooling.readiness_to_exclude(schools.kind[school] != SchoolKind.MAINTAINED, goal_weight, p)
        secondary = schools.secondary[school] == 1
        draw = luck.uniform(out, child)
        if draw < schooling.highest_chance_of_exclusion(secondary, factor, p) * weeks:  # spares the exponential
            wellbeing = float64(children.need_wellbeing[child])
            chance = schooling.chance_of_exclusion(learning, wellbeing, secondary, factor, p)
        else:
            chance = 0.0
        if draw < chance * weeks:
            tally.flows[Flow.EXCLUSIONS] += 1
            schools.exclusions[school] += 1
            learning += p.learning_lost_to_exclusion
            if draw < chance * weeks * p.exclusions_permanent_share:
                tally.flows[Flow.PERMANENT_EXCLUSIONS] += 1
                children.school[child] = NOBODY
                schools.roll[school] -= 1
        children.need_learning[child] = min(learning, p.need_cap)


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
