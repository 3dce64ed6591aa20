"""History matching: waves of runs, each drawn where the last emulator says that the figures may be met."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from experiments.calibration.emulator import Emulator
from experiments.calibration.settings import settings

_BATCH = 10_000
"""Points handled at a time: memory stays small."""


@dataclass(frozen=True)
class Wave:
    """Points (points, inputs) of the unit cube that came near the figures, their items (points, items), two emulators.

    ``emulator`` was fitted to these points and leads to better ones. ``over_all`` was fitted to all points so far and
    rules out: the former knows only points that were chosen by what they gave.
    """

    unit: np.ndarray
    values: np.ndarray
    emulator: Emulator
    over_all: Emulator


def first_points(rows: int, inputs: int, seed: int) -> np.ndarray:
    """Return points spread evenly over the unit cube (a Sobol' sequence, scrambled)."""
    power = int(np.ceil(np.log2(rows)))
    return np.asarray(qmc.Sobol(inputs, rng=np.random.default_rng(seed)).random_base2(power)[:rows])


def plausible(waves: Sequence[Wave], unit: np.ndarray, target: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return by point whether no wave's emulator rules it out: all items but a few within the cutoff."""
    chosen = settings()["waves"]
    keeps = np.ones(len(unit), bool)
    for wave in waves:
        off = wave.over_all.implausibility(unit[keeps], target, spread)
        worst = np.sort(off, axis=1)[:, -1 - chosen["may_fail"]]
        keeps[np.flatnonzero(keeps)[worst > chosen["cutoff"]]] = False
    return keeps


def volume_left(waves: Sequence[Wave], target: np.ndarray, spread: np.ndarray, seed: int) -> float:
    """Return the share of the unit cube that no wave rules out."""
    luck = np.random.default_rng(seed)
    inputs = waves[0].unit.shape[1]
    batches = [luck.random((_BATCH, inputs)) for _ in range(settings()["waves"]["sampled"] // _BATCH)]
    return float(np.mean([plausible(waves, unit, target, spread).mean() for unit in batches]))


def score(emulator: Emulator, unit: np.ndarray, target: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return by point the sum of squared implausibilities: twice the negative logarithm of the likelihood."""
    off = emulator.implausibility(unit, target, spread)
    total: np.ndarray = (off * off).sum(axis=1)
    return total


def reflected(unit: np.ndarray) -> np.ndarray:
    """Return points that left the unit cube thrown back from its walls."""
    inside = np.abs(unit)
    return np.where(inside > 1.0, 2.0 - inside, inside)


def next_points(
    waves: Sequence[Wave], rows: int, target: np.ndarray, spread: np.ndarray, seed: int, held: np.ndarray | None = None
) -> np.ndarray:
    """Return points to be lived next: where the last emulator leads, of those that no wave rules out.

    With ``held`` (draws, inputs held) there are so many ``rows`` for each draw, in whose points the last inputs stand
    still at it. Chains are spared for points that are ruled out; where all are, the first chains are taken.
    """
    chosen = settings()["chain"]
    tries = rows * chosen["spare"]
    draws = 1 if held is None else len(held)
    repeated = None if held is None else np.repeat(held, tries, axis=0)
    temperature = settings()["waves"]["temperature"]
    unit = near_points(waves[-1], draws * tries, target, spread, temperature, seed, repeated)
    ruled_out = ~plausible(waves, unit, target, spread).reshape(draws, tries)
    first = np.argsort(ruled_out, axis=1, kind="stable")[:, :rows]
    return unit.reshape(draws, tries, -1)[np.arange(draws)[:, None], first].reshape(draws * rows, -1)


def near_points(
    wave: Wave, rows: int, target: np.ndarray, spread: np.ndarray, temperature: float, seed: int,
    held: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Return points drawn in proportion to exp(-score / 2 / temperature) on the unit cube, one chain a row.

    The last inputs stand still at ``held`` (rows, inputs held) if given. Every chain starts at a point of the wave, the
    best ones most often.
    """
    chosen = settings()["chain"]
    luck = np.random.default_rng(seed)
    runs = (((wave.values - target) / np.hypot(spread, wave.emulator.spread)) ** 2).sum(axis=1)
    best = np.argsort(runs)[: max(len(runs) // 4, 1)]
    here = wave.unit[luck.choice(best, rows)].copy()
    free = here.shape[1]
    if held is not None:
        free -= held.shape[1]
        here[:, free:] = held
    there = score(wave.emulator, here, target, spread)
    for _ in range(chosen["steps"]):
        step = np.zeros_like(here)
        which = np.argsort(luck.random((rows, free)), axis=1)[:, : chosen["moved_at_once"]]
        np.put_along_axis(step, which, luck.normal(0.0, chosen["reach"], which.shape), axis=1)
        tried = reflected(here + step)
        then = score(wave.emulator, tried, target, spread)
        taken = np.log(luck.random(rows)) < (there - then) / 2.0 / temperature
        here[taken], there[taken] = tried[taken], then[taken]
    return here
