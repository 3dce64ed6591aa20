"""Analyses and the store: what is studied, the runs that an analysis asks for, and what it may say about them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ecology.errors import BadInput, no_such
from experiments import compare
from experiments.calibration.ensemble import CENTRAL
from experiments.compare import Model
from experiments.point import Point, Study
from experiments.settings import settings
from experiments.store import Store
from experiments.study import carry_out, results

UNIFORM_ROLES = ("primary", "co-primary")
_NAME_LENGTH = "key_length"


@dataclass(frozen=True)
class Question:
    """What all runs of an analysis share: place, years, pressure, the two regimes compared, and the outcomes."""

    authority: str
    regimes: tuple[str, str]
    outcomes: tuple[str, ...] = ()
    children: int | None = None
    years: int = settings()["defaults"]["years"]
    pressure: str = settings()["defaults"]["pressure"]
    past: str = settings()["defaults"]["past"]
    past_years: int | None = None
    drawn_from: str | None = CENTRAL
    model: Model | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what is no comparison of two regimes, and outcomes that do not exist."""
        if len(self.regimes) != len(("first", "second")) or self.regimes[0] == self.regimes[1]:
            raise BadInput(
                f"--regimes: exactly two different regimes are compared here, not {', '.join(self.regimes)}."
            )
        for name in self.outcomes:
            if name not in self.definitions:
                raise no_such("outcome", name, self.definitions, "--outcomes")

    @property
    def definitions(self) -> Mapping[str, Any]:
        """What the outcomes mean."""
        return (self.model or compare.the_model()).definitions

    @property
    def chosen(self) -> tuple[str, ...]:
        """The outcomes asked for, by default the primary and co-primary ones."""
        return self.outcomes or tuple(name for name, told in self.definitions.items() if told.role in UNIFORM_ROLES)

    @property
    def scope(self) -> str:
        """Place, time and pressure in words."""
        children = f"{self.children:,} children like " if self.children else ""
        return f"{children}{self.authority}, {self.years} year(s), pressure {self.pressure}"

    def study(self, kind: str, design: str, regimes: Sequence[str] = ()) -> Study:
        """Return the study of one design; its name holds a digest, so that another design is another study."""
        study = Study(
            kind, self.authority, tuple(regimes) or self.regimes, self.children, self.years, self.pressure, self.past,
            self.past_years, drawn_from=self.drawn_from, model=self.model,
        )  # fmt: skip
        digest = hashlib.sha256(f"{study.content}\n{design}".encode()).hexdigest()
        return replace(study, name=f"{kind}-{digest[: settings()['page'][_NAME_LENGTH]]}")


class Carrier:
    """Carries runs into one store and reads them back.

    Several workers start anew with each batch; for searches of many small batches a scheduler of one's own is quicker.
    """

    def __init__(
        self,
        store: Store,
        *,
        workers: int = 1,
        scheduler: str | None = None,
        time_limit: float | None = None,
        retry_failed: bool = False,
        leave_out_failed: bool = False,
        command: str = "",
    ) -> None:
        """Say how runs are carried out; the options are those of ``carry_out``.

        With ``leave_out_failed`` failed runs are missing from the results, where an analysis can do without them.
        """
        self.leave_out_failed = leave_out_failed
        self.store, self.workers, self.scheduler = store, workers, scheduler
        self.options: dict[str, Any] = {"time_limit": time_limit, "retry_failed": retry_failed, "command": command}
        self.studies: dict[str, int] = {}

    def runs(self, study: Study, points: Iterable[Point], *, may_lack: bool = False) -> pd.DataFrame:
        """Return row, seed, regime, outcome, value of all points, running those that the store does not hold yet.

        Raises BadInput naming the runs that failed (unless the analysis ``may_lack`` some and failed runs are to be
        left out), and KeyboardInterrupt when interrupted: finished runs are kept.
        """
        asked = list(points)
        workers = min(self.workers, len(asked))
        account = carry_out(study, asked, self.store, workers=workers, scheduler=self.scheduler, **self.options)
        if account.interrupted:
            raise KeyboardInterrupt
        self.studies[study.name] = self.studies.get(study.name, 0) + len(asked) * len(study.regimes)
        return results(study, asked, self.store, incomplete=may_lack and self.leave_out_failed)


def design_text(*parts: object) -> str:
    """Return a text that is equal for equal designs: arrays by their bytes, anything else by its repr."""
    told = [part.tobytes().hex() if hasattr(part, "tobytes") else repr(part) for part in parts]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def incomplete_rows(results: pd.DataFrame, runs: Sequence[tuple[int, int]], regimes: Sequence[str]) -> set[int]:
    """Return the rows of which at least one of the (row, seed) runs is missing in at least one regime."""
    known = set(results[["row", "seed", "regime"]].drop_duplicates().itertuples(index=False, name=None))
    return {row for row, seed in runs if any((row, seed, regime) not in known for regime in regimes)}


def row_of(content: str) -> int:
    """Return a row number for a point by what it holds: a search that grows never gives a row to another point."""
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[: len("four")], "big")
