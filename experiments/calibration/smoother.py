"""The ensemble smoother with multiple data assimilation (ES-MDA): covariances of an ensemble say where it should move.

Emerick & Reynolds (2013), Computers & Geosciences 55, 3-15. The figures are assimilated several times, each time with
their variance inflated by ``alpha``. If its reciprocals sum to 1, that gives the posterior of Bayes for a linear model
with Gaussian errors and many points; on another one short steps with new covariances follow the curve. Errors are
counted in spreads throughout (``off``: simulated minus published over what counts as met), so that their covariance is
the unit matrix. What makes runs differ at equal inputs, their luck, is part of the covariance of the items and so makes
steps shorter; with new luck in every pass none of it is fitted.
"""

import numpy as np
from scipy.special import ndtr, ndtri

_WALL = 0.001
"""How near a wall of the unit cube a point may come: the normal quantile of the wall itself is infinite."""
_DOUBT = 4.0
"""Squared standard errors that a correlation must exceed to count: two of them, which one in twenty does by chance."""


def to_normal(unit: np.ndarray) -> np.ndarray:
    """Return points of the unit cube in a space without walls: their standard normal quantiles, of the same shape."""
    return np.asarray(ndtri(np.clip(unit, _WALL, 1.0 - _WALL)))


def to_unit(normal: np.ndarray) -> np.ndarray:
    """Return points of the space without walls in the unit cube: the inverse of ``to_normal``."""
    return np.clip(ndtr(normal), _WALL, 1.0 - _WALL)


def perturbations(points: int, items: int, luck: np.random.Generator) -> np.ndarray:
    """Return standard normal errors (points, items), their mean over the points removed."""
    drawn = luck.normal(size=(points, items))
    centred: np.ndarray = drawn - drawn.mean(axis=0)
    return centred


def tapered(normal: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Return the covariances (inputs, items) of inputs (points, inputs) and items (points, items), shrunk to zero.

    In N points a correlation of nothing has a standard error of 1 / sqrt(N). Each covariance is multiplied by
    1 - 4 / (N r^2), or by 0 where that is negative: what is within two standard errors of nothing counts for nothing.
    Localisation by correlations: after Luo, Bhakta & Naevdal (2018), SPE Journal 23, 396-427, who cut at a threshold.
    """
    points = len(normal)
    inputs, items = normal - normal.mean(axis=0), off - off.mean(axis=0)
    covariance = inputs.T @ items / (points - 1)
    most = np.outer((inputs**2).sum(axis=0), (items**2).sum(axis=0)) / (points - 1) ** 2
    squared = np.divide(covariance**2, most, out=np.zeros_like(covariance), where=most > 0.0)
    chance = np.divide(_DOUBT, points * squared, out=np.ones_like(covariance), where=squared > 0.0)
    kept: np.ndarray = covariance * np.maximum(0.0, 1.0 - chance)
    return kept


def updated(normal: np.ndarray, off: np.ndarray, alpha: float, luck: np.random.Generator) -> np.ndarray:
    """Return inputs (points, inputs) after one assimilation of the figures, from which items are ``off``.

    z + C_zg (C_gg + alpha I)^-1 (sqrt(alpha) e - off), with the ensemble's covariances C, those of inputs and items
    tapered, and a perturbation e of the figures for each point.
    """
    points, items = off.shape
    within = np.cov(off, rowvar=False).reshape(items, items) + alpha * np.eye(items)
    missing = np.sqrt(alpha) * perturbations(points, items, luck) - off
    moved: np.ndarray = normal + (tapered(normal, off) @ np.linalg.solve(within, missing.T)).T
    return moved
