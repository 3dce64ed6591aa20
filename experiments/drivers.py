"""Who lives the jobs of a batch: this process, processes of this machine, or a cluster; the rows are the same.

Several processes are dask's: a local cluster of one-thread processes, or any scheduler given by its address. A worker
that dies costs nothing: its job goes to another one, and a job that kills its workers becomes failed rows.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecology.errors import BadInput
from experiments.jobs import TIME_LIMIT, WORKER, Job, play, time_is_up
from experiments.settings import settings
from experiments.store import Run

if TYPE_CHECKING:
    from distributed import Client, Future


def in_process(jobs: Iterable[Job], limit: float | None) -> Iterator[tuple[Job, list[Run]]]:
    """Live the jobs here, one after the other."""
    for job in jobs:
        yield job, play(job, limit)


@contextmanager
def client_of(workers: int, scheduler: str | None) -> "Iterator[Client]":
    """Connect to a scheduler, or start so many processes here and end them afterwards. Raises BadInput."""
    import dask
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler)
        except (OSError, ValueError, TypeError) as error:
            raise BadInput(
                f"--scheduler: {scheduler}: no dask scheduler answers there ({error or 'time out'})."
            ) from None
        with client:
            yield client
        return
    costs = settings()["batch"]["killed_at_most"] - 1
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": costs}),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        yield client


def over_dask(jobs: Iterable[Job], client: "Client", limit: float | None) -> Iterator[tuple[Job, list[Run]]]:
    """Live the jobs on a cluster, never more of them under way than it has threads; yield each as it finishes."""
    waiting = iter(jobs)
    crew = _Crew(client, limit)
    more = True
    while more or crew.busy:
        while more and len(crew.busy) < crew.threads():
            job = next(waiting, None)
            more = job is not None
            if job is not None:
                crew.give(job)
        yield from crew.finished()


class _Crew:
    """The jobs under way on a cluster, and since when which worker has been at them."""

    def __init__(self, client: "Client", limit: float | None) -> None:
        self.client = client
        self.limit = limit
        self.busy: dict[Future, Job] = {}
        self.since: dict[tuple[str, str], float] = {}

    def threads(self) -> int:
        """Return how many jobs can be lived at once; one while no worker has come yet."""
        return max(1, sum(self.client.nthreads().values()))

    def give(self, job: Job) -> None:
        """Hand a job to the cluster."""
        self.busy[self.client.submit(play, job, pure=False, retries=0)] = job

    def finished(self) -> Iterator[tuple[Job, list[Run]]]:
        """Wait a little, and yield what has become of the jobs that ended or took too long."""
        from distributed import TimeoutError as NothingYet
        from distributed import wait

        try:
            ended = wait(list(self.busy), settings()["batch"]["check_seconds"], return_when="FIRST_COMPLETED").done
        except NothingYet:
            ended = set()
        if self.client.status != "running":
            raise BadInput("the connection to the cluster is lost. What had finished stays; give the command again.")
        for future in ended:
            yield self.busy[future], _runs(future, self.busy.pop(future))
        if self.limit is not None and not ended:
            yield from self._stopped(self.limit)

    def _stopped(self, limit: float) -> Iterator[tuple[Job, list[Run]]]:
        """Stop the jobs that took too long, each with the worker that is at it."""
        by_name = {future.key: future for future in self.busy}
        now = time.monotonic()
        at_work = {(w, key) for w, keys in self.client.processing().items() for key in keys if key in by_name}
        self.since = {pair: self.since.get(pair, now) for pair in at_work}
        for (worker, key), since in self.since.items():
            future = by_name[key]
            if now - since > limit and not future.done():
                future.cancel()
                job = self.busy.pop(future)
                self.client.restart_workers([worker], settings()["batch"]["restart_seconds"], raise_for_error=False)
                yield job, job.failed(TIME_LIMIT, time_is_up(limit))


def _runs(future: "Future", job: Job) -> list[Run]:
    error = future.exception() if future.status == "error" else None
    if error is not None:
        return job.failed(WORKER, f"{type(error).__name__}: {error}")
    if future.status != "finished":
        return job.failed(WORKER, f"the cluster gave no result: {future.status}.")
    runs: list[Run] = future.result()
    return runs
