"""Ranges over runs of many quantities in one unit, in groups: a row a quantity, a bar a regime."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.report import drawing
from experiments.report.words import band, listing, over_runs, size, word


def of(known: pd.DataFrame, group: str, row: str, regime: str) -> pd.Series:
    """Return the values over runs of one row under one regime; ``known`` has columns group, row, regime, value."""
    return known.loc[(known["group"] == group) & (known["row"] == row) & (known["regime"] == regime), "value"]


def draw(known: pd.DataFrame, regimes: Sequence[str], unit: str) -> Figure:
    """Draw the ranges, rows and groups in their order in ``known``."""
    groups = list(dict.fromkeys(known["group"]))
    rows = {group: list(dict.fromkeys(known.loc[known["group"] == group, "row"])) for group in groups}
    lines = len(groups) + sum(map(len, rows.values()))
    step = size("row") * (1 + len(regimes) * size("band"))
    figure = drawing.canvas(lines * step + size("head") * 2)
    left = size("wide_name_room")
    panel = drawing.axes(figure, left, size("head"), size("width") - left - size("head") / 2, lines * step)
    line, names = 0, {}
    for group in groups:
        drawing.name_group(panel, line, group, left)
        for row in rows[group]:
            line += 1
            names[line] = row
            for position, regime in enumerate(regimes):
                at = line + (position + 1) / (len(regimes) + 1) - 1 / 2
                _range(panel, at, band(of(known, group, row, regime)), position)
        line += 1
    panel.set_yticks(list(names), list(names.values()))
    panel.set_ylim(lines - 1 / 2, -1 / 2)
    panel.set_xlim(left=min(0, panel.get_xlim()[0]))
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    panel.tick_params(length=0, labelsize=size("small"))
    panel.spines["left"].set_visible(False)
    panel.grid()
    panel.set_xlabel(unit, fontsize=size("small"))
    drawing.name_series(figure, left, [word("regimes", regime) for regime in regimes])
    return figure


def _range(panel: Axes, at: float, known: tuple[float, float, float], position: int) -> None:
    low, middle, high = known
    look = drawing.series_style(position)
    panel.plot([low, high], [at, at], color=look["color"], linewidth=size("line") * 2, solid_capstyle="butt")
    panel.plot(middle, at, marker=look["marker"], color=look["color"], markersize=size("marker"), linestyle="none")


def table(known: pd.DataFrame, regimes: Sequence[str], heads: tuple[str, str]) -> pd.DataFrame:
    """Return the ranges as text: a row a quantity, named and grouped under two heads, a column a regime."""
    rows = known[["group", "row"]].drop_duplicates().itertuples(index=False)
    return pd.DataFrame(
        [
            {heads[1]: row, heads[0]: group}
            | {word("regimes", regime): over_runs(of(known, group, row, regime)) for regime in regimes}
            for group, row in rows
        ]
    )


def alt(told: pd.DataFrame, regimes: Sequence[str], heads: tuple[str, str]) -> str:
    """Return the text of such a table as sentences."""
    names = [word("regimes", regime) for regime in regimes]
    return " ".join(
        f"{row[heads[0]]}, {row[heads[1]]}: {listing([f'{name.lower()} {row[name]}' for name in names])}."
        for row in told.to_dict("records")
    )
