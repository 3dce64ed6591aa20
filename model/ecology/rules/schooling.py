"""Schooling (MODEL 4.10): what keeps pupils away, and what shuts them out."""

import math

from ecology.compiled import inlined
from ecology.rules.need import above
from ecology.tables import Parameters


@inlined
def absence_from_places(kilometres: float, pupils_a_place: float, p: Parameters) -> float:
    """Return the share of sessions missed because school is far away or over-full."""
    return p.absence_per_km * above(kilometres, p.walking_km) + p.absence_crowded * above(pupils_a_place, 1.0)


@inlined
def absence(learning: float, from_places: float, p: Parameters) -> float:
    """Return the share of sessions that a pupil misses, at most ``absence_most``."""
    return min(p.absence_usual + p.absence_from_learning * above(learning, 0.0) + from_places, p.absence_most)


@inlined
def highest_chance_of_exclusion(secondary: bool, factor: float, p: Parameters) -> float:
    """Return the chance of an exclusion in a week of term that comes with the greatest difficulty."""
    return factor * (p.exclusions_a_year if secondary else p.exclusions_a_year_primary) / p.weeks_taught_a_year


@inlined
def chance_of_exclusion(learning: float, wellbeing: float, secondary: bool, factor: float, p: Parameters) -> float:
    """Return the chance of an exclusion in a week of term: for pupils in difficulty, and rarely in primary schools.

    ``factor`` is how readily this school excludes, 1 for a maintained school left to itself.
    """
    difficulty = above(learning, p.level_additional_learning) + above(wellbeing, p.level_additional_wellbeing)
    if difficulty <= 0.0:
        return 0.0
    rate = p.exclusions_a_year if secondary else p.exclusions_a_year_primary
    return factor * rate * (1.0 - math.exp(-difficulty)) / p.weeks_taught_a_year


@inlined
def readiness_to_exclude(academy: bool, goal_weight: float, p: Parameters) -> float:
    """Return how readily a school excludes: the less it weighs what becomes of children against its own results."""
    kind = p.exclusion_factor_academy if academy else 1.0
    return kind * (1.0 - goal_weight) / (1.0 - p.goal_weight_alone)
