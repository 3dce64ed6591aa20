"""An agent is a window on a row: what it shows is in the column, and what is written to it is in the column."""

from typing import Any

import mesa
import numpy as np
import pytest

from ecology.agents import (
    DCS,
    Child,
    HealthCommissioner,
    LocalAuthority,
    Police,
    School,
    SocialWorker,
)
from ecology.errors import BadInput
from ecology.vocabulary import NOBODY, Payer, Stage
from tests.toy_town import CHILDREN_A_FAMILY, FAMILIES, HOW_MANY, Household, Town


@pytest.fixture(name="town")
def _town() -> Town:
    return Town()


def move_in(town: Town, row: int, week: int) -> None:
    """Let another family take over a row."""
    town.tables["families"].moved_in[row] = week


# One window


def test_reading_a_window_reads_the_column_as_a_plain_number(town: Town) -> None:
    family = town.window(Household, 3)
    town.tables["families"].strain[3] = 0.1
    assert family.strain == np.float32(0.1)
    assert type(family.strain) is float
    assert type(family.neighbourhood) is int


def test_writing_a_window_writes_the_column_in_its_type(town: Town) -> None:
    family = town.window(Household, 3)
    family.strain = 0.3
    family.neighbourhood = 2.0
    assert town.tables["families"].strain[3] == np.float32(0.3)
    assert town.tables["families"].neighbourhood[3] == 2
    assert town.tables["families"].strain.dtype == np.float32
    assert town.tables["families"].strain[2] == np.float32(10 / 8)


@pytest.mark.parametrize("value", [2.5, 40_000, -40_000, float("nan"), float("inf"), "two", None, [1, 2]])
def test_what_a_whole_number_column_cannot_hold_is_refused(town: Town, value: Any) -> None:
    before = town.tables["families"].neighbourhood.copy()
    with pytest.raises((BadInput, ValueError), match=r"neighbourhood|sequence"):
        town.window(Household, 3).neighbourhood = value
    with pytest.raises(BadInput, match="neighbourhood"):
        town.agents_by_type[Household].set("neighbourhood", value)
    assert (town.tables["families"].neighbourhood == before).all()


def test_an_unknown_attribute_is_answered_with_the_columns(town: Town) -> None:
    family = town.window(Household, 3)
    with pytest.raises(AttributeError, match=r"Household has no attribute 'stain'.*strain"):
        _ = family.stain
    for name in ("stain", "pos", "table"):
        with pytest.raises(AttributeError, match=name):
            setattr(family, name, 1)
    assert not hasattr(family, "stain")
    assert not hasattr(family, "count")  # a method of named tuples, not a column
    assert {"strain", "children", "worsen"} <= set(dir(family))


def test_an_error_inside_a_property_is_seen(town: Town) -> None:
    class Odd(School):
        @property
        def wrong(self) -> Any:
            return self.no_such_column

    with pytest.raises(AttributeError, match="no_such_column"):
        _ = Odd(town, 0).wrong


def test_windows_on_one_row_are_one_agent(town: Town) -> None:
    one, same, other = town.window(Household, 3), town.window(Household, 3), town.window(Household, 4)
    assert one == same
    assert hash(one) == hash(same)
    assert one not in (other, town.window(Child, 3), Town().window(Household, 3), 3)
    assert isinstance(one, mesa.Agent)
    assert repr(one) == "<Household 3>"


def test_organisations_and_workers_are_kept_and_families_are_made_on_demand(town: Town) -> None:
    for kind in (School, SocialWorker, Police, LocalAuthority, HealthCommissioner, DCS):
        assert town.agents_by_type[kind][0] is next(iter(town.agents.select(agent_type=kind)))
    assert town.agents_by_type[Household][0] is not town.agents_by_type[Household][0]


def test_every_agent_has_a_unique_id_of_its_own(town: Town) -> None:
    ids = town.agents.get("unique_id")
    assert len(set(ids)) == len(ids) == sum(HOW_MANY.values())
    assert all(type(number) is int and 0 < number < 2**53 for number in ids)  # exact in a table of floats too
    assert town.window(Household, 3).unique_id == Town().window(Household, 3).unique_id


# Relations


