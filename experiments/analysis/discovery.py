"""Scenario discovery: in which worlds does which regime do better, said in sentences with their shares.

Worlds are drawn evenly from the ranges of the inputs. A share of worlds is a share of what was thought possible, never
a probability of what will happen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.analysis import tree
from experiments.analysis.prim import Judged, judge
from experiments.analysis.settings import setting
from experiments.analysis.verdicts import UNCLEAR, classes_of, shares
from experiments.report.words import counted, figure, listing, percent
from experiments.statistics import NEGLIGIBLE


@dataclass(frozen=True)
class Scale:
    """How an input is told: its range and unit. ``switch`` says that it is off (0) or on (1)."""

    low: float
    high: float
    unit: str = ""
    switch: bool = False


def regions(worlds: pd.DataFrame, classes: pd.Series, regimes: tuple[str, str]) -> dict[str, Judged | None]:
    """Return for each class the box in which its worlds are most frequent; None where too few or all belong to it.

    ``worlds`` has a row a world and a column an input, in natural units; ``classes`` the class of each.
    """
    x = worlds.to_numpy(dtype=float)
    found: dict[str, Judged | None] = {}
    for name in classes_of(regimes):
        inside = (classes == name).to_numpy()
        enough = min(inside.sum(), (~inside).sum()) >= setting("discovery", "fewest")
        found[name] = judge(x, inside) if enough else None
    return found


def regions_table(
    found: Mapping[str, Judged | None], worlds: pd.DataFrame, scales: Mapping[str, Scale]
) -> pd.DataFrame:
    """Return a row for each restriction of each box: input, ends, range, how often split halves find it again."""
    rows = []
    for name, judged in found.items():
        for column in judged.box.restricted if judged else ():
            assert judged is not None
            parameter = str(worlds.columns[column])
            scale, box = scales[parameter], judged.box
            rows.append(
                (
                    name, parameter, max(box.low[column], scale.low), min(box.high[column], scale.high), scale.low,
                    scale.high, scale.unit, judged.recurs[column], box.coverage, box.density, *judged.coverage,
                    *judged.density, judged.base, judged.stands_out, len(worlds),
                )
            )  # fmt: skip
    ends = [f"held_out_{kind}{end}" for kind in ("coverage", "density") for end in ("_low", "", "_high")]
    columns = ["class", "input", "low", "high", "range_low", "range_high", "unit", "recurs", "coverage", "density"]
    return pd.DataFrame(rows, columns=[*columns, *ends, "base", "stands_out", "n"])


def tree_table(worlds: pd.DataFrame, classes: pd.Series, regimes: tuple[str, str]) -> tuple[pd.DataFrame, str]:
    """Return the leaves of a small tree (way, worlds, share of each class), and how well it tells unseen worlds."""
    names = classes_of(regimes)
    x, codes = worlds.to_numpy(dtype=float), classes.map(names.index).to_numpy(dtype=int)
    rows = []
    for leaf in tree.grow(x, codes, len(names)):
        way = [f"{worlds.columns[c]} {'at most' if at_most else 'above'} {figure(v)}" for c, at_most, v in leaf.way]
        rows.append((" and ".join(way) or "all worlds", int(leaf.counts.sum()), *(leaf.counts / leaf.counts.sum())))
    right, plain = tree.held_out_accuracy(x, codes, len(names))
    told = (
        f"The tree tells {percent(right)} of the worlds it has not seen; always guessing the commonest class tells "
        f"{percent(plain)} (mean of {setting('discovery', 'halves')} splits of {len(worlds)} worlds)."
    )
    return pd.DataFrame(rows, columns=["leaf", "worlds", *names]), told


def sentences(
    classified: pd.DataFrame, found: Mapping[str, Judged | None], worlds: pd.DataFrame, scales: Mapping[str, Scale],
    regimes: tuple[str, str],
) -> list[str]:  # fmt: skip
    """Return one sentence a class: its share of worlds and when it happens, as far as that can be told.

    ``classified`` has the columns class and verdict (see ``verdicts.classify``).
    """
    first, second = regimes
    openings = {f"{first} better": f"{first.capitalize()} does better", UNCLEAR: "Which does better cannot be told"}
    openings[f"{second} better"] = f"{second.capitalize()} does better"
    told = []
    for row in shares(classified["class"], regimes).to_dict("records"):
        name = str(row["class"])
        share = f"{percent(row['share'])} of {row['n']} worlds ({percent(row['low'])} to {percent(row['high'])})"
        sentence = f"{openings[name]} in {share}"
        if name == UNCLEAR:
            small = int((classified["verdict"] == NEGLIGIBLE).sum())
            sentence += f", in {small} of these because the difference is too small to matter"
        told.append(f"{sentence}; {_when(found[name], worlds, scales, int(row['worlds']))}")
    return told


def restriction(name: str, low: float, high: float, scale: Scale) -> str:
    """Return one restriction in words; infinite ends restrict nothing."""
    if scale.switch:
        return f"{name} is {'on' if low > scale.low else 'off'}"
    whole = f" ({figure(scale.low)} to {figure(scale.high)} {scale.unit})".replace(" )", ")")
    if np.isfinite(low) and np.isfinite(high):
        return f"{name} lies from {figure(low)} to {figure(high)}{whole}"
    end = f"at least {figure(low)}" if np.isfinite(low) else f"at most {figure(high)}"
    return f"{name} is {end}{whole}"


def _when(judged: Judged | None, worlds: pd.DataFrame, scales: Mapping[str, Scale], number: int) -> str:
    if judged is None:
        least = setting("discovery", "fewest")
        if number < least:
            return f"when cannot be said from so few (at least {counted(least, 'world')} are needed)."
        if number == len(worlds):
            return "everywhere."
        return f"nearly everywhere: where not cannot be said from {counted(len(worlds) - number, 'world')}."
    if not judged.stands_out:
        return "no region of the inputs holds clearly more of these worlds than any other."
    box, parts = judged.box, []
    for column in box.restricted:
        name = str(worlds.columns[column])
        part = restriction(name, float(box.low[column]), float(box.high[column]), scales[name])
        if judged.recurs[column] < setting("discovery", "recurs"):
            part += f" [unstable: found again in {percent(judged.recurs[column])} of splits]"
        parts.append(part)
    density, coverage = judged.density, judged.coverage
    return (
        f"most of all when {listing(parts)}: there in {percent(density[1])} of worlds not used to find this "
        f"({percent(density[0])} to {percent(density[2])} over splits), against {percent(judged.base)} everywhere; "
        f"this region holds {percent(coverage[1])} of them ({percent(coverage[0])} to {percent(coverage[2])})."
    )
