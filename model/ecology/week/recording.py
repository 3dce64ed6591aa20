"""The week is counted: stocks by stage, harm, unmet need, placements. Nothing is decided here."""

import numpy as np
from numpy import float64, int32

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import harm
from ecology.rules.need import above
from ecology.rules.work import caseload_weight
from ecology.tables import Cases, Children, Families, Parameters, Pools, Tally
from ecology.vocabulary import (
    NOBODY,
    PENCE_A_POUND,
    SECONDS_A_MINUTE,
    WEEKS_A_QUARTER,
    Agency,
    Flow,
    Payer,
    Placement,
    Stage,
    Sum,
)
from ecology.week.casefile import in_episode, open_plans, summable
from ecology.week.marking import marked

_STEPS_IN_ONE = 2.0**20


@inlined
def _who_pays(row: int, children: Children, cases: Cases, shunt: np.ndarray, week: int, p: Parameters) -> None:
    """Add what this week's open work on a child costs, at unit costs, to (who brought it, who pays).

    Social work and care were brought by the agency whose contact started them. Own help after the
    authority or CAMHS has turned a child away was brought by whoever did, CAMHS by health.
    """
    child = cases.child[row]
    stage = int(children.stage[child])
    source = int(cases.source[row])
    if in_episode(stage) and source != NOBODY:
        pounds = p.cost_social_work_post / p.caseload_full * caseload_weight(stage, p) / p.weeks_a_year
        if cases.placement[row] == Placement.RESIDENTIAL:
            pounds += p.cost_residential_week
        elif cases.placement[row] == Placement.FOSTER:
            pounds += p.cost_foster_week
        elif cases.placement[row] == Placement.FAMILY_OR_FRIENDS:
            pounds += p.cost_family_placement_week
        shunt[source, Payer.AUTHORITY] += summable(pounds)
    if cases.own_help_until[row] > week:
        by_school = cases.own_help_by[row] == Agency.SCHOOLS
        post = p.cost_pastoral_post if by_school else p.cost_community_health_post
        pounds = p.hours_own_help_most / p.hours_a_week * post / p.weeks_a_year
        own = Agency.SCHOOLS.value if by_school else Agency.HEALTH.value
        turned_away = week - int(children.last_unmet[child]) <= int(p.weeks_a_year)
        brought = int(children.unmet_by[child]) if turned_away else own
        shunt[brought, Payer.SCHOOLS if by_school else Payer.PUBLIC_HEALTH] += summable(pounds)
    if cases.camhs_until[row] > week:
        pounds = p.cost_camhs_clinician / p.caseload_camhs / p.weeks_a_year
        shunt[Agency.HEALTH, Payer.HEALTH_COMMISSIONER] += summable(pounds)
    if cases.early_help_until[row] > week:
        pounds = p.cost_family_support_post / p.caseload_family_support / p.weeks_a_year
        shunt[source if source != NOBODY else Agency.LA_SERVICES.value, Payer.AUTHORITY] += summable(pounds)


