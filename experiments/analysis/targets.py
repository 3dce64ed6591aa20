"""What is explained: an outcome under one regime, or the difference that another regime makes to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecology.errors import BadInput, no_such

COLUMNS = ("row", "seed", "regime", "outcome", "value")


@dataclass(frozen=True)
class Target:
    """An outcome under ``regime``; with ``against``, the difference ``regime`` minus ``against`` on the same luck."""

    outcome: str
    regime: str
    against: str | None = None

    @property
    def label(self) -> str:
        """What tables and pictures call it."""
        return f"{self.outcome}: {self.regime}" + (f" \N{MINUS SIGN} {self.against}" if self.against else "")


def targets_of(outcomes: Iterable[str], regimes: Sequence[str]) -> list[Target]:
    """Return for each outcome the difference of the second regime to the first, then the level under each."""
    first, second = regimes
    return [
        target
        for outcome in outcomes
        for target in (Target(outcome, second, first), Target(outcome, first), Target(outcome, second))
    ]


def values(results: pd.DataFrame, target: Target) -> pd.Series:
    """Return the target of each run, indexed by (row, seed).

    ``results`` has the columns row, seed, regime, outcome, value. Raises BadInput for an outcome or regime that is not
    there and for a value that is not a finite number, naming its run.
    """
    of_outcome = results[results["outcome"] == target.outcome]
    if of_outcome.empty:
        raise no_such("outcome", target.outcome, map(str, results["outcome"].unique()), "the results")
    level = _level(of_outcome, target.outcome, target.regime)
    if target.against is None:
        return level
    base = _level(of_outcome, target.outcome, target.against)
    unpaired = level.index.symmetric_difference(base.index)
    if len(unpaired):
        row, seed = unpaired[0]
        raise BadInput(f"row {row}, seed {seed}: only one of {target.regime} and {target.against} was run; run both.")
    return level - base.reindex(level.index)


def _level(of_outcome: pd.DataFrame, outcome: str, regime: str) -> pd.Series:
    rows = of_outcome[of_outcome["regime"] == regime]
    if rows.empty:
        raise no_such("regime", regime, map(str, of_outcome["regime"].unique()), "the results")
    broken = rows[~np.isfinite(rows["value"].to_numpy(dtype=float))]
    if len(broken):
        run = broken.iloc[0]
        raise BadInput(
            f"row {run['row']}, seed {run['seed']}, regime {regime}: outcome {outcome} is {run['value']}, not a "
            "number, and one such value would spoil every index; mend or leave out this run."
        )
    known = rows.set_index(["row", "seed"])["value"].astype(float)
    if not known.index.is_unique:
        row, seed = known.index[known.index.duplicated()][0]
        raise BadInput(f"row {row}, seed {seed}, regime {regime}: outcome {outcome} stands twice in the results.")
    return known.sort_index()


def pick(known: pd.Series, runs: Sequence[tuple[int, int]], what: str) -> np.ndarray:
    """Return the values of some (row, seed) runs, in their order. Raises BadInput naming the first that is missing."""
    wanted = pd.MultiIndex.from_tuples(runs, names=["row", "seed"])
    missing = wanted[~wanted.isin(known.index)]
    if len(missing):
        row, seed = missing[0]
        raise BadInput(
            f"{what}: row {row}, seed {seed} has no value ({len(missing)} of {len(wanted)} runs are missing); "
            "finish the runs first."
        )
    return known.reindex(wanted).to_numpy(dtype=float)


def by_seed(known: pd.Series, rows: Sequence[int], seeds: Sequence[int], what: str) -> np.ndarray:
    """Return the values (row, seed) of a full crossing of rows and seeds. Raises BadInput naming one that misses."""
    runs = [(row, seed) for row in rows for seed in seeds]
    return pick(known, runs, what).reshape(len(rows), len(seeds))
