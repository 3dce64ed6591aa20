"""Reviews of children in need: when they fall, and how long an episode is said to have lasted when it ends."""

import numpy as np
import pytest

from ecology import Locality
from ecology.ledger import new_tally
from ecology.vocabulary import LONG_AGO, WEEKS_A_YEAR, Flow, Stage
from ecology.week.casefile import end_episode, enter
from tests.desks import FrontDoor
from tests.places import at_switch, scenario

UNASKED = {"drift_check_a_week": 0.0, "concern_brings_review": 3.0}
"""Hardly anything but time brings a review."""


def in_need(place: Locality) -> dict[tuple[int, int], int]:
    """Return by child in need, and the week since when it is, the week in which it is reviewed next."""
    children, cases = place.tables["children"], place.tables["cases"]
    rows = np.flatnonzero(cases.present == 1)
    rows = rows[children.stage[cases.child[rows]] == Stage.CHILD_IN_NEED]
    return {(int(cases.child[r]), int(children.stage_since[cases.child[r]])): int(cases.review_due[r]) for r in rows}


@pytest.mark.parametrize("weeks", [3, 6])
def test_a_child_in_need_is_reviewed_soon_and_then_every_quarter(weeks: int) -> None:
    place = at_switch(scenario(parameters={**UNASKED, "weeks_first_review_in_need": weeks}))
    later = int(place.p.weeks_review_in_need)
    before, first, after = in_need(place), [], []
    for _ in range(30):
        week = place.week
        place.step()
        now = in_need(place)
        first += [due - since for (_, since), due in now.items() if since == week]
        after += [due - week for known, due in now.items() if known in before and due > before[known]]
        before = now
    assert len(first) > 20 and set(first) == {weeks}
    assert len(after) > 20 and set(after) == {later}


@pytest.mark.parametrize(
    ("weeks", "flow"),
    [
        (WEEKS_A_YEAR - 1, None),
        (WEEKS_A_YEAR, Flow.IN_NEED_ENDED_AFTER_1_YEAR),
        (2 * WEEKS_A_YEAR - 1, Flow.IN_NEED_ENDED_AFTER_1_YEAR),
        (2 * WEEKS_A_YEAR, Flow.IN_NEED_ENDED_AFTER_2_YEARS),
    ],
)
def test_an_episode_lasts_from_the_referral_to_the_closure(weeks: int, flow: Flow | None) -> None:
    desk, tally, referred = FrontDoor(children_number=1), new_tally(), 10
    row = desk.receive(0, referred)
    enter(0, Stage.CHILD_IN_NEED.value, desk.children, referred + 6)
    desk.cases.referred[row], desk.cases.opened[row] = referred, referred + 6
    end_episode(row, desk.children, desk.cases, tally.flows, referred + weeks)
    told = {Flow.IN_NEED_ENDED_AFTER_1_YEAR, Flow.IN_NEED_ENDED_AFTER_2_YEARS}
    assert {f for f in told if tally.flows[f] == 1} == ({flow} if flow is not None else set())
    assert tally.flows[Flow.IN_NEED_EPISODES_ENDED] == 1
    assert desk.cases.opened[row] == LONG_AGO
