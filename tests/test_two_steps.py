"""Rare events are asked of everybody in two steps: the bounds that spare most of them never change who is concerned."""

import math

import numpy as np

from ecology import Locality, luck, tables
from ecology.luck import Decision, FirstParts
from ecology.rules import need
from ecology.vocabulary import NOBODY, Flow
from ecology.week import noticing, straining
from tests.places import at_switch, scenario

WEEKS = 12


def place() -> Locality:
    here = at_switch(scenario(children=4000))
    here.now.in_term = 1.0
    return here


def test_incidents_happen_to_whom_their_hazard_says() -> None:
    here = place()
    parts = FirstParts(here.seed, Decision.INCIDENT_FIRST, here.tables["families"].present.size)
    families = tables.copy(here.tables)["families"]
    expected, happened = 0.0, 0
    for week in range(here.week, here.week + WEEKS):
        own = np.uint64(luck.stream(here.seed, Decision.INCIDENT, week))
        living = np.flatnonzero(families.present)
        before = families.strain.astype(np.float64)
        hazards = [need.incident_hazard(before[f], float(families.informal_support[f]), here.p) for f in living]
        draws = [luck.in_part(int(parts.of(week)[f]), own, int(f)) for f in living]
        flows = np.zeros(len(Flow), np.int64)
        straining.strain_moves(families, parts.of(week), flows, here.seed, week, here.p)
        struck = np.zeros(families.present.size, bool)
        struck[living] = np.less(draws, hazards)
        assert np.array_equal(families.incident == 1, struck)
        assert flows[Flow.INCIDENTS] == struck.sum()
        usual = [need.strain_next(before[f], float(families.vulnerability[f]), 0.0, here.p) for f in living]
        calm = np.array(usual, np.float32)
        assert (families.strain[living] >= calm).all()
        assert np.array_equal(families.strain[living] > calm, struck[living])
        expected, happened = expected + sum(hazards), happened + int(struck.sum())
    assert abs(happened - expected) < 4.0 * math.sqrt(expected)


def test_those_are_noticed_whose_draw_says_so() -> None:
    here = place()
    t = here.tables
    children, families = t["children"], t["families"]
    children.school[::7] = NOBODY  # adrift
    parts = FirstParts(here.seed, Decision.NOTICING_FIRST, children.present.size)
    noticed = np.zeros((children.present.size, 2), np.int32)
    for week in range(here.week, here.week + WEEKS):
        if week == here.week + WEEKS // 2:
            families.hardship[::50] = 6.0  # the bound for all follows the hardest; until then it is a near one
        families.incident[:] = 0
        families.incident[week % 40 :: 40] = families.present[week % 40 :: 40]
        own = np.uint64(luck.stream(here.seed, Decision.NOTICING, week))
        by_hand = set()
        for child in map(int, np.flatnonzero(children.present)):
            draw = luck.in_part(int(parts.of(week)[child]), own, child)
            incident = bool(families.incident[children.family[child]])
            agency = noticing._who_notices(child, draw, incident, children, families, week, True, here.p)
            if agency != NOBODY:
                by_hand.add((child, int(agency)))
        flows = np.zeros(len(Flow), np.int64)
        count = noticing.agencies_notice(
            children, families, noticed, parts.of(week), flows, here.seed, week, here.now, here.p
        )
        assert set(map(tuple, noticed[:count].tolist())) == by_hand
        assert count == len(by_hand) == flows[Flow.NOTICED] > 10
