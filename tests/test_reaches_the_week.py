"""Each link by itself: what a dated event, a load or a threshold does to the week, and how much."""

import math
from typing import Any

import numpy as np
import pytest

from ecology import Locality, commissioning, evidence, governance, tables, thresholds
from ecology.evidence.profiles import profile
from ecology.pressures import Pressures
from ecology.vocabulary import NOBODY, WEEKS_A_YEAR, Agency, Cause, Flow
from ecology.week import complaining, noticing
from tests.desks import FrontDoor
from tests.places import at_switch, changed, scenario

P = evidence.values()
READING_AS_ONE = np.zeros(len(Agency))


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    """A place to copy, not to step."""
    return at_switch(scenario()).run(1)


def room(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)


# Dated events --------------------------------------------------------------------------------------------------------


def pressures(*events: dict[str, Any]) -> Pressures:
    return Pressures(profile("Leeds", 3000), scenario(events=list(events)), P)


def test_a_funding_cliff_takes_its_share_of_the_authoritys_income_from_its_date_on() -> None:
    usual, struck = pressures(), pressures({"date": "2010-10-04", "kind": "funding_cliff", "size": 0.1})
    assert struck.authority_pounds(20) == usual.authority_pounds(20)
    for week in (27, 60):
        assert struck.authority_pounds(week) == pytest.approx(0.9 * usual.authority_pounds(week))


@pytest.mark.parametrize(
    ("kind", "parameter"),
    [("child_death_publicity", "fear_of_child_death"), ("failed_inspection", "fear_of_failed_inspection")],
)
def test_a_death_and_a_failed_inspection_frighten_in_their_week(kind: str, parameter: str) -> None:
    usual, struck = pressures(), pressures({"date": "2010-10-04", "kind": kind, "size": 2.0})
    more = [struck.fear(week) - usual.fear(week) for week in range(WEEKS_A_YEAR)]
    assert np.count_nonzero(more) == 1
    assert max(more) == pytest.approx(2.0 * float(getattr(P, parameter)))
    assert max(more) > 0.0


def test_a_leader_who_is_lost_leaves_an_interim_behind() -> None:
    event = {"date": "2010-04-05", "kind": "leader_lost", "size": 1.0}
    usual, struck = (at_switch(scenario(events=events)).run(4) for events in ([], [event]))
    until = [int(lived.tables["conditions"].interim_until[0]) for lived in (usual, struck)]
    assert until[1] > max(until[0], struck.week)
    assert until[1] <= struck.week + float(P.dcs_interim_weeks)


def test_an_inspection_comes_frightens_and_stays() -> None:
    never, always = (
        at_switch(scenario()),
        at_switch(scenario()),
    )
    never.p, always.p = (changed(P, years_between_inspections=years) for years in (1e9, 1.0 / WEEKS_A_YEAR))
    for lived in (never, always):
        lived.run(2)
    fear = [float(lived.tables["conditions"].fear[0]) for lived in (never, always)]
    assert fear[1] > fear[0]
    assert never.tables["conditions"].inspected_until[0] <= never.week < always.tables["conditions"].inspected_until[0]


# Loads and thresholds ------------------------------------------------------------------------------------------------


def test_a_desk_that_cannot_keep_up_remembers_it_and_passes_on_less() -> None:
    usual, slow = at_switch(scenario()), at_switch(scenario())
    slow.p = changed(slow.p, hours_screening=8.0 * P.hours_screening)
    for lived in (usual, slow):
        lived.run(12)
    loads = [float(lived.tables["conditions"].front_door_load[0]) for lived in (usual, slow)]
    assert loads[1] > loads[0]
    assert slow.now.threshold_referral > usual.now.threshold_referral


def test_full_caseloads_are_remembered_and_raise_the_threshold_of_need() -> None:
    usual, busy = at_switch(scenario()), at_switch(scenario())
    busy.p = changed(busy.p, hours_child_in_need=20.0)
    for lived in (usual, busy):
        lived.run(12)
    assert busy.tables["conditions"].social_work_load[0] > usual.tables["conditions"].social_work_load[0]
    assert busy.now.threshold_in_need > usual.now.threshold_in_need


def contact_and_own_help(place: Locality, load: float = 1.0, weight: float = 0.3, fear: float = 0.0) -> np.ndarray:
    pools = tables.copy(place.tables)["pools"]
    pools.load[:] = load
    return np.array(thresholds.of_agencies(pools, weight, fear, READING_AS_ONE, P))


def test_agencies_whose_own_helpers_are_full_pass_on_sooner_the_less_they_weigh_children(place: Locality) -> None:
    have_helpers = [Agency.SCHOOLS, Agency.HEALTH]
    shunted = contact_and_own_help(place)[0] - contact_and_own_help(place, load=2.0)[0]
    assert (shunted[have_helpers] > 0.0).all()
    assert not np.delete(shunted, have_helpers).any()
    devoted = contact_and_own_help(place, weight=0.8)[0] - contact_and_own_help(place, 2.0, 0.8)[0]
    assert (devoted[have_helpers] < shunted[have_helpers]).all()


def test_fear_makes_all_pass_on_sooner_and_a_partner_who_weighs_children_more_helps_sooner_itself(
    place: Locality,
) -> None:
    usual, afraid = contact_and_own_help(place), contact_and_own_help(place, fear=0.5)
    assert (afraid[0] < usual[0]).all()
    devoted = contact_and_own_help(place, weight=0.8)
    for agency in (Agency.SCHOOLS, Agency.HEALTH):
        assert devoted[1, agency] < usual[1, agency]
        assert devoted[0, agency] > usual[0, agency]


