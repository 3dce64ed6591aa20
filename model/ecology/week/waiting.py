"""Waiting lists of early help and CAMHS move: who gets a place."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.tables import Cases, Children, Families, Neighbourhoods, Parameters, Pools, Settings, Tally
from ecology.vocabulary import LONG_AGO, Cadre, Flow, Queue, Stage
from ecology.week.casefile import EVER_HELPED_EARLY, enter
from ecology.week.queueing import help_begins, in_order, left_queue


@inlined
def _elsewhere(row: int, children: Children, families: Families, cases: Cases, neighbourhoods: Neighbourhoods) -> bool:
    """Return whether another health commissioner than the authority's own answers for this child."""
    return neighbourhoods.other_ccg[families.neighbourhood[children.family[cases.child[row]]]] == 1


@compiled
def waiting_lists_move(
    children: Children, families: Families, cases: Cases, neighbourhoods: Neighbourhoods, pools: Pools, tally: Tally,
    rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Fill free places in early help and CAMHS from their waiting lists, most serious concern first.

    Two health commissioners buy CAMHS, each for the neighbourhoods it answers for, as far as they do not buy together.
    """
    accepted = luck.stream(seed, Decision.EARLY_HELP_ACCEPTED, week)
    for cadre in (Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN):
        early = cadre == Cadre.FAMILY_SUPPORT_WORKER
        all_places = pools.fte[cadre] * (p.caseload_family_support if early else p.caseload_camhs)
        together = 1.0 if early else now.camhs_together + (1.0 - now.camhs_together) * (1.0 - p.other_ccg_share)
        places = all_places * together
        places_elsewhere = all_places - places  # of another health commissioner, for its own patients alone
        waiting = 0
        for row in range(cases.present.size):
            if cases.present[row] == 0:
                continue
            until = cases.early_help_until[row] if early else cases.camhs_until[row]
            since = cases.early_help_waiting[row] if early else cases.camhs_waiting[row]
            if until > week:
                if not early and _elsewhere(row, children, families, cases, neighbourhoods) and places_elsewhere >= 1.0:
                    places_elsewhere -= 1.0
                else:
                    places -= 1.0
            if since != LONG_AGO:
                rows[waiting] = row
                ids[waiting] = cases.child[row]
                urgency[waiting] = float64(cases.asked_severity[row]) + p.urgency_a_week * (week - since)
                waiting += 1
        asked = waiting + all_places - places - places_elsewhere
        offered = max(all_places, 1.0)
        pools.load[cadre] += p.load_memory * (asked / offered - pools.load[cadre])
        tie = luck.stream(seed, Decision.EARLY_HELP_TIE if early else Decision.CAMHS_TIE, week)
        for row in in_order(rows, ids, urgency, waiting, tie):
            if places < 1.0 and places_elsewhere < 1.0:
                break
            elsewhere = not early and _elsewhere(row, children, families, cases, neighbourhoods)
            if (places_elsewhere if elsewhere else places) < 1.0 and (places < 1.0 or now.camhs_together <= 0.0):
                continue
            child = cases.child[row]
            since = cases.early_help_waiting[row] if early else cases.camhs_waiting[row]
            if week - since < int(p.weeks_to_start_help):
                continue
            if early:
                cases.early_help_waiting[row] = LONG_AGO
                trust = float64(families.trust[children.family[child]])
                if luck.uniform(accepted, child) < p.early_help_accepted + (1.0 - p.early_help_accepted) * trust:
                    cases.early_help_until[row] = week + int(p.weeks_early_help)
                    children.ever[child] |= EVER_HELPED_EARLY
                    tally.flows[Flow.EARLY_HELP_STARTED] += 1
                    tally.flows[Flow.SERVICES_STARTED] += 1
                    help_begins(row, cases, tally.waits, week)
                    left_queue(tally.waits, Queue.EARLY_HELP.value, float64(week - since))
                    places -= 1.0
                    if children.stage[child] == Stage.EARLY_HELP_WAITING or children.stage[child] == Stage.UNIVERSAL:
                        enter(child, Stage.EARLY_HELP, children, week)
            else:
                if elsewhere and places_elsewhere >= 1.0:
                    places_elsewhere -= 1.0
                else:
                    places -= 1.0
                tally.flows[Flow.SERVICES_STARTED] += 1
                cases.camhs_waiting[row] = LONG_AGO
                cases.camhs_until[row] = week + int(p.weeks_camhs)
                tally.flows[Flow.CAMHS_STARTED] += 1
                help_begins(row, cases, tally.waits, week)
                left_queue(tally.waits, Queue.CAMHS.value, float64(week - since))
