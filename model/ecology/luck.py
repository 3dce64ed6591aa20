"""Luck: every draw is a pure function of (seed, decision, entity, week). No generator, no shared stream.

A *stream* is what one decision holds in one week; the draw of an entity is the entity-th output of the
SplitMix64 sequence (Steele, Lea & Flood 2014) that starts at the stream. An added or removed decision therefore
changes no other draw, and neither do the order of the loop or the number of threads.
"""

import math
from enum import IntEnum

import numpy as np

from ecology.compiled import compiled, inlined

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)
_12, _21, _43 = np.uint64(12), np.uint64(21), np.uint64(43)
_21_BITS = np.uint64(2**21 - 1)
_8, _8_BITS = np.uint64(8), np.uint64(2**8 - 1)
PARTS = 256.0
WEEKS_OF_A_HASH = 8
_ONE_OF_2_52 = 2.0**-52
_HALF = 0.5
_MIDDLE_OF_21_BITS = 2.0**20 - _HALF
_SPREAD_OF_21_BITS = math.sqrt(12.0) * 2.0**-21
_TWO_PI = 2.0 * math.pi


class Decision(IntEnum):
    """What a draw decides. Numbers are part of the results: add at the end, never renumber."""

    FAMILY_START = 0
    VULNERABILITY = 1
    VULNERABILITY_TAIL = 2
    HARDSHIP = 3
    TRUST = 4
    HELP_SEEKING = 5
    INFORMAL_SUPPORT = 6
    NEIGHBOURHOOD = 7
    FAMILY_CYCLE = 8
    SPACING = 9
    NEED_AT_START = 10
    NEED_DRIFT = 11
    INCIDENT = 12
    INCIDENT_SIZE = 13
    MOVE_AWAY = 14
    SCHOOL_CHOICE = 15
    NOTICING = 16
    SIGNAL = 17
    SCREENING = 18
    SCREENING_DESK = 19
    SCREENING_TIE = 20
    FALSE_LINK = 21
    EARLY_HELP_TIE = 22
    EARLY_HELP_ACCEPTED = 23
    ALLOCATION_TIE = 24
    ASSESSMENT_JUDGEMENT = 25
    SECTION_47_JUDGEMENT = 26
    CONFERENCE_JUDGEMENT = 27
    REVIEW_JUDGEMENT = 28
    CARE_EXIT = 29
    PLACEMENT = 30
    CAMHS_TIE = 31
    DRIFT_CHECK = 32
    PACKAGE_NOISE = 33
    PACKAGE_TIE = 34
    DUPLICATE = 35
    SERIOUS_INCIDENT = 36
    WORKER_SKILL = 37
    WORKER_LEAVES = 38
    WORKER_SICK = 39
    DCS_LEAVES = 40
    START_STAGE = 41
    START_CLOCK = 42
    INSPECTION = 43
    WORKER_JOINS = 44
    EARLY_WARNING = 45
    TRIAL = 46
    PACKAGE_ROUTE = 47
    PACKAGE_AGREEMENT = 48
    ALLOCATION_LENT = 49
    PANEL_HOURS = 50
    DESK_HOURS = 51
    DESK_OF_CONTACT = 52
    CAMHS_JUDGEMENT = 53
    SCHOOL_TRAIT = 54
    SCHOOL_QUEUE = 55
    SCHOOL_CONVERTS = 56
    PLACE_OPENING = 57
    SPONSOR_APPEAL = 58
    EXCLUSION = 59
    NEIGHBOURHOOD_GROWTH = 60
    FAMILY_ARRIVES = 61
    COMPLAINT = 62
    DCS_SKILL = 63
    AGENCY_TRAIT = 64
    PLACEMENT_MOVE = 65
    PLACEMENT_FAR = 66
    PLACES = 67
    PAST_INCIDENTS = 68
    REFERRAL_JUDGEMENT = 69
    INCIDENT_FIRST = 70
    MOVE_AWAY_FIRST = 71
    NOTICING_FIRST = 72
    FAMILY_CHANGES = 73


@inlined
def _mix(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> _30)) * _MIX_1
    z = (z ^ (z >> _27)) * _MIX_2
    return z ^ (z >> _31)


@compiled
def stream(seed: int, decision: int, week: int) -> np.uint64:
    """Return the 64-bit stream of one decision in one week (weeks before April 2010 are negative)."""
    state = _mix(np.uint64(seed) + _GOLDEN)
    state = _mix(state + np.uint64(np.int64(decision)) * _GOLDEN + _GOLDEN)
    return _mix(state ^ (np.uint64(np.int64(week)) * _GOLDEN + _GOLDEN))


