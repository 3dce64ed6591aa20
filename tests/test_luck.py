"""Luck: published answers, uniform and independent along every part of the key, and stable when a decision is added."""

import math
from collections.abc import Callable
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from ecology import luck
from ecology.luck import Decision

SPLITMIX64_FROM_1234567 = (
    6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
)  # fmt: skip
# (seed, decision, week): stream, then the draws of entity 3: uniform, normal, exponential, three shocks.
KNOWN = {
    (1, 0, 0): (
        0x2991B15D6078398B, 0.9684028116770796, -0.19767673354101808, 0.03210715049712881,
        (1.6225942867843581, 0.992910196883658, -0.45365787879727876),
    ),
    (0, 11, -520): (
        0x7A208B899C61ABC, 0.4274840415743332, 0.7031789614842809, 0.8498383209527736,
        (-0.25120184386944616, -1.6436763680612532, -0.8059134739256179),
    ),
    (2**31 - 1, 23, 5200): (
        0xD39135957C8CD441, 0.4208820959204914, -1.124614608996725, 0.8654025417190779,
        (-0.2740728379429312, -0.14394140763069468, 0.0415852023181441),
    ),
}  # fmt: skip
NUMBERS = [
    "FAMILY_START", "VULNERABILITY", "VULNERABILITY_TAIL", "HARDSHIP", "TRUST", "HELP_SEEKING", "INFORMAL_SUPPORT",
    "NEIGHBOURHOOD", "FAMILY_CYCLE", "SPACING", "NEED_AT_START", "NEED_DRIFT", "INCIDENT", "INCIDENT_SIZE",
    "MOVE_AWAY", "SCHOOL_CHOICE", "NOTICING", "SIGNAL", "SCREENING", "SCREENING_DESK", "SCREENING_TIE", "FALSE_LINK",
    "EARLY_HELP_TIE", "EARLY_HELP_ACCEPTED", "ALLOCATION_TIE", "ASSESSMENT_JUDGEMENT", "SECTION_47_JUDGEMENT",
    "CONFERENCE_JUDGEMENT", "REVIEW_JUDGEMENT", "CARE_EXIT", "PLACEMENT", "CAMHS_TIE", "DRIFT_CHECK",
    "PACKAGE_NOISE", "PACKAGE_TIE", "DUPLICATE", "SERIOUS_INCIDENT", "WORKER_SKILL", "WORKER_LEAVES", "WORKER_SICK",
    "DCS_LEAVES", "START_STAGE", "START_CLOCK", "INSPECTION", "WORKER_JOINS", "EARLY_WARNING", "TRIAL",
    "PACKAGE_ROUTE", "PACKAGE_AGREEMENT", "ALLOCATION_LENT", "PANEL_HOURS", "DESK_HOURS", "DESK_OF_CONTACT",
    "CAMHS_JUDGEMENT",
]  # fmt: skip
"""The decisions with the numbers 0, 1, 2, …: part of every published result. Add at the end only."""

MANY = 40_000
RARE = 1e-4
"""A test of randomness fails below this probability. The draws never change, so it never fails by chance."""
MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
MIX_1, MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(z: int) -> int:
    """Return SplitMix64's mixing of 64 bits, in whole numbers: written apart from the model's."""
    z = ((z ^ (z >> 30)) * MIX_1) & MASK
    z = ((z ^ (z >> 27)) * MIX_2) & MASK
    return z ^ (z >> 31)


def unmixed(z: int) -> int:
    """Return what ``mix`` turns into ``z``."""
    for shift, factor in ((31, MIX_2), (27, MIX_1)):
        z = unshifted(z, shift) * pow(factor, -1, 2**64) & MASK
    return unshifted(z, 30)


