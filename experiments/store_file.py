"""The file of a run store: opened, locked by whoever writes, and every refusal of the disk told in a sentence.

The file is SQLite in WAL mode: readers work while one process writes. One process at a time carries runs into a store;
it holds a lock on ``STORE.lock``, which the operating system takes back when the process ends, however it ends.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ecology.errors import BadInput
from experiments.settings import settings

KIND, SHAPE = 0x45434F4C, 1  # application id ("ECOL") and version of the tables
TABLES = """
CREATE TABLE runs (
    key TEXT PRIMARY KEY, past TEXT NOT NULL, arm TEXT NOT NULL, seed INTEGER NOT NULL, code TEXT NOT NULL,
    status TEXT NOT NULL, stage TEXT NOT NULL, message TEXT NOT NULL, payload BLOB NOT NULL,
    seconds REAL NOT NULL, ended REAL NOT NULL, checksum TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE studies (name TEXT PRIMARY KEY, content TEXT NOT NULL, checksum TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE points (
    study TEXT NOT NULL, row INTEGER NOT NULL, seed INTEGER NOT NULL, content BLOB NOT NULL, code TEXT NOT NULL,
    keys TEXT NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (study, row, seed)
) WITHOUT ROWID;
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY, study TEXT NOT NULL, started REAL NOT NULL, process INTEGER NOT NULL,
    command TEXT NOT NULL
);
"""
DAMAGE = "is damaged"


def connect(path: Path, create: bool, write: bool) -> sqlite3.Connection:
    """Open the file of a store, make it if that is allowed. Raises BadInput if it is no store or cannot be opened."""
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name the store's file, such as {path / 'runs.sqlite'}.")
    if not path.is_file() and not create:
        raise BadInput(f"{path}: there is no such store; `ecology sweep ... --store {path}` makes one.")
    with told(path):
        link = _link(path, write)
        link.text_factory = partial(str, encoding="utf-8", errors="replace")  # damaged text fails its checksum
        link.execute(f"PRAGMA busy_timeout = {settings()['batch']['busy_seconds'] * 1000}")
        if write and _is_empty(link):
            link.execute("PRAGMA journal_mode = WAL")
            _make(link)
        if write:
            link.execute("PRAGMA synchronous = FULL")
        kind, shape = (link.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    if kind != KIND:
        link.close()
        raise BadInput(f"{path}: is an SQLite file, but no run store of this program; give another --store.")
    if shape != SHAPE:
        link.close()
        raise BadInput(
            f"{path}: is a store of version {shape}, and this program reads version {SHAPE}; start a new one."
        )
    return link


def _link(path: Path, write: bool) -> sqlite3.Connection:
    if write:
        return sqlite3.connect(path, isolation_level=None)
    # A folder that cannot be written has no room for the files that readers of WAL share.
    alone = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{alone}", uri=True, isolation_level=None)


def _is_empty(link: sqlite3.Connection) -> bool:
    return not link.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _make(link: sqlite3.Connection) -> None:
    with transaction(link):
        if _is_empty(link):  # another process may have been quicker
            for statement in TABLES.split(";"):
                link.execute(statement)
            link.execute(f"PRAGMA application_id = {KIND}")
            link.execute(f"PRAGMA user_version = {SHAPE}")


@contextmanager
def transaction(link: sqlite3.Connection) -> Iterator[None]:
    """Keep all that is written inside, or nothing of it."""
    link.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if link.in_transaction:
            link.execute("ROLLBACK")
        raise
    link.execute("COMMIT")


@contextmanager
def told(path: Path, what: str = "") -> Iterator[None]:
    """Turn what SQLite or the disk refuses into a sentence that names the store and the way out."""
    where = f"{path}: {what}: " if what else f"{path}: "
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # a damaged table's name may stand in SQLite's own message
        raise BadInput(where + _sentence(path, error)) from None
    except OSError as error:
        raise BadInput(f"{where}cannot be used: {error.strerror or error}.") from None


def _sentence(path: Path, error: Exception) -> str:
    reason = ascii(str(error))[1:-1][: settings()["batch"]["message_characters"]]
    if "not a database" in reason:
        return f"is no run store, or its beginning {DAMAGE}; give another --store, or put a copy of it back."
    if "locked" in reason or "busy" in reason:
        return "another process keeps it locked; wait until that one ends, or give another --store."
    if "readonly" in reason:
        return "cannot be written (read-only); make file and folder writable, or give another --store."
    if "full" in reason or "disk I/O" in reason:
        return (
            f"cannot be written ({reason}): the disk is full, failing, or the file reached its allowed size. "
            "What had finished stays; make room and give the same command again."
        )
    if "unable to open" in reason:
        return f"cannot be opened or made in {path.parent.absolute()}; check that the folder exists and can be written."
    return (
        f"{DAMAGE} ({reason}). Nothing was taken from it. Put a copy of the file back, or move it away and give the "
        "sweep's command again."
    )


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the right to carry runs into a store. Raises BadInput if another process holds it."""
    beside = path.with_name(path.name + ".lock")
    with told(beside):
        file = beside.open("a+", encoding="utf-8")
    with file:
        _lock(file.fileno(), path, beside)
        with told(beside):
            file.truncate(0)
            file.write(f"process {os.getpid()} on {os.uname().nodename}")
            file.flush()
        yield


def _lock(file: int, path: Path, beside: Path) -> None:
    until = time.monotonic() + settings()["batch"]["lock_seconds"]
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                time.sleep(settings()["batch"]["lock_seconds"] / settings()["batch"]["busy_seconds"])
                continue
            holder = beside.read_text(encoding="utf-8") or "another process"
            raise BadInput(
                f"{path}: {holder} is carrying runs into this store, and only one may at a time. Wait for it "
                f"(`ecology status {path}` shows how far it is), or give another --store."
            ) from None
        return
