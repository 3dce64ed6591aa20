"""Staff leave and join: posts, vacancies, agency cover, and children who lose their worker."""

import math

import numpy as np
from numpy import float64

from ecology import luck
from ecology.compiled import compiled, inlined
from ecology.luck import Decision
from ecology.rules import work
from ecology.tables import Cases, Parameters, Settings, SocialWorkers
from ecology.vocabulary import NOBODY, Flow


@inlined
def _start(worker: int, agency: bool, workers: SocialWorkers, seed: int, week: int, p: Parameters) -> None:
    workers.present[worker] = 1
    workers.agency[worker] = 1 if agency else 0
    workers.joined[worker] = week
    workers.fatigue[worker] = p.fatigue_reference
    skill = luck.normal(luck.stream(seed, Decision.WORKER_SKILL, week), worker)
    workers.skill[worker] = p.skill_spread * skill - (p.skill_agency_loss if agency else p.skill_newcomer_loss)


@compiled
def staff_the_posts_at_start(workers: SocialWorkers, posts: int, seed: int, week: int, p: Parameters) -> None:
    """Fill the posts at the start of a run, with agency staff and vacancies in their usual shares."""
    luck_of_post = luck.stream(seed, Decision.WORKER_LEAVES, week)
    for worker in range(min(posts, workers.present.size)):
        draw = luck.uniform(luck_of_post, worker)
        if draw >= p.vacancy_at_start:
            _start(worker, draw > 1.0 - p.agency_at_start, workers, seed, week, p)
        else:
            workers.vacant_since[worker] = week


@compiled
def staff_leave_and_join(
    workers: SocialWorkers, cases: Cases, flows: np.ndarray, posts: int, seed: int, week: int, now: Settings,
    p: Parameters,
) -> None:  # fmt: skip
    """Let social workers leave, agency staff cover and permanent staff join, within the number of funded posts."""
    leaves = luck.stream(seed, Decision.WORKER_LEAVES, week)
    joins = luck.stream(seed, Decision.WORKER_JOINS, week)
    gone = np.zeros(workers.present.size, np.int8)
    for worker in range(workers.present.size):
        if workers.present[worker] == 1:
            tenure = float64(week - workers.joined[worker])
            ceiling = p.skill_ceiling - (p.skill_agency_loss if workers.agency[worker] == 1 else 0.0)
            skill = float64(workers.skill[worker])
            workers.skill[worker] = skill + p.skill_learning * now.supervised * max(ceiling - skill, 0.0)
            chance = work.chance_of_leaving(float64(workers.fatigue[worker]), now.morale_loss, p)
            recruited = False
            if workers.agency[worker] == 1:  # the post is vacant still, and recruited to
                chance = 1.0 / p.weeks_agency_stays if tenure > 0 else 0.0
                recruited = worker < posts and luck.uniform(joins, worker) < 1.0 / p.weeks_to_recruit
            if luck.uniform(leaves, worker) < chance or worker >= posts or recruited:
                workers.present[worker] = 0
                workers.vacant_since[worker] = week
                workers.caseload[worker] = 0
                gone[worker] = 1
                flows[Flow.SOCIAL_WORKERS_LEFT] += 1
                flows[Flow.AGENCY_WORKERS_LEFT] += workers.agency[worker]
            if recruited:
                _start(worker, False, workers, seed, week, p)
                flows[Flow.SOCIAL_WORKERS_JOINED] += 1
        elif worker < posts:
            draw = luck.uniform(joins, worker)
            if draw < 1.0 / p.weeks_to_recruit:
                _start(worker, False, workers, seed, week, p)
                flows[Flow.SOCIAL_WORKERS_JOINED] += 1
            elif draw < 1.0 / p.weeks_to_recruit + p.agency_cover / p.weeks_to_find_agency:
                _start(worker, True, workers, seed, week, p)
                flows[Flow.SOCIAL_WORKERS_JOINED] += 1
    for row in range(cases.present.size):
        if cases.present[row] == 1 and cases.worker[row] != NOBODY and gone[cases.worker[row]] == 1:
            cases.worker[row] = NOBODY
            cases.worker_since[row] = week  # from here on it waits for another


@compiled
def count_staff(workers: SocialWorkers) -> tuple[int, int, float, float, float]:
    """Return how many social workers there are and how many of them are agency staff, and means over all of them.

    The means are of fatigue, caseload and the ratio of work owed to time for it; 0 where there is nobody.
    """
    here, agency, caseload = 0, 0, 0
    fatigue, ratio = 0.0, 0.0
    for worker in range(workers.present.size):
        if workers.present[worker] == 1:
            here += 1
            agency += workers.agency[worker]
            caseload += workers.caseload[worker]
            fatigue += float64(workers.fatigue[worker])
            ratio += float64(workers.work_ratio[worker])
    number = max(float64(here), 1.0)
    return here, agency, fatigue / number, caseload / number, ratio / number


@compiled
def spread_of_teams(workers: SocialWorkers) -> float:
    """Return how unevenly social workers are spread over the work: the spread of teams' mean caseloads, as a ratio."""
    teams = int(workers.team.max()) + 1
    members, load = np.zeros(teams), np.zeros(teams)
    for worker in range(workers.present.size):
        if workers.present[worker] == 1:
            members[workers.team[worker]] += 1.0
            load[workers.team[worker]] += workers.weight[worker] / work.THOUSANDTHS
    staffed, total, squares = 0.0, 0.0, 0.0
    for team in range(teams):
        if members[team] > 0.0:
            staffed += 1.0
            load[team] /= members[team]
            total += load[team]
    mean = total / max(staffed, 1.0)
    for team in range(teams):
        if members[team] > 0.0:
            squares += (load[team] - mean) ** 2
    return math.sqrt(squares / max(staffed, 1.0)) / max(mean, 1.0)
