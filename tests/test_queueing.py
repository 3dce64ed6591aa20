"""Queues: the order of those who wait, and the front door against what queueing theory says."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecology import evidence, luck
from ecology.vocabulary import Agency, Flow, Queue
from ecology.week.queueing import call_next, in_order, line_up
from tests.desks import FrontDoor
from tests.places import changed

TIE = np.uint64(luck.stream(1, 0, 0))
urgencies = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=60)


def order(urgency: list[float], entities: np.ndarray, stream: np.uint64 = TIE) -> list[int]:
    """Return the entities in the order in which they are served."""
    rows = np.arange(len(urgency), dtype=np.int32)
    return [int(entities[row]) for row in in_order(rows, entities, np.array(urgency), len(urgency), stream)]


# Order ---------------------------------------------------------------------------------------------------------------


@given(urgencies, st.randoms(use_true_random=False))
def test_the_most_urgent_go_first_and_ties_go_by_draw_not_by_row(urgency: list[float], chance: random.Random) -> None:
    entities = np.arange(100, 100 + len(urgency), dtype=np.int32)
    served = order(urgency, entities)
    by_hand = sorted(entities.tolist(), key=lambda e: (-urgency[e - 100], luck.uniform(TIE, e)))
    assert served == by_hand
    shuffled = entities.tolist()
    chance.shuffle(shuffled)
    assert order([urgency[e - 100] for e in shuffled], np.array(shuffled, np.int32)) == served


@given(urgencies, st.integers(0, 60))
def test_who_is_called_from_a_line_goes_in_order(urgency: list[float], calls: int) -> None:
    entities = np.arange(100, 100 + len(urgency), dtype=np.int32)
    line, key = line_up(entities, np.array(urgency), len(urgency), TIE)
    left = range(len(urgency), max(len(urgency) - calls, 0), -1)
    called = [int(entities[call_next(line, waiting, key, entities)]) for waiting in left]
    assert called == order(urgency, entities)[:calls]


def test_exact_ties_go_by_child_however_the_rows_lie() -> None:
    stream, children = luck.stream(1, 2, 3), np.array([30, 10, 20], np.int32)
    so_urgent = np.full(3, 1e20)  # that no draw can tell them apart
    for rows in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        lie = np.array(rows, np.int32)
        order = in_order(lie, children[lie], so_urgent, 3, stream)
        assert children[order].tolist() == [10, 20, 30]


def test_rows_are_returned_and_only_the_first_count_of_them() -> None:
    rows = np.array([70, 80, 90, 60], np.int32)
    served = in_order(rows, np.arange(4, dtype=np.int32), np.array([1.0, 3.0, 2.0, 9.0]), 3, TIE)
    assert served.tolist() == [80, 90, 70]
    assert in_order(rows, rows, np.zeros(4), 0, TIE).size == 0


def test_a_tie_is_broken_anew_in_every_week_and_fairly() -> None:
    entities = np.arange(5, dtype=np.int32)
    first = [order([1.0] * 5, entities, np.uint64(luck.stream(1, 0, week)))[0] for week in range(1_000)]
    assert np.bincount(first, minlength=5).min() > 150


def test_a_tie_break_never_outweighs_a_difference_in_urgency() -> None:
    for week in range(100):
        assert order([1.0, 1.0 + 1e-8], np.arange(2, dtype=np.int32), np.uint64(luck.stream(1, 0, week))) == [1, 0]


# Theory --------------------------------------------------------------------------------------------------------------


def test_the_front_door_is_the_discrete_queue_of_theory_and_obeys_littles_law() -> None:
    rate, weeks = 0.8, 6_000
    desk = FrontDoor()
    arrivals = np.random.default_rng(3).poisson(rate, weeks)
    queue = np.zeros(weeks)
    waited = served = 0.0
    child = 0
    for week in range(weeks):
        for _ in range(arrivals[week]):
            child = next(c % 300 for c in range(child + 1, child + 301) if desk.children.stage[c % 300] == 0)
            desk.receive(child, week, source=child % len(Agency))
        desk.triage(week, contacts=1)
        queue[week] = len(desk.waiting)
        waited += desk.tally.waits[Queue.FRONT_DOOR, 0]
        served += desk.screened
    still = sum(weeks - int(desk.cases.contacted[desk.children.case[c]]) for c in desk.waiting)
    assert served + len(desk.waiting) == arrivals.sum()
    assert queue.sum() == waited + still  # Little's law, exactly: each waiting week is counted once
    assert queue.mean() == pytest.approx(rate * waited / served, rel=0.03)
    lindley = np.zeros(weeks)
    for week in range(weeks):
        lindley[week] = max((lindley[week - 1] if week else 0) + arrivals[week] - 1, 0)
    assert (queue == lindley).all()
    assert queue.mean() == pytest.approx(rate**2 / (2 * (1 - rate)), rel=0.2)  # Poisson arrivals, one a week served


@pytest.mark.parametrize("one_desk", [0.0, 0.5, 1.0])
def test_desks_that_are_never_idle_screen_what_they_have_time_for(one_desk: float) -> None:
    """Dividing the desk must cost what queues cost, not what rounding costs: small places would pay most."""
    desk = FrontDoor()
    desk.now.one_desk = one_desk
    total = 0
    for week in range(30):
        for child in range(200):
            desk.receive(child, week, source=child % len(Agency))
        desk.triage(week, contacts=36)
        total += desk.screened
    assert total == pytest.approx(30 * 36, rel=0.025)


def test_one_common_desk_never_leaves_more_waiting_than_separate_ones() -> None:
    common, separate = FrontDoor(), FrontDoor()
    separate.now.one_desk = 0.0
    chance = np.random.default_rng(5)
    shorter = 0
    for week in range(60):
        for child in chance.choice(300, 9, replace=False):
            for desk in (common, separate):
                if child not in desk.waiting:
                    desk.receive(int(child), week, source=int(child) % len(Agency))
        for desk in (common, separate):
            desk.triage(week, contacts=10)
        assert len(common.waiting) <= len(separate.waiting)
        shorter += len(common.waiting) < len(separate.waiting)
    assert shorter > 10


def perceived(one_desk: float, week: int) -> dict[int, set[float]]:
    """Return by agency how children without need are perceived where nothing but the desk errs."""
    desk = FrontDoor(p=changed(evidence.values(), screening_noise=0.0, judgement_noise=0.0))
    desk.now.one_desk, desk.now.common_error = one_desk, 1.0
    desk.now.threshold_referral = -np.inf
    rows = {child: desk.receive(child, week, source=child % len(Agency)) for child in range(50)}
    desk.triage(week, contacts=500)
    assert desk.screened == 50
    return {agency: {float(desk.cases.perceived[r]) for c, r in rows.items() if c % 5 == agency} for agency in Agency}


def test_one_desk_errs_the_same_way_for_everybody_and_separate_desks_each_in_their_own() -> None:
    common, separate = perceived(1.0, 13), perceived(0.0, 13)
    assert len(set().union(*common.values())) == 1
    assert all(len(errors) == 1 for errors in separate.values())
    assert len(set().union(*separate.values())) == len(Agency)


def test_one_desk_errs_as_much_as_each_of_several() -> None:
    weeks = range(0, 13 * 60, 13)
    spread = {d: np.std([e for w in weeks for s in perceived(d, w).values() for e in s]) for d in (0.0, 1.0)}
    assert spread[1.0] == pytest.approx(spread[0.0], rel=0.25)
    assert spread[0.0] > 0.05


def ended_at_once(lower: float) -> tuple[int, int]:
    """Return how many are referred, and of how many the referral ends, where that level lies lower than the desk's."""
    desk = FrontDoor()
    desk.now.threshold_referral, desk.now.threshold_no_further_action = 2.0, 2.0 - lower
    random = np.random.default_rng(4)
    desk.children.need_safety[:] = random.normal(1.5, 1.0, 300)
    for child in range(300):
        desk.receive(child, 0, source=child % len(Agency), severity=random.normal(2.0, 0.5))
    desk.triage(1, contacts=300)
    flows = desk.tally.flows
    referred = flows[Flow.REFERRALS_FROM_SCHOOLS : Flow.REFERRALS_FROM_SCHOOLS + len(Agency)].sum()
    return int(referred), int(flows[Flow.REFERRALS_NO_FURTHER_ACTION])


def test_a_lower_level_of_assessment_ends_fewer_referrals_and_never_all_at_once() -> None:
    """Whoever decides on a referral looks again: even below the desk's own level some end there, and ever fewer."""
    ended = [ended_at_once(lower) for lower in (-0.5, 0.0, 0.25, 0.5, 3.0)]
    assert len({referred for referred, _ in ended}) == 1
    counts = [count for _, count in ended]
    assert all(more > less for more, less in itertools.pairwise(counts))
    assert counts[-1] == 0
