"""Schools, health, police, services and the public notice; agencies help themselves, ask for help, or pass on."""

import numpy as np
from numpy import float32, float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import noticing
from ecology.rules.need import above, fragility
from ecology.tables import Cases, Children, Families, Parameters, Pools, Schools, Settings
from ecology.vocabulary import LONG_AGO, NOBODY, Agency, Cadre, Flow, Stage
from ecology.week.casefile import close_row, enter, idle, in_episode, open_row, resting_stage, stays_unmet
from ecology.week.marking import marked
from ecology.week.queueing import help_begins

_ROUNDING_OF_32_BITS = 1e-5  # more than the highest chance can lose to it


@inlined
def _who_notices(
    child: int, draw: float, incident: bool, children: Children, families: Families, week: int, in_term: bool,
    p: Parameters,
) -> int:  # fmt: skip
    """Return the agency that notices a child: where its draw falls among the agencies' chances; NOBODY beyond them."""
    family = children.family[child]
    safety = float64(children.need_safety[child])
    wellbeing = float64(children.need_wellbeing[child])
    learning = float64(children.need_learning[child])
    age = week - int(children.birth_week[child])
    at_school = children.school[child] != NOBODY
    adrift = not at_school and age >= int(p.school_age_weeks + p.weeks_a_year)  # all had a first September by then
    schools = noticing.chance_schools(learning, wellbeing, in_term, at_school, p)
    health = schools + noticing.chance_health(safety, wellbeing, age < int(p.under_five_weeks), p)
    police = health + noticing.chance_police(incident, adrift, p)
    services = police + noticing.chance_la_services(safety, float64(families.hardship[family]), p)
    seeking = float64(families.help_seeking[family]) if safety > p.level_additional_safety else 0.0
    individuals = services + noticing.chance_individuals(safety, seeking, p)
    if draw >= individuals:
        return NOBODY
    if draw < schools:
        return Agency.SCHOOLS.value
    if draw < health:
        return Agency.HEALTH.value
    if draw < police:
        return Agency.POLICE.value
    return Agency.LA_SERVICES.value if draw < services else Agency.INDIVIDUALS.value


@inlined
def _who_may_be_noticed(
    may_be: np.ndarray, children: Children, parts: np.ndarray, hardest: float, p: Parameters
) -> None:
    """Mark the children whose draw may be low enough, if every family were in the ``hardest`` hardship.

    Without branches and with 32 bits, so that many are asked at once; the bound leaves room for rounding.
    """
    usual, from_safety, from_wellbeing, from_learning = noticing.highest_chances(hardest, p)
    anyway, nothing = float32(luck.PARTS * (usual + _ROUNDING_OF_32_BITS)), float32(0.0)
    by_safety, by_wellbeing = float32(luck.PARTS * from_safety), float32(luck.PARTS * from_wellbeing)
    by_learning, learns = float32(luck.PARTS * from_learning), float32(p.level_additional_learning)
    safe, well = float32(p.level_additional_safety), float32(p.level_additional_wellbeing)
    for child in range(may_be.size):
        highest = (
            anyway
            + by_safety * max(children.need_safety[child] - safe, nothing)
            + by_wellbeing * max(children.need_wellbeing[child] - well, nothing)
            + by_learning * max(children.need_learning[child] - learns, nothing)
        )
        may_be[child] = float32(parts[child]) <= highest


@inlined
def _highest_chance(child: int, children: Children, families: Families, p: Parameters) -> float:
    """Return a weekly chance that this child does not exceed without an incident, whatever its age and school."""
    hardship = float64(families.hardship[children.family[child]])
    usual, from_safety, from_wellbeing, from_learning = noticing.highest_chances(hardship, p)
    highest: float = (
        usual
        + from_safety * above(float64(children.need_safety[child]), p.level_additional_safety)
        + from_wellbeing * above(float64(children.need_wellbeing[child]), p.level_additional_wellbeing)
        + from_learning * above(float64(children.need_learning[child]), p.level_additional_learning)
    )
    return highest


