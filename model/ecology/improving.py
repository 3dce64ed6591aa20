"""Improvement (MODEL 4.13 and the paper's §3.4): practice that is tried and spreads, and a team for failing teams."""

import numpy as np

from ecology import luck
from ecology.luck import Decision
from ecology.rules.work import THOUSANDTHS
from ecology.tables import Conditions, Parameters, SocialWorkers, Tally
from ecology.vocabulary import SECONDS_AN_HOUR, WEEKS_A_YEAR, Cadre, Cause, Purpose


def practice_spreads(conditions: Conditions, chance: float, spread: float, seed: int, week: int, p: Parameters) -> None:
    """Try a new practice once a year, let old ones lapse, and let what is known spread into daily work.

    ``chance`` is that of a year's trials finding a better practice, ``spread`` the share of it that is copied a week.
    """
    found = conditions.practice_found
    if week % WEEKS_A_YEAR == 0:
        found[0] *= 1.0 - float(p.practice_lapses_a_year)
        if luck.draw(seed, Decision.TRIAL.value, 0, week) < chance:
            found[0] = min(found[0] + float(p.practice_gain), float(p.practice_most))
    conditions.practice[0] += spread * (found[0] - conditions.practice[0])


def improvement_team_goes(
    workers: SocialWorkers, conditions: Conditions, warning: float, seed: int, week: int, p: Parameters
) -> None:
    """Lend the improvement team's hours, for a quarter, to the teams that a classifier takes to be failing.

    A team is failing when its social workers carry more than ``failing_load`` of a full caseload. The classifier finds
    it with its sensitivity and takes sound teams for failing with its false-alarm rate, both in proportion to
    ``warning``. Hours are shared by everybody in the flagged teams, so that false alarms thin them out; some are lost
    to getting to know children who have a worker. Where no team is flagged, the improvement team is paid the same.
    """
    workers.lent_seconds[:] = 0
    here = workers.present == 1
    flagged = np.zeros(workers.present.size, dtype=bool)
    for team in np.unique(workers.team):
        members = here & (workers.team == team)
        if not members.any():
            continue
        failing = workers.weight[members].mean() > p.failing_load * p.caseload_full * THOUSANDTHS
        chance = warning * float(p.warning_sensitivity if failing else p.warning_false_alarms)
        if luck.draw(seed, Decision.EARLY_WARNING.value, int(team), week) < chance:
            flagged |= members
    conditions.improvement_idle[0] = 0.0 if flagged.any() else 1.0
    if flagged.any():
        hours = float(conditions.improvement_posts[0] * p.hours_a_week) * (1.0 - float(p.improvement_to_know_families))
        workers.lent_seconds[flagged] = int(hours * SECONDS_AN_HOUR / flagged.sum())


def book_what_is_not_lent(tally: Tally, workers: SocialWorkers, conditions: Conditions, p: Parameters) -> None:
    """Book the hours of the improvement team that help nobody: all where no team is flagged, else what strangers need.

    What is lent is booked by the worker who has it.
    """
    seconds = int(float(conditions.improvement_posts[0] * p.hours_a_week) * SECONDS_AN_HOUR)
    seconds -= int(workers.lent_seconds[workers.present == 1].sum())
    purpose, cause = Purpose.COORDINATION, Cause.EARLY_WARNING
    if conditions.improvement_idle[0] > 0.0:
        purpose, cause = Purpose.IDLE, Cause.NOBODY_ASKED
    if seconds > 0:
        tally.offered[Cadre.SOCIAL_WORKER] += seconds
        tally.seconds[Cadre.SOCIAL_WORKER, purpose, cause] += seconds


def supervised(tally: Tally, p: Parameters) -> float:
    """Return this week's time for supervision and learning of social workers against the usual, bounded.

    ``learning_usual`` is that share of paid time; more makes skill grow faster, less slower.
    """
    spent = float(tally.seconds[Cadre.SOCIAL_WORKER, Purpose.LEARNING].sum())
    paid = float(tally.offered[Cadre.SOCIAL_WORKER])
    return min(spent / max(paid * float(p.learning_usual), 1.0), float(p.supervised_most))
