"""Calibration from start to end: waves that rule parameter space out, then an ensemble given its drawn parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ecology.evidence import register
from ecology.evidence.profiles import ENGLAND
from experiments.calibration import gradients, inputs, patterns
from experiments.calibration.emulator import Emulator
from experiments.calibration.running import Runner
from experiments.calibration.settings import settings
from experiments.calibration.waves import Wave, first_points, near_points, reflected, volume_left
from experiments.point import Point

FIRST_SEED = 20100401
ROWS_A_WAVE = 10_000
"""Rows are numbered by wave, so that a wave may grow without giving its row to another point."""


@dataclass(frozen=True)
class Targets:
    """What is fitted: values, what counts as met, and their numbers among all items."""

    value: np.ndarray
    spread: np.ndarray
    chosen: np.ndarray

    @classmethod
    def fitted(cls) -> "Targets":
        """Return the fitted items of England's mean and the gradients between fifths of authorities."""
        found = items()
        chosen = np.array([number for number, item in enumerate(found) if item.pattern.fitted])
        return cls(np.array([found[n].value for n in chosen]), np.array([found[n].spread for n in chosen]), chosen)


def items() -> tuple[patterns.Item, ...]:
    """Return all that a run is read for: England's items first, then the gradients."""
    return (*patterns.items(), *gradients.gradients())


@dataclass(frozen=True)
class Calibration:
    """What calibration found.

    ``left`` is the share of the space not ruled out after each wave, ``members`` are points (members, inputs) of the
    unit cube, ``distances`` (members, candidates) how far each candidate was from the figures, as a root mean square in
    spreads. ``met`` holds the items (points, items), fitted or not, of each wave and at last of the members; ``runs``
    counts the runs of all of them.
    """

    left: list[float]
    members: np.ndarray
    distances: np.ndarray
    met: list[np.ndarray]
    runs: int


def calibrate(runner: Runner, say: Callable[[str], None]) -> Calibration:
    """Carry out all waves and choose the ensemble; what the store holds already is not run again."""
    target = Targets.fitted()
    chosen = settings()["waves"]
    waves: list[Wave] = []
    left: list[float] = []
    met: list[np.ndarray] = []
    units: list[np.ndarray] = []
    for number, rows in enumerate(chosen["rows"]):
        if number == 0:
            unit = first_points(rows, len(inputs.space().names), FIRST_SEED)
        elif number == 1:
            unit = around_register(rows)
        else:
            unit = near_points(waves[-1], rows, target.value, target.spread, chosen["temperature"], FIRST_SEED + number)
        units.append(unit)
        met.append(measured(runner, _points(number, unit, np.arange(1, rows + 1))))
        waves.append(_fitted(np.concatenate(units), np.concatenate(met)[:, target.chosen], target))
        left.append(volume_left(waves, target.value, target.spread, FIRST_SEED))
        say(f"wave {number + 1}: {rows} runs, {left[-1]:.3%} of the space is not ruled out")
    return _ensemble(runner, waves, left, met, target, say)


def around_register(rows: int) -> np.ndarray:
    """Return points (rows, inputs): what moves near the register's values, what is drawn anywhere in its range."""
    names = inputs.moved()
    ranges = np.array([register()[name].range for name in names])
    centre = (np.array([register()[name].value for name in names]) - ranges[:, 0]) / (ranges[:, 1] - ranges[:, 0])
    luck = np.random.default_rng(FIRST_SEED)
    moved = reflected(centre + luck.normal(0.0, settings()["waves"]["spread_around"], (rows, len(names))))
    return np.hstack([moved, luck.random((rows, len(inputs.drawn())))])


def _fitted(unit: np.ndarray, values: np.ndarray, target: Targets) -> Wave:
    """Return the runs that came nearest to the figures, and an emulator fitted to them."""
    chosen = settings()["waves"]
    near = np.argsort(distance((values - target.value) / target.spread), kind="stable")[: chosen["nearest"]]
    emulator = Emulator.fit(unit[near], values[near], len(inputs.moved()), chosen["ridges"])
    return Wave(unit[near], values[near], emulator)


def distance(off: np.ndarray) -> np.ndarray:
    """Return by run how far it is from the figures: the root mean square of its items in spreads, outliers bounded."""
    bounded = np.minimum(np.abs(off), settings()["waves"]["outlier"])
    result: np.ndarray = np.sqrt((bounded**2).mean(axis=1))
    return result


def _points(number: int, unit: np.ndarray, seeds: np.ndarray) -> list[Point]:
    """Return the points of a wave; rows are numbered by wave."""
    table = inputs.space().table(unit)
    names = [str(name) for name in table.columns]
    return [
        Point(number * ROWS_A_WAVE + row, dict(zip(names, values, strict=True)), int(seeds[row]))
        for row, values in enumerate(table.to_numpy(dtype=float).tolist())
    ]


def measured(runner: Runner, points: Sequence[Point]) -> np.ndarray:
    """Return what points have for all items (points, items): a run in England's mean place and in two fifths each."""
    place = settings()["place"]
    england = runner.years_of(ENGLAND, place["children"], points)
    fifths = [runner.years_of(name, place["children_in_fifth"], points) for name in gradients.stand_ins()]
    read = [gradients.read_gradients(least, most) for least, most in zip(*fifths, strict=True)]
    return np.hstack([[patterns.read_run(years) for years in england], read])


def _ensemble(
    runner: Runner, waves: list[Wave], left: list[float], met: list[np.ndarray], target: Targets,
    say: Callable[[str], None],
) -> Calibration:  # fmt: skip
    """Draw what is not fitted once a member, try candidates given that draw, and keep the nearest of each."""
    chosen = settings()["ensemble"]
    members, candidates = chosen["members"], chosen["candidates"]
    prior = first_points(members, len(inputs.drawn()), FIRST_SEED)
    held = np.repeat(prior, candidates, axis=0)
    temperature = settings()["waves"]["temperature"]
    unit = near_points(waves[-1], len(held), target.value, target.spread, temperature, FIRST_SEED, held)
    values = measured(runner, _points(len(waves), unit, np.repeat(np.arange(1, members + 1), candidates)))
    off = (values[:, target.chosen] - target.value) / target.spread
    distances = distance(off).reshape(members, candidates)
    kept = np.arange(members) * candidates + distances.argmin(axis=1)
    say(f"ensemble: {members} of {len(unit)} candidates kept, distance {distances.min(axis=1).mean():.2f} on average")
    runs = (sum(map(len, met)) + len(unit)) * (1 + len(gradients.stand_ins()))
    return Calibration(left, unit[kept], distances, [*met, values[kept]], runs)
