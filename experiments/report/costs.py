"""What governing costs: front-line hours that each lever and each checker asks for."""

from collections.abc import Sequence

import pandas as pd

from experiments.report import drawing, ranges
from experiments.report.drawing import Picture
from experiments.report.gather import Results
from experiments.report.words import listing, over_runs, spell, table, word

MINUTES_AN_HOUR = 60
HEADS = ("Asked for by", "What for")
TOTAL = "all of these"
PREFIX = "asked_minutes_"


def hours(results: Results, pressure: str) -> pd.DataFrame:
    """Return hours a year: group (levers, checkers), row (with a total), regime, seed, value; no empty rows."""
    rows = results.totals[results.totals["pressure"] == pressure]
    found = []
    for group, causes in table("words.toml")["causes"].items():
        lines = {f"{PREFIX}{cause}": spell(cause) for cause in causes}
        own = rows[rows["measure"].isin(lines)]
        own = own[own.groupby("measure")["value"].transform("max") > 0]
        total = own.groupby(["regime", "seed"], as_index=False)["value"].sum().assign(row=TOTAL)
        found.append(pd.concat([total, own.assign(row=own["measure"].map(lines))]).assign(group=group))
    known = pd.concat(found)
    yearly = known["value"] / (MINUTES_AN_HOUR * results.manifest["years"])
    return known.assign(value=yearly)[["group", "row", "regime", "seed", "value"]]


def picture(results: Results, pressure: str, regimes: Sequence[str], name: str) -> Picture | None:
    """Return the hours by what asked for them; None if no such hours were recorded."""
    known = hours(results, pressure)
    if known.empty:
        return None
    levers = known["group"].iloc[0]
    asked = [
        f"{over_runs(ranges.of(known, levers, TOTAL, regime))} hours a year under {word('regimes', regime).lower()}"
        for regime in regimes
    ]
    headline = f"Governing takes front-line time: levers ask for {listing(asked)}"
    subtitle = (
        f"Front-line hours a year asked for by levers and by checkers, mean over the years, {results.scope(pressure)}. "
        "Marker: median; bar: 9 in 10 runs."
    )
    told = ranges.table(known, regimes, HEADS)
    alt = f"Ranges in hours a year. {ranges.alt(told, regimes, HEADS)}"
    with drawing.style():
        drawn = drawing.svg(ranges.draw(known, regimes, "hours a year"), name, headline, alt)
    return Picture(name, headline, subtitle, alt, drawn, told)
