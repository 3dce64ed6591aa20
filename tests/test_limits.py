"""Limits: a place without staff, without anybody who notices, with one agency, without money for early help."""

import numpy as np

from ecology import evidence
from ecology.vocabulary import NOBODY, Cadre
from tests.places import at_switch, changed, scenario, total, weeks

NOTICING = tuple(name for name in evidence.register() if name.startswith("noticing_"))


def test_without_social_workers_nobody_is_allocated_and_the_place_goes_on() -> None:
    place = at_switch(scenario("fragmented"))
    t = place.tables
    t["social_workers"].present[:] = 0
    t["cases"].worker[:] = NOBODY
    place.p = changed(place.p, weeks_to_recruit=np.inf, weeks_to_find_agency=np.inf)
    place.run(20)
    assert total(place, "fte_social_worker") == total(place, "minutes_social_worker_") == 0.0
    assert (weeks(place, "waited_children_allocation") == 0.0).all()
    assert weeks(place, "condition_unallocated")[-1] > 0.0
    assert weeks(place, "stock_assessment")[-1] > weeks(place, "stock_assessment")[0] > 0.0  # begun, and never done
    assert np.isfinite(weeks(place, "condition_social_work_load")).all()
    assert total(place, "flow_assessments_completed") == 0.0 < total(place, "flow_referrals_from_")


def test_where_nobody_notices_nobody_is_referred() -> None:
    place = at_switch(scenario("fragmented"))
    place.p = changed(place.p, **dict.fromkeys(NOTICING, 0.0))
    place.run(30)
    assert total(place, "flow_noticed") == total(place, "flow_contacts_from_") == 0.0
    assert weeks(place, "flow_contacts_screened")[8:].sum() == 0.0
    assert total(place, "flow_own_help_started", "flow_camhs_referred") == 0.0
    assert weeks(place, "stock_child_in_need")[-1] < weeks(place, "stock_child_in_need")[0]
    assert total(place, "flow_incidents") > 0.0


def test_where_only_schools_notice_every_contact_is_theirs() -> None:
    place = at_switch(scenario("fragmented"))
    others = [name for name in NOTICING if not name.startswith("noticing_schools")]
    place.p = changed(place.p, **dict.fromkeys(others, 0.0))
    place.run(30)
    assert total(place, "flow_contacts_from_schools") == total(place, "flow_contacts_from_") > 0.0
    assert total(place, "flow_camhs_referred") == 0.0


def test_without_money_for_early_help_there_is_none() -> None:
    place = at_switch(scenario("fragmented"))
    place.tables["conditions"].early_help_pounds[:] = 0.0
    place.tables["conditions"].early_help_pounds_at_start[:] = 0.0
    place.tables["conditions"].pooled_pounds[:] = 0.0
    place.tables["pools"].fte[Cadre.FAMILY_SUPPORT_WORKER] = 0.0
    place.run(12)
    assert total(place, "flow_early_help_started", "minutes_family_support_worker_") == 0.0
    assert weeks(place, "stock_early_help_waiting")[-1] > weeks(place, "stock_early_help_waiting")[0]
