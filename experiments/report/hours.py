"""Hours by purpose: what the paid time of the front line goes to under each regime, all eight purposes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ecology.vocabulary import Purpose, words
from experiments.report import drawing
from experiments.report.drawing import Picture, ink
from experiments.report.gather import Results
from experiments.report.words import band, listing, over_runs, size, table, word

PURPOSES = [words(purpose) for purpose in Purpose]
STAFF = {"All front-line staff": "minutes_", "Social workers": "minutes_social_worker_"}
HUNDRED = 100  # per cent


def shares(results: Results, pressure: str, prefix: str) -> pd.DataFrame:
    """Return the percentage of paid minutes by purpose: one row a regime and seed, one column a purpose."""
    rows = results.totals[(results.totals["pressure"] == pressure) & results.totals["measure"].str.startswith(prefix)]
    purposes = rows["measure"].str.rsplit("_", n=1).str[-1]
    rows = rows.assign(purpose=purposes)[purposes.isin(PURPOSES)]
    minutes = rows.pivot_table(index=["regime", "seed"], columns="purpose", values="value", aggfunc="sum")
    minutes = minutes.reindex(columns=PURPOSES, fill_value=0)
    return minutes.div(minutes.sum(axis=1), axis=0) * HUNDRED


def picture(results: Results, pressure: str, regimes: Sequence[str], name: str) -> Picture:
    """Return the stacked bars, a bar a regime, for all staff and for social workers."""
    by_staff = {staff: shares(results, pressure, prefix) for staff, prefix in STAFF.items()}
    first = by_staff[next(iter(STAFF))]
    direct = [f"{over_runs(first['direct'].loc[r])}% under {word('regimes', r).lower()}" for r in regimes]
    headline = f"Direct work with children and families takes {listing(direct)} of paid front-line time"
    subtitle = (
        f"Share of paid minutes by purpose, {results.scope(pressure)}. Bars: medians over runs; numbers: 9 in 10 runs."
    )
    with drawing.style():
        drawn = drawing.svg(_draw(by_staff, regimes), name, headline, _alt(by_staff, regimes))
    return Picture(name, headline, subtitle, _alt(by_staff, regimes), drawn, _table(by_staff, regimes))


def _draw(by_staff: dict[str, pd.DataFrame], regimes: Sequence[str]) -> Figure:
    bars = len(regimes) * size("row") * 2
    height = len(by_staff) * (bars + size("head") * 2)
    figure_ = drawing.canvas(height)
    for position, (staff, known) in enumerate(by_staff.items()):
        top = position * (bars + size("head") * 2) + size("head") * 3 / 2
        left = size("name_room")
        panel = drawing.axes(figure_, left, top, size("width") - left - size("head") / 2, bars)
        panel.annotate(
            staff, (0, 1), xycoords="axes fraction", textcoords="offset points", fontweight="bold", va="bottom",
            xytext=(size("marker") - left * drawing.POINTS_AN_INCH, size("gap")),
        )  # fmt: skip
        medians = np.array([[band(known[purpose].loc[regime])[1] for purpose in PURPOSES] for regime in regimes])
        edges = np.concatenate([np.zeros((len(regimes), 1)), medians.cumsum(axis=1)], axis=1)
        edges *= HUNDRED / edges[:, -1:]
        for row, regime in enumerate(regimes):
            _bar(panel, row, edges[row], known.loc[[regime]])
        _names(panel, edges[0])
        panel.set_yticks(range(len(regimes)), [drawing.wrapped(word("regimes", regime)) for regime in regimes])
        panel.set_ylim(len(regimes) - 1 / 2, -1 / 2)
        panel.set_xlim(0, HUNDRED)
        panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
        panel.tick_params(length=0, labelsize=size("small"))
        panel.spines["left"].set_visible(False)
    return figure_


def _bar(panel: Axes, row: int, edges: np.ndarray, known: pd.DataFrame) -> None:
    """Draw one bar; a segment that is wide enough carries its range."""
    for position, purpose in enumerate(PURPOSES):
        fill, pattern = table("look.toml")["purposes"][purpose]
        width = edges[position + 1] - edges[position]
        panel.barh(
            row, width, left=edges[position], height=1 - size("band") * 2, color=drawing.colour(fill), hatch=pattern,
            edgecolor=ink("paper"), linewidth=1,
        )  # fmt: skip
        if width >= size("label_from") * HUNDRED:
            low, high = (round(bound) for bound in band(known[purpose])[::2])
            told = f"{low}" if low == high else f"{low}\N{EN DASH}{high}"
            panel.text(
                edges[position] + width / 2, row, told, ha="center", va="center", fontsize=size("small"),
                bbox={"facecolor": ink("paper"), "edgecolor": "none", "boxstyle": "round,pad=0.2"},
            )  # fmt: skip


def _names(panel: Axes, edges: np.ndarray) -> None:
    """Name the segments above the first bar, on two lines so that short segments keep their names apart."""
    centres = (edges[1:] + edges[:-1]) / 2
    places = drawing.apart(centres, size("name_gap"))
    places += min(0, HUNDRED - places.max()) + max(0, -places.min())
    for position, purpose in enumerate(PURPOSES):
        upper = position % 2
        panel.annotate(
            word("purposes", purpose).split(":")[0], (centres[position], -1 / 2 + size("band")), xycoords="data",
            xytext=(places[position], 1 + (1 + upper) * size("name_rise")),
            textcoords=panel.get_xaxis_transform(), ha="center", va="bottom", fontsize=size("small"),
            arrowprops={"arrowstyle": "-", "color": ink("quiet"), "linewidth": 1 / 2, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _table(by_staff: dict[str, pd.DataFrame], regimes: Sequence[str]) -> pd.DataFrame:
    rows = [
        {"Staff": staff, "Purpose": word("purposes", purpose)}
        | {f"{word('regimes', regime)}, % of paid time": over_runs(known[purpose].loc[regime]) for regime in regimes}
        for staff, known in by_staff.items()
        for purpose in PURPOSES
    ]
    return pd.DataFrame(rows)


def _alt(by_staff: dict[str, pd.DataFrame], regimes: Sequence[str]) -> str:
    sentences = []
    for staff, known in by_staff.items():
        for regime in regimes:
            told = [f"{purpose} {over_runs(known[purpose].loc[regime])}%" for purpose in PURPOSES]
            sentences.append(f"{staff}, {word('regimes', regime).lower()}: {listing(told)} of paid time.")
    return "Stacked bars. " + " ".join(sentences)
