"""Packages: who puts services together, in what order, how many a week, and what happens to those that wait."""

import numpy as np
import pytest

from ecology import Locality
from ecology.vocabulary import (
    Flow,
    Package,
)
from ecology.week import front_door, packages
from tests.places import at_switch, scenario
from tests.test_direction import copied, never_falls, room


@pytest.fixture(name="place")
def _place() -> Locality:
    """Return a living place a week after the switch."""
    return at_switch(scenario("orchestrated")).run(1)


def packages_agreed(place: Locality, **settings: float) -> int:
    t, now = copied(place), place.now.copy()
    for name, value in settings.items():
        setattr(now, name, value)
    t["cases"].package[t["cases"].present == 1] = Package.NOT_NEEDED
    t["tally"].flows[:] = 0
    packages.packages_are_agreed(
        t["children"], t["cases"], t["conditions"], t["tally"], *room(place), place.seed, place.week, now, place.p
    )
    return int(t["tally"].flows[Flow.PACKAGES_AGREED])


def test_more_time_of_the_one_who_decides_and_easier_agreement_never_mean_fewer_packages(place: Locality) -> None:
    assert never_falls([packages_agreed(place, hub=1.0, hub_decisions=n) for n in range(0, 40, 4)])
    assert never_falls([packages_agreed(place, hub=0.0, chance_of_agreement=chance) for chance in (0.0, 0.2, 0.5, 1.0)])
    assert packages_agreed(place, hub=1.0, hub_decisions=0.0) == 0


def test_who_decides_without_sight_takes_others_than_the_gravest_first(place: Locality) -> None:
    place.now.hub, place.now.hub_decisions = 1.0, 3.0

    def gravity(noise: float) -> float:
        t = copied(place)
        place.now.sight_noise = noise
        there = np.flatnonzero(t["cases"].present)
        t["cases"].package[there] = Package.NOT_NEEDED
        packages.packages_are_agreed(
            t["children"], t["cases"], t["conditions"], t["tally"], *room(place), place.seed, place.week, place.now,
            place.p,
        )  # fmt: skip
        chosen = t["cases"].child[there[t["cases"].package[there] == Package.AGREED]]
        assert chosen.size == 3
        return sum(front_door.true_severity(child, t["children"], place.week, place.p) for child in chosen)

    assert gravity(0.0) > gravity(5.0)


def test_agencies_settle_what_has_waited_too_long_for_the_one_who_decides(place: Locality) -> None:
    """A panel without an end to its queue would make orchestration look worse than anybody would let it become."""
    place.now.hub, place.now.hub_decisions, place.now.chance_of_agreement = 1.0, 0.0, 1.0

    def settled(weeks_waited: int) -> tuple[int, int, float]:
        t = copied(place)
        there = t["cases"].present == 1
        t["cases"].package[there], t["cases"].package_since[there] = Package.WAITING, place.week - weeks_waited
        t["tally"].flows[:], t["tally"].asked[:] = 0, 0.0
        packages.packages_are_agreed(
            t["children"], t["cases"], t["conditions"], t["tally"], *room(place), place.seed, place.week, place.now,
            place.p,
        )  # fmt: skip
        waiting = int(t["conditions"].packages_waiting[0])
        return int(t["tally"].flows[Flow.PACKAGES_AGREED]), waiting, float(t["tally"].asked.sum())

    longest = int(place.p.weeks_for_the_panel)
    agreed, waiting, asked = settled(longest)
    assert agreed == 0 < waiting and asked == 0.0
    agreed, still_waiting, asked = settled(longest + 1)
    assert agreed == waiting and still_waiting == 0 and asked > 0.0  # their own negotiating costs what it costs


def test_the_one_who_decides_has_no_more_time_than_is_paid_for(place: Locality) -> None:
    """An hour and a fifth of decisions a week are 1.2 decisions a week, not 2."""
    t = place.tables
    place.now.hub, place.now.hub_decisions = 1.0, 1.2
    decided = 0
    for seed in range(50):
        t["cases"].package[t["cases"].present == 1] = Package.NOT_NEEDED
        t["tally"].flows[:] = 0
        packages.packages_are_agreed(
            t["children"], t["cases"], t["conditions"], t["tally"], *room(place), seed, place.week, place.now, place.p
        )
        decided += int(t["tally"].flows[Flow.PACKAGES_AGREED])
    assert decided == pytest.approx(60, abs=12)
