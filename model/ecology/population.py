"""The start of a place: families and children, neighbourhoods on a plane, and who is known already."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from ecology import luck, tables
from ecology.compiled import compiled
from ecology.luck import Decision
from ecology.rules import care
from ecology.tables import Cases, Children, Families, Neighbourhoods, Parameters
from ecology.vocabulary import LONG_AGO, NOBODY, Stage
from ecology.week.casefile import EVER_IN_NEED, EVER_LOOKED_AFTER, EVER_ON_PLAN, EVER_REFERRED, open_row
from ecology.week.front_door import true_severities
from ecology.week.living import births_of_cycle, blank_child, settle_family

_PERCENT = 100.0
_PER_10_000 = 10_000.0


def hardship_shift(neighbourhoods: Neighbourhoods, poverty_percent: float, p: Parameters) -> np.ndarray:
    """Return by neighbourhood the mean of latent hardship at which the published share of children is in poverty."""
    share = min(max(poverty_percent / _PERCENT, 1 / _PERCENT), 1 - 1 / _PERCENT)
    spread = math.sqrt(1.0 + p.neighbourhood_spread**2)
    return NormalDist().inv_cdf(share) * spread + neighbourhoods.deprivation.astype(np.float64)


def lay_out_neighbourhoods(children: int, teams: int, seed: int, p: Parameters) -> Neighbourhoods:
    """Return neighbourhoods on the unit square, row by row, each with its shift of hardship and its team.

    No more than ``teams`` teams, each with a neighbourhood at least.
    """
    number = int(min(max(children / p.neighbourhood_children, p.neighbourhoods_fewest), p.neighbourhoods_most))
    table = tables.empty(Neighbourhoods, number)
    table.present[:] = 1
    side = math.ceil(math.sqrt(number))
    draws = luck.normals(seed, Decision.NEIGHBOURHOOD.value, 0, number)
    if number > 1:
        draws = (draws - draws.mean()) / draws.std()
    for n in range(number):
        table.east[n] = (n % side) / side
        table.north[n] = (n // side) / side
        table.team[n] = n * min(teams, number) // number
    table.deprivation[:] = p.neighbourhood_spread * draws
    of_another = round(float(p.other_ccg_share) * number)
    table.other_ccg[np.argsort(-table.east, kind="stable")[:of_another]] = 1  # the eastern edge
    grows = np.exp(p.neighbourhood_growth_spread * luck.normals(seed, Decision.NEIGHBOURHOOD_GROWTH.value, 0, number))
    table.growth[:] = grows / grows.sum()
    return table


def found(
    children_wanted: int,
    room: float,
    neighbourhoods: Neighbourhoods,
    shift: np.ndarray,
    seed: int,
    week: int,
    p: Parameters,
) -> tuple[Families, Children]:
    """Return families and children as they live in the first week; ``room`` is rows against what is needed now."""
    sizes_share = np.array([p.family_of_one, p.family_of_two, p.family_of_three])
    mean = float((sizes_share * np.arange(1, 4)).sum() + p.largest_family * (1.0 - sizes_share.sum()))
    most = int(children_wanted * room * p.rows_for_unborn / mean) + 1
    draws = luck.uniforms(seed, Decision.FAMILY_START.value, 0, most)
    sizes = 1 + np.searchsorted(np.cumsum(sizes_share), draws)
    families = tables.empty(Families, most)
    children = tables.empty(Children, int(sizes.sum()))
    families.n_children[:] = sizes
    families.first_child[:] = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    families.neighbourhood[:] = (np.arange(most) * 7919) % neighbourhoods.present.size
    children.family[:] = np.repeat(np.arange(most), sizes)
    living = settle_everybody(children, families, shift, children_wanted, seed, week, p)
    later = families.present == 0  # rows of families to come: they settle where the place grows
    arrives = luck.uniforms(seed, Decision.FAMILY_ARRIVES.value, 0, most)[later]
    bounds = np.cumsum(neighbourhoods.growth.astype(np.float64))
    families.neighbourhood[later] = np.minimum(np.searchsorted(bounds, arrives), bounds.size - 1)
    if living < children_wanted:  # families came out smaller than expected: begin again with more rows
        return found(children_wanted, room * p.rows_for_unborn, neighbourhoods, shift, seed, week, p)
    return families, children


@compiled
def settle_everybody(
    children: Children, families: Families, shift: np.ndarray, wanted: int, seed: int, week: int, p: Parameters
) -> int:
    """Settle families row by row, each somewhere in its cycle, until there are enough children; return how many."""
    phase = luck.stream(seed, Decision.FAMILY_CYCLE, week)
    childhood = int(p.childhood_weeks)
    children.case[:] = NOBODY
    children.school[:] = NOBODY
    living = 0
    for family in range(families.present.size):
        first = families.first_child[family]
        last = first + families.n_children[family]
        births_of_cycle(family, children, families, seed, 0, p)
        length = int(children.birth_week[last - 1]) + childhood
        start = week - int(luck.uniform(phase, family) * length)
        births_of_cycle(family, children, families, seed, start, p)
        families.cycle_start[family] = start
        if living >= wanted:
            continue
        settle_family(family, families, shift, seed, week, p)
        for child in range(first, last):
            birth = int(children.birth_week[child])
            if birth <= week and week - birth < childhood:
                children.present[child] = 1
                blank_child(child, birth, children, families, seed, week, p)
                living += 1
    return living


def start_with_known_children(
    children: Children, families: Families, cases: Cases, free_cases: np.ndarray, seed: int, week: int, p: Parameters
) -> None:
    """Start near published stocks: the most serious are looked after, the next on plans, the next in need."""
    rows = np.flatnonzero(children.present)
    noise = luck.normals(seed, Decision.START_STAGE, week, children.present.size)[rows]
    severity = true_severities(children, week, p)
    score = severity[rows] + p.judgement_noise * noise
    ranked = rows[np.argsort(-score, kind="stable")]
    first = 0
    known = EVER_REFERRED | EVER_IN_NEED
    for stage, ever, rate, mean_weeks in (
        (Stage.LOOKED_AFTER, known | EVER_LOOKED_AFTER, p.looked_after_at_start, p.weeks_looked_after_at_start),
        (Stage.PROTECTION_PLAN, known | EVER_ON_PLAN, p.protection_plans_at_start, p.weeks_plan_at_start),
        (Stage.CHILD_IN_NEED, known, p.in_need_at_start, p.weeks_in_need_at_start),
    ):
        last = first + round(rate * rows.size / _PER_10_000)
        for child in ranked[first:last]:
            row = open_row(int(child), children, cases, free_cases, week)
            age = week - int(children.birth_week[child])
            clock = luck.draw(seed, Decision.START_CLOCK.value, int(child), week)
            since = week - min(int(-mean_weeks * math.log(clock)), age)
            children.stage[child] = stage
            children.stage_since[child] = since
            cases.opened[row] = cases.referred[row] = since
            cases.perceived[row] = severity[child]
            cases.review_due[row] = week + 1 + int(p.weeks_review_in_need * clock)
            children.ever[child] |= ever
            if stage == Stage.LOOKED_AFTER:
                draw = luck.draw(seed, Decision.PLACEMENT.value, int(child), week)
                cases.placement[row] = care.placement(draw, age / p.weeks_a_year, p)
                cases.far[row] = luck.draw(seed, Decision.PLACEMENT_FAR.value, int(child), week) < p.far_usual
        first = last


def empty_cases(rows: int) -> tuple[Cases, np.ndarray]:
    """Return an empty table of known children and the stack of its free rows (the first element counts them)."""
    cases = tables.empty(Cases, rows)
    cases.child[:] = NOBODY
    cases.worker[:] = NOBODY
    cases.camhs_waiting[:] = cases.early_help_waiting[:] = LONG_AGO
    free = np.concatenate(([rows], np.arange(rows - 1, -1, -1))).astype(np.int32)
    return cases, free


def room_for_more(cases: Cases, free_cases: np.ndarray) -> tuple[Cases, np.ndarray]:
    """Return the table of known children with twice the rows, the old ones in place, and its stack of free rows."""
    more, free = empty_cases(2 * cases.present.size)
    more[: cases.present.size] = cases  # type: ignore[index]  # stored row by row
    left = int(free_cases[0])
    unused = free[1 : cases.present.size + 1]
    free = np.concatenate(([unused.size + left], unused, free_cases[1 : left + 1], np.zeros(cases.present.size - left)))
    return more, free.astype(np.int32)


def room_for_concerns(t: dict[str, Any], count: int) -> bool:
    """Let the table of known children in ``t`` grow until ``count`` more find room, and say whether it had to."""
    grew = False
    while t["fixtures"].free_cases[0] < count:
        t["cases"], free = room_for_more(t["cases"], t["fixtures"].free_cases)
        t["fixtures"] = t["fixtures"]._replace(free_cases=free)
        grew = True
    return grew


def sort_files(children: Children, cases: Cases, free_cases: np.ndarray) -> None:
    """Lay the files of known children in the order of the children, and the free rows behind them.

    Loops over files then read the columns of children from front to back instead of here and there, which takes half
    the time. New files take any free row, so that the order fades and is made again from time to time.
    """
    known = children.case != NOBODY
    rows = children.case[known]
    files = cases.view(np.ndarray).view(np.uint8).reshape(cases.present.size, -1)  # type: ignore[attr-defined]
    files[: rows.size] = files[rows]  # as bytes: NumPy would copy field by field
    children.case[known] = np.arange(rows.size)
    cases.present[rows.size :] = 0
    cases.child[rows.size :] = NOBODY
    free_cases[0] = cases.present.size - rows.size
    free_cases[1 : free_cases[0] + 1] = np.arange(cases.present.size - 1, rows.size - 1, -1)
