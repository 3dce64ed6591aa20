"""Money: what is paid for is had, partners' money follows children, and what other lines take is lost to early help."""

from dataclasses import replace

import pytest

from ecology import commissioning, evidence
from ecology.evidence.profiles import ENGLAND, names, profile
from ecology.pressures import Pressures
from ecology.vocabulary import (
    WEEKS_A_YEAR,
    Cadre,
    Payer,
)
from tests.places import at_switch, changed, scenario, total

P = evidence.values()


def test_a_pooled_pound_buys_as_much_early_help_as_a_pound_of_the_authority() -> None:
    place = at_switch(scenario("orchestrated")).run(30)
    t = place.tables
    purse = commissioning.purse(
        place.pressures, place._partner_pounds, t["commissioners"], place.governing, place.week, place.p
    )
    t["pools"].load[[Cadre.FAMILY_SUPPORT_WORKER, Cadre.CAMHS_CLINICIAN]] = [2.0, 0.0]  # all of it goes to early help

    def posts(own: float, pooled: float) -> float:
        t["conditions"].early_help_pounds[0], t["conditions"].pooled_pounds[0] = own, pooled
        commissioning.staff_pools(t["conditions"], t["pools"], replace(purse, sight=1.0), place.p)
        return float(t["pools"].fte[Cadre.FAMILY_SUPPORT_WORKER])

    assert posts(1000.0, 500.0) == pytest.approx(posts(1500.0, 0.0))
    assert posts(1500.0, 0.0) > posts(1000.0, 0.0) > 0.0


def test_what_partners_have_follows_the_children_but_for_the_police() -> None:
    growing = max(names(), key=lambda name: profile(name).population[6] / profile(name).population[0])
    told = scenario(authority=growing)
    pressures = Pressures(profile(growing, 3000), told, changed(P, trend_police_a_year=0.0))
    later = 6 * WEEKS_A_YEAR
    growth = pressures.children(later) / pressures.children(0)
    assert growth > 1.05
    one_pound = dict.fromkeys(commissioning.PARTNERS, 1.0)
    income = pressures.partner_pounds(one_pound, later)
    for payer in (Payer.SCHOOLS, Payer.HEALTH_COMMISSIONER):  # flat for each child
        assert income[payer] == pytest.approx(growth)
    assert income[Payer.POLICE] == 1.0
    held = Pressures(profile(growing, 3000), scenario(authority=growing, pressure="none"), P)
    assert held.partner_pounds(one_pound, later) == held.partner_pounds(one_pound, 0)


def published(year: int) -> float:
    place = profile(ENGLAND, 3000)
    at = place.years.index(year)
    return float(place.spend_youth_justice[at] + place.spend_other[at])


@pytest.mark.parametrize("year", [2011, 2013, 2017])
def test_other_lines_follow_what_was_published(year: int) -> None:
    told = scenario(authority=ENGLAND)
    pressures = Pressures(profile(ENGLAND, 3000), told, at_switch(told).p)
    week = (year - 2011) * WEEKS_A_YEAR
    cash = pressures.other_pounds(week) * pressures.price_level(week) * WEEKS_A_YEAR
    assert cash == pytest.approx(published(year))


def test_after_the_last_published_year_they_stay_and_where_budgets_are_held_they_do_not_move() -> None:
    told, held = scenario(authority=ENGLAND), scenario(authority=ENGLAND, pressure="none")
    p = at_switch(told).p
    moving, still = Pressures(profile(ENGLAND, 3000), told, p), Pressures(profile(ENGLAND, 3000), held, p)
    last, later = 6 * WEEKS_A_YEAR, 9 * WEEKS_A_YEAR
    assert moving.other_pounds(later) == moving.other_pounds(last) < 0.6 * moving.other_pounds(0)
    assert still.other_pounds(later) == still.other_pounds(0)


def test_what_other_lines_take_is_paid_and_lost_to_early_help() -> None:
    place = at_switch(scenario(authority=ENGLAND)).run(weeks=1)
    year = published(2011) * place.profile.spend_total[0] / profile(ENGLAND, 3000).spend_total[0]
    paid = total(place, "pounds_authority_youth_justice_and_other", "pounds_authority_safeguarding_board")
    assert paid == pytest.approx(year / WEEKS_A_YEAR, rel=0.01)
    t = place.tables
    purse = commissioning.purse(
        place.pressures, place._partner_pounds, t["commissioners"], place.governing, place.week, place.p
    )
    early = []
    for other in (purse.other, purse.other + 0.05 * purse.income[Payer.AUTHORITY]):
        conditions = t["conditions"].copy()
        commissioning.commission(
            t["commissioners"], conditions, t["social_workers"], t["pools"], t["tally"].placements, t["providers"],
            replace(purse, other=other), place.p,
        )  # fmt: skip
        early.append(float(conditions.early_help_pounds[0]))
    assert early[1] < early[0]