@compiled
def agencies_notice(
    children: Children, families: Families, noticed: np.ndarray, parts: np.ndarray, flows: np.ndarray, seed: int,
    week: int, now: Settings, p: Parameters,
) -> int:  # fmt: skip
    """Write (child, agency) of everybody noticed this week into ``noticed`` and return how many there are.

    One draw a child; ``parts`` says in which of 256 equal parts it falls. Almost every draw is above the highest chance
    that a child of this need can have, whatever its family, age and school, and most of the rest above the highest one
    of a family in this hardship: only for those that are left the draw is made and asked who noticed. Families with an
    incident are asked about first.
    """
    who = luck.stream(seed, Decision.NOTICING, week)
    in_term = now.in_term > 0.0
    count = 0
    for family in marked(families.incident == 1):
        first = families.first_child[family]
        for child in range(first, first + families.n_children[family]):
            if children.present[child] == 1:
                draw = luck.in_part(int(parts[child]), who, child)
                agency = _who_notices(child, draw, True, children, families, week, in_term, p)
                if agency != NOBODY:
                    noticed[count, 0] = child
                    noticed[count, 1] = agency
                    count += 1
    hardest = 0.0
    for family in range(families.present.size):
        hardest = max(hardest, float64(families.hardship[family]))
    may_be = np.empty(children.present.size, np.bool_)
    _who_may_be_noticed(may_be, children, parts, hardest, p)
    for child in marked(may_be):
        if parts[child] <= luck.PARTS * _highest_chance(child, children, families, p):
            draw = luck.in_part(int(parts[child]), who, child)
            agency = _who_notices(child, draw, False, children, families, week, in_term, p)
            asked = families.incident[children.family[child]] == 1
            if agency != NOBODY and children.present[child] == 1 and not asked:
                noticed[count, 0] = child
                noticed[count, 1] = agency
                count += 1
    flows[Flow.NOTICED] += count
    return count


@inlined
def write_down(child: int, agency: int, signal: float, children: Children, week: int, p: Parameters) -> float:
    """Return an agency's concern after a signal, and keep it where the agency keeps records (individuals do not)."""
    if agency == Agency.SCHOOLS:
        since = float64(week - int(children.seen_by_schools[child]))
        concern = noticing.concern_after(signal, noticing.read_note(int(children.concern_schools[child])), since, p)
        children.concern_schools[child] = noticing.note(concern)
        children.seen_by_schools[child] = week
    elif agency == Agency.HEALTH:
        since = float64(week - int(children.seen_by_health[child]))
        concern = noticing.concern_after(signal, noticing.read_note(int(children.concern_health[child])), since, p)
        children.concern_health[child] = noticing.note(concern)
        children.seen_by_health[child] = week
    elif agency == Agency.POLICE:
        since = float64(week - int(children.seen_by_police[child]))
        concern = noticing.concern_after(signal, noticing.read_note(int(children.concern_police[child])), since, p)
        children.concern_police[child] = noticing.note(concern)
        children.seen_by_police[child] = week
    elif agency == Agency.LA_SERVICES:
        since = float64(week - int(children.seen_by_la_services[child]))
        concern = noticing.concern_after(signal, noticing.read_note(int(children.concern_la_services[child])), since, p)
        children.concern_la_services[child] = noticing.note(concern)
        children.seen_by_la_services[child] = week
    else:
        concern = signal
    return concern


@inlined
def ask_for_early_help(row: int, children: Children, cases: Cases, flows: np.ndarray, week: int) -> None:
    """Put a child on the waiting list for early help, once."""
    if cases.early_help_waiting[row] != LONG_AGO or cases.early_help_until[row] > week:
        return
    cases.early_help_waiting[row] = week
    flows[Flow.EARLY_HELP_ASKED] += 1
    child = cases.child[row]
    if children.stage[child] == Stage.UNIVERSAL:
        enter(child, Stage.EARLY_HELP_WAITING, children, week)


@inlined
def contact(
    row: int, agency: int, concern: float, children: Children, cases: Cases, flows: np.ndarray, week: int, p: Parameters
) -> None:
    """Approach the front door about a child; a contact about a child already open goes to the worker instead."""
    child = cases.child[row]
    flows[Flow.CONTACTS_FROM_SCHOOLS + agency] += 1
    if in_episode(int(children.stage[child])):
        flows[Flow.CONTACTS_ON_OPEN_CHILDREN] += 1
        if concern >= p.concern_brings_review and cases.review_due[row] > week + 1:
            cases.review_due[row] = week + 1
    elif children.stage[child] == Stage.CONTACT:
        flows[Flow.CONTACTS_ON_OPEN_CHILDREN] += 1
        cases.asked_severity[row] = max(float64(cases.asked_severity[row]), concern)
    else:
        enter(child, Stage.CONTACT, children, week)
        cases.contacted[row] = week
        cases.source[row] = agency
        cases.asked_severity[row] = concern


