"""Families live: need drifts; children are born, grow up, move in and away."""

import math

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import need
from ecology.tables import Cases, Children, Families, Parameters
from ecology.vocabulary import LONG_AGO, NOBODY, WEEKS_A_YEAR, Flow, Stage
from ecology.week.casefile import EVER_IN_NEED, EVER_LOOKED_AFTER, EVER_ON_PLAN, EVER_REFERRED, forget
from ecology.week.marking import marked

_PAST_INCIDENTS = 8  # looked back at when a family comes: of earlier ones most families have little left


@inlined
def _heavy_tailed(seed: int, family: int, week: int, p: Parameters) -> float:
    """Return a persistent family effect with mean 0 and variance 1: mostly normal, with an exponential tail."""
    body = luck.normal(luck.stream(seed, Decision.VULNERABILITY, week), family)
    tail = luck.exponential(luck.stream(seed, Decision.VULNERABILITY_TAIL, week), family) - 1.0
    share = p.vulnerability_tail_share
    return math.sqrt(1.0 - share) * body + math.sqrt(share) * tail


@compiled
def families_change(families: Families, seed: int, week: int, p: Parameters) -> None:
    """Let some families become others: somebody parts, moves in, recovers or falls ill.

    What makes a family vulnerable is drawn anew, so that all families together stay as they are. Each is asked once a
    year, a part of them every week.
    """
    changes = luck.stream(seed, Decision.FAMILY_CHANGES, week)
    for family in range(week % WEEKS_A_YEAR, families.present.size, WEEKS_A_YEAR):
        if families.present[family] == 1 and luck.uniform(changes, family) < p.families_change_a_year:
            families.vulnerability[family] = _heavy_tailed(seed, family, week, p)


@inlined
def _strain_of_the_past(family: int, hazard: float, seed: int, week: int, p: Parameters) -> float:
    """Return the strain that incidents before this week have left in a family that had them at this hazard.

    So a family that comes is as strained as one that has long been here: where strain eases slowly, families without a
    past would be calm for years, and whatever follows strain would rise for as long.
    """
    draws = luck.stream(seed, Decision.PAST_INCIDENTS, week)
    strain, weeks_ago = 0.0, 0.0
    for incident in range(_PAST_INCIDENTS):
        draw = 2 * (family * _PAST_INCIDENTS + incident)
        weeks_ago += luck.exponential(draws, draw) / hazard
        strain += need.strain_left(p.incident_size * luck.exponential(draws, draw + 1), weeks_ago, p)
    return strain


@inlined
def settle_family(family: int, families: Families, shift: np.ndarray, seed: int, week: int, p: Parameters) -> None:
    """Let a new family take over a row: its lasting traits are drawn, and what incidents left behind."""
    families.present[family] = 1
    families.moved_in[family] = week
    families.incident[family] = 0  # what struck those who lived here before
    vulnerability = _heavy_tailed(seed, family, week, p)
    families.vulnerability[family] = vulnerability
    hardship = luck.normal(luck.stream(seed, Decision.HARDSHIP, week), family)
    families.hardship[family] = hardship + shift[families.neighbourhood[family]]
    families.trust[family] = luck.uniform(luck.stream(seed, Decision.TRUST, week), family)
    families.help_seeking[family] = luck.uniform(luck.stream(seed, Decision.HELP_SEEKING, week), family)
    support = luck.uniform(luck.stream(seed, Decision.INFORMAL_SUPPORT, week), family)
    families.informal_support[family] = support
    past = _strain_of_the_past(family, need.incident_hazard(vulnerability, support, p), seed, week, p)
    families.strain[family] = min(vulnerability + past, p.strain_cap)


@inlined
def blank_child(
    child: int, birth_week: int, children: Children, families: Families, seed: int, week: int, p: Parameters
) -> None:
    """Let a new child take over a row, unknown to every agency, with need drawn around the family's pull."""
    family = children.family[child]
    children.birth_week[child] = birth_week
    pull = need.family_pull(float64(families.strain[family]), float64(families.hardship[family]), p)
    start = luck.stream(seed, Decision.NEED_AT_START, week)
    children.need_safety[child] = pull + p.need_own_spread * luck.normal(start, 3 * child)
    children.need_wellbeing[child] = pull + p.need_own_spread * luck.normal(start, 3 * child + 1)
    children.need_learning[child] = pull + p.need_own_spread * luck.normal(start, 3 * child + 2)
    children.concern_schools[child] = 0
    children.concern_health[child] = 0
    children.concern_police[child] = 0
    children.concern_la_services[child] = 0
    children.seen_by_schools[child] = LONG_AGO
    children.seen_by_health[child] = LONG_AGO
    children.seen_by_police[child] = LONG_AGO
    children.seen_by_la_services[child] = LONG_AGO
    children.stage[child] = Stage.UNIVERSAL
    children.stage_since[child] = week
    children.last_referral[child] = LONG_AGO
    children.last_unmet[child] = LONG_AGO
    children.unmet_by[child] = NOBODY
    children.ever[child] = 0
    children.plans_had[child] = 0
    children.school[child] = NOBODY
    children.case[child] = NOBODY


