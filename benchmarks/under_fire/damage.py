"""Flipped bits, full disks, two drivers and hostile files: no result is changed silently, every refusal a sentence."""

import os
import resource
import time
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.under_fire.ground import Ground, Tally, child, finish, quiet, seconds, stores
from ecology.errors import BadInput
from ecology.scenario import Scenario
from experiments.space_file import space_of
from experiments.store import Run, Store
from experiments.study import carry_out
from experiments.table_file import read_table

REFUSED, SPACE = 3, 'why = "A test."\n[evidence]\ntopics = ["help"]\n[factors.panel_hours]\nlow = 1.0\nhigh = 2.5\n'
POINTS = "row,panel_hours,levers.orchestrated.tempo,failure_modes.gaming\n0,1.5,0.25,1\n1,2.5,0.5,0\n"
SCENARIO = 'why = "A test."\nbase = "fragmented"\nauthority = "Leeds"\nyears = 2\n[levers]\ntempo = 0.5\n'


def flip_bits(ground: Ground, flips: int, seed: int = 1) -> Tally:
    """Flip one bit of a store at random places; what is then read must be what was written, or be refused."""
    luck, began = np.random.default_rng(seed), time.monotonic()
    failures = refused = 0
    with stores() as new:
        path, copy = new(), new()
        finish(ground, path)
        with Store(path) as store:
            known = {key: store.read(key) for key in store.keys()}  # noqa: SIM118
        whole = path.read_bytes()
        for _ in range(flips):
            place, bit = int(luck.integers(len(whole))), int(luck.integers(8))
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            copy.write_bytes(changed)
            told = _read(copy, known)
            refused += told is None
            failures += told is False
    return Tally("one bit of a store flipped", flips, failures, f"{refused} refused, {seconds(began)}")


def _read(path: Path, known: dict[str, Run | None]) -> bool | None:
    """Return whether every run is there unchanged or is not there; None if the store or a run is refused."""
    try:
        with Store(path, create=False, write=False) as store:
            return all(store.read(key) in (run, None) for key, run in known.items())
    except BadInput:
        return None


def fill_disk(ground: Ground, trials: int, seed: int = 1) -> Tally:
    """Let the store grow only to a random size; then make room, give the command again and compare."""
    luck, began = np.random.default_rng(seed), time.monotonic()
    failures = refused = 0
    with stores() as new:
        finish(ground, path := new())
        largest = path.stat().st_size
        for _ in range(trials):
            path, room = new(), int(luck.uniform(0, largest))
            code = os.waitstatus_to_exitcode(os.waitpid(child(partial(_crowded, ground, path, room)), 0)[1])
            refused += code == REFUSED
            failures += code not in (0, REFUSED) or not finish(ground, path)
    return Tally("disk full during a study", trials, failures, f"{refused} told in a sentence, {seconds(began)}")


def _crowded(ground: Ground, path: Path, room: int) -> int:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        with Store(path) as store, quiet():
            carry_out(ground.study, ground.points, store)
    except BadInput:
        return REFUSED
    return 0


def two_drivers(ground: Ground, trials: int, seed: int = 1) -> Tally:
    """Start two drivers on one store at nearly the same moment: one may be refused in a sentence, nothing else."""
    luck, began = np.random.default_rng(seed), time.monotonic()
    failures = refused = 0
    with stores() as new:
        for _ in range(trials):
            path = new()
            pids = []
            for _ in range(2):
                pids.append(child(partial(_drive, ground, path)))
                time.sleep(luck.uniform(0, 0.2))
            codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
            refused += REFUSED in codes
            failures += not set(codes) <= {0, REFUSED} or 0 not in codes or not finish(ground, path)
    return Tally("two drivers on one store", trials, failures, f"{refused} second ones refused, {seconds(began)}")


def _drive(ground: Ground, path: Path) -> int:
    try:
        with Store(path) as store, quiet():
            carry_out(ground.study, ground.points, store)
    except BadInput:
        return REFUSED
    return 0


def hostile_files(trials: int, seed: int = 1) -> Tally:
    """Read spaces, tables of points and scenarios with bytes changed, cut, doubled or put in."""
    luck, began = np.random.default_rng(seed), time.monotonic()
    failures, accepted, longest = 0, 0, 0.0
    readers = {"space.toml": (SPACE, space_of), "points.csv": (POINTS, _table), "scenario.toml": (SCENARIO, _scenario)}
    with stores() as new:
        folder = new().parent
        for trial in range(trials):
            name = list(readers)[trial % len(readers)]
            text, reader = readers[name]
            file = folder / name
            file.write_bytes(mutated(text.encode(), luck))
            start = time.monotonic()
            try:
                reader(str(file))
                accepted += 1
            except BadInput:
                pass
            except Exception as surprise:
                failures += 1
                print(f"{name}: {type(surprise).__name__}: {surprise}: {file.read_bytes()!r}")
            longest = max(longest, time.monotonic() - start)
    remark = f"{accepted} still valid, slowest {longest:.2f} s, {seconds(began)}"
    return Tally("hostile space, points and scenario files", trials, failures, remark)


def mutated(data: bytes, luck: np.random.Generator) -> bytes:
    """Return bytes changed in one to three places by one of the ways in which files go wrong."""
    bits = [
        b"\0",
        b"\xff",
        b"[",
        b"[[" * 300,
        b"9" * 5000,
        b"=",
        b"nan",
        b"1e999",
        b'"',
        b"\n",
        b",",
        b".",
        b"true",
        b"-",
    ]
    for _ in range(int(luck.integers(1, 4))):
        place = int(luck.integers(len(data) + 1))
        end = place + int(luck.geometric(0.2))
        way = luck.integers(4)
        middle = data[place:end]
        new = bits[luck.integers(len(bits))]
        data = data[:place] + (new + middle, b"", middle * 2, bytes(luck.permutation(list(middle))))[way] + data[end:]
    return data


def _table(path: str) -> object:
    return read_table(Path(path))


def _scenario(path: str) -> object:
    return Scenario.load(path)
