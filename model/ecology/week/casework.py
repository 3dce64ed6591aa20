"""Social workers work their hours: allocation, what cannot be refused, processes, and what is left for families."""

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import work
from ecology.rules.duties import purpose_of
from ecology.tables import Cases, Children, Families, Neighbourhoods, Parameters, Settings, SocialWorkers, Tally
from ecology.vocabulary import NOBODY, SECONDS_A_MINUTE, SECONDS_AN_HOUR, Cadre, Cause, Flow, Purpose, Queue, Sum
from ecology.week.casefile import in_episode, open_plans
from ecology.week.queueing import help_begins, in_order, left_queue, urgency_of


@inlined
def count_caseloads(children: Children, cases: Cases, workers: SocialWorkers, p: Parameters) -> None:
    """Count each worker's children and their weight, from the cases themselves."""
    workers.caseload[:] = 0
    workers.weight[:] = 0
    for row in range(cases.present.size):
        worker = cases.worker[row]
        if cases.present[row] == 1 and worker != NOBODY:
            workers.caseload[worker] += 1
            workers.weight[worker] += work.caseload_thousandths(int(children.stage[cases.child[row]]), p)


@inlined
def _lightest_of_teams(lightest: np.ndarray, workers: SocialWorkers) -> None:
    """Write down the worker with the lightest caseload of every team, -1 where it has none."""
    for team in range(lightest.size):
        lightest[team] = _least_loaded(workers.weight, workers, team)


@inlined
def _least_loaded(weight: np.ndarray, workers: SocialWorkers, team: int) -> int:
    """Return the worker with the lightest ``weight`` in a team (any team if ``team`` is -1), or -1 if there is none."""
    best = NOBODY
    for worker in range(workers.present.size):
        here = workers.present[worker] == 1 and (team == NOBODY or workers.team[worker] == team)
        if here and (best == NOBODY or weight[worker] < weight[best]):
            best = worker
    return best


@inlined
def _weeks_without_worker(row: int, children: Children, cases: Cases, week: int) -> int:
    """Return how long a child has waited for a worker: since its stage began, or since the last worker left it."""
    return week - max(int(children.stage_since[cases.child[row]]), int(cases.worker_since[row]))


@compiled
def allocate(
    children: Children, families: Families, cases: Cases, workers: SocialWorkers, neighbourhoods: Neighbourhoods,
    tally: Tally, rows: np.ndarray, ids: np.ndarray, urgency: np.ndarray, seed: int, week: int, now: Settings,
    p: Parameters,
) -> tuple[int, int]:  # fmt: skip
    """Give children without a worker to the worker with the lightest caseload of their team.

    Return how many wait, and how many another team took.

    With ``now.across_teams`` a share of those who find their team full go to another team. It is chosen by
    caseloads as reported every ``now.late_news`` weeks: late news moves capacity too far before anybody sees it.
    """
    count_caseloads(children, cases, workers, p)
    if week % int(now.late_news) == 0:
        for worker in range(workers.present.size):
            workers.weight_known[worker] = workers.weight[worker]
    waiting = 0
    for row in range(cases.present.size):
        if (
            cases.present[row] == 1
            and cases.worker[row] == NOBODY
            and in_episode(int(children.stage[cases.child[row]]))
        ):
            rows[waiting] = row
            ids[waiting] = cases.child[row]
            waited = _weeks_without_worker(row, children, cases, week)
            urgency[waiting] = urgency_of(float64(cases.perceived[row]), waited, row, cases, p)
            waiting += 1
    full_load = work.THOUSANDTHS * p.caseload_full
    lend = luck.stream(seed, Decision.ALLOCATION_LENT, week)
    ties = luck.stream(seed, Decision.ALLOCATION_TIE, week)
    left = 0
    elsewhere = 0
    lightest = np.empty(int(workers.team.max()) + 1, np.int32)
    _lightest_of_teams(lightest, workers)
    lightest_known = _least_loaded(workers.weight_known, workers, NOBODY)
    for row in in_order(rows, ids, urgency, waiting, ties):
        child = cases.child[row]
        team = int(neighbourhoods.team[families.neighbourhood[children.family[child]]])
        waited = _weeks_without_worker(row, children, cases, week)
        worker = int(lightest[team])
        full = worker == NOBODY or workers.weight[worker] >= full_load
        if full and luck.uniform(lend, child) < now.across_teams:
            other = lightest_known
            if other != NOBODY and (worker == NOBODY or workers.weight_known[other] < workers.weight[worker]):
                worker = other
                full = workers.weight[worker] >= full_load
        if worker == NOBODY or (full and waited < p.weeks_unallocated_at_most):
            left += 1
            continue
        cases.worker[row] = worker
        cases.worker_since[row] = week
        cases.voice[row] = 0.0
        cases.workers_had[row] += 1
        if cases.workers_had[row] > 1:
            tally.flows[Flow.WORKER_CHANGES] += 1
            tally.flows[Flow.SERVICES_STARTED] += 1
        workers.caseload[worker] += 1
        workers.weight[worker] += work.caseload_thousandths(int(children.stage[child]), p)
        workers_team = int(workers.team[worker])
        if workers_team != team:
            elsewhere += 1
        lightest[workers_team] = _least_loaded(workers.weight, workers, workers_team)
        help_begins(row, cases, tally.waits, week)
        left_queue(tally.waits, Queue.ALLOCATION.value, float64(waited))
    return left, elsewhere


