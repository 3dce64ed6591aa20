"""What authorities spend on youth justice and other lines follows the published path; early help has what it leaves."""

from dataclasses import replace

import pytest

from ecology import commissioning
from ecology.evidence.profiles import ENGLAND, profile
from ecology.pressures import Pressures
from ecology.vocabulary import WEEKS_A_YEAR, Payer
from tests.places import at_switch, scenario, total


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
