"""One number for each figure that it moves most directly: how a point that missed a level comes back to it.

As a modeller turns a knob: too many enquiries, a higher threshold of enquiries. Sizes are judgements about a slope (how
much of its range a number needs for one spread), too small rather than too large; what they are worth is lived at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.calibration.settings import settings
from experiments.calibration.waves import reflected


@dataclass(frozen=True)
class Correction:
    """``by`` is the share of its range by which each number of ``moves`` goes up for every spread of ``figure``.

    How far ``less`` is off is taken away first: plans that are too many only because conferences are need no
    threshold of their own.
    """

    figure: str
    moves: tuple[str, ...]
    by: float
    less: str | None = None


def corrections() -> tuple[Correction, ...]:
    """Return all corrections of the settings."""
    told = settings()["corrections"]["figures"]
    return tuple(Correction(one["figure"], tuple(one["moves"]), one["by"], one.get("less")) for one in told)


def corrected(
    unit: np.ndarray, off: np.ndarray, figures: Sequence[str], moved: Sequence[str], luck: np.random.Generator
) -> np.ndarray:
    """Return points (points, inputs) of the unit cube, corrected by how far ``off`` (points, figures) they are.

    The first inputs are those of ``moved``, each of which has some luck besides; the others stand still.
    """
    chosen = settings()["corrections"]
    bounded = np.clip(off, -chosen["most"], chosen["most"])
    number = {name: column for column, name in enumerate(figures)}
    step = luck.normal(0.0, chosen["jitter"], (len(unit), len(moved)))
    for one in corrections():
        missed = bounded[:, number[one.figure]] - (bounded[:, number[one.less]] if one.less else 0.0)
        for name in one.moves:
            step[:, moved.index(name)] += one.by * missed
    return np.hstack([reflected(unit[:, : len(moved)] + step), unit[:, len(moved) :]])