@inlined
def _open_the_week(
    worker: int, posts: int, workers: SocialWorkers, tally: Tally, asked: np.ndarray, sick: np.uint64, p: Parameters
) -> None:
    """Book what a worker cannot refuse: absence, learning, what checkers and meetings ask."""
    cadre = Cadre.SOCIAL_WORKER.value
    paid = int(SECONDS_AN_HOUR * p.hours_a_week) + workers.lent_seconds[worker]
    tally.offered[cadre] += paid
    workers.sick[worker] = (
        1 if luck.uniform(sick, worker) < work.chance_of_sickness(float64(workers.fatigue[worker]), p) else 0
    )
    absent = paid if workers.sick[worker] == 1 else int(paid * p.leave_share)
    tally.seconds[cadre, Purpose.ABSENT, Cause.NOBODY_ASKED] += absent
    left = paid - absent
    limit = int(left * p.unrefusable_cap)
    for cause in range(asked.size):
        duty = min(int(asked[cause] / posts), limit)
        tally.sums[Sum.OVERLOAD_MINUTES] += (int(asked[cause] / posts) - duty) / SECONDS_A_MINUTE
        if duty > 0:
            tally.seconds[cadre, purpose_of(cause), cause] += duty
            left -= duty
            limit -= duty
    workers.seconds_left[worker] = left


@inlined
def _process_seconds(row: int, cases: Cases, p: Parameters) -> int:
    """Return how much of the current process a worker wants to do this week."""
    return min(cases.seconds_owed[row], int(SECONDS_AN_HOUR * p.process_hours_a_week))


@inlined
def _stage_seconds(row: int, children: Children, cases: Cases, p: Parameters) -> int:
    return int(SECONDS_AN_HOUR * work.hours_of_stage(int(children.stage[cases.child[row]]), p))


@inlined
def _together_seconds(row: int, children: Children, cases: Cases, week: int, now: Settings, p: Parameters) -> int:
    """Return the time for meetings, chasing and handovers with every other service that holds a plan."""
    others = open_plans(row, children, cases, week) - 1
    return int(SECONDS_A_MINUTE * p.minutes_per_other_plan * max(others, 0) * now.meeting_factor)


