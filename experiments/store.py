"""The run store: one row for each run, kept for good as soon as it is finished, checked each time it is read.

A run is a past, an arm (the scenario from the switch on), a seed and a version of the code; their digest is its key.
A key that is done is never run again and never overwritten; a failed one can be tried again. The store also remembers
which points each study consists of, so that anybody can ask it what is left.
"""

import hashlib
import json
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from ecology.errors import BadInput
from experiments.store_file import DAMAGE, connect, only_writer, told, transaction

DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Run:
    """One row: what was run, what became of it, and for a finished run its results as canonical JSON.

    ``stage`` and ``message`` say where and why a failed run failed. ``seconds`` is its share of the wall time of its
    point; ``ended`` is seconds since 1970. Neither is part of the result.
    """

    key: str
    past: str
    arm: str
    seed: int
    code: str
    status: str
    stage: str = ""
    message: str = ""
    payload: str = ""
    seconds: float = 0.0
    ended: float = 0.0

    @property
    def checksum(self) -> str:
        """The SHA-256 of everything in the row."""
        return sha256(repr(astuple(replace(self, seconds=float(self.seconds), ended=float(self.ended)))))

    @property
    def content(self) -> str:
        """Everything but the times: what equal runs have in common."""
        return repr(astuple(replace(self, seconds=0.0, ended=0.0)))

    @property
    def result(self) -> dict[str, Any]:
        """The tables of a finished run: ``outcomes`` by name, and ``yearly`` rows if the study keeps them."""
        told_by_run: dict[str, Any] = json.loads(self.payload)
        return told_by_run


COLUMNS = (*(column.name for column in fields(Run)), "checksum")


@dataclass(frozen=True)
class Planned:
    """One point of a study in the store: its content as canonical JSON and the key of its run in each regime."""

    row: int
    seed: int
    content: str
    code: str
    keys: Mapping[str, str]


def sha256(text: str) -> str:
    """Return the digest of a text in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(content: Any) -> str:
    """Return JSON that is the same for equal content. Raises ValueError for a number that is none."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def run_key(past: str, arm: str, seed: int, code: str, kept: str) -> str:
    """Return the name of a run: a digest of past and arm (digests themselves), seed, version of the code, and kept.

    ``kept`` says which world is simulated and which of its tables are kept.
    """
    return sha256(canonical([past, arm, seed, code, kept]))


