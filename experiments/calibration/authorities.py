"""Authorities by their inputs alone: simulated against published rates across the half that was not fitted.

Nothing is fitted to an authority: it differs from another by population, deprivation, poverty and spending. Beside the
model stand the best naive rivals: a regression on deprivation fitted to the other half, and last year's own value.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from ecology.evidence import profiles
from ecology.vocabulary import FIRST_YEAR as SWITCH_YEAR
from experiments.calibration.ensemble import Ensemble
from experiments.calibration.gradients import RATES, Rates, halves
from experiments.calibration.running import Runner
from experiments.calibration.settings import settings
from experiments.point import Point

MODEL, REGRESSION, LAST_YEAR = "model", "regression on IDACI", "last year's own value"
COLUMNS = ["rate", "year", "rival", "correlation", "rank_agreement", "error", "authorities"]


def simulated_rates(
    runner: Runner, found: Ensemble, names: Sequence[str], last: int, say: Callable[[str], None]
) -> list[dict[tuple[str, int, str], float]]:
    """Return the rates up to a last year, by member: those nearest to England's figures, each with its own luck."""
    chosen = settings()["authorities"]
    points = [Point(seed, found.member(seed), seed) for seed in found.nearest(chosen["members"])]
    span = max(settings()["place"]["years"], last - SWITCH_YEAR)
    members: list[dict[tuple[str, int, str], float]] = [{} for _ in points]
    for count, name in enumerate(names, start=1):
        for rates, run in zip(members, runner.years_of(name, chosen["children"], points, span), strict=True):
            for year, told in run.items():
                rates |= {(name, year, rate.name): rate.of_run(told) for rate in RATES}
        say(f"{count} of {len(names)}: {name}")
    return members


def mean_of(members: Sequence[Rates]) -> dict[tuple[str, int, str], float]:
    """Return the mean rates over members."""
    return {key: float(np.mean([rates[key] for rates in members])) for key in members[0]}


def told_apart(published: Rates, names: Sequence[str], years: Sequence[int]) -> int:
    """Return of how many authorities some rate is published of a year and of the year before, at most of any rate."""
    return max(
        sum((name, year, rate.name) in published and (name, year - 1, rate.name) in published for name in names)
        for year in years for rate in RATES
    )  # fmt: skip


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
