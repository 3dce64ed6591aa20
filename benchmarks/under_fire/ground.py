"""What is put under fire: a study of an invented town or of a small real one, and how trials are counted."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

from experiments.point import Point, Study
from experiments.sampling import design
from experiments.space import evidence_space
from experiments.store import Store
from experiments.study import carry_out
from tests.standin import points_of, study_of

SURE = 0.95


@dataclass(frozen=True)
class Ground:
    """A study with its points, and the digest of its store when nothing disturbs it."""

    name: str
    study: Study
    points: list[Point]
    digest: str


@dataclass(frozen=True)
class Tally:
    """How often something was tried, and how often it went wrong; ``remark`` says what else was seen."""

    what: str
    trials: int
    failures: int
    remark: str = ""

    @property
    def line(self) -> str:
        """A row of the table of ``docs/reliability.md``."""
        bound = binomtest(self.failures, self.trials, alternative="less").proportion_ci(SURE, "exact").high
        return f"| {self.what} | {self.trials:,} | {self.failures} | {bound:.2%} | {self.remark} |"


def ground(name: str) -> Ground:
    """Return a ground of ``GROUNDS`` with the digest of its store when nothing disturbs it."""
    study, points = batch(name)
    with stores() as new, Store(new()) as store, quiet():
        carry_out(study, points, store)
        return Ground(name, study, points, store.digest())


GROUNDS = ("invented town", "larger invented town", "2,000 children", "2,000 children, more points")
"""An invented town, whose runs take hundredths of a second; and a real place for one year after a short past."""


SWEEP = "sweep"
"""Followed by a number of points: a Latin hypercube over the whole evidence, in a small real place."""


def batch(name: str) -> tuple[Study, list[Point]]:
    """Return the study of a ground and its points, of two runs each: 24, 150, 8, 27, or as many as a sweep is given."""
    kind, _, number = name.partition(" ")
    if kind == SWEEP:
        study = Study(SWEEP, "Hartlepool", ("fragmented", "orchestrated"), 2000, 1, past_years=2)
        space = evidence_space()
        return study, list(space.points(design(space, "latin_hypercube", int(number))))
    town, place = study_of(), Study("place", "Leeds", ("fragmented", "orchestrated"), 2000, 1, past_years=2)
    batches = (
        (town, points_of(8, (1, 2, 3))), (town, points_of(50, (1, 2, 3))),
        (place, points_of(4, (1, 2))), (place, points_of(9, (1, 2, 3))),
    )  # fmt: skip
    return batches[GROUNDS.index(name)]


@contextmanager
def stores() -> Iterator[Callable[[], Path]]:
    """Give paths for new stores in a folder that goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(sys.maxsize))
        yield lambda: Path(folder) / f"{next(numbers)}.sqlite"


@contextmanager
def quiet() -> Iterator[None]:
    """Send standard error nowhere, also that of child processes."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def child(work: Callable[[], int]) -> int:
    """Do something in a forked process that has all modules already; return its number. The exit code is the work's."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        code = work()
    finally:
        os._exit(code)


def finish(ground: Ground, path: Path) -> bool:
    """Give the command once more, undisturbed; return whether the store is then what it should be."""
    with Store(path) as store, quiet():
        carry_out(ground.study, ground.points, store, retry_failed=True)
        store.check_file()
        return store.digest() == ground.digest


def seconds(since: float) -> str:
    """Return the time since a moment of the monotonic clock."""
    return f"{time.monotonic() - since:.0f} s"
