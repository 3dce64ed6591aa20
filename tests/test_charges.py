"""Charges (MODEL §5): no lever is free, none knows more by deciding more, and what is asked of staff is worked."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecology import Locality, governance
from ecology.governance import Governing
from ecology.lever_tables import levers
from ecology.vocabulary import (
    SECONDS_A_MINUTE,
    SECONDS_AN_HOUR,
    WEEKS_A_YEAR,
    Cadre,
    Cause,
    Line,
    Payer,
    Purpose,
    words,
)
from tests.places import (
    ACTIVE_LEVERS,
    CAUSES_OF_LEVERS,
    all_levers_at,
    assert_differ,
    at_switch,
    changed,
    lived,
    minutes_for,
    scenario,
    total,
    without,
)

# Levers whose charge is not time or money, with the setting that gets worse.
CHARGED_OTHERWISE = {"single_front_door": "one_desk", "delegation": "judgement_spread"}


def arranged(
    levers_set: dict[str, float], *, given_to_other_teams: int = 0, overspent: bool = False,
    years_since: int = 0, off: str | None = None, **parameters: Any,
) -> Governing:  # fmt: skip
    """Return one week of governing with these levers, all others at 0: what is set and what is charged.

    All failure modes are on but for the one that is ``off``.
    """
    place = at_switch(scenario()).run(1)
    conditions = place.tables["conditions"]
    conditions.given_to_other_teams[0] = given_to_other_teams
    conditions.switched[0] = place.week - years_since * WEEKS_A_YEAR
    each = np.ones(place.tables["pools"].fte.size)
    every = dict.fromkeys(levers(), 0.0) | levers_set
    week = dataclasses.replace(
        place.governing, levers=every, set_levers=every, now=place.now.copy(),
        asked=np.zeros((each.size, len(Cause))), staff=each, concerns=each, pounds=0.0, overspent=overspent,
        fails={**place.fails, **({off: False} if off else {})}, p=changed(place.p, **parameters),
    )  # fmt: skip
    governance.govern(week)
    return week


# T2: levers cost -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lever", [lever for lever in ACTIVE_LEVERS if lever != "tempo"])  # charged by what it moves
def test_every_lever_alone_is_charged(lever: str) -> None:
    bare, with_it = arranged({}), arranged({lever: 1.0})
    grown = with_it.asked - bare.asked
    if lever in CHARGED_OTHERWISE:
        setting = CHARGED_OTHERWISE[lever]
        assert getattr(with_it.now, setting) > getattr(bare.now, setting)
    else:
        assert grown.max() > 0.0 or with_it.pounds > bare.pounds
    if lever in CAUSES_OF_LEVERS:
        cause = CAUSES_OF_LEVERS[lever]
        assert grown[:, cause].sum() > 0.0 == bare.asked[:, cause].sum()
    half = arranged({lever: 0.5})
    assert half.pounds == pytest.approx((bare.pounds + with_it.pounds) / 2)


def test_children_whom_another_team_takes_cost_it_hours() -> None:
    one, two = (arranged({"tempo": 1.0}, given_to_other_teams=n).asked - arranged({"tempo": 1.0}).asked for n in (1, 2))
    assert one[Cadre.SOCIAL_WORKER, Cause.TEMPO] == arranged({}).p.hours_in_another_team * SECONDS_AN_HOUR > 0.0
    assert (two == 2 * one).all() and np.count_nonzero(one) == 1


def test_tempo_costs_travel_in_the_week_after_it_moved_children_and_nothing_else() -> None:
    place = at_switch(scenario(levers={**all_levers_at(0.0), "tempo": 1.0}))
    give_everybody_a_team(place)
    moved, worked = [], []
    for _ in range(8):
        place.step()
        moved.append(float(place.tables["conditions"].given_to_other_teams[0]))
        worked.append(place.tables["tally"].seconds[Cadre.SOCIAL_WORKER, :, Cause.TEMPO].copy())
    assert max(moved) > 0.0
    for before, after in zip(moved, worked[1:], strict=False):
        most = before * float(place.p.hours_in_another_team) * SECONDS_AN_HOUR  # less for who is absent
        assert after.sum() == after[Purpose.TRAVEL] <= most and (after.sum() > 0.0) == (before > 0.0)


def test_leaders_time_is_asked_of_one_in_each_team() -> None:
    levers_set = {"common_objective": 1.0, "decision_hub": 1.0}
    small, large = (arranged(levers_set, posts_a_team=posts).asked for posts in (5, 10))
    for cause in (Cause.COMMON_OBJECTIVE, Cause.LEADERS_MEETINGS):
        assert small[:, cause] == pytest.approx(2.0 * large[:, cause])
        assert large[:, cause].min() > 0.0
    hours = small[0, Cause.LEADERS_MEETINGS] / SECONDS_AN_HOUR  # of one post
    assert hours == pytest.approx(arranged({}).p.leaders_meeting_hours / 5)


def test_levers_at_0_leave_no_trace_and_levers_at_1_are_all_in_the_ledger() -> None:
    nothing, everything = lived(scenario(levers=all_levers_at(0.0))), lived(scenario(levers=all_levers_at(1.0)))
    assert_differ(nothing, everything)
    for cause in CAUSES_OF_LEVERS.values():
        assert minutes_for(nothing, cause) == 0.0 < minutes_for(everything, cause), cause
    assert total(nothing, "pounds_authority_governance") == 0.0 < total(everything, "pounds_authority_governance")
    pool = [f"pounds_{words(payer)}_{words(Line.CONTRIBUTION_TO_POOL)}" for payer in Payer]
    assert total(nothing, *pool) == 0.0 < total(everything, *pool)
    untold = lived(scenario(levers=all_levers_at(0.0), parameters={"agreement_tells": 0.0}))
    assert total(untold, "flow_false_links") == 0.0 < total(everything, "flow_false_links")  # no pair tells either
    assert total(nothing, "condition_hub_decisions") == 0.0 < total(everything, "condition_hub_decisions")


def test_the_assurance_page_tells_what_regimes_ask_of_a_post(project: Path) -> None:
    def minutes(regime: str, *causes: Cause) -> str:
        asked = arranged(dict(scenario(regime).lever_values)).asked[Cadre.SOCIAL_WORKER]
        return f"{sum(asked[cause] for cause in causes) / SECONDS_A_MINUTE:.0f}"

    of_workers, of_leaders = (Cause.LINE_OF_SIGHT, Cause.INNOVATION), (Cause.LEADERS_MEETINGS, Cause.COMMON_OBJECTIVE)
    told, p = " ".join((project / "docs/assurance.md").read_text(encoding="utf-8").split()), arranged({}).p
    orchestrated, fragmented = (minutes(regime, *of_workers) for regime in ("orchestrated", "fragmented"))
    assert f"some {orchestrated} of the orchestrated, {fragmented} of the fragmented" in told
    assert f"some {minutes('orchestrated', *of_leaders)} minutes a week of every post" in told
    assert f"detection ({p.lost_detection:g})" in told and f"`overlap_of_returns`, {p.overlap_of_returns:g}" in told


def test_what_levers_ask_of_staff_is_worked_in_full() -> None:
    place = at_switch(scenario("orchestrated", failure_modes={"transition_dip": False, "leader_lost": False}))
    sight = scenario("orchestrated").lever_values["line_of_sight"]
    for _ in range(8):
        posts = place.tables["pools"].fte.copy()
        place.step()
        worked = place.tables["tally"].seconds[:, Purpose.ACCOUNTABILITY, Cause.LINE_OF_SIGHT]
        asked = 60.0 * float(place.p.minutes_line_of_sight) * sight * posts
        assert (worked[1:] == asked[1:].astype(int)).all()
        absent = place.tables["social_workers"].sick.sum() / posts[0]
        assert worked[0] == pytest.approx(asked[0] * (1.0 - absent), rel=0.01)


def test_without_interdependence_overlap_and_duplication_information_and_direction_save_no_time_or_money() -> None:
    world: dict[str, Any] = {"interdependence": 0.0, "duplicate_chance": 0.0, "overlap_of_returns": 0.0}
    bare = arranged({}, **world)
    for lever in ("shared_record", "single_front_door", "common_objective", "reporting_rationalisation"):
        with_it = arranged({lever: 1.0}, **world)
        assert (with_it.asked >= bare.asked).all(), lever
        assert with_it.pounds >= bare.pounds, lever
        assert with_it.now.drift_check <= bare.now.drift_check, lever
        assert (with_it.now.drift_check < bare.now.drift_check) == (lever == "reporting_rationalisation"), lever
    saving = arranged({"reporting_rationalisation": 1.0}, overlap_of_returns=0.5)
    assert (saving.asked < arranged({}, overlap_of_returns=0.5).asked).any()


# T4: information -----------------------------------------------------------------------------------------------------


def test_who_decides_and_what_they_know_are_separate_levers() -> None:
    known = (
        "sight_noise", "shared_record", "false_links", "one_desk", "common_error", "judgement_spread", "drift_check",
    )  # fmt: skip
    informed = {"line_of_sight": 1.0, "shared_record": 1.0}
    apart, together = arranged(informed), arranged({**informed, "decision_hub": 1.0})
    assert together.now.hub == 1.0 != apart.now.hub
    for setting in known:
        assert getattr(apart.now, setting) == getattr(together.now, setting), setting
    assert apart.now.sight_noise == 0.0 < arranged({"decision_hub": 1.0}).now.sight_noise
    assert apart.goal_weight >= together.goal_weight  # partners may withdraw; nobody is moved by accountability alone
    assert apart.pooled_share == together.pooled_share == 0.0


# Failure modes -----------------------------------------------------------------------------------------------------


def give_everybody_a_team(place: Locality) -> None:
    """Make many teams, and full ones, so that tempo has work."""
    workers, places = place.tables["social_workers"], place.tables["neighbourhoods"]
    workers.team[:] = np.arange(workers.present.size)
    places.team[:] = np.arange(places.present.size) % int(workers.present.sum())
    place.p = changed(place.p, caseload_full=8.0)


def in_trouble(mode: str = "") -> str:
    """Return the digest of an orchestrated place with an interim, debts and fear, with one failure mode off."""
    place = at_switch(scenario("orchestrated"))
    t = place.tables
    t["conditions"].interim_until[0] = 10
    t["conditions"].fear[0] = 1.0
    t["commissioners"].opening_pence[Payer.AUTHORITY] -= 10**9
    t["commissioners"].balance_pence[Payer.AUTHORITY] -= 10**9
    place.p = changed(
        place.p, leaving_a_year=10.0, leaving_cap_a_year=40.0, leaving_morale=15.0, weeks_of_late_news=40.0,
        weeks_to_recruit=4.0,
    )  # fmt: skip
    give_everybody_a_team(place)
    if mode:
        place.fails = {**place.fails, **without(mode)}
    return place.run(16).digest()


HURTS: dict[str, tuple[str, Callable[[Governing], float]]] = {
    "coordination_overhead": ("decision_hub", lambda week: float(week.now.seconds_per_hub_decision)),
    "bottleneck": ("decision_hub", lambda week: -float(week.now.hub_decisions)),
    "leaders_meeting_hours": ("decision_hub", lambda week: float(week.asked[:, Cause.LEADERS_MEETINGS].sum())),
    "morale_and_autonomy_loss": ("decision_hub", lambda week: float(week.now.morale_loss)),
    "accountability_fear": ("decision_hub", lambda week: governance.blame(week.levers, week.fails, week.p) - 1.0),
    "correlated_error": ("single_front_door", lambda week: float(week.now.common_error)),
    "gaming": ("common_objective", lambda week: -week.goal_weight),
    "partner_withdrawal": ("partner_duty", lambda week: -week.goal_weight),
    "posts_from_same_envelope": ("early_warning", lambda week: week.pounds),
    "aggregation_loss_and_delay": ("pooled_money", lambda week: -week.sight),
    "control_instability": ("tempo", lambda week: float(week.now.late_news)),
}
"""By failure mode a lever under which it is at work, and what is then worse: higher."""


@pytest.mark.parametrize("mode", HURTS)
def test_a_failure_mode_makes_worse_what_it_is_named_for(mode: str) -> None:
    lever, worse = HURTS[mode]
    assert worse(arranged({lever: 1.0})) > worse(arranged({lever: 1.0}, off=mode))


@pytest.mark.parametrize("mode", ["transition_dip", "leader_lost"])
def test_a_transition_and_an_interim_weaken_levers(mode: str) -> None:
    place = at_switch(scenario("orchestrated")).run(1)
    conditions, every = place.tables["conditions"], scenario("orchestrated").lever_values
    conditions.moved_levers[0], conditions.switched[0] = 1.0, place.week
    conditions.interim_until[0] = place.week + 10
    on, off = dict(place.fails), {**place.fails, mode: False}
    weak, less_weak = (governance.working_levers(every, f, conditions, place.week, place.p) for f in (on, off))
    assert all(weak[name] < less_weak[name] <= value for name, value in every.items() if value > 0.0)


def test_merged_returns_grow_back() -> None:
    def asked(years: int, off: str | None = None) -> float:
        week = arranged({"reporting_rationalisation": 1.0}, years_since=years, off=off)
        return float(week.asked[:, Cause.STATUTORY_RETURNS].sum())

    assert asked(2) < asked(10) < float(arranged({}).asked[:, Cause.STATUTORY_RETURNS].sum())
    assert asked(2, "reporting_rebound") == asked(10, "reporting_rebound") < asked(2)


def test_only_who_has_overspent_captures_the_pool() -> None:
    levers_set = {"pooled_money": 1.0, "decision_hub": 1.0}
    assert arranged(levers_set, overspent=True).captured_share > 0.0
    assert arranged(levers_set, overspent=False).captured_share == 0.0
    assert arranged(levers_set, overspent=True, off="capture_by_own_overspend").captured_share == 0.0


def test_summing_up_costs_sight_and_late_news_is_as_old_as_the_register_says() -> None:
    mode, half = "aggregation_loss_and_delay", {"line_of_sight": 0.5}
    assert arranged(half).now.sight_noise == 0.5 * arranged({}).now.sight_noise > 0.0
    assert arranged(half).sight == 0.5 < arranged(half, off=mode).sight == 1.0
    assert arranged({}, off=mode).now.sight_noise == 0.0
    assert arranged({}).now.late_news == arranged({}).p.weeks_of_late_news
    assert arranged({}, off="control_instability").now.late_news == 1


@pytest.mark.parametrize("mode", governance.failure_modes())
def test_every_failure_mode_has_a_mechanism_to_switch_off(mode: str) -> None:
    assert in_trouble(mode) != in_trouble()


def test_delegation_is_charged_as_set_and_saves_as_it_works() -> None:
    place = at_switch(scenario(levers={"delegation": 1.0}, failure_modes={"transition_dip": True})).run(1)
    assert place.governing.levers["delegation"] < place.governing.set_levers["delegation"] == 1.0
    assert place.now.judgement_spread == pytest.approx(1.0 + place.p.delegation_spread)
