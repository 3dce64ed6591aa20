"""Shapley shares, break-even values and extremes on functions whose answers are known."""

import zlib
from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecology.errors import BadInput
from ecology.evidence import register
from ecology.lever_tables import failure_modes, lever_values, levers
from experiments.analysis import attribution, survival
from experiments.analysis.adversarial import budget, search
from experiments.analysis.attribution import TOTAL
from experiments.analysis.break_even import CROSSES, NEVER, UNCLEAR, break_even
from experiments.analysis.settings import data, table
from experiments.analysis.study_break_even import costs
from experiments.analysis.survival import ALL_MODES, OFF, USUAL, WORST

LUCK = np.random.default_rng(1).normal(size=10)


def by_every_order(values: Mapping[tuple[int, ...], float], number: int) -> np.ndarray:
    """Return Shapley values from their definition: the mean gain over all orders."""
    gains = np.zeros(number)
    orders = list(permutations(range(number)))
    for order in orders:
        for k, player in enumerate(order):
            gains[player] += values[tuple(sorted(order[: k + 1]))] - values[tuple(sorted(order[:k]))]
    return gains / len(orders)


@given(st.integers(1, 5), st.integers(0, 10**6))
def test_exact_shares_are_those_of_the_definition_and_add_up(number: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(1 << number, 3))
    shares = attribution.exact(values)
    assert shares.sum(axis=0) == pytest.approx(values[-1] - values[0])
    known = dict(zip(attribution.coalitions(number), values[:, 0], strict=True))
    assert shares[:, 0] == pytest.approx(by_every_order(known, number))


def test_a_player_that_does_nothing_gets_nothing_and_equal_players_get_the_same() -> None:
    def value(members: tuple[int, ...]) -> float:
        return 6.0 if {0, 1} <= set(members) else 0.0

    shares = attribution.exact(np.array([[value(c)] for c in attribution.coalitions(3)]))
    assert shares[:, 0] == pytest.approx([3.0, 3.0, 0.0])


def test_sampled_shares_add_up_in_every_draw_and_come_near_the_exact_ones() -> None:
    rng = np.random.default_rng(3)
    known = dict(zip(attribution.coalitions(5), rng.normal(size=32), strict=True))
    drawn = attribution.orders(5, 400)
    shares = attribution.sampled([known] * 400, drawn)
    assert shares.sum(axis=0) == pytest.approx(known[(0, 1, 2, 3, 4)] - known[()])
    rows = attribution.shares_table("abcde", shares, "lower", 0.0).set_index("lever")
    exact = attribution.exact(np.array(list(known.values()))[:, None])[:, 0]
    for name, truth in zip("abcde", exact, strict=True):
        assert rows["low"][name] <= truth <= rows["high"][name]
    assert (drawn[:, 1] == drawn[:, 0, ::-1]).all()


def test_the_table_has_the_total_and_adjusted_levels() -> None:
    shares = np.array([-4.0, -1.0, 0.0])[:, None] + 0.1 * LUCK
    rows = attribution.shares_table(["big", "small", "none"], shares, "lower", 0.05).set_index("lever")
    assert list(rows.index) == ["big", "small", "none", TOTAL]
    assert rows["mean"][TOTAL] == pytest.approx(rows["mean"][["big", "small", "none"]].sum())
    assert rows["percent_of_total"][["big", "small", "none"]].sum() == pytest.approx(100)
    assert rows["level"]["big"] == pytest.approx(1 - 0.05 / 3) and rows["level"][TOTAL] == 0.95
    assert rows["verdict"]["big"] == "better" and rows["n"]["big"] == 10
    unclear = attribution.shares_table(["a"], LUCK[None, :], "lower", 0.0)
    assert unclear["percent_of_total"].isna().all()


def test_every_lever_that_differs_between_presets_stands_in_one_group() -> None:
    differing = attribution.players(lever_values("fragmented", {}), lever_values("orchestrated", {}))
    assert set(differing) == {name for name, lever in levers().items() if lever.active}
    groups = attribution.grouped(differing, data("lever_groups.toml"))
    assert len(groups) == 8 and sorted(name for of in groups.values() for name in of) == sorted(differing)


