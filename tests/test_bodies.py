"""Bodies around a place: checkers, board, citizens and lead member, pairs of agencies, practice."""

import numpy as np
import pytest

from ecology import board, checkers, citizens, evidence, governance, improving, pairs, tables
from ecology.checkers import Checks
from ecology.tables import Conditions
from ecology.vocabulary import LONG_AGO, WAIT_EDGES, Agency, Cadre, Cause, Flow, words
from tests.places import assert_alive, at_switch, changed, lived, scenario, total, weeks

P = evidence.values()
YEAR = 52

# Checkers ------------------------------------------------------------------------------------------------------------


def asked(on_site: bool = False, joint: float = 0.0, merged: float = 0.0, today: int = 400) -> np.ndarray:
    table = checkers.new_table()
    seconds = np.zeros((len(Cadre), len(Cause)))
    checkers.ask(table, seconds, np.ones(len(Cadre)), merged, Checks(on_site, joint), today, P)
    assert seconds.sum() == pytest.approx(table.asked_seconds.sum(), abs=len(table) * len(Cadre))
    return seconds


def test_inspectors_on_site_ask_most_and_the_mean_over_the_cycle_is_that_of_the_parameter() -> None:
    between, visit = asked()[:, Cause.INSPECTION].sum(), asked(on_site=True)[:, Cause.INSPECTION].sum()
    assert visit > 3 * between > 0.0
    cycle = YEAR * float(P.years_between_inspections)
    mean = (visit * float(P.weeks_on_site) + between * (cycle - float(P.weeks_on_site))) / cycle
    answering = sum(len(body.answers) for body in checkers.bodies() if body.cause == Cause.INSPECTION)
    # between visits the part outside the surge is asked all the time: the mean is the parameter's
    assert mean * YEAR / 3600 / answering == pytest.approx(float(P.hours_inspection), rel=0.001)


def test_a_joint_inspection_asks_less_and_merged_returns_too() -> None:
    assert asked(joint=1.0).sum() < asked(joint=0.5).sum() < asked().sum()
    assert asked(joint=1.0)[:, Cause.STATUTORY_RETURNS].sum() == asked()[:, Cause.STATUTORY_RETURNS].sum()
    assert asked(merged=1.0).sum() < asked().sum()


def test_a_body_asks_from_the_day_it_exists() -> None:
    cause = Cause.REGIONAL_SCHOOLS_COMMISSIONER
    assert asked(today=0)[:, cause].sum() == 0.0 < asked(today=400)[:, cause].sum()


def test_a_joint_inspection_event_reaches_the_week_and_all_eight_named_bodies_have_rows() -> None:
    event = [{"date": "2010-05-01", "kind": "joint_inspection", "size": 1.0}]
    one, other = lived(scenario()), lived(scenario(events=event))
    assert_alive(one, other)
    assert total(other, "asked_minutes_inspection") < total(one, "asked_minutes_inspection")
    named = {words(Cause(int(cause))) for cause in one.tables["checkers"].cause}
    assert named >= {
        "regional_schools_commissioner", "ofsted_regional_director", "safeguarding_board_chair", "chief_social_worker",
        "principal_social_worker", "reviewing_officer", "director_of_public_health", "virtual_school_head",
    }  # fmt: skip
    assert (one.tables["checkers"].cause == Cause.INSPECTION).sum() == 3  # Ofsted, HMIC, CQC


def test_what_a_joint_inspection_saves_it_pays_for_with_what_it_overlooks() -> None:
    place = at_switch(scenario()).run(1)
    caught = []
    for joint in (0.0, 0.5, 1.0):
        place.governing.checks = Checks(False, joint)
        governance.govern(place.governing)
        caught.append(float(place.now.drift_check))
    assert caught[0] > caught[1] > caught[2] > 0.0


# Board ---------------------------------------------------------------------------------------------------------------


def test_a_board_that_meets_agrees_forgets_and_loses_agreement_when_everything_changes() -> None:
    table = board.new_table(P)
    level = float(table.agreement[0])
    board.board_meets(table, 0.0, False, P)
    assert table.agreement[0] == pytest.approx(level)  # learning and forgetting balance at the start
    board.board_meets(table, 0.5, False, P)
    assert table.agreement[0] == pytest.approx(level / 2)
    for _ in range(10 * YEAR):
        board.board_meets(table, 0.0, False, P)
    assert table.agreement[0] == pytest.approx(level, rel=0.01)
    for _ in range(20 * YEAR):
        board.board_meets(table, 0.0, True, P)
    assert table.agreement[0] < level  # three partners meet less
    assert table.partners_only[0] == 1


