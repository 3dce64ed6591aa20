"""Deprivation: a half of the authorities to fit and one to check, and how rates differ between their fifths."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from ecology.evidence import profiles
from experiments.calibration.patterns import CHILDREN, Item, Pattern, Years, authority_rows
from experiments.calibration.settings import settings

FIFTHS = 5
_STAND_INS = 2
GRADIENT = "gradient"
PER_10_000 = 10_000.0
FIRST_YEAR, LAST_YEAR = 2013, 2017
"""The years for which rates by authority are published."""


Rates = Mapping[tuple[str, int, str], float]
"""By authority, year and name of the rate, per 10,000 children."""


@dataclass(frozen=True)
class Rate:
    """A published rate by authority, and the yearly measure of a run: a rate, or a count to be divided by children."""

    name: str
    told: str
    column: str
    count: bool = False

    def of(self, told: Mapping[str, str | float], children: float) -> float | None:
        """Return the rate per 10,000 children of one authority and year, None where the figure is lacking."""
        value = told.get(self.column) or ""
        if value == "":
            return None
        return PER_10_000 * float(value) / children if self.count else float(value)

    def of_run(self, told: Mapping[str, float]) -> float:
        """Return the rate per 10,000 children in a year of a run."""
        value = told[self.column]
        return PER_10_000 * value / told[CHILDREN] if self.count else value


RATES = (
    Rate("referrals", "Referrals", "referrals_per_10000"),
    Rate("in_need", "Children in need at 31 March", "in_need_at_31_march_per_10000"),
    Rate("section_47", "Section 47 enquiries", "section_47_per_10000"),
    Rate("plans", "Children on protection plans at 31 March", "protection_plans_at_31_march_per_10000"),
    Rate("looked_after", "Looked-after children at 31 March", "looked_after_at_31_march", count=True),
)


@cache
def halves() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authorities to fit and those to check: every other one in order of deprivation, the least first."""
    known = {row["la_name"] for row in authority_rows() if row["referrals_per_10000"]}
    order = sorted((name for name in profiles.names() if name in known), key=lambda name: profiles.profile(name).idaci)
    return tuple(order[::2]), tuple(order[1::2])


def fifth(names: Sequence[str], number: int) -> tuple[str, ...]:
    """Return a fifth of names in order: 0 is the first, 4 the last."""
    return tuple(names[len(names) * number // FIFTHS : len(names) * (number + 1) // FIFTHS])


@cache
def stand_ins() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authorities that stand for the least and the most deprived fifth of the half that is fitted."""
    fitted = halves()[0]
    return _like_the_mean(fifth(fitted, 0)), _like_the_mean(fifth(fitted, FIFTHS - 1))


def _like_the_mean(names: Sequence[str]) -> tuple[str, ...]:
    """Return the pair whose inputs, averaged, are nearest to the mean ones, each in standard deviations.

    Money counts too; and a pair holds what one place cannot, that like deprivation goes with unlike spending.
    """
    known = [profiles.profile(name) for name in names]
    inputs = np.array([(p.idaci, np.mean(p.poverty_percent), np.mean(p.spend_total / p.population)) for p in known])
    off = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
    pairs = [list(pair) for pair in combinations(range(len(names)), _STAND_INS)]
    nearest = min(pairs, key=lambda pair: float((off[pair].mean(axis=0) ** 2).sum()))
    return tuple(names[i] for i in nearest)


@cache
def published_rates() -> dict[tuple[str, int, str], float]:
    """Return published rates by authority, year and name of the rate."""
    return rates_of(authority_rows())


def rates_of(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, int, str], float]:
    """Return the rates that rows by authority hold, by authority, year and name of the rate.

    A year's count is divided as in the published rates by the children of the row of the year before, which are those
    of the 30 June within the year. Raises ValueError, TypeError and KeyError where a row is no row of such a table.
    """
    told = list(rows)
    children = published_children() | {
        (row["la_name"], int(row["year"]), CHILDREN): float(row[CHILDREN]) for row in told if row.get(CHILDREN)
    }
    found = {}
    for row in told:
        name, year = row["la_name"], int(row["year"])
        for rate in RATES:
            here = children.get((name, year - 1, CHILDREN), 0.0)
            value = rate.of(row, here) if here > 0.0 or not rate.count else None
            if value is not None:
                found[name, year, rate.name] = value
    return found


@cache
def published_children() -> dict[tuple[str, int, str], float]:
    """Return the children of each authority at 30 June by year and under the name of their column."""
    rows = [row for row in authority_rows() if row.get(CHILDREN)]
    return {(row["la_name"], int(row["year"]), CHILDREN): float(row[CHILDREN]) for row in rows}


@cache
def gradients() -> tuple[Item, ...]:
    """Return how many times as high each rate is in the most as in the least deprived fifth of the half to fit."""
    fitted = halves()[0]
    discrepancy = settings()["gradients"]["spread"]
    found = []
    for rate in RATES:
        least, most = (_mean(fifth(fitted, number), rate) for number in (0, FIFTHS - 1))
        told = f"{rate.told}: most against least deprived fifth, ratio"
        pattern = Pattern(rate.name, told, (rate.column,), (GRADIENT,), 0.0, discrepancy, True, "See settings.toml")
        years = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
        found.append(Item(pattern, GRADIENT, years, most / least, discrepancy * most / least))
    return tuple(found)


def _mean(names: Sequence[str], rate: Rate) -> float:
    rates = published_rates()
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return float(np.mean([rates[n, y, rate.name] for n in names for y in years if (n, y, rate.name) in rates]))


def read_gradients(least: Sequence[Years], most: Sequence[Years]) -> np.ndarray:
    """Return the gradients between the simulated places of two fifths, from their yearly measures."""
    values = []
    for rate in RATES:
        means = [
            float(np.mean([rate.of_run(told[year]) for told in places for year in range(FIRST_YEAR, LAST_YEAR + 1)]))
            for places in (least, most)
        ]
        values.append(means[1] / max(means[0], 1.0))
    return np.array(values)
