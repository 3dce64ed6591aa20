"""Carry out a batch into a store, and read its results back: what sweeps and analyses are made of.

Each point is one past, branched into every regime of its study. What is done is never run again; what is interrupted
goes on with the same command; what fails is a row with its reason.
"""

import json
import math
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import pandas as pd
from tqdm import tqdm

from ecology.errors import BadInput
from experiments.drivers import in_process, on_cluster, on_this_machine
from experiments.jobs import Job
from experiments.manifest import code_version
from experiments.point import Point, Study
from experiments.settings import settings
from experiments.store import DONE, FAILED, Planned, Run, Store

__all__ = ["Account", "Failure", "Point", "Study", "carry_out", "results"]

COLUMNS = ["row", "seed", "regime", "outcome", "value"]


@dataclass(frozen=True)
class Failure:
    """A run that gave no result: where it stands, in which stage it failed and why."""

    row: int
    seed: int
    regime: str
    stage: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}, seed {self.seed}, {self.regime}: failed ({self.stage}): {self.message}"


@dataclass
class Account:
    """What became of a batch, counted in runs: done now, done before, failed now or before, left."""

    done: int = 0
    before: int = 0
    left: int = 0
    failed: list[Failure] = field(default_factory=list)
    interrupted: bool = False


def carry_out(
    study: Study,
    points: Iterable[Point],
    store: Store,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    time_limit: float | None = None,
    retry_failed: bool = False,
    command: str = "",
) -> Account:
    """Run the points of a study that a store does not hold yet, and keep each as soon as it is finished.

    ``workers`` processes of this machine, or the dask cluster at ``scheduler``. ``time_limit`` is in seconds for one
    point, by default that of the settings. Failed runs are left as they are unless ``retry_failed``. Ctrl-C keeps what
    is finished. Raises BadInput for points that cannot be run, before anything is, and if the store cannot be written.
    """
    limit = settings()["batch"]["time_limit_minutes"] * 60 if time_limit is None else time_limit
    account = Account()
    with store.only_writer():
        store.register(study.name, study.content)
        wanted = _plan(study, points, store, account, retry_failed)
        store.begin_session(study.name, os.getpid(), command)
        account.left = sum(len(regimes) for _, _, regimes in wanted)
        jobs = _jobs(study, store, wanted)
        bar = tqdm(total=account.left, desc=study.name, unit="run", file=sys.stderr, disable=not wanted)
        with bar:
            try:
                for job, runs in _lived(jobs, len(wanted), workers, scheduler, limit):
                    store.keep(runs)
                    _enter(account, job, {run.key: (run.status, run.stage, run.message) for run in runs}, bar)
            except KeyboardInterrupt:
                account.interrupted = True
    return account


def _lived(
    jobs: Iterable[Job], number: int, workers: int, scheduler: str | None, limit: float
) -> Iterator[tuple[Job, list[Run]]]:
    """Return the jobs as they end, lived where they should be."""
    if number and scheduler is not None:
        return on_cluster(jobs, scheduler, limit)
    if number and workers > 1:
        return on_this_machine(jobs, min(workers, number), limit)
    return in_process(jobs, limit)


def _enter(account: Account, job: Job, became: dict[str, tuple[str, str, str]], bar: tqdm) -> None:
    for regime, key in job.keys.items():
        status, stage, message = became[key]
        account.left -= 1
        if status == DONE:
            account.done += 1
        else:
            account.failed.append(Failure(job.row, job.seed, regime, stage, message))
            bar.write(str(account.failed[-1]), file=sys.stderr)
    bar.update(len(became))


