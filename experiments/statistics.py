"""Paired differences between regimes: how large, how sure, and whether it matters.

Each seed is one pair: both regimes live the same past and meet the same luck. The interval is the paired t interval of
the mean difference. It was preferred to the bootstrap because a comparison has about twenty pairs, where the
bias-corrected bootstrap is too narrow, and because each difference is itself a sum over thousands of children, hence
close to normal.

The primary outcome keeps the full level. All others share its complement equally (Bonferroni, because Holm's steps give
tests but no intervals), within one contrast of two regimes under one pressure; nothing is adjusted for the number of
pressures or regimes.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from ecology.errors import BadInput, no_such
from experiments.settings import settings

COLUMNS = [
    "authority", "pressure", "outcome", "unit", "regime", "against",
    "mean", "low", "high", "level", "probability_better", "n", "verdict",
]  # fmt: skip
PRIMARY = "primary"
SIGN_UNCLEAR, NEGLIGIBLE, BETTER, WORSE = "sign unclear", "too small to matter", "better", "worse"


class Definition(Protocol):
    """What the statistics must know of an outcome (see ``ecology.outcomes.Outcome``).

    ``better`` is lower or higher; ``role`` is primary (not adjusted), co-primary or secondary.
    """

    @property
    def better(self) -> str: ...  # noqa: D102
    @property
    def smallest_difference(self) -> float: ...  # noqa: D102
    @property
    def role(self) -> str: ...  # noqa: D102


def interval(differences: np.ndarray, level: float) -> tuple[float, float] | None:
    """Return the t interval of the mean of paired differences at a level in (0, 1); None for fewer than two pairs."""
    n = len(differences)
    if n <= 1:
        return None
    mean = float(differences.mean())
    half = float(stdtrit(n - 1, (1 + level) / 2) * differences.std(ddof=1) / np.sqrt(n))
    return mean - half, mean + half


def probability_better(differences: np.ndarray, better: str) -> float:
    """Return the share of pairs in which the regime does better than its comparator; ties count half."""
    gains = -differences if better == "lower" else differences
    return float((np.sign(gains) + 1).mean() / 2)


def verdict(bounds: tuple[float, float] | None, better: str, smallest_difference: float) -> str:
    """Return what an interval of the difference allows us to say.

    Too small to matter: the whole interval lies within the smallest difference of interest, even without zero.
    """
    if bounds is None:
        return SIGN_UNCLEAR
    low, high = bounds
    if -smallest_difference <= low and high <= smallest_difference:
        return NEGLIGIBLE
    if low > 0 or high < 0:
        return BETTER if (high < 0) == (better == "lower") else WORSE
    return SIGN_UNCLEAR


def levels(definitions: Mapping[str, Definition], full: float | None = None) -> dict[str, float]:
    """Return the interval level of each outcome: in full for the primary one, shared by number among the others.

    ``full`` is that of the settings unless given.
    """
    full = settings()["statistics"]["level"] if full is None else full
    adjusted = [name for name, definition in definitions.items() if definition.role != PRIMARY]
    return {name: 1 - (1 - full) / len(adjusted) if name in adjusted else full for name in definitions}


def paired_differences(
    outcomes: pd.DataFrame, against: str, definitions: Mapping[str, Definition], full: float | None = None
) -> pd.DataFrame:
    """Return one row for each pressure, outcome and regime other than ``against``: regime minus against, over seeds.

    ``outcomes`` has the columns of ``outcomes.csv`` (authority, pressure, regime, seed, outcome, value, unit).
    ``full`` is the primary outcome's level, by default that of the settings. Low and high are missing with fewer than
    two seeds. Raises BadInput for an outcome without a definition, an incomplete pair, a repeated row, or a value that
    is not a number, naming outcome and seed.
    """
    _refuse_broken_rows(outcomes, against, definitions)
    present = {name: definitions[name] for name in outcomes["outcome"].unique()}
    level_of = levels(present, full)
    rows = []
    for (authority, pressure, outcome), group in outcomes.groupby(["authority", "pressure", "outcome"], sort=False):
        by_seed = group.pivot(index="seed", columns="regime", values="value").sort_index()
        for regime in [name for name in group["regime"].unique() if name != against]:
            definition = present[str(outcome)]
            differences = _complete_pairs(by_seed, regime, against, str(outcome))
            bounds = interval(differences, level_of[str(outcome)])
            low, high = bounds or (None, None)
            rows.append(
                (
                    authority, pressure, outcome, group["unit"].iloc[0], regime, against,
                    float(differences.mean()), low, high, level_of[str(outcome)],
                    probability_better(differences, definition.better), len(differences),
                    verdict(bounds, definition.better, definition.smallest_difference),
                )
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"low": float, "high": float})


def _refuse_broken_rows(outcomes: pd.DataFrame, against: str, definitions: Mapping[str, Definition]) -> None:
    for name in outcomes["outcome"].unique():
        if name not in definitions:
            raise no_such("outcome", str(name), definitions, "outcomes.csv")
    if against not in set(outcomes["regime"]):
        raise no_such("regime", against, outcomes["regime"].unique(), "the regime to compare against")
    broken = outcomes[~np.isfinite(outcomes["value"].to_numpy(dtype=float))]
    if len(broken):
        row = broken.iloc[0]
        raise BadInput(
            f"outcome {row['outcome']}, regime {row['regime']}, pressure {row['pressure']}, seed {row['seed']}: "
            f"the value is {row['value']}, not a number; leave this seed out or mend the run."
        )
    keys = ["authority", "pressure", "regime", "seed", "outcome"]
    repeated = outcomes[outcomes.duplicated(keys)]
    if len(repeated):
        row = repeated.iloc[0]
        raise BadInput(f"outcome {row['outcome']}, regime {row['regime']}, seed {row['seed']}: the row stands twice.")


def _complete_pairs(by_seed: pd.DataFrame, regime: str, against: str, outcome: str) -> np.ndarray:
    for name in (regime, against):
        lacking = by_seed.index[by_seed[name].isna()] if name in by_seed else by_seed.index
        if len(lacking):
            raise BadInput(
                f"outcome {outcome}, seed {lacking[0]}: regime {name} has no value, "
                f"so {regime} and {against} are no pair."
            )
    return (by_seed[regime] - by_seed[against]).to_numpy(dtype=float)
