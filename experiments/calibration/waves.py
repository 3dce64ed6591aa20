"""History matching: waves of runs, after each of which an emulator rules out where the figures cannot be met."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import qmc

from experiments.calibration.emulator import Emulator
from experiments.calibration.settings import settings

_BATCH = 10_000
"""Points handled at a time: memory stays small."""


def first_points(rows: int, inputs: int, seed: int) -> np.ndarray:
    """Return points spread evenly over the unit cube (a Sobol' sequence, scrambled)."""
    power = int(np.ceil(np.log2(rows)))
    return np.asarray(qmc.Sobol(inputs, rng=np.random.default_rng(seed)).random_base2(power)[:rows])


def plausible(emulators: Sequence[Emulator], unit: np.ndarray, target: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return by point whether no wave's emulator rules it out: all items but a few within the cutoff."""
    chosen = settings()["waves"]
    keeps = np.ones(len(unit), bool)
    for emulator in emulators:
        off = emulator.implausibility(unit[keeps], target, spread)
        worst = np.sort(off, axis=1)[:, -1 - chosen["may_fail"]]
        keeps[np.flatnonzero(keeps)[worst > chosen["cutoff"]]] = False
    return keeps


def volume_left(
    emulators: Sequence[Emulator], inputs: int, target: np.ndarray, spread: np.ndarray, seed: int
) -> float:  # fmt: skip
    """Return the share of the unit cube, of so many inputs, that no wave rules out."""
    luck = np.random.default_rng(seed)
    batches = [luck.random((_BATCH, inputs)) for _ in range(settings()["waves"]["sampled"] // _BATCH)]
    return float(np.mean([plausible(emulators, unit, target, spread).mean() for unit in batches]))


def reflected(unit: np.ndarray) -> np.ndarray:
    """Return points that left the unit cube thrown back from its walls."""
    inside = np.abs(unit)
    return np.where(inside > 1.0, 2.0 - inside, inside)


def points_near(
    emulators: Sequence[Emulator], near: np.ndarray, held: np.ndarray, jitter: float, target: np.ndarray,
    spread: np.ndarray, luck: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """Return points (points, inputs) like those ``near`` the figures, one for each row of ``held``.

    The first inputs are those of one of the points near the figures, drawn at random and moved by ``jitter``, a
    standard deviation; the last ones are ``held`` (points, inputs held). Of several tries the first is taken that no
    wave rules out, or simply the first.
    """
    tries = settings()["population"]["tries"]
    repeated = np.repeat(held, tries, axis=0)
    moved = near[luck.integers(len(near), size=len(repeated)), : near.shape[1] - held.shape[1]]
    unit = np.hstack([reflected(moved + luck.normal(0.0, jitter, moved.shape)), repeated])
    first = plausible(emulators, unit, target, spread).reshape(len(held), tries).argmax(axis=1)
    result: np.ndarray = unit.reshape(len(held), tries, -1)[np.arange(len(held)), first]
    return result
