"""Waiting lists of early help and CAMHS move: who gets a place."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.tables import Cases, Children, Families, Neighbourhoods, Parameters, Pools, Settings, Tally
from ecology.vocabulary import LONG_AGO, WEEKS_A_YEAR, Cadre, Flow, Queue, Stage
from ecology.week.casefile import EVER_HELPED_EARLY, enter
from ecology.week.queueing import call_next, help_begins, left_queue, line_up, urgency_of, whole

TOGETHER = 2
"""Places that no commissioner keeps for its own patients; all of early help."""


@inlined
def _commissioner(
    row: int, children: Children, families: Families, cases: Cases, neighbourhoods: Neighbourhoods
) -> int:
    """Return who answers for this child: 0 the authority's own health commissioner, 1 the other one."""
    return int(neighbourhoods.other_ccg[families.neighbourhood[children.family[cases.child[row]]]])


@inlined
def _take(own: int, places: np.ndarray) -> None:
    """Take a place of a child's own commissioner, or one that was bought together."""
    places[own if places[own] >= 1.0 else TOGETHER] -= 1.0


@compiled
def waiting_lists_move(
    children: Children, families: Families, cases: Cases, neighbourhoods: Neighbourhoods, pools: Pools, tally: Tally,
    rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Fill free places in early help and CAMHS from their waiting lists, most serious concern first.

    Two health commissioners buy CAMHS, each for the neighbourhoods it answers for, as far as they do not buy together.
    Places are whole, rounded up or down by a draw each year, and those of all parts add up to those paid for.
    """
    accepted = luck.stream(seed, Decision.EARLY_HELP_ACCEPTED, week)
    fraction = luck.stream(seed, Decision.PLACES, week // WEEKS_A_YEAR)
    places = np.empty(3)  # of the authority's commissioner, of the other one, and bought together
    for cadre in (Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN):
        early = cadre == Cadre.FAMILY_SUPPORT_WORKER
        all_places = pools.fte[cadre] * (p.caseload_family_support if early else p.caseload_camhs)
        every = whole(all_places, luck.uniform(fraction, places.size + cadre))
        places[TOGETHER] = every if early else whole(every * now.camhs_together, luck.uniform(fraction, TOGETHER))
        apart = every - places[TOGETHER]
        places[1] = whole(apart * p.other_ccg_share, luck.uniform(fraction, 1))
        places[0] = apart - places[1]
        waiting, helped = 0, 0
        for row in range(cases.present.size):
            if cases.present[row] == 0:
                continue
            until = cases.early_help_until[row] if early else cases.camhs_until[row]
            since = cases.early_help_waiting[row] if early else cases.camhs_waiting[row]
            if until > week:
                own = TOGETHER if early else _commissioner(row, children, families, cases, neighbourhoods)
                _take(own, places)
                helped += 1
            if since != LONG_AGO:
                rows[waiting] = row
                ids[waiting] = cases.child[row]
                urgency[waiting] = urgency_of(float64(cases.asked_severity[row]), week - int(since), row, cases, p)
                waiting += 1
        pools.load[cadre] += p.load_memory * ((waiting + helped) / max(all_places, 1.0) - pools.load[cadre])
        tie = luck.stream(seed, Decision.EARLY_HELP_TIE if early else Decision.CAMHS_TIE, week)
        line, key = line_up(ids, urgency, waiting, tie)
        while waiting > 0 and max(places[0], places[1], places[TOGETHER]) >= 1.0:
            row = rows[call_next(line, waiting, key, ids)]
            waiting -= 1
            own = TOGETHER if early else _commissioner(row, children, families, cases, neighbourhoods)
            if places[own] < 1.0 and places[TOGETHER] < 1.0:
                continue
            child = cases.child[row]
            since = cases.early_help_waiting[row] if early else cases.camhs_waiting[row]
            if week - since < int(p.weeks_to_start_help):
                continue
            cases.voice[row] = 0.0
            if early:
                cases.early_help_waiting[row] = LONG_AGO
                trust = float64(families.trust[children.family[child]])
                if luck.uniform(accepted, child) >= p.early_help_accepted + (1.0 - p.early_help_accepted) * trust:
                    continue
                cases.early_help_until[row] = week + int(p.weeks_early_help)
                children.ever[child] |= EVER_HELPED_EARLY
                tally.flows[Flow.EARLY_HELP_STARTED] += 1
                left_queue(tally.waits, Queue.EARLY_HELP.value, float64(week - since))
                if children.stage[child] == Stage.EARLY_HELP_WAITING or children.stage[child] == Stage.UNIVERSAL:
                    enter(child, Stage.EARLY_HELP, children, week)
            else:
                cases.camhs_waiting[row] = LONG_AGO
                cases.camhs_until[row] = week + int(p.weeks_camhs)
                tally.flows[Flow.CAMHS_STARTED] += 1
                left_queue(tally.waits, Queue.CAMHS.value, float64(week - since))
            tally.flows[Flow.SERVICES_STARTED] += 1
            help_begins(row, cases, tally.waits, week)
            _take(own, places)
