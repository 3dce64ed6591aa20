"""Help (MODEL 4.6): what an hour of direct work does, and what takes its effect away."""

import math

from ecology.compiled import inlined
from ecology.tables import Parameters


@inlined
def dose(hours_a_week: float, p: Parameters) -> float:
    """Return the share of the full effect that these direct hours reach: diminishing returns."""
    return hours_a_week / (hours_a_week + p.hours_of_half_effect)


@inlined
def continuity(weeks_with_worker: float, p: Parameters) -> float:
    """Return how much of help works while a relationship is young."""
    return 1.0 - p.continuity_loss * p.continuity_kept_a_week**weeks_with_worker


@inlined
def concord(open_plans: int, together: bool, p: Parameters) -> float:
    """Return what is left of help when several services call on one family, unless somebody put them together."""
    if open_plans <= 1 or together:
        return 1.0
    return 1.0 / (1.0 + p.discord_per_plan * (open_plans - 1.0))


@inlined
def one_domain_alone(other_need: float, k: float, p: Parameters) -> float:
    """Return what is left of help in one domain while need in the others stands untreated (1 when ``k`` is 0)."""
    return 1.0 / (1.0 + k * p.cross_domain_block * max(other_need, 0.0))


@inlined
def skilled(skill: float, p: Parameters) -> float:
    """Return how much more (or less) a worker of this skill helps than an average one; never below zero."""
    return math.exp(p.skill_effect * skill)
