"""Rules of help: more hours do more and ever less so, and what takes help away can be absent."""

import pytest
from hypothesis import given

from ecology.rules import help
from tests.test_rules import P, falls, few, level, rises, share


@given(few, few)
def test_more_hours_help_more_with_diminishing_returns(hours: float, more: float) -> None:
    assert 0.0 <= help.dose(hours, P) <= help.dose(hours + more, P) < 1.0
    first, second = (
        help.dose(hours + 1.0, P) - help.dose(hours, P),
        help.dose(hours + 2.0, P) - help.dose(hours + 1.0, P),
    )
    assert second < first


def test_no_hours_no_help_and_half_the_effect_where_the_parameter_says() -> None:
    assert help.dose(0.0, P) == 0.0
    assert help.dose(P.hours_of_half_effect, P) == 0.5


def test_help_works_better_the_longer_a_worker_stays() -> None:
    assert help.continuity(0.0, P) == 1.0 - P.continuity_loss
    assert rises(lambda weeks: help.continuity(weeks, P), [0.0, 1.0, 10.0, 100.0])
    assert help.continuity(1_000.0, P) == pytest.approx(1.0)


def test_services_get_in_each_others_way_unless_somebody_put_them_together() -> None:
    assert [help.concord(plans, False, P) for plans in (0, 1)] == [1.0, 1.0]
    assert falls(lambda plans: help.concord(int(plans), False, P), [1, 2, 3, 4])
    assert {help.concord(plans, True, P) for plans in range(5)} == {1.0}


@given(level, share)
def test_without_interdependence_other_needs_take_nothing_from_help(other: float, k: float) -> None:
    assert help.one_domain_alone(other, 0.0, P) == 1.0
    assert 0.0 < help.one_domain_alone(other + 1.0, k, P) <= help.one_domain_alone(other, k, P) <= 1.0
    assert help.one_domain_alone(-abs(other), k, P) == 1.0


def test_interdependence_takes_more_from_help_the_greater_the_other_needs() -> None:
    assert falls(lambda other: help.one_domain_alone(other, 0.5, P), [0.0, 1.0, 3.0])
    assert falls(lambda k: help.one_domain_alone(1.0, k, P), [0.0, 0.5, 1.0])
