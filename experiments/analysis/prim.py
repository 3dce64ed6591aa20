"""PRIM, the patient rule induction method: the box of worlds in which something happens most.

Peeling only (Friedman and Fisher 1999, without their pasting, which moves ends by less than one peel): the box starts
as all worlds and loses, one end of one input at a time, the slice whose loss raises the density most per world lost.
Among hundreds of inputs its first peels would follow noise, so only the few inputs may be restricted whose values
differ most between worlds where the thing happens and others (Kolmogorov-Smirnov). Restrictions that luck explains are
dropped again (Bryant and Lempert 2010). Because the box is chosen for looking good, it is judged on worlds that had no
part in finding it, nor in choosing the inputs: halves, many times over. Of the boxes on the way down the one is kept
that holds most interesting worlds beyond what the share among all worlds would put there (weighted relative accuracy):
unlike the mean of coverage and density, this also finds the regions of a class to which most worlds belong.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binom

from experiments.analysis.settings import setting


@dataclass(frozen=True)
class Box:
    """Ends of a box, one pair an input (infinite where nothing is restricted), and how it does on the worlds given.

    ``coverage``: share of the interesting worlds that lie inside. ``density``: share of the worlds inside that are
    interesting. ``mass``: share of all worlds inside.
    """

    low: np.ndarray
    high: np.ndarray
    coverage: float
    density: float
    mass: float

    @property
    def restricted(self) -> np.ndarray:
        """The positions of the inputs that the box restricts."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    def holds(self, x: np.ndarray) -> np.ndarray:
        """Return for each world whether it lies inside."""
        return np.asarray(((x >= self.low) & (x <= self.high)).all(axis=1))


@dataclass(frozen=True)
class Judged:
    """A box beside what split halves say of it.

    ``recurs``: by input, the share of splits that restrict it as well. ``coverage`` and ``density``: low end, mean and
    high end over splits, each on the half that had no part in finding the box. ``base``: the share among all worlds.
    """

    box: Box
    recurs: np.ndarray
    coverage: tuple[float, float, float]
    density: tuple[float, float, float]
    base: float

    @property
    def stands_out(self) -> bool:
        """Whether the box restricts anything and beats the share among all worlds, even at the low end over splits."""
        return len(self.box.restricted) > 0 and self.density[0] > self.base


def find(x: np.ndarray, interesting: np.ndarray) -> Box:
    """Return the box that holds most interesting worlds beyond their share, without restrictions that luck explains.

    ``x`` has shape (worlds, inputs); ``interesting`` is boolean, (worlds,), with at least one of either kind.
    """
    few = candidates(x, interesting)
    base = float(interesting.mean())
    best = max(peel(x[:, few], interesting), key=lambda box: box.mass * (box.density - base))
    kept = _without_luck(best, x[:, few], interesting)
    low, high = np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)
    low[few], high[few] = kept.low, kept.high
    return replace(kept, low=low, high=high)


def candidates(x: np.ndarray, interesting: np.ndarray) -> np.ndarray:
    """Return the columns whose values differ most between interesting and other worlds, at most as many as set."""
    order = np.argsort(x, axis=0, kind="stable")
    ordered = np.take_along_axis(x, order, axis=0)
    inside = interesting[order].cumsum(axis=0) / interesting.sum()
    outside = (~interesting)[order].cumsum(axis=0) / (~interesting).sum()
    last_of_ties = np.vstack([np.diff(ordered, axis=0) > 0, np.ones((1, x.shape[1]), dtype=bool)])
    distance = np.where(last_of_ties, np.abs(inside - outside), 0.0).max(axis=0)
    return np.sort(np.argsort(-distance, kind="stable")[: setting("discovery", "candidates")])


def peel(x: np.ndarray, interesting: np.ndarray) -> list[Box]:
    """Return the boxes from all worlds down to the smallest allowed, each one peel inside the one before."""
    low, high = np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)
    boxes = [_box(low, high, x, interesting)]
    inside = np.ones(len(x), dtype=bool)
    least = max(int(setting("discovery", "smallest_box") * len(x)), 1)
    while (cut := _best_cut(x[inside], interesting[inside], least)) is not None:
        column, end, value = cut
        low, high = low.copy(), high.copy()
        (low if end == 0 else high)[column] = value
        boxes.append(_box(low, high, x, interesting))
        inside = boxes[-1].holds(x)
    return boxes


