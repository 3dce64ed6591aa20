"""Rare events are asked of everybody in two steps: the bounds that spare most of them never change who is concerned."""

import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecology import Locality, evidence, luck, tables
from ecology.luck import Decision, FirstParts
from ecology.rules import care, need
from ecology.rules import noticing as chances
from ecology.vocabulary import NOBODY, Flow, Stage
from ecology.week import living, noticing, straining
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


def test_those_families_move_away_whose_draw_says_so() -> None:
    here = place()
    t = here.tables
    children, families = t["children"], t["families"]
    parts = FirstParts(here.seed, Decision.MOVE_AWAY_FIRST, families.present.size)
    hazard, moved, stayed = float(here.p.moving_away_a_year / here.p.weeks_a_year), 0, 0
    for week in range(here.week, here.week + 2 * WEEKS):
        own = np.uint64(luck.stream(here.seed, Decision.MOVE_AWAY, week))
        held = set(children.family[(children.present == 1) & (children.stage >= Stage.SECTION_47)].tolist())
        by_hand = set()
        for family in map(int, np.flatnonzero(families.present)):
            if luck.in_part(int(parts.of(week)[family]), own, family) < hazard:
                stayed += family in held
                by_hand |= {family} - held
        living.families_live(
            children, families, t["cases"], parts.of(week), t["fixtures"].free_cases, t["tally"].flows,
            t["fixtures"].shift, here.seed, week, here.p,
        )  # fmt: skip
        grown_up = set(np.flatnonzero(families.cycle_start == week + 1).tolist())  # a new family takes their row
        came = np.flatnonzero((families.moved_in == week) & (families.present == 1))
        assert set(came.tolist()) - grown_up == by_hand - grown_up
        moved += len(by_hand)
    assert moved > 20 > stayed


def somewhere_in_range(share: float, prefix: str) -> dict[str, float]:
    """Return each parameter of a group somewhere in its range, in a way that ``share`` decides for each differently."""
    names = [name for name in evidence.register() if name.startswith(prefix)]
    shares = [(share * (number + 1)) % 1.0 for number in range(len(names))]
    ranges = [evidence.register()[name].range for name in names]
    return {name: low + at * (high - low) for name, at, (low, high) in zip(names, shares, ranges, strict=True)}


NEEDS = st.floats(-6.0, 6.0)


@given(NEEDS, NEEDS, NEEDS, st.floats(-3.0, 3.0), st.floats(0.0, 1.0), st.integers(0, 15), st.floats(0.0, 1.0))
def test_no_child_without_an_incident_is_noticed_with_more_than_the_highest_chance(
    safety: float, wellbeing: float, learning: float, hardship: float, seeking: float, kind: int, share: float
) -> None:
    """The loop that notices asks nothing about children whose draw lies above it."""
    p: Any = evidence.values(somewhere_in_range(share, "noticing_"))
    in_term, at_school, under_five, adrift = (bool(kind & bit) for bit in (1, 2, 4, 8))
    chance = chances.chance_schools(learning, wellbeing, in_term, at_school, p)
    chance += chances.chance_health(safety, wellbeing, under_five, p) + chances.chance_police(False, adrift, p)
    chance += chances.chance_la_services(safety, hardship, p) + chances.chance_individuals(safety, seeking, p)
    usual, from_safety, from_wellbeing, from_learning = chances.highest_chances(max(hardship, 0.5), p)
    highest = usual + from_safety * need.above(safety, p.level_additional_safety)
    highest += from_wellbeing * need.above(wellbeing, p.level_additional_wellbeing)
    assert chance <= highest + from_learning * need.above(learning, p.level_additional_learning)


@given(st.floats(0.0, 18.0), st.floats(0.0, 900.0), st.floats(-5.0, 5.0), st.floats(0.0, 1.0))
def test_no_child_leaves_care_with_more_than_the_highest_chance(
    age: float, weeks: float, strain: float, share: float
) -> None:
    p: Any = evidence.values(somewhere_in_range(share, "return_home_"))
    assert care.chance_of_leaving_care(age, weeks, strain, p) <= care.highest_chance_of_leaving_care(p)
