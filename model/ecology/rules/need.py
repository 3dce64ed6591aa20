"""Need (MODEL 4.1): a hidden level in three domains, driven by the family, its hardship, age and the other domains."""

import math

from ecology.compiled import inlined
from ecology.tables import Parameters

_HALF = 0.5


@inlined
def above(level: float, cutoff: float) -> float:
    """Return by how much a level stands above a cutoff, 0 below it."""
    return level - cutoff if level > cutoff else 0.0


@inlined
def strain_next(strain: float, vulnerability: float, incident: float, p: Parameters) -> float:
    """Return a family's strain next week: back towards what is usual for this family, up with an incident."""
    strain += p.strain_reversion * (vulnerability - strain) + incident
    return min(max(strain, -p.strain_cap), p.strain_cap)


@inlined
def strain_left(jump: float, weeks_ago: float, p: Parameters) -> float:
    """Return what an incident that raised strain by ``jump`` has left of it after so many weeks."""
    left: float = jump * (1.0 - p.strain_reversion) ** weeks_ago
    return left


@inlined
def incident_hazard(strain: float, informal_support: float, p: Parameters) -> float:
    """Return the probability that a family has an adverse incident this week (capped)."""
    hazard = p.incident_hazard * math.exp(p.incident_from_strain * strain - p.incident_support * informal_support)
    return min(hazard, p.incident_hazard_cap)


@inlined
def family_pull(strain: float, hardship: float, p: Parameters) -> float:
    """Return the level to which the family draws every domain of its children's need."""
    return p.need_from_strain * strain + p.need_from_hardship * (hardship - p.hardship_reference)


@inlined
def interdependence_pull(one: float, other: float, k: float, p: Parameters) -> float:
    """Return what need in the two other domains adds to this one. Zero when interdependence ``k`` is zero."""
    return k * p.cross_domain_pull * _HALF * (above(one, 0.0) + above(other, 0.0))


@inlined
def need_next(need: float, pull: float, shock: float, p: Parameters) -> float:
    """Return one domain of need next week: a mean-reverting step towards its pull, with noise, within the scale."""
    need += p.need_reversion * (pull - need) + shock
    return min(max(need, -p.need_cap), p.need_cap)


@inlined
def fragility(age_weeks: float, p: Parameters) -> float:
    """Return by how much more serious the same need is in a baby: most at birth, less every week, then nothing."""
    return p.severity_at_birth * above(1.0, age_weeks / p.weeks_fragile)


@inlined
def severity(safety: float, wellbeing: float, learning: float, age_weeks: float, p: Parameters) -> float:
    """Return what a social worker would find on a perfect assessment: safety first, the rest where it is high."""
    rest = p.severity_wellbeing * above(wellbeing, 0.0) + p.severity_learning * above(learning, 0.0)
    return safety + rest + fragility(age_weeks, p)