def test_three_partners_who_meet_less_ask_less_of_everybody() -> None:
    hours = {}
    for meets in (1.0, float(P.three_partners_meet)):
        table, of_the_board = checkers.new_table(), board.new_table(P)
        checkers.ask(
            table, np.zeros((len(Cadre), len(Cause))), np.ones(len(Cadre)), 0.0, Checks(False, 0.0, meets), 400, P
        )
        board.count_hours(of_the_board, table)
        hours[meets] = float(of_the_board.meeting_hours[0])
    assert hours[float(P.three_partners_meet)] == pytest.approx(hours[1.0] * float(P.three_partners_meet), rel=0.01)
    assert hours[1.0] > 0.0


def test_agreement_brings_agencies_readings_together_and_does_not_move_their_mean() -> None:
    table = board.new_table(P)
    table.agreement[0] = 0.0
    apart = board.misfit(table, 1, P)
    table.agreement[0] = 0.5
    assert board.misfit(table, 1, P) == pytest.approx(apart / 2)
    assert apart.std() > 0.0
    assert apart.mean() == pytest.approx(0.0, abs=1e-12)
    table.agreement[0] = 1.0
    assert not board.misfit(table, 1, P).any()


# Citizens ------------------------------------------------------------------------------------------------------------


def test_pressure_follows_complaints_and_only_a_vote_under_pressure_costs_the_post() -> None:
    member = citizens.new_table(0, P)
    votes = [
        citizens.lead_member_hears(member, 100, 10_000.0, week, P)
        for week in range(4 * YEAR * int(P.years_between_votes))
    ]
    assert sum(votes) == 3
    assert member.pressure[0] == pytest.approx(100.0, rel=0.01)
    quiet = citizens.new_table(0, P)
    assert not any(citizens.lead_member_hears(quiet, 0, 10_000.0, week, P) for week in range(10 * YEAR))


def test_families_who_wait_complain_and_nobody_does_if_the_parameter_is_zero() -> None:
    loud, silent = lived(scenario()), lived(scenario(parameters={"complaint_a_week": 0.0}))
    assert_alive(loud, silent)
    assert total(loud, "flow_complaints") > total(loud, "flow_complaints_heard") > 0.0
    assert total(silent, "flow_complaints", "asked_minutes_complaints") == 0.0
    assert total(loud, "asked_minutes_complaints") > 0.0


def test_more_complaints_are_heard_where_one_person_answers_and_the_panel_pays_for_it() -> None:
    apart, together = lived(scenario()), lived(scenario("orchestrated"))
    heard = [total(place, "flow_complaints_heard") / total(place, "flow_complaints") for place in (apart, together)]
    assert heard[1] > heard[0]
    week = at_switch(scenario("orchestrated")).run(1)
    free = float(week.now.hub_decisions)
    week.governing.complaints += 4.0
    week.governing.p = changed(week.p, decisions_lost_to_a_complaint=0.5)
    governance.govern(week.governing)
    assert week.now.hub_decisions < free


# Pairs ---------------------------------------------------------------------------------------------------------------


def flows(accepted: int, contacts: int = 100) -> np.ndarray:
    counted = np.zeros(len(Flow), np.int64)
    for agency in Agency:
        counted[Flow.CONTACTS_FROM_SCHOOLS + agency] = contacts
        counted[Flow.REFERRALS_FROM_SCHOOLS + agency] = accepted
    return counted


def learned(accepted: int, hub: float, years: int = 5) -> np.ndarray:
    table = pairs.new_table(P)
    for _ in range(years * YEAR):
        pairs.pairs_learn(table, flows(accepted), 0.0, 0.0, hub, P)
    return np.array(table.trust[table.other == Agency.LA_SERVICES])


def test_pairs_that_are_answered_well_trust_more_and_slower_where_somebody_decides_for_them() -> None:
    start = float(P.trust_at_start)
    assert (learned(100, 0.0) > learned(0, 0.0)).all()
    assert (learned(100, 0.0) > learned(100, 0.5)).all()
    assert learned(100, 1.0) == pytest.approx(start)
    assert learned(100, 0.0, 100).max() <= 1.0


def test_trust_is_a_share_however_many_packages_are_agreed_in_a_week() -> None:
    table = pairs.new_table(P)
    agreed = flows(100)
    agreed[Flow.PACKAGES_AGREED] = 50
    for _ in range(50 * YEAR):
        pairs.pairs_learn(table, agreed, 1.0, 0.0, 0.0, P)  # one was on the table when the week began
    assert table.trust.max() <= 1.0


