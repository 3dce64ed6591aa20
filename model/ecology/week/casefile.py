"""The sparse table of known children: opening a row, moving through stages, closing it."""

import numpy as np

from ecology.compiled import compiled, inlined
from ecology.tables import Cases, Children
from ecology.vocabulary import LONG_AGO, NOBODY, WEEKS_A_YEAR, Flow, Package, Placement, Stage

_STEPS_IN_ONE = 2.0**20
EVER_REFERRED, EVER_IN_NEED, EVER_ON_PLAN, EVER_LOOKED_AFTER, EVER_HELPED_EARLY = 1, 2, 4, 8, 16


@inlined
def siblings(child: int, children: Children) -> tuple[int, int]:
    """Return the first row of a child's family and the row behind its last, of the children alone.

    A family's children lie together; its own row, which says where, is far from there in memory.
    """
    family, first, behind = children.family[child], child, child + 1
    while first > 0 and children.family[first - 1] == family:
        first -= 1
    while behind < children.family.size and children.family[behind] == family:
        behind += 1
    return first, behind


@inlined
def summable(amount: float) -> float:
    """Return an amount rounded to 2**-20, so that a sum over files does not depend on how they lie."""
    return round(amount * _STEPS_IN_ONE) / _STEPS_IN_ONE


@compiled
def open_row(child: int, children: Children, cases: Cases, free_cases: np.ndarray, week: int) -> int:
    """Return the case row of a child, taken from the stack of free rows if there is none yet.

    ``free_cases[0]`` is the number of free rows, which stand behind it.
    """
    row = int(children.case[child])
    if row != NOBODY:
        return row
    left = free_cases[0]
    if left == 0:
        raise RuntimeError("the table of known children is full: nobody made room before this week's concerns")
    row = int(free_cases[left])
    free_cases[0] = left - 1
    children.case[child] = row
    cases.present[row] = 1
    cases.child[row] = child
    cases.source[row] = NOBODY
    cases.contacted[row] = LONG_AGO
    cases.asked_severity[row] = 0.0
    cases.voice[row] = 0.0
    cases.perceived[row] = 0.0
    cases.referred[row] = LONG_AGO
    cases.opened[row] = LONG_AGO
    cases.worker[row] = NOBODY
    cases.worker_since[row] = LONG_AGO
    cases.seconds_owed[row] = 0
    cases.duplicate[row] = 0
    cases.own_help_until[row] = LONG_AGO
    cases.own_help_by[row] = NOBODY
    cases.camhs_waiting[row] = LONG_AGO
    cases.camhs_refused[row] = LONG_AGO
    cases.camhs_until[row] = LONG_AGO
    cases.early_help_waiting[row] = LONG_AGO
    cases.early_help_until[row] = LONG_AGO
    cases.review_due[row] = LONG_AGO
    cases.process_due[row] = LONG_AGO
    cases.direct_seconds[row] = 0
    cases.help_level[row] = 0.0
    cases.package[row] = Package.NOT_NEEDED
    cases.package_since[row] = LONG_AGO
    cases.placement[row] = Placement.NONE
    cases.workers_had[row] = 0
    cases.comes_from[row] = LONG_AGO
    cases.far[row] = 0
    cases.known_since[row] = week
    cases.helped[row] = 0
    return row


@inlined
def close_row(row: int, children: Children, cases: Cases, free_cases: np.ndarray) -> None:
    """Give a row back to the stack of free rows."""
    children.case[cases.child[row]] = NOBODY
    cases.present[row] = 0
    cases.child[row] = NOBODY
    free_cases[0] += 1
    free_cases[free_cases[0]] = row


@inlined
def enter(child: int, stage: int, children: Children, week: int) -> None:
    """Move a child to a stage and start its clock."""
    children.stage[child] = stage
    children.stage_since[child] = week


@inlined
def stays_unmet(child: int, by: int, children: Children, week: int) -> None:
    """Write down that an agency has turned a child away, or let it go, whose need is complex still."""
    children.last_unmet[child] = week
    children.unmet_by[child] = by


@inlined
def in_episode(stage: int) -> bool:
    """Return whether a stage belongs to an episode of need (from accepted assessment to closure)."""
    return stage >= Stage.ASSESSMENT


@inlined
def resting_stage(row: int, cases: Cases, week: int) -> int:
    """Return the stage of a child for whom no request or episode is open: early help goes on beside the pathway."""
    if cases.early_help_until[row] > week:
        return Stage.EARLY_HELP.value
    if cases.early_help_waiting[row] != LONG_AGO:
        return Stage.EARLY_HELP_WAITING.value
    return Stage.UNIVERSAL.value


@inlined
def open_plans(row: int, children: Children, cases: Cases, week: int) -> int:
    """Return how many services hold a plan on one child."""
    count = 0
    if in_episode(int(children.stage[cases.child[row]])):
        count += 1
    if cases.early_help_until[row] > week:
        count += 1
    if cases.own_help_until[row] > week:
        count += 1
    if cases.camhs_until[row] > week:
        count += 1
    return count


@inlined
def end_episode(row: int, children: Children, cases: Cases, flows: np.ndarray, week: int) -> None:
    """Close social care for a child: the worker is free, counts of what ended are made, other help goes on."""
    child = cases.child[row]
    stage = children.stage[child]
    if stage == Stage.LOOKED_AFTER:
        flows[Flow.LOOKED_AFTER_CEASED] += 1
    if stage == Stage.PROTECTION_PLAN:
        flows[Flow.PROTECTION_PLANS_ENDED] += 1
    if cases.opened[row] != LONG_AGO:  # an assessment that is broken off ends no episode of need
        flows[Flow.IN_NEED_EPISODES_ENDED] += 1
        lasted = week - cases.referred[row]  # as the census counts: from the referral to the closure
        if lasted >= 2 * WEEKS_A_YEAR:
            flows[Flow.IN_NEED_ENDED_AFTER_2_YEARS] += 1
        elif lasted >= WEEKS_A_YEAR:
            flows[Flow.IN_NEED_ENDED_AFTER_1_YEAR] += 1
    enter(child, resting_stage(row, cases, week), children, week)
    cases.worker[row] = NOBODY
    cases.opened[row] = LONG_AGO
    cases.seconds_owed[row] = 0
    cases.duplicate[row] = 0
    cases.review_due[row] = LONG_AGO
    cases.process_due[row] = LONG_AGO
    cases.placement[row] = Placement.NONE
    cases.far[row] = 0
    cases.package[row] = Package.NOT_NEEDED
    cases.direct_seconds[row] = 0
    cases.help_level[row] = 0.0
    cases.workers_had[row] = 0


@inlined
def idle(row: int, children: Children, cases: Cases, week: int) -> bool:
    """Return whether nobody does anything about a child any more, so that the row can be freed."""
    return (
        children.stage[cases.child[row]] == Stage.UNIVERSAL
        and cases.own_help_until[row] <= week
        and cases.camhs_waiting[row] == LONG_AGO
        and cases.camhs_until[row] <= week
    )


@inlined
def forget(child: int, children: Children, cases: Cases, free_cases: np.ndarray, flows: np.ndarray, week: int) -> None:
    """End everything for a child who grows up or moves away."""
    row = int(children.case[child])
    if row == NOBODY:
        return
    if in_episode(int(children.stage[child])):
        end_episode(row, children, cases, flows, week)
    children.stage[child] = Stage.UNIVERSAL
    close_row(row, children, cases, free_cases)
