"""Packages: who puts the services around one child together, agencies among themselves or one decision-maker."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.tables import Cases, Children, Conditions, Parameters, Settings, Tally
from ecology.vocabulary import Agency, Cadre, Cause, Flow, Package, Queue, Sum
from ecology.week.casefile import in_episode, open_plans, summable
from ecology.week.front_door import true_severity
from ecology.week.queueing import call_next, left_queue, line_up, whole


@inlined
def _meet(row: int, seconds: float, children: Children, cases: Cases, tally: Tally, week: int) -> None:
    """Charge meeting time to the cadre of every service that calls on this child."""
    cause = Cause.PACKAGE_NEGOTIATION.value
    seconds = summable(seconds)
    if in_episode(int(children.stage[cases.child[row]])):
        tally.asked[Cadre.SOCIAL_WORKER, cause] += seconds
    if cases.early_help_until[row] > week:
        tally.asked[Cadre.FAMILY_SUPPORT_WORKER, cause] += seconds
    if cases.camhs_until[row] > week:
        tally.asked[Cadre.CAMHS_CLINICIAN, cause] += seconds
    if cases.own_help_until[row] > week:
        cadre = Cadre.SCHOOL_PASTORAL if cases.own_help_by[row] == Agency.SCHOOLS else Cadre.COMMUNITY_HEALTH
        tally.asked[cadre, cause] += seconds


@inlined
def _agree(row: int, cases: Cases, tally: Tally, week: int) -> None:
    cases.package[row] = Package.AGREED
    tally.flows[Flow.PACKAGES_AGREED] += 1
    left_queue(tally.waits, Queue.PACKAGE.value, float64(week - cases.package_since[row]))


@compiled
def packages_are_agreed(
    children: Children, cases: Cases, conditions: Conditions, tally: Tally, rows: np.ndarray, ids: np.ndarray,
    urgency: np.ndarray, seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Put together the services of children on whom two or more call.

    A child's package goes to the one decision-maker with chance ``now.hub`` and is decided from that queue, most
    urgent first as far as the decision-maker can see, within ``now.hub_decisions`` a week. Otherwise, and if it was
    asked for more than ``now.weeks_for_the_panel`` ago, the agencies negotiate, every pair of them, each week until
    they agree. Both ways cost meeting time, booked next week.
    """
    route = luck.stream(seed, Decision.PACKAGE_ROUTE, 0)
    sight = luck.stream(seed, Decision.PACKAGE_NOISE, week // int(p.weeks_of_sight_error))
    agree = luck.stream(seed, Decision.PACKAGE_AGREEMENT, week)
    waiting = 0
    negotiations = 0.0
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        plans = open_plans(row, children, cases, week)
        if plans < 2:
            cases.package[row] = Package.NOT_NEEDED
            continue
        child = cases.child[row]
        if cases.package[row] == Package.NOT_NEEDED:
            cases.package[row] = Package.WAITING
            cases.package_since[row] = week
            tally.flows[Flow.PACKAGES_ASKED] += 1
        if cases.package[row] != Package.WAITING:
            continue
        waited = week - cases.package_since[row]
        if luck.uniform(route, child) < now.hub and waited <= now.weeks_for_the_panel:
            severity = true_severity(child, children, week, p)
            error = now.sight_noise * luck.normal(sight, child)
            tally.sums[Sum.SIGHT_ERROR] += summable(abs(error))
            rows[waiting] = row
            ids[waiting] = child
            urgency[waiting] = severity + error + p.urgency_a_week * waited
            waiting += 1
        else:
            negotiations += 1.0
            _meet(row, (plans - 1.0) * now.seconds_per_negotiation, children, cases, tally, week)
            if luck.uniform(agree, child) < now.chance_of_agreement:
                _agree(row, cases, tally, week)
    decided = 0.0
    most = whole(now.hub_decisions, luck.uniform(luck.stream(seed, Decision.PANEL_HOURS, week), 0))
    line, key = line_up(ids, urgency, waiting, luck.stream(seed, Decision.PACKAGE_TIE, week))
    while decided < min(most, waiting):
        row = rows[call_next(line, waiting - int(decided), key, ids)]
        decided += 1.0
        _meet(row, now.seconds_per_hub_decision, children, cases, tally, week)
        _agree(row, cases, tally, week)
    conditions.negotiations[0] = negotiations
    conditions.hub_decisions[0] = decided
    conditions.packages_waiting[0] = waiting
