"""Break-even: how large one cost must be for the difference between two regimes to vanish, everything else as usual.

Every value is tried on the same seeds, so the difference changes with the cost and not with the luck. The value is
where the mean difference crosses zero; its interval holds every value at which the t interval of the difference still
includes zero. The mean is followed from end to end of the range; a second crossing in between would be overlooked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq

from ecology.errors import BadInput
from experiments.analysis.settings import setting
from experiments.statistics import interval

CROSSES, NEVER, UNCLEAR = "crosses inside its range", "none inside its range", "sign unclear inside its range"


@dataclass(frozen=True)
class BreakEven:
    """What was found for one cost.

    ``standing``: it crosses; none (the difference keeps one sign, with its intervals, at both ends); or the sign is
    unclear: at both ends, or at one end and the mean does not cross. ``value`` and the interval ``low`` to ``high``
    are missing unless it crosses; an end of the interval that lies beyond the range is infinite. ``at_low`` and
    ``at_high`` are the mean differences at the ends of the range. ``tried``: value → paired differences.
    """

    standing: str
    value: float | None
    low: float
    high: float
    at_low: float
    at_high: float
    tried: dict[float, np.ndarray] = field(default_factory=dict)


def break_even(difference: Callable[[float], np.ndarray], low: float, high: float) -> BreakEven:
    """Return where the mean of paired differences, one a seed, vanishes between two ends.

    Raises BadInput for a range without width, for fewer than two seeds, or a difference that is not a number.
    """
    if not low < high:
        raise BadInput(f"the range {low:g} to {high:g} has no width, so nothing can vanish in it.")
    tried: dict[float, np.ndarray] = {}

    def at(value: float) -> np.ndarray:
        value = float(value)
        if value not in tried:
            tried[value] = np.asarray(difference(value), dtype=float)
            if len(tried[value]) <= 1 or not np.isfinite(tried[value]).all():
                raise BadInput(f"at {value:g}: two or more finite differences are needed, not {tried[value]}.")
        return tried[value]

    def mean(value: float) -> float:
        return float(at(value).mean())

    def end(value: float, upper: bool) -> float:
        bounds = interval(at(value), setting("all", "level"))
        assert bounds is not None
        return bounds[upper]

    ends = mean(low), mean(high)
    if all(end(x, upper=False) <= 0 <= end(x, upper=True) for x in (low, high)):
        return BreakEven(UNCLEAR, None, np.nan, np.nan, *ends, tried)
    if np.sign(ends[0]) == np.sign(ends[1]):
        sure = end(low, upper=ends[0] < 0) * end(high, upper=ends[0] < 0) > 0 and ends[0] * end(low, ends[0] < 0) > 0
        return BreakEven(NEVER if sure else UNCLEAR, None, np.nan, np.nan, *ends, tried)
    tolerance = setting("break_even", "tolerance") * (high - low)
    value = float(brentq(mean, low, high, xtol=tolerance))
    rising = ends[0] < ends[1]
    # The bound that meets zero first is the upper one where the mean rises, the lower one where it falls.
    lower = _crossing(lambda x: end(x, upper=rising), low, value, tolerance, -np.inf)
    upper = _crossing(lambda x: end(x, upper=not rising), value, high, tolerance, np.inf)
    return BreakEven(CROSSES, value, lower, upper, *ends, tried)


def _crossing(bound: Callable[[float], float], start: float, end: float, tolerance: float, otherwise: float) -> float:
    """Return where a bound crosses zero, or ``otherwise`` if it does not between two values."""
    if start == end or np.sign(bound(start)) == np.sign(bound(end)):
        return otherwise
    return float(brentq(bound, start, end, xtol=tolerance))
