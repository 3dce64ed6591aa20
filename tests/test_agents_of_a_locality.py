"""The agents of a real locality: what a Mesa user asks of them, on the tables that the simulation moves."""

import gc
import weakref

import mesa
import numpy as np
import pytest

from ecology import Locality, Scenario
from ecology.agents import (
    DCS,
    KINDS,
    Checker,
    Child,
    Family,
    HealthCommissioner,
    LocalAuthority,
    Police,
    Provider,
    School,
    SocialWorker,
)

CHILDREN = 2000
WEEKS = 4


def small_place() -> Locality:
    return Locality(Scenario.load("fragmented", children=CHILDREN), seed=3).run(WEEKS)


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    return small_place()


def test_the_agents_are_the_rows(place: Locality) -> None:
    children = place.agents_by_type[Child]
    assert len(children) == int((place.tables["children"].present != 0).sum()) > 0.9 * CHILDREN
    assert set(place.agent_types) >= {
        Child,
        Family,
        School,
        SocialWorker,
        HealthCommissioner,
        Police,
        LocalAuthority,
        DCS,
    }
    ids = place.agents.get("unique_id")
    assert len(ids) == len(set(ids)) == len(place.agents)
    assert sum(children.groupby("stage_name").count().values()) == len(children)
    assert children.groupby("stage").agg("need_safety", np.mean).keys() == children.groupby("stage").count().keys()


def test_agents_know_each_other(place: Locality) -> None:
    families = place.agents_by_type[Family].select(lambda family: len(family.children) > 0, at_most=20)
    assert len(families) == 20
    for family in families:
        assert all(child.family == family and 0 <= child.age_years < 18 for child in family.children)
    assert all(child.social_worker is w for w in place.agents_by_type[SocialWorker] for child in w.children)
    assert sum(len(school.pupils) for school in place.agents_by_type[School]) > 0
    director = place.agents_by_type[DCS][0]
    assert director.tenure_weeks == place.week - director.dcs_since
    assert any(len(worker.children) > 0 for worker in place.agents_by_type[SocialWorker])
    until = place.tables["conditions"].interim_until
    for weeks, interim in ((3, True), (-3, False)):
        before, until[0] = until[0], place.week + weeks
        assert director.is_interim == interim
        until[0] = before


def test_bodies_say_in_words_what_they_are(place: Locality) -> None:
    assert {"inspection", "virtual_school_head"} <= {checker.line for checker in place.agents_by_type[Checker]}
    providers = place.agents_by_type[Provider]
    assert {"residential_care", "own_foster_care"} <= {provider.service_name for provider in providers}
    assert {"voluntary", "authority"} <= {provider.sector_name for provider in providers}


def test_steps_follow_the_week_and_the_collector_the_agents() -> None:
    place = small_place()
    collector = mesa.DataCollector(
        model_reporters={"strain": lambda m: m.agents_by_type[Family].agg("strain", np.mean)},
        agenttype_reporters={SocialWorker: {"caseload": "caseload"}},
    )
    first = place.week
    for _ in range(2):
        collector.collect(place)
        place.step()
    assert (place.steps, place.time) == (place.week, float(place.week)) == (first + 2, float(first + 2))
    assert len(collector.get_model_vars_dataframe()) == 2
    steps = collector.get_agenttype_vars_dataframe(SocialWorker).index.get_level_values("Step")
    assert steps.unique().tolist() == [first, first + 1]


def test_looking_at_agents_changes_nothing() -> None:
    looked_at, left_alone = small_place(), small_place()
    looked_at.agents.shuffle().groupby(type).count()
    looked_at.agents_by_type[Child].select(lambda child: child.need_safety > 1.0).sort("need_safety").map(repr)
    assert looked_at.run(2).digest() == left_alone.run(2).digest()


def test_a_locality_dies_with_its_last_reference() -> None:
    gc.collect()
    gc.disable()
    try:
        place = small_place()
        place.agents.do(repr)
        ghost = weakref.ref(place)
        del place
        assert ghost() is None
    finally:
        gc.enable()


def test_no_column_is_hidden_by_a_name_of_the_class_except_where_a_property_says_more(place: Locality) -> None:
    kinds = [kind for kind in KINDS if kind.table in place.tables]
    hidden = {
        (kind.__name__, name) for kind in kinds for name in place.tables[kind.table]._fields if hasattr(kind, name)
    }
    assert hidden == {("Child", "family"), ("Child", "school")}
