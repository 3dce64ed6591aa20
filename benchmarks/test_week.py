"""One week of a whole authority, for ``make bench``: with and without the weekly proof that everything is conserved."""

from typing import Any

import pytest

from ecology import Locality, Scenario

CHILDREN = 20_000


@pytest.fixture(scope="module", name="place")
def _place() -> Locality:
    scenario = Scenario.load("orchestrated", children=CHILDREN, past_years=2, years=2)
    return Locality(scenario, seed=1).run_past().run(weeks=1)


@pytest.mark.parametrize("check", [True, False], ids=["checked", "unchecked"])
def test_a_week(benchmark: Any, place: Locality, check: bool) -> None:
    place.check = check
    benchmark.pedantic(place.step, rounds=40)
    assert place.week > place.scenario.switch_week


def test_building_a_place(benchmark: Any, place: Locality) -> None:
    built = benchmark.pedantic(lambda: Locality(place.scenario, seed=2), rounds=3)
    assert built.tables["children"].present.sum() > 0.9 * CHILDREN
