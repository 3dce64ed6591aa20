"""The place before its first week: who is known, where looked-after children live, what counts as behind them."""

import numpy as np
import pytest

from ecology import Locality, Scenario
from ecology.vocabulary import WEEKS_A_YEAR, Placement, Stage
from ecology.week import living
from ecology.week.casefile import EVER_IN_NEED, EVER_LOOKED_AFTER, EVER_ON_PLAN, EVER_REFERRED
from tests.places import SMALL, changed, scenario


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    return Locality(scenario(children=20_000, authority="England"), seed=1)


def test_looked_after_children_start_in_placements_of_every_kind_some_of_them_far_away(place: Locality) -> None:
    children, cases = place.tables["children"], place.tables["cases"]
    looked_after = (cases.present == 1) & (children.stage[cases.child] == Stage.LOOKED_AFTER)
    kinds = np.bincount(cases.placement[looked_after], minlength=len(Placement))
    assert kinds[Placement.NONE] == 0
    for kind in set(Placement) - {Placement.NONE}:
        assert kinds[kind] > 0, kind
    assert kinds[Placement.FOSTER] > looked_after.sum() / 2
    assert not cases.placement[(cases.present == 1) & ~looked_after].any()
    assert 0.0 < cases.far[looked_after].mean() < 3 * float(place.p.far_usual)


def test_what_children_start_with_is_counted_as_behind_them(place: Locality) -> None:
    children = place.tables["children"]
    behind = {
        Stage.CHILD_IN_NEED: EVER_REFERRED | EVER_IN_NEED,
        Stage.PROTECTION_PLAN: EVER_REFERRED | EVER_IN_NEED | EVER_ON_PLAN,
        Stage.LOOKED_AFTER: EVER_REFERRED | EVER_IN_NEED | EVER_LOOKED_AFTER,
    }
    known = np.zeros(children.present.size, bool)
    for stage, bits in behind.items():
        there = (children.present == 1) & (children.stage == stage)
        assert there.any()
        assert (children.ever[there] == bits).all()
        known |= there
    assert not children.ever[(children.present == 1) & ~known].any()


def test_families_come_as_strained_as_those_who_have_long_been_here() -> None:
    place = Locality(scenario(children=6000, authority="England", past_years=4), seed=1)

    def left_by_incidents() -> float:
        families = place.tables["families"]
        return float((families.strain - families.vulnerability)[families.present == 1].mean())

    start = left_by_incidents()
    place.run(weeks=208)
    assert start > 0.1
    assert start == pytest.approx(left_by_incidents(), rel=0.15)


def test_families_change_as_often_as_they_should_and_all_together_stay_as_they_are() -> None:
    place = Locality(scenario(children=20_000, parameters={"families_change_a_year": 0.3}), seed=1)
    families = place.tables["families"]
    before, traits = families.vulnerability.copy(), families.help_seeking.copy()
    for week in range(place.week, place.week + WEEKS_A_YEAR):
        living.families_change(families, place.seed, week, place.p)
    here = families.present == 1
    other = families.vulnerability != before
    assert not other[~here].any()
    assert other[here].mean() == pytest.approx(0.3, abs=0.02)
    assert families.vulnerability[here & other].mean() == pytest.approx(0.0, abs=0.06)
    assert families.vulnerability[here & other].std() == pytest.approx(1.0, abs=0.06)
    assert abs(np.corrcoef(before[here & other], families.vulnerability[here & other])[0, 1]) < 0.05
    assert (families.help_seeking == traits).all()
    none = changed(place.p, families_change_a_year=0.0)
    once_more = families.vulnerability.copy()
    for week in range(place.week, place.week + WEEKS_A_YEAR):
        living.families_change(families, place.seed, week, none)
    assert (families.vulnerability == once_more).all()


def test_few_who_are_looked_after_at_the_switch_came_into_care_when_the_past_began() -> None:
    """The first years find more children than later ones do: while they leave care, everything seems to ease."""
    usual = {name: value for name, value in SMALL.items() if name != "past_years"}
    place = Locality(Scenario.load("fragmented", **{**usual, "authority": "England", "children": 20_000}), seed=1)
    place.run_past()
    children = place.tables["children"]
    looked_after = (children.present == 1) & (children.stage == Stage.LOOKED_AFTER)
    since = children.stage_since[looked_after] - place.scenario.first_week
    assert looked_after.sum() > 50
    assert (since < 3 * WEEKS_A_YEAR).mean() < 0.05
