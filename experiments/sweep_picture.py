"""The picture of a sweep: how the primary outcome differs between regimes over the worlds that were sampled."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from scipy.stats import binomtest

from experiments.report import drawing
from experiments.report.words import counted, first_upper, percent, points, short, size, span, spell
from experiments.settings import settings
from experiments.statistics import SIGN_UNCLEAR

NAME = "differences"


def differences_picture(
    differences: pd.DataFrame, outcomes: pd.DataFrame, definitions: Mapping[str, Any], folder: Path
) -> None:
    """Write ``differences.svg`` and ``.png``: the primary outcome of every regime against the first, over points.

    With one regime, its values instead. Nothing is written if no run holds the primary outcome.
    """
    primary = next((name for name, told in definitions.items() if told.role == "primary"), None)
    column = "difference" if len(differences) else "value"
    table = differences if len(differences) else outcomes
    table = table[table["outcome"] == primary]
    if primary is None or not len(table):
        return
    definition = definitions[primary]
    with drawing.style():
        figure, headline = _figure(table, column, definition)
        text = drawing.svg(figure, NAME, headline, headline)
        (folder / f"{NAME}.svg").write_text(text, encoding="utf-8")
        with matplotlib.rc_context({"svg.fonttype": "path"}):
            figure.savefig(folder / f"{NAME}.png", dpi=size("dots_an_inch"), metadata={"Software": None})


def _figure(table: pd.DataFrame, column: str, definition: Any) -> tuple[Any, str]:
    regimes = list(table["regime"].unique())
    height = size("head") + size("panel") * len(regimes)
    figure = drawing.canvas(height)
    by_point = table.groupby(["regime", "row"], sort=False)[column].mean()
    spread = _edges(by_point.to_numpy())
    headline = ""
    panels = []
    for position, regime in enumerate(regimes):
        values = by_point[regime].to_numpy()
        top = size("head") - size("row") + position * size("panel")
        margin = size("axis_room")
        panel = drawing.axes(figure, margin, top, size("width") - margin * 2, size("panel") - size("head"))
        panel.hist(values, bins=spread, color=drawing.series_style(position)["color"], edgecolor=drawing.ink("paper"))
        told = sentence(regime, values, column, definition, table)
        panel.set_title(told, loc="left", fontsize=size("text"))
        panel.set_ylabel("worlds")
        if column == "difference":
            panel.axvline(0, color=drawing.ink("text"), linestyle="dashed", linewidth=1)
        headline = f"{headline} {told}".replace("\n", " ").strip()
        panels.append(panel)
    unit = points(definition.unit) if column == "difference" else definition.unit
    panels[-1].set_xlabel(f"{spell(definition.name).capitalize()}, {unit}; {definition.better} is better")
    return figure, headline


def _edges(values: np.ndarray) -> list[float]:
    """Return edges of bars of one width, one of them at zero, so that no bar mixes better with worse."""
    edges = np.histogram_bin_edges(values, bins="auto" if len(values) > 1 else 1)
    width = edges[1] - edges[0]
    first, last = np.floor(values.min() / width), np.floor(values.max() / width) + 1
    return (np.arange(first, last + 1) * width).tolist()


def sentence(regime: str, values: np.ndarray, column: str, definition: Any, table: pd.DataFrame) -> str:
    """Return in how many worlds a regime does better, with its interval, and whether that settles the sign."""
    of_regime = table[table["regime"] == regime]
    seeds = counted(int(of_regime.groupby("row")["seed"].nunique().max()), "seed")
    number = f"n = {counted(len(values), 'sampled world')}, {seeds} each"
    if column != "difference":
        return f"{short(regime)}: {number}"
    better = int(((values < 0) if definition.better == "lower" else (values > 0)).sum())
    against = short(str(of_regime["against"].iloc[0])).lower()
    level = settings()["statistics"]["level"]
    share = binomtest(better, len(values)).proportion_ci(level, method="wilson")
    told = f"{percent(level)} interval {span(share.low * 100, share.high * 100)}%"
    unclear = "" if share.high < 1 / 2 or share.low > 1 / 2 else f"{first_upper(SIGN_UNCLEAR)}: "
    return (
        f"{unclear}{short(regime)} does better than {against} in {better} of {len(values)} sampled worlds,\n"
        f"{percent(better / len(values))} ({told}; {seeds} each)"
    )
