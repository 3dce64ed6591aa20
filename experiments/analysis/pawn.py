"""A second opinion on which inputs matter, by whole distributions instead of variances: PAWN.

PAWN cuts the range of one input into slices and measures how far the distribution of the target within a slice lies
from that over all (Kolmogorov-Smirnov). Any finite sample has some distance, so beside the indices stands what an inert
input reaches: the same statistic for random slices. SALib has the index and no threshold; the threshold is ours.
"""

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from experiments.analysis.designs import Inputs
from experiments.analysis.sensitivity import ABOVE, NOT_ABOVE
from experiments.analysis.settings import setting

_TAIL = 0.05
_ENOUGH = 10  # permutations beyond a quantile for it to be read from them


def pawn(inputs: Inputs, unit: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """Return the median PAWN index of each single input, the threshold, and its standing, the largest first.

    ``unit`` (points, inputs) must be an independent sample, not trajectories. The threshold is passed by one inert
    input among all in 1 of 20 studies. Raises BadInput for too few points or a value that is not a number.
    """
    from SALib.analyze import pawn as salib

    if len(y) < setting("pawn", "fewest"):
        raise BadInput(f"PAWN: {len(y)} points are too few; at least {setting('pawn', 'fewest')} are needed.")
    if not np.isfinite(y).all():
        raise BadInput(f"PAWN: point {int(np.flatnonzero(~np.isfinite(y))[0])} is not a number; mend this run.")
    alone = Inputs(inputs.names, inputs.names)
    found = salib.analyze(alone.problem, unit, y, S=setting("pawn", "slices"))
    limit = threshold(y, len(inputs.names))
    table = pd.DataFrame({"input": list(inputs.names), "group": list(inputs.groups), "pawn": found["median"]})
    standing = np.where(table["pawn"] > limit, ABOVE, NOT_ABOVE)
    table = table.assign(threshold=limit, standing=standing, n=len(y))
    return table.sort_values("pawn", ascending=False, kind="stable", ignore_index=True)


def threshold(y: np.ndarray, inputs: int) -> float:
    """Return the median distance that the largest of some inert inputs passes with one minus the level's chance.

    For many inputs that is further out than permutations reach: beyond their highest twentieth distances are then taken
    to thin out exponentially, which for a bounded distance is too high rather than too low.
    """
    luck = np.random.default_rng(setting("all", "seed"))
    number = setting("pawn", "permutations")
    reached = np.sort([median_distance(y, luck.permutation(len(y)) / len(y)) for _ in range(number)])
    beyond = 1.0 - setting("all", "level") ** (1 / inputs)
    if beyond * number >= _ENOUGH:
        return float(np.quantile(reached, 1.0 - beyond))
    start = float(np.quantile(reached, 1.0 - _TAIL))
    return start + float((reached[reached > start] - start).mean()) * float(np.log(_TAIL / beyond))


def median_distance(y: np.ndarray, x: np.ndarray) -> float:
    """Return the median over slices of x of the largest distance between the slice's distribution of y and that of all.

    The same statistic as SALib's, without its p-values, which take a thousand times as long.
    """
    slices = setting("pawn", "slices")
    order = np.argsort(y, kind="stable")
    last_of_ties = np.append(np.diff(y[order]) > 0, True)
    ends = np.quantile(x, np.linspace(0, 1, slices + 1))
    of = np.searchsorted(ends[1:-1], x[order], side="right")
    inside = of[None, :] == np.arange(slices)[:, None]
    inside[-1] &= x[order] < ends[-1]  # as SALib has it: the largest x belongs to no slice
    within = inside.cumsum(axis=1) / inside.sum(axis=1, keepdims=True)
    everywhere = np.arange(1, len(y) + 1) / len(y)
    return float(np.median(np.abs(within - everywhere)[:, last_of_ties].max(axis=1)))
