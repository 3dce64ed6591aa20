"""A set of agents is a set of rows: live sets follow the columns, chosen ones keep who was chosen."""

import copy
import pickle

import numpy as np
import pytest

from ecology.agents import (
    ColumnModel,
    Family,
    Provider,
    School,
    Window,
    WindowSet,
)
from ecology.errors import BadInput
from ecology.vocabulary import NOBODY
from tests.toy_town import FAMILIES, HOW_MANY, Household, Town


@pytest.fixture(name="town")
def _town() -> Town:
    return Town()


def test_every_kind_has_its_agents(town: Town) -> None:
    assert {kind: len(agents) for kind, agents in town.agents_by_type.items()} == HOW_MANY
    assert {kind: len(town.agents.select(agent_type=kind)) for kind in HOW_MANY} == HOW_MANY
    assert town.agent_types == list(town.agents_by_type) == [kind for kind in Town.KINDS if kind in HOW_MANY]
    assert len(town.agents) == sum(1 for _ in town.agents) == sum(HOW_MANY.values())
    assert {type(agent) for agent in town.agents} == set(HOW_MANY)
    assert repr(town.agents_by_type[School]) == "<WindowSet: 3 School>"
    assert "24 Child" in repr(town.agents)
    assert "nobody" in repr(town.agents.select(at_most=0))


def test_a_base_class_selects_its_kinds(town: Town) -> None:
    assert len(town.agents.select(agent_type=Family)) == FAMILIES
    assert len(town.agents.select(agent_type=Window)) == len(town.agents)


def test_an_unknown_kind_is_answered_with_those_that_exist(town: Town) -> None:
    with pytest.raises(KeyError, match=r"Provider.*There are: .*School"):
        town.agents_by_type[Provider]
    assert Provider not in town.agent_types


def test_a_live_set_follows_the_columns_and_a_chosen_one_only_loses(town: Town) -> None:
    town.tables["families"].present[[0, 5]] = 0
    live, chosen = town.agents_by_type[Household], town.agents_by_type[Household].select()
    town.tables["families"].present[0] = 1
    town.tables["families"].present[7] = 0
    assert [family.row for family in live] == [0, 1, 2, 3, 4, 6, 8, 9, 10, 11]
    assert [family.row for family in chosen] == [1, 2, 3, 4, 6, 8, 9, 10, 11]
    assert (len(live), len(chosen)) == (10, 9)
    assert chosen.get("row") == [family.row for family in chosen]


def test_who_leaves_during_a_loop_is_not_visited(town: Town) -> None:
    visited = []

    def visit(family: Household) -> None:
        visited.append(family.row)
        town.tables["families"].present[family.row + 1 : family.row + 2] = 0

    town.agents_by_type[Household].do(visit)
    assert visited == [0, 2, 4, 6, 8, 10]


def test_a_filter_that_empties_rows_cannot_shift_the_choice(town: Town) -> None:
    def odd(family: Household) -> bool:
        town.tables["families"].present[0] = 0
        return family.row % 2 == 1

    assert [family.row for family in town.agents_by_type[Household].select(odd)] == [1, 3, 5, 7, 9, 11]


def test_sets_of_many_kinds_keep_their_order(town: Town) -> None:
    shuffled = town.agents.shuffle()
    assert shuffled.get("unique_id") == [agent.unique_id for agent in shuffled]
    assert shuffled.get(["row", "present"]) == [[agent.row, agent.present] for agent in shuffled]
    assert shuffled.get("strain", "default", -1.0) == [getattr(agent, "strain", -1.0) for agent in shuffled]
    by_kind = shuffled.groupby(type)
    assert by_kind.count() == {kind: HOW_MANY[kind] for kind in by_kind.groups}
    assert shuffled.sort("unique_id", ascending=True) == town.agents
    assert shuffled.sort("row").get("row") == sorted(shuffled.get("row"), reverse=True)


def test_an_attribute_of_some_kinds_only_is_refused_for_all_before_anything_is_written(town: Town) -> None:
    with pytest.raises(AttributeError, match=r"Child has no attribute 'strain'"):
        town.agents.get("strain")
    with pytest.raises(AttributeError, match="strain"):
        town.agents.sort(lambda agent: isinstance(agent, Household)).set("strain", 9.0)
    assert town.agents_by_type[Household].agg("strain", max) < 9.0


def test_set_takes_one_value_or_one_for_each(town: Town) -> None:
    families = town.agents_by_type[Household]
    families.sort("strain").set("hardship", range_as_list := list(range(FAMILIES)))
    assert families.sort("strain").get("hardship") == range_as_list
    families.set("hardship", np.arange(FAMILIES) / 2)
    assert town.tables["families"].hardship.tolist() == [row / 2 for row in range(FAMILIES)]
    with pytest.raises(BadInput, match="3 values for 12 agents"):
        families.set("hardship", [1, 2, 3])
    both = town.agents.select(lambda agent: isinstance(agent, Household | School)).shuffle()
    both.set("neighbourhood", list(range(len(both))))
    assert both.get("neighbourhood") == list(range(len(both)))


def test_set_goes_through_a_property_that_can_be_set(town: Town) -> None:
    class Doubled(Household):
        @property
        def double(self) -> float:
            return 2 * float(self.strain)

        @double.setter
        def double(self, value: float) -> None:
            self.strain = value / 2

    class DoubledTown(Town):
        KINDS = (Doubled, *Town.KINDS)

    families = DoubledTown().agents_by_type[Doubled]
    families.set("double", 3.0)
    assert families.get("strain") == [1.5] * FAMILIES
    with pytest.raises(AttributeError, match="twice"):
        families.set("twice", 3.0)


def test_sets_of_another_model_do_not_contain_ones_agents(town: Town) -> None:
    other = Town()
    assert town.window(Household, 0) not in other.agents
    assert town.window(Household, 0) not in other.agents_by_type[Household].copy()
    assert town.window(Household, 0) not in town.agents_by_type[School]


def test_a_set_can_be_copied_and_pickled_with_its_model(town: Town) -> None:
    chosen = town.agents_by_type[Household].select(at_most=2)
    twin = pickle.loads(pickle.dumps(chosen))
    assert [family.row for family in twin] == [0, 1]
    assert twin.model is not town
    assert copy.deepcopy(chosen).model is not town


def test_a_chosen_set_can_be_changed_by_hand(town: Town) -> None:
    first, *_, last = town.agents_by_type[Household]
    chosen = town.agents_by_type[Household].select(at_most=3)
    assert first in chosen
    assert last not in chosen
    chosen.add(last)
    chosen.discard(first)
    assert last in chosen
    assert first not in chosen
    assert [family.row for family in chosen] == [1, 2, FAMILIES - 1]


def test_agents_at_rows_and_a_model_without_tables(town: Town) -> None:
    assert [agent.row for agent in town.agents_at("schools", [2, 0])] == [2, 0]
    assert town.agent_at("schools", 2) is town.window(School, 2)
    assert town.agent_at("schools", NOBODY) is None
    empty = ColumnModel()
    assert len(empty.agents) == 0
    assert list(empty.agents) == []
    assert empty.agents_by_type == {}
    assert isinstance(empty.agents, WindowSet)
