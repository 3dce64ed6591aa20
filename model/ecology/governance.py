"""Governance (MODEL 5): thirteen levers. Each does something by a mechanism and is charged for it in time or money.

This is the only module that knows levers. Everybody else sees this week's settings (``settings.FIELDS``), what staff
are asked for (``asked``), and what partners aim at. No function knows the name of a regime.
"""

import math
from dataclasses import dataclass

import numpy as np

from ecology import checkers
from ecology.checkers import Checks
from ecology.lever_tables import distance, failure_modes, lever_values, levers, presets, status_quo
from ecology.tables import Checkers, Conditions, Parameters, Pools, Settings
from ecology.vocabulary import SECONDS_A_MINUTE, SECONDS_AN_HOUR, WEEKS_A_YEAR, Cadre, Cause

__all__ = ["Governing", "distance", "failure_modes", "govern", "lever_values", "levers", "presets", "status_quo"]

PARTNER_CADRES = (Cadre.SCHOOL_PASTORAL, Cadre.COMMUNITY_HEALTH, Cadre.CAMHS_CLINICIAN, Cadre.POLICE_PROTECTION)


@dataclass
class Governing:
    """One week of governing: what the levers may read, and what they set or charge.

    ``levers`` are as they work this week: a transition or an interim director weakens them, but ``set_levers`` are
    charged, and what ``tempo`` moved. ``staff`` holds posts by cadre, ``concerns`` what each wrote down last week,
    ``asked`` (cadre, cause) the seconds that staff owe this week; ``overspent`` says whether the authority owes money.
    ``pounds`` collects what governance costs the authority this week, at 2015 prices.
    """

    levers: dict[str, float]
    set_levers: dict[str, float]
    fails: dict[str, bool]
    now: Settings
    asked: np.ndarray
    staff: np.ndarray
    concerns: np.ndarray
    conditions: Conditions
    pools: Pools
    checkers: Checkers
    checks: Checks
    children: float
    complaints: float
    agreed_in_pairs: float
    overspent: bool
    week: int
    today: int
    p: Parameters
    goal_weight: float = 0.0
    sight: float = 0.0
    pooled_share: float = 0.0
    pooling_cost_share: float = 0.0
    captured_share: float = 0.0
    warning: float = 0.0
    chance_of_practice: float = 0.0
    spread_of_practice: float = 0.0
    planning: float = 0.0
    competition: float = 0.0
    pounds: float = 0.0

    def leaders_owe(self, cause: Cause, seconds_each: float) -> None:
        """Charge time to leaders, one for each team of staff; what they no longer give, their staff do without."""
        self.everybody_owes(cause, seconds_each / float(self.p.posts_a_team))

    def everybody_owes(self, cause: Cause, seconds_each: float, cadres: tuple[Cadre, ...] = ()) -> None:
        """Charge time to every member of staff of some cadres (all if none are named)."""
        if not cadres and seconds_each > 0.0:  # most levers ask for nothing, most weeks
            self.asked[:, cause] += seconds_each * self.staff
        for cadre in cadres:
            self.asked[cadre, cause] += seconds_each * self.staff[cadre]


def working_levers(
    set_levers: dict[str, float], fails: dict[str, bool], conditions: Conditions, week: int, p: Parameters
) -> dict[str, float]:
    """Return the levers as they work this week: weaker just after a switch, and while an interim director stands in."""
    kept = 1.0
    if fails["transition_dip"]:
        kept -= float(p.transition_dip * conditions.moved_levers[0] * _fading(conditions, week, p))
    if fails["leader_lost"] and week < conditions.interim_until[0]:
        kept *= 1.0 - float(p.interim_loss) * set_levers["decision_hub"]
    return {name: value * kept for name, value in set_levers.items()}


def blame(levers: dict[str, float], fails: dict[str, bool], p: Parameters) -> float:
    """Return how much stronger fear acts where one person is accountable for everything."""
    return 1.0 + (float(p.blame_of_hub) * levers["decision_hub"] if fails["accountability_fear"] else 0.0)


def decided_for_all(levers: dict[str, float]) -> float:
    """Return the share of decisions that one person takes for all."""
    return levers["decision_hub"]


