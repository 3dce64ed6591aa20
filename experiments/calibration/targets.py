"""What is fitted: the published figures, how far a run is off them, and the scale on which runs are regressed."""

from dataclasses import dataclass

import numpy as np

from experiments.calibration import gradients, patterns
from experiments.calibration.settings import settings


def items() -> tuple[patterns.Item, ...]:
    """Return all that a run is read for: England's items first, then the gradients."""
    return (*patterns.items(), *gradients.gradients())


def distance(off: np.ndarray) -> np.ndarray:
    """Return by run how far it is from the figures: the root mean square of its items in spreads, outliers bounded."""
    result: np.ndarray = np.sqrt((_bounded(off) ** 2).mean(axis=1))
    return result


@dataclass(frozen=True)
class Targets:
    """What is fitted: values, what counts as met, their numbers among all items, and which are trends.

    Levels and ratios are regressed as logarithms of how many times the published figure they are, because what moves
    them multiplies; trends by how many spreads they are off. Both are called scaled; outliers are bounded on both.
    """

    value: np.ndarray
    spread: np.ndarray
    chosen: np.ndarray
    trend: np.ndarray

    @classmethod
    def fitted(cls) -> "Targets":
        """Return the fitted items of England's mean and the gradients between fifths of authorities."""
        found = items()
        chosen = [number for number, item in enumerate(found) if item.pattern.fitted]
        return cls(
            np.array([found[n].value for n in chosen]), np.array([found[n].spread for n in chosen]), np.array(chosen),
            np.array([found[n].feature == patterns.TREND for n in chosen]),
        )  # fmt: skip

    def off(self, values: np.ndarray) -> np.ndarray:
        """Return how far all items (points, items) are from the fitted figures (points, fitted), in spreads."""
        off: np.ndarray = (values[:, self.chosen] - self.value) / self.spread
        return off

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Return the fitted figures (points, fitted) of all items (points, items) on the scale of regressions."""
        off = _bounded(self.off(values))
        times = np.maximum(1.0 + off * self.spread / self.value, settings()["corrections"]["least"])
        result: np.ndarray = np.where(self.trend, off, np.log(np.where(self.trend, 1.0, times)))
        return result

    def off_of(self, scaled: np.ndarray) -> np.ndarray:
        """Return how far scaled figures are off, in spreads."""
        off: np.ndarray = np.where(self.trend, scaled, np.expm1(scaled) * self.value / self.spread)
        return off

    def slopes(self, scaled: np.ndarray) -> np.ndarray:
        """Return by how many spreads each figure changes with its scaled one."""
        slopes: np.ndarray = np.where(self.trend, 1.0, np.exp(scaled) * self.value / self.spread)
        return slopes


def _bounded(off: np.ndarray) -> np.ndarray:
    bound = settings()["waves"]["outlier"]
    bounded: np.ndarray = np.clip(off, -bound, bound)
    return bounded
