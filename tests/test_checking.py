"""Checking: who asks more finds more, what nobody asks finds nothing, and what is spared is overlooked."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ecology import checkers, evidence
from ecology.checkers import Checks, bodies
from ecology.vocabulary import (
    WEEKS_A_YEAR,
    Cadre,
    Cause,
)
from tests.places import at_switch, changed, scenario

P = evidence.values()
THE_USUAL = Checks(on_site=False, joint=0.0)
TODAY = 10 * WEEKS_A_YEAR


def checked(today: int = TODAY, checks: Checks = THE_USUAL, merged: float = 0.0, **numbers: float) -> float:
    asked, staff = np.zeros((len(Cadre), len(Cause))), np.ones(len(Cadre))
    return checkers.ask(checkers.new_table(), asked, staff, merged, checks, today, changed(P, **numbers))


def test_who_asks_more_of_social_workers_also_finds_more_and_who_asks_nothing_finds_nothing() -> None:
    usual = checked()
    assert checked(hours_principal_social_worker=2.0 * P.hours_principal_social_worker) > usual
    assert checked(hours_regional_schools_commissioner=0.0) == usual  # asks nothing of social workers
    no_hours: dict[str, Any] = {body.hours: 0.0 for body in bodies()}
    nothing = checked(**no_hours)
    assert nothing == 0.0 == checkers.chance_to_catch_drift(nothing, P)
    doubled = checkers.chance_to_catch_drift(2.0 * usual, P)
    assert checkers.chance_to_catch_drift(usual, P) < doubled < 2.0 * checkers.chance_to_catch_drift(usual, P)


def test_more_is_found_the_more_bodies_there_are_and_while_inspectors_are_on_site() -> None:
    assert checked(today=0) < checked()
    assert checked(checks=replace(THE_USUAL, on_site=True)) > checked()


def test_what_merging_and_joint_inspection_spare_is_taken_off_once_by_what_they_overlook() -> None:
    assert checked(merged=1.0) == checked() == checked(checks=replace(THE_USUAL, joint=1.0))


def test_checking_is_one_on_average_at_the_registers_hours() -> None:
    social_work = {body.hours for body in bodies() if Cadre.SOCIAL_WORKER in body.answers}
    assert sum(float(getattr(P, hours)) for hours in social_work) == P.hours_checked_usually
    on_site = float(P.weeks_on_site / (WEEKS_A_YEAR * P.years_between_inspections))
    mean = on_site * checked(checks=replace(THE_USUAL, on_site=True)) + (1.0 - on_site) * checked()
    assert mean == pytest.approx(1.0)


def test_hours_of_checkers_reach_the_chance_that_drift_is_caught() -> None:
    more = {"hours_statutory_returns": 2.0 * P.hours_statutory_returns}
    few, many = (at_switch(scenario(parameters=numbers)).run(1) for numbers in ({}, more))
    assert many.now.drift_check > few.now.drift_check > 0.0
