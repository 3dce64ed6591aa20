"""The measures that England publishes, by hand: a year with round numbers, and what each must then be."""

import pytest

from ecology import published
from ecology.vocabulary import WEEKS_A_YEAR
from tests.places import record_of

EACH_WEEK = {
    "sum_children": 1000, "flow_referrals_from_schools": 6, "flow_referrals_from_police": 4, "flow_re_referrals": 3,
    "flow_referrals_no_further_action": 1, "flow_assessed_not_in_need": 2, "flow_section_47_enquiries": 5,
    "flow_initial_conferences": 2, "flow_initial_conferences_in_time": 1, "flow_protection_plans_started": 1,
    "flow_protection_plans_repeated": 0.25, "flow_assessments_completed": 8, "flow_assessments_in_time": 6,
    "flow_in_need_episodes_ended": 10, "flow_in_need_ended_after_1_year": 2, "flow_in_need_ended_after_2_years": 1,
    "flow_camhs_referred": 4, "flow_camhs_not_accepted": 1, "waited_weeks_camhs": 9, "waited_children_camhs": 3,
    "fte_social_worker": 20, "workers_agency": 4, "workers_lacking": 4, "flow_social_workers_left": 0.5,
    "flow_agency_workers_left": 0.25, "workers_caseload": 18, "school_roll": 650, "school_places": 1000,
    "balance_pounds_schools": 520, "income_pounds_schools": 100, "pounds_authority_looked_after": 40,
    "pounds_authority_early_help": 30, "stock_child_in_need": 20, "stock_protection_plan": 4, "stock_looked_after": 6,
}  # fmt: skip
EXPECTED = {
    "referrals_per_10000": 5200, "in_need_at_31_march_per_10000": 300, "protection_plans_at_31_march": 4,
    "re_referrals_percent": 30, "referral_no_further_action_percent": 10, "assessed_not_in_need_percent": 20,
    "second_or_later_plans_percent": 25, "assessments_in_time_percent": 75, "conferences_in_time_percent": 50,
    "camhs_not_accepted_percent": 25, "camhs_wait_days": 21, "in_need_ended_after_1_year_percent": 20,
    "in_need_ended_after_2_years_percent": 10, "social_worker_turnover_percent": 81.25,
    "social_worker_vacancies_percent": 20, "agency_social_workers_percent": 20, "caseload": 18,
    "school_balances_percent": 10, "spare_school_places_percent": 35, "spend_total_gbp": 70 * WEEKS_A_YEAR,
    "spend_looked_after_gbp": 40 * WEEKS_A_YEAR,
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_measure_is_what_one_gets_by_hand(name: str) -> None:
    told = published.yearly(record_of(EACH_WEEK, 1), 0).set_index("measure")["value"]
    assert told[name] == pytest.approx(EXPECTED[name])


def test_only_full_years_to_31_march_are_told() -> None:
    told = published.yearly(record_of(EACH_WEEK, 3)[:-1], -10)
    assert sorted(told["year"].unique()) == [2011, 2012]