@compiled
def agencies_act_or_pass_on(
    noticed: np.ndarray, count: int, thresholds: np.ndarray, own_help: np.ndarray, children: Children,
    families: Families, cases: Cases, free_cases: np.ndarray, pools: Pools, schools: Schools, flows: np.ndarray,
    waits: np.ndarray, seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Let each agency write down its concern and act on it.

    ``thresholds[agency]`` is the level of concern at which it contacts the front door this week, ``own_help[agency]``
    the level at which it helps itself (or, for the authority's services, asks for early help). Every school adds its
    own threshold to both.
    """
    noise = luck.stream(seed, Decision.SIGNAL, week)
    judged = luck.stream(seed, Decision.CAMHS_JUDGEMENT, week)
    for i in range(count):
        child = noticed[i, 0]
        agency = int(noticed[i, 1])
        seen = noticing.domain_seen(
            agency, float64(children.need_safety[child]), float64(children.need_wellbeing[child]),
            float64(children.need_learning[child]), families.incident[children.family[child]] == 1, p,
        )  # fmt: skip
        signal = seen + p.signal_noise * luck.normal(noise, child)
        concern = write_down(child, agency, signal, children, week, p)
        if agency == Agency.HEALTH and concern >= p.concern_camhs:
            row = open_row(child, children, cases, free_cases, week)
            if cases.camhs_waiting[row] == LONG_AGO and cases.camhs_until[row] <= week:
                flows[Flow.CAMHS_REFERRED] += 1
                seen_there = float64(children.need_wellbeing[child]) + p.judgement_noise * luck.normal(judged, child)
                if seen_there >= now.camhs_acceptance:
                    cases.camhs_waiting[row] = week
                    cases.asked_severity[row] = max(float64(cases.asked_severity[row]), concern)
                else:
                    flows[Flow.CAMHS_NOT_ACCEPTED] += 1
                    cases.camhs_refused[row] = week
                    if children.need_wellbeing[child] >= p.level_complex_wellbeing:
                        stays_unmet(child, Agency.HEALTH.value, children, week)
        later = 0.0
        if agency == Agency.SCHOOLS and children.school[child] != NOBODY:
            later = float64(schools.threshold[children.school[child]])
        a_baby = fragility(float64(week - children.birth_week[child]), p)
        if concern + a_baby >= thresholds[agency] + later:
            row = open_row(child, children, cases, free_cases, week)
            contact(row, agency, concern, children, cases, flows, week, p)
        elif concern >= own_help[agency] + later and not in_episode(int(children.stage[child])):
            if agency == Agency.SCHOOLS or agency == Agency.HEALTH:
                cadre = Cadre.SCHOOL_PASTORAL if agency == Agency.SCHOOLS else Cadre.COMMUNITY_HEALTH
                if pools.load[cadre] < p.own_help_load_limit:
                    row = open_row(child, children, cases, free_cases, week)
                    if cases.own_help_until[row] <= week:
                        flows[Flow.OWN_HELP_STARTED] += 1
                        flows[Flow.SERVICES_STARTED] += 1
                        help_begins(row, cases, waits, week)
                        cases.own_help_by[row] = agency
                        cases.own_help_until[row] = week + int(p.weeks_own_help)
            elif agency == Agency.LA_SERVICES:
                row = open_row(child, children, cases, free_cases, week)
                cases.asked_severity[row] = max(float64(cases.asked_severity[row]), concern)
                ask_for_early_help(row, children, cases, flows, week)


@compiled
def rest(children: Children, cases: Cases, free_cases: np.ndarray, week: int) -> None:
    """Close rows of children about whom nobody does anything, and bring stages in line with help that has ended."""
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        child = cases.child[row]
        stage = children.stage[child]
        if stage == Stage.EARLY_HELP or stage == Stage.EARLY_HELP_WAITING or stage == Stage.UNIVERSAL:
            resting = resting_stage(row, cases, week)
            if resting != stage:
                enter(child, resting, children, week)
            if idle(row, children, cases, week):
                close_row(row, children, cases, free_cases)
