"""Batches: every point is one shared past, finished work is never repeated, and failures stay where they happen."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecology.errors import BadInput
from experiments.store import Store
from experiments.study import Account, Point, carry_out, results
from tests.standin import BREAKS, DEFINITIONS, FAILS, INTERRUPTS, KILLS, MODEL, NEVER_ENDS, World, points_of, study_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "runs.sqlite") as opened:
        yield opened


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of four points with two seeds, lived in this process."""
    with Store(tmp_path_factory.mktemp("store") / "runs.sqlite") as store:
        carry_out(study_of(), points_of(4, (1, 2)), store)
        return store.digest()


def told(account: Account) -> tuple[int, int, int, int]:
    return account.done, account.before, len(account.failed), account.left


def test_results_are_those_of_the_world_itself(store: Store) -> None:
    study, (point, *_) = study_of(), points_of()
    carry_out(study, [point], store)
    table = results(study, [point], store)
    assert list(table.columns) == ["row", "seed", "regime", "outcome", "value"]
    assert len(table) == 2 * len(DEFINITIONS)
    job = study.job(point)
    past = World(job.past, seed=1)
    past.run(job.past.past_weeks)
    arm = past.branch(job.arms["orchestrated"]).run()
    by_hand = dict(zip(arm.outcomes()["outcome"], arm.outcomes()["value"], strict=True))
    assert by_hand == table[table["regime"] == "orchestrated"].set_index("outcome")["value"].to_dict()


def test_the_arms_of_a_point_share_one_past_and_differ_as_asked() -> None:
    switches = {"bottleneck": False}
    point = Point(
        0, {"panel_hours": 2.0}, 1, {"orchestrated": {"tempo": 0.25}, "fragmented/led": {"tempo": 0.5}}, switches
    )
    job = study_of(regimes=("fragmented", "orchestrated", "fragmented/led")).job(point)
    assert len({arm.past_digest for arm in job.arms.values()} | {job.past.past_digest}) == 1
    assert [arm.lever_values["tempo"] for arm in job.arms.values()] == [0.0, 0.25, 0.5]
    assert job.arms["fragmented/led"].regime == "fragmented"
    assert not job.past.failure_switches["bottleneck"] and job.past.parameters["panel_hours"] == 2.0
    assert len(set(job.keys.values())) == 3


