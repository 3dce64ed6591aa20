"""Where thresholds stand this week, and how separate desks share their time."""

import numpy as np

from ecology.rules.judgement import threshold
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
        load, shunting, eager = 1.0, 0.0, 0.0
        if agency in _HELPERS:
            load = max(float(pools.load[_HELPERS[agency]]), 1.0)
            shunting = -float(p.contact_from_own_load) * (1.0 - goal_weight)
            eager = gain
        contact[agency] = threshold(base + eager + misfit[agency], load, fear, shunting, float(p.contact_from_fear), p)
        if hasattr(p, _OWN_HELP[agency]):
            own_help[agency] = float(getattr(p, _OWN_HELP[agency])) - eager
    return contact, own_help


def of_decisions(now: Settings, conditions: Conditions, pools: Pools, fear: float, p: Parameters) -> None:
    """Set the thresholds of the pathway: a crowded desk and full caseloads raise them, fear lowers them."""
    desk = float(conditions.front_door_load[0])
    work = float(conditions.social_work_load[0])
    early = float(pools.load[Cadre.FAMILY_SUPPORT_WORKER])
    from_desk, from_work = float(p.threshold_from_front_door_load), float(p.threshold_from_work_load)
    from_fear = float(p.threshold_from_fear)
    now.threshold_referral = threshold(p.threshold_referral, desk, fear, from_desk, 0.0, p)
    now.threshold_no_further_action = threshold(p.threshold_no_further_action, work, fear, from_work, from_fear, p)
    now.threshold_early_help = threshold(p.threshold_early_help, early, fear, from_desk, 0.0, p)
    now.threshold_in_need = threshold(p.threshold_in_need, work, fear, from_work, 0.0, p)
    now.threshold_section_47 = threshold(p.threshold_section_47, 1.0, fear, 0.0, from_fear, p)
    now.threshold_section_47_at_once = threshold(p.threshold_section_47_at_once, 1.0, fear, 0.0, from_fear, p)
    now.threshold_conference = threshold(p.threshold_conference, 1.0, fear, 0.0, from_fear * _HALF, p)
    now.threshold_plan = threshold(p.threshold_plan, 1.0, fear, 0.0, from_fear * _HALF, p)
    now.threshold_step_down = threshold(p.threshold_step_down, work, fear, from_work, from_fear * _HALF, p)
    now.threshold_care = threshold(p.threshold_care, 1.0, fear, 0.0, from_fear, p)
    now.threshold_close = threshold(p.threshold_close, work, fear, from_work, from_fear, p)


def desk_shares(contacts: np.ndarray, p: Parameters) -> np.ndarray:
    """Return by source its part of the screening that is not done together; it follows the last year's ``contacts``."""
    planned = np.array([float(getattr(p, name)) for name in _DESK_SHARE])
    follow = float(p.desks_follow_demand) if contacts.sum() > 0.0 else 0.0
    return np.asarray(planned + follow * (contacts / max(contacts.sum(), 1.0) - planned))
