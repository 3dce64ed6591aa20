"""Trust between agencies, pair by pair (MODEL 4.12): learned from encounters, turned into agreements of two.

Agencies that are left to themselves adapt: who is answered well comes to expect it, and two that trust each other tell
each other what they know without being asked. It is slower where somebody else decides for both.
"""

from itertools import combinations

import numpy as np

from ecology import tables
from ecology.tables import Pairs, Parameters
from ecology.vocabulary import WEEKS_A_YEAR, Agency, Flow

_ORGANISED = (Agency.SCHOOLS, Agency.HEALTH, Agency.POLICE, Agency.LA_SERVICES)


def new_table(p: Parameters) -> Pairs:
    """Return every pair of organised agencies at the start."""
    rows = list(combinations(_ORGANISED, 2))
    pairs = tables.empty(Pairs, len(rows))
    pairs.present[:] = 1
    pairs.one[:] = [one for one, _ in rows]
    pairs.other[:] = [other for _, other in rows]
    pairs.trust[:] = p.trust_at_start
    return pairs


def pairs_learn(pairs: Pairs, flows: np.ndarray, negotiated: float, decided: float, hub: float, p: Parameters) -> None:
    """Let every pair learn from last week's encounters, slower the more ``hub`` decides for them.

    An agency and the authority meet at the front door: an accepted contact is answered well. The others meet over
    packages; ``negotiated`` is how many are on the table, of which those agreed went well: those that were ``decided``
    for them taught them nothing.
    """
    speed = float(p.trust_a_year) / WEEKS_A_YEAR * (1.0 - hub)
    agreed = float(flows[Flow.PACKAGES_AGREED]) - decided
    over_packages = min(max(agreed, 0.0) / negotiated, 1.0) if negotiated > 0.0 else 0.0
    trusts = pairs.trust.tolist()
    for row, (source, other) in enumerate(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)):
        answered = over_packages
        if other == Agency.LA_SERVICES:
            contacts = float(flows[Flow.CONTACTS_FROM_SCHOOLS + source])
            if contacts == 0.0:
                continue
            answered = min(float(flows[Flow.REFERRALS_FROM_SCHOOLS + source]) / contacts, 1.0)
        trusts[row] += speed * (p.trust_from_answers * answered + p.trust_from_time - trusts[row])
    needed = float(p.trust_for_agreement)
    pairs.trust[:] = trusts
    pairs.agreement[:] = [min(max((trust - needed) / (1.0 - needed), 0.0), 1.0) for trust in trusts]


def mean(column: np.ndarray) -> float:
    """Return the mean of a column over all pairs: of so few NumPy would take ten times as long."""
    return float(sum(column.tolist()) / column.size)


def told_to_the_desk(pairs: Pairs, p: Parameters) -> np.ndarray:
    """Return by agency the share of other agencies' knowledge that reaches the front door with its contacts.

    It knows what those tell it with whom it has an agreement: each of the others is a part of all that could be told.
    """
    told = np.zeros(len(Agency))
    rows = zip(pairs.one.tolist(), pairs.other.tolist(), pairs.agreement.tolist(), strict=True)
    for one, other, agreement in rows:
        told[one] += p.agreement_tells * agreement / (len(_ORGANISED) - 1)
        told[other] += p.agreement_tells * agreement / (len(_ORGANISED) - 1)
    return told