def test_an_agency_that_reads_the_document_differently_acts_on_another_level(place: Locality) -> None:
    apart = np.linspace(-0.2, 0.2, len(Agency))
    contact = [
        thresholds.of_agencies(place.tables["pools"], 0.3, 0.0, misfit, P)[0] for misfit in (READING_AS_ONE, apart)
    ]
    assert contact[1] - contact[0] == pytest.approx(apart)


def test_desks_of_their_own_follow_what_came_to_them_last_year() -> None:
    came = np.zeros(len(Agency))
    came[Agency.POLICE] = 100.0
    planned, adapted = thresholds.desk_shares(np.zeros(len(Agency)), P), thresholds.desk_shares(came, P)
    assert planned.sum() == pytest.approx(1.0, abs=0.01)
    assert adapted[Agency.POLICE] > planned[Agency.POLICE]
    stubborn = thresholds.desk_shares(came, changed(P, desks_follow_demand=0.0))
    assert stubborn == pytest.approx(planned)


def own_help_started(place: Locality, load: float) -> int:
    t = tables.copy(place.tables)
    t["tally"].flows[:] = 0
    t["pools"].load[:] = load
    child = int(np.flatnonzero((t["children"].present == 1) & (t["children"].case == NOBODY))[0])
    helped_at_any_level, never = np.full(len(Agency), -np.inf), np.full(len(Agency), np.inf)
    noticing.agencies_act_or_pass_on(
        np.array([[child, Agency.HEALTH]], np.int32), 1, never, helped_at_any_level, t["children"], t["families"],
        t["cases"], t["fixtures"].free_cases, t["pools"], t["schools"], t["tally"].flows, t["tally"].waits, 1,
        place.week, place.now, changed(P, concern_camhs=1e9),
    )  # fmt: skip
    return int(t["tally"].flows[Flow.OWN_HELP_STARTED])


def test_an_agency_whose_helpers_are_overrun_starts_no_help_of_its_own(place: Locality) -> None:
    assert own_help_started(place, 1.0) == 1
    assert own_help_started(place, float(P.own_help_load_limit) + 0.1) == 0


# Voice, queues, price, trust -----------------------------------------------------------------------------------------


def test_a_complaint_that_is_heard_gives_voice(place: Locality) -> None:
    t, now = tables.copy(place.tables), place.now.copy()
    cases = t["cases"]
    cases.voice[:] = 0.0
    cases.early_help_waiting[cases.present == 1] = place.week - 1
    t["families"].help_seeking[:] = 1.0
    for heard in (0.0, 1.0):
        now.complaint_heard = heard
        complaining.citizens_complain(
            t["children"], t["families"], cases, t["tally"].flows, 1, place.week, now, changed(P, complaint_a_week=1.0)
        )
        here = cases.voice[cases.present == 1]
        assert here == pytest.approx(np.full(here.size, heard * P.complaint_urgency))


def test_who_has_waited_longer_goes_first_of_two_as_grave() -> None:
    for first in (0, 1):
        desk = FrontDoor()
        desk.receive(first, 0, severity=1.0)
        desk.receive(1 - first, 5, severity=1.0)
        desk.triage(6, contacts=1)
        assert first not in desk.waiting
        assert 1 - first in desk.waiting


def test_care_costs_what_the_market_asks(place: Locality) -> None:
    t = tables.copy(place.tables)
    placed = np.array([0, 50, 50, 50])
    usual = commissioning.care_pounds(placed, t["providers"], t["conditions"], P)
    t["providers"].price[:] *= 1.1
    dearer = commissioning.care_pounds(placed, t["providers"], t["conditions"], P)
    assert usual < dearer <= 1.1 * usual
    t["conditions"].care_price[0] *= 2.0
    assert commissioning.care_pounds(placed, t["providers"], t["conditions"], P) == pytest.approx(2.0 * dearer)


def governed(regime: str, skill: float = 0.0, trust: float = 0.0, complaints: float = 0.0) -> governance.Governing:
    g = at_switch(scenario(regime)).run(1).governing
    g.conditions.dcs_skill[0], g.conditions.trust[0], g.complaints = skill, trust, complaints
    g.asked[:] = 0.0
    governance.govern(g)
    return g


def test_a_skilled_director_decides_more_and_agencies_that_trust_agree_sooner() -> None:
    decided = [governed("orchestrated", skill=skill).now.hub_decisions for skill in (0.0, 1.0)]
    assert decided[1] / decided[0] == pytest.approx(math.exp(P.dcs_skill_effect))
    agree = [governed("fragmented", trust=trust).now.chance_of_agreement for trust in (0.0, 0.5)]
    assert agree[1] / agree[0] == pytest.approx(1.0 + 0.5 * P.agreement_from_trust)
    assert P.dcs_skill_effect > 0.0 < P.agreement_from_trust


def test_a_complaint_passed_from_body_to_body_takes_more_time_than_one_with_one_address() -> None:
    asked = [
        governed(regime, complaints=10.0).asked[:, Cause.COMPLAINTS].sum() for regime in ("fragmented", "orchestrated")
    ]
    assert asked[0] > asked[1] > 0.0
