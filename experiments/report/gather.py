"""Read the tables of an output folder back, summed up as the page needs them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from ecology.evidence.profiles import ENGLAND, published
from ecology.scenario_limits import day_of
from ecology.vocabulary import WEEKS_A_YEAR
from experiments import manifest, parts
from experiments.report.words import counted, size, word

RUN = ["pressure", "regime", "seed"]
STOCK, WEEKS, CHILDREN, WAIT = "stock_", "waited_weeks_", "waited_children_", "wait_"
LOOKED_AFTER, POPULATION = "looked_after_at_31_march", "population_children_aged_0_to_17_years"
PER = 10_000  # children, in published rates
HEADLINE = ("primary", "co-primary")


@dataclass(frozen=True)
class Results:
    """What the page is made from.

    ``series``: pressure, regime, seed, week, measure, value: stocks and waits as means over a quarter of a year, with
    its first week. ``totals``: pressure, regime, seed, measure, value: minutes and pounds summed from the switch on.
    ``published``: year, measure, value: the figures published about the authority.
    """

    manifest: dict[str, Any]
    outcomes: pd.DataFrame
    yearly: pd.DataFrame
    differences: pd.DataFrame
    series: pd.DataFrame
    totals: pd.DataFrame
    published: pd.DataFrame

    @property
    def against(self) -> str:
        """The regime with which the others are compared."""
        return str(self.manifest["against"])

    @property
    def others(self) -> list[str]:
        """The regimes that are compared with it, in the order given."""
        return [name for name in self.manifest["regimes"] if name != self.against]

    @property
    def pressures(self) -> list[str]:
        """The pressures with at least one finished run, in the order given."""
        finished = {done["pressure"] for done in self.manifest["finished"]}
        return [name for name in self.manifest["pressures"] if name in finished]

    @property
    def place(self) -> str:
        """The place in words: an authority, or a smaller place like it."""
        children, nameless = self.manifest["children"], self.authority == ENGLAND
        if children is None:
            return "a nameless authority at England's mean" if nameless else self.authority
        return (
            f"a place of {children:,} children at England's mean"
            if nameless
            else (f"a place of {children:,} children like {self.authority}")
        )

    @property
    def authority(self) -> str:
        """The authority's name."""
        return str(self.manifest["authority"])

    @property
    def period(self) -> str:
        """The years from the switch, in words."""
        switch = self.manifest["switch_week"]
        start, end = day_of(switch), day_of(switch + self.manifest["years"] * WEEKS_A_YEAR) - timedelta(days=1)
        return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"

    @property
    def switch_day(self) -> str:
        """The first day under the regimes, in words."""
        return self.period.split(" to ")[0]

    @property
    def headline_outcomes(self) -> list[str]:
        """The primary outcome, then the co-primary one."""
        known, present = self.manifest["outcomes"], set(self.differences["outcome"])
        return [name for role in HEADLINE for name in known if known[name]["role"] == role and name in present]

    def scope(self, pressure: str) -> str:
        """Return place, period, pressure and number of runs, for a subtitle."""
        runs = counted(self.seeds(pressure), "paired run")
        return f"{self.place}, {self.period}, {word('pressures', pressure)}, {runs}"

    def contrast(self, pressure: str, regime: str) -> pd.DataFrame:
        """Return the differences of one regime against the comparator under one pressure."""
        rows = self.differences
        return rows[(rows["pressure"] == pressure) & (rows["regime"] == regime)]

    def seeds(self, pressure: str) -> int:
        """Return the number of finished runs under a pressure."""
        return sum(done["pressure"] == pressure for done in self.manifest["finished"])


def gather(folder: Path) -> Results:
    """Read an output folder; the weekly table passes through in pieces, however large it is."""
    told = manifest.read(folder)
    tables = {name: parts.read(folder, f"{name}.csv") for name in ("outcomes", "yearly", "differences", "totals")}
    tables["yearly"] = _with_looked_after_rate(tables["yearly"], RUN)
    known = _with_looked_after_rate(published(told["authority"]), [])
    return Results(told, **tables, series=_series(folder, told["switch_week"]), published=known)


def _series(folder: Path, switch: int) -> pd.DataFrame:
    span, at_once = size("weeks_a_point"), size("rows_at_once")
    columns = [*RUN, "week", "measure", "value"]
    pieces = []
    for piece in pd.read_csv(
        folder / "weekly.csv", usecols=columns, chunksize=at_once, keep_default_na=False, na_values=[""]
    ):
        traced = piece[piece["measure"].str.startswith((STOCK, WEEKS, CHILDREN))]
        traced = traced.assign(week=switch + (traced["week"] - switch) // span * span)
        pieces.append(traced.groupby([*RUN, "week", "measure"])["value"].agg(["sum", "count"]))
    whole = pd.concat(pieces).groupby(level=[*RUN, "week", "measure"]).sum().reset_index()
    stocks = whole[whole["measure"].str.startswith(STOCK)]
    stocks = stocks.assign(value=stocks["sum"] / stocks["count"])
    return pd.concat([stocks, _waits(whole)], ignore_index=True)[columns]


def _waits(whole: pd.DataFrame) -> pd.DataFrame:
    """Return the mean wait of those who left each queue in the quarter; missing if nobody did."""
    weeks, children = (
        whole[whole["measure"].str.startswith(prefix)].assign(measure=WAIT + whole["measure"].str.removeprefix(prefix))
        for prefix in (WEEKS, CHILDREN)
    )
    both = weeks.merge(children, on=[*RUN, "week", "measure"], suffixes=("", "_children"))
    return both.assign(value=both["sum"] / both["sum_children"].where(both["sum_children"] > 0))


def _with_looked_after_rate(rows: pd.DataFrame, run: list[str]) -> pd.DataFrame:
    """Add looked-after children per 10,000, which the tables leave to be worked out."""
    keys = [*run, "year"]
    wide = rows[rows["measure"].isin((LOOKED_AFTER, POPULATION))].pivot(index=keys, columns="measure", values="value")
    if not {LOOKED_AFTER, POPULATION} <= set(wide.columns):
        return rows
    rate = (wide[LOOKED_AFTER] / wide[POPULATION] * PER).dropna().rename("value").reset_index()
    return pd.concat([rows, rate.assign(measure=f"{LOOKED_AFTER}_per_10000")], ignore_index=True)
