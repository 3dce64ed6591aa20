"""Whether a store still says what was found: its file, the checksum of every row, and some runs lived once more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ecology.errors import BadInput
from experiments.calibration.ensemble import frozen
from experiments.jobs import play
from experiments.manifest import code_version
from experiments.point import Point, Study
from experiments.store import DONE, Planned, Store


@dataclass
class Verdict:
    """What was checked, in runs and points, every fault as a sentence, and how many runs lived again ``differed``."""

    runs: int = 0
    points: int = 0
    damaged_runs: list[str] = field(default_factory=list)
    damaged_points: list[tuple[str, int, int]] = field(default_factory=list)
    lived_again: int = 0
    differed: int = 0
    other_code: int = 0
    faults: list[str] = field(default_factory=list)


def verify(store: Store, sample: int, seed: int = 1) -> Verdict:
    """Check the file and every row of a store, and live ``sample`` of its points again, chosen by ``seed``.

    Raises BadInput if the file itself is damaged. Only runs of this version of the code can be lived again; the others
    are counted.
    """
    store.check_file()
    verdict = Verdict()
    for key in store.keys():  # noqa: SIM118
        verdict.runs += 1
        try:
            store.read(key)
        except BadInput as damage:
            verdict.damaged_runs.append(key)
            verdict.faults.append(str(damage))
    for place in store.places():
        verdict.points += 1
        try:
            store.point(*place)
        except BadInput as damage:
            verdict.damaged_points.append(place)
            verdict.faults.append(str(damage))
    if not verdict.faults:
        for fault in _lived_again(store, verdict, sample, seed):
            verdict.faults.append(fault)
    return verdict


def mend(store: Store, verdict: Verdict) -> None:
    """Take damaged rows out of a store; the sweep's command makes them again."""
    store.forget(verdict.damaged_runs)
    store.forget_points(verdict.damaged_points)


def _lived_again(store: Store, verdict: Verdict, sample: int, seed: int) -> Iterator[str]:
    finished = [place for place in store.places() if _all_done(store, store.point(*place), verdict)]
    luck = np.random.default_rng(seed)
    picked: list[int] = luck.permutation(len(finished))[:sample].tolist()
    for number in sorted(picked):
        name, row, of_seed = finished[number]
        planned = store.point(name, row, of_seed)
        assert planned is not None
        about = json.loads(store.studies()[name])
        if about.get("calibration", frozen().digest) != frozen().digest:
            yield f"study {name}: drawn from another calibration ({about['calibration']}), so it cannot be lived again."
            continue
        study = Study.of(name, about)
        job = study.job(Point.of(row, of_seed, json.loads(planned.content)))
        if dict(job.keys) != dict(planned.keys):
            yield f"study {name}, {job.name}: the scenario it departs from has changed, so it cannot be lived again."
            continue
        for run in play(job):
            kept = store.read(run.key)
            verdict.lived_again += 1
            if kept is not None and kept.content != run.content:
                differs = _difference(kept.payload, run.payload)
                verdict.differed += 1
                yield f"run {run.key} (study {name}, {job.name}): lived again it is another. {differs}"


def _all_done(store: Store, point: Planned | None, verdict: Verdict) -> bool:
    if point is None or not point.keys or any(store.status(key) != DONE for key in point.keys.values()):
        return False
    verdict.other_code += point.code != code_version()
    return point.code == code_version()


def _difference(before: str, after: str) -> str:
    if not after:
        return "It failed."
    old, new = (json.loads(text)["outcomes"] for text in (before, after))
    name = next((name for name in old if old[name] != new.get(name)), None)
    return f"{name}: {old[name]} before, {new.get(name)} now." if name else "Its yearly measures differ."
