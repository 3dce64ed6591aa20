"""Run the tests of claims: every arm once a seed, arms of one past from one past, finished ones never again.

An arm's numbers stand in a file of its own under ``parts`` in the output folder, named by the scenario's digest, the
seed and the version of the code, so that interrupted work resumes and claims share arms.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from experiments.calibration.ensemble import ensemble, with_member
from experiments.claims import Claim, Trial, lacking, lacking_trial, resolved
from experiments.settings import settings
from experiments.statistics import BETTER, NEGLIGIBLE, SIGN_UNCLEAR, interval, verdict

if TYPE_CHECKING:
    from ecology.scenario import Scenario

PARTS = "parts"
AS_CLAIMED, OTHER_WAY, TOO_SMALL, NOT_YET = "as claimed", "the other way", NEGLIGIBLE, "not in the model yet"
NO_TRACE = "no trace in this run"
FAILED_HERE = "not judged"
ALIKE = "both arms came to the same to the last digit in every run: the place is too small for it, or the years too few"
COLUMNS = [
    "claim", "test", "where", "asks", "outcome", "unit", "claimed", "mean", "low", "high", "level", "smallest", "n",
    "verdict", "verdict_adjusted", "why",
]  # fmt: skip
_PER_1_000 = 1_000.0


@dataclass(frozen=True)
class Size:
    """How large a run of claims is: which place, how many children and years, which seeds, whose parameters."""

    authority: str
    children: int
    years: int
    seeds: tuple[int, ...]
    drawn_from: str | None = None


@dataclass(frozen=True)
class Group:
    """One piece of work: a past with one seed, and every arm that branches from it, each with its file."""

    arms: tuple[Scenario, ...]
    seed: int
    files: tuple[Path, ...]
    measures: tuple[str, ...]


def scenarios(test: Trial, size: Size, seed: int) -> list[Scenario]:
    """Return the arms of a test with one seed as scenarios. Raises BadInput for a value that is out of range."""
    from ecology.scenario import Scenario

    years = max(size.years, test.years)
    base = Scenario.load(settings()["defaults"]["past"], authority=size.authority, years=years, children=size.children)
    found = ensemble(size.drawn_from)
    return [with_member(base.with_changes(**resolved(arm)), found, seed) for arm in test.arms]


def runnable(some: Iterable[Claim]) -> list[tuple[Claim, Trial]]:
    """Return the claims' tests for which the model has everything."""
    return [(claim, test) for claim in some if not lacking(claim) for test in claim.trials if not lacking_trial(test)]


def work(some: Sequence[Claim], size: Size, folder: Path) -> list[Group]:
    """Return what is still to be run: arms without a finished file, grouped by past and seed."""
    tests = [test for _, test in runnable(some)]
    measures = tuple(sorted({test.outcome for test in tests if test.measure}))
    pasts: dict[tuple[str, int, int], dict[str, Scenario]] = {}
    for test in tests:
        for seed in size.seeds:
            for arm in scenarios(test, size, seed):
                if not _done(part(folder, arm, seed), measures):
                    pasts.setdefault((arm.past_digest, arm.years, seed), {})[arm.digest] = arm
    return [
        Group(tuple(by.values()), seed, tuple(part(folder, arm, seed) for arm in by.values()), measures)
        for (_, _, seed), by in pasts.items()
    ]


def part(folder: Path, arm: Scenario, seed: int) -> Path:
    """Return the file that holds one arm's numbers with one seed."""
    from ecology.compiled import code_version

    length = settings()["page"]["key_length"]
    return folder / PARTS / f"{arm.digest[:length]}-{seed}-{code_version()[:length]}.json"


def _done(path: Path, measures: Sequence[str]) -> bool:
    """Return whether a file holds everything that is asked for: a later claim may want another measure."""
    if not path.is_file():
        return False
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return set(measures) <= set(told.get("measures", {}))


