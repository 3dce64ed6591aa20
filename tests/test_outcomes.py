"""Outcomes by hand: a year of a place with round numbers, and what each outcome must then be."""

import numpy as np
import pytest

from ecology import outcomes
from ecology.outcomes import CALCULATIONS, OUTCOMES
from ecology.vocabulary import WEEKS_A_YEAR
from ecology.weeks import Weeks
from tests.places import record_of

EACH_WEEK = {  # of a place with 1,000 children
    "sum_children": 1000, "sum_harm": 10, "sum_acute_safety": 4, "sum_unmet_complex": 20, "sum_unmet_acute": 2,
    "sum_complex_wellbeing": 100, "sum_complex_learning": 50, "sum_plans_open": 30, "sum_children_helped": 20,
    "sum_harm_deprived": 6, "sum_children_deprived": 200, "sum_harm_affluent": 4, "sum_children_affluent": 800,
    "paid_minutes_social_worker": 600, "minutes_social_worker_direct": 150, "minutes_social_worker_accountability": 30,
    "paid_minutes_camhs_clinician": 400, "minutes_camhs_clinician_direct": 250,
    "minutes_camhs_clinician_coordination": 60, "flow_serious_incidents": 1,
    "waited_weeks_front_door": 6, "waited_children_front_door": 12, "waited_weeks_assessment": 30,
    "waited_children_assessment": 5, "waited_weeks_early_help": 8, "waited_children_early_help": 2,
    "waited_weeks_camhs": 9, "waited_children_camhs": 3, "waited_weeks_package": 7, "waited_children_package": 7,
    "flow_worker_changes": 1, "stock_assessment": 5, "stock_child_in_need": 15, "stock_looked_after": 6,
    "workers_caseload": 18, "flow_social_workers_left": 0.25, "fte_social_worker": 60,
    "workers_agency": 8,
    "flow_referrals_from_schools": 6, "flow_referrals_from_police": 4, "flow_referrals_after_unmet_need": 2,
    "flow_re_referrals": 3, "flow_duplicate_assessments": 1, "flow_assessments_completed": 8,
    "flow_section_47_unfounded": 2, "flow_section_47_enquiries": 5, "condition_early_help_pounds": 100,
    "pounds_authority_social_work": 3000, "pounds_police_protection_policing": 1000,
    "sum_absent_weeks": 2, "sum_pupil_weeks": 40, "sum_school_kilometres": 60, "flow_exclusions": 1,
    "school_roll": 650, "school_places": 1000, "sum_need_learning": 100, "flow_school_starts": 4,
    "flow_school_starts_without_place": 1, "flow_placement_moves": 0.75, "sum_in_care_far": 1.5,
    "flow_services_started": 2, "flow_contacts_from_schools": 12, "flow_contacts_from_police": 5,
    "flow_early_help_asked": 2, "flow_camhs_referred": 1, "minutes_social_worker_travel": 90,
    "flow_packages_agreed": 3, "flow_packages_asked": 4, "sum_sight_error": 3, "condition_packages_waiting": 6,
    "sum_unknown_complex": 5, "waited_over_9_weeks_assessment": 1, "waited_over_18_weeks_camhs": 1.5,
    "flow_complaints": 0.1, "team_spread": 0.3, "shunt_schools_schools": 3, "shunt_schools_authority": 1,
    "shunt_individuals_authority": 1, "balance_pounds_schools": 5000, "balance_pounds_authority": -2000,
    "flow_turned_5": 2, "flow_turned_5_on_plan": 1, "flow_aged_out": 4, "flow_turned_18_referred": 3,
    "flow_turned_18_in_need": 2, "flow_turned_18_on_plan": 1, "sum_overload_minutes": 250,
    "sum_unmet_additional": 30, "waited_weeks_first_help": 10, "waited_children_first_help": 4,
    "pounds_schools_pastoral": 500, "pounds_public_health_community_health": 200,
    "pounds_health_commissioner_camhs": 300,
}  # fmt: skip
EXPECTED = {
    "harm_weeks": 520, "direct_share": 40, "direct_share_social_workers": 25, "accountability_share": 3,
    "coordination_share": 6, "acute_weeks": 208, "unmet_complex_weeks": 1040, "unmet_acute_weeks": 104,
    "serious_incidents": 5200, "poor_wellbeing_weeks": 5200, "out_of_learning_weeks": 2600, "wait_front_door": 0.5,
    "wait_assessment": 6, "wait_early_help": 4, "wait_camhs": 3, "wait_package": 1, "worker_changes": 2,
    "caseload": 18, "staff_turnover": 25, "failure_demand_share": 20, "re_referral_share": 30,
    "duplicate_assessment_share": 12.5, "unfounded_enquiry_share": 40, "services_per_family": 1.5, "looked_after": 60,
    "early_help_spending": 5.2, "total_spending": 260, "inequity": 6, "absence": 5, "exclusions": 80,
    "mean_learning_need": 0.1, "starts_without_place": 25, "spare_places": 35, "school_distance": 1.5,
    "placement_moves": 6.5, "placed_far": 25, "story_retold": 26, "handoffs": 2, "travel_share": 9, "coherence": 75,
    "sight_error": 0.5, "missed_harm_weeks": 260, "worst_year_incidents": 5200, "long_waits_assessment": 20,
    "long_waits_camhs": 50, "complaints": 52, "uneven_teams": 30, "shifted_cost": 20, "school_balances": 5,
    "authority_balance": -2, "on_plan_by_5": 50, "referred_by_18": 75, "in_need_by_18": 50, "on_plan_by_18": 25,
    "overload": 20, "unmet_additional_weeks": 1560, "time_to_first_help": 2.5, "spending_authority": 156,
    "spending_schools": 26, "spending_health": 26, "spending_police": 52,
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_an_outcome_is_what_one_gets_by_hand(name: str) -> None:
    assert CALCULATIONS[name](Weeks(record_of(EACH_WEEK, 1))) == pytest.approx(EXPECTED[name])


def test_every_outcome_is_calculated_and_defined() -> None:
    assert set(CALCULATIONS) == set(OUTCOMES) == set(EXPECTED)


def test_weeks_before_the_switch_do_not_count_and_rates_do_not_grow_with_the_years() -> None:
    years = 2
    past = record_of(EACH_WEEK, 1) * 7
    told = outcomes.since(np.concatenate([past, record_of(EACH_WEEK, years)]), -WEEKS_A_YEAR, 0).set_index("outcome")[
        "value"
    ]
    totals = {name for name in EXPECTED if name.endswith("_weeks")}
    for name, value in EXPECTED.items():
        assert told[name] == pytest.approx(value * years if name in totals else value), name
