"""Pathway (MODEL 4.5): what a decision does with a perceived severity. Each returns the next stage."""

from ecology.compiled import inlined
from ecology.vocabulary import Stage


@inlined
def after_assessment(perceived: float, in_need: float, section_47: float) -> int:
    """Return the stage after an assessment; UNIVERSAL means assessed and not in need."""
    if perceived >= section_47:
        return Stage.SECTION_47.value
    if perceived >= in_need:
        return Stage.CHILD_IN_NEED.value
    return Stage.UNIVERSAL.value


@inlined
def after_enquiry(perceived: float, conference: float, in_need: float) -> int:
    """Return the stage after a section 47 enquiry."""
    if perceived >= conference:
        return Stage.CONFERENCE.value
    if perceived >= in_need:
        return Stage.CHILD_IN_NEED.value
    return Stage.UNIVERSAL.value


@inlined
def after_conference(perceived: float, plan: float) -> int:
    """Return the stage after an initial child protection conference."""
    return Stage.PROTECTION_PLAN.value if perceived >= plan else Stage.CHILD_IN_NEED.value


@inlined
def after_review_in_need(perceived: float, close: float, section_47: float) -> int:
    """Return the stage after a review of a child in need; UNIVERSAL means closure."""
    if perceived >= section_47:
        return Stage.SECTION_47.value
    return Stage.UNIVERSAL.value if perceived < close else Stage.CHILD_IN_NEED.value


@inlined
def after_review_of_plan(perceived: float, step_down: float, care: float) -> int:
    """Return the stage after a review conference."""
    if perceived >= care:
        return Stage.LOOKED_AFTER.value
    return Stage.CHILD_IN_NEED.value if perceived < step_down else Stage.PROTECTION_PLAN.value
