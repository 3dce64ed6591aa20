"""Differences between two ways of governing, drawn in units of the smallest difference of interest."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd
import pictures
from matplotlib.axes import Axes

from ecology.outcomes import OUTCOMES
from experiments.report import drawing
from experiments.report.forest import difference, oriented
from experiments.report.words import figure as number
from experiments.report.words import first_upper, listing, points, size, spell, table


def differences(rows: pd.DataFrame, sides: tuple[str, str], headline: str, scope: str) -> None:
    """Show paired differences with their intervals, in units of the smallest difference of interest.

    ``rows``: as ``experiments.statistics.paired_differences`` returns them, for one regime. ``sides``: what does better
    to the left and to the right of zero.
    """
    told = oriented(rows, {name: asdict(outcome) for name, outcome in OUTCOMES.items()})
    with drawing.style():
        picture = drawing.canvas(len(told) * size("row") + size("head") * 2)
        panel = picture.subplots()
        for verdict, group in told.reset_index(drop=True).groupby("verdict", sort=False):
            look = table("look.toml")["verdicts"][verdict]
            shade = drawing.colour(look["colour"])
            panel.hlines(group.index, group["left"], group["right"], color=shade, linewidth=size("line") * 2)
            panel.plot(
                group["centre"], group.index, color=shade, marker=look["marker"], linestyle="none", label=verdict
            )
        reach = _in_smallest_differences(panel, told[["left", "centre", "right"]].to_numpy(), told["outcome"], sides)
        pictures.legend(picture, panel)
    behind = pd.DataFrame(
        {
            "Better when": [OUTCOMES[name].better for name in told["outcome"]],
            "Difference": [difference(row) for _, row in told.iterrows()],
            "Smallest of interest": [f"{value:g}" for value in told["unit_of_interest"]],
            "Better in": [f"{r['probability_better'] * r['n']:g} of {r['n']} pairs" for _, r in told.iterrows()],
            "Verdict": list(told["verdict"]),
        },
        index=_names(told["outcome"]),
    )
    groups = [f"{v}: {listing([spell(o) for o in g])}" for v, g in told.groupby("verdict", sort=False)["outcome"]]
    alt = f"Intervals of paired differences by verdict. {first_upper('; '.join(groups))}. The table has the numbers."
    pictures.show(picture, headline, f"Paired differences with their intervals, {scope}. {_grey(reach)}", alt, behind)


def pairs(series: Mapping[str, pd.DataFrame], sides: tuple[str, str], headline: str, scope: str) -> None:
    """Show the difference within each single pair of runs, for too few pairs to draw intervals.

    ``series``: label → differences with a row an outcome and a column a seed, all with the same outcomes.
    """
    outcomes = list(next(iter(series.values())).index)
    scale = np.array([OUTCOMES[o].smallest_difference * (-1 if OUTCOMES[o].better == "lower" else 1) for o in outcomes])
    scaled = {label: rows.to_numpy() / scale[:, None] for label, rows in series.items()}
    with drawing.style():
        picture = drawing.canvas(len(outcomes) * size("row") * (1 + len(series) / 2) + size("head") * 2)
        panel = picture.subplots()
        for position, (label, values) in enumerate(scaled.items()):
            look = drawing.series_style(position)
            at = np.arange(len(outcomes)) + (position + 1) / (len(series) + 1) - 1 / 2
            panel.hlines(at, values.min(axis=1), values.max(axis=1), color=look["color"], linewidth=1)
            dots = {"color": look["color"], "marker": look["marker"], "linestyle": "none"}
            panel.plot(values, at, **dots, label=[label, *[None] * (values.shape[1] - 1)])
        reach = _in_smallest_differences(panel, np.concatenate(list(scaled.values())), outcomes, sides)
        if len(scaled) > 1:
            pictures.legend(picture, panel)
    told = {
        label: [_pairs(row, OUTCOMES[outcome].unit) for outcome, row in zip(outcomes, rows.to_numpy(), strict=True)]
        for label, rows in series.items()
    }
    behind = pd.DataFrame(told, index=_names(outcomes))
    better = {label: (values > 1).all(axis=1).sum() for label, values in scaled.items()}
    worse = {label: (values < -1).all(axis=1).sum() for label, values in scaled.items()}
    sentences = [
        f"{label}: {better[label]} outcomes better and {worse[label]} worse in every pair by more than the smallest "
        f"difference of interest, {len(outcomes) - better[label] - worse[label]} neither."
        for label in series
    ]
    alt = f"Dots, one a pair of runs. {first_upper(' '.join(sentences))} The table has the numbers."
    pictures.show(picture, headline, f"Difference within each pair of runs, {scope}. {_grey(reach)}", alt, behind)


def _in_smallest_differences(panel: Axes, values: np.ndarray, outcomes: Iterable[str], sides: tuple[str, str]) -> float:
    """Dress a panel whose rows are outcomes and whose scale is smallest differences; return how far it reaches."""
    reach = float(np.nanmax(np.abs(values), initial=1))
    if reach > size("linear_to"):
        panel.set_xscale("symlog", linthresh=1)
    panel.axvspan(-1, 1, color=drawing.ink("grid"), linewidth=0, zorder=0)
    panel.axvline(0, color=drawing.ink("quiet"), linewidth=1, zorder=1)
    panel.set_xlim(-reach * size("headroom"), reach * size("headroom"))
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,g}".replace("-", "\N{MINUS SIGN}"))
    panel.grid(axis="x")
    panel.set_xlabel("in smallest differences of interest", fontsize=size("small"))
    panel.set_title(f"\N{LEFTWARDS ARROW} {sides[0]} does better", loc="left", fontsize=size("small"))
    panel.set_title(f"{sides[1]} does better \N{RIGHTWARDS ARROW}", loc="right", fontsize=size("small"))
    pictures.rows_named(panel, _names(outcomes))
    return reach


def _grey(reach: float) -> str:
    more = " Beyond 1 each grid line is ten times the one before." if reach > size("linear_to") else ""
    return f"Grey band: too small to matter.{more}"


def _names(outcomes: Iterable[str]) -> list[str]:
    return [first_upper(spell(name)) for name in outcomes]


def _pairs(values: Iterable[float], unit: str) -> str:
    return f"{listing([number(value) for value in values])} {points(unit)}"
