"""The placement market (MODEL 4.9): who is placed where, prices and distance under shortage, competition."""

import numpy as np
import pytest

from ecology import Locality, evidence, market, tables
from ecology.clauses import ANCHOR_WEEK
from ecology.rules import care
from ecology.tables import Conditions, Pools, Providers
from ecology.vocabulary import Cadre, Placement
from ecology.vocabulary_of_bodies import Service
from tests.places import assert_alive, at_switch, changed, lived, scenario, total

P = evidence.values()
YEAR = 52


def placed(foster: int, residential: int) -> np.ndarray:
    counts = np.zeros(len(Placement), np.int64)
    counts[Placement.FOSTER], counts[Placement.RESIDENTIAL] = foster, residential
    return counts


def after(years: int, foster: int, residential: int, **numbers: float) -> tuple[Providers, Conditions]:
    p = changed(P, **numbers)
    table = market.new_table(placed(100, 20), 0, p)
    conditions: Conditions = tables.empty(Conditions, 1)
    pools: Pools = tables.empty(Pools, len(Cadre))
    for week in range(years * YEAR):
        market.market_moves(table, placed(foster, residential), pools, conditions, week, p)
    return table, conditions


def test_a_steady_market_keeps_its_prices_and_the_usual_distance() -> None:
    table, conditions = after(3, 100, 20)
    assert table.price == pytest.approx(np.ones(len(Service)))
    assert conditions.far_placements[0] == pytest.approx(float(P.far_usual))


def test_shortage_drives_price_and_distance_until_supply_has_followed() -> None:
    early, far = after(2, 130, 30)
    assert early.price[Service.RESIDENTIAL_CARE] > 1.0
    assert far.far_placements[0] > float(P.far_usual)
    late, eased = after(30, 130, 30)
    assert late.price[Service.RESIDENTIAL_CARE] < early.price[Service.RESIDENTIAL_CARE]
    assert eased.far_placements[0] == pytest.approx(float(P.far_usual), rel=0.01)
    assert late.capacity[Service.RESIDENTIAL_CARE] == pytest.approx(30 / float(P.usual_occupancy), rel=0.01)
    bounded, _ = after(2, 1000, 500)
    assert bounded.price.max() == float(P.price_highest)  # the named brake


def test_a_settled_market_forgets_a_shortage() -> None:
    table, _ = after(2, 130, 30)
    market.settle(table, placed(130, 30), 2 * YEAR, P)
    fresh = market.new_table(placed(130, 30), 2 * YEAR, P)
    assert (table.price == 1.0).all()
    assert (table.capacity[list(market.BOUGHT)] == fresh.capacity[list(market.BOUGHT)]).all()
    assert table.contract_until.min() == 3 * YEAR


def test_no_shortage_of_the_past_is_taken_for_the_usual_price_of_care() -> None:
    few = {"looked_after_at_start": 20.0, "price_from_shortage": 5.0}
    place = Locality(scenario(authority="England", children=6000, past_years=4, parameters=few), seed=1)
    while place.week < ANCHOR_WEEK:
        place.step()
    assert place.tables["providers"].price.max() > 1.1  # more children in care than there were places for
    place.step()
    assert (place.tables["providers"].price == 1.0).all()


def care_prices(pressure: str, growth: float) -> tuple[float, float]:
    """Return the price of a week of care at the switch and two years later."""
    place = at_switch(scenario(pressure=pressure, years=2, parameters={"care_cost_growth_a_year": growth}))
    start = float(place.tables["conditions"].care_price[0])
    return start, float(place.run().tables["conditions"].care_price[0])


def test_care_grows_dearer_by_itself_unless_budgets_are_held() -> None:
    start, end = care_prices("both", 0.02)
    assert end == pytest.approx(start * 1.02**2)
    assert care_prices("both", 0.0)[0] == pytest.approx(start / 1.02, rel=0.001)  # from the year before the switch on
    for held in ("none", "rising_demand"):
        start, end = care_prices(held, 0.02)
        assert end == pytest.approx(start * 1.02 ** (1 / YEAR))


def test_where_care_grows_dearer_less_is_left_for_early_help() -> None:
    still, dearer = (lived(scenario(children=6000, parameters={"care_cost_growth_a_year": g})) for g in (0.0, 0.025))
    assert_alive(still, dearer)
    assert total(dearer, "pounds_authority_looked_after") > 1.005 * total(still, "pounds_authority_looked_after")
    assert total(dearer, "pounds_authority_early_help") < total(still, "pounds_authority_early_help")


def test_own_foster_homes_fill_first_and_agencies_cost_more() -> None:
    table, _ = after(1, 130, 20)
    assert table.used[Service.OWN_FOSTER_CARE] == pytest.approx(100 * (1 - float(P.agency_foster_share)))
    assert market.price_of(table, Placement.FOSTER, P) > 1.0
    assert market.price_of(table, Placement.FAMILY_OR_FRIENDS, P) == 1.0


def test_children_in_care_move_and_more_often_far_from_home() -> None:
    near, far = (
        lived(scenario(children=6000, parameters={"far_usual": share, "far_from_shortage": 0.0, "moves_more_far": 1.5}))
        for share in (0.05, 0.3)
    )
    assert_alive(near, far)
    assert total(far, "sum_in_care_far") > total(near, "sum_in_care_far") > 0.0
    assert total(far, "flow_placement_moves") >= total(near, "flow_placement_moves") > 0.0
    moving = [care.chance_of_moving(is_far, P) for is_far in (False, True)]
    assert moving[1] == pytest.approx((1.0 + P.moves_more_far) * moving[0])
    assert moving[0] > 0.0 < P.moves_more_far


def test_providers_get_better_only_where_several_commissioners_choose_and_their_bids_take_time() -> None:
    for competition, better in ((1.0, True), (0.0, False)):
        table = market.new_table(placed(100, 20), 0, P)
        for _ in range(5 * YEAR):
            quality = market.quality_competes(table, competition, P)
        assert (quality > 1.0) is better
        assert quality <= 1.0 + float(P.voluntary_share * P.competition_gain)
    apart, together = lived(scenario()), lived(scenario("orchestrated"))
    assert total(apart, "asked_minutes_tendering") > total(together, "asked_minutes_tendering")
