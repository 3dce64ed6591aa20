"""Helpers work their hours: pools spend their time, and help acts on need."""

import numpy as np
from numpy import float64

from ecology.compiled import compiled, inlined
from ecology.rules import help as helping
from ecology.rules.duties import purpose_of
from ecology.rules.need import above
from ecology.tables import (
    Cases,
    Children,
    Families,
    Parameters,
    Pools,
    Schools,
    Settings,
    SocialWorkers,
    Tally,
)
from ecology.vocabulary import (
    NOBODY,
    SECONDS_A_MINUTE,
    SECONDS_AN_HOUR,
    Agency,
    Cadre,
    Cause,
    Package,
    Purpose,
    Stage,
    Sum,
)
from ecology.week.casefile import in_episode, open_plans, siblings


@compiled
def pools_open_the_week(pools: Pools, tally: Tally, now: Settings, p: Parameters) -> None:
    """Book what no pool can refuse (absence, learning, checkers, meetings) and say what time is left.

    Partners keep back what they do not put into concerns about children: it shows as slack or other duties.
    """
    for cadre in range(pools.fte.size):
        pools.tasks[cadre] = 0.0
        pools.direct_seconds[cadre] = 0
        if cadre == Cadre.SOCIAL_WORKER:
            continue
        paid = int(SECONDS_AN_HOUR * p.hours_a_week * pools.fte[cadre])
        tally.offered[cadre] += paid
        absent = int(paid * (p.leave_share + p.sickness_share))
        tally.seconds[cadre, Purpose.ABSENT, Cause.NOBODY_ASKED] += absent
        left = paid - absent
        limit = int(left * p.unrefusable_cap)
        for cause in range(tally.asked.shape[1]):
            duty = min(int(tally.asked[cadre, cause]), limit)
            tally.sums[Sum.OVERLOAD_MINUTES] += (int(tally.asked[cadre, cause]) - duty) / SECONDS_A_MINUTE
            if duty > 0:
                tally.seconds[cadre, purpose_of(cause), cause] += duty
                left -= duty
                limit -= duty
        if cadre == Cadre.SCHOOL_PASTORAL or cadre == Cadre.COMMUNITY_HEALTH or cadre == Cadre.CAMHS_CLINICIAN:
            own_business = left - int(left * now.partner_effort)
            tally.seconds[cadre, Purpose.IDLE, Cause.NOBODY_ASKED] += own_business
            left -= own_business
        pools.seconds_left[cadre] = left


@compiled
def pools_close_the_week(pools: Pools, tally: Tally) -> None:
    """Book what is left of the week as slack."""
    for cadre in range(pools.fte.size):
        if cadre != Cadre.SOCIAL_WORKER:
            tally.seconds[cadre, Purpose.IDLE, Cause.NOBODY_ASKED] += pools.seconds_left[cadre]
            pools.seconds_left[cadre] = 0


@inlined
def _spend(cadre: int, cause: int, total: int, pools: Pools, tally: Tally, p: Parameters) -> int:
    """Book a helper's time and return the part that reached the child or family: what the rest leaves, if anything."""
    recording = int(total * p.helper_recording_share)
    travel = min(int(total * p.helper_travel_share), total - recording)
    together = min(int(total * p.helper_coordination_share), total - recording - travel)
    direct = total - recording - travel - together
    tally.seconds[cadre, Purpose.DIRECT, cause] += direct
    tally.seconds[cadre, Purpose.RECORDING, cause] += recording
    tally.seconds[cadre, Purpose.TRAVEL, cause] += travel
    tally.seconds[cadre, Purpose.COORDINATION, cause] += together
    pools.seconds_left[cadre] -= total
    pools.direct_seconds[cadre] += direct
    return direct


