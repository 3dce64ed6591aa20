"""Pictures of calibration: scores, waves, what the figures constrain, and authorities across the country."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.calibration.gradients import RATES, Rates
from experiments.report import drawing
from experiments.report.words import size


def scores(table: pd.DataFrame) -> Figure:
    """Return each figure as a row: the members' 90% range and median, measured from the published figure.

    The unit is what counts as met. Ranges that go far beyond the furthest median are cut at the edge.
    """
    with drawing.style():
        drawn = Figure(figsize=(10.0, 1.0 + 0.24 * len(table)), layout="constrained")
        panel = drawn.add_subplot()
        panel.axvspan(-1, 1, color=drawing.ink("grid"), linewidth=0, zorder=0)
        panel.axvline(0, color=drawing.ink("quiet"), linewidth=1)
        for place, row in enumerate(table.to_dict("records")):
            low, high = ((row[end] - row["published"]) / row["counts_within"] for end in ("low", "high"))
            ink = drawing.colour("dark_blue" if row["inside"] else "orange")
            panel.plot([low, high], [place, place], color=ink, linewidth=2, alpha=1.0 if row["fitted"] else 0.45)
            panel.plot([row["off"]], [place], marker="o" if row["inside"] else "s", color=ink, markersize=5)
        panel.set_yticks(
            range(len(table)), [f"{row['figure']}: {row['feature']}" for row in table.to_dict("records")],
            fontsize=size("small"),
        )  # fmt: skip
        panel.set_ylim(len(table) - 0.5, -0.5)
        limit = max(4.0, float(table["off"].abs().max()) + 1.0)
        panel.set_xlim(-limit, limit)
        panel.set_xlabel("simulated minus published, in units of what counts as met (grey: met)")
    return drawn


def waves(table: pd.DataFrame, most: int | None = None) -> Figure:
    """Return how the runs of each stage lie about the published figures, a panel an item, in units of what is met.

    ``table`` has the columns of ``waves.csv``; ``most`` items are shown, by default all. Waves are ``w1``, ``w2``,
    the start of the chains ``0``, their passes ``1`` and so on, the members ``m``.
    """
    names = table["item"].drop_duplicates().tolist()[:most]
    across = 4
    down = -(-len(names) // across)
    with drawing.style():
        drawn = Figure(figsize=(9.0, 0.6 + 1.2 * down), layout="constrained")
        panels = drawn.subplots(down, across, sharex=True, squeeze=False).ravel()
        for panel, name in zip(panels, names, strict=False):
            of_item = table[table["item"] == name]
            off = [(of_item[end] - of_item["published"]) / of_item["met_within"] for end in ("low", "median", "high")]
            places = range(len(of_item))
            panel.axhspan(-1, 1, color=drawing.ink("grid"), linewidth=0, zorder=0)
            panel.vlines(places, off[0], off[2], color=drawing.colour("dark_blue"), linewidth=2)
            panel.plot(places, off[1], marker="o", linestyle="", markersize=4, color=drawing.colour("dark_blue"))
            panel.set_xticks(places, [_short(wave) for wave in of_item["wave"]], fontsize=size("small"))
            panel.set_title(name.replace("_", " "), fontsize=size("small"))
        for panel in panels[len(names) :]:
            panel.set_axis_off()
    return drawn


def _short(stage: str) -> str:
    """Return the name of a wave or pass as it fits under an axis: ``w1``, ``0``, ``m`` for the members."""
    word, _, rest = stage.partition(" ")
    return {"wave": "w", "pass": ""}.get(word, "m") + rest.removesuffix(" (start)")


def constrained(table: pd.DataFrame) -> Figure:
    """Return the range of the members of each fitted parameter within its prior, the most constrained first."""
    fitted = table[table["kind"] == "fitted"].sort_values("width", kind="stable")
    span = fitted["prior_high"] - fitted["prior_low"]
    low, median, high = ((fitted[end] - fitted["prior_low"]) / span for end in ("low", "median", "high"))
    places = range(len(fitted))
    with drawing.style():
        drawn = Figure(figsize=(8.0, 1.0 + 0.22 * len(fitted)), layout="constrained")
        panel = drawn.add_subplot()
        panel.hlines(places, low, high, color=drawing.colour("dark_blue"), linewidth=2)
        panel.plot(median, places, marker="o", linestyle="", markersize=4, color=drawing.colour("dark_blue"))
        panel.set_yticks(places, [name.replace("_", " ") for name in fitted["parameter"]], fontsize=size("small"))
        panel.set_ylim(len(fitted) - 0.5, -0.5)
        panel.set_xlim(0, 1)
        panel.set_xlabel("members' 90% range within the range of the evidence (0: its lowest value, 1: its highest)")
    return drawn


def cross_section(simulated: Rates, published: Rates, year: int) -> Figure:
    """Return published against simulated rates of one year, a panel a rate, a dot an authority."""
    with drawing.style():
        drawn = Figure(figsize=(9.0, 5.6), layout="constrained")
        panels = drawn.subplots(2, 3).ravel()
        for panel, rate in zip(panels, RATES, strict=False):
            keys = [key for key in simulated if key[1:] == (year, rate.name) and key in published]
            x, y = np.array([simulated[key] for key in keys]), np.array([published[key] for key in keys])
            top = float(np.concatenate([x, y, [1.0]]).max()) * 1.05
            panel.plot([0, top], [0, top], color=drawing.ink("quiet"), linewidth=1)
            panel.plot(x, y, marker="o", linestyle="", markersize=4, color=drawing.colour("dark_blue"))
            panel.set_title(rate.told, fontsize=size("small"))
            panel.set_xlabel("simulated, per 10,000", fontsize=size("small"))
            panel.set_ylabel(f"published {year}", fontsize=size("small"))
        for panel in panels[len(RATES) :]:
            panel.set_axis_off()
    return drawn