@inlined
def births_of_cycle(family: int, children: Children, families: Families, seed: int, start: int, p: Parameters) -> None:
    """Set the birth weeks of all children of a family whose first child is born in week ``start``."""
    families.next_birthday[family] = LONG_AGO
    first = families.first_child[family]
    born = float64(start)
    spacing = luck.stream(seed, Decision.SPACING, 0)
    for child in range(first, first + families.n_children[family]):
        children.birth_week[child] = int(born)
        born += p.weeks_a_year * (p.spacing_shortest + p.spacing_span * luck.uniform(spacing, child))


@inlined
def _last_birth(family: int, children: Children, families: Families) -> int:
    return int(children.birth_week[families.first_child[family] + families.n_children[family] - 1])


@inlined
def _next_birthday(first: int, last: int, children: Children, week: int, five: int, childhood: int) -> int:
    """Return the next week in which a child of these rows is born, turns five or turns eighteen."""
    soonest = week + 2 * childhood
    for child in range(first, last):
        for years in (0, five, childhood):
            birthday = int(children.birth_week[child]) + years
            if week < birthday < soonest:
                soonest = birthday
    return soonest


@inlined
def _count_at_five(ever: int, flows: np.ndarray) -> None:
    """Count what a child who turns five has lived through here."""
    flows[Flow.TURNED_5] += 1
    flows[Flow.TURNED_5_REFERRED] += 1 if ever & EVER_REFERRED else 0
    flows[Flow.TURNED_5_IN_NEED] += 1 if ever & EVER_IN_NEED else 0
    flows[Flow.TURNED_5_ON_PLAN] += 1 if ever & EVER_ON_PLAN else 0


@inlined
def _count_at_eighteen(ever: int, flows: np.ndarray) -> None:
    """Count what a child who turns eighteen has lived through here."""
    flows[Flow.TURNED_18_REFERRED] += 1 if ever & EVER_REFERRED else 0
    flows[Flow.TURNED_18_IN_NEED] += 1 if ever & EVER_IN_NEED else 0
    flows[Flow.TURNED_18_ON_PLAN] += 1 if ever & EVER_ON_PLAN else 0
    flows[Flow.TURNED_18_LOOKED_AFTER] += 1 if ever & EVER_LOOKED_AFTER else 0


@compiled
def families_live(
    children: Children, families: Families, cases: Cases, parts: np.ndarray, free_cases: np.ndarray, flows: np.ndarray,
    shift: np.ndarray, seed: int, week: int, p: Parameters,
) -> None:  # fmt: skip
    """Let every family live a week: moves, births, and children who grow up.

    ``parts`` says in which of 256 equal parts each family's draw of moving falls: almost all are above the chance.
    """
    childhood = int(p.childhood_weeks)
    five = int(p.under_five_weeks)
    move_luck = luck.stream(seed, Decision.MOVE_AWAY, week)
    move_hazard = p.moving_away_a_year / p.weeks_a_year
    highest_part = int(luck.PARTS * move_hazard)
    concerned = np.empty(families.present.size, np.bool_)
    for family in range(concerned.size):
        asked = (week >= families.next_birthday[family]) | (parts[family] <= highest_part)
        concerned[family] = asked & (families.present[family] == 1)
    for family in marked(concerned):
        has_birthday = week >= families.next_birthday[family]
        moves = parts[family] <= highest_part and luck.in_part(int(parts[family]), move_luck, family) < move_hazard
        first = families.first_child[family]
        last = first + families.n_children[family]
        for child in range(first, last if has_birthday else first):
            age = week - int(children.birth_week[child])
            if age == 0 and children.present[child] == 0:
                children.present[child] = 1
                blank_child(child, week, children, families, seed, week, p)
                flows[Flow.BIRTHS] += 1
            elif age == five and children.present[child] == 1:
                _count_at_five(int(children.ever[child]), flows)
            elif age == childhood and children.present[child] == 1:
                _count_at_eighteen(int(children.ever[child]), flows)
                forget(child, children, cases, free_cases, flows, week)
                children.present[child] = 0
                flows[Flow.AGED_OUT] += 1
        if has_birthday:
            families.next_birthday[family] = _next_birthday(first, last, children, week, five, childhood)
        if has_birthday and week - _last_birth(family, children, families) >= childhood:
            settle_family(family, families, shift, seed, week, p)
            births_of_cycle(family, children, families, seed, week + 1, p)
            families.cycle_start[family] = week + 1
        elif moves:
            held = False
            for child in range(first, last):
                held = held or (children.present[child] == 1 and children.stage[child] >= Stage.SECTION_47)
            if not held:
                settle_family(family, families, shift, seed, week, p)
                for child in range(first, last):
                    if children.present[child] == 1:
                        forget(child, children, cases, free_cases, flows, week)
                        blank_child(child, int(children.birth_week[child]), children, families, seed, week, p)
                        flows[Flow.DEPARTURES] += 1
                        flows[Flow.ARRIVALS] += 1


