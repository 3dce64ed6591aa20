"""Calibration from start to end: waves that rule parameter space out, then an ensemble given its drawn parameters."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ecology.evidence import register
from ecology.evidence.profiles import ENGLAND
from experiments.calibration import gradients, inputs, patterns
from experiments.calibration.emulator import Emulator
from experiments.calibration.running import Runner
from experiments.calibration.settings import settings
from experiments.calibration.waves import Wave, first_points, next_points, reflected, volume_left
from experiments.point import Point

FIRST_SEED = 20100401
_ROWS_A_WAVE = 10_000
_LUCK_OF_SCORES = 1_000
"""Added to a member's number: the seed with which it is scored, so that no score is chosen for its luck."""


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
    spreads. ``met`` holds the items (points, items), fitted or not, of each wave and at last of the members, lived
    again with new luck; ``runs`` counts the runs of all of them, ``fingerprint`` is that of the last.
    """

    left: list[float]
    members: np.ndarray
    distances: np.ndarray
    met: list[np.ndarray]
    runs: int
    fingerprint: str


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
            unit = next_points(waves, rows, target.value, target.spread, FIRST_SEED + number)
        units.append(unit)
        met.append(read(lived(runner, _points(number, unit, np.arange(1, rows + 1)))))
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
    """Return the points that came nearest to the figures, an emulator fitted to them, and one to all."""
    chosen = settings()["waves"]
    near = np.argsort(distance((values - target.value) / target.spread), kind="stable")[: chosen["nearest"]]
    leading = Emulator.fit(unit[near], values[near], len(inputs.moved()), chosen["ridges"])
    return Wave(unit[near], values[near], leading, Emulator.fit(unit, values, len(inputs.moved()), chosen["ridges"]))


def distance(off: np.ndarray) -> np.ndarray:
    """Return by run how far it is from the figures: the root mean square of its items in spreads, outliers bounded."""
    bounded = np.minimum(np.abs(off), settings()["waves"]["outlier"])
    result: np.ndarray = np.sqrt((bounded**2).mean(axis=1))
    return result


def _points(number: int, unit: np.ndarray, seeds: np.ndarray) -> list[Point]:
    """Return the points of a wave; each wave has numbers of its own for its rows."""
    first = number * _ROWS_A_WAVE
    return [Point(first + row, values, int(seeds[row])) for row, values in enumerate(_parameters(unit))]


def _parameters(unit: np.ndarray) -> list[dict[str, float]]:
    """Return the parameters at points of the unit cube."""
    table = inputs.space().table(unit)
    names = [str(name) for name in table.columns]
    return [dict(zip(names, values, strict=True)) for values in table.to_numpy(dtype=float).tolist()]


Lives = list[list[patterns.Years]]
"""By place (England's mean, the least and the most deprived fifth) and point: yearly measures."""


def lived(runner: Runner, points: Sequence[Point]) -> Lives:
    """Return the yearly measures of points, each lived in three places."""
    place = settings()["place"]
    fifths = [runner.years_of(name, place["children_in_fifth"], points) for name in gradients.stand_ins()]
    return [runner.years_of(ENGLAND, place["children"], points), *fifths]


def read(lives: Lives) -> np.ndarray:
    """Return what points have for all items (points, items)."""
    england, *fifths = lives
    ratios = [gradients.read_gradients(least, most) for least, most in zip(*fifths, strict=True)]
    return np.hstack([[patterns.read_run(years) for years in england], ratios])


def fingerprint(lives: Lives) -> str:
    """Return a digest of all yearly measures, to the last bit."""
    told = [[sorted((year, sorted(m.items())) for year, m in years.items()) for years in place] for place in lives]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def member_points(members: Sequence[Mapping[str, float]]) -> list[Point]:
    """Return members as points, each with the luck that it is scored with."""
    first = (len(settings()["waves"]["rows"]) + 1) * _ROWS_A_WAVE
    return [Point(first + n, values, _LUCK_OF_SCORES + n) for n, values in enumerate(members, start=1)]


def _ensemble(
    runner: Runner, waves: list[Wave], left: list[float], met: list[np.ndarray], target: Targets,
    say: Callable[[str], None],
) -> Calibration:  # fmt: skip
    """Draw what is not fitted once a member, try candidates given that draw, and keep the nearest of each."""
    chosen = settings()["ensemble"]
    members, candidates = chosen["members"], chosen["candidates"]
    prior = first_points(members, len(inputs.drawn()), FIRST_SEED)
    unit = next_points(waves, candidates, target.value, target.spread, FIRST_SEED, prior)
    values = read(lived(runner, _points(len(waves), unit, np.repeat(np.arange(1, members + 1), candidates))))
    off = (values[:, target.chosen] - target.value) / target.spread
    distances = distance(off).reshape(members, candidates)
    kept = np.arange(members) * candidates + distances.argmin(axis=1)
    say(f"ensemble: {members} of {len(unit)} candidates kept, distance {distances.min(axis=1).mean():.2f} on average")
    lives = lived(runner, member_points(_parameters(unit[kept])))
    runs = (sum(map(len, met)) + len(unit) + members) * len(lives)
    return Calibration(left, unit[kept], distances, [*met, read(lives)], runs, fingerprint(lives))
