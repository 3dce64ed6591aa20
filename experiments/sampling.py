"""Designs: which points of a space are run. Equal requests give equal tables, to the last bit."""

from collections.abc import Callable
from itertools import product
from math import prod

import numpy as np
import pandas as pd

from ecology.errors import BadInput, no_such
from experiments.settings import settings
from experiments.space import Space

GRID = "grid"


def latin_hypercube(space: Space, rows: int, seed: int = 1) -> pd.DataFrame:
    """Return ``rows`` points; each factor meets each of as many equal parts of its range once."""
    from scipy.stats import qmc

    _check(rows)
    return space.table(qmc.LatinHypercube(len(space.factors), rng=np.random.default_rng(seed)).random(rows))


def sobol(space: Space, rows: int, seed: int = 1) -> pd.DataFrame:
    """Return the first ``rows`` points of a scrambled Sobol' sequence. Raises BadInput unless it is a power of two."""
    from scipy.stats import qmc

    _check(rows)
    if rows & (rows - 1):
        above = 1 << rows.bit_length()
        raise BadInput(f"--rows: Sobol' points come in powers of two; give {above // 2} or {above}, not {rows}.")
    return space.table(qmc.Sobol(len(space.factors), rng=np.random.default_rng(seed)).random(rows))


def grid(space: Space, levels: int) -> pd.DataFrame:
    """Return every combination of ``levels`` values of each factor (a choice has all of its own)."""
    if levels <= 1:
        raise BadInput(f"--levels: {levels} is not possible; a grid needs at least 2 values of each factor.")
    ladders = [factor.levels(levels) for factor in space.factors]
    _check(prod(len(ladder) for ladder in ladders))
    return pd.DataFrame(list(product(*ladders)), columns=space.names)


DESIGNS: dict[str, Callable[..., pd.DataFrame]] = {"latin_hypercube": latin_hypercube, "sobol": sobol, GRID: grid}


def design(space: Space, kind: str, rows: int, seed: int = 1, levels: int = 2) -> pd.DataFrame:
    """Return the points of a design by its name. Raises BadInput for an unknown name or an impossible size."""
    if kind not in DESIGNS:
        raise no_such("design", kind, DESIGNS, "--design")
    if seed < 0:
        raise BadInput(f"--design-seed: {seed} is negative; give a whole number from 0.")
    return grid(space, levels) if kind == GRID else DESIGNS[kind](space, rows, seed)


def _check(rows: int) -> None:
    most = settings()["batch"]["design_points_at_most"]
    if not 0 < rows <= most:
        raise BadInput(f"a design of {rows:,} points is not possible; it may have 1 to {most:,}.")
