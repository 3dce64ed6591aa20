"""Pictures for the notebooks: PNG, which any code host shows, each with headline, text alternative and table.

Colours and sizes are those of the report page (``experiments/report/look.toml``).
"""

import io
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import Image, Markdown, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecology.vocabulary import FIRST_YEAR, WEEKS_A_YEAR
from experiments.report import drawing
from experiments.report.words import first_upper, listing, over_runs, size, spell, table, word

DOTS_AN_INCH = 100
HUNDRED = 100


def show(picture: Figure, headline: str, subtitle: str, alt: str, behind: pd.DataFrame) -> None:
    """Show a picture under its headline; its text alternative and the table behind it stand below, for everybody."""
    drawn = io.BytesIO()
    with drawing.style():
        picture.savefig(drawn, format="png", dpi=DOTS_AN_INCH, bbox_inches="tight", metadata={"Software": None})
    display(Markdown(f"**{headline}**\n\n{subtitle}"))
    display(Image(data=drawn.getvalue(), alt=alt))
    display(Markdown(f"*The picture in words:* {alt}"), behind)


def over_time(weekly: pd.DataFrame, measures: Sequence[str], headline: str, scope: str) -> None:
    """Show lines over the years, a panel a measure: means of a quarter, the median over runs and a band of all runs.

    ``weekly`` has the columns regime, seed, week, measure, value.
    """
    span = size("weeks_a_point")
    rows = weekly[weekly["measure"].isin(measures)]
    rows = rows.assign(year=FIRST_YEAR + 1 / 4 + rows["week"] // span * span / WEEKS_A_YEAR)
    quarters = rows.groupby(["measure", "regime", "seed", "year"])["value"].mean()
    regimes = list(dict.fromkeys(rows["regime"]))
    ends = {}
    with drawing.style():
        picture = drawing.canvas(size("panel") * 5 / 4)
        panels = picture.subplots(1, len(measures))
        for panel, measure in zip(panels, measures, strict=True):
            runs = {regime: quarters[measure, regime].unstack("seed") for regime in regimes}
            _lines(panel, runs, named=panel is panels[-1])
            panel.set_title(word("measures", measure), loc="left", fontsize=size("text"))
            ends[word("measures", measure)] = {regime: over_runs(known.iloc[-1]) for regime, known in runs.items()}
        picture.tight_layout()
    told = [f"{name.lower()} {_by_regime(last)}" for name, last in ends.items()]
    alt = f"Lines over time, in numbers of children. Ranges over runs in the last quarter: {'; '.join(told)}."
    subtitle = f"Means of a quarter of a year, {scope}. Lines: medians over runs; bands: all runs."
    behind = pd.DataFrame(ends).T.rename(columns=lambda regime: f"{word('regimes', regime)}, last quarter")
    show(picture, headline, subtitle, alt, behind)


def _lines(panel: Axes, runs: Mapping[str, pd.DataFrame], named: bool) -> None:
    """Draw one panel; if ``named``, each line carries its regime at its end."""
    highest = max(float(known.to_numpy().max()) for known in runs.values())
    last = [float(known.iloc[-1].median()) for known in runs.values()]
    places = drawing.apart(last, highest / size("text"))
    for position, (regime, known) in enumerate(runs.items()):
        look = drawing.series_style(position)
        low, high = known.min(axis=1), known.max(axis=1)
        panel.fill_between(known.index, low, high, color=look["color"], alpha=size("band"), linewidth=0)
        line = {"color": look["color"], "linestyle": look["linestyle"], "linewidth": size("line")}
        panel.plot(known.index, known.median(axis=1), **line)
        if named:
            panel.annotate(
                word("regimes", regime), (1, last[position]), xytext=(size("label_at"), places[position]),
                xycoords=panel.get_yaxis_transform(), textcoords=panel.get_yaxis_transform(), va="center",
                fontsize=size("small"), arrowprops={"arrowstyle": "-", "color": look["color"], "shrinkA": 0},
            )  # fmt: skip
    panel.set_ylim(bottom=0)
    panel.xaxis.set_major_locator(MaxNLocator(nbins=size("ticks"), integer=True))
    panel.grid(axis="y")


def hours(shares: Mapping[str, pd.DataFrame], scope: str) -> None:
    """Show stacked bars of paid time by purpose, a panel for each group of staff.

    ``shares``: group of staff → a table with a row a (regime, seed), a column a purpose, values in per cent.
    """
    first = next(iter(shares))
    regimes = list(shares[first].index.unique("regime"))
    with drawing.style():
        picture = drawing.canvas(size("panel") * len(shares) * 5 / 4)
        panels = picture.subplots(len(shares))
        for panel, (staff, rows) in zip(panels, shares.items(), strict=True):
            _bars(panel, rows, regimes)
            panel.set_title(staff, loc="left", fontsize=size("text"), fontweight="bold", pad=size("gap") * 4)
        picture.tight_layout()
    ranges = {
        (staff, regime): {purpose: f"{over_runs(rows[purpose].loc[regime])}%" for purpose in rows}
        for staff, rows in shares.items()
        for regime in regimes
    }
    direct = {staff: _by_regime({regime: ranges[staff, regime]["direct"] for regime in regimes}) for staff in shares}
    alt = "Stacked bars of paid time by purpose. Direct work takes, of the time of "
    alt += "; of ".join(f"{staff.lower()}, {told}" for staff, told in direct.items()) + "."
    behind = pd.DataFrame(ranges).rename(index=first_upper, columns=lambda name: _regime_or(name, regimes))
    headline = f"{first}: direct work with children and families takes {direct[first]} of paid time"
    show(picture, headline, f"Paid time by purpose, medians over runs, {scope}.", alt, behind)


def _bars(panel: Axes, known: pd.DataFrame, regimes: Sequence[str]) -> None:
    """Draw a bar for each regime; a segment that is wide enough carries its number, the first bar the names."""
    medians = known.groupby(level="regime").median().loc[list(regimes)]
    medians = medians.mul(HUNDRED / medians.sum(axis=1), axis=0)
    starts = medians.cumsum(axis=1) - medians
    middles = (starts + medians / 2).iloc[0]
    names_at = drawing.apart(list(middles), size("name_gap"))
    names_at += min(0, HUNDRED - names_at.max())
    for position, (purpose, name_at) in enumerate(zip(medians, names_at, strict=True)):
        fill, pattern = table("look.toml")["purposes"][purpose]
        panel.barh(
            range(len(regimes)), medians[purpose], left=starts[purpose], color=drawing.colour(fill), hatch=pattern,
            edgecolor=drawing.ink("paper"),
        )  # fmt: skip
        for row, (start, wide) in enumerate(zip(starts[purpose], medians[purpose], strict=True)):
            if wide >= size("label_from") * HUNDRED:
                panel.text(
                    start + wide / 2, row, f"{wide:.0f}%", ha="center", va="center", fontsize=size("small"),
                    bbox={"facecolor": drawing.ink("paper"), "edgecolor": "none", "boxstyle": "round,pad=0.2"},
                )  # fmt: skip
        panel.annotate(
            first_upper(str(purpose)), (middles[purpose], -1 / 2 + size("band") / 2), ha="center",
            xytext=(name_at, 1 + (1 + position % 2) * size("name_rise")), textcoords=panel.get_xaxis_transform(),
            fontsize=size("small"),
            arrowprops={"arrowstyle": "-", "color": drawing.ink("quiet"), "linewidth": 1 / 2, "shrinkB": 0},
        )  # fmt: skip
    rows_named(panel, [word("regimes", regime) for regime in regimes])
    panel.set_xlim(0, HUNDRED)
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")


def charges(asked: pd.DataFrame, headline: str, scope: str) -> None:
    """Show front-line hours a year by what asked for them: a row a cause, a bar a regime.

    ``asked`` has a row a (regime, seed) and a column a cause, in hours a year.
    """
    regimes = list(asked.index.unique("regime"))
    names = [first_upper(spell(str(cause))) for cause in asked]
    with drawing.style():
        picture = drawing.canvas(len(names) * size("row") * 2 + size("head") * 2)
        panel = picture.subplots()
        for position, regime in enumerate(regimes):
            look, pattern = drawing.series_style(position), "////" if position else ""
            at = np.arange(len(names)) + (position + 1) / (len(regimes) + 1) - 1 / 2
            panel.barh(
                at, asked.loc[regime].median(), height=1 / (len(regimes) + 1), color=look["color"], hatch=pattern,
                edgecolor=drawing.ink("paper"), linewidth=0, label=word("regimes", regime),
            )  # fmt: skip
        rows_named(panel, names)
        panel.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
        panel.grid(axis="x")
        panel.set_xlabel("front-line hours a year", fontsize=size("small"))
        legend(picture, panel)
    ranges = {regime: [over_runs(asked[cause].loc[regime]) for cause in asked] for regime in regimes}
    behind = pd.DataFrame(ranges, index=names).rename(columns=lambda regime: word("regimes", regime))
    told = {regime: over_runs(asked.loc[regime].sum(axis=1)) for regime in regimes}
    alt = f"Bars of front-line hours a year by what asked for them. All together: {_by_regime(told)}."
    subtitle = f"Hours asked for by each lever and by all checkers together, medians over runs, {scope}."
    show(picture, headline, subtitle, alt, behind)


def rows_named(panel: Axes, names: Sequence[str]) -> None:
    """Name the rows of a panel, the first on top."""
    panel.set_yticks(range(len(names)), names)
    panel.set_ylim(len(names) - 1 / 2, -1 / 2)
    panel.tick_params(length=0)
    panel.spines["left"].set_visible(False)


def legend(picture: Figure, panel: Axes) -> None:
    """Name the series below a picture."""
    picture.tight_layout()
    handles, labels = panel.get_legend_handles_labels()
    picture.legend(handles, labels, loc="upper center", ncols=len(labels), frameon=False, bbox_to_anchor=(1 / 2, 0))


def _by_regime(told: Mapping[str, str]) -> str:
    return listing([f"{value} under {word('regimes', regime).lower()}" for regime, value in told.items()])


def _regime_or(name: str, regimes: Sequence[str]) -> str:
    return word("regimes", name) if name in regimes else name
