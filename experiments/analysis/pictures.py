"""Pictures of analyses: intervals beside what luck reaches, mu* against sigma, regions, shares, break-even values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.answer import Drawn
from experiments.analysis.sensitivity import FIRST, HEARD, TOTAL
from experiments.analysis.settings import setting
from experiments.report import drawing
from experiments.report.words import listing, size, span

MARKS = {True: ("dark_blue", "o"), False: ("turquoise", "D")}


def intervals(
    names: Sequence[str], rows: pd.DataFrame, sure: Sequence[bool], label: str, floor: tuple[float, float] | None = None
) -> Figure:
    """Return a picture with an interval a row (columns estimate, low, high), the first at the top.

    ``sure`` decides marker and colour; ``floor`` is drawn as a band of what luck alone reaches.
    """
    height = len(rows) * setting("pictures", "row") + size("head") * 2
    with drawing.style():
        drawn, panel = _panel(height)
        if floor:
            panel.axvspan(*floor, color=drawing.ink("grid"), linewidth=0, zorder=0)
            panel.annotate(
                "luck", (floor[1], 1), xycoords=panel.get_xaxis_transform(), xytext=(size("line"), size("line")),
                textcoords="offset points", fontsize=size("small"), color=drawing.ink("quiet"),
            )  # fmt: skip
        panel.axvline(0, color=drawing.ink("quiet"), linewidth=1)
        for position, (row, is_sure) in enumerate(zip(rows.to_dict("records"), sure, strict=True)):
            _interval(panel, position, row, MARKS[bool(is_sure)])
        panel.set_yticks(range(len(rows)), list(names), fontsize=size("small"))
        panel.set_ylim(max(len(rows), 1) - 1 / 2, -1 / 2)
        panel.set_xlabel(label)
        panel.grid(axis="x")
    return drawn


def indices(table: pd.DataFrame, target: str) -> Drawn:
    """Return first-order and total indices of each group for one target, largest total first."""
    of_target = table[(table["target"] == target) & table["index"].isin([FIRST, TOTAL])]
    middle = of_target.assign(middle=(of_target["low"] + of_target["high"]) / 2)
    order = middle[middle["index"] == TOTAL].sort_values("middle", ascending=False, kind="stable")["input"].tolist()
    rows = pd.concat([_in_order(of_target[of_target["input"] == name]) for name in order])
    names = [f"{row['input']}, {row['index']}" for row in rows.to_dict("records")]
    totals = rows[rows["index"] == TOTAL]
    floor = (float(totals["floor_low"].iloc[0]), float(totals["floor_high"].iloc[0]))
    known = None if np.isnan(floor[0]) else floor
    sure = (rows["standing"].isin(HEARD) | (rows["low"] > rows["floor_high"])).tolist()  # the latter if withheld
    drawn = intervals(names, rows, sure, "share of variance", known)
    told = [f"{row['input']} {span(row['low'], row['high'])}" for row in totals.to_dict("records")]
    alt = (
        f"Intervals of Sobol' indices. Total indices: {listing(told)}. Grey band: the total index that luck alone "
        f"reaches, {span(*floor) if known else 'not known'}. Dark intervals are above luck or clear beside it, light "
        "ones with a diamond are not; one without a mark is withheld."
    )
    return Drawn(f"Sobol' indices of {target}", alt, drawn)


def mu_sigma(table: pd.DataFrame, target: str) -> Drawn:
    """Return mu* against sigma of each input for one target; intervals of mu* alone where sigma is not defined."""
    rows = table[table["target"] == target].head(setting("pictures", "most_rows"))
    floor = (float(rows["floor_low"].iloc[0]), float(rows["floor_high"].iloc[0]))
    sure = rows["standing"].isin(HEARD).tolist()
    headline = f"Morris screening of {target}"
    told = [
        f"{row['input']} {span(row['low'], row['high'])}" for row in rows.head(size("most_named")).to_dict("records")
    ]
    alt = f"Mean absolute effect mu* over the range of an input, the largest first: {listing(told)}. "
    alt += f"Luck alone reaches {span(*floor)}."
    if rows["sigma"].isna().any():
        return Drawn(headline, alt, intervals(rows["input"].tolist(), rows, sure, "mu* per full range", floor))
    with drawing.style():
        drawn = drawing.canvas(size("panel") * 2)
        panel = drawn.subplots()
        panel.axvspan(0, floor[1], color=drawing.ink("grid"), linewidth=0, zorder=0)
        for is_sure in (True, False):
            some = rows[[mark == is_sure for mark in sure]]
            colour, marker = MARKS[is_sure]
            panel.errorbar(
                some["estimate"], some["sigma"], xerr=(some["high"] - some["low"]) / 2, fmt=marker,
                color=drawing.colour(colour), markersize=size("marker"), linewidth=1,
            )  # fmt: skip
        _number_and_name(panel, rows)
        panel.set_xlabel("mu*: mean absolute effect over the full range (grey: what luck alone reaches)")
        panel.set_ylabel("sigma: how much the effect varies")
        panel.grid()
    return Drawn(headline, alt + " Sigma, the spread of the effect, is on the other axis.", drawn)


def _number_and_name(panel: Axes, rows: pd.DataFrame) -> None:
    """Number the inputs above luck, and name them beside the panel in the order of mu*."""
    heard = rows[rows["standing"].isin(HEARD)].head(size("most_named")).to_dict("records")
    for number, row in enumerate(heard, start=1):
        panel.annotate(
            str(number), (row["estimate"], row["sigma"]), xytext=(size("line"), size("line")),
            textcoords="offset points", fontsize=size("small"), fontweight="bold",
        )  # fmt: skip
    key = [f"{number}  {row['input']}" for number, row in enumerate(heard, start=1)]
    key += ["not numbered: neither above luck nor clear"] if len(heard) < len(rows) else []
    panel.annotate("\n".join(key), (size("label_at"), 1), xycoords="axes fraction", va="top", fontsize=size("small"))


def _interval(panel: Axes, position: int, row: dict, mark: tuple[str, str]) -> None:
    colour, marker = drawing.colour(mark[0]), mark[1]
    if np.isfinite([row["low"], row["high"]]).all():
        panel.plot([row["low"], row["high"]], [position, position], color=colour, linewidth=size("line"))
    if np.isfinite(row["estimate"]):
        panel.plot(row["estimate"], position, marker=marker, color=colour, markersize=size("marker"))


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("index", ascending=False, kind="stable")


def within_ranges(names: Sequence[str], rows: pd.DataFrame, label: str) -> Figure:
    """Return a picture with a bar a row from ``low`` to ``high`` within its whole range, drawn as 0 to 1.

    ``rows`` holds shares of the range: low, high, and ``usual`` and ``estimate``, either of which may be missing.
    """
    height = max(len(rows), 1) * setting("pictures", "row") + size("head") * 2
    with drawing.style():
        drawn, panel = _panel(height)
        for position, row in enumerate(rows.to_dict("records")):
            panel.plot([0, 1], [position, position], color=drawing.ink("grid"), linewidth=size("line") * 2, zorder=0)
            look = {"color": drawing.colour("dark_blue"), "linewidth": size("line") * 2, "solid_capstyle": "butt"}
            panel.plot([max(row["low"], 0), min(row["high"], 1)], [position, position], **look)
            for name, marker, colour in (("estimate", "o", "dark_blue"), ("usual", "|", "dark_grey")):
                if np.isfinite(row[name]):
                    mark = {"marker": marker, "color": drawing.colour(colour), "markersize": size("gap")}
                    panel.plot(row[name], position, linestyle="none", **mark)
        panel.set_yticks(range(len(rows)), list(names), fontsize=size("small"))
        panel.set_ylim(max(len(rows), 1) - 1 / 2, -1 / 2)
        panel.set_xlim(0, 1)
        panel.set_xlabel(label)
    return drawn


def _panel(height: float) -> tuple[Figure, Axes]:
    drawn = drawing.canvas(height)
    left, head = setting("pictures", "names"), size("head")
    return drawn, drawing.axes(drawn, left, head / 2, size("width") - left - head / 2, height - head * 3 / 2)