@compiled
def _count_complex(
    complex_need: np.ndarray, children: Children, families: Families, cases: Cases, tally: Tally, seed: int, week: int,
    p: Parameters,
) -> None:  # fmt: skip
    """Count the children whose need of safety is complex or acute: harm, and whether anybody knows and helps."""
    serious = luck.stream(seed, Decision.SERIOUS_INCIDENT, week)
    acute, acute_deprived, complex_deprived = 0, 0, 0
    unknown, unmet, unmet_acute, incidents = 0, 0, 0, 0
    concerned = marked(complex_need)
    all_complex = concerned.size
    for child in concerned:
        row = children.case[child]
        stage = int(children.stage[child])
        safety = float64(children.need_safety[child])
        deprived = families.hardship[children.family[child]] > 0.0
        is_acute = safety >= p.level_acute_safety
        complex_deprived += int(deprived)
        acute += int(is_acute)
        acute_deprived += int(is_acute & deprived)
        unknown += int(row == NOBODY)
        is_unmet = row == NOBODY or (stage <= Stage.EARLY_HELP_WAITING and open_plans(row, children, cases, week) == 0)
        unmet += int(is_unmet)
        unmet_acute += int(is_unmet & is_acute)
        if is_acute and stage != Stage.LOOKED_AFTER:
            chance = p.serious_incident_chance * (1.0 + above(safety, p.level_acute_safety))
            incidents += int(luck.uniform(serious, child) < chance)
    sums = tally.sums
    sums[Sum.HARM] = harm.total(all_complex, acute, p)
    sums[Sum.HARM_DEPRIVED] = harm.total(complex_deprived, acute_deprived, p)
    sums[Sum.HARM_AFFLUENT] = harm.total(all_complex - complex_deprived, acute - acute_deprived, p)
    sums[Sum.COMPLEX_SAFETY], sums[Sum.ACUTE_SAFETY] = all_complex, acute
    sums[Sum.UNKNOWN_COMPLEX] = unknown
    sums[Sum.UNMET_COMPLEX], sums[Sum.UNMET_ACUTE] = unmet, unmet_acute
    tally.flows[Flow.SERIOUS_INCIDENTS] += incidents


@inlined
def _steps(need: float, here: bool) -> int:
    """Return need in whole steps of 2**-20, so that their sum has no order; 0 if the child is not here."""
    return int(int32(need * _STEPS_IN_ONE)) if here else 0


@compiled
def count_children(
    children: Children, families: Families, cases: Cases, tally: Tally, seed: int, week: int, p: Parameters
) -> tuple[int, int, int]:
    """Fill the stocks (children by stage), the placements (looked-after children by kind) and the sums of the week.

    Returns for the ledger's check, because to pass over every child is what a check costs: how many children there
    are, how many files and children are astray, and how many lack a file. Astray are those that do not point at each
    other; a child in a stage of the pathway needs a file. If every file's child points back, as many children as files
    point at one, or else a child points where it should not.
    """
    stocks, placements, sums = tally.stocks, tally.placements, tally.sums
    stocks[:] = 0
    placements[:] = 0
    tally.shunt[:] = 0.0
    quarter = week % WEEKS_A_QUARTER == 0  # often enough to say who pays
    additional, complex_level = p.level_additional_safety, p.level_complex_safety
    level_wellbeing, level_learning = p.level_complex_wellbeing, p.level_complex_learning
    heads, universal, pointing, unknown = 0, 0, 0, 0
    for child in range(children.present.size):  # here and below without branches, so that many are counted at once
        here = children.present[child] == 1
        known = children.case[child] != NOBODY
        resting = children.stage[child] == Stage.UNIVERSAL
        heads += int(here)
        universal += int(here & resting)
        pointing += int(known)
        unknown += int(here & (not known) & (not resting))
    all_safety, all_wellbeing, all_learning = 0, 0, 0
    complex_wellbeing, complex_learning, unmet_additional, all_deprived = 0, 0, 0, 0
    complex_need = np.empty(children.present.size, np.bool_)
    for child in range(children.present.size):
        here = children.present[child] == 1
        safety = float64(children.need_safety[child])
        wellbeing = float64(children.need_wellbeing[child])
        learning = float64(children.need_learning[child])
        all_safety += _steps(safety, here)
        all_wellbeing += _steps(wellbeing, here)
        all_learning += _steps(learning, here)
        complex_wellbeing += int(here & (wellbeing >= level_wellbeing))
        complex_learning += int(here & (learning >= level_learning))
        somewhat = (safety >= additional) & (safety < complex_level)
        unmet_additional += int(here & somewhat & (children.case[child] == NOBODY))
        complex_need[child] = here & (safety >= complex_level)
    for child in range(children.present.size):
        all_deprived += int((children.present[child] == 1) & (families.hardship[children.family[child]] > 0.0))
    _count_complex(complex_need, children, families, cases, tally, seed, week, p)
    files, astray = 0, 0
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        files += 1
        child = cases.child[row]
        astray += int(children.case[child] != row)
        stage = int(children.stage[child])
        if stage != Stage.UNIVERSAL:
            stocks[stage] += 1
        plans = open_plans(row, children, cases, week)
        safety = float64(children.need_safety[child])
        if plans == 0 and stage <= Stage.EARLY_HELP_WAITING and additional <= safety < complex_level:
            unmet_additional += 1
        if plans > 0:
            sums[Sum.CHILDREN_HELPED] += 1.0
            sums[Sum.PLANS_OPEN] += plans
        if stage == Stage.LOOKED_AFTER:
            placements[cases.placement[row]] += 1
            sums[Sum.IN_CARE_FAR] += cases.far[row]
        if quarter:
            _who_pays(row, children, cases, tally.shunt, week, p)
    stocks[Stage.UNIVERSAL] = universal
    placements[Placement.NONE] = 0
    sums[Sum.NEED_SAFETY] = all_safety / _STEPS_IN_ONE
    sums[Sum.NEED_WELLBEING], sums[Sum.NEED_LEARNING] = all_wellbeing / _STEPS_IN_ONE, all_learning / _STEPS_IN_ONE
    sums[Sum.COMPLEX_WELLBEING], sums[Sum.COMPLEX_LEARNING] = complex_wellbeing, complex_learning
    sums[Sum.UNMET_ADDITIONAL] = unmet_additional
    sums[Sum.CHILDREN] = heads
    sums[Sum.CHILDREN_DEPRIVED] = all_deprived
    sums[Sum.CHILDREN_AFFLUENT] = sums[Sum.CHILDREN] - all_deprived
    return heads, astray + abs(pointing - files), unknown