def govern(g: Governing) -> None:
    """Set this week's arrangements and charge what they cost, lever by lever."""
    _business_as_usual(g)
    _transition(g)
    _decision_hub(g)
    _line_of_sight(g)
    _shared_record(g)
    _single_front_door(g)
    _pooled_money(g)
    _common_objective(g)
    _reporting_rationalisation(g)
    _tempo(g)
    _delegation(g)
    _early_warning(g)
    _partner_duty(g)
    _innovation_licence(g)
    _place_planning(g)


def _fading(conditions: Conditions, week: int, p: Parameters) -> float:
    """Return what is left of a transition: 1 at the switch, falling by two thirds in ``transition_weeks``."""
    return math.exp(-(week - float(conditions.switched[0])) / float(p.transition_weeks))


def _business_as_usual(g: Governing) -> None:
    """Charge what every regime pays: supervision, team business. Agencies left alone learn to agree in pairs."""
    p, now = g.p, g.now
    week_of_work = SECONDS_AN_HOUR * float(p.hours_a_week)
    g.everybody_owes(Cause.STAFF_DEVELOPMENT, float(p.learning_share) * week_of_work)
    g.everybody_owes(Cause.OTHER_BUSINESS, float(p.other_business_share) * week_of_work)
    now.chance_of_agreement = p.chance_of_agreement * (1.0 + p.agreement_from_trust * g.conditions.trust[0])
    now.seconds_per_negotiation = SECONDS_A_MINUTE * p.minutes_per_negotiation
    now.meeting_factor = 1.0
    g.everybody_owes(
        Cause.AGREEMENTS_IN_PAIRS, SECONDS_A_MINUTE * float(p.minutes_agreements) * g.agreed_in_pairs, PARTNER_CADRES
    )


def _transition(g: Governing) -> None:
    """Charge a change of regime to everybody's time, in proportion to how far the levers moved."""
    if g.fails["transition_dip"] and g.conditions.moved_levers[0] > 0.0:
        hours = float(g.p.hours_transition * g.conditions.moved_levers[0] / g.p.transition_weeks)
        g.everybody_owes(Cause.TRANSITION, SECONDS_AN_HOUR * hours * _fading(g.conditions, g.week, g.p))


def _decision_hub(g: Governing) -> None:
    """Decide packages in one place. Charged: panel hours in money, meeting time, a queue, lost autonomy, blame."""
    p, now, hub = g.p, g.now, g.levers["decision_hub"]
    now.hub = hub
    panel = float(p.panel_hours) * g.children / 10_000.0
    capacity = panel * hub / float(p.hours_per_hub_decision)
    capacity *= math.exp(float(p.dcs_skill_effect * g.conditions.dcs_skill[0]))
    capacity = max(capacity - float(p.decisions_lost_to_a_complaint) * hub * g.complaints, 0.0)
    now.hub_decisions = capacity if g.fails["bottleneck"] else g.children
    now.weeks_for_the_panel = p.weeks_for_the_panel if g.fails["bottleneck"] else math.inf
    each = SECONDS_A_MINUTE * p.minutes_per_hub_decision
    now.seconds_per_hub_decision = each if g.fails["coordination_overhead"] else 0.0
    if g.fails["posts_from_same_envelope"]:
        g.pounds += panel * g.set_levers["decision_hub"] * float(p.cost_panel_hour)
    if g.fails["leaders_meeting_hours"]:
        hours = float(p.leaders_meeting_hours) * g.set_levers["decision_hub"]
        g.leaders_owe(Cause.LEADERS_MEETINGS, SECONDS_AN_HOUR * hours)
    now.complaint_heard = p.complaint_heard_alone + (p.complaint_heard_by_hub - p.complaint_heard_alone) * hub
    seconds = SECONDS_AN_HOUR * float(p.hours_complaint) * (1.0 + float(p.bodies_passed_on) * (1.0 - hub))
    for cadre in (Cadre.FRONT_DOOR, Cadre.SOCIAL_WORKER):
        g.asked[cadre, Cause.COMPLAINTS] += seconds * g.complaints / 2.0
    g.competition = 1.0 - hub
    tendering = SECONDS_A_MINUTE * float(p.minutes_tendering) * g.competition
    g.everybody_owes(Cause.TENDERING, tendering, (Cadre.FAMILY_SUPPORT_WORKER,))
    now.morale_loss = 0.0
    if g.fails["morale_and_autonomy_loss"]:
        now.morale_loss = p.morale_loss_hub * hub * (1.0 - g.levers["delegation"])


