"""The week is counted: stocks by stage, harm, unmet need, placements. Nothing is decided here."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled
from ecology.luck import Decision
from ecology.rules import harm
from ecology.rules.need import above
from ecology.tables import Cases, Children, Families, Parameters, Tally
from ecology.vocabulary import NOBODY, Flow, Placement, Stage, Sum
from ecology.week.casefile import open_plans


@compiled
def count_children(
    children: Children, families: Families, cases: Cases, tally: Tally, seed: int, week: int, p: Parameters
) -> None:
    """Fill the stocks (children by stage), the placements (looked-after children by kind) and the sums of the week."""
    stocks, placements, sums = tally.stocks, tally.placements, tally.sums
    stocks[:] = 0
    placements[:] = 0
    serious = luck.stream(seed, Decision.SERIOUS_INCIDENT, week)
    all_safety, all_wellbeing, all_learning = 0.0, 0.0, 0.0
    all_deprived, complex_wellbeing, complex_learning = 0, 0, 0  # counted without branches: half the time of the loop
    for child in range(children.present.size):
        if children.present[child] == 0:
            continue
        stage = int(children.stage[child])
        stocks[stage] += 1
        safety = float64(children.need_safety[child])
        wellbeing = float64(children.need_wellbeing[child])
        learning = float64(children.need_learning[child])
        all_safety += safety
        all_wellbeing += wellbeing
        all_learning += learning
        complex_wellbeing += int(wellbeing >= p.level_complex_wellbeing)
        complex_learning += int(learning >= p.level_complex_learning)
        deprived = families.hardship[children.family[child]] > 0.0
        all_deprived += int(deprived)
        if safety < p.level_complex_safety:
            continue
        weight = harm.weight(safety, p)
        sums[Sum.HARM] += weight
        sums[Sum.HARM_DEPRIVED if deprived else Sum.HARM_AFFLUENT] += weight
        sums[Sum.COMPLEX_SAFETY] += 1.0
        row = children.case[child]
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
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        plans = open_plans(row, children, cases, week)
        if plans > 0:
            sums[Sum.CHILDREN_HELPED] += 1.0
            sums[Sum.PLANS_OPEN] += plans
        if children.stage[cases.child[row]] == Stage.LOOKED_AFTER:
            placements[cases.placement[row]] += 1
    placements[Placement.NONE] = 0
    sums[Sum.NEED_SAFETY], sums[Sum.NEED_WELLBEING], sums[Sum.NEED_LEARNING] = all_safety, all_wellbeing, all_learning
    sums[Sum.COMPLEX_WELLBEING], sums[Sum.COMPLEX_LEARNING] = complex_wellbeing, complex_learning
    sums[Sum.CHILDREN] = np.sum(stocks)
    sums[Sum.CHILDREN_DEPRIVED] = all_deprived
    sums[Sum.CHILDREN_AFFLUENT] = sums[Sum.CHILDREN] - all_deprived


@compiled
def files_astray(children: Children, cases: Cases) -> tuple[int, int]:
    """Return how many children and files do not point at each other, and how many children in a stage have no file."""
    astray, unknown = 0, 0
    for child in range(children.present.size):
        row = children.case[child]
        if row != NOBODY:
            if cases.present[row] == 0 or cases.child[row] != child:
                astray += 1
        elif children.present[child] == 1 and children.stage[child] != Stage.UNIVERSAL:
            unknown += 1
    for row in range(cases.present.size):
        if cases.present[row] == 1 and children.case[cases.child[row]] != row:
            astray += 1
    return astray, unknown