@inlined
def _put(row: np.ndarray, at: int, values: np.ndarray, per: float) -> int:
    """Write a list of numbers, each divided by ``per``, into a row of the record; return where the next begins."""
    for i in range(values.size):
        row[at + i] = values[i] / per
    return at + values.size


@compiled
def write_ledger(row: np.ndarray, tally: Tally, pools: Pools) -> int:
    """Write what the ledger and the pools hold at the week's end into a row; return where the rest begins.

    In the order of ``record.MEASURES``; seconds become minutes, pence pounds.
    """
    at = _put(row, 0, tally.stocks, 1.0)
    at = _put(row, at, tally.placements, 1.0)
    at = _put(row, at, tally.flows, 1.0)
    at = _put(row, at, tally.waits[:, 0], 1.0)
    at = _put(row, at, tally.waits[:, 1], 1.0)
    for queue in range(tally.waits.shape[0]):
        at = _put(row, at, tally.waits[queue, 2:], 1.0)
    at = _put(row, at, tally.sums, 1.0)
    cadres, purposes, causes = tally.seconds.shape
    by_cause = np.zeros(causes)
    for cadre in range(cadres):
        for purpose in range(purposes):
            seconds = 0
            for cause in range(causes):
                seconds += tally.seconds[cadre, purpose, cause]
                by_cause[cause] += tally.seconds[cadre, purpose, cause]
            row[at] = seconds / SECONDS_A_MINUTE
            at += 1
    at = _put(row, at, by_cause, SECONDS_A_MINUTE)
    at = _put(row, at, tally.offered, SECONDS_A_MINUTE)
    at = _put(row, at, tally.overtime, SECONDS_A_MINUTE)
    for payer in range(tally.pence.shape[0]):
        at = _put(row, at, tally.pence[payer], PENCE_A_POUND)
    at = _put(row, at, tally.income, PENCE_A_POUND)
    for agency in range(tally.shunt.shape[0]):
        at = _put(row, at, tally.shunt[agency], 1.0)
    at = _put(row, at, pools.fte, 1.0)
    return _put(row, at, pools.load, 1.0)
