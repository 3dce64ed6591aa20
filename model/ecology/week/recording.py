"""The week is counted: stocks by stage, harm, unmet need, placements. Nothing is decided here."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import harm
from ecology.rules.need import above
from ecology.rules.work import caseload_weight
from ecology.tables import Cases, Children, Families, Parameters, Tally
from ecology.vocabulary import NOBODY, WEEKS_A_QUARTER, Agency, Flow, Payer, Placement, Stage, Sum
from ecology.week.casefile import in_episode, open_plans, summable


@inlined
def _who_pays(row: int, children: Children, cases: Cases, shunt: np.ndarray, week: int, p: Parameters) -> None:
    """Add what this week's open work on a child costs, at unit costs, to (who brought it, who pays).

    Social work and care were brought by the agency whose contact started them. Own help after the authority has
    turned a child away, and CAMHS, were brought by the authority and by health.
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
        brought = Agency.LA_SERVICES.value if turned_away else own
        shunt[brought, Payer.SCHOOLS if by_school else Payer.PUBLIC_HEALTH] += summable(pounds)
    if cases.camhs_until[row] > week:
        pounds = p.cost_camhs_clinician / p.caseload_camhs / p.weeks_a_year
        shunt[Agency.HEALTH, Payer.HEALTH_COMMISSIONER] += summable(pounds)
    if cases.early_help_until[row] > week:
        pounds = p.cost_family_support_post / p.caseload_family_support / p.weeks_a_year
        shunt[source if source != NOBODY else Agency.LA_SERVICES.value, Payer.AUTHORITY] += summable(pounds)


@inlined
def _count_complex(
    child: int, safety: float, children: Children, families: Families, cases: Cases, tally: Tally, serious: np.uint64,
    week: int, p: Parameters,
) -> None:  # fmt: skip
    """Count a child whose need of safety is complex or acute: harm, and whether anybody knows and helps."""
    sums = tally.sums
    stage = int(children.stage[child])
    row = children.case[child]
    deprived = families.hardship[children.family[child]] > 0.0
    weight = harm.weight(safety, p)
    sums[Sum.HARM] += weight
    sums[Sum.HARM_DEPRIVED if deprived else Sum.HARM_AFFLUENT] += weight
    sums[Sum.COMPLEX_SAFETY] += 1.0
    if row == NOBODY:
        sums[Sum.UNKNOWN_COMPLEX] += 1.0
    unmet = stage <= Stage.EARLY_HELP_WAITING and (row == NOBODY or open_plans(row, children, cases, week) == 0)
    if unmet:
        sums[Sum.UNMET_COMPLEX] += 1.0
    if safety >= p.level_acute_safety:
        sums[Sum.ACUTE_SAFETY] += 1.0
        if unmet:
            sums[Sum.UNMET_ACUTE] += 1.0
        chance = p.serious_incident_chance * (1.0 + above(safety, p.level_acute_safety))
        if stage != Stage.LOOKED_AFTER and luck.uniform(serious, child) < chance:
            tally.flows[Flow.SERIOUS_INCIDENTS] += 1


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
    serious = luck.stream(seed, Decision.SERIOUS_INCIDENT, week)
    additional, complex_need = p.level_additional_safety, p.level_complex_safety
    level_wellbeing, level_learning = p.level_complex_wellbeing, p.level_complex_learning
    all_safety, all_wellbeing, all_learning = 0.0, 0.0, 0.0
    all_deprived, complex_wellbeing, complex_learning = 0, 0, 0  # counted without branches: half the time of the loop
    heads, universal, pointing, unknown, unmet_additional = 0, 0, 0, 0, 0
    for child in range(children.present.size):
        here = children.present[child] == 1
        known = children.case[child] != NOBODY
        resting = children.stage[child] == Stage.UNIVERSAL
        heads += int(here)
        universal += int(here & resting)
        pointing += int(known)
        unknown += int(here & (not known) & (not resting))
    for child in range(children.present.size):
        here = children.present[child] == 1
        safety = float64(children.need_safety[child])
        wellbeing = float64(children.need_wellbeing[child])
        learning = float64(children.need_learning[child])
        all_safety += safety if here else 0.0
        all_wellbeing += wellbeing if here else 0.0
        all_learning += learning if here else 0.0
        complex_wellbeing += int(here & (wellbeing >= level_wellbeing))
        complex_learning += int(here & (learning >= level_learning))
        all_deprived += int(here & (families.hardship[children.family[child]] > 0.0))
        somewhat = (safety >= additional) & (safety < complex_need)
        unmet_additional += int(here & somewhat & (children.case[child] == NOBODY))
        if safety >= complex_need and here:
            _count_complex(child, safety, children, families, cases, tally, serious, week, p)
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
        if plans == 0 and stage <= Stage.EARLY_HELP_WAITING and additional <= safety < complex_need:
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
    sums[Sum.NEED_SAFETY], sums[Sum.NEED_WELLBEING], sums[Sum.NEED_LEARNING] = all_safety, all_wellbeing, all_learning
    sums[Sum.COMPLEX_WELLBEING], sums[Sum.COMPLEX_LEARNING] = complex_wellbeing, complex_learning
    sums[Sum.UNMET_ADDITIONAL] = unmet_additional
    sums[Sum.CHILDREN] = heads
    sums[Sum.CHILDREN_DEPRIVED] = all_deprived
    sums[Sum.CHILDREN_AFFLUENT] = sums[Sum.CHILDREN] - all_deprived
    return heads, astray + abs(pointing - files), unknown
