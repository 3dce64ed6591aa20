"""Families strain: incidents strike, and strain goes on from there."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled
from ecology.luck import Decision
from ecology.rules import need
from ecology.tables import Families, Parameters
from ecology.vocabulary import Flow
from ecology.week.marking import marked

_CALM = 1.0  # strain, in standard deviations


@compiled
def strain_moves(families: Families, parts: np.ndarray, flows: np.ndarray, seed: int, week: int, p: Parameters) -> None:
    """Let every family have an incident or none, and its strain go on from there.

    ``parts`` says in which of 256 equal parts each family's draw falls: most are above what any family can come to.
    """
    incident_luck = luck.stream(seed, Decision.INCIDENT, week)
    size_luck = luck.stream(seed, Decision.INCIDENT_SIZE, week)
    highest_when_calm = int(luck.PARTS * need.incident_hazard(_CALM, 0.0, p))
    highest = int(luck.PARTS * need.incident_hazard(p.strain_cap, 0.0, p))
    may_be = np.empty(families.present.size, np.bool_)
    for family in range(may_be.size):
        strained_enough = (families.strain[family] > _CALM) & (parts[family] <= highest)
        low_enough = (parts[family] <= highest_when_calm) | strained_enough
        may_be[family] = low_enough & (families.present[family] == 1)
    concerned = marked(may_be)
    struck = np.empty(concerned.size, np.int32)
    strained = np.empty(concerned.size)
    incidents = 0
    families.incident[:] = 0
    for family in concerned:
        strain = float64(families.strain[family])
        draw = luck.in_part(int(parts[family]), incident_luck, family)
        if draw < need.incident_hazard(strain, float64(families.informal_support[family]), p):
            families.incident[family] = 1
            jump = p.incident_size * luck.exponential(size_luck, family)
            struck[incidents] = family
            strained[incidents] = need.strain_next(strain, float64(families.vulnerability[family]), jump, p)
            incidents += 1
    flows[Flow.INCIDENTS] += incidents
    for family in range(families.present.size):  # rows of families to come too: cheaper than to ask
        families.strain[family] = need.strain_next(
            float64(families.strain[family]), float64(families.vulnerability[family]), 0.0, p
        )
    for incident in range(incidents):
        families.strain[struck[incident]] = strained[incident]
