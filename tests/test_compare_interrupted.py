"""Comparisons that fail, are interrupted or cannot write: nothing half-written, nothing lost, no process left."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ecology.errors import BadInput
from experiments import parts
from experiments.output import Output
from experiments.pool import do_all
from tests.comparing import compare, contents
from tests.standin import BREAKS, FAILS, INTERRUPTS, KILLS

pytestmark = pytest.mark.usefixtures("no_page")


@pytest.mark.parametrize(("seed", "workers", "reason"), [
    (FAILS, 1, "ZeroDivisionError: told to fail"),
    (FAILS, 2, "ZeroDivisionError: told to fail"),
    (KILLS, 2, "exit code 9"),
    (BREAKS, 1, "outcome harm_weeks"),
])  # fmt: skip
def test_a_failed_seed_is_reported_and_the_rest_completes(tmp_path: Path, seed: int, workers: int, reason: str) -> None:
    account = compare(tmp_path / "out", seeds=(1, 2, seed), workers=workers)
    assert account.finished == [("both", 1), ("both", 2)]
    (failure,) = account.failed
    assert failure.seed == seed and reason in failure.reason
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert told["status"] == "incomplete: 2 of 3 runs finished, 1 failed"
    assert told["failed"][0]["seed"] == seed
    assert set(parts.read(tmp_path / "out", "outcomes.csv")["seed"]) == {1, 2}


def test_an_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    account = compare(tmp_path / "out", seeds=(1, 2, INTERRUPTS, 905))
    assert account.interrupted and account.finished == [("both", 1), ("both", 2)]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["status"] == "interrupted: 2 of 4 runs finished"
    assert parts.read(tmp_path / "out", "differences.csv")["n"].eq(2).all()


def test_ctrl_c_ends_the_workers_too(tmp_path: Path) -> None:
    """The signal of a terminal goes to all processes of the group; the first one decides."""
    program = (
        "from experiments import compare, design\n"
        "from tests import standin\n"
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts tests with & has it ignored\n"
        "class Slow(standin.World):\n"
        "    def run(self, weeks=None):\n"
        "        time.sleep(600 if self.seed > 1 else 0)\n"
        "        return super().run(weeks)\n"
        "if __name__ == '__main__':\n"
        "    import experiments.report; experiments.report.write_page = lambda folder: None\n"
        "    asked = design.comparison(**standin.settings_of())\n"
        "    model = compare.Model(Slow, standin.totals, standin.DEFINITIONS)\n"
        "    compare.carry_out(asked, pathlib.Path(sys.argv[1]), workers=2, model=model)\n"
    )
    script, out = tmp_path / "slow.py", tmp_path / "out"
    script.write_text(program)
    here = os.pathsep.join(sys.path)
    with (tmp_path / "told").open("w") as told:
        running = subprocess.Popen(
            [sys.executable, str(script), str(out)], start_new_session=True, stderr=told,
            env={**os.environ, "PYTHONPATH": here},
        )  # fmt: skip
    first = parts.place(tmp_path / "out.partial", "both", 1)
    deadline = time.monotonic() + 240
    while not first.exists() and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1.0)  # until it is counted: what is written and not yet counted does not belong to the comparison
    os.killpg(running.pid, signal.SIGINT)
    try:
        running.wait(timeout=240)
    finally:
        if running.poll() is None:  # a failure must leave nothing behind
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    assert running.returncode == 0
    assert set(parts.read(out, "outcomes.csv")["seed"]) == {1}
    assert "Traceback" not in (tmp_path / "told").read_text()
    while time.monotonic() < deadline + 60:  # the group ends when its last process, a worker, has ended
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker is left")


def test_no_worker_outlives_the_work() -> None:
    work = do_all(time.sleep, [0, 0, 60, 60], workers=2)
    assert [next(work).reason, next(work).reason] == [None, None]
    assert multiprocessing.active_children()
    work.close()
    assert not multiprocessing.active_children()


def test_nothing_is_written_if_nothing_finished(tmp_path: Path) -> None:
    account = compare(tmp_path / "out", seeds=(FAILS,))
    assert not account.finished and len(account.failed) == 1
    assert not list(tmp_path.iterdir())


def test_an_output_folder_is_never_silently_overwritten(tmp_path: Path) -> None:
    compare(tmp_path / "out", seeds=(1,))
    before = contents(tmp_path / "out")
    with pytest.raises(BadInput, match="--overwrite"):
        compare(tmp_path / "out", seeds=(2,))
    assert contents(tmp_path / "out") == before
    compare(tmp_path / "out", seeds=(2,), overwrite=True)
    assert contents(tmp_path / "out") != before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_not_ours_is_not_even_overwritten_when_asked(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(BadInput, match="did not make it"):
        Output.start(tmp_path, overwrite=True)
    assert (tmp_path / "diary.txt").read_text() == "mine"


def test_two_runs_do_not_share_a_working_folder(tmp_path: Path) -> None:
    Output.start(tmp_path / "out")
    with pytest.raises(BadInput, match="still goes on"):
        Output.start(tmp_path / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput, match="cannot write to"):
        Output.start(tmp_path / "out")


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="cannot write to"):
        Output.start(tmp_path / "file" / "out")


def test_if_writing_fails_what_was_run_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> None:
        raise RuntimeError("no page today")

    monkeypatch.setattr("experiments.report.write_page", broken)
    with pytest.raises(RuntimeError):
        compare(tmp_path / "out", seeds=(1,))
    assert (tmp_path / "out.partial" / "outcomes.csv").exists()