def _line_of_sight(g: Governing) -> None:
    """Show children, caseloads and queues with less error. Charged: reporting minutes of every member of staff."""
    g.sight = g.levers["line_of_sight"] if g.fails["aggregation_loss_and_delay"] else 1.0
    g.now.sight_noise = g.p.sight_noise * (1.0 - g.sight)
    seconds = SECONDS_A_MINUTE * float(g.p.minutes_line_of_sight) * g.set_levers["line_of_sight"]
    g.everybody_owes(Cause.LINE_OF_SIGHT, seconds)


def _shared_record(g: Governing) -> None:
    """Show every agency's concerns to all. Charged: recording minutes for each concern, and false links."""
    g.now.shared_record = g.levers["shared_record"]
    g.now.false_links = 1.0
    seconds = SECONDS_A_MINUTE * float(g.p.minutes_shared_record) * g.set_levers["shared_record"]
    g.asked[:, Cause.SHARED_RECORD] += seconds * g.concerns


def _single_front_door(g: Governing) -> None:
    """Put screening behind one desk. Charged: one queue for all and, if desks err, one error for all."""
    g.now.one_desk = g.levers["single_front_door"]
    g.now.common_error = float(g.fails["correlated_error"])


def _pooled_money(g: Governing) -> None:
    """Let partners' money move to where children are seen to wait. Charged: vetoes, overhead on pounds, meetings."""
    p, pooled = g.p, g.levers["pooled_money"]
    g.pooled_share = pooled * float(p.discretionary_share) * (1.0 - float(p.veto_share))
    g.pooling_cost_share = float(p.pooling_overhead)
    g.now.camhs_together = pooled
    if g.fails["capture_by_own_overspend"] and g.overspent:
        g.captured_share = float(p.captured_share) * g.levers["decision_hub"]
    hours = float(p.hours_pooling) / WEEKS_A_YEAR * g.set_levers["pooled_money"]
    g.everybody_owes(Cause.POOLED_MONEY, SECONDS_AN_HOUR * hours, PARTNER_CADRES)


def _common_objective(g: Governing) -> None:
    """Raise what partners' own objective weighs children. Charged: their leaders' time; part is gamed."""
    p, common = g.p, g.levers["common_objective"]
    honest = 1.0 - (float(p.gaming_share) if g.fails["gaming"] else 0.0)
    g.goal_weight = float(p.goal_weight_alone) + float(p.goal_weight_gain) * common * honest
    seconds = SECONDS_A_MINUTE * float(p.minutes_common_objective_leaders) * g.set_levers["common_objective"]
    g.leaders_owe(Cause.COMMON_OBJECTIVE, seconds)


def _reporting_rationalisation(g: Governing) -> None:
    """Merge overlapping returns. Charged: a year of redesign, detection that is lost, returns that grow back."""
    p, merged = g.p, g.levers["reporting_rationalisation"]
    years = max(g.week - float(g.conditions.switched[0]), 0.0) / WEEKS_A_YEAR
    merged_now = merged
    if g.fails["reporting_rebound"]:
        merged_now *= 1.0 - float(p.rebound_share) * (1.0 - math.exp(-years / float(p.rebound_years)))
    if years < 1.0:
        hours = float(p.hours_redesign) / WEEKS_A_YEAR * g.set_levers["reporting_rationalisation"]
        g.everybody_owes(Cause.REPORTING_REDESIGN, SECONDS_AN_HOUR * hours)
    checking = checkers.ask(g.checkers, g.asked, g.staff, merged_now, g.checks, g.today, p)
    reviewing = float(g.pools.done[Cadre.INDEPENDENT_REVIEWING_OFFICER])
    checking *= (1.0 - float(p.lost_detection) * merged_now) * (1.0 + reviewing) / 2.0
    checking *= 1.0 - float(p.joint_inspection_overlooks) * g.checks.joint
    g.now.drift_check = checkers.chance_to_catch_drift(checking, p)


