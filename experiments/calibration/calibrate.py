"""Calibration from start to end: waves that rule out, then passes that move what is fitted, given what is drawn."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from threadpoolctl import threadpool_limits

from ecology.evidence import register
from ecology.evidence.profiles import ENGLAND
from experiments.calibration import gradients, inputs, patterns
from experiments.calibration.corrections import Steering
from experiments.calibration.emulator import Emulator
from experiments.calibration.running import Runner
from experiments.calibration.settings import settings
from experiments.calibration.targets import Targets, distance
from experiments.calibration.waves import first_points, points_near, reflected, volume_left
from experiments.point import Point

FIRST_SEED = 20100401
_ROWS_A_STAGE = 10_000
_LUCK_OF_SCORES = 1_000
"""Added to a member's number: the seed with which it is scored, so that no score is chosen for its luck."""
START, KEPT = "pass 0 (start)", "members"
"""What the ensemble is called before its first pass, and what is kept of it."""


@dataclass(frozen=True)
class Calibration:
    """What calibration found.

    ``left`` is the share of the space not ruled out after each wave, ``members`` are points (members, inputs) of the
    unit cube, ``passes`` the mean distance from the figures before and after each pass, as a root mean square in
    spreads, ``distances`` (members, points lived for its draw) how far all points are expected from their own aims with
    new luck. ``met`` holds the items (points, items), fitted or not, of each stage, at last of the members, lived again
    with new luck; ``runs`` counts the runs of all of them, ``fingerprint`` is that of the last.
    """

    left: list[float]
    members: np.ndarray
    passes: list[float]
    distances: np.ndarray
    met: list[np.ndarray]
    runs: int
    fingerprint: str

    @property
    def stages(self) -> list[str]:
        """What the entries of ``met`` are called."""
        waves = [f"wave {number}" for number in range(1, len(self.left) + 1)]
        return [*waves, START, *(f"pass {number}" for number in range(1, len(self.passes))), KEPT]


@threadpool_limits.wrap(limits=1)  # more threads add up in another order: other points, which no store has begun
def calibrate(runner: Runner, say: Callable[[str], None]) -> Calibration:
    """Carry out waves and passes and keep the ensemble; what the store holds already is not run again."""
    target = Targets.fitted()
    chosen = settings()["waves"]
    evenly, around = chosen["rows"]
    names = inputs.space().names
    ruling_out: list[Emulator] = []
    left: list[float] = []
    met: list[np.ndarray] = []
    units = [first_points(evenly, len(names), FIRST_SEED), around_register(around)]
    for number, unit in enumerate(units):
        met.append(read(lived(runner, _points(number, unit))))
        until, values = np.concatenate(units[: number + 1]), np.concatenate(met)[:, target.chosen]
        ruling_out.append(Emulator.fit(until, values, len(inputs.moved()), chosen["ridges"]))
        left.append(volume_left(ruling_out, len(names), target.value, target.spread, FIRST_SEED))
        say(f"wave {number + 1}: {len(unit)} runs, {left[-1]:.3%} of the space is not ruled out")
    return _ensemble(runner, ruling_out, units, left, met, target, say)


def around_register(rows: int) -> np.ndarray:
    """Return points (rows, inputs): what moves near the register's values, what is drawn anywhere in its range."""
    names = inputs.moved()
    ranges = np.array([register()[name].range for name in names])
    centre = (np.array([register()[name].value for name in names]) - ranges[:, 0]) / (ranges[:, 1] - ranges[:, 0])
    luck = np.random.default_rng(FIRST_SEED)
    moved = reflected(centre + luck.normal(0.0, settings()["waves"]["spread_around"], (rows, len(names))))
    return np.hstack([moved, luck.random((rows, len(inputs.drawn())))])


def _points(stage: int, unit: np.ndarray) -> list[Point]:
    """Return the points of a wave or a pass; each has rows and seeds of its own."""
    first = stage * _ROWS_A_STAGE
    return [Point(first + row, values, first + row + 1) for row, values in enumerate(_parameters(unit))]


def _parameters(unit: np.ndarray) -> list[dict[str, float]]:
    """Return the parameters at points of the unit cube."""
    table = inputs.space().table(unit)
    names = [str(name) for name in table.columns]
    return [dict(zip(names, values, strict=True)) for values in table.to_numpy(dtype=float).tolist()]


Lives = list[list[patterns.Years]]
"""By place (England's mean, those of the least and of the most deprived fifth) and point: yearly measures."""


def lived(runner: Runner, points: Sequence[Point]) -> Lives:
    """Return the yearly measures of points, each lived in every place."""
    place = settings()["place"]
    fifths = [runner.years_of(name, place["children_in_fifth"], points) for name in chain(*gradients.stand_ins())]
    return [runner.years_of(ENGLAND, place["children"], points), *fifths]


def read(lives: Lives) -> np.ndarray:
    """Return what points have for all items (points, items)."""
    england, *fifths = lives
    least, most = fifths[: len(gradients.stand_ins()[0])], fifths[len(gradients.stand_ins()[0]) :]
    places = zip(zip(*least, strict=True), zip(*most, strict=True), strict=True)
    ratios = [gradients.read_gradients(of_least, of_most) for of_least, of_most in places]
    return np.hstack([[patterns.read_run(years) for years in england], ratios])


