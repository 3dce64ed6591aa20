"""Where a point goes that missed its figures: to where an emulator of all runs so far meets more of them, but not far.

A step weighs each figure by how well the emulator tells it: a trend of one place is mostly luck and moves little. What
a step promises is lived at once, and the next pass learns from it. Each point has aims of its own, the figures with
noise, so that the points differ as much as the figures may be off (randomized maximum likelihood).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from experiments.calibration.emulator import Emulator
from experiments.calibration.settings import settings
from experiments.calibration.targets import Targets
from experiments.calibration.waves import reflected

_INSIDE = 1e-6
"""How far from the walls of the unit cube a search begins."""


@dataclass(frozen=True)
class Steering:
    """An emulator of all runs so far, of scaled figures, and the figures."""

    emulator: Emulator
    target: Targets

    @classmethod
    def learned(cls, unit: np.ndarray, values: np.ndarray, moved: int, target: Targets) -> "Steering":
        """Learn from runs at points ``unit`` (runs, inputs) with ``values`` (runs, items).

        The first ``moved`` inputs can move.
        """
        return cls(Emulator.fit(unit, target.scaled(values), moved, settings()["waves"]["ridges"]), target)

    def expected(self, unit: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return how far off (points, figures), in spreads, points that had ``values`` would be with new luck.

        Of what a run differs from the emulator, a share is its point's own and comes again; the rest was luck.
        """
        return self.target.off_of(self.emulator.predict(unit) + self._own(unit, values))

    def corrected(
        self, unit: np.ndarray, values: np.ndarray, aims: np.ndarray, luck: np.random.Generator
    ) -> np.ndarray:  # fmt: skip
        """Return where points (points, inputs) of the unit cube go that had ``values`` (points, items).

        ``aims`` (points, figures) is how far off each would be, in spreads, if it were where it should. What moves has
        some luck besides, so that the next emulator has something to learn from; the rest stands still.
        """
        own = self._own(unit, values)
        moved = np.array([self._nearer(*one) for one in zip(unit, own, aims, strict=True)])
        moved = reflected(moved + luck.normal(0.0, settings()["corrections"]["jitter"], moved.shape))
        return np.hstack([moved, unit[:, self.emulator.squared :]])

    def _own(self, unit: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return what of its scaled figures is each point's own, besides what the emulator tells."""
        shares = settings()["corrections"]
        share = np.where(self.target.trend, shares["own_of_trends"], shares["own"])
        own: np.ndarray = share * (self.target.scaled(values) - self.emulator.predict(unit))
        return own

    def _nearer(self, unit: np.ndarray, own: np.ndarray, aim: np.ndarray) -> np.ndarray:
        """Return the moved inputs of one point where what is missed and the way there are least together."""
        reach, moved = settings()["corrections"]["reach"], self.emulator.squared
        here, held = unit[:moved], unit[moved:]
        sure = 1.0 / np.hypot(1.0, self.emulator.spread * self.target.slopes(np.zeros_like(own)))

        def told(there: np.ndarray) -> np.ndarray:
            scaled: np.ndarray = self.emulator.predict(np.concatenate([there, held])[None])[0] + own
            return scaled

        def cost(there: np.ndarray) -> np.ndarray:
            return np.concatenate([(self.target.off_of(told(there)) - aim) * sure, (there - here) / reach])

        def slopes(there: np.ndarray) -> np.ndarray:
            by_input = self.emulator.slopes(there) * (self.target.slopes(told(there)) * sure)[:, None]
            return np.vstack([by_input, np.eye(moved) / reach])

        start = np.clip(here, _INSIDE, 1.0 - _INSIDE)
        found: np.ndarray = least_squares(cost, start, slopes, bounds=(0.0, 1.0)).x
        return found