@inlined
def _count_helped(children: Children, cases: Cases, pools: Pools, schools: Schools, week: int) -> None:
    pools.served[:] = 0
    schools.helped[:] = 0
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        if cases.early_help_until[row] > week:
            pools.served[Cadre.FAMILY_SUPPORT_WORKER] += 1
        if cases.camhs_until[row] > week:
            pools.served[Cadre.CAMHS_CLINICIAN] += 1
        if cases.own_help_until[row] > week:
            if cases.own_help_by[row] == Agency.SCHOOLS and children.school[cases.child[row]] != NOBODY:
                pools.served[Cadre.SCHOOL_PASTORAL] += 1
                schools.helped[children.school[cases.child[row]]] += 1
            else:
                pools.served[Cadre.COMMUNITY_HEALTH] += 1


@compiled
def helpers_work(
    children: Children, cases: Cases, pools: Pools, schools: Schools, tally: Tally, hours: np.ndarray,
    school_hours: np.ndarray, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Spend the pools' time on those they help; ``hours[cadre]`` becomes the direct hours each child gets.

    A school's pastoral hours are its own: ``school_hours[school]`` is what each of its helped pupils gets.
    """
    _count_helped(children, cases, pools, schools, week)
    hours[:] = 0.0
    for cadre in (Cadre.FAMILY_SUPPORT_WORKER, Cadre.COMMUNITY_HEALTH, Cadre.CAMHS_CLINICIAN):
        served = pools.served[cadre]
        if cadre == Cadre.FAMILY_SUPPORT_WORKER:
            cause, most = Cause.EARLY_HELP, p.hours_early_help_most
        elif cadre == Cadre.CAMHS_CLINICIAN:
            cause, most = Cause.CAMHS_TREATMENT, p.hours_camhs_most
        else:
            cause, most = Cause.OWN_HELP, p.hours_own_help_most
            asked = served * p.hours_own_help_most * SECONDS_AN_HOUR
            pools.load[cadre] += p.load_memory * (asked / max(pools.seconds_left[cadre], 1) - pools.load[cadre])
        if served > 0:
            total = min(pools.seconds_left[cadre], int(served * most * SECONDS_AN_HOUR))
            hours[cadre] = _spend(cadre, cause, total, pools, tally, p) / (served * float64(SECONDS_AN_HOUR))
    pastoral = Cadre.SCHOOL_PASTORAL.value
    left = pools.seconds_left[pastoral]
    asked = pools.served[pastoral] * p.hours_own_help_most * SECONDS_AN_HOUR
    pools.load[pastoral] += p.load_memory * (asked / max(left, 1) - pools.load[pastoral])
    all_hours = max(np.sum(schools.pastoral_hours), 1.0)
    for school in range(schools.present.size):
        school_hours[school] = 0.0
        helped = schools.helped[school]
        if helped > 0:
            own = int(left * schools.pastoral_hours[school] / all_hours)
            total = min(own, int(helped * p.hours_own_help_most * SECONDS_AN_HOUR))
            direct = _spend(pastoral, Cause.OWN_HELP.value, total, pools, tally, p)
            school_hours[school] = direct / (helped * float64(SECONDS_AN_HOUR))
    _serve_tasks(Cadre.INDEPENDENT_REVIEWING_OFFICER.value, Cause.LOOKED_AFTER.value, p.hours_review, pools, tally, p)
    _serve_tasks(Cadre.POLICE_PROTECTION.value, Cause.SECTION_47.value, p.hours_police_task, pools, tally, p)


@inlined
def _serve_tasks(cadre: int, cause: int, hours_each: float, pools: Pools, tally: Tally, p: Parameters) -> None:
    """Spend a pool's time on the tasks asked of it and note the share for which there was time."""
    wanted = int(pools.tasks[cadre] * hours_each * SECONDS_AN_HOUR)
    total = min(wanted, pools.seconds_left[cadre])
    _spend(cadre, cause, total, pools, tally, p)
    pools.done[cadre] = total / wanted if wanted > 0 else 1.0  # where nothing is asked nothing stays undone
    pools.load[cadre] += p.load_memory * (wanted / max(pools.seconds_left[cadre] + total, 1) - pools.load[cadre])


@inlined
def _ease(column: np.ndarray, child: int, by: float, p: Parameters) -> None:
    """Lower one domain of a child's need; help does nothing for a child without need in it."""
    need = float64(column[child])
    if need > 0.0:
        column[child] = max(need - by, 0.0)


@inlined
def _calm(relief: np.ndarray, children: Children, families: Families, cases: Cases) -> None:
    """Lower the strain of families by the ``relief`` of each file, a family's children in turn however files lie.

    Behind the last file stands one more place, of the children without a file: nothing is taken from it or put there.
    """
    for row in range(cases.present.size):
        if relief[row] == 0.0:
            continue
        first, behind = siblings(cases.child[row], children)
        family = children.family[first]
        strain = float64(families.strain[family])
        for child in range(first, behind):
            strain -= relief[children.case[child]]
            relief[children.case[child]] = 0.0
        families.strain[family] = strain


@compiled
def help_acts(
    children: Children, families: Families, cases: Cases, workers: SocialWorkers, hours: np.ndarray,
    school_hours: np.ndarray, week: int, now: Settings, p: Parameters,
) -> None:  # fmt: skip
    """Let this week's help act on the need of every known child."""
    dose_early_help = now.help_quality * helping.dose(hours[Cadre.FAMILY_SUPPORT_WORKER], p)
    dose_community_health = helping.dose(hours[Cadre.COMMUNITY_HEALTH], p)
    dose_camhs = helping.dose(hours[Cadre.CAMHS_CLINICIAN], p)
    relief = np.zeros(cases.present.size + 1)
    skilled = np.empty(workers.present.size)
    longest = 0  # that anybody can have had the same worker
    for worker in range(workers.present.size):
        skilled[worker] = helping.skilled(float64(workers.skill[worker]), p)
        if workers.present[worker] == 1:
            longest = max(longest, week - workers.joined[worker])
    continuity = np.empty(longest + 1)
    for weeks in range(longest + 1):
        continuity[weeks] = helping.continuity(float64(weeks), p)
    for row in range(cases.present.size):
        if cases.present[row] == 0:
            continue
        child = cases.child[row]
        plans = open_plans(row, children, cases, week)
        if plans == 0:
            continue
        stage = int(children.stage[child])
        safety, wellbeing, learning = children.need_safety, children.need_wellbeing, children.need_learning
        together = cases.package[row] == Package.AGREED
        works = (1.0 + now.practice) * helping.concord(plans, together, p)
        alone_safety = helping.one_domain_alone(
            above(float64(wellbeing[child]), 0.0) + above(float64(learning[child]), 0.0), now.k, p
        )
        alone_other = helping.one_domain_alone(above(float64(safety[child]), 0.0), now.k, p)
        if cases.early_help_until[row] > week:
            by = works * dose_early_help
            relief[row] += by * p.effect_early_help_strain
            _ease(safety, child, by * p.effect_early_help * alone_safety, p)
            _ease(wellbeing, child, by * p.effect_early_help * alone_other, p)
        if cases.own_help_until[row] > week:
            if cases.own_help_by[row] == Agency.SCHOOLS and children.school[child] != NOBODY:
                by = works * helping.dose(school_hours[children.school[child]], p)
                _ease(learning, child, by * p.effect_own_help * alone_other, p)
            else:
                by = works * dose_community_health
            _ease(wellbeing, child, by * p.effect_own_help * alone_other, p)
        if cases.camhs_until[row] > week:
            by = works * dose_camhs
            _ease(wellbeing, child, by * p.effect_camhs * alone_other, p)
        if in_episode(stage):
            worker = cases.worker[row]
            settled = 0.0
            if worker != NOBODY:
                settled = skilled[worker] * continuity[min(week - cases.worker_since[row], longest)]
            level = float64(cases.help_level[row])
            level += p.help_memory * (cases.direct_seconds[row] / float64(SECONDS_AN_HOUR) - level)
            cases.help_level[row] = level
            by = works * helping.dose(level, p) * settled
            relief[row] += by * p.effect_social_work_strain
            _ease(safety, child, by * p.effect_social_work * alone_safety, p)
            if stage == Stage.LOOKED_AFTER:
                _ease(safety, child, p.effect_care, p)
                _ease(learning, child, p.effect_virtual_head, p)
            cases.direct_seconds[row] = 0
    _calm(relief, children, families, cases)