def fingerprint(lives: Lives) -> str:
    """Return a digest of all yearly measures, to the last bit."""
    told = [[sorted((year, sorted(m.items())) for year, m in years.items()) for years in place] for place in lives]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def member_points(members: Sequence[Mapping[str, float]]) -> list[Point]:
    """Return members as points, each with the luck that it is scored with."""
    first = (len(settings()["waves"]["rows"]) + _passes()) * _ROWS_A_STAGE
    return [Point(first + n, values, _LUCK_OF_SCORES + n) for n, values in enumerate(members, start=1)]


def _ensemble(
    runner: Runner, ruling_out: list[Emulator], waves: list[np.ndarray], left: list[float], met: list[np.ndarray],
    target: Targets, say: Callable[[str], None],
) -> Calibration:  # fmt: skip
    """Draw what is not fitted once a member, move the rest towards the figures, and keep the nearest of each draw."""
    members, chains = settings()["ensemble"]["members"], settings()["ensemble"]["chains"]
    held = np.repeat(first_points(members, len(inputs.drawn()), FIRST_SEED), chains, axis=0)
    noise = settings()["corrections"]["noise"]
    aims = np.random.default_rng(FIRST_SEED + 2).normal(0.0, noise, (members * chains, len(target.chosen)))
    units, passed = _passed(runner, ruling_out, waves, met, held, aims, target, say)
    steering = _learned([*waves, *units], [*met, *passed], target)
    expected = _expected(steering, units, passed, aims)
    distances = np.hstack([of_pass.reshape(members, chains) for of_pass in expected])
    points = np.hstack([unit.reshape(members, chains, -1) for unit in units])
    kept = points[np.arange(members), distances.argmin(axis=1)]
    nearest = distances.min(axis=1).mean()
    say(f"ensemble: of each draw the point kept that is expected nearest to its aims, at {nearest:.2f}")
    lives = lived(runner, member_points(_parameters(kept)))
    every = [*met, *passed, read(lives)]
    means = [float(distance(target.off(values)).mean()) for values in passed]
    return Calibration(left, kept, means, distances, every, sum(map(len, every)) * len(lives), fingerprint(lives))


def _passed(
    runner: Runner, ruling_out: list[Emulator], waves: list[np.ndarray], met_by_waves: list[np.ndarray],
    held: np.ndarray, aims: np.ndarray, target: Targets, say: Callable[[str], None],
) -> tuple[list[np.ndarray], list[np.ndarray]]:  # fmt: skip
    """Return the points (points, inputs) and their items (points, items) of the start and of each pass after it.

    At first each point is one of those nearest to the figures so far, from wherever it came, with what moves moved a
    little and the draw that it stands for, ``held``, in place of its own; then it is corrected from where it was itself
    nearest to its ``aims``. Every pass has new luck, so that none is fitted.
    """
    luck = np.random.default_rng(FIRST_SEED + 1)
    units: list[np.ndarray] = []
    met: list[np.ndarray] = []
    for number in range(_passes()):
        if number < len(settings()["population"]["nearest"]):
            near = _nearest(number, np.concatenate([*waves, *units]), np.concatenate([*met_by_waves, *met]), target)
            jitter = settings()["population"]["jitter"][number]
            units.append(points_near(ruling_out, near, held, jitter, target.value, target.spread, luck))
        else:
            steering = _learned([*waves, *units], [*met_by_waves, *met], target)
            units.append(_corrected(units, met, aims, steering, luck))
        met.append(read(lived(runner, _points(len(waves) + number, units[-1]))))
        mean = distance(target.off(met[-1])).mean()
        say(f"{f'pass {number}' if number else START}: {len(held)} runs, distance {mean:.2f} on average")
    return units, met


def _nearest(number: int, unit: np.ndarray, met: np.ndarray, target: Targets) -> np.ndarray:
    """Return the share of all points so far, nearest to the figures, that a pass is made of."""
    order = np.argsort(distance(target.off(met)), kind="stable")
    return unit[order[: max(int(len(order) * settings()["population"]["nearest"][number]), 1)]]


def _learned(units: list[np.ndarray], met: list[np.ndarray], target: Targets) -> Steering:
    """Return what all runs so far say of where the figures are met."""
    return Steering.learned(np.concatenate(units), np.concatenate(met), len(inputs.moved()), target)


def _expected(
    steering: Steering, units: list[np.ndarray], met: list[np.ndarray], aims: np.ndarray
) -> list[np.ndarray]:  # fmt: skip
    """Return by pass how far each point would be from its aims with new luck."""
    return [distance(steering.expected(*of_pass) - aims) for of_pass in zip(units, met, strict=True)]


def _corrected(
    units: list[np.ndarray], met: list[np.ndarray], aims: np.ndarray, steering: Steering, luck: np.random.Generator
) -> np.ndarray:  # fmt: skip
    """Return each point corrected from where it is expected to be nearest to its aims, whichever pass that was."""
    nearest = np.array(_expected(steering, units, met, aims)).argmin(axis=0), np.arange(len(aims))
    return steering.corrected(np.stack(units)[nearest], np.stack(met)[nearest], aims, luck)


def _passes() -> int:
    """Return how many passes there are, the start among them."""
    return len(settings()["population"]["nearest"]) + int(settings()["corrections"]["passes"])
