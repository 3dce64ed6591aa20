"""What is left of the difference between regimes when a failure mode is off, as usual, or at its worst."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ecology.errors import BadInput, no_such
from ecology.evidence import register
from experiments.analysis.settings import data, setting
from experiments.statistics import BETTER, interval, verdict

_PERCENT = 100
USUAL, OFF, WORST = "as usual", "off", "at its worst"
ALL_MODES = "all failure modes"
COLUMNS = [
    "mode", "state", "mean", "low", "high", "verdict", "change", "change_low", "change_high", "percent_left", "n",
]  # fmt: skip


def worst() -> dict[str, dict[str, float]]:
    """Return for each failure mode the parameters that make it worst, each at the end of its range.

    Raises BadInput if ``failure_modes.toml`` of this folder names a mode or parameter that does not exist, or leaves
    one out.
    """
    from ecology.lever_tables import failure_modes

    table = data("failure_modes.toml")
    for name in failure_modes():
        if name not in table:
            raise BadInput(f"analysis/failure_modes.toml: {name} is missing; say which parameters make it worst.")
    ends: dict[str, dict[str, float]] = {}
    for mode, told in table.items():
        if mode not in failure_modes():
            raise no_such("failure mode", mode, failure_modes(), "analysis/failure_modes.toml")
        ends[mode] = {name: _end(mode, name, end) for name, end in told["worst"].items()}
    return ends


def cases() -> dict[tuple[str, str], tuple[dict[str, bool], dict[str, float]]]:
    """Return (mode, state) → (switches, parameters): as usual, each mode off and at its worst, and all together."""
    ends = worst()
    found: dict[tuple[str, str], tuple[dict[str, bool], dict[str, float]]] = {(ALL_MODES, USUAL): ({}, {})}
    for mode, parameters in ends.items():
        found[mode, OFF] = ({mode: False}, {})
        found[mode, WORST] = ({}, parameters)
    found[ALL_MODES, OFF] = (dict.fromkeys(ends, False), {})
    found[ALL_MODES, WORST] = ({}, {name: value for of in ends.values() for name, value in of.items()})
    return found


def survival_table(
    differences: Mapping[tuple[str, str], np.ndarray], better: str, smallest_difference: float
) -> pd.DataFrame:
    """Return the difference in each case with its interval, and what changed against the usual case, paired by seed.

    The per cent that is left is told only where the interval of the usual difference excludes 0.

    ``differences`` holds for each (mode, state) the paired differences, one a seed, in the same order of seeds. All
    intervals of cases other than the usual one share the level's complement (Bonferroni).
    """
    usual = differences[ALL_MODES, USUAL]
    full = setting("all", "level")
    own = 1 - (1 - full) / max(len(differences) - 1, 1)
    usual_bounds = interval(usual, full)
    sure = usual_bounds is not None and (usual_bounds[0] > 0 or usual_bounds[1] < 0)
    whole = float(usual.mean()) if sure else np.nan
    rows = []
    for (mode, state), sample in differences.items():
        bounds = interval(sample, full if state == USUAL else own)
        change = interval(sample - usual, own)
        low, high = bounds or (np.nan, np.nan)
        change_low, change_high = change or (np.nan, np.nan)
        said = verdict(bounds, better, smallest_difference)
        left = "still better" if said == BETTER else said
        moved = float((sample - usual).mean())
        mean, n = float(sample.mean()), len(sample)
        rows.append((mode, state, mean, low, high, left, moved, change_low, change_high, _PERCENT * mean / whole, n))
    return pd.DataFrame(rows, columns=COLUMNS)


def _end(mode: str, name: str, end: str) -> float:
    if name not in register():
        raise no_such("parameter", name, register(), f"analysis/failure_modes.toml: {mode}")
    if end not in ("low", "high"):
        raise BadInput(f"analysis/failure_modes.toml: {mode}: {name} must be at its low or high end, not {end!r}.")
    return register()[name].range[end == "high"]
