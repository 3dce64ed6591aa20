"""The scorecard: each published figure beside what the ensemble makes of it, misfits first."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from experiments.calibration.gradients import GRADIENT
from experiments.calibration.patterns import LEVEL, Item

RANGE = (0.05, 0.95)
"""Of the members: the 90% range."""
PASSES = 0.9
"""Share of the fitted figures that must be met for results to lose the word "illustrative"."""
COLUMNS = [
    "figure",
    "feature",
    "years",
    "published",
    "median",
    "low",
    "high",
    "inside",
    "off",
    "fitted",
    "use",
    "counts_within",
    "unit",
]


def scorecard(items: Sequence[Item], values: np.ndarray) -> pd.DataFrame:
    """Return a row for each item from its values in the members (members, items), the worst misfits first.

    ``inside``: the published figure lies in the 90% range of the members. ``off``: how far their median is from it, in
    units of what counts as met (observation error and model discrepancy: ``counts_within``).
    """
    rows = []
    for number, item in enumerate(items):
        of_members = values[:, number]
        low, high = np.quantile(of_members, RANGE)
        median = float(np.median(of_members))
        rows.append((
            item.pattern.told, item.feature, f"{item.years[0]} to {item.years[-1]}", item.value, median, low, high,
            bool(low <= item.value <= high), (median - item.value) / item.spread, item.pattern.fitted, item.pattern.use,
            item.spread, unit(item),
        ))  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.iloc[np.argsort(-table["off"].abs().to_numpy(), kind="stable")].reset_index(drop=True)


def unit(item: Item) -> str:
    """Return the unit of an item."""
    if item.feature == GRADIENT:
        return "ratio"
    if item.feature == LEVEL:
        return "%" if item.pattern.in_points else "as told"
    return "points a year" if item.pattern.in_points else "% a year"


def met(table: pd.DataFrame) -> tuple[int, int]:
    """Return how many of the fitted figures are met, and how many there are.

    Met: the figure lies in the members' range, which a wide range does easily, and their median is within what counts.
    """
    fitted = table[table["fitted"]]
    return int((fitted["inside"] & (fitted["off"].abs() <= 1.0)).sum()), len(fitted)


def passes(table: pd.DataFrame) -> bool:
    """Return whether enough of the fitted figures are met for results not to be called illustrative."""
    inside, number = met(table)
    return inside >= PASSES * number


def lines(table: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    """Return the rows of the table that the terminal and pages show."""
    yield ("figure", "feature", "years", "published", "simulated median", "90% range", "verdict", "off", "")
    for row in table.to_dict("records"):
        yield (
            row["figure"], row["feature"], row["years"], f"{row['published']:.4g}", f"{row['median']:.4g}",
            f"{row['low']:.4g} to {row['high']:.4g}", "inside" if row["inside"] else "outside", f"{row['off']:+.1f}",
            row["use"],
        )  # fmt: skip