def judge(x: np.ndarray, interesting: np.ndarray) -> Judged:
    """Return the box of all worlds, judged on random halves that had no part in finding one like it."""
    luck = np.random.default_rng(setting("all", "seed"))
    restricted = np.zeros(x.shape[1])
    coverages, densities = [], []
    for _ in range(setting("discovery", "halves")):
        order = luck.permutation(len(x))
        found, kept = order[: len(x) // 2], order[len(x) // 2 :]
        if interesting[found].all() or not interesting[found].any() or not interesting[kept].any():
            continue
        box = find(x[found], interesting[found])
        restricted[box.restricted] += 1
        again = _box(box.low, box.high, x[kept], interesting[kept])
        coverages.append(again.coverage)
        densities.append(again.density)
    splits = max(len(densities), 1)
    return Judged(
        find(x, interesting), restricted / splits, _ends(coverages), _ends(densities), float(interesting.mean())
    )


def _best_cut(x: np.ndarray, interesting: np.ndarray, least: int) -> tuple[int, int, float] | None:
    """Return column, end (0 low, 1 high) and new value of the peel that gains most density a world lost."""
    n = len(x)
    if n <= least or interesting.all():
        return None
    lost = max(int(setting("discovery", "peel") * n), 1)
    ordered = np.sort(x, axis=0)
    above = np.where(ordered[lost] > ordered[0], ordered[lost], np.nextafter(ordered[0], np.inf))
    below = np.where(ordered[n - 1 - lost] < ordered[-1], ordered[n - 1 - lost], np.nextafter(ordered[-1], -np.inf))
    best, chosen = -np.inf, None
    for end, keeps in ((0, x >= above), (1, x <= below)):
        kept = keeps.sum(axis=0)
        density = np.where(kept > 0, (keeps & interesting[:, None]).sum(axis=0) / np.maximum(kept, 1), 0.0)
        gain = (density - interesting.mean()) / np.maximum(n - kept, 1)
        gain[kept < least] = -np.inf
        column = int(gain.argmax())
        if gain[column] > best:
            left = x[keeps[:, column], column]
            best, chosen = float(gain[column]), (column, end, float(left.max() if end else left.min()))
    return chosen


def _without_luck(box: Box, x: np.ndarray, interesting: np.ndarray) -> Box:
    """Drop the input whose restriction luck explains best, until none is left that luck explains."""
    while len(box.restricted):
        chances = []
        for column in box.restricted:
            wider = _lifted(box, column, x, interesting)
            inside = box.holds(x)
            held = int((inside & interesting).sum())
            chances.append(float(binom.sf(held - 1, int(inside.sum()), wider.density)))
        worst = int(np.argmax(chances))
        if chances[worst] <= setting("discovery", "significance"):
            break
        box = _lifted(box, box.restricted[worst], x, interesting)
    return box


def _lifted(box: Box, column: int, x: np.ndarray, interesting: np.ndarray) -> Box:
    low, high = box.low.copy(), box.high.copy()
    low[column], high[column] = -np.inf, np.inf
    return _box(low, high, x, interesting)


def _box(low: np.ndarray, high: np.ndarray, x: np.ndarray, interesting: np.ndarray) -> Box:
    inside = ((x >= low) & (x <= high)).all(axis=1)
    held = float((inside & interesting).sum())
    worlds = float(inside.sum())
    return Box(low, high, held / max(interesting.sum(), 1), held / max(worlds, 1.0), worlds / len(x))


def _ends(sample: list[float]) -> tuple[float, float, float]:
    if not sample:
        return 0.0, 0.0, 0.0
    tail = (1 - setting("all", "level")) / 2
    low, high = np.quantile(sample, [tail, 1 - tail])
    return float(low), float(np.mean(sample)), float(high)
