"""Where thresholds stand this week, and how separate desks share their time."""

import numpy as np

from ecology.rules.judgement import shifted
from ecology.tables import Conditions, Parameters, Pools, Settings
from ecology.vocabulary import Agency, Cadre, words

_HELPERS = {Agency.SCHOOLS: Cadre.SCHOOL_PASTORAL, Agency.HEALTH: Cadre.COMMUNITY_HEALTH}
_HALF = 0.5
_CONTACT = {agency: f"contact_threshold_{words(agency)}" for agency in Agency}
_OWN_HELP = {agency: f"own_help_threshold_{words(agency)}" for agency in Agency}
_DESK_SHARE = [f"desk_share_{words(agency)}" for agency in Agency]


def of_agencies(
    pools: Pools, goal_weight: float, fear: float, misfit: np.ndarray, p: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    """Return by agency the concern at which it contacts the front door, and the one at which it helps itself.

    A partner whose own helpers are full passes on earlier, the more so the less it weighs children's outcomes
    (cost shunting); a partner that weighs them more helps earlier itself and passes on later. ``misfit`` is by how
    much each agency reads the threshold document differently.
    """
    contact = np.zeros(len(Agency))
    own_help = np.full(len(Agency), np.inf)
    gain = float(p.help_from_goal_weight) * (goal_weight - float(p.goal_weight_alone)) * _HALF
    for agency in Agency:
        base = float(getattr(p, _CONTACT[agency]))
        shunting, eager = 0.0, 0.0
        if agency in _HELPERS:
            crowded = _above_one(pools.load[_HELPERS[agency]])
            shunting = float(p.contact_from_own_load) * (1.0 - goal_weight) * crowded
            eager = gain
        contact[agency] = shifted(base + eager + misfit[agency], -shunting - float(p.contact_from_fear) * fear, p)
        if hasattr(p, _OWN_HELP[agency]):
            own_help[agency] = float(getattr(p, _OWN_HELP[agency])) - eager
    return contact, own_help


def of_decisions(now: Settings, conditions: Conditions, pools: Pools, fear: float, p: Parameters) -> None:
    """Set the thresholds of the pathway, and that of CAMHS. Four pressures move them, each by a path of its own.

    A crowded desk passes on less, full caseloads take on less and close sooner, fear takes no chances. Where early help
    is full, no lesser answer is to be had: desks assess what they would have passed to it, workers enquire sooner, by
    the share of those who ask for it whom it cannot help.
    CAMHS accepts less the more children it treats and keeps waiting for each of its places.
    """
    desk = float(p.threshold_from_front_door_load) * (float(conditions.front_door_load[0]) - 1.0)
    early = float(p.threshold_from_front_door_load) * (float(pools.load[Cadre.FAMILY_SUPPORT_WORKER]) - 1.0)
    work = float(p.threshold_from_work_load) * (float(conditions.social_work_load[0]) - 1.0)
    caution = float(p.threshold_from_fear) * fear
    turned_away = 1.0 - 1.0 / max(float(pools.load[Cadre.FAMILY_SUPPORT_WORKER]), 1.0)
    no_lesser_answer = float(p.threshold_from_lost_help) * turned_away
    sooner = caution + no_lesser_answer
    held = caution * float(p.fear_at_closing)
    now.threshold_referral = shifted(p.threshold_referral, desk, p)
    now.threshold_no_further_action = shifted(p.threshold_no_further_action, work - sooner, p)
    now.threshold_early_help = shifted(p.threshold_early_help, early, p)
    now.threshold_in_need = shifted(p.threshold_in_need, work, p)
    now.threshold_section_47 = shifted(p.threshold_section_47, -sooner, p)
    now.threshold_section_47_at_once = shifted(p.threshold_section_47_at_once, -sooner, p)
    now.threshold_conference = shifted(p.threshold_conference, -sooner * _HALF, p)
    now.threshold_plan = shifted(p.threshold_plan, -sooner * _HALF, p)
    now.threshold_step_down = shifted(p.threshold_step_down, work - held * _HALF, p)
    now.threshold_care = shifted(p.threshold_care, -caution * float(p.fear_at_care), p)
    now.threshold_close = shifted(p.threshold_close, work - held, p)
    crowded = float(p.camhs_acceptance_from_load) * _above_one(pools.load[Cadre.CAMHS_CLINICIAN])
    now.camhs_acceptance = shifted(p.camhs_acceptance, crowded, p)


def _above_one(load: float) -> float:
    return max(float(load) - 1.0, 0.0)


def desk_shares(contacts: np.ndarray, p: Parameters) -> np.ndarray:
    """Return by source its part of the screening that is not done together; it follows the last year's ``contacts``."""
    planned = np.array([float(getattr(p, name)) for name in _DESK_SHARE])
    follow = float(p.desks_follow_demand) if contacts.sum() > 0.0 else 0.0
    return np.asarray(planned + follow * (contacts / max(contacts.sum(), 1.0) - planned))
