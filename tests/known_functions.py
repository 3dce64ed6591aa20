"""Functions whose sensitivity indices are known, and runs of them."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments.analysis.designs import BlockDesign, Inputs

Function = Callable[[np.ndarray], np.ndarray]


FOUR = Inputs(("a", "b", "c", "inert"), ("a", "b", "c", "inert"))


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 99.0])


def ishigami(unit: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(unit: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * unit - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1)


def results(design: BlockDesign, function: Function, luck: float = 0.0) -> pd.DataFrame:
    """Return the runs of a design: regime two is twice regime one, with luck of its own that the seed decides."""
    y, rows = function(design.unit), []
    for row, seed in [*design.runs(), *design.repeats()]:
        one, two = luck * np.random.default_rng(seed).normal(size=2)
        rows += [(row, seed, "one", "y", y[row] + one), (row, seed, "two", "y", 2 * y[row] + two)]
    return pd.DataFrame(rows, columns=["row", "seed", "regime", "outcome", "value"])
