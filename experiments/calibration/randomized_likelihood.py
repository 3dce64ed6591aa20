"""Randomized maximum likelihood on an emulator: how a point comes nearer to the figures, given what is drawn.

Kitanidis (1995), Water Resources Research 31, 2411-2419; Oliver, He & Reynolds (1996), ECMOR V. Each point has figures
of its own, perturbed by what counts as met, and goes where the emulator of all runs so far puts it nearest to them, not
far from where it stands. For a linear model with Gaussian errors, one step from draws of the prior gives draws of the
posterior of Bayes; on another one it is repeated, each time with an emulator that has seen the last step lived.
"""

import numpy as np
from scipy.optimize import least_squares

from experiments.calibration.emulator import Emulator

_WALL = 0.001
"""How near a wall of the unit cube a point may come: the solver wants to start inside."""


def perturbations(points: int, items: int, luck: np.random.Generator) -> np.ndarray:
    """Return standard normal errors (points, items), their mean over the points removed."""
    drawn = luck.normal(size=(points, items))
    centred: np.ndarray = drawn - drawn.mean(axis=0)
    return centred


def nearer(emulator: Emulator, unit: np.ndarray, moved: int, reach: float, luck: np.random.Generator) -> np.ndarray:
    """Return points (points, inputs) of the unit cube, of which the first ``moved`` inputs have come nearer.

    ``emulator`` tells how far items are off, in spreads. Each point minimises the squares of what it tells, a
    perturbation of each item added, and of the way from where it stands, in units of ``reach``. Other inputs stand.
    """
    errors = perturbations(len(unit), emulator.items, luck)
    came = np.array([_nearest(emulator, point, error, moved, reach) for point, error in zip(unit, errors, strict=True)])
    return np.hstack([came, unit[:, moved:]])


def _nearest(emulator: Emulator, point: np.ndarray, error: np.ndarray, moved: int, reach: float) -> np.ndarray:
    """Return where the first ``moved`` inputs of one point go."""
    stands, held = np.clip(point[:moved], _WALL, 1.0 - _WALL), point[moved:]

    def tried(here: np.ndarray) -> np.ndarray:
        return np.concatenate([here, held])[None, :]

    def missing(here: np.ndarray) -> np.ndarray:
        return np.concatenate([emulator.predict(tried(here))[0] + error, (here - stands) / reach])

    def slopes(here: np.ndarray) -> np.ndarray:
        return np.vstack([emulator.slopes(tried(here))[0, :, :moved], np.eye(moved) / reach])

    found = least_squares(missing, stands, slopes, bounds=(_WALL / 2.0, 1.0 - _WALL / 2.0))
    return np.asarray(found.x)