@compiled
def bits(stream_: np.uint64, entity: int) -> np.uint64:
    """Return the 64 random bits of an entity (0, 1, 2, …): the SplitMix64 output number ``entity + 1``."""
    return _mix(np.uint64(stream_) + (np.uint64(entity) + np.uint64(1)) * _GOLDEN)


@compiled
def uniform(stream_: np.uint64, entity: int) -> float:
    """Return a draw from the open interval (0, 1): 52 bits, never exactly 0 or 1."""
    return (float(bits(stream_, entity) >> _12) + _HALF) * _ONE_OF_2_52


@compiled
def normal(stream_: np.uint64, entity: int) -> float:
    """Return a standard normal draw (Box and Muller, from two uniforms of the same stream and entity)."""
    first = bits(stream_, entity)
    second = _mix(first + _GOLDEN)
    radius = math.sqrt(-2.0 * math.log((float(first >> _12) + _HALF) * _ONE_OF_2_52))
    return radius * math.cos(_TWO_PI * (float(second >> _12) + _HALF) * _ONE_OF_2_52)


@compiled
def exponential(stream_: np.uint64, entity: int) -> float:
    """Return an exponential draw with mean 1."""
    return -math.log(uniform(stream_, entity))


@compiled
def draw(seed: int, decision: int, entity: int, week: int) -> float:
    """Return the uniform draw of (seed, decision, entity, week): for callers outside compiled loops."""
    return uniform(stream(seed, decision, week), entity)


@compiled
def uniforms(seed: int, decision: int, week: int, count: int) -> np.ndarray:
    """Return the uniform draws of the entities 0 to ``count - 1``."""
    own = stream(seed, decision, week)
    draws = np.empty(count)
    for entity in range(count):
        draws[entity] = uniform(own, entity)
    return draws


@compiled
def normals(seed: int, decision: int, week: int, count: int) -> np.ndarray:
    """Return the standard normal draws of the entities 0 to ``count - 1``."""
    own = stream(seed, decision, week)
    draws = np.empty(count)
    for entity in range(count):
        draws[entity] = normal(own, entity)
    return draws


@compiled
def first_parts(seed: int, decision: int, week: int, parts: np.ndarray) -> None:
    """Fill ``parts`` (week of a block, entity): which of 256 equal parts a draw falls into, from one hash for 8 weeks.

    A loop that asks everybody about something rare looks at parts alone: only where the part leaves it open whether a
    draw is low enough, the draw itself is made (see ``in_part``). Weeks of a block are ``week // 8``.
    """
    own = stream(seed, decision, week // parts.shape[0])
    for entity in range(parts.shape[1]):
        eight = bits(own, entity)
        for part in range(parts.shape[0]):
            parts[part, entity] = eight & _8_BITS
            eight = eight >> _8


@compiled
def in_part(part: int, stream_: np.uint64, entity: int) -> float:
    """Return a draw from (0, 1) of which it is known already in which of 256 equal parts it falls."""
    return (float(part) + uniform(stream_, entity)) / PARTS


class FirstParts:
    """In which of 256 equal parts everybody's draws of a decision fall, kept for the weeks that share a hash."""

    def __init__(self, seed: int, decision: Decision, entities: int) -> None:
        self._seed, self._decision = seed, decision.value
        self._parts = np.empty((WEEKS_OF_A_HASH, entities), np.uint8)
        self._block: int | None = None

    def of(self, week: int) -> np.ndarray:
        """Return the parts of this week by entity."""
        if week // WEEKS_OF_A_HASH != self._block:
            self._block = week // WEEKS_OF_A_HASH
            first_parts(self._seed, self._decision, week, self._parts)
        parts: np.ndarray = self._parts[week % WEEKS_OF_A_HASH]
        return parts


@compiled
def three_shocks(stream_: np.uint64, entity: int) -> tuple[float, float, float]:
    """Return three independent shocks with mean 0 and variance 1 from one set of 64 bits.

    They are uniform, not normal: weekly need adds dozens of them, so that its distribution is close to normal, at a
    quarter of the price (see DECISIONS.md).
    """
    b = bits(stream_, entity)
    first = (float(b >> _43) - _MIDDLE_OF_21_BITS) * _SPREAD_OF_21_BITS
    second = (float((b >> _21) & _21_BITS) - _MIDDLE_OF_21_BITS) * _SPREAD_OF_21_BITS
    third = (float(b & _21_BITS) - _MIDDLE_OF_21_BITS) * _SPREAD_OF_21_BITS
    return first, second, third
