"""Who lives the jobs of a batch: this process, processes of this machine, or a cluster; the rows are the same.

Several processes are dask's: a local cluster of one-thread processes, or any scheduler given by its address. A worker
that dies costs nothing: its job goes to another one, and a job that kills its workers becomes failed rows.
"""

import logging
import math
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
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


def on_cluster(jobs: Iterable[Job], scheduler: str, limit: float | None) -> Iterator[tuple[Job, list[Run]]]:
    """Live the jobs on the cluster of a scheduler, however many workers it has. Raises BadInput if none answers."""
    from distributed import Client

    try:
        client = Client(scheduler)
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"--scheduler: {scheduler}: no dask scheduler answers there ({error or 'time out'}).") from None
    with client:
        yield from _Crew(client, limit).live(iter(jobs))


def on_this_machine(jobs: Iterable[Job], workers: int, limit: float | None) -> Iterator[tuple[Job, list[Run]]]:
    """Live the jobs in so many processes, started here and ended afterwards.

    Dask replaces a worker that dies, unless it dies again while it starts: then all are started afresh, and what was
    under way goes to the new ones. Raises BadInput if that happens again and again without a job coming to its end.
    """
    waiting, attempts = iter(jobs), settings()["batch"]["starts_at_most"]
    while attempts:
        attempts -= 1
        under_way: dict[Future, Job] = {}
        try:
            with _local_client(workers) as client:
                crew = _Crew(client, limit, workers)
                under_way = crew.busy
                for ended in crew.live(waiting):
                    attempts = settings()["batch"]["starts_at_most"]
                    yield ended
                return
        except (RuntimeError, TimeoutError, OSError):
            waiting = chain(list(under_way.values()), waiting)
    raise BadInput(
        "--workers: the worker processes end as soon as they start; is there memory enough for so many? "
        '(A script of your own must start its work under `if __name__ == "__main__":`.)'
    )


@contextmanager
def _local_client(workers: int) -> "Iterator[Client]":
    import dask
    from distributed import Client, LocalCluster

    costs = settings()["batch"]["killed_at_most"] - 1
    with dask.config.set({"distributed.scheduler.allowed-failures": costs}):
        with _unhearing():
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0",
                silence_logs=logging.CRITICAL,
            )  # fmt: skip
        with cluster, Client(cluster) as client:
            yield client


@contextmanager
def _unhearing() -> Iterator[None]:
    """Let threads made here, and the workers that they start, never hear Ctrl-C; this thread hears it afterwards."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


class _Crew:
    """The jobs under way on a cluster, and since when which worker has been at them."""

    def __init__(self, client: "Client", limit: float | None, workers: int = 0) -> None:
        self.client = client
        self.limit = limit
        self.workers = workers
        self.short_since = math.inf
        self.busy: dict[Future, Job] = {}
        self.since: dict[tuple[str, str], float] = {}

    def live(self, waiting: Iterator[Job]) -> Iterator[tuple[Job, list[Run]]]:
        """Live the jobs, never more of them under way than there are threads; yield each as it ends."""
        more = True
        while more or self.busy:
            while more and len(self.busy) < self.threads():
                job = next(waiting, None)
                more = job is not None
                if job is not None:
                    self.give(job)
            yield from self.finished()

    def threads(self) -> int:
        """Return how many jobs can be lived at once; one while no worker has come yet.

        Raises TimeoutError if workers of this machine are lacking for long.
        """
        there, now = sum(self.client.nthreads().values()), time.monotonic()
        self.short_since = math.inf if there >= self.workers else min(self.short_since, now)
        if now - self.short_since > settings()["batch"]["short_seconds"]:
            raise TimeoutError(f"{there} of {self.workers} workers are left")
        return max(1, there)

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
        if not ended:
            self.threads()
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
