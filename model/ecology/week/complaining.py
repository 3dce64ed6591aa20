"""Families who wait turn to the authority: complaints, and what being heard changes (§2.6)."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled
from ecology.luck import Decision
from ecology.tables import Cases, Children, Families, Parameters, Settings
from ecology.vocabulary import LONG_AGO, NOBODY, Flow, Stage
from ecology.week.casefile import in_episode


@compiled
def citizens_complain(
    children: Children, families: Families, cases: Cases, flows: np.ndarray, seed: int, week: int, now: Settings,
    p: Parameters,
) -> None:  # fmt: skip
    """Let families of children who wait complain, those who seek help most; a complaint that is heard moves them up.

    It changes whose turn it is, not how grave anybody takes the matter to be: voice, not need, decides who moves, and
    others wait longer for it.
    """
    stream = luck.stream(seed, Decision.COMPLAINT, week)
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        child = cases.child[row]
        draw = luck.uniform(stream, child)
        if draw >= p.complaint_a_week:  # spares most the question whether they wait: nobody seeks help above 1
            continue
        stage = int(children.stage[child])
        without_worker = in_episode(stage) and cases.worker[row] == NOBODY
        waits = (
            stage == Stage.CONTACT
            or without_worker
            or cases.early_help_waiting[row] != LONG_AGO
            or cases.camhs_waiting[row] != LONG_AGO
        )
        if not waits:
            continue
        chance = p.complaint_a_week * float64(families.help_seeking[children.family[child]])
        if draw < chance:
            flows[Flow.COMPLAINTS] += 1
            if draw < chance * now.complaint_heard:
                flows[Flow.COMPLAINTS_HEARD] += 1
                cases.voice[row] = p.complaint_urgency
