"""Assessments, conferences and reviews decide: the next stage of every child whose process or review is due."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import care, judgement, pathway
from ecology.tables import Cases, Children, Conditions, Families, Parameters, Settings, SocialWorkers, Tally
from ecology.vocabulary import LONG_AGO, NOBODY, Agency, Flow, Package, Queue, Stage
from ecology.week.casefile import (
    EVER_LOOKED_AFTER,
    EVER_ON_PLAN,
    end_episode,
    enter,
    in_episode,
    resting_stage,
    stays_unmet,
)
from ecology.week.front_door import begin_episode, start_process, true_severity
from ecology.week.noticing import ask_for_early_help
from ecology.week.queueing import left_queue


@inlined
def _judged(
    row: int, decision: int, children: Children, cases: Cases, workers: SocialWorkers, seed: int, week: int,
    now: Settings, p: Parameters,
) -> float:  # fmt: skip
    """Return severity as the child's worker judges it now, and keep it on the file."""
    child = cases.child[row]
    worker = cases.worker[row]
    skill, fatigue = 0.0, 0.0
    if worker != NOBODY:
        skill, fatigue = float64(workers.skill[worker]), float64(workers.fatigue[worker])
    noise = now.judgement_spread * luck.normal(luck.stream(seed, decision, week), child)
    perceived = judgement.worker_view(true_severity(child, children, week, p), skill, fatigue, noise, p)
    cases.perceived[row] = perceived
    return perceived


@inlined
def _start_section_47(row: int, children: Children, cases: Cases, flows: np.ndarray, week: int, p: Parameters) -> None:
    flows[Flow.SECTION_47_ENQUIRIES] += 1
    start_process(row, Stage.SECTION_47.value, p.working_days_conference, children, cases, week, p)


@inlined
def _start_care(
    row: int, children: Children, cases: Cases, flows: np.ndarray, seed: int, week: int, now: Settings, p: Parameters
) -> None:
    child = cases.child[row]
    flows[Flow.LOOKED_AFTER_STARTED] += 1
    children.ever[child] |= EVER_LOOKED_AFTER
    enter(child, Stage.LOOKED_AFTER, children, week)
    age = (week - float64(children.birth_week[child])) / p.weeks_a_year
    flows[Flow.LOOKED_AFTER_STARTED_UNDER_1] += int(age < 1.0)
    draw = luck.uniform(luck.stream(seed, Decision.PLACEMENT, week), child)
    cases.placement[row] = care.placement(draw, age, p)
    cases.far[row] = 1 if luck.uniform(luck.stream(seed, Decision.PLACEMENT_FAR, week), child) < now.far else 0
    cases.review_due[row] = week + int(p.weeks_first_review)


@inlined
def _start_in_need(row: int, children: Children, cases: Cases, week: int, p: Parameters) -> None:
    enter(cases.child[row], Stage.CHILD_IN_NEED, children, week)
    cases.review_due[row] = week + int(p.weeks_first_review_in_need)


@inlined
def _close(row: int, children: Children, cases: Cases, flows: np.ndarray, week: int, p: Parameters) -> None:
    child = cases.child[row]
    if true_severity(child, children, week, p) >= p.level_complex_safety:
        stays_unmet(child, Agency.LA_SERVICES.value, children, week)
    end_episode(row, children, cases, flows, week)


