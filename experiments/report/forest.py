"""Paired differences with their intervals, in units of the smallest difference of interest, grouped by verdict."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.report import drawing
from experiments.report.drawing import Picture, ink
from experiments.report.gather import HEADLINE, Results
from experiments.report.words import counted, first_upper, listing, percent, points, size, span, spell, table, word
from experiments.statistics import BETTER, NEGLIGIBLE, SIGN_UNCLEAR, WORSE

VERDICTS = (BETTER, WORSE, NEGLIGIBLE, SIGN_UNCLEAR)


def oriented(rows: pd.DataFrame, definitions: dict[str, dict[str, object]]) -> pd.DataFrame:
    """Return rows with centre, left and right in smallest differences, positive where the regime does better."""
    told = rows.assign(
        sign=[-1.0 if definitions[name]["better"] == "lower" else 1.0 for name in rows["outcome"]],
        unit_of_interest=[float(str(definitions[name]["smallest_difference"])) for name in rows["outcome"]],
    )
    scale = told["sign"] / told["unit_of_interest"]
    ends = np.sort(np.column_stack([told["low"] * scale, told["high"] * scale]), axis=1)
    return told.assign(centre=told["mean"] * scale, left=ends[:, 0], right=ends[:, 1])


def picture(results: Results, pressure: str, regime: str, name: str) -> Picture:
    """Return the forest of one regime against the comparator under one pressure."""
    rows = results.contrast(pressure, regime)
    order = {verdict: position for position, verdict in enumerate(VERDICTS)}
    rows = rows.assign(order=rows["verdict"].map(order)).sort_values("order", kind="stable")
    rows["name"] = [_name(str(outcome), results.manifest["outcomes"][outcome]["role"]) for outcome in rows["outcome"]]
    told = oriented(rows, results.manifest["outcomes"])
    counts = [
        f"{(rows['verdict'] == verdict).sum()} {word('verdicts', verdict)}"
        for verdict in VERDICTS
        if (rows["verdict"] == verdict).any()
    ]
    this, other = word("regimes", regime), word("regimes", results.against)
    headline = f"{this} against {other.lower()}: of {counted(len(rows), 'outcome')}, {listing(counts)}"
    subtitle = (
        "Paired difference in units of the smallest difference of interest, with its interval, "
        f"{results.scope(pressure)}. Grey band: too small to matter."
    )
    if _reach(told) > size("linear_to"):
        subtitle += " Beyond 1 each grid line is ten times the one before."
    alt = "Intervals of paired differences. " + " ".join(_sentence(row) for _, row in told.iterrows())
    with drawing.style():
        drawn = drawing.svg(_draw(told, this, other), name, headline, alt)
    return Picture(name, headline, subtitle, alt, drawn, _table(told, results))


def _reach(told: pd.DataFrame) -> float:
    return float(np.nanmax(np.abs(told[["left", "right"]].to_numpy()), initial=1))


def _draw(told: pd.DataFrame, this: str, other: str) -> Figure:
    groups = [(verdict, group) for verdict, group in told.groupby("verdict", sort=False)]
    lines = len(told) + len(groups)
    height = lines * size("row") + size("head") * 3 / 2
    figure = drawing.canvas(height)
    left = size("name_room") * 2
    panel = drawing.axes(figure, left, size("head") / 2, size("width") - left - size("head") / 2, lines * size("row"))
    reach = _reach(told)
    if reach > size("linear_to"):
        panel.set_xscale("symlog", linthresh=1, linscale=1)
        reach = 10 ** np.ceil(np.log10(reach))
    else:
        panel.xaxis.set_major_locator(MaxNLocator(nbins=size("ticks") * 2, integer=True))
    panel.axvspan(-1, 1, color=ink("grid"), linewidth=0)
    panel.axvline(0, color=ink("quiet"), linewidth=1)
    names, y = [], 0
    for verdict, group in groups:
        drawing.name_group(panel, y, _group_name(str(verdict), this), left)
        y += 1
        for _, row in group.iterrows():
            _interval(panel, y, row)
            names.append((y, str(row["name"])))
            y += 1
    panel.set_yticks([at for at, _ in names], [told for _, told in names])
    panel.set_ylim(lines - 1 / 2, -1 / 2)
    panel.set_xlim(-reach * (1 + size("band")), reach * (1 + size("band")))
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,g}".replace("-", "\N{MINUS SIGN}"))
    panel.tick_params(length=0, labelsize=size("small"))
    panel.spines["left"].set_visible(False)
    panel.grid(axis="x")
    sides = {"left": f"\N{LEFTWARDS ARROW} {other} does better", "right": f"{this} does better \N{RIGHTWARDS ARROW}"}
    for at, (side, name) in enumerate(sides.items()):
        panel.text(at, 1, name, transform=panel.transAxes, ha=side, va="bottom", fontsize=size("small"))
    panel.set_xlabel("in smallest differences of interest", fontsize=size("small"))
    return figure


def _name(outcome: str, role: str) -> str:
    return spell(outcome) + (f" ({role})" if role in HEADLINE else "")


def _group_name(verdict: str, this: str) -> str:
    told = word("verdicts", verdict).capitalize()
    return f"{told} under {this.lower()}" if verdict in (BETTER, WORSE) else told


def _interval(panel: Axes, y: float, row: pd.Series) -> None:
    look = table("look.toml")["verdicts"][row["verdict"]]
    shade = drawing.colour(look["colour"])
    if np.isfinite(row["left"]):
        panel.plot([row["left"], row["right"]], [y, y], color=shade, linewidth=size("line") * 2, solid_capstyle="butt")
    panel.plot(row["centre"], y, marker=look["marker"], color=shade, markersize=size("marker"), linestyle="none")


def _sentence(row: pd.Series) -> str:
    return f"{first_upper(row['name'])}: {difference(row)}; {row['verdict']}."


def difference(row: pd.Series) -> str:
    """Return the interval of a difference with its unit and level, in words."""
    if not np.isfinite(row["low"]):
        return "one pair of runs, so no interval"
    return f"{span(row['low'], row['high'])} {points(row['unit'])} ({percent(row['level'])} interval)"


def _table(told: pd.DataFrame, results: Results) -> pd.DataFrame:
    definitions = results.manifest["outcomes"]
    return pd.DataFrame(
        {
            "Outcome": [first_upper(name) for name in told["name"]],
            "Better when": [definitions[name]["better"] for name in told["outcome"]],
            "Difference": [difference(row) for _, row in told.iterrows()],
            "Smallest difference of interest": [f"{value:g}" for value in told["unit_of_interest"]],
            "Better in": [
                f"{row['probability_better'] * row['n']:g} of {row['n']} paired runs" for _, row in told.iterrows()
            ],
            "Verdict": list(told["verdict"]),
        }
    )
