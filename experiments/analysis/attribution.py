"""Which levers carry the difference between two regimes: Shapley shares, which add up to the difference exactly.

A lever's effect depends on which other levers are already moved. Its Shapley share is the mean of its effect over all
orders in which the levers could be moved. Over at most eight groups every coalition is run and the shares are exact for
each seed; over single levers orders are drawn, each with its mirror image, and the interval says what that costs.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import factorial

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from experiments.analysis.settings import setting
from experiments.statistics import interval, verdict

_PERCENT = 100
TOTAL = "all together"
COLUMNS = ["lever", "mean", "low", "high", "level", "percent_of_total", "verdict", "n"]


def players(first: Mapping[str, float], second: Mapping[str, float]) -> tuple[str, ...]:
    """Return the levers that differ between two regimes. Raises BadInput if none does."""
    differing = tuple(name for name in first if first[name] != second[name])
    if not differing:
        raise BadInput("these two regimes have the same levers, so that there is no difference to share out.")
    return differing


def grouped(differing: Sequence[str], groups: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the groups of those levers that differ. Raises BadInput if one stands in no group, in two, or is unknown.

    Groups none of whose levers differ are left out; more than the setting's number are refused, because every
    coalition is run.
    """
    from ecology.errors import no_such
    from ecology.lever_tables import levers

    for name in (name for members in groups.values() for name in members if name not in levers()):
        raise no_such("lever", name, levers(), "groups of levers")
    for name in differing:
        homes = [group for group, members in groups.items() if name in members]
        if len(homes) != 1:
            where = f"in {' and in '.join(homes)}" if homes else "in no group"
            raise BadInput(f"groups of levers: {name} stands {where}; each lever that differs belongs to one group.")
    found = {group: tuple(name for name in members if name in differing) for group, members in groups.items()}
    found = {group: members for group, members in found.items() if members}
    most = setting("attribution", "most_groups")
    if len(found) > most:
        raise BadInput(f"groups of levers: {len(found)} groups mean {1 << len(found)} coalitions; give at most {most}.")
    return found


def coalitions(number: int) -> list[tuple[int, ...]]:
    """Return the members of every coalition of so many players; its position is its members as bits."""
    return [tuple(i for i in range(number) if mask >> i & 1) for mask in range(1 << number)]


def exact(values: np.ndarray) -> np.ndarray:
    """Return Shapley values, shape (players, seeds), from the value of every coalition, (2 ** players, seeds)."""
    number = len(values).bit_length() - 1
    if len(values) != 1 << number:
        raise BadInput(f"{len(values)} coalitions: every one of {1 << number} or {2 << number} is needed.")
    sizes = np.array([len(members) for members in coalitions(number)])
    weights = np.array([factorial(k) * factorial(number - k - 1) / factorial(number) for k in range(number)])
    masks = np.arange(len(values))
    shares = []
    for player in range(number):
        without = masks[masks >> player & 1 == 0]
        gains = values[without | 1 << player] - values[without]
        shares.append((weights[sizes[without], None] * gains).sum(axis=0))
    return np.array(shares)


def orders(number: int, draws: int) -> np.ndarray:
    """Return random orders of players, each followed by its mirror image: shape (draws, 2, players)."""
    luck = np.random.default_rng(setting("all", "seed"))
    forward = np.array([luck.permutation(number) for _ in range(draws)])
    return np.stack([forward, forward[:, ::-1]], axis=1)


def steps(order: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the coalitions on the way of one order, from nobody to all, each sorted."""
    return [tuple(sorted(int(i) for i in order[:k])) for k in range(len(order) + 1)]


def sampled(values: Sequence[Mapping[tuple[int, ...], float]], drawn: np.ndarray) -> np.ndarray:
    """Return Shapley contributions, shape (players, draws), one mean of an order and its mirror image a draw.

    ``values`` holds for each draw the value of every coalition on its two ways, all with the luck of that draw.
    """
    shares = np.zeros((drawn.shape[-1], len(drawn)))
    for draw, (both, known) in enumerate(zip(drawn, values, strict=True)):
        for order in both:
            for player, (before, after) in zip(order, pairwise(steps(order)), strict=True):
                shares[player, draw] += (known[after] - known[before]) / len(both)
    return shares


def shares_table(names: Sequence[str], shares: np.ndarray, better: str, smallest_difference: float) -> pd.DataFrame:
    """Return mean share and t interval of each player (players, draws or seeds), the largest first, and the total.

    The players share the level's complement (Bonferroni); the total keeps the full level. Per cent of the total are
    told only where the interval of the total excludes 0. The verdict says whether the lever makes things better.
    """
    full = setting("all", "level")
    together = shares.sum(axis=0)
    bounds = interval(together, full)
    total = float(together.mean()) if bounds and (bounds[0] > 0 or bounds[1] < 0) else np.nan
    own = 1 - (1 - full) / len(names)
    rows = [
        _row(name, share, own, total, better, smallest_difference) for name, share in zip(names, shares, strict=True)
    ]
    rows.sort(key=lambda row: -abs(row[1]))
    rows.append(_row(TOTAL, together, full, total, better, smallest_difference))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(name: str, sample: np.ndarray, level: float, total: float, better: str, smallest: float) -> tuple:
    bounds = interval(sample, level)
    low, high = bounds or (np.nan, np.nan)
    mean = float(sample.mean())
    return name, mean, low, high, level, _PERCENT * mean / total, verdict(bounds, better, smallest), len(sample)