def test_finished_runs_are_not_repeated_and_more_seeds_extend(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    study = study_of()
    assert told(carry_out(study, points_of(2), store)) == (4, 0, 0, 0)
    begun: list[int] = []
    monkeypatch.setattr(World, "__init__", counted(World.__init__, begun))
    assert told(carry_out(study, points_of(2), store)) == (0, 4, 0, 0)
    assert begun == []
    assert told(carry_out(study, points_of(2, (1, 2)), store)) == (4, 4, 0, 0)
    assert begun == [2, 2]
    one_more = study_of("wider", regimes=("fragmented", "orchestrated", "partnership_board"))
    assert told(carry_out(one_more, points_of(2), store)) == (2, 4, 0, 0)


def counted(make: Any, begun: list[int]) -> Any:
    def begin(self: World, scenario: Any, seed: int = 1) -> None:
        begun.append(seed)
        make(self, scenario, seed)

    return begin


def test_a_failure_is_a_row_the_rest_completes_and_it_can_be_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, points = study_of(), points_of(1, (1, FAILS, BREAKS, 2))
    account = carry_out(study, points, store)
    assert told(account) == (4, 0, 4, 0)
    assert "row 0, seed 901, fragmented: failed (past): ZeroDivisionError: told to fail" in str(account.failed[0])
    broken = [failure for failure in account.failed if failure.seed == BREAKS]
    assert {(failure.stage, failure.message) for failure in broken} == {
        ("arm", "outcome harm_weeks is nan, not a number.")
    }
    with pytest.raises(BadInput, match=r"4 runs are lacking:\n  row 0, seed 901, fragmented: failed"):
        results(study, points, store)
    assert len(results(study, points, store, incomplete=True)) == 4 * len(DEFINITIONS)
    assert told(carry_out(study, points, store)) == (0, 4, 4, 0)
    monkeypatch.setattr("tests.standin.FAILS", -1)
    assert told(carry_out(study, points, store, retry_failed=True)) == (2, 4, 2, 0)


def test_an_interrupt_keeps_what_is_finished_and_the_same_call_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, points = study_of(), points_of(1, (1, INTERRUPTS, 2))
    account = carry_out(study, points, store)
    assert account.interrupted and told(account) == (2, 0, 0, 4)
    with pytest.raises(BadInput, match="row 0, seed 904, fragmented: not run yet"):
        results(study, points, store)
    monkeypatch.setattr("tests.standin.INTERRUPTS", -1)
    assert told(carry_out(study, points, store)) == (4, 2, 0, 0)


def test_a_run_that_never_ends_is_a_failed_row(store: Store) -> None:
    account = carry_out(study_of(), points_of(1, (NEVER_ENDS, 1)), store, time_limit=1.5)
    assert told(account) == (2, 0, 2, 0)
    assert account.failed[0].stage == "time limit" and "1.5 seconds" in account.failed[0].message


def test_a_design_may_grow_and_never_change(store: Store) -> None:
    carry_out(study_of(), points_of(2), store)
    with pytest.raises(BadInput, match="holds another point as row 1, seed 1"):
        carry_out(study_of(), [Point(1, {"panel_hours": 5.0}, 1)], store)
    with pytest.raises(BadInput, match="study 'toy' with another scenario, years"):
        carry_out(study_of(years=2), points_of(2), store)


@pytest.mark.parametrize(
    ("point", "complaint"),
    [
        (Point(7, {"panel_hour": 1.0}, 1), r"row 7: parameters\.panel_hour: .*Did you mean panel_hours"),
        (Point(7, {"panel_hours": 1e6}, 1), r"row 7: parameters\.panel_hours: must be a number from"),
        (Point(7, {}, 1, {"orchestratd": {"tempo": 1.0}}), "Did you mean orchestrated"),
        (Point(7, {}, 1, {"orchestrated": {"tempo": 2.0}}), "row 7: levers.tempo: must be a number from 0"),
        (Point(7, {}, 1, {}, {"bottlenek": False}), "Did you mean bottleneck"),
    ],
)
def test_a_point_that_cannot_be_run_is_named_before_anything_runs(store: Store, point: Point, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        carry_out(study_of(), [*points_of(1), point], store)
    assert store.keys() == []


def test_an_unknown_regime_is_refused() -> None:
    with pytest.raises(BadInput, match="Did you mean fragmented"):
        study_of(regimes=("fragmentd",))
    with pytest.raises(BadInput, match="stands twice"):
        study_of(regimes=("fragmented", "fragmented"))


def test_a_value_that_is_no_number_names_its_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.jobs.math.isfinite", lambda value: True)
    monkeypatch.setattr("experiments.jobs.canonical", lambda result: '{"outcomes":{"harm_weeks":NaN}}')
    carry_out(study_of(), points_of(1), store)
    monkeypatch.undo()
    with pytest.raises(BadInput, match="row 0, seed 1, fragmented: harm_weeks is nan"):
        results(study_of(), points_of(1), store, incomplete=True)


def test_two_workers_give_the_same_rows_and_poison_stays_in_its_row(store: Store, undisturbed: str) -> None:
    carry_out(study_of(), points_of(4, (1, 2)), store, workers=2)
    assert store.digest() == undisturbed
    poison = [*points_of(1, (KILLS,)), *points_of(4, (3,))]
    account = carry_out(study_of(), poison, store, workers=2)
    assert told(account) == (8, 0, 2, 0)
    assert {(failure.seed, failure.stage) for failure in account.failed} == {(KILLS, "worker")}


def test_a_dask_scheduler_started_by_hand_gives_the_same_rows(tmp_path: Path, store: Store, undisturbed: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-c", "from dask.__main__ import main; main()"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": ""}
    quiet: dict[str, Any] = {"cwd": tmp_path, "env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    begin = [*dask, "scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
    work = [*dask, "worker", address, "--nthreads", "1", "--nworkers", "2", "--no-dashboard"]
    with subprocess.Popen(begin, **quiet) as scheduler, subprocess.Popen(work, **quiet) as workers:
        try:
            account = carry_out(study_of(), points_of(4, (1, 2)), store, scheduler=address)
            assert told(account) == (16, 0, 0, 0)
            assert store.digest() == undisturbed
            slow = carry_out(study_of(), points_of(1, (NEVER_ENDS, 3)), store, scheduler=address, time_limit=2.0)
            assert told(slow) == (2, 0, 2, 0) and slow.failed[0].stage == "time limit"
        finally:
            workers.terminate()
            scheduler.terminate()


def test_a_scheduler_that_does_not_answer_is_a_sentence(store: Store) -> None:
    import dask

    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        impatient = dask.config.set({"distributed.comm.timeouts.connect": "1s"})
        with impatient, pytest.raises(BadInput, match="no dask scheduler answers there"):
            carry_out(study_of(), points_of(1), store, scheduler=address)
    assert store.keys() == []


def test_the_real_model_gives_the_same_rows_twice(tmp_path: Path) -> None:
    digests = []
    for name in ("a", "b"):
        with Store(tmp_path / name) as store:
            study = study_of(children=2000, past_years=2)
            real = type(study)("real", "Leeds", ("fragmented", "orchestrated"), 2000, 1, past_years=2)
            account = carry_out(real, points_of(1, (1,)), store)
            assert told(account) == (2, 0, 0, 0)
            digests.append(store.digest())
            values = results(real, points_of(1), store).pivot(index="outcome", columns="regime", values="value")
            assert (values["fragmented"] != values["orchestrated"]).sum() > len(values) / 2
            assert np.isfinite(values.to_numpy()).all()
    assert digests[0] == digests[1]
    assert MODEL.begin is World