@inlined
def _assessed(
    row: int, perceived: float, children: Children, cases: Cases, tally: Tally, week: int, now: Settings, p: Parameters
) -> None:
    child = cases.child[row]
    waited = week - cases.referred[row]
    cases.duplicate[row] = 0
    tally.flows[Flow.ASSESSMENTS_COMPLETED] += 1
    tally.flows[Flow.ASSESSMENTS_IN_TIME] += 1 if week <= cases.process_due[row] else 0
    left_queue(tally.waits, Queue.ASSESSMENT.value, float64(waited))
    stage = pathway.after_assessment(perceived, now.threshold_in_need, now.threshold_section_47)
    if stage == Stage.UNIVERSAL:
        tally.flows[Flow.ASSESSED_NOT_IN_NEED] += 1
        if true_severity(child, children, week, p) >= p.level_complex_safety:
            stays_unmet(child, Agency.LA_SERVICES.value, children, week)
        cases.worker[row] = NOBODY
        cases.workers_had[row] = 0
        enter(child, resting_stage(row, cases, week), children, week)
        if perceived >= now.threshold_early_help:
            ask_for_early_help(row, children, cases, tally.flows, week)
        return
    begin_episode(row, children, cases, tally.flows, week)
    cases.early_help_waiting[row] = LONG_AGO
    cases.early_help_until[row] = LONG_AGO  # help steps up: the social worker's plan takes its place
    if stage == Stage.SECTION_47:
        _start_section_47(row, children, cases, tally.flows, week, p)
    else:
        _start_in_need(row, children, cases, week, p)


@inlined
def _enquired(
    row: int,
    perceived: float,
    children: Children,
    cases: Cases,
    flows: np.ndarray,
    seed: int,
    week: int,
    now: Settings,
    p: Parameters,
) -> None:
    if perceived >= now.threshold_care:
        _start_care(row, children, cases, flows, seed, week, now, p)
        return
    stage = pathway.after_enquiry(perceived, now.threshold_conference, now.threshold_in_need)
    if stage == Stage.CONFERENCE:
        due = cases.process_due[row]
        start_process(row, Stage.CONFERENCE.value, 0.0, children, cases, week, p)
        cases.process_due[row] = due  # 15 working days run from the strategy discussion
        return
    flows[Flow.SECTION_47_UNFOUNDED] += 1
    if stage == Stage.CHILD_IN_NEED:
        _start_in_need(row, children, cases, week, p)
    else:
        _close(row, children, cases, flows, week, p)


@inlined
def _conferred(
    row: int, perceived: float, children: Children, cases: Cases, tally: Tally, week: int, now: Settings, p: Parameters
) -> None:
    child = cases.child[row]
    flows = tally.flows
    flows[Flow.INITIAL_CONFERENCES] += 1
    flows[Flow.INITIAL_CONFERENCES_IN_TIME] += 1 if week <= cases.process_due[row] else 0
    left_queue(tally.waits, Queue.CONFERENCE.value, float64(week - children.stage_since[child]))
    if pathway.after_conference(perceived, now.threshold_plan) == Stage.PROTECTION_PLAN:
        flows[Flow.PROTECTION_PLANS_STARTED] += 1
        if children.plans_had[child] > 0:
            flows[Flow.PROTECTION_PLANS_REPEATED] += 1
        children.plans_had[child] += 1
        children.ever[child] |= EVER_ON_PLAN
        enter(child, Stage.PROTECTION_PLAN, children, week)
        cases.review_due[row] = week + int(p.weeks_first_review)
    else:
        _start_in_need(row, children, cases, week, p)


@inlined
def _reviewed(
    row: int,
    stage: int,
    perceived: float,
    children: Children,
    cases: Cases,
    flows: np.ndarray,
    seed: int,
    week: int,
    now: Settings,
    p: Parameters,
) -> None:
    child = cases.child[row]
    if stage == Stage.CHILD_IN_NEED:
        if perceived >= now.threshold_care:
            _start_care(row, children, cases, flows, seed, week, now, p)
            return
        after = pathway.after_review_in_need(perceived, now.threshold_close, now.threshold_section_47)
        if after == Stage.SECTION_47:
            _start_section_47(row, children, cases, flows, week, p)
        elif after == Stage.UNIVERSAL:
            _close(row, children, cases, flows, week, p)
        else:
            cases.review_due[row] = week + int(p.weeks_review_in_need)
    elif stage == Stage.PROTECTION_PLAN:
        after = pathway.after_review_of_plan(perceived, now.threshold_step_down, now.threshold_care)
        cases.review_due[row] = week + int(p.weeks_later_review)
        if after != Stage.PROTECTION_PLAN:
            flows[Flow.PROTECTION_PLANS_ENDED] += 1
        if after == Stage.LOOKED_AFTER:
            _start_care(row, children, cases, flows, seed, week, now, p)
        elif after == Stage.CHILD_IN_NEED:
            _start_in_need(row, children, cases, week, p)
    else:
        cases.review_due[row] = week + int(p.weeks_later_review)
    if children.stage[child] == stage and cases.package[row] == Package.AGREED:
        cases.package[row] = Package.NOT_NEEDED  # what was put together must be agreed again after each review


