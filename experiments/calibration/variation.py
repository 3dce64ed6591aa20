"""How much authorities differ beyond deprivation, and from one year to the next: published and simulated.

Both are told as coefficients of variation, in per cent. Simulated places have few children, so that luck makes them
differ more than real ones; it is taken away in both comparisons, each in its own way.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from ecology.evidence import profiles
from experiments.calibration.gradients import FIRST_YEAR, LAST_YEAR, PER_10_000, RATES, Rates
from experiments.calibration.patterns import CHILDREN
from experiments.calibration.settings import settings

BETWEEN, YEARLY = "between authorities of like deprivation", "from year to year"
COUNTED = ("referrals", "section_47")
"""Counts of a year, whose luck is known: the others are stocks, which remember."""
COLUMNS = ["rate", "variation", "published", "simulated", "authorities"]
_PERCENT = 100.0


def variation(
    members: Sequence[Rates], published: Rates, children: int, published_children: Rates, names: Sequence[str]
) -> pd.DataFrame:
    """Return published and simulated variation of every rate.

    ``members`` are the rates of places of so many ``children`` by member of the ensemble, each with luck of its own;
    ``published_children`` holds real numbers of children. A rate that is complete for too few authorities is left out.
    """
    rows = []
    for rate in RATES:
        known = _complete(names, rate.name, published, published_children, members)
        if len(known) < settings()["authorities"]["fewest"]:
            continue
        values = _table(published, known, rate.name)
        simulated = [_table(member, known, rate.name) for member in members]
        apart = np.array([_beyond_deprivation(table.mean(axis=1), known) for table in (values, *simulated)])
        shared = [float((one * other).mean()) for one, other in combinations(apart[1:], 2)]
        rows.append((rate.told, BETWEEN, float(apart[0].std()), _root(float(np.mean(shared))), len(known)))
        if rate.name in COUNTED:
            real = _table(published_children, known, CHILDREN)
            of_members = [_from_year_to_year(table, np.full(table.shape, float(children))) for table in simulated]
            yearly, lived = _root(_from_year_to_year(values, real)), _root(float(np.mean(of_members)))
            rows.append((rate.told, YEARLY, yearly, lived, len(known)))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table[["published", "simulated"]] *= _PERCENT
    return table


def _complete(
    names: Sequence[str], rate: str, published: Rates, published_children: Rates, members: Sequence[Rates]
) -> list[str]:
    """Return the authorities for which all years are known."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return [
        name for name in names
        if all((name, year, rate) in table for year in years for table in (published, *members))
        and all((name, year, CHILDREN) in published_children for year in years)
    ]  # fmt: skip


def _table(rates: Rates, names: Sequence[str], rate: str) -> np.ndarray:
    """Return rates (authorities, years)."""
    return np.array([[rates[name, year, rate] for year in range(FIRST_YEAR, LAST_YEAR + 1)] for name in names])


def _beyond_deprivation(means: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return what a line on deprivation leaves of rates, as shares of their mean.

    Two members share all of an authority but luck: the product of their shares holds no luck on average.
    """
    idaci = [profiles.profile(name).idaci for name in names]
    left: np.ndarray = (means - np.polyval(np.polyfit(idaci, means, 1), idaci)) / means.mean()
    return left


def _from_year_to_year(rates: np.ndarray, children: np.ndarray) -> float:
    """Return the variance of yearly changes around the country's, as shares, without the luck of small counts."""
    changes = [later / earlier - 1.0 for earlier, later in pairwise(np.maximum(rates, 1.0).T)]
    around = np.array([change - change.mean() for change in changes])
    counts = np.maximum(rates * children / PER_10_000, 1.0)
    by_luck = [1.0 / earlier + 1.0 / later for earlier, later in pairwise(counts.T)]
    return float((around**2).mean() - np.mean(by_luck))


def _root(variance: float) -> float:
    """Return the square root; what luck alone would exceed counts as no variation."""
    return float(np.sqrt(max(variance, 0.0)))


def lines(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows that the terminal and pages show."""
    head = ("rate", "variation", "published, %", "simulated, %", "authorities")
    return [head, *(
        (row["rate"], row["variation"], f"{row['published']:.1f}", f"{row['simulated']:.1f}", str(row["authorities"]))
        for row in table.to_dict("records")
    )]  # fmt: skip
