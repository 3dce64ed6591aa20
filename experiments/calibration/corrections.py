"""Where a point goes that missed its figures: to where an emulator of all runs so far meets more of them, but not far.

A step weighs each figure by how well the emulator tells it: a trend of one place is nearly all luck and moves hardly
anything. What a step promises is lived at once, and the next pass learns from it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from experiments.calibration.emulator import Emulator
from experiments.calibration.settings import settings
from experiments.calibration.waves import reflected

_INSIDE = 1e-6
"""How far from the walls of the unit cube a search begins."""


@dataclass(frozen=True)
class Steering:
    """An emulator of all runs so far that tells how far off the figures any point is, in spreads."""

    emulator: Emulator

    @classmethod
    def learned(cls, unit: np.ndarray, off: np.ndarray, moved: int) -> "Steering":
        """Learn from runs at points ``unit`` (runs, inputs), ``off`` (runs, figures) by so many spreads.

        The first ``moved`` inputs can move. A figure that is off by more than ``most`` is taken to be off by that.
        """
        return cls(Emulator.fit(unit, _bounded(off), moved, settings()["waves"]["ridges"]))

    def expected(self, unit: np.ndarray, off: np.ndarray) -> np.ndarray:
        """Return how far off (points, figures) points would be that were ``off`` once, lived again with new luck.

        Of what a run differs from the emulator, a share is its point's own and comes again; the rest was luck.
        """
        told = self.emulator.predict(unit)
        result: np.ndarray = told + settings()["corrections"]["own"] * (_bounded(off) - told)
        return result

    def corrected(self, unit: np.ndarray, off: np.ndarray, luck: np.random.Generator) -> np.ndarray:
        """Return where points (points, inputs) of the unit cube go that are ``off`` (points, figures).

        What moves has some luck besides, so that the next emulator has something to learn from; the rest stands still.
        """
        own = self.expected(unit, off) - self.emulator.predict(unit)
        moved = np.array([self._nearer(*one) for one in zip(unit, own, strict=True)])
        moved = reflected(moved + luck.normal(0.0, settings()["corrections"]["jitter"], moved.shape))
        return np.hstack([moved, unit[:, self.emulator.squared :]])

    def _nearer(self, unit: np.ndarray, own: np.ndarray) -> np.ndarray:
        """Return the moved inputs of one point where what is missed and the way there are least together."""
        reach, moved = settings()["corrections"]["reach"], self.emulator.squared
        here, held = unit[:moved], unit[moved:]
        sure = 1.0 / np.hypot(1.0, self.emulator.spread)

        def cost(there: np.ndarray) -> np.ndarray:
            told = self.emulator.predict(np.concatenate([there, held])[None])[0] + own
            return np.concatenate([told * sure, (there - here) / reach])

        def slopes(there: np.ndarray) -> np.ndarray:
            return np.vstack([self.emulator.slopes(there) * sure[:, None], np.eye(moved) / reach])

        start = np.clip(here, _INSIDE, 1.0 - _INSIDE)
        found: np.ndarray = least_squares(cost, start, slopes, bounds=(0.0, 1.0)).x
        return found


def _bounded(off: np.ndarray) -> np.ndarray:
    most = settings()["corrections"]["most"]
    told: np.ndarray = np.clip(off, -most, most)
    return told