def unshifted(z: int, shift: int) -> int:
    out = z
    for _ in range(64 // shift):
        out = z ^ (out >> shift)
    return out


def stream(seed: int, decision: int, week: int) -> np.uint64:
    return np.uint64(luck.stream(seed, int(decision), week))


@cache
def uniforms(axis: str, count: int = MANY) -> np.ndarray:
    """Return draws whose keys differ in one part only: entities, weeks, decisions or seeds."""
    if axis == "entity":
        own = stream(5, Decision.NOTICING, 17)
        return np.array([luck.uniform(own, entity) for entity in range(count)])
    keys: dict[str, Callable[[int], np.uint64]] = {
        "week": lambda n: stream(5, Decision.NOTICING, n - count // 2),
        "decision": lambda n: stream(5, n, 17),
        "seed": lambda n: stream(n, Decision.NOTICING, 17),
    }
    return np.array([luck.uniform(keys[axis](n), 3) for n in range(count)])


AXES = pytest.mark.parametrize("axis", ["entity", "week", "decision", "seed"])


# Known answers -----------------------------------------------------------------------------------------------------


def test_bits_are_the_published_outputs_of_splitmix64() -> None:
    assert tuple(int(luck.bits(np.uint64(1234567), i)) for i in range(5)) == SPLITMIX64_FROM_1234567


@pytest.mark.parametrize("key", KNOWN)
def test_draws_are_the_known_ones(key: tuple[int, int, int]) -> None:
    own = stream(*key)
    number, uniform, normal, exponential, shocks = KNOWN[key]
    assert int(own) == number
    assert luck.uniform(own, 3) == uniform
    assert luck.three_shocks(own, 3) == shocks
    assert luck.normal(own, 3) == pytest.approx(normal, rel=1e-13)  # sines and logarithms may differ in the last bit
    assert luck.exponential(own, 3) == pytest.approx(exponential, rel=1e-13)
    assert luck.draw(key[0], key[1], 3, key[2]) == uniform
    assert luck.normals(*key, 4)[3] == luck.normal(own, 3)


def test_streams_and_bits_are_what_whole_numbers_without_wrapping_give() -> None:
    for seed in (0, 1, 2**40):
        for decision in (0, 7, 50):
            for week in (-30_000, -1, 0, 1, 519):
                state = mix((seed + GOLDEN) & MASK)
                state = mix((state + decision * GOLDEN + GOLDEN) & MASK)
                state = mix(state ^ ((week * GOLDEN + GOLDEN) & MASK))
                own = stream(seed, decision, week)
                assert int(own) == state
                assert int(luck.bits(own, 9)) == mix((state + 10 * GOLDEN) & MASK)


# Distribution ------------------------------------------------------------------------------------------------------


@AXES
def test_draws_are_uniform_along_every_part_of_the_key(axis: str) -> None:
    draws = uniforms(axis)
    counts = np.bincount((draws * 100).astype(int), minlength=100)
    assert stats.chisquare(counts).pvalue > RARE
    assert stats.kstest(draws, "uniform").pvalue > RARE


@AXES
def test_neighbours_along_every_part_of_the_key_are_independent(axis: str) -> None:
    draws = uniforms(axis)
    for lag in (1, 2, 3, 52):
        assert abs(np.corrcoef(draws[:-lag], draws[lag:])[0, 1]) < 4.0 / math.sqrt(MANY), lag
    squares = np.histogram2d(draws[:-1], draws[1:], bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(squares.ravel()).pvalue > RARE


def test_runs_of_neighbouring_seeds_decisions_and_weeks_are_independent() -> None:
    def entities(own: np.uint64) -> list[float]:
        return [luck.uniform(own, entity) for entity in range(2_000)]

    neighbours = [stream(seed, 0, 0) for seed in range(12)]
    neighbours += [stream(0, decision, 0) for decision in range(1, 12)]
    neighbours += [stream(0, 0, week) for week in range(-6, 7) if week]
    correlations = np.corrcoef([entities(own) for own in neighbours])
    off_diagonal = correlations[~np.eye(len(neighbours), dtype=bool)]
    assert np.abs(off_diagonal).max() < 4.5 / math.sqrt(2_000)


def test_two_parts_of_a_key_are_not_exchangeable() -> None:
    keys = [(seed, decision, week) for seed in range(6) for decision in range(6) for week in range(-3, 6)]
    assert len({int(stream(*key)) for key in keys}) == len(keys)
    assert len({luck.draw(*key[:2], entity, key[2]) for key in keys for entity in range(6)}) == 6 * len(keys)


def test_normals_and_exponentials_have_their_distributions() -> None:
    normals = luck.normals(3, Decision.SIGNAL, 4, 100_000)
    assert stats.kstest(normals, "norm").pvalue > RARE
    assert abs(np.corrcoef(normals[:-1], normals[1:])[0, 1]) < 4.0 / math.sqrt(normals.size)
    assert stats.kstest(luck.normals(4, Decision.SIGNAL, 4, 100_000) + normals, "norm", (0, math.sqrt(2))).pvalue > RARE
    own = stream(3, Decision.INCIDENT_SIZE, 4)
    exponentials = np.array([luck.exponential(own, entity) for entity in range(MANY)])
    assert stats.kstest(exponentials, "expon").pvalue > RARE


def test_three_shocks_have_mean_0_and_variance_1_and_are_independent() -> None:
    own = stream(3, Decision.NEED_DRIFT, 4)
    shocks = np.array([luck.three_shocks(own, entity) for entity in range(MANY)])
    assert np.abs(shocks.mean(axis=0)).max() < 4.0 / math.sqrt(MANY)
    assert np.abs(shocks.var(axis=0) - 1.0).max() < 4.0 * math.sqrt(0.8 / MANY)  # 0.8: variance of a squared shock
    assert np.abs(shocks).max() < math.sqrt(3.0)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        squares = np.histogram2d(shocks[:, one], shocks[:, other], bins=16)[0]
        assert stats.chisquare(squares.ravel()).pvalue > RARE
        assert abs(np.corrcoef(shocks[:-1, one], shocks[1:, other])[0, 1]) < 4.0 / math.sqrt(MANY)


def test_draws_made_in_two_steps_are_uniform_in_every_week_and_independent_of_other_weeks() -> None:
    parts = luck.FirstParts(3, Decision.INCIDENT_FIRST, MANY)
    weeks = {week: parts.of(week).copy() for week in range(-9, 9)}
    assert np.array_equal(parts.of(-9), weeks[-9])  # also when weeks are asked for again, in any order
    for week, first in weeks.items():
        own = stream(3, Decision.INCIDENT, week)
        draws = [luck.in_part(int(part), own, entity) for entity, part in enumerate(first)]
        assert stats.kstest(draws, "uniform").pvalue > RARE
    for one, other in combinations(weeks.values(), 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / math.sqrt(MANY)


@pytest.mark.parametrize(("bits", "low", "high"), [(0, 0.0, 1e-15), pytest.param(MASK, 1 - 1e-15, 1.0)])
def test_a_draw_is_never_exactly_0_or_1(bits: int, low: float, high: float) -> None:
    own = np.uint64((unmixed(bits) - GOLDEN) & MASK)
    assert int(luck.bits(own, 0)) == bits
    assert low < luck.uniform(own, 0) < high
    assert 0.0 < luck.exponential(own, 0) < 40.0
    assert math.isfinite(luck.normal(own, 0))


# Stability ---------------------------------------------------------------------------------------------------------


def test_decisions_keep_their_numbers() -> None:
    numbers = {decision.name: decision.value for decision in Decision}
    assert len(set(numbers.values())) == len(Decision.__members__) == len(numbers)
    assert [name for name, _ in sorted(numbers.items(), key=lambda item: item[1])][: len(NUMBERS)] == NUMBERS
    assert sorted(numbers.values()) == list(range(len(numbers)))


def test_a_draw_does_not_depend_on_what_was_drawn_before() -> None:
    alone = luck.draw(8, Decision.INCIDENT, 100, 12)
    for decision in range(len(Decision) + 5):
        for entity in range(5):
            luck.draw(8, decision, entity, 12)
    assert luck.draw(8, Decision.INCIDENT, 100, 12) == alone
    own = stream(8, Decision.INCIDENT, 12)
    backwards = [luck.uniform(own, entity) for entity in reversed(range(50))]
    assert backwards[::-1] == [luck.uniform(own, entity) for entity in range(50)]