class Store:
    """An open run store. Use it in a ``with`` statement, or close it."""

    def __init__(self, path: Path | str, *, create: bool = True, write: bool = True) -> None:
        """Open a store, made new if ``create`` allows it. Raises BadInput, also for a file that is no store."""
        self.path = Path(path)
        self._link = connect(self.path, create and write, write)

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._link.close()

    def only_writer(self) -> AbstractContextManager[None]:
        """Hold the right to carry runs into this store; a second process is refused in a sentence."""
        return only_writer(self.path)

    # Runs -----------------------------------------------------------------------------------------------------------

    def keep(self, runs: Iterable[Run]) -> None:
        """Write runs, all or none. What is done stays as it is; what failed is replaced."""
        rows = [{**vars(run), "payload": zlib.compress(run.payload.encode()), "checksum": run.checksum} for run in runs]
        replaced = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "key")
        with told(self.path), transaction(self._link):
            self._link.executemany(
                f"INSERT INTO runs VALUES (:{', :'.join(COLUMNS)}) "
                f"ON CONFLICT (key) DO UPDATE SET {replaced} WHERE runs.status != '{DONE}'",
                rows,
            )

    def read(self, key: str) -> Run | None:
        """Return a run, None if there is none. Raises BadInput, naming the key, if the row is damaged."""
        with told(self.path, f"run {key}"):
            row = self._link.execute("SELECT * FROM runs WHERE key = ?", (key,)).fetchone()
        return None if row is None else _run(row, self.path, key)

    def status(self, key: str) -> str | None:
        """Return whether a run is done or failed; None if it is neither. The row is not checked."""
        with told(self.path, f"run {key}"):
            row = self._link.execute("SELECT status FROM runs WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def keys(self) -> list[str]:
        """Return the keys of all rows, sorted."""
        with told(self.path):
            return [row[0] for row in self._link.execute("SELECT key FROM runs ORDER BY key")]

    def digest(self) -> str:
        """Return a digest of all runs without their times: equal results, equal digest. Every row is checked."""
        total = hashlib.sha256()
        for key in self.keys():
            run = self.read(key)
            total.update(run.content.encode() if run else b"")
        return total.hexdigest()

    def forget(self, keys: Sequence[str]) -> None:
        """Take rows out, so that they are run again."""
        with told(self.path), transaction(self._link):
            self._link.executemany("DELETE FROM runs WHERE key = ?", [(key,) for key in keys])

    def check_file(self) -> None:
        """Let SQLite check the structure of the whole file. Raises BadInput with what it found first."""
        with told(self.path):
            found = self._link.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(str(found).replace("\n", " "))

    # Studies --------------------------------------------------------------------------------------------------------

    def register(self, name: str, content: str) -> None:
        """Enter a study, or find it there already. Raises BadInput if the name stands for another one."""
        known = self.studies().get(name)
        if known is None:
            with told(self.path), transaction(self._link):
                self._link.execute("INSERT OR IGNORE INTO studies VALUES (?, ?, ?)", (name, content, sha256(content)))
        elif known != content:
            before, now = json.loads(known), json.loads(content)
            differs = [field for field in sorted({*before, *now}) if before.get(field) != now.get(field)]
            raise BadInput(
                f"{self.path}: holds a study {name!r} with another {', '.join(differs)} "
                f"({'; '.join(str(before.get(field)) for field in differs)}). Give another --name, or another --store."
            )

    def studies(self) -> dict[str, str]:
        """Return what each study is, canonical JSON by name. Raises BadInput for a damaged row."""
        with told(self.path):
            rows = self._link.execute("SELECT name, content, checksum FROM studies ORDER BY name").fetchall()
        for name, content, checksum in rows:
            if sha256(str(content)) != checksum:
                raise BadInput(_damaged(self.path, f"study {name}"))
        return {name: content for name, content, _ in rows}

    def plan(self, study: str, points: Sequence[Planned]) -> None:
        """Enter points of a study, all or none; keys of another version of the code are replaced."""
        rows = [
            (study, p.row, p.seed, zlib.compress(p.content.encode()), p.code, keys, _planned_checksum(study, p, keys))
            for p in points
            for keys in [canonical(p.keys)]
        ]
        with told(self.path), transaction(self._link):
            self._link.executemany("INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def point(self, study: str, row: int, seed: int) -> Planned | None:
        """Return a point of a study, None if it is not there. Raises BadInput if it is damaged."""
        what = f"study {study}, row {row}, seed {seed}"
        asked = "SELECT * FROM points WHERE study = ? AND row = ? AND seed = ?"
        with told(self.path, what):
            found = self._link.execute(asked, (study, row, seed)).fetchone()
        return None if found is None else _planned(found, self.path, what)

    def points(self, study: str) -> Iterator[Planned]:
        """Yield the points of a study by row and seed. Raises BadInput at a damaged one."""
        with told(self.path):
            asked = "SELECT row, seed FROM points WHERE study = ? ORDER BY row, seed"
            places = self._link.execute(asked, (study,)).fetchall()
        for row, seed in places:
            point = self.point(study, row, seed)
            if point is not None:
                yield point

    def places(self) -> list[tuple[str, int, int]]:
        """Return study, row and seed of all points."""
        with told(self.path):
            asked = "SELECT study, row, seed FROM points ORDER BY study, row, seed"
            return [(study, row, seed) for study, row, seed in self._link.execute(asked)]

    def forget_points(self, places: Sequence[tuple[str, int, int]]) -> None:
        """Take points out, so that the sweep's command enters them again."""
        with told(self.path), transaction(self._link):
            self._link.executemany("DELETE FROM points WHERE study = ? AND row = ? AND seed = ?", places)

    # Sessions -------------------------------------------------------------------------------------------------------

    def begin_session(self, study: str, process: int, command: str) -> None:
        """Note that a process starts to carry runs in, and with which command."""
        with told(self.path), transaction(self._link):
            self._link.execute(
                "INSERT INTO sessions (study, started, process, command) VALUES (?, ?, ?, ?)",
                (study, time.time(), process, command),
            )

    def progress(self, since: float) -> tuple[int, float]:
        """Return how many runs ended at or after a time, and when the last one did (0 if none did)."""
        with told(self.path):
            row = self._link.execute("SELECT count(*), max(ended) FROM runs WHERE ended >= ?", (since,)).fetchone()
        return int(row[0]), float(row[1] or 0)

    def last_session(self, study: str) -> tuple[float, str] | None:
        """Return when the last session of a study started and its command."""
        asked = "SELECT started, command FROM sessions WHERE study = ? ORDER BY number DESC LIMIT 1"
        with told(self.path):
            row = self._link.execute(asked, (study,)).fetchone()
        return None if row is None else (float(row[0]), str(row[1]))


def _run(row: Sequence[Any], path: Path, key: str) -> Run:
    try:
        values = dict(zip(COLUMNS, row, strict=True))
        values["payload"] = zlib.decompress(values["payload"]).decode()
        checksum = values.pop("checksum")
        run = Run(**values)
        whole = run.checksum == checksum and run.key == key
    except (zlib.error, ValueError, TypeError):
        whole = False
    if not whole:
        raise BadInput(_damaged(path, f"run {key}"))
    return run


def _planned(row: Sequence[Any], path: Path, what: str) -> Planned:
    try:
        study, number, seed, content, code, keys, checksum = row
        point = Planned(number, seed, zlib.decompress(content).decode(), code, json.loads(keys))
        whole = _planned_checksum(study, point, keys) == checksum
    except (zlib.error, ValueError, TypeError):
        whole = False
    if not whole:
        raise BadInput(_damaged(path, what))
    return point


def _planned_checksum(study: str, point: Planned, keys: str) -> str:
    return sha256(repr((study, point.row, point.seed, point.content, point.code, keys)))


def _damaged(path: Path, what: str) -> str:
    return (
        f"{path}: {what} {DAMAGE}: it does not have the checksum it was written with, so nothing of it is used. "
        f"`ecology verify {path} --mend` takes damaged rows out; the sweep's command then makes them again."
    )
