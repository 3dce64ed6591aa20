"""A Mesa user meets what he expects: data collector, clock, copies, memory."""

import copy
import gc
import importlib.util
import pickle
import tracemalloc
import weakref
from typing import Any

import mesa
import numpy as np
import pytest

from ecology.agents import DCS, Child, School, SocialWorker, Window
from ecology.errors import BadInput
from tests.toy_town import FAMILIES, Household, PlainHousehold, Town


@pytest.fixture(name="town")
def _town() -> Town:
    return Town()


# DataCollector


def test_the_data_collector_collects_models_agents_types_and_tables(town: Town) -> None:
    collector = mesa.DataCollector(
        model_reporters={
            "families": lambda m: len(m.agents_by_type[Household]),
            "week": "week",
            "mean strain": [lambda m: m.agents_by_type[Household].agg("strain", np.mean), [town]],
        },
        agent_reporters={"present": "present", "kind": lambda agent: type(agent).__name__},
        agenttype_reporters={
            Household: {"strain": "strain"},
            School: {"places": "places"},
            Window: {"here": "is_here"},
        },
        tables={"visits": ["week", "family"]},
    )
    for _ in range(3):
        collector.collect(town)
        town.step()
    collector.add_table_row("visits", {"week": town.week, "family": 2})

    model = collector.get_model_vars_dataframe()
    assert model["week"].tolist() == [0, 1, 2]
    assert model["families"].tolist() == [FAMILIES] * 3
    assert np.diff(model["mean strain"]).tolist() == [0.125, 0.125]

    everybody = collector.get_agent_vars_dataframe().reset_index()
    assert len(everybody) == 3 * len(town.agents)
    assert everybody.groupby("Step")["AgentID"].nunique().tolist() == [len(town.agents)] * 3
    assert (everybody.groupby("AgentID")["kind"].nunique() == 1).all()

    families = collector.get_agenttype_vars_dataframe(Household)
    assert sorted(families.index.get_level_values("Step").unique()) == [0, 1, 2]
    first = families.xs(town.window(Household, 0).unique_id, level="AgentID")["strain"]
    assert first.tolist() == [0.0, 0.125, 0.25]
    assert len(collector.get_agenttype_vars_dataframe(School)) == 3 * 3
    assert len(collector.get_agenttype_vars_dataframe(Window)) == 3 * len(town.agents)
    assert collector.get_table_dataframe("visits").to_dict("list") == {"week": [3], "family": [2]}


def test_the_data_collector_may_be_given_agents_without_copying_the_world(town: Town) -> None:
    collector = mesa.DataCollector(agenttype_reporters={Child: {"family": "family"}})
    collector.collect(town)
    family = collector.get_agenttype_vars_dataframe(Child)["family"].iloc[0]
    assert family == town.window(Household, 0)
    assert family.model is town


# The clock


def test_the_week_is_the_only_clock_and_mesas_counters_follow(town: Town) -> None:
    for _ in range(3):
        town.step()
    assert (town.week, town.steps, town.time) == (3, 3, 3.0)
    town.run_for(2)
    town.run_until(7)
    assert (town.week, town.steps, town.time) == (7, 7, 7.0)
    assert town.tables["families"].strain[0] == 7 * 0.125
    town.week = -52
    town.step()
    assert (town.week, town.steps, town.time) == (-51, -51, -51.0)


def test_run_model_runs_until_running_is_false() -> None:
    class ShortTown(Town):
        def step(self) -> None:
            super().step()
            self.running = self.week < 4

    town = ShortTown()
    town.run_model()
    assert town.week == 4


@pytest.mark.skipif(not hasattr(mesa.Model, "observe"), reason="Mesa 3.5 and later")
def test_who_observes_mesas_time_hears_of_the_week(town: Town) -> None:
    heard: list[float] = []

    def hear(message: Any) -> None:
        heard.append(town.time)

    town.observe("time", "changed", hear)
    town.step()
    town.step()
    assert heard == [1.0, 2.0]


def test_the_model_may_have_a_scenario_of_its_own(town: Town) -> None:
    class Sealed:
        __slots__ = ("name",)

    assert town.scenario is None  # so that SolaraViz does not take Mesa's scenario for the model's parameters
    town.scenario = Sealed()
    assert isinstance(town.scenario, Sealed)


