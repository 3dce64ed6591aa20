"""Stocks and waits over time, and yearly levels beside the published figures."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ecology.vocabulary import FIRST_YEAR, WEEKS_A_YEAR
from experiments.report import drawing
from experiments.report.drawing import Picture
from experiments.report.gather import Results
from experiments.report.traces import Trace, panels, trace
from experiments.report.words import counted, listing, over_runs, short, table, word
from experiments.settings import settings

STOCKS, WAITS, LEVELS = "stocks", "waits", "levels"
SPRING = 1 / 4  # 1 April, in years
NO_CLAIM = "The published figures stand here for comparison only: no claim is made that the simulation fits them."


def picture(results: Results, pressure: str, regimes: Sequence[str], kind: str, name: str) -> Picture | None:
    """Return the panels of one kind: ``stocks`` or ``waits`` by quarter, ``levels`` by year beside published figures.

    None if the results hold no such measure.
    """
    rows = _rows(results, pressure, kind)
    listed = table("words.toml")["shown"][kind]
    present = set(rows.loc[rows["value"].notna(), "measure"])
    shown = [measure for measure in listed["measures"] if measure in present]
    if not shown:
        return None
    lines = {
        word("measures", m): [trace(short(r), rows[(rows["regime"] == r) & (rows["measure"] == m)]) for r in regimes]
        for m in shown
    }
    known = _published(results.published, shown, rows["time"].max()) if kind == LEVELS else {}
    last = rows[rows["time"] == rows["time"].max()]
    told = {measure: _ends(last, measure, regimes) for measure in shown}
    headline = f"{listed['headline']}: the widest gap at the end is in {told[_widest(last, shown, regimes)]}"
    subtitle = f"{listed['unit']}, {results.scope(pressure)}. Line: median; band: 9 in 10 runs."
    if kind == LEVELS:
        headline = _beside(lines, known)
        subtitle += " Crosses: published." if known else ""
    note = NO_CLAIM if kind == LEVELS else ""
    alt = f"Lines over time. {listed['headline']}, at the end. {'. '.join(told.values())}. {note}".strip()
    with drawing.style():
        switch = FIRST_YEAR + SPRING + results.manifest["switch_week"] / WEEKS_A_YEAR
        drawn = drawing.svg(panels(lines, switch, known), name, headline, alt)
    return Picture(name, headline, subtitle, alt, drawn, _table(rows, shown, regimes, known), note)


def _rows(results: Results, pressure: str, kind: str) -> pd.DataFrame:
    """Return regime, seed, measure, value and ``time`` in calendar years, from a little before the switch."""
    if kind == LEVELS:
        rows = results.yearly.assign(time=results.yearly["year"] + SPRING)  # the year that ends on 31 March
    else:
        rows = results.series.assign(time=FIRST_YEAR + SPRING + results.series["week"] / WEEKS_A_YEAR)
    start = FIRST_YEAR + results.manifest["switch_week"] / WEEKS_A_YEAR - settings()["page"]["years_of_past"]
    return rows[(rows["pressure"] == pressure) & (rows["time"] >= start)]


def _published(published: pd.DataFrame, shown: Sequence[str], until: float) -> Mapping[str, pd.Series]:
    known = published[published["measure"].isin(shown) & (published["year"] + SPRING <= until)]
    return {
        word("measures", str(m)): rows.set_index(rows["year"] + SPRING)["value"] for m, rows in known.groupby("measure")
    }


def _ends(last: pd.DataFrame, measure: str, regimes: Sequence[str]) -> str:
    """Return where each regime ends, in words."""
    rows = last[last["measure"] == measure]
    ends = [f"{over_runs(rows.loc[rows['regime'] == r, 'value'])} under {word('regimes', r).lower()}" for r in regimes]
    return f"\N{LEFT SINGLE QUOTATION MARK}{word('measures', measure)}\N{RIGHT SINGLE QUOTATION MARK}: {listing(ends)}"


def _widest(last: pd.DataFrame, shown: Sequence[str], regimes: Sequence[str]) -> str:
    """Return the measure in which the regimes' medians end furthest apart, relative to the highest."""
    medians = last[last["regime"].isin(regimes)].groupby(["measure", "regime"])["value"].median().unstack()
    gaps = (medians.max(axis=1) - medians.min(axis=1)) / medians.abs().max(axis=1)
    return str(gaps.reindex(list(shown)).fillna(0).idxmax())


def _beside(lines: Mapping[str, Sequence[Trace]], known: Mapping[str, pd.Series]) -> str:
    """Return how many published figures the runs of the first regime enclose, with no claim about fit."""
    enclosed = total = 0
    for title, points in known.items():
        first = lines[title][0]
        for time, value in points.items():
            at = first.times == time
            total += 1
            enclosed += bool(at.any() and first.low[at][0] <= value <= first.high[at][0])
    if not total:
        return "Simulated levels; no figures are published for this place and these years"
    return (
        f"Simulated levels beside published ones, with no claim that they fit: "
        f"{enclosed} of {counted(total, 'published figure')} lie within the runs"
    )


def _table(
    rows: pd.DataFrame, shown: Sequence[str], regimes: Sequence[str], known: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """Return a row a measure and year: at the start of each year for stocks and waits."""
    yearly = rows[(rows["time"] - SPRING) % 1 == 0]
    lines = []
    for measure in shown:
        of_measure = yearly[yearly["measure"] == measure]
        for time, group in of_measure.groupby("time"):
            line = {"Measure": word("measures", measure), "Spring of": f"{float(str(time)) - SPRING:.0f}"}
            for regime in regimes:
                line[word("regimes", regime)] = over_runs(group.loc[group["regime"] == regime, "value"])
            if known:
                found = known.get(word("measures", measure), pd.Series(dtype=float)).get(time)
                line["Published"] = "" if found is None else f"{found:,.1f}"
            lines.append(line)
    return pd.DataFrame(lines)