def _tempo(g: Governing) -> None:
    """Let teams with room help those that are full. Charged: handing over and travel for each child moved last week."""
    g.now.across_teams = g.p.tempo_gain * g.levers["tempo"]
    late = float(g.p.weeks_of_late_news) * (1.0 - g.levers["line_of_sight"])
    g.now.late_news = max(round(late), 1) if g.fails["control_instability"] else 1
    moved = float(g.conditions.given_to_other_teams[0])
    g.asked[Cadre.SOCIAL_WORKER, Cause.TEMPO] += SECONDS_AN_HOUR * float(g.p.hours_in_another_team) * moved


def _delegation(g: Governing) -> None:
    """Let workers decide. Saves approvals by managers; charged: decisions differ more between workers."""
    p, discretion = g.p, g.levers["delegation"]
    g.now.judgement_spread = 1.0 + p.delegation_spread * g.set_levers["delegation"]
    seconds = SECONDS_A_MINUTE * float(p.minutes_approval) * (1.0 - discretion)
    g.asked[Cadre.SOCIAL_WORKER, Cause.OTHER_BUSINESS] += seconds * float(g.conditions.approvals[0])


def _early_warning(g: Governing) -> None:
    """Send an improvement team to teams about to fail. Charged: its posts, and its time lost on false alarms.

    Which teams are flagged, rightly or not, is decided in ``improving``; here the posts are set and paid.
    """
    p = g.p
    posts = g.set_levers["early_warning"] * float(p.improvement_share) * float(g.conditions.social_work_posts[0])
    g.conditions.improvement_posts[0] = posts
    g.warning = g.levers["early_warning"]
    if g.fails["posts_from_same_envelope"]:
        g.pounds += posts * float(p.cost_social_work_post) / WEEKS_A_YEAR


def _partner_duty(g: Governing) -> None:
    """Oblige partners to a minimum of effort. Charged: monitoring by partners' staff, and goodwill withdrawn."""
    p, duty = g.p, g.levers["partner_duty"]
    g.now.partner_effort = min(p.partner_effort_alone + p.partner_effort_gain * duty, 1.0)
    if g.fails["partner_withdrawal"]:
        g.goal_weight -= float(p.goodwill_withdrawn) * max(duty, g.levers["decision_hub"])
    g.everybody_owes(
        Cause.PARTNER_DUTY,
        SECONDS_A_MINUTE * float(p.minutes_partner_duty) * g.set_levers["partner_duty"],
        PARTNER_CADRES,
    )


def _innovation_licence(g: Governing) -> None:
    """Protect time for trials of better practice. Charged: that time, whether or not a trial succeeds.

    One direction for all spreads a practice faster, but leaves fewer variants to find it among.
    """
    p, hub = g.p, g.levers["decision_hub"]
    variety = 1.0 - float(p.variety_lost_to_hub) * hub
    g.chance_of_practice = float(p.trial_success) * g.levers["innovation_licence"] * variety
    g.spread_of_practice = float(p.practice_spreads_a_year) * (1.0 + float(p.direction_spreads) * hub) / WEEKS_A_YEAR
    seconds = SECONDS_A_MINUTE * float(g.p.minutes_innovation) * g.set_levers["innovation_licence"]
    cadres = (Cadre.SOCIAL_WORKER, Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN)
    g.everybody_owes(Cause.INNOVATION, seconds, cadres)


def _place_planning(g: Governing) -> None:
    """Let new school places follow the forecast. Charged: planners' posts, schools' time; places are fewer and later.

    What planning does to places, and what it loses, is decided in ``school_places``.
    """
    p, planned = g.p, g.set_levers["place_planning"]
    g.planning = g.levers["place_planning"]
    g.everybody_owes(
        Cause.PLACE_PLANNING, SECONDS_A_MINUTE * float(p.minutes_place_planning) * planned, (Cadre.SCHOOL_PASTORAL,)
    )
    if g.fails["posts_from_same_envelope"]:
        posts = float(p.planning_posts) * g.children / 10_000.0
        g.pounds += planned * posts * float(p.cost_planning_post) / WEEKS_A_YEAR
