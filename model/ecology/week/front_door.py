"""The front door receives and triages: contacts wait for screening time and become referrals, early help or advice."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import judgement, need, noticing
from ecology.rules.work import hours_of_process
from ecology.tables import Cases, Children, Parameters, Pools, Settings, Tally
from ecology.vocabulary import (
    LONG_AGO,
    SECONDS_AN_HOUR,
    WEEKS_A_YEAR,
    Agency,
    Cadre,
    Cause,
    Flow,
    Purpose,
    Queue,
    Stage,
)
from ecology.week.casefile import EVER_IN_NEED, EVER_REFERRED, enter, open_plans, resting_stage, stays_unmet
from ecology.week.noticing import ask_for_early_help
from ecology.week.queueing import in_order, left_queue, urgency_of, whole


@inlined
def true_severity(child: int, children: Children, week: int, p: Parameters) -> float:
    """Return what a perfect assessment of a child would find this week."""
    return need.severity(
        float64(children.need_safety[child]),
        float64(children.need_wellbeing[child]),
        float64(children.need_learning[child]),
        float64(week - children.birth_week[child]),
        p,
    )


@compiled
def true_severities(children: Children, week: int, p: Parameters) -> np.ndarray:
    """Return by row what a perfect assessment would find this week."""
    severities = np.empty(children.present.size)
    for child in range(children.present.size):
        severities[child] = true_severity(child, children, week, p)
    return severities


@inlined
def what_everyone_wrote(child: int, sender: float, children: Children, week: int, p: Parameters) -> float:
    """Return the mean of the sender's concern and every agency's own, each weighted by what is left of its memory."""
    total, weight = sender, 1.0
    for concern, seen in (
        (noticing.read_note(int(children.concern_schools[child])), int(children.seen_by_schools[child])),
        (noticing.read_note(int(children.concern_health[child])), int(children.seen_by_health[child])),
        (noticing.read_note(int(children.concern_police[child])), int(children.seen_by_police[child])),
        (noticing.read_note(int(children.concern_la_services[child])), int(children.seen_by_la_services[child])),
    ):
        left = p.memory_kept_a_week ** float64(week - seen)
        total += left * concern
        weight += left
    return total / weight


@inlined
def start_process(
    row: int, stage: int, days_allowed: float, children: Children, cases: Cases, week: int, p: Parameters
) -> None:
    """Move a child to a stage that ends in a decision, with the work it takes and the week by which it is due."""
    enter(cases.child[row], stage, children, week)
    extra = 1.0 + p.duplicate_work * cases.duplicate[row]
    cases.seconds_owed[row] = int(SECONDS_AN_HOUR * hours_of_process(stage, p) * extra)
    cases.process_due[row] = week + int(days_allowed / p.working_days_a_week)


@inlined
def begin_episode(row: int, children: Children, cases: Cases, flows: np.ndarray, week: int) -> None:
    """Count the start of an episode of need."""
    flows[Flow.IN_NEED_EPISODES_STARTED] += 1
    cases.opened[row] = week
    children.ever[cases.child[row]] |= EVER_IN_NEED


@inlined
def _refer(row: int, perceived: float, children: Children, cases: Cases, flows: np.ndarray, week: int) -> None:
    child = cases.child[row]
    source = int(cases.source[row])
    flows[Flow.REFERRALS_FROM_SCHOOLS + source] += 1
    if week - int(children.last_referral[child]) <= WEEKS_A_YEAR:
        flows[Flow.RE_REFERRALS] += 1
    cases.comes_from[row] = LONG_AGO
    if children.last_unmet[child] < cases.contacted[row] and week - int(children.last_unmet[child]) <= WEEKS_A_YEAR:
        flows[Flow.REFERRALS_AFTER_UNMET_NEED] += 1
        cases.comes_from[row] = children.last_unmet[child]
    children.last_referral[child] = week
    children.ever[child] |= EVER_REFERRED
    cases.referred[row] = week
    cases.perceived[row] = perceived


@compiled
def front_door_triages(
    children: Children, cases: Cases, pools: Pools, tally: Tally, rows: np.ndarray, ids: np.ndarray,
    urgency: np.ndarray, desk_shares: np.ndarray, told: np.ndarray, seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Screen waiting contacts while there is time, most serious first, at one common desk or one for each agency.

    ``now.one_desk`` is the share of screening time behind the common desk; the rest is split by ``desk_shares`` and
    cannot be lent. All contacts of a desk share its error for some weeks. ``told[agency]`` is the share of others'
    knowledge that an agency passes on with its contact without being asked.
    """
    waiting = 0
    for row in range(cases.present.size):
        if cases.present[row] == 1 and children.stage[cases.child[row]] == Stage.CONTACT:
            rows[waiting] = row
            ids[waiting] = cases.child[row]
            urgency[waiting] = urgency_of(
                float64(cases.asked_severity[row]), week - int(cases.contacted[row]), row, cases, p
            )
            waiting += 1
    pools.tasks[Cadre.FRONT_DOOR] = waiting
    seconds_each = int(SECONDS_AN_HOUR * p.hours_screening)
    possible = pools.seconds_left[Cadre.FRONT_DOOR] // seconds_each
    fraction = luck.stream(seed, Decision.DESK_HOURS, week)
    own_desk = np.empty(desk_shares.size)
    for source in range(desk_shares.size):
        own_desk[source] = whole(possible * (1.0 - now.one_desk) * desk_shares[source], luck.uniform(fraction, source))
    common = whole(possible * now.one_desk, luck.uniform(fraction, desk_shares.size))
    noise = luck.stream(seed, Decision.SCREENING, week)
    shift = luck.stream(seed, Decision.SCREENING_DESK, week // int(p.weeks_of_desk_error))
    link = luck.stream(seed, Decision.FALSE_LINK, week)
    twice = luck.stream(seed, Decision.DUPLICATE, week)
    apart = luck.stream(seed, Decision.DESK_OF_CONTACT, week)
    again = luck.stream(seed, Decision.REFERRAL_JUDGEMENT, week)
    common_error = luck.normal(shift, desk_shares.size)
    screened = 0
    for row in in_order(rows, ids, urgency, waiting, luck.stream(seed, Decision.SCREENING_TIE, week)):
        source = int(cases.source[row])
        if screened >= possible:
            break
        at_common_desk = own_desk[source] < 1.0
        if not at_common_desk:
            own_desk[source] -= 1.0
        elif common >= 1.0:
            common -= 1.0
        else:
            continue
        screened += 1
        cases.voice[row] = 0.0
        child = cases.child[row]
        severity = true_severity(child, children, week, p)
        a_baby = need.fragility(float64(week - children.birth_week[child]), p)  # which nobody needs to be told
        sender = float64(cases.asked_severity[row])
        everyone = what_everyone_wrote(child, sender, children, week, p)
        desk = luck.normal(shift, source)
        if at_common_desk:
            desk = common_error if now.common_error > 0.0 else luck.normal(apart, child)
        error = p.screening_noise * luck.normal(noise, child) + p.desk_error * desk
        shared = max(now.shared_record, told[source])
        if luck.uniform(link, child) < shared * now.false_links * p.false_link_chance:
            tally.flows[Flow.FALSE_LINKS] += 1
            error += p.false_link_size
        perceived = judgement.desk_view(sender + a_baby, everyone + a_baby, severity, shared, error, p)
        tally.flows[Flow.CONTACTS_SCREENED] += 1
        left_queue(tally.waits, Queue.FRONT_DOOR.value, float64(week - cases.contacted[row]))
        if perceived >= now.threshold_referral:
            judged = judgement.second_look(perceived, severity, luck.normal(again, child), p)
            _refer(row, judged, children, cases, tally.flows, week)
            if judged >= now.threshold_section_47_at_once:
                begin_episode(row, children, cases, tally.flows, week)
                tally.flows[Flow.SECTION_47_ENQUIRIES] += 1
                start_process(row, Stage.SECTION_47.value, p.working_days_conference, children, cases, week, p)
            elif judged >= now.threshold_no_further_action:
                unaware = luck.uniform(twice, child) < p.duplicate_chance * (1.0 - shared)
                if unaware and open_plans(row, children, cases, week) > 0:
                    cases.duplicate[row] = 1
                    tally.flows[Flow.DUPLICATE_ASSESSMENTS] += 1
                start_process(row, Stage.ASSESSMENT.value, p.working_days_assessment, children, cases, week, p)
            else:
                tally.flows[Flow.REFERRALS_NO_FURTHER_ACTION] += 1
                _turn_away(row, severity, children, cases, week, p)
        elif perceived >= now.threshold_early_help:
            enter(child, resting_stage(row, cases, week), children, week)
            ask_for_early_help(row, children, cases, tally.flows, week)
        else:
            _turn_away(row, severity, children, cases, week, p)
    _book_screening(screened, seconds_each, pools, tally, p)
    pools.done[Cadre.FRONT_DOOR] = screened


@inlined
def _turn_away(row: int, severity: float, children: Children, cases: Cases, week: int, p: Parameters) -> None:
    child = cases.child[row]
    if severity >= p.level_complex_safety:
        stays_unmet(child, Agency.LA_SERVICES.value, children, week)
    cases.contacted[row] = LONG_AGO
    enter(child, resting_stage(row, cases, week), children, week)


@inlined
def _book_screening(screened: int, seconds_each: int, pools: Pools, tally: Tally, p: Parameters) -> None:
    total = screened * seconds_each
    direct = int(total * p.screening_direct_share)
    together = int(total * p.screening_coordination_share)
    tally.seconds[Cadre.FRONT_DOOR, Purpose.DIRECT, Cause.SCREENING] += direct
    tally.seconds[Cadre.FRONT_DOOR, Purpose.COORDINATION, Cause.SCREENING] += together
    tally.seconds[Cadre.FRONT_DOOR, Purpose.RECORDING, Cause.SCREENING] += total - direct - together
    pools.seconds_left[Cadre.FRONT_DOOR] -= total
