"""Money by payer and line: what each regime spends, in cash a year."""

from collections.abc import Sequence

import pandas as pd

from ecology.vocabulary import Line, Payer, words
from experiments.report import drawing, ranges
from experiments.report.drawing import Picture
from experiments.report.gather import Results
from experiments.report.words import listing, over_runs, spell, word

POUNDS_A_MILLION = 1_000_000
HEADS = ("Payer", "Line")
TOTAL = "all lines"


def spending(results: Results, pressure: str) -> pd.DataFrame:
    """Return millions of pounds a year: group (the payer), row (the line, with a total), regime, seed, value."""
    rows = results.totals[results.totals["pressure"] == pressure]
    found = []
    for payer in Payer:
        lines = {f"pounds_{words(payer)}_{words(line)}": spell(words(line)) for line in Line}
        own = rows[rows["measure"].isin(lines)]
        own = own[own.groupby("measure")["value"].transform(lambda values: values.abs().max()) > 0]
        total = own.groupby(["regime", "seed"], as_index=False)["value"].sum().assign(row=TOTAL)
        named = own.assign(row=own["measure"].map(lines)).sort_values("row", kind="stable")
        found.append(pd.concat([total, named]).assign(group=word("payers", words(payer))))
    known = pd.concat(found)
    millions = known["value"] / (POUNDS_A_MILLION * results.manifest["years"])
    return known.assign(value=millions)[["group", "row", "regime", "seed", "value"]]


def picture(results: Results, pressure: str, regimes: Sequence[str], name: str) -> Picture | None:
    """Return the money by payer and line under each regime; None if no money was recorded."""
    known = spending(results, pressure)
    if known.empty:
        return None
    authority = known["group"].iloc[0]
    spent = [
        f"{over_runs(ranges.of(known, authority, TOTAL, r))} million pounds a year under {word('regimes', r).lower()}"
        for r in regimes
    ]
    headline = f"{authority} spends {listing(spent)}"
    subtitle = (
        f"Million pounds a year in cash, mean over the years, by payer and line, {results.scope(pressure)}. "
        "Marker: median; bar: 9 in 10 runs."
    )
    told = ranges.table(known, regimes, HEADS)
    alt = f"Ranges in millions of pounds a year. {ranges.alt(told, regimes, HEADS)}"
    with drawing.style():
        drawn = drawing.svg(ranges.draw(known, regimes, "million pounds a year"), name, headline, alt)
    return Picture(name, headline, subtitle, alt, drawn, told)