def test_trust_becomes_agreements_that_tell_the_desk_more_and_cost_time() -> None:
    table = pairs.new_table(P)
    table.trust[:] = 0.0
    pairs.pairs_learn(table, flows(100), 0.0, 0.0, 1.0, P)
    assert not pairs.told_to_the_desk(table, P).any()
    table.trust[:] = 1.0
    pairs.pairs_learn(table, flows(100), 0.0, 0.0, 1.0, P)
    told = pairs.told_to_the_desk(table, P)
    assert told[Agency.SCHOOLS] == pytest.approx(float(P.agreement_tells))
    assert told[Agency.INDIVIDUALS] == 0.0
    alone, adapted = (lived(scenario(parameters={"agreement_tells": tells})) for tells in (0.0, 0.8))
    assert_alive(alone, adapted)
    assert alone.digest() != adapted.digest()
    assert total(adapted, "asked_minutes_agreements_in_pairs") > 0.0


# The pandemic term and what CAMHS owes to whom -----------------------------------------------------------------------


def test_a_pandemic_term_strains_families_and_closes_schools() -> None:
    event = [{"date": "2010-09-06", "kind": "pandemic_term", "size": 1.0}]
    usual, struck = lived(scenario()), lived(scenario(events=event))
    assert_alive(usual, struck)
    assert total(struck, "flow_incidents") > total(usual, "flow_incidents")
    contacts = [weeks(place, "flow_contacts_from_schools")[23:35].sum() for place in (usual, struck)]
    assert contacts[1] < contacts[0]


def test_two_health_commissioners_each_serve_their_own() -> None:
    one, two = (lived(scenario(parameters={"other_ccg_share": share})) for share in (0.0, 0.5))
    assert not one.tables["neighbourhoods"].other_ccg.any()
    assert two.tables["neighbourhoods"].other_ccg.any()
    assert one.digest() != two.digest()
    assert total(two, "flow_camhs_started") > 0.0


# Supervision, innovation ---------------------------------------------------------------------------------------------


def test_skill_grows_with_time_for_supervision() -> None:
    skills = []
    for share in (0.01, 0.1):
        workers = lived(scenario(parameters={"learning_share": share})).tables["social_workers"]
        permanent = (workers.present == 1) & (workers.agency == 0)
        skills.append(float(workers.skill[permanent].mean()))
    assert skills[0] < skills[1]


def test_one_direction_spreads_a_practice_faster_and_finds_fewer() -> None:
    place = at_switch(scenario()).run(1)
    found = []
    for hub in (0.0, 1.0):
        week = place.governing
        week.levers = {**week.levers, "decision_hub": hub, "innovation_licence": 0.5}
        governance.govern(week)
        found.append((week.chance_of_practice, week.spread_of_practice))
    assert found[1][0] < found[0][0]
    assert found[1][1] > found[0][1]
    known: Conditions = tables.empty(Conditions, 1)
    improving.practice_spreads(known, 1.0, 0.1, 1, 0, P)
    assert known.practice_found[0] == pytest.approx(float(P.practice_gain))
    assert 0.0 < known.practice[0] < known.practice_found[0]


# Waits, unmet need and money in full ---------------------------------------------------------------------------------


def test_waits_have_distributions_that_fall_with_length_and_first_help_is_one_of_them() -> None:
    place = lived(scenario())
    assert_alive(place)
    for queue in ("assessment", "early_help", "camhs", "first_help"):
        longer = [total(place, f"waited_over_{edge}_weeks_{queue}") for edge in WAIT_EDGES]
        assert longer == sorted(longer, reverse=True)
        assert longer[0] <= total(place, f"waited_children_{queue}")
        assert total(place, f"waited_children_{queue}") > 0.0
    assert total(place, "waited_over_9_weeks_first_help") > 0.0


def test_less_unmet_need_the_graver_it_is_and_payers_spend_what_is_spent() -> None:
    place = lived(scenario())
    told = place.outcomes().set_index("outcome")["value"]
    assert told["unmet_additional_weeks"] > told["unmet_complex_weeks"] > told["unmet_acute_weeks"] > 0.0
    parts = told[["spending_authority", "spending_schools", "spending_health", "spending_police"]]
    assert parts.min() > 0.0
    assert parts.sum() == pytest.approx(told["total_spending"])


def test_what_a_week_has_no_room_for_is_reported() -> None:
    usual, crowded = (
        sum(total(lived(scenario(parameters=numbers), seed), "sum_overload_minutes") for seed in (1, 2))
        for numbers in ({}, {"hours_statutory_returns": 88})
    )
    assert crowded > usual


def test_a_referral_keeps_the_week_of_the_unmet_need_it_comes_from() -> None:
    place = lived(scenario())
    cases = place.tables["cases"]
    referred = (cases.present == 1) & (cases.referred > place.scenario.first_week)
    comes_from = cases.comes_from[referred]
    assert (comes_from > LONG_AGO).any()
    assert (comes_from == LONG_AGO).any()
    assert (comes_from <= cases.referred[referred]).all()