@compiled
def cases_are_decided(
    children: Children, families: Families, cases: Cases, workers: SocialWorkers, conditions: Conditions,
    tally: Tally, seed: int, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Decide every case that is due, and count decisions for approval and reviews to be written up."""
    drift = luck.stream(seed, Decision.DRIFT_CHECK, week)
    leaving = luck.stream(seed, Decision.CARE_EXIT, week)
    moves = luck.stream(seed, Decision.PLACEMENT_MOVE, week)
    most_leave = care.highest_chance_of_leaving_care(p)
    conditions.approvals[0] = 0.0
    conditions.reviews[0] = 0.0
    for row in range(cases.present.size):
        if cases.present[row] == 0 or not in_episode(int(children.stage[cases.child[row]])):
            continue
        child = cases.child[row]
        stage = int(children.stage[child])
        if stage == Stage.ASSESSMENT or stage == Stage.SECTION_47 or stage == Stage.CONFERENCE:
            done = cases.worker[row] != NOBODY and cases.seconds_owed[row] <= 0
            if not done or week - children.stage_since[child] < int(p.weeks_to_convene):
                continue
            conditions.approvals[0] += 1.0
            if stage == Stage.ASSESSMENT:
                view = _judged(row, Decision.ASSESSMENT_JUDGEMENT.value, children, cases, workers, seed, week, now, p)
                _assessed(row, view, children, cases, tally, week, now, p)
            elif stage == Stage.SECTION_47:
                view = _judged(row, Decision.SECTION_47_JUDGEMENT.value, children, cases, workers, seed, week, now, p)
                _enquired(row, view, children, cases, tally.flows, seed, week, now, p)
            else:
                conditions.reviews[0] += 1.0
                view = _judged(row, Decision.CONFERENCE_JUDGEMENT.value, children, cases, workers, seed, week, now, p)
                _conferred(row, view, children, cases, tally, week, now, p)
            continue
        if stage == Stage.LOOKED_AFTER:
            age = (week - float64(children.birth_week[child])) / p.weeks_a_year
            weeks_in_care = float64(week - children.stage_since[child])
            strain = float64(families.strain[children.family[child]])
            draw = luck.uniform(leaving, child)  # compared first with what nobody exceeds: spares most the exponentials
            if draw < most_leave and draw < care.chance_of_leaving_care(age, weeks_in_care, strain, p):
                _close(row, children, cases, tally.flows, week, p)
                continue
            if luck.uniform(moves, child) < care.chance_of_moving(cases.far[row] == 1, p):
                tally.flows[Flow.PLACEMENT_MOVES] += 1
                wellbeing = float64(children.need_wellbeing[child]) + p.move_hurts
                children.need_wellbeing[child] = min(wellbeing, p.need_cap)
                far = luck.uniform(luck.stream(seed, Decision.PLACEMENT_FAR, week), child) < now.far
                cases.far[row] = 1 if far else 0
        gap = true_severity(child, children, week, p) - float64(cases.perceived[row])
        if abs(gap) >= p.drift_size and luck.uniform(drift, child) < now.drift_check:
            tally.flows[Flow.DRIFT_CAUGHT] += 1
            cases.review_due[row] = week
        if cases.review_due[row] <= week:
            conditions.approvals[0] += 1.0
            if stage != Stage.CHILD_IN_NEED:
                conditions.reviews[0] += 1.0
            view = _judged(row, Decision.REVIEW_JUDGEMENT.value, children, cases, workers, seed, week, now, p)
            _reviewed(row, stage, view, children, cases, tally.flows, seed, week, now, p)