@compiled
def social_workers_work(
    children: Children, cases: Cases, workers: SocialWorkers, tally: Tally, seed: int, week: int, now: Settings,
    p: Parameters,
) -> None:  # fmt: skip
    """Spend every worker's week: first what cannot be refused, then processes, then visits; the rest is slack.

    Direct time is what gives way. Overtime is worked while more is owed than there is time for, up to a cap.
    """
    cadre = Cadre.SOCIAL_WORKER.value
    size = workers.present.size
    must = np.zeros(size, np.int64)
    wish = np.zeros(size, np.int64)
    posts = 0
    for worker in range(size):
        posts += int(workers.present[worker])
    sick = luck.stream(seed, Decision.WORKER_SICK, week)
    for worker in range(size):
        if workers.present[worker] == 1:
            _open_the_week(worker, posts, workers, tally, tally.asked[cadre], sick, p)
    for row in range(cases.present.size):
        worker = cases.worker[row]
        if cases.present[row] == 1 and worker != NOBODY:
            must[worker] += _process_seconds(row, cases, p) + _together_seconds(row, children, cases, week, now, p)
            wish[worker] += _stage_seconds(row, children, cases, p)

    share_must = np.zeros(size)
    share_wish = np.zeros(size)
    for worker in range(size):
        if workers.present[worker] == 0:
            continue
        left = workers.seconds_left[worker]
        owed = must[worker] + wish[worker]
        if workers.sick[worker] == 0:
            workers.work_ratio[worker] = min(owed / max(left, 1.0), p.work_ratio_cap)
        if owed > left and workers.sick[worker] == 0:
            extra = min(owed - left, int(SECONDS_AN_HOUR * p.hours_a_week * p.overtime_cap))
            tally.offered[cadre] += extra
            tally.overtime[cadre] += extra
            left += extra
            workers.seconds_left[worker] = left
        workers.fatigue[worker] = work.fatigue_next(
            float64(workers.fatigue[worker]), float64(workers.work_ratio[worker]), p
        )
        kept = min(float64(wish[worker]), p.visits_kept_share * left)
        share_must[worker] = min(1.0, (left - kept) / max(must[worker], 1.0))
        after = left - share_must[worker] * must[worker]
        share_wish[worker] = min(1.0 + p.visits_stretch, after / max(wish[worker], 1.0))

    for row in range(cases.present.size):
        worker = cases.worker[row]
        if cases.present[row] == 0 or worker == NOBODY:
            continue
        stage = int(children.stage[cases.child[row]])
        process = int(share_must[worker] * _process_seconds(row, cases, p))
        together = int(share_must[worker] * _together_seconds(row, children, cases, week, now, p))
        visits = int(share_wish[worker] * _stage_seconds(row, children, cases, p))
        cases.seconds_owed[row] -= process
        if cases.seconds_owed[row] < SECONDS_A_MINUTE:  # a worker short of time does a share of what is left each week
            cases.seconds_owed[row] = 0
        direct_process = int(process * p.process_direct_share)
        recording = int(visits * p.visits_recording_share)
        travel = int(visits * p.visits_travel_share * (1.0 + p.travel_more_far * cases.far[row]))
        travel = min(travel, visits - recording)
        direct_visits = visits - travel - recording
        cause = stage  # causes of casework carry the numbers of the stages
        seconds = tally.seconds
        seconds[cadre, Purpose.DIRECT, cause] += direct_process + direct_visits
        seconds[cadre, Purpose.RECORDING, cause] += process - direct_process + recording
        seconds[cadre, Purpose.TRAVEL, cause] += travel
        seconds[cadre, Purpose.COORDINATION, cause] += together
        workers.seconds_left[worker] -= process + together + visits
        cases.direct_seconds[row] = direct_process + direct_visits
    for worker in range(size):
        if workers.present[worker] == 1:
            tally.seconds[cadre, Purpose.IDLE, Cause.NOBODY_ASKED] += workers.seconds_left[worker]
            workers.seconds_left[worker] = 0
