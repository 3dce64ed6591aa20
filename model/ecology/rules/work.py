"""Work (MODEL 4.7, 4.8): what each stage asks of a social worker, and what work does to the worker."""

import math

from ecology.compiled import inlined
from ecology.tables import Parameters
from ecology.vocabulary import Stage

THOUSANDTHS = 1000.0


@inlined
def hours_of_process(stage: int, p: Parameters) -> float:
    """Return the social-worker hours that a process takes from start to decision."""
    if stage == Stage.ASSESSMENT:
        return p.hours_assessment
    if stage == Stage.SECTION_47:
        return p.hours_section_47
    if stage == Stage.CONFERENCE:
        return p.hours_conference
    return 0.0


@inlined
def hours_of_stage(stage: int, p: Parameters) -> float:
    """Return the statutory social-worker hours a week for a child who stays in a stage: visits, reviews, court."""
    if stage == Stage.CHILD_IN_NEED:
        return p.hours_child_in_need
    if stage == Stage.PROTECTION_PLAN:
        return p.hours_protection_plan
    if stage == Stage.LOOKED_AFTER:
        return p.hours_looked_after
    return 0.0


@inlined
def caseload_weight(stage: int, p: Parameters) -> float:
    """Return how much of a caseload a child takes up."""
    if stage == Stage.PROTECTION_PLAN or stage == Stage.SECTION_47 or stage == Stage.CONFERENCE:
        return p.weight_protection
    if stage == Stage.LOOKED_AFTER:
        return p.weight_looked_after
    return 1.0


@inlined
def caseload_thousandths(stage: int, p: Parameters) -> int:
    """Return how much of a caseload a child takes up, in whole thousandths: their sum has no order."""
    return round(THOUSANDTHS * caseload_weight(stage, p))


@inlined
def fatigue_next(fatigue: float, pressure_of_work: float, p: Parameters) -> float:
    """Return a worker's fatigue next week, 0 rested to 1 exhausted; ``pressure_of_work`` is work owed over time."""
    target = min(max((pressure_of_work - p.fatigue_free_load) / p.fatigue_load_span, 0.0), 1.0)
    return fatigue + p.fatigue_speed * (target - fatigue)


@inlined
def chance_of_sickness(fatigue: float, p: Parameters) -> float:
    """Return the chance that a worker is off sick for a week: rises in proportion to fatigue."""
    return p.sickness_share * (1.0 + p.sickness_fatigue * (fatigue - p.fatigue_reference))


@inlined
def chance_of_leaving(fatigue: float, morale_loss: float, p: Parameters) -> float:
    """Return the weekly chance that a permanent worker leaves (capped)."""
    yearly = p.leaving_a_year * math.exp(
        p.leaving_fatigue * (fatigue - p.fatigue_reference) + p.leaving_morale * morale_loss
    )
    return min(yearly, p.leaving_cap_a_year) / p.weeks_a_year