@pytest.mark.parametrize(
    ("groups", "complaint"),
    [
        ({"a": ["tempo"]}, "decision_hub stands in no group"),
        ({"a": ["tempo", "decision_hub"], "b": ["tempo"]}, "tempo stands in a and in b"),
        ({"a": ["tempi"]}, "'tempi': no such lever"),
    ],
)
def test_groups_that_do_not_hold_each_lever_once_are_refused(groups: dict[str, list[str]], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        attribution.grouped(("decision_hub", "tempo"), groups)


def test_what_cannot_be_shared_out_is_refused() -> None:
    same = lever_values("fragmented", {})
    with pytest.raises(BadInput, match="no difference to share out"):
        attribution.players(same, same)
    with pytest.raises(BadInput, match="3 coalitions"):
        attribution.exact(np.zeros((3, 2)))
    many = {name: [name] for name in levers()}
    with pytest.raises(BadInput, match="13 groups mean 8192 coalitions"):
        attribution.grouped(tuple(levers()), many)


def test_each_failure_mode_has_its_worst_case_inside_the_ranges() -> None:
    worst = survival.worst()
    assert set(worst) == set(failure_modes())
    for parameters in worst.values():
        assert parameters
        for name, value in parameters.items():
            assert value in register()[name].range and value != register()[name].value, name
    assert all(told["why"] for told in data("failure_modes.toml").values())
    cases = survival.cases()
    assert len(cases) == 1 + 2 * len(worst) + 2
    assert cases["gaming", OFF] == ({"gaming": False}, {})
    assert cases[ALL_MODES, USUAL] == ({}, {})


def test_what_survives_is_told_with_the_change_and_its_interval() -> None:
    cases = {
        (ALL_MODES, USUAL): -10 + LUCK, ("bottleneck", OFF): -15 + LUCK, ("bottleneck", WORST): LUCK - LUCK.mean(),
        ("gaming", WORST): 5 + LUCK,
    }  # fmt: skip
    rows = survival.survival_table(cases, "lower", 0.1).set_index(["mode", "state"])
    assert rows["verdict"].tolist() == ["still better", "still better", "sign unclear", "worse"]
    assert rows["change"].tolist() == pytest.approx([0, -5, 10 - LUCK.mean(), 15])
    assert rows["change_low"]["gaming", WORST] == pytest.approx(15)  # the luck is the same in both
    usual = rows["mean"][ALL_MODES, USUAL]
    assert rows["percent_left"]["bottleneck", OFF] == pytest.approx(100 * (usual - 5) / usual)


@pytest.mark.parametrize("slope", [3.0, -3.0])
def test_the_break_even_of_a_line_has_the_interval_of_its_luck(slope: float) -> None:
    found = break_even(lambda x: slope * (x - 4) + LUCK, 0, 10)
    assert found.standing == CROSSES and found.value is not None
    truth = 4 - LUCK.mean() / slope
    half = 2.262 * LUCK.std(ddof=1) / np.sqrt(10) / abs(slope)
    assert found.value == pytest.approx(truth, abs=0.2)
    assert (found.low, found.high) == pytest.approx((truth - half, truth + half), abs=0.2)
    assert len(found.tried) < 20 and {0.0, 10.0} <= set(found.tried)


def test_break_even_says_when_there_is_none_or_nothing_can_be_told() -> None:
    assert break_even(lambda x: 5 + x + LUCK, 0, 10).standing == NEVER
    assert break_even(lambda x: -5 - x + LUCK, 0, 10).standing == NEVER
    nowhere = break_even(lambda x: 0.02 * (x - 5) + LUCK, 0, 10)
    assert nowhere.standing == UNCLEAR and nowhere.value is None and len(nowhere.tried) == 2
    near_the_end = break_even(lambda x: x - 0.1 - LUCK.mean() + LUCK, 0, 10)
    assert near_the_end.standing == CROSSES and near_the_end.low == -np.inf and np.isfinite(near_the_end.high)
    with pytest.raises(BadInput, match="no width"):
        break_even(lambda x: LUCK, 1, 1)
    with pytest.raises(BadInput, match="two or more finite differences"):
        break_even(lambda x: LUCK * np.nan, 0, 1)


def test_the_interval_of_a_break_even_covers_the_truth() -> None:
    luck, covered = np.random.default_rng(7), 0
    for _ in range(200):
        noise = luck.normal(size=8)
        found = break_even(lambda x, noise=noise: 2 * (x - 5) + noise, 0, 10)  # type: ignore[misc]
        covered += found.low <= 5 <= found.high
    assert covered >= 180


def test_every_cost_is_of_governance_and_can_vary() -> None:
    assert "minutes_line_of_sight" in costs() and "chance_of_agreement" not in costs()
    assert all(p.governance and p.role == "cost" for p in costs().values())


def test_the_search_finds_both_extremes_within_its_budget() -> None:
    lived = 0

    def evaluate(worlds: np.ndarray, judged: bool) -> np.ndarray:
        nonlocal lived
        assert ((worlds >= 0) & (worlds <= 1)).all()
        noise = np.random.default_rng(judged).normal(size=20 if judged else 4)
        lived += len(worlds) * len(noise)
        return ((worlds - 0.3) ** 2).sum(axis=1)[:, None] + 0.05 * noise

    lowest, highest = search(evaluate, 6)
    assert lived <= budget()
    assert lowest.judged.mean() < 0.1 and highest.judged.mean() > 0.6 * 6 * 0.49
    assert np.abs(lowest.world - 0.3).max() < 0.3
    again, _ = search(evaluate, 6)
    assert (again.world == lowest.world).all()
    with pytest.raises(BadInput, match="not a number"):
        search(lambda worlds, judged: np.full((len(worlds), 2), np.nan), 3)


def test_the_search_keeps_the_best_world_it_has_met() -> None:
    """In a landscape without any slope the last worlds are no better than the first."""
    means: list[float] = []

    def evaluate(worlds: np.ndarray, judged: bool) -> np.ndarray:
        found = np.array([np.random.default_rng(zlib.crc32(world.tobytes())).normal(size=2) for world in worlds])
        if not judged:
            means.extend(found.mean(axis=1))
        return found

    lowest, highest = search(evaluate, 4)
    start, sides = means[: -2 * 16 * 8], (means[-2 * 16 * 8 : -16 * 8], means[-16 * 8 :])
    assert lowest.searched.mean() == min(*start, *sides[0])
    assert highest.searched.mean() == max(*start, *sides[1])


def test_every_setting_has_a_value_and_a_reason() -> None:
    for topic in table().values():
        for name, told in topic.items():
            assert set(told) == {"value", "why"} and told["why"].strip(), name
