"""A cheap stand-in for the model: each item as a regression on the inputs, with its own error.

What moves enters with first and second powers, what is only drawn with first ones. Its spread holds the luck of a run
besides what the form cannot follow: levels are told well, trends of one place are nearly all luck.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Emulator:
    """Coefficients (terms, items), and by item the spread of residuals when each run is left out in turn."""

    squared: int
    coefficients: np.ndarray
    spread: np.ndarray

    @classmethod
    def fit(cls, unit: np.ndarray, values: np.ndarray, squared: int, ridges: list[float]) -> "Emulator":
        """Fit to runs at points ``unit`` (runs, inputs) of the unit cube with ``values`` (runs, items).

        The first ``squared`` inputs enter with squares too. Each item takes the ridge that predicts runs left out best.
        """
        terms = _terms(unit, squared)
        fits = [_ridge(terms, values, ridge) for ridge in ridges]
        best = np.argmin([spread for _, spread in fits], axis=0)
        items = np.arange(values.shape[1])
        coefficients = np.stack([coefficients for coefficients, _ in fits])[best, :, items].T
        return cls(squared, coefficients, np.stack([spread for _, spread in fits])[best, items])

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Return the items (points, items) at points of the unit cube."""
        told: np.ndarray = _terms(unit, self.squared) @ self.coefficients
        return told

    def slopes(self, unit: np.ndarray) -> np.ndarray:
        """Return by how much each item changes with each of the squared inputs (items, inputs) at one point."""
        first, second = self.coefficients[1 : 1 + self.squared], self.coefficients[-self.squared :]
        told: np.ndarray = 2.0 * (first + 2.0 * (2.0 * unit[: self.squared, None] - 1.0) * second).T
        return told

    def implausibility(self, unit: np.ndarray, target: np.ndarray, spread: np.ndarray) -> np.ndarray:
        """Return how many standard deviations (of figures, discrepancy and emulator) each item is off."""
        off: np.ndarray = np.abs(self.predict(unit) - target) / np.hypot(spread, self.spread)
        return off


def _ridge(terms: np.ndarray, values: np.ndarray, ridge: float) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients and leave-one-out spread of a ridge regression whose first term is not shrunk."""
    penalty = ridge * np.eye(terms.shape[1])
    penalty[0, 0] = 0.0
    inverse = np.linalg.solve(terms.T @ terms + penalty, terms.T)
    coefficients = inverse @ values
    leverage = np.einsum("ij,ji->i", terms, inverse)
    left_out = (values - terms @ coefficients) / (1.0 - leverage)[:, None]
    return coefficients, np.sqrt((left_out**2).mean(axis=0))


def _terms(unit: np.ndarray, squared: int) -> np.ndarray:
    """Return 1, first powers of all inputs and squares of the first ones, the inputs taken from -1 to 1."""
    x = 2.0 * unit - 1.0
    return np.hstack([np.ones((len(x), 1)), x, x[:, :squared] ** 2 - 1.0 / 3.0])