def test_a_family_has_children_and_they_have_it(town: Town) -> None:
    family = town.window(Household, 4)
    assert [child.row for child in family.children] == [8, 9]
    assert all(child.family == family for child in family.children)
    assert isinstance(family.children[0].family, Household)  # the model's own kind of family
    town.tables["children"].present[8] = 0
    assert [child.row for child in family.children] == [9]


def test_a_set_shows_what_its_agents_show_where_a_property_says_more_than_the_column(town: Town) -> None:
    children = town.agents_by_type[Child]
    assert children.get("family") == [child.family for child in children]
    assert children.groupby("family").count() == dict.fromkeys(town.agents_by_type[Household], CHILDREN_A_FAMILY)


def test_children_and_schools_know_each_other(town: Town) -> None:
    school = town.window(School, 1)
    assert len(school.pupils) > 0
    assert all(child.school is school for child in school.pupils)
    child = next(child for child in town.agents_by_type[Child] if town.tables["children"].school[child.row] == NOBODY)
    assert child.school is None


def test_children_and_social_workers_know_each_other(town: Town) -> None:
    worker = town.window(SocialWorker, 1)
    assert [child.row for child in worker.children] == [0, 5]
    assert all(child.social_worker is worker for child in worker.children)
    assert town.window(Child, 1).social_worker is None
    town.tables["cases"].present[1] = 0
    assert [child.row for child in worker.children] == [0]


def test_a_child_grows_older_and_says_where_it_stands(town: Town) -> None:
    child = town.window(Child, 2)
    assert child.age_years == 3
    town.week = 51
    assert child.age_years == 3
    town.week = 52
    assert child.age_years == 4
    child.stage = Stage.CHILD_IN_NEED
    assert child.stage_name == "child_in_need"


def test_a_commissioner_is_one_row_of_the_payers(town: Town) -> None:
    town.tables["commissioners"].balance_pence[:] = 100 * np.arange(len(Payer))
    assert town.agents_by_type[Police][0].balance_pounds == Payer.POLICE
    assert town.agents_by_type[LocalAuthority].get("balance_pence") == [100 * Payer.AUTHORITY]
    assert town.agents_by_type[HealthCommissioner].agg("balance_pounds", sum) == Payer.HEALTH_COMMISSIONER


# Rows pass on


def test_when_a_row_passes_on_the_old_window_says_so_and_ids_differ(town: Town) -> None:
    old = town.window(Household, 3)
    chosen = town.agents_by_type[Household].select(lambda family: family.row in (2, 3))
    number = old.unique_id
    move_in(town, 3, week=0)
    new = town.window(Household, 3)
    assert not old.is_here
    assert new.is_here
    assert old != new
    assert number != new.unique_id
    with pytest.raises(LookupError, match=r"Household.*somebody else"):
        _ = old.strain
    with pytest.raises(LookupError):
        old.strain = 0.0
    assert [family.row for family in chosen] == [2]
    assert old not in chosen
    assert new not in chosen
    assert new in town.agents_by_type[Household]


def test_a_child_leaves_when_a_family_moves_or_another_is_born_on_its_row(town: Town) -> None:
    cohort = town.agents_by_type[Child].copy()
    first, second, third = (town.window(Child, row) for row in (0, 2, 4))
    move_in(town, 0, week=0)
    town.tables["children"].birth_week[2] = 1
    assert (first.is_here, second.is_here, third.is_here) == (False, False, True)
    assert len(cohort) == HOW_MANY[Child] - 3  # both of the family that left, and the one whose row was born into
    assert len(town.agents_by_type[Child]) == HOW_MANY[Child]


def test_a_new_social_worker_in_a_post_is_a_new_agent(town: Town) -> None:
    old = town.window(SocialWorker, 2)
    town.tables["social_workers"].joined[2] = 5
    new = town.window(SocialWorker, 2)
    assert new is not old
    assert new is town.agents_by_type[SocialWorker][2]
    assert new not in (old,)


def test_a_window_on_an_empty_row_shows_what_was_there_last(town: Town) -> None:
    family = town.window(Household, 3)
    town.tables["families"].present[3] = 0
    assert not family.is_here
    assert family.strain == 15 % FAMILIES / 8
