"""The run store: nothing finished is lost, repeated or changed unnoticed, and every refusal is a sentence."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ecology.errors import BadInput
from experiments.store import DONE, FAILED, Planned, Run, Store, run_key


def a_run(number: int = 1, status: str = DONE, message: str = "", payload: str = "") -> Run:
    key = run_key("past", f"arm {number}", number, "code", "toy")
    told = payload or f'{{"outcomes":{{"harm_weeks":{number}.5,"direct_share":{0.1 * number!r}}}}}'
    return Run(
        key, "past", f"arm {number}", number, "code", status, "", message, told if status == DONE else "", 0.5, 9.0
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "runs.sqlite") as opened:
        yield opened


def test_what_is_kept_is_read_back_to_the_bit(store: Store) -> None:
    store.keep([a_run(1), a_run(2)])
    with Store(store.path, write=False) as again:
        assert again.read(a_run(2).key) == a_run(2)
        assert again.read(a_run(2).key).result["outcomes"]["direct_share"] == 0.2  # type: ignore[union-attr]
        assert again.read("no such key") is None
        assert again.status(a_run(1).key) == DONE
        assert again.keys() == sorted([a_run(1).key, a_run(2).key])


def test_a_finished_run_is_never_overwritten_and_a_failed_one_is(store: Store) -> None:
    store.keep([a_run(1), a_run(2, FAILED, "died")])
    store.keep([replace(a_run(1), payload='{"outcomes":{}}'), a_run(2)])
    assert store.read(a_run(1).key) == a_run(1)
    assert store.read(a_run(2).key) == a_run(2)
    store.keep([a_run(2, FAILED, "died again")])
    assert store.read(a_run(2).key) == a_run(2)


def test_the_digest_knows_results_and_no_times_or_order(tmp_path: Path) -> None:
    digests: list[str] = []
    orders = {"a": (1, 2, 3), "b": (3, 1, 2), "c": (1, 2)}
    for name, numbers in orders.items():
        with Store(tmp_path / name) as store:
            for number in numbers:
                store.keep([replace(a_run(number), seconds=number * len(digests), ended=float(len(digests)))])
            digests.append(store.digest())
    assert digests[0] == digests[1] != digests[2]


def test_keys_differ_in_each_thing_that_makes_a_run() -> None:
    parts = ("past", "arm", 1, "code", "toy")
    others = [(*parts[:i], 2 if i == 2 else "other", *parts[i + 1 :]) for i in range(len(parts))]
    assert len({run_key(*p) for p in (parts, *others)}) == len(parts) + 1  # type: ignore[arg-type]


def test_one_flipped_bit_changes_no_result_silently(tmp_path: Path) -> None:
    """A bit is flipped at random places of a file: what can still be read is what was written, or it is refused."""
    with Store(tmp_path / "whole.sqlite") as store:
        store.keep([a_run(n) for n in range(1, 30)])
    whole = (tmp_path / "whole.sqlite").read_bytes()
    refused, luck = 0, np.random.default_rng(5)
    for place, bit in zip(luck.integers(len(whole), size=150), luck.integers(8, size=150), strict=True):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << bit
        refused += not read_alike(tmp_path / "flipped.sqlite", bytes(flipped))
    assert refused > 30  # some bits are unused space; most are not


def read_alike(path: Path, data: bytes) -> bool:
    """Write a damaged store and read it: every run as it was, or not there. Return False if it was refused."""
    path.write_bytes(data)
    try:
        with Store(path, create=False, write=False) as store:
            for number in range(1, 30):
                assert store.read(a_run(number).key) in (a_run(number), None)
    except BadInput as refusal:
        assert str(path) in str(refusal) and "sqlite3" not in str(refusal)
        return False
    return True


def test_a_table_whose_name_is_damaged_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        store.keep([a_run(1)])
    data = (tmp_path / "runs.sqlite").read_bytes()
    place = data.index(b"CREATE TABLE runs") + len(b"CREATE T")
    (tmp_path / "runs.sqlite").write_bytes(data[:place] + b"\xcb" + data[place + 1 :])
    with pytest.raises(BadInput, match="is damaged"), Store(tmp_path / "runs.sqlite", write=False) as damaged:
        damaged.read(a_run(1).key)


@pytest.mark.parametrize("length", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_store_is_refused(tmp_path: Path, length: float) -> None:
    with Store(tmp_path / "whole.sqlite") as store:
        store.keep([a_run(n) for n in range(1, 200)])
    whole = (tmp_path / "whole.sqlite").read_bytes()
    (tmp_path / "cut.sqlite").write_bytes(whole[: int(len(whole) * length)])
    with pytest.raises(BadInput, match=r"cut\.sqlite"), Store(tmp_path / "cut.sqlite", write=False) as cut:
        cut.check_file()
        for number in range(1, 200):
            assert cut.read(a_run(number).key) == a_run(number)


@pytest.mark.parametrize("column", ["past", "arm", "seed", "code", "status", "stage", "message", "seconds", "checksum"])
def test_a_change_of_any_column_is_noticed_and_the_key_named(store: Store, column: str) -> None:
    store.keep([a_run(1)])
    value = 7 if column in ("seed", "seconds") else "failed"
    with sqlite3.connect(store.path) as link:
        link.execute(f"UPDATE runs SET {column} = ?", (value,))
    with pytest.raises(BadInput, match=rf"run {a_run(1).key} is damaged.*ecology verify"):
        store.read(a_run(1).key)


def test_a_damaged_point_or_study_is_noticed(store: Store) -> None:
    store.register("toy", '{"regimes":[]}')
    store.plan("toy", [Planned(3, 1, '{"parameters":{}}', "code", {"fragmented": "k"})])
    with sqlite3.connect(store.path) as link:
        link.execute("UPDATE points SET seed = 2")
    with pytest.raises(BadInput, match="study toy, row 3, seed 2 is damaged"):
        list(store.points("toy"))
    with sqlite3.connect(store.path) as link:
        link.execute("UPDATE studies SET content = '{}'")
    with pytest.raises(BadInput, match="study toy is damaged"):
        store.studies()


def test_a_name_stands_for_one_study(store: Store) -> None:
    store.register("toy", '{"years":1}')
    store.register("toy", '{"years":1}')
    with pytest.raises(BadInput, match=r"another years \(1\)"):
        store.register("toy", '{"years":2}')


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"no store at all" * 99, "is no run store"), (b"", "no run store of")]
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=complaint):
        Store(path, create=False, write=False)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.sqlite") as link:
        link.execute("CREATE TABLE letters (a)")
    before = (tmp_path / "other.sqlite").read_bytes()
    with pytest.raises(BadInput, match="no run store of this program"):
        Store(tmp_path / "other.sqlite")
    assert (tmp_path / "other.sqlite").read_bytes() == before


def test_a_folder_or_nothing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        Store(tmp_path)
    with pytest.raises(BadInput, match="there is no such store"):
        Store(tmp_path / "none", create=False)
    with pytest.raises(BadInput, match="folder exists"):
        Store(tmp_path / "no" / "folder" / "runs.sqlite")


def test_two_writers_are_not_let_in_and_the_right_returns(store: Store) -> None:
    with store.only_writer():
        complaint = rf"process {os.getpid()} .* is carrying runs into this store"
        with pytest.raises(BadInput, match=complaint), store.only_writer():
            pass
        with Store(store.path, write=False) as reader:
            assert reader.keys() == []
    with store.only_writer():
        pass


def test_the_right_to_write_dies_with_its_holder(store: Store) -> None:
    program = (
        "import sys, time; from experiments.store import Store\n"
        "with Store(sys.argv[1]) as store, store.only_writer(): print('in', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(store.path)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "in\n"
        with pytest.raises(BadInput, match=f"process {holder.pid} "), store.only_writer():
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with store.only_writer():
        store.keep([a_run(1)])


def test_a_full_disk_is_a_sentence_and_the_store_stays_valid(store: Store) -> None:
    """The file may not grow any further, as on a full disk; afterwards it may again."""
    store.keep([a_run(1)])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    noise = np.random.default_rng(1).bytes(200_000).hex()
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
    try:
        with pytest.raises(BadInput, match="make room and give the same command again"):
            store.keep([a_run(2, payload=f'{{"outcomes":{{}},"noise":"{noise}"}}')])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    store.check_file()
    assert store.keys() == [a_run(1).key]
    store.keep([a_run(3)])
    assert store.read(a_run(3).key) == a_run(3)


def test_a_store_that_is_read_only_is_read_and_not_written(tmp_path: Path) -> None:
    with Store(tmp_path / "runs.sqlite") as store:
        store.keep([a_run(1)])
    with Store(tmp_path / "runs.sqlite", write=False) as reader:
        assert reader.read(a_run(1).key) == a_run(1)
        with pytest.raises(BadInput, match=r"cannot be written \(read-only\)"):
            reader.keep([a_run(2)])
