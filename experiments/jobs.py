"""One job of a batch: a past lived once and branched into every regime that is still to be run.

A job never raises: whatever goes wrong becomes a failed run with its stage and reason, and the other regimes go on.
"""

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from ecology.errors import BadInput
from experiments.manifest import code_version
from experiments.settings import settings
from experiments.store import DONE, FAILED, Run, canonical

if TYPE_CHECKING:
    import pandas as pd

    from ecology.scenario import Scenario
    from experiments.compare import World

PAST, ARM, WORKER, TIME_LIMIT = "past", "arm", "worker", "time limit"


class TimeIsUp(Exception):
    """A job took longer than it may."""


@dataclass(frozen=True)
class Job:
    """The runs of one point with one seed: the past that they share, and by regime the scenario and the key."""

    row: int
    seed: int
    past: "Scenario"
    arms: "Mapping[str, Scenario]"
    keys: Mapping[str, str]
    begin: Callable[..., "World"]
    code: str
    yearly: bool = False

    @property
    def name(self) -> str:
        """What this job is called in messages."""
        return f"row {self.row}, seed {self.seed}"

    def only(self, regimes: "set[str]") -> "Job":
        """Return this job for some of its regimes."""
        return replace(
            self,
            arms={regime: scenario for regime, scenario in self.arms.items() if regime in regimes},
            keys={regime: key for regime, key in self.keys.items() if regime in regimes},
        )

    def run(self, regime: str, status: str = FAILED, stage: str = "", message: str = "", payload: str = "") -> Run:
        """Return the row of one regime."""
        arm = self.arms[regime]
        shown = message[: settings()["batch"]["message_characters"]]
        return Run(
            self.keys[regime], arm.past_digest, arm.digest, self.seed, self.code, status, stage, shown, payload,
        )  # fmt: skip

    def failed(self, stage: str, message: str) -> list[Run]:
        """Return the rows of a job of which nothing came."""
        return [replace(self.run(regime, FAILED, stage, message), ended=time.time()) for regime in self.arms]


def play(job: Job, limit: float | None = None) -> list[Run]:
    """Live the past and every arm of a job; return one row a regime, done or failed, with equal shares of the time.

    ``limit`` is in seconds and needs the main thread of the process; elsewhere whoever gave the job watches the clock.
    """
    started = time.monotonic()
    runs: list[Run] = []
    try:
        with _limited(limit):
            if (here := code_version()) != job.code:
                raise BadInput(f"this worker has version {here} of the code, the command has {job.code}; install one.")
            past = job.begin(job.past, seed=job.seed)
            past.run(job.past.past_weeks)
            for regime, scenario in job.arms.items():
                runs.append(_live(job, past, regime, scenario))
    except TimeIsUp as limit_reached:
        runs += job.only(_missing(job, runs)).failed(TIME_LIMIT, str(limit_reached))
    except Exception as failure:
        runs += job.only(_missing(job, runs)).failed(PAST, _reason(failure))
    share = (time.monotonic() - started) / len(job.arms)
    return [replace(run, seconds=share, ended=time.time()) for run in runs]


def _live(job: Job, past: "World", regime: str, scenario: "Scenario") -> Run:
    try:
        arm = past.branch(scenario)
        arm.run()
        result: dict[str, Any] = {"outcomes": _outcomes(arm.outcomes())}
        if job.yearly:
            result["yearly"] = [
                [int(year), str(measure), float(value), str(unit)]
                for year, measure, value, unit in arm.yearly()[["year", "measure", "value", "unit"]].itertuples(
                    index=False
                )
                if not math.isnan(value)
            ]
        return job.run(regime, DONE, payload=canonical(result))
    except TimeIsUp:
        raise
    except Exception as failure:
        return job.run(regime, FAILED, ARM, _reason(failure))


def _outcomes(table: "pd.DataFrame") -> dict[str, float]:
    outcomes = {str(name): float(value) for name, value in zip(table["outcome"], table["value"], strict=True)}
    broken = [name for name, value in outcomes.items() if not math.isfinite(value)]
    if broken:
        raise BadInput(f"outcome {broken[0]} is {outcomes[broken[0]]}, not a number.")
    return outcomes


def _missing(job: Job, runs: list[Run]) -> set[str]:
    known = {run.key for run in runs}
    return {regime for regime, key in job.keys.items() if key not in known}


def _reason(failure: Exception) -> str:
    if isinstance(failure, BadInput):
        return str(failure)
    last = extract_tb(failure.__traceback__)[-1]
    return f"{type(failure).__name__}: {failure} ({Path(last.filename).name}, line {last.lineno})"


@contextmanager
def _limited(limit: float | None) -> Iterator[None]:
    """Raise TimeIsUp after so many seconds, where a signal can be used: in the main thread."""
    if limit is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeIsUp(time_is_up(limit))

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def time_is_up(limit: float) -> str:
    """Return why a job was stopped."""
    return f"took longer than {limit:g} seconds, the time that one point may take; see --time-limit."
