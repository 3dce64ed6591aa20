"""Kill -9 at random moments: the driver, and the workers of a cluster. Then the same command again."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import psutil

from benchmarks.under_fire.driver import FAILED_ROWS, REFUSED
from benchmarks.under_fire.ground import SWEEP, Ground, Tally, batch, child, finish, quiet, seconds, stores
from experiments.store import DONE, FAILED, Store
from experiments.study import carry_out
from experiments.verifying import verify


def kill_driver(ground: Ground, kills: int, longest: float, seed: int = 1) -> Tally:
    """Kill the process that runs a study at random moments up to ``longest`` seconds, again and again.

    A failure is a kill after which a finished run is gone, or a study that ends with another store than undisturbed.
    """
    luck, began = np.random.default_rng(seed), time.monotonic()
    done = failures = sweeps = 0
    with stores() as new:
        path = new()
        while done < kills:
            before = _keys(path)
            pid = child(partial(_drive, ground, path))
            time.sleep(luck.uniform(0, longest))
            os.kill(pid, signal.SIGKILL)
            killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
            done += killed
            failures += not before <= _keys(path)
            if not killed:  # it had finished
                sweeps += 1
                failures += not finish(ground, path)
                path = new()
        failures += not finish(ground, path)
    remark = f"{sweeps + 1} studies to the end, {seconds(began)}"
    return Tally(f"driver killed, then the same command ({ground.name})", done, failures, remark)


def _drive(ground: Ground, path: Path) -> int:
    with Store(path) as store, quiet():
        carry_out(ground.study, ground.points, store)
    return 0


def _keys(path: Path) -> set[str]:
    if not path.exists() or not path.stat().st_size:
        return set()
    with Store(path) as store:
        return {key for key in store.keys() if store.read(key)}  # noqa: SIM118


def kill_workers(ground: Ground, kills: int, longest: float, workers: int = 2, seed: int = 1) -> Tally:
    """Kill workers of a local cluster at random moments while a study runs.

    Workers may die so fast that rows are given up, or that the command ends in a sentence: then it is given again. A
    failure is any other end, or a store that is then not the undisturbed one.
    """
    luck, began = np.random.default_rng(seed), time.monotonic()
    done = failures = sweeps = refused = given_up = 0
    with stores() as new:
        while done < kills:
            path = new()
            command = [sys.executable, "-m", "benchmarks.under_fire.driver", ground.name, str(path), str(workers)]
            with subprocess.Popen(command, stderr=subprocess.DEVNULL) as driver:
                while driver.poll() is None:
                    time.sleep(luck.uniform(0, longest))
                    done += _kill_one(driver.pid, luck) if done < kills else 0
            sweeps += 1
            refused += driver.returncode == REFUSED
            with Store(path) as store:
                given_up += sum(store.status(key) == FAILED for key in store.keys())  # noqa: SIM118
            failures += driver.returncode not in (0, REFUSED, FAILED_ROWS) or not finish(ground, path)
    remark = f"{sweeps} studies, {refused} of them given again, {given_up} rows given up at first, {seconds(began)}"
    return Tally(f"worker killed during a study ({ground.name})", done, failures, remark)


def kill_workers_of_a_sweep(points: int, longest: float, verified: int = 25, workers: int = 2, seed: int = 1) -> Tally:
    """Kill workers at random moments, to the end, during one long sweep of a small real place.

    A failure is a lost or damaged run, a row given up, or one of the ``verified`` points that does not come out the
    same to the last bit when it is lived again.
    """
    name = f"{SWEEP} {points}"
    study, asked = batch(name)
    luck, began = np.random.default_rng(seed), time.monotonic()
    kills = 0
    with stores() as new:
        path = new()
        command = [sys.executable, "-m", "benchmarks.under_fire.driver", name, str(path), str(workers)]
        with subprocess.Popen(command) as driver:
            while driver.poll() is None:
                time.sleep(luck.uniform(0, longest))
                kills += _kill_one(driver.pid, luck)
        with Store(path) as store:
            lacking = [key for point in asked for key in study.job(point).keys.values() if store.status(key) != DONE]
            found = verify(store, verified)
    failures = len(lacking) + len(found.faults) + (driver.returncode != 0)
    remark = (
        f"{found.runs:,} runs, {len(lacking)} lacking, {len(found.faults)} faults, {found.lived_again} lived again the "
        f"same, {seconds(began)}"
    )
    return Tally("worker killed during one long sweep (2,000 children)", kills, failures, remark)


def _kill_one(driver: int, luck: np.random.Generator) -> bool:
    """Kill one worker of a driver, chosen by chance; False if it has none yet or any more."""
    try:
        family = psutil.Process(driver).children()
        workers = [process for process in family if "spawn_main" in " ".join(process.cmdline())]
        if not workers:
            return False
        workers[luck.integers(len(workers))].kill()
    except psutil.NoSuchProcess:
        return False
    return True
