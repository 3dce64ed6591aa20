"""Direction: with everything else frozen and luck shared, more never does less."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from ecology import Locality, population, tables
from ecology.vocabulary import (
    NOBODY,
    SECONDS_AN_HOUR,
    Agency,
    Cadre,
    Cause,
    Domain,
    Flow,
    Purpose,
    Stage,
    words,
)
from ecology.week import casework, helping, living, noticing, waiting
from tests.desks import FrontDoor
from tests.places import at_switch, changed, scenario


@pytest.fixture(name="place")
def _place() -> Locality:
    """Return a living place a week after the switch: its settings are set and it can be taken apart."""
    return at_switch(scenario("orchestrated")).run(1)


def copied(place: Locality) -> dict[str, Any]:
    """Return a copy of all tables: what is tried on it leaves the place as it is."""
    return tables.copy(place.tables)


def room(place: Locality) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = place.tables["cases"].present.size
    return np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)


def never_falls(values: Sequence[Any]) -> bool:
    """Return whether values never fall, and rise over all of them."""
    return all(a <= b for a, b in itertools.pairwise(values)) and values[0] < values[-1]


def never_rises(values: Sequence[Any]) -> bool:
    return never_falls([-value for value in values])


# Staff ---------------------------------------------------------------------------------------------------------------


def test_more_time_at_the_front_door_never_leaves_more_waiting_in_any_week() -> None:
    desks = [FrontDoor() for _ in range(5)]
    random = np.random.default_rng(2)
    for week in range(40):
        children = random.choice(300, random.poisson(9), replace=False)
        severity = random.normal(1.0, 1.0, 300)
        for capacity, desk in enumerate(desks, start=6):
            for child in set(children.tolist()) - desk.waiting:
                desk.receive(child, week, source=child % len(Agency), severity=severity[child])
            desk.triage(week, contacts=capacity)
        assert all(len(a.waiting) >= len(b.waiting) for a, b in itertools.pairwise(desks))
    assert len(desks[0].waiting) > len(desks[-1].waiting)


@pytest.mark.parametrize("one_desk", [0.0, 0.5, 1.0])
def test_more_time_at_the_front_door_screens_everybody_whom_less_would(one_desk: float) -> None:
    left = []
    for capacity in range(0, 70, 5):
        desk = FrontDoor()
        desk.now.one_desk = one_desk
        for child in range(60):
            desk.receive(child, 0, source=child % len(Agency), severity=(child * 7 % 11) / 5.0)
        desk.triage(1, contacts=capacity)
        left.append(desk.waiting)
    assert all(b <= a for a, b in itertools.pairwise(left))
    assert (len(left[0]), len(left[-1])) == (60, 0)


def unallocated(place: Locality, workers: int) -> int:
    """Return how many children wait for a worker if only so many are in post and everybody must be allocated anew."""
    t = copied(place)
    t["cases"].worker[:] = NOBODY
    staff = np.flatnonzero(t["social_workers"].present)
    t["social_workers"].present[staff[workers:]] = 0
    waiting, _ = casework.allocate(
        t["children"], t["families"], t["cases"], t["social_workers"], t["neighbourhoods"], t["tally"], *room(place),
        place.seed, place.week, place.now, place.p,
    )  # fmt: skip
    return waiting


def test_more_social_workers_never_leave_more_children_without_one(place: Locality) -> None:
    place.p = changed(place.p, weeks_unallocated_at_most=1_000, caseload_full=12)
    place.now.across_teams = 1.0
    posts = int(place.tables["social_workers"].present.sum())
    left = [unallocated(place, workers) for workers in range(posts + 1)]
    assert never_rises(left)
    in_episode = (place.tables["children"].stage >= Stage.ASSESSMENT) & (place.tables["children"].present == 1)
    assert left[0] == in_episode.sum()


def early_help_started(place: Locality, posts: float) -> int:
    t = copied(place)
    t["pools"].fte[Cadre.FAMILY_SUPPORT_WORKER] = posts
    waits = np.flatnonzero(t["cases"].early_help_until > place.week)  # everybody starts again from the waiting list
    t["cases"].early_help_until[waits] = place.week
    t["cases"].early_help_waiting[waits] = place.week - 10
    t["tally"].flows[:] = 0
    waiting.waiting_lists_move(
        t["children"], t["families"], t["cases"], t["neighbourhoods"], t["pools"], t["tally"], *room(place),
        place.seed, place.week, place.now, place.p,
    )  # fmt: skip
    return int(t["tally"].flows[Flow.EARLY_HELP_STARTED])


def test_more_places_in_early_help_never_mean_fewer_starts(place: Locality) -> None:
    assert never_falls([early_help_started(place, posts) for posts in np.linspace(0.0, 8.0, 17)])
    assert early_help_started(place, 0.0) == 0


# Returns and requests ------------------------------------------------------------------------------------------------


def time_left(place: Locality, returns: float) -> np.ndarray:
    """Return by cadre the time left of a week in which so many hours of returns were asked of each post."""
    t = copied(place)
    t["tally"].asked[:] = 0.0
    t["tally"].asked[:, Cause.STATUTORY_RETURNS] = returns * SECONDS_AN_HOUR * t["pools"].fte
    t["tally"].seconds[:] = 0
    helping.pools_open_the_week(t["pools"], t["tally"], place.now, place.p)
    left = t["pools"].seconds_left.copy()
    casework.social_workers_work(
        t["children"], t["cases"], t["social_workers"], t["tally"], place.seed, place.week, place.now, place.p
    )
    left[Cadre.SOCIAL_WORKER] = t["tally"].seconds[Cadre.SOCIAL_WORKER, Purpose.DIRECT].sum()
    return np.asarray(left)


def test_fewer_returns_never_leave_less_time_for_children_in_any_cadre(place: Locality) -> None:
    left = np.array([time_left(place, returns) for returns in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)])
    for cadre in Cadre:
        assert never_rises(list(left[:, cadre])), cadre
    assert (left >= 0).all()


# Thresholds ----------------------------------------------------------------------------------------------------------


def referred(threshold: float) -> set[int]:
    """Return who is referred by a desk that hears of the same children and refers from this threshold on."""
    desk = FrontDoor()
    desk.now.threshold_referral = threshold
    desk.now.threshold_no_further_action = threshold + 0.5
    random = np.random.default_rng(4)
    desk.children.need_safety[:] = random.normal(1.5, 1.0, 300)
    for child in range(200):
        desk.receive(child, 0, source=child % len(Agency), severity=random.normal(2.0, 0.5))
    desk.triage(1, contacts=150)
    assert desk.screened == 150
    return set(np.flatnonzero(desk.children.last_referral == 1).tolist())


def test_higher_thresholds_never_mean_more_referrals_of_the_same_children() -> None:
    groups = [referred(threshold) for threshold in np.linspace(0.0, 4.0, 9)]
    assert all(higher <= lower for lower, higher in itertools.pairwise(groups))
    assert len(groups[0]) > 100 > 10 > len(groups[-1])


def contacts(place: Locality, higher: float) -> np.ndarray:
    """Return by agency how many contacts follow from the same noticed children with thresholds this much higher."""
    t = copied(place)
    noticed = np.zeros((t["children"].present.size, 2), np.int32)
    t["tally"].flows[:] = 0
    everybody = np.flatnonzero(t["children"].present)
    population.room_for_concerns(t, everybody.size)
    noticed[: everybody.size, 0] = everybody
    noticed[: everybody.size, 1] = everybody % len(Agency)
    noticing.agencies_act_or_pass_on(
        noticed, everybody.size, np.full(len(Agency), 1.0 + higher), np.full(len(Agency), np.inf), t["children"],
        t["families"], t["cases"], t["fixtures"].free_cases, t["pools"], t["schools"], t["tally"].flows,
        t["tally"].waits, place.seed, place.week, place.now, place.p,
    )  # fmt: skip
    first = int(Flow.CONTACTS_FROM_SCHOOLS)
    return np.array(t["tally"].flows[first : first + len(Agency)])


def test_higher_thresholds_of_agencies_never_mean_more_contacts_about_the_same_children(place: Locality) -> None:
    counts = np.array([contacts(place, higher) for higher in (1.0, 1.5, 2.0, 3.0, 20.0)])
    for agency in Agency:
        assert never_rises(list(counts[:, agency])), agency
    assert not counts[-1].any()


# Need and help -------------------------------------------------------------------------------------------------------


def needs_after(place: Locality, k: float) -> np.ndarray:
    t = copied(place)
    living.need_drifts(t["children"], t["families"], place.seed, place.week, k, place.p)
    children = t["children"]
    return np.array([getattr(children, f"need_{words(domain)}")[children.present == 1] for domain in Domain])


def test_interdependence_never_lowers_anybodys_need(place: Locality) -> None:
    needs = [needs_after(place, k) for k in (0.0, 0.5, 1.0)]
    assert (needs[1] >= needs[0]).all()
    assert (needs[2] >= needs[1]).all()
    assert (needs[1] > needs[0]).mean() > 0.3


def needs_helped(place: Locality, hours: float, k: float = 0.5) -> np.ndarray:
    """Return needs after a week of help with so many hours for everybody known."""
    t, now = copied(place), place.now.copy()
    now.k = k
    helped = t["cases"].present == 1
    t["cases"].direct_seconds[helped] = int(hours * SECONDS_AN_HOUR)
    t["cases"].early_help_until[helped] = place.week + 10
    helping.help_acts(
        t["children"], t["families"], t["cases"], t["social_workers"], np.full(len(Cadre), hours),
        np.full(t["schools"].present.size, hours), place.week, now, place.p,
    )  # fmt: skip
    return np.array([getattr(t["children"], f"need_{words(domain)}") for domain in Domain])


def test_more_hours_of_help_never_leave_more_need_and_interdependence_never_makes_help_work_better(
    place: Locality,
) -> None:
    needs = [needs_helped(place, hours) for hours in (0.0, 0.5, 1.0, 4.0)]
    for less, more in itertools.pairwise(needs):
        assert (more <= less).all()
        assert (more < less).sum() > 50
    assert (needs_helped(place, 1.0, k=1.0) >= needs_helped(place, 1.0, k=0.0)).all()


def test_every_section_47_enquiry_asks_for_the_police(place: Locality) -> None:
    enquiries = police = 0.0
    for _ in range(80):
        place.step()
        enquiries += place.tables["tally"].flows[Flow.SECTION_47_ENQUIRIES]
        police += place.tables["tally"].seconds[Cadre.POLICE_PROTECTION, :, Cause.SECTION_47].sum()
    assert enquiries > 10
    assert police / SECONDS_AN_HOUR / place.p.hours_police_task == pytest.approx(enquiries, rel=0.2)
