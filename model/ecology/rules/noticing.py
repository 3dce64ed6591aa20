"""Noticing (MODEL 4.2): each agency meets some children, sees its own domain, with noise and a fading memory."""

import math

from ecology.compiled import inlined
from ecology.rules.need import above
from ecology.tables import Parameters
from ecology.vocabulary import Agency

_THOUSANDTHS = 1000.0
_HALF = 0.5
_ROUNDING = 1e-9  # more than sums of chances in another order can differ by
_MOST = 32767.0  # of a column of 16 bits


@inlined
def chance_schools(learning: float, wellbeing: float, in_term: bool, at_school: bool, p: Parameters) -> float:
    """Return the weekly chance that a school notices a pupil."""
    if not (in_term and at_school):
        return 0.0
    excess = above(learning, p.level_additional_learning) + above(wellbeing, p.level_additional_wellbeing)
    return p.noticing_schools + p.noticing_schools_need * excess


@inlined
def chance_health(safety: float, wellbeing: float, under_five: bool, p: Parameters) -> float:
    """Return the weekly chance that health staff notice a child: health visitors the under-fives, others patients."""
    excess = above(wellbeing, p.level_additional_wellbeing)
    if under_five:
        return p.noticing_health_under_five + p.noticing_health_need * (
            excess + above(safety, p.level_additional_safety)
        )
    return p.noticing_health + p.noticing_health_need * excess


@inlined
def chance_police(incident: bool, out_of_school: bool, p: Parameters) -> float:
    """Return the weekly chance that the police notice a child: at an incident, or adrift while others are at school."""
    usual = p.noticing_police_incident if incident else p.noticing_police
    return usual + (p.noticing_police_out_of_school if out_of_school else 0.0)


@inlined
def chance_la_services(safety: float, hardship: float, p: Parameters) -> float:
    """Return the weekly chance that housing, youth or other services of the authority notice a child."""
    return p.noticing_la_services + p.noticing_la_services_need * (
        above(safety, p.level_additional_safety) + above(hardship, 0.0)
    )


@inlined
def chance_individuals(safety: float, help_seeking: float, p: Parameters) -> float:
    """Return the weekly chance that a relative, a neighbour or the family itself turns to the authority."""
    return p.noticing_individuals + p.noticing_individuals_need * help_seeking * above(
        safety, p.level_additional_safety
    )


@inlined
def highest_chances(hardest: float, p: Parameters) -> tuple[float, float, float, float]:
    """Return a weekly chance that nobody exceeds without an incident, and what need in each domain can add to it.

    It takes every agency at its most attentive, and ``hardest`` for the family's hardship.
    """
    usual = p.noticing_schools + max(p.noticing_health, p.noticing_health_under_five)
    usual += p.noticing_police + p.noticing_police_out_of_school + p.noticing_la_services + p.noticing_individuals
    usual += p.noticing_la_services_need * above(hardest, 0.0)
    from_safety = p.noticing_health_need + p.noticing_la_services_need + p.noticing_individuals_need
    from_wellbeing = p.noticing_schools_need + p.noticing_health_need
    return usual + _ROUNDING, from_safety, from_wellbeing, p.noticing_schools_need


@inlined
def domain_seen(agency: int, safety: float, wellbeing: float, learning: float, incident: bool, p: Parameters) -> float:
    """Return the part of a child's need that this agency can see; police at an incident see what has just happened."""
    if agency == Agency.SCHOOLS:
        return p.seen_own_domain * learning + (1.0 - p.seen_own_domain) * wellbeing
    if agency == Agency.HEALTH:
        return p.seen_own_domain * wellbeing + (1.0 - p.seen_own_domain) * safety
    if agency == Agency.POLICE and incident:
        return safety + p.incident_seen
    return safety


@inlined
def concern_after(signal: float, earlier: float, weeks_since: float, p: Parameters) -> float:
    """Return the concern after a new signal: earlier worries fade but add to the new one."""
    faded = above(earlier, 0.0) * p.memory_kept_a_week**weeks_since
    return signal + p.concern_accumulation * faded


@inlined
def note(concern: float) -> int:
    """Return a concern as it is kept: in whole thousandths of the scale of need."""
    return math.floor(min(max(concern * _THOUSANDTHS, -_MOST), _MOST))


@inlined
def read_note(kept: int) -> float:
    """Return the concern of a note, at the middle of its thousandth."""
    return (kept + _HALF) / _THOUSANDTHS
