"""The worlds most favourable to either side: a search with a stated budget, judged on luck it has not seen.

First worlds are spread evenly over the space (Latin hypercube); then, for each side, the best world found so far is
changed at random in some inputs, round after round with shorter reach, and replaced when a child of it does better. The
best of many worlds owes part of its lead to luck, so the worlds found are lived again with new seeds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from ecology.errors import BadInput
from experiments.analysis.settings import setting

Evaluate = Callable[[np.ndarray, bool], np.ndarray]
"""From worlds in the unit cube (worlds, inputs), and whether they are judged, to differences (worlds, seeds)."""


@dataclass(frozen=True)
class Extreme:
    """The world found for one side: in the unit cube, its differences while searching, and on new seeds."""

    world: np.ndarray
    searched: np.ndarray
    judged: np.ndarray


def budget() -> int:
    """Return how many pasts the search lives, for both sides together; each has an arm in two regimes."""
    rounds = 2 * setting("adversarial", "generations") * setting("adversarial", "offspring")
    judged = len(("the lowest", "the highest", "as usual")) * setting("adversarial", "judged_on")
    return int((setting("adversarial", "start") + rounds) * setting("adversarial", "seeds") + judged)


def search(evaluate: Evaluate, inputs: int) -> tuple[Extreme, Extreme]:
    """Return the world with the lowest and that with the highest mean difference found within the budget.

    Raises BadInput if a difference is not a number.
    """
    luck = np.random.default_rng(setting("all", "seed"))
    start = qmc.LatinHypercube(inputs, seed=luck).random(setting("adversarial", "start"))
    known = _checked(evaluate(start, False))
    lowest, highest = (_refine(evaluate, start, known, sign, luck) for sign in (1, -1))
    return lowest, highest


def _refine(evaluate: Evaluate, start: np.ndarray, known: np.ndarray, sign: int, luck: np.random.Generator) -> Extreme:
    """Go on from the best of the first worlds; ``sign`` 1 looks for the lowest mean, −1 for the highest."""
    best = int((sign * known.mean(axis=1)).argmin())
    world, differences = start[best], known[best]
    reach = setting("adversarial", "reach")
    for _ in range(setting("adversarial", "generations")):
        children = _children(world, reach, luck)
        found = _checked(evaluate(children, False))
        best = int((sign * found.mean(axis=1)).argmin())
        if sign * found[best].mean() < sign * differences.mean():
            world, differences = children[best], found[best]
        reach *= setting("adversarial", "shrink")
    return Extreme(world, differences, _checked(evaluate(world[None, :], True))[0])


def _children(world: np.ndarray, reach: float, luck: np.random.Generator) -> np.ndarray:
    """Return worlds that differ from one in some inputs at least one; ends of ranges are kept by reflection."""
    shape = (setting("adversarial", "offspring"), len(world))
    moved = luck.random(shape) < setting("adversarial", "moved")
    moved[np.arange(len(moved)), luck.integers(len(world), size=len(moved))] = True
    wanted = np.where(moved, world + reach * luck.normal(size=shape), world)
    inside = np.abs(wanted) % 2  # a wall at 0, a wall at 1
    return np.where(inside > 1, 2 - inside, inside)


def _checked(differences: np.ndarray) -> np.ndarray:
    if not np.isfinite(differences).all():
        world = int(np.flatnonzero(~np.isfinite(differences).all(axis=1))[0])
        raise BadInput(f"world {world} of this round has a difference that is not a number; mend this run first.")
    return differences