def play(group: Group) -> None:
    """Run one past, branch it into every arm, and write each arm's numbers as it finishes."""
    from ecology.locality import Locality
    from ecology.record import COLUMN

    past = Locality(group.arms[0], seed=group.seed).run_past()
    failed = []
    for arm, path in zip(group.arms, group.files, strict=True):
        try:
            place = past.branch(arm).run()
        except Exception as error:  # one arm that stops must not keep the others from being run
            failed.append(error)
            continue
        table = place.outcomes()
        since = place.tables["fixtures"].record[arm.past_weeks : place.week - arm.first_week]
        children = float(since[:, COLUMN["sum_children"]].mean())
        told = {
            "outcomes": dict(zip(table["outcome"], table["value"].astype(float), strict=True)),
            "measures": {
                name: [
                    _PER_1_000 * float(since[:, COLUMN[name]].sum()) / children,
                    float(since[:, COLUMN[name]].mean()),
                ]
                for name in group.measures
            },
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(json.dumps(told), encoding="utf-8")
        draft.replace(path)
    if failed:
        raise failed[0]


def run(some: Sequence[Claim], size: Size, folder: Path, workers: int) -> list[str]:
    """Run what is left to run, with a bar; return the reasons of what failed."""
    from tqdm import tqdm

    from experiments.pool import do_all

    todo = work(some, size, folder)
    failed = []
    bar = tqdm(do_all(play, todo, max(min(workers, len(todo)), 1)), total=len(todo), unit="past", file=sys.stderr)
    for done in bar:
        if done.reason is not None:
            failed.append(f"{done.item.arms[0].name}, seed {done.item.seed}: {done.reason}")
            bar.write(f"failed: {failed[-1]}", file=sys.stderr)
    return failed


def value(test: Trial, arm: Scenario, seed: int, folder: Path) -> float:
    """Return what one arm came to. Raises BadInput if it was not run."""
    path = part(folder, arm, seed)
    if not path.is_file():
        raise BadInput(f"{test.name}: seed {seed}: {path.name} is missing, because its run failed; run it again.")
    told = json.loads(path.read_text(encoding="utf-8"))
    return float(told["measures"][test.outcome][int(test.mean)] if test.measure else told["outcomes"][test.outcome])


def verdicts(some: Sequence[Claim], size: Size, folder: Path) -> pd.DataFrame:
    """Return a row a test with the columns ``COLUMNS``: the interval of the paired difference and what it says.

    ``verdict`` goes by the interval at the level of the settings, as if this were the only test; ``verdict_adjusted``
    by one widened for the number of tests run here (Bonferroni). A test that cannot run, or of which a run failed, says
    why.
    """
    ready = {test.name for _, test in runnable(some)}
    level = float(settings()["statistics"]["level"])
    wide = 1.0 - (1.0 - level) / max(len(ready), 1)
    rows = []
    for claim in some:
        for test in claim.trials:
            head: dict[str, Any] = {"claim": claim.name, "test": test.name, "where": claim.where, "asks": test.asks}
            head |= {"outcome": test.outcome, "unit": unit(test), "claimed": test.claimed, "smallest": smallest(test)}
            if test.name not in ready:
                why = "; ".join([*lacking(claim), *lacking_trial(test)])
                rows.append(head | {"verdict": NOT_YET, "verdict_adjusted": NOT_YET, "why": why, "n": 0})
                continue
            try:
                differences = _differences(test, size, folder)
            except BadInput as lacks:
                rows.append(head | {"verdict": FAILED_HERE, "verdict_adjusted": FAILED_HERE, "why": str(lacks), "n": 0})
                continue
            if not differences.any():
                same = {"mean": 0.0, "n": len(differences), "why": ALIKE}
                rows.append(head | same | {"verdict": NO_TRACE, "verdict_adjusted": NO_TRACE})
                continue
            bounds, wider = interval(differences, level), interval(differences, wide)
            low, high = bounds or (np.nan, np.nan)
            rows.append(head | {
                "mean": float(differences.mean()), "low": low, "high": high, "level": level, "n": len(differences),
                "verdict": says(bounds, test), "verdict_adjusted": says(wider, test), "why": "",
            })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _differences(test: Trial, size: Size, folder: Path) -> np.ndarray:
    signs = [1.0 if number % 3 == 0 else -1.0 for number in range(len(test.arms))]  # with, against, the same elsewhere
    return np.array(
        [
            sum(
                sign * value(test, arm, seed, folder)
                for sign, arm in zip(signs, scenarios(test, size, seed), strict=True)
            )
            for seed in size.seeds
        ]
    )


def smallest(test: Trial) -> float:
    """Return the smallest difference of interest of what a test measures."""
    from ecology.outcomes import OUTCOMES

    known = not test.measure and test.outcome in OUTCOMES
    return OUTCOMES[test.outcome].smallest_difference if known else test.smallest


def unit(test: Trial) -> str:
    """Return the unit of what a test measures."""
    from ecology.outcomes import OUTCOMES

    if test.measure:
        return "mean of a week" if test.mean else "per 1,000 children since the switch"
    return OUTCOMES[test.outcome].unit if test.outcome in OUTCOMES else ""


def says(bounds: tuple[float, float] | None, test: Trial) -> str:
    """Return what an interval says about a claim: as claimed, the other way, too small to matter, or sign unclear."""
    if test.claimed == "same":
        least = smallest(test)
        told = verdict(bounds, "lower", least)
        apart = bounds is not None and (bounds[0] > least or bounds[1] < -least)
        return AS_CLAIMED if told == NEGLIGIBLE else OTHER_WAY if apart else SIGN_UNCLEAR
    told = verdict(bounds, test.claimed, smallest(test))
    return {BETTER: AS_CLAIMED, NEGLIGIBLE: TOO_SMALL, SIGN_UNCLEAR: SIGN_UNCLEAR}.get(told, OTHER_WAY)
