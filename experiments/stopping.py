"""A stopping rule: seeds are added until the interval of a paired difference is narrow enough, or the budget ends.

Whoever looks and stops when an interval is narrow stops too early when the spread happens to look small, and for
skewed differences the mean is then off as well. Three things pay for that: no look before the first twenty seeds, one
more batch after the look that was narrow, and an interval at a higher level. ``tests/test_stopping.py`` measures the
coverage that is left on invented truths.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecology.errors import BadInput, no_such
from experiments.settings import settings
from experiments.statistics import interval, paired_differences


@dataclass(frozen=True)
class Rule:
    """Add seeds until every interval of ``outcome`` is at most ``width`` wide, and use at most ``at_most``."""

    outcome: str
    width: float
    at_most: int

    def check(self, outcomes: Mapping[str, Any]) -> None:
        """Raise BadInput for an outcome that does not exist, a width that is none, or too few seeds to look at."""
        if self.outcome not in outcomes:
            raise no_such("outcome", self.outcome, outcomes, "--outcome")
        if not 0 < self.width < np.inf:
            raise BadInput(
                f"--until-width: {self.width:g} is not possible; give a number above 0, in the outcome's unit."
            )
        if self.at_most <= 1:
            raise BadInput(f"--seeds-at-most: {self.at_most} is not possible; an interval needs at least 2 pairs.")


def looks(at_most: int) -> Iterator[int]:
    """Yield the numbers of seeds at which the width is looked at."""
    number = settings()["stopping"]["first"]
    while number < at_most:
        yield number
        number += settings()["stopping"]["batch"]
    yield at_most


def full_level() -> float:
    """Return the level of the primary outcome's interval under a stopping rule."""
    return 1 - (1 - settings()["statistics"]["level"]) * (1 - settings()["stopping"]["kept_for_looking"])


def run_until(
    run_to: Callable[[int], bool], width: Callable[[], float | None], wanted: float, at_most: int
) -> tuple[int, float | None]:
    """Run more and more seeds; return how many were run and the width of the widest interval then (None: unknown).

    ``run_to(n)`` runs the first n seeds and says whether to go on; ``width()`` is that of what has been run.
    """
    narrow = False
    number = 0
    for number in looks(at_most):
        if not run_to(number) or narrow:
            break
        found = width()
        narrow = found is not None and found <= wanted  # one more batch, because this spread may be small by chance
    return number, width()


def widest(outcomes: pd.DataFrame, against: str, definitions: Mapping[str, Any], rule: Rule) -> float | None:
    """Return the width of the rule's widest interval over pressures and regimes; None if there is none yet."""
    if outcomes["seed"].nunique() <= 1:
        return None
    table = paired_differences(outcomes, against, definitions, full_level())
    rows = table[table["outcome"] == rule.outcome]
    wide = (rows["high"] - rows["low"]).to_numpy(dtype=float)
    return None if np.isnan(wide).any() else float(wide.max())  # one that is not known yet may be the widest


def sampled_until(draws: np.ndarray, wanted: float, level: float) -> tuple[int, tuple[float, float]]:
    """Apply the rule to draws in a row; return how many it took and the interval of their mean."""
    taken = 0

    def run_to(number: int) -> bool:
        nonlocal taken
        taken = number
        return True

    def width() -> float:
        low, high = interval(draws[:taken], level) or (-np.inf, np.inf)
        return high - low

    run_until(run_to, width, wanted, len(draws))
    return taken, interval(draws[:taken], level) or (-np.inf, np.inf)
