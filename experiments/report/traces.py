"""Lines over time, a panel a measure: for each regime the median and the band of 9 in 10 runs, labelled directly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.report import drawing
from experiments.report.drawing import ink
from experiments.report.words import band, size


@dataclass(frozen=True)
class Trace:
    """One line: low, median and high over runs at each time, in calendar years."""

    label: str
    times: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


def trace(label: str, rows: pd.DataFrame) -> Trace:
    """Return the trace of rows with columns time and value, one row a run and time."""
    bands = [(when, *band(group["value"])) for when, group in rows.dropna(subset="value").groupby("time")]
    times, low, middle, high = np.array(bands, dtype=float).reshape(len(bands), 4).T
    return Trace(label, times, low, middle, high)


def panels(
    traces: Mapping[str, Sequence[Trace]], switch: float | None, published: Mapping[str, pd.Series] | None = None
) -> Figure:
    """Draw a panel for each title of ``traces``; ``published`` adds points (by year) under the same title."""
    across = size("across")
    rows = -(-len(traces) // across)
    height = rows * (size("panel") + size("head"))
    figure = drawing.canvas(height)
    width = size("width") / across
    for position, (title, lines) in enumerate(traces.items()):
        row, column = divmod(position, across)
        left = column * width + size("axis_room")
        top = row * (size("panel") + size("head")) + size("head") / 2
        panel = drawing.axes(figure, left, top, width - size("axis_room") - size("label_room"), size("panel"))
        panel.set_title(title, loc="left", fontsize=size("text"), fontweight="bold")
        _lines(panel, lines)
        if published is not None and title in published:
            _points(panel, published[title])
        _finish(panel, lines, switch)
    return figure


def _lines(panel: Axes, lines: Sequence[Trace]) -> None:
    for position, line in enumerate(lines):
        look = drawing.series_style(position)
        panel.fill_between(line.times, line.low, line.high, color=look["color"], alpha=size("band"), linewidth=0)
        panel.plot(line.times, line.middle, color=look["color"], linestyle=look["linestyle"], linewidth=size("line"))


def _points(panel: Axes, known: pd.Series) -> None:
    panel.plot(
        known.index, known.to_numpy(dtype=float), linestyle="none", marker="x", markersize=size("marker"),
        color=ink("text"), clip_on=False,
    )  # fmt: skip


def _finish(panel: Axes, lines: Sequence[Trace], switch: float | None) -> None:
    highest = max([line.high.max(initial=0) for line in lines] + [panel.get_ylim()[1]])
    panel.set_ylim(0, highest * size("headroom"))
    panel.margins(x=0)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=size("ticks"), integer=False))
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    panel.xaxis.set_major_locator(MaxNLocator(nbins=size("ticks"), integer=True))
    panel.tick_params(labelsize=size("small"), length=0, pad=size("marker"))
    panel.grid(axis="y")
    if switch is not None:
        panel.axvline(switch, color=ink("quiet"), linewidth=1)
        panel.annotate(
            "switch", (switch, 1), xycoords=("data", "axes fraction"), xytext=(size("line"), -size("line")),
            textcoords="offset points", va="top", fontsize=size("small"), color=ink("quiet"),
        )  # fmt: skip
    _label_ends(panel, lines)


def _label_ends(panel: Axes, lines: Sequence[Trace]) -> None:
    """Name each line at its right end; labels move apart and stay joined to their line."""
    drawn = [(position, line) for position, line in enumerate(lines) if len(line.times)]
    _, top = panel.get_ylim()
    points = size("panel") * drawing.POINTS_AN_INCH
    heights = drawing.apart([line.middle[-1] / top * points for _, line in drawn], size("gap"))
    heights += max(0, size("marker") - min(heights))
    for (position, line), height in zip(drawn, heights, strict=True):
        look = drawing.series_style(position)
        panel.annotate(
            line.label, (line.times[-1], line.middle[-1]), xytext=(size("label_at"), height / points),
            textcoords="axes fraction", va="center", fontsize=size("small"), annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": look["color"], "relpos": (0, 1 / 2), "shrinkA": 1, "shrinkB": 0},
        )  # fmt: skip