@compiled
def need_drifts(children: Children, families: Families, seed: int, week: int, k: float, p: Parameters) -> None:
    """Let the need of every child drift a week in its three domains."""
    drift = luck.stream(seed, Decision.NEED_DRIFT, week)
    own = p.need_own_spread * math.sqrt(1.0 - (1.0 - p.need_reversion) ** 2)
    ageing = p.wellbeing_a_year / p.weeks_a_year
    middle = week - p.childhood_weeks / 2.0
    pull_of_family = np.empty(families.present.size)
    for family in range(families.present.size):
        pull_of_family[family] = need.family_pull(
            float64(families.strain[family]), float64(families.hardship[family]), p
        )
    pull_of_child = np.empty(children.present.size)
    for child in range(children.present.size):
        pull_of_child[child] = pull_of_family[children.family[child]]
    for child in range(children.present.size):  # rows of the unborn drift too: cheaper than to ask
        pull = pull_of_child[child]
        safety = float64(children.need_safety[child])
        wellbeing = float64(children.need_wellbeing[child])
        learning = float64(children.need_learning[child])
        older = ageing * (middle - children.birth_week[child])
        one, two, three = luck.three_shocks(drift, child)
        pull_safety = pull + need.interdependence_pull(wellbeing, learning, k, p)
        pull_wellbeing = pull + older + need.interdependence_pull(safety, learning, k, p)
        pull_learning = pull + need.interdependence_pull(safety, wellbeing, k, p)
        children.need_safety[child] = need.need_next(safety, pull_safety, own * one, p)
        children.need_wellbeing[child] = need.need_next(wellbeing, pull_wellbeing, own * two, p)
        children.need_learning[child] = need.need_next(learning, pull_learning, own * three, p)


@compiled
def population_follows(
    children: Children, families: Families, cases: Cases, free_cases: np.ndarray, flows: np.ndarray,
    shift: np.ndarray, now: int, target: float, seed: int, week: int, p: Parameters,
) -> None:  # fmt: skip
    """Let families move in or away until the children, ``now``, are as near ``target`` as whole families allow."""
    phase = luck.stream(seed, Decision.FAMILY_CYCLE, week)
    childhood = int(p.childhood_weeks)
    for family in marked(families.present == 0):
        if now + 1.0 > target:
            break
        settle_family(family, families, shift, seed, week, p)
        start = week - int(luck.uniform(phase, family) * childhood)
        families.cycle_start[family] = start
        births_of_cycle(family, children, families, seed, start, p)
        now += _move_in(family, children, families, flows, seed, week, p)
    for step in range(families.present.size):
        family = families.present.size - 1 - step
        if now - p.largest_family < target:
            break
        if families.present[family] == 1:
            now -= _move_out(family, children, families, cases, free_cases, flows, week, p)


@inlined
def _move_in(
    family: int, children: Children, families: Families, flows: np.ndarray, seed: int, week: int, p: Parameters
) -> int:
    came = 0
    first = families.first_child[family]
    for child in range(first, first + families.n_children[family]):
        birth = int(children.birth_week[child])
        if birth <= week and week - birth < int(p.childhood_weeks):
            children.present[child] = 1
            blank_child(child, birth, children, families, seed, week, p)
            flows[Flow.ARRIVALS] += 1
            came += 1
    return came


@inlined
def _move_out(
    family: int, children: Children, families: Families, cases: Cases, free_cases: np.ndarray, flows: np.ndarray,
    week: int, p: Parameters,
) -> int:  # fmt: skip
    first = families.first_child[family]
    went = 0
    for child in range(first, first + families.n_children[family]):
        if children.present[child] == 1 and children.stage[child] >= Stage.SECTION_47:
            return 0
    for child in range(first, first + families.n_children[family]):
        if children.present[child] == 1:
            forget(child, children, cases, free_cases, flows, week)
            children.present[child] = 0
            flows[Flow.DEPARTURES] += 1
            went += 1
    families.present[family] = 0
    families.incident[family] = 0
    return went