def test_mesas_random_numbers_follow_the_seed_and_the_week_uses_none_of_them() -> None:
    one, two, other = Town(seed=5), Town(seed=5), Town(seed=6)
    state = one.random.getstate(), one.rng.bit_generator.state
    one.run_for(3)
    assert (one.random.getstate(), one.rng.bit_generator.state) == state
    drawn = [town.agents.shuffle().get("unique_id") for town in (one, two, other)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_would_go_past_the_columns_is_refused(town: Town) -> None:
    for attempt in (
        lambda: PlainHousehold(town, 0, town.tables["families"]),
        lambda: Household.create_agents(town, 3),
        lambda: Household.from_dataframe(town, [1, 2]),
        lambda: town.window(Household, 0).remove(),
        lambda: town.remove_all_agents(),
        lambda: town.schedule_event(town.step, at=4.0),
        lambda: town.schedule_recurring(town.step, 1),
        lambda: town.agents.add(town.window(Household, 0)),
        lambda: town.agents.discard(town.window(Household, 0)),
        lambda: town.agents.remove(town.window(Household, 0)),
        lambda: town.agents.clear(),
        lambda: town.agents.pop(),
    ):
        with pytest.raises(BadInput, match=r"row|present|week"):
            attempt()
    with pytest.raises(AttributeError):
        setattr(town, "agents", town.agents.copy())  # noqa: B010
    assert len(town.agents_by_type[Household]) == FAMILIES


# Memory


def strained_or_kept(agent: Any) -> bool:
    return agent.kept or getattr(agent, "strain", 0.0) > 0.5


def use(town: Town) -> None:
    """Do with a model what keeps models alive: steps, kept and temporary agents, sets, groups, a collector."""
    town.run_for(2)
    town.datacollector = mesa.DataCollector(agenttype_reporters={School: {"roll": "roll"}, DCS: {"fear": "fear"}})
    town.datacollector.collect(town)
    assert town.agents_by_type[SocialWorker][1].children.groupby("stage").count()
    town.agents.shuffle().select(strained_or_kept, at_most=9).do(repr)
    with pytest.raises(BadInput):
        PlainHousehold(town, 0, town.tables["families"])


def test_a_model_dies_with_its_last_reference_without_waiting_for_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        town = Town()
        use(town)
        ghost = weakref.ref(town)
        column = weakref.ref(town.tables["families"].strain)
        del town
        assert ghost() is None
        assert column() is None
    finally:
        gc.enable()


def test_two_hundred_models_leave_memory_flat() -> None:
    ghosts: list[weakref.ref[Town]] = []

    def spend(models: int) -> int:
        for seed in range(models):
            town = Town(seed, families=500)
            use(town)
            ghosts.append(weakref.ref(town))
            del town
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    one = sum(column.nbytes for table in Town(families=500).tables.values() for column in table)
    tracemalloc.start()
    try:
        before = spend(5)
        after_all = spend(200)
    finally:
        tracemalloc.stop()
    assert all(ghost() is None for ghost in ghosts)
    assert after_all - before < one
    assert not any(type(thing) is Town for thing in gc.get_objects())  # isinstance would touch dead proxies


def test_a_kept_agent_says_that_its_model_is_gone() -> None:
    school = Town().agents_by_type[School][0]
    with pytest.raises(ReferenceError, match="School"):
        _ = school.places
    family = Town().agents_by_type[Household][0]
    assert family.strain == 0.0  # made on demand: it keeps its model


def test_copies_of_a_model_are_worlds_of_their_own(town: Town) -> None:
    school = town.agents_by_type[School][0]
    for twin in (copy.deepcopy(town), pickle.loads(pickle.dumps(town))):
        assert twin.agents_by_type[School][0].model is twin
        twin.agents_by_type[School].set("places", 300)
        assert (school.places, twin.agents_by_type[School][0].places) == (0, 300)
        twin.step()
        assert (town.week, twin.week) == (0, 1)
    assert copy.deepcopy(town.window(Household, 3)).model is copy.deepcopy(school).model is town
    both = copy.deepcopy({"town": town, "family": town.window(Household, 3), "school": school})
    assert both["family"].model is both["school"].model is both["town"] is not town


@pytest.mark.skipif(importlib.util.find_spec("solara") is None, reason="solara is not installed")
def test_mesas_visualisation_can_be_imported_beside_the_agents() -> None:
    from mesa.visualization import SolaraViz

    assert callable(SolaraViz)
