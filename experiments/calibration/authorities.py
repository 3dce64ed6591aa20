"""Authorities by their inputs alone: simulated against published rates across the half that was not fitted.

Nothing is fitted to an authority: it differs from another by population, deprivation, poverty and spending. Beside the
model stand the best naive rivals: a regression on deprivation fitted to the other half, and last year's own value.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from ecology.evidence import profiles
from ecology.vocabulary import FIRST_YEAR as SWITCH_YEAR
from experiments.calibration.ensemble import Ensemble
from experiments.calibration.gradients import RATES, halves
from experiments.calibration.running import Runner
from experiments.calibration.settings import settings
from experiments.point import Point

MODEL, REGRESSION, LAST_YEAR = "model", "regression on IDACI", "last year's own value"
COLUMNS = ["rate", "year", "rival", "correlation", "rank_agreement", "error", "authorities"]
Rates = Mapping[tuple[str, int, str], float]
"""By authority, year and name of the rate, per 10,000 children."""


def simulated_rates(
    runner: Runner, found: Ensemble, names: Sequence[str], years: Sequence[int], say: Callable[[str], None]
) -> dict[tuple[str, int, str], float]:
    """Return simulated rates of authorities in some years: means over the first members, each with its own luck."""
    chosen = settings()["authorities"]
    points = [Point(number, found.member(number), number) for number in range(1, chosen["members"] + 1)]
    span = max(settings()["place"]["years"], max(years) - SWITCH_YEAR)
    rates = {}
    for count, name in enumerate(names, start=1):
        runs = runner.years_of(name, chosen["children"], points, span)
        for year in years:
            for rate in RATES:
                rates[name, year, rate.name] = float(np.mean([rate.of(run[year]) or 0.0 for run in runs]))
        say(f"{count} of {len(names)}: {name}")
    return rates


def agreement(simulated: Rates, published: Rates, years: Sequence[int]) -> pd.DataFrame:
    """Return how well the model and its rivals tell authorities of the half to check apart.

    ``error`` is the root mean square of the differences, per 10,000 children.
    """
    fitted, checked = halves()
    rows = []
    for rate in RATES:
        for year in years:
            keys = [(name, year, rate.name) for name in checked]
            keys = [k for k in keys if k in published and k in simulated and (k[0], year - 1, rate.name) in published]
            if len(keys) < settings()["authorities"]["fewest"]:
                continue
            truth = np.array([published[key] for key in keys])
            rivals = {
                MODEL: np.array([simulated[key] for key in keys]),
                REGRESSION: _on_deprivation([name for name, _, _ in keys], fitted, published, rate.name, year),
                LAST_YEAR: np.array([published[name, year - 1, rate.name] for name, _, _ in keys]),
            }
            for rival, told in rivals.items():
                error = float(np.sqrt(np.mean((told - truth) ** 2)))
                correlation, ranks = stats.pearsonr(told, truth)[0], stats.spearmanr(told, truth)[0]
                rows.append((rate.told, year, rival, float(correlation), float(ranks), error, len(keys)))
    return pd.DataFrame(rows, columns=COLUMNS)


def _on_deprivation(
    names: Sequence[str], fitted: Sequence[str], published: Rates, rate: str, year: int
) -> np.ndarray:  # fmt: skip
    known = [name for name in fitted if (name, year, rate) in published]
    slope, level = np.polyfit([_idaci(name) for name in known], [published[name, year, rate] for name in known], 1)
    return np.array([level + slope * _idaci(name) for name in names])


def _idaci(name: str) -> float:
    return profiles.profile(name).idaci


def side_by_side(simulated: Rates, published: Rates) -> pd.DataFrame:
    """Return simulated beside published rates."""
    rows = [(*key, value, published.get(key)) for key, value in simulated.items()]
    return pd.DataFrame(rows, columns=["authority", "year", "rate", "simulated", "published"])


def lines(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the rows of the table of agreement that the terminal and pages show."""
    head = ("rate", "year", "", "correlation", "rank agreement", "error per 10,000", "authorities")
    return [head, *(
        (
            row["rate"], str(row["year"]), row["rival"], f"{row['correlation']:.2f}", f"{row['rank_agreement']:.2f}",
            f"{row['error']:.1f}", str(row["authorities"]),
        )
        for row in table.to_dict("records")
    )]  # fmt: skip
