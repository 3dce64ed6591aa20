"""A small classification tree (CART, Gini impurity), to check by another method which inputs decide.

Four leaves at most, so scikit-learn would be a large dependency for one search for the best cut, which stands here.
"""

from dataclasses import dataclass

import numpy as np

from experiments.analysis.settings import setting


@dataclass(frozen=True)
class Leaf:
    """A leaf: the way to it as (column, at most or above, value), the counts of each class in it."""

    way: tuple[tuple[int, bool, float], ...]
    counts: np.ndarray


def grow(x: np.ndarray, classes: np.ndarray, number: int) -> list[Leaf]:
    """Return the leaves of a tree on ``x`` (worlds, inputs) for ``classes`` (worlds,), codes 0 to ``number`` − 1."""
    least = max(int(setting("discovery", "leaf") * len(x)), 1)
    return _grow(x, classes, number, (), least)


def predict(leaves: list[Leaf], x: np.ndarray) -> np.ndarray:
    """Return for each world the most frequent class of its leaf."""
    told = np.zeros(len(x), dtype=int)
    for leaf in leaves:
        inside = np.ones(len(x), dtype=bool)
        for column, at_most, value in leaf.way:
            inside &= (x[:, column] <= value) == at_most
        told[inside] = int(leaf.counts.argmax())
    return told


def held_out_accuracy(x: np.ndarray, classes: np.ndarray, number: int) -> tuple[float, float]:
    """Return the mean share that a tree of one half tells rightly of the other, and that the commonest class would."""
    luck = np.random.default_rng(setting("all", "seed"))
    right, plain = [], []
    for _ in range(setting("discovery", "halves")):
        order = luck.permutation(len(x))
        grown, kept = order[: len(x) // 2], order[len(x) // 2 :]
        leaves = grow(x[grown], classes[grown], number)
        right.append(float((predict(leaves, x[kept]) == classes[kept]).mean()))
        commonest = np.bincount(classes[grown], minlength=number).argmax()
        plain.append(float((classes[kept] == commonest).mean()))
    return float(np.mean(right)), float(np.mean(plain))


def best_cut(x: np.ndarray, classes: np.ndarray, number: int, least: int) -> tuple[int, float] | None:
    """Return column and value (at most goes left) of the cut that lowers Gini impurity most; None if none does."""
    n = len(x)
    if n < 2 * least or len(np.unique(classes)) == 1:
        return None
    order = np.argsort(x, axis=0, kind="stable")
    ordered = np.take_along_axis(x, order, axis=0)
    left = np.eye(number)[classes][order].cumsum(axis=0)[:-1]
    right = np.bincount(classes, minlength=number) - left
    n_left = np.arange(1, n)[:, None]
    # The sum of squared counts over the number, of both sides: largest where weighted Gini impurity is smallest.
    purity = (left**2).sum(axis=-1) / n_left + (right**2).sum(axis=-1) / (n - n_left)
    possible = (np.diff(ordered, axis=0) > 0) & (n_left >= least) & (n - n_left >= least)
    purity = np.where(possible, purity, -np.inf)
    position, column = np.unravel_index(int(purity.argmax()), purity.shape)
    before = (np.bincount(classes) ** 2).sum() / n
    if not purity[position, column] > before:
        return None
    return int(column), float((ordered[position, column] + ordered[position + 1, column]) / 2)


def _grow(x: np.ndarray, classes: np.ndarray, number: int, way: tuple, least: int) -> list[Leaf]:
    cut = best_cut(x, classes, number, least) if len(way) < setting("discovery", "depth") else None
    if cut is None:
        return [Leaf(way, np.bincount(classes, minlength=number))]
    column, value = cut
    left = x[:, column] <= value
    return [
        *_grow(x[left], classes[left], number, (*way, (column, True, value)), least),
        *_grow(x[~left], classes[~left], number, (*way, (column, False, value)), least),
    ]
