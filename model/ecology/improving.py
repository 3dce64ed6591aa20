"""Improvement (MODEL 4.13 and the paper's §3.4): practice that is tried and spreads, and a team for failing teams."""

import numpy as np

from ecology import luck
from ecology.luck import Decision
from ecology.tables import Conditions, Parameters, SocialWorkers
from ecology.vocabulary import SECONDS_AN_HOUR, WEEKS_A_YEAR


def practice_spreads(conditions: Conditions, levers: dict[str, float], seed: int, week: int, p: Parameters) -> None:
    """Try a new practice once a year, let old ones lapse, and let what is known spread into daily work.

    One direction for all spreads a practice faster but leaves fewer variants to find it among.
    """
    hub = levers["decision_hub"]
    found = conditions.practice_found
    if week % WEEKS_A_YEAR == 0:
        found[0] *= 1.0 - float(p.practice_lapses_a_year)
        chance = float(p.trial_success) * levers["innovation_licence"] * (1.0 - float(p.variety_lost_to_hub) * hub)
        if luck.draw(seed, Decision.TRIAL, 0, week) < chance:
            found[0] = min(found[0] + float(p.practice_gain), float(p.practice_most))
    speed = float(p.practice_spreads_a_year) * (1.0 + float(p.direction_spreads) * hub) / WEEKS_A_YEAR
    conditions.practice[0] += speed * (found[0] - conditions.practice[0])


def improvement_team_goes(
    workers: SocialWorkers, conditions: Conditions, warning: float, seed: int, week: int, p: Parameters
) -> None:
    """Lend the improvement team's hours, for a quarter, to the teams that a classifier takes to be failing.

    A team is failing when its social workers carry more than ``failing_load`` of a full caseload. The classifier finds
    it with its sensitivity and takes sound teams for failing with its false-alarm rate, both in proportion to
    ``warning``. Hours are shared by everybody in the flagged teams, so that false alarms thin them out.
    """
    workers.lent_seconds[:] = 0
    here = workers.present == 1
    flagged = np.zeros(workers.present.size, dtype=bool)
    for team in np.unique(workers.team):
        members = here & (workers.team == team)
        if not members.any():
            continue
        failing = workers.weight[members].mean() > p.failing_load * p.caseload_full
        chance = warning * float(p.warning_sensitivity if failing else p.warning_false_alarms)
        if luck.draw(seed, Decision.EARLY_WARNING, int(team), week) < chance:
            flagged |= members
    if flagged.any():
        hours = float(conditions.improvement_posts[0] * p.hours_a_week * (1.0 - p.leave_share))
        workers.lent_seconds[flagged] = int(hours * SECONDS_AN_HOUR / flagged.sum())
