"""Queues: who is next. Most urgent first; ties are broken by a keyed draw, never by the order of rows."""

import math

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.tables import Cases, Parameters
from ecology.vocabulary import WAIT_EDGES, Queue

_LESS_THAN_ANY_PRIORITY_STEP = 1e-9


@inlined
def whole(amount: float, draw: float) -> float:
    """Return a whole number that is ``amount`` on average: its fraction is the chance of one more."""
    down = math.floor(amount)
    return down + 1.0 if draw < amount - down else float64(down)


@inlined
def urgency_of(severity: float, waited: int, row: int, cases: Cases, p: Parameters) -> float:
    """Return how urgent somebody who waits is taken to be: grave, waiting long, or heard because of a complaint."""
    return severity + p.urgency_a_week * waited + float64(cases.voice[row])


@inlined
def left_queue(waits: np.ndarray, queue: int, weeks: float) -> None:
    """Count somebody who leaves a queue after some weeks: their sum, their number, and which edges they passed."""
    waits[queue, 0] += weeks
    waits[queue, 1] += 1.0
    for edge in range(len(WAIT_EDGES)):
        if weeks > WAIT_EDGES[edge]:
            waits[queue, 2 + edge] += 1.0


@inlined
def help_begins(row: int, cases: Cases, waits: np.ndarray, week: int) -> None:
    """Count how long it took from the first concern on file to the first help of any kind, once a file."""
    if cases.helped[row] == 0:
        cases.helped[row] = 1
        left_queue(waits, Queue.FIRST_HELP.value, float64(week - cases.known_since[row]))


@inlined
def _goes_first(one: int, other: int, key: np.ndarray, entities: np.ndarray) -> bool:
    return key[one] > key[other] or (key[one] == key[other] and entities[one] < entities[other])


@inlined
def _sink(place: int, line: np.ndarray, left: int, key: np.ndarray, entities: np.ndarray) -> None:
    """Let the entry at a place of a heap sink until nobody behind it goes before it."""
    sinking = line[place]
    behind = 2 * place + 1
    while behind < left:
        if behind + 1 < left and _goes_first(line[behind + 1], line[behind], key, entities):
            behind += 1
        if _goes_first(sinking, line[behind], key, entities):
            break
        line[place] = line[behind]
        place = behind
        behind = 2 * place + 1
    line[place] = sinking


@compiled
def line_up(entities: np.ndarray, urgency: np.ndarray, count: int, stream: np.uint64) -> tuple[np.ndarray, np.ndarray]:
    """Return the first ``count`` entries as a line, and their keys: who is most urgent stands first (see ``in_order``).

    The line is a heap: where few of many who wait are served, to sort them all would cost more than the rest.
    """
    key = np.empty(count)
    line = np.empty(count, np.int64)
    for i in range(count):
        key[i] = urgency[i] - _LESS_THAN_ANY_PRIORITY_STEP * luck.uniform(stream, entities[i])
        line[i] = i
    for step in range(count // 2):
        _sink(count // 2 - 1 - step, line, count, key, entities)
    return line, key


@inlined
def call_next(line: np.ndarray, left: int, key: np.ndarray, entities: np.ndarray) -> int:
    """Return the entry that goes first of the ``left`` in line, and let the others close up."""
    first = line[0]
    line[0] = line[left - 1]
    _sink(0, line, left - 1, key, entities)
    return int(first)


@compiled
def in_order(rows: np.ndarray, entities: np.ndarray, urgency: np.ndarray, count: int, stream: np.uint64) -> np.ndarray:
    """Return the first ``count`` entries of ``rows``, most urgent first.

    Args:
        rows: row numbers of those who wait.
        entities: for each, the number that identifies it in the draw (a child), so that order does not depend on rows.
        urgency: for each, a number; higher goes first.
        count: how many entries of the three arrays are in use.
        stream: the luck stream of this queue's ties.
    """
    line, key = line_up(entities, urgency, count, stream)
    result = np.empty(count, np.int64)
    for i in range(count):
        result[i] = rows[call_next(line, count - i, key, entities)]
    return result