def _plan(
    study: Study, points: Iterable[Point], store: Store, account: Account, retry_failed: bool
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Enter the points in the store; return row, seed and regimes of those with something left to run."""
    wanted: list[tuple[int, int, tuple[str, ...]]] = []
    seen: set[str] = set()
    waiting = iter(points)
    while batch := list(islice(waiting, settings()["batch"]["planned_at_once"])):
        planned = [_planned(study, point, store) for point in batch]
        store.plan(study.name, [point for point, is_new in planned if is_new])
        for point, _ in planned:
            lacking = []
            for regime, key in point.keys.items():
                status = store.status(key)
                if key in seen or status == DONE:
                    account.before += key not in seen
                elif status == FAILED and not retry_failed:
                    run = store.read(key)
                    if run is not None:
                        account.failed.append(Failure(point.row, point.seed, regime, run.stage, run.message))
                else:
                    lacking.append(regime)
                seen.add(key)
            if lacking:
                wanted.append((point.row, point.seed, tuple(lacking)))
    return wanted


def _planned(study: Study, point: Point, store: Store) -> tuple[Planned, bool]:
    """Return a point as the store keeps it, and whether it is not there yet. Raises BadInput for another one there."""
    content = point.content
    known = store.point(study.name, point.row, point.seed)
    if known is not None and known.content != content:
        raise BadInput(
            f"{store.path}: study {study.name!r} holds another point as row {point.row}, seed {point.seed}. A "
            "design may grow and never change: give another --name, or another --store."
        )
    if known is not None and known.code == code_version():
        return known, False
    return Planned(point.row, point.seed, content, code_version(), study.job(point).keys), True


def _jobs(study: Study, store: Store, wanted: Iterable[tuple[int, int, tuple[str, ...]]]) -> Iterator[Job]:
    """Yield the jobs one by one from the points in the store: a design of any size takes no memory."""
    for row, seed, regimes in wanted:
        known = store.point(study.name, row, seed)
        if known is not None:
            yield study.job(Point.of(row, seed, json.loads(known.content))).only(set(regimes))


def results(study: Study, points: Iterable[Point], store: Store, *, incomplete: bool = False) -> pd.DataFrame:
    """Return row, seed, regime, outcome, value of points, in their order; the units are those of the outcomes.

    Raises BadInput if runs are missing or failed, naming the first of them, unless ``incomplete`` leaves them out; and
    always for a damaged row or a value that is not a number.
    """
    rows: list[tuple[int, int, str, str, float]] = []
    lacking: list[str] = []
    for point in points:
        planned, _ = _planned(study, point, store)
        for regime, key in planned.keys.items():
            run = store.read(key)
            if run is None:
                lacking.append(f"row {point.row}, seed {point.seed}, {regime}: not run yet")
            elif run.status != DONE:
                lacking.append(str(Failure(point.row, point.seed, regime, run.stage, run.message)))
            else:
                for outcome, value in run.result["outcomes"].items():
                    if not math.isfinite(value):
                        raise BadInput(
                            f"row {point.row}, seed {point.seed}, {regime}: {outcome} is {value} (run {key})."
                        )
                    rows.append((point.row, point.seed, regime, outcome, value))
    if lacking and not incomplete:
        raise BadInput(_incomplete(store, study.name, lacking))
    return pd.DataFrame(rows, columns=COLUMNS)


def yearly_results(study: Study, points: Iterable[Point], store: Store) -> Iterator[list[tuple[int, str, float]]]:
    """Yield (year, measure, value) of the first regime of each point, in their order, of a study that keeps them.

    Raises BadInput for a run that is missing or failed.
    """
    for point in points:
        planned, _ = _planned(study, point, store)
        run = store.read(planned.keys[study.regimes[0]])
        if run is None or run.status != DONE:
            raise BadInput(_incomplete(store, study.name, [f"row {point.row}, seed {point.seed}"]))
        yield [(year, measure, value) for year, measure, value, _ in run.result["yearly"]]


def _incomplete(store: Store, name: str, lacking: list[str]) -> str:
    most = settings()["batch"]["named_at_most"]
    more = f"\n  and {len(lacking) - most} more" if len(lacking) > most else ""
    return (
        f"{store.path}: study {name!r} is incomplete, {len(lacking)} runs are lacking:\n  "
        + "\n  ".join(lacking[:most])
        + f"{more}\nGive the sweep's command again (--retry-failed tries failed runs again), or say that an incomplete "
        "design will do."
    )
