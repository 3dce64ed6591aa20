"""The columns and a plain Mesa model of the same subset live the same lives; the ratio of their speeds is reported."""

import time
from typing import Any

import numpy as np
import pytest

from benchmarks.columns import Columns
from benchmarks.object_per_agent import Child, ObjectPerAgent
from ecology import Locality, Scenario
from ecology.rules import noticing
from ecology.vocabulary import Agency, Flow, Stage, words

WEEKS = 20


def place_of(children: int) -> Locality:
    scenario = Scenario.load("fragmented", children=children, past_years=2, years=2)
    return Locality(scenario, seed=1).run(weeks=40)


@pytest.fixture(scope="module")
def lives() -> tuple[Columns, ObjectPerAgent]:
    place = place_of(5000)
    columns = Columns(place)
    objects = ObjectPerAgent(place, columns.thresholds)
    for _ in range(WEEKS):
        columns.step()
        objects.step()
    return columns, objects


def test_the_subset_is_alive(lives: tuple[Columns, ObjectPerAgent]) -> None:
    columns, objects = lives
    assert len(objects.agents_by_type[Child]) > 4000
    assert objects.noticed > 100
    assert sum(objects.contacts.values()) > 10
    assert len(objects.contacts) > 1
    assert (columns.tables["children"].need_safety > 0.0).any()


def test_columns_and_objects_agree_bit_for_bit(lives: tuple[Columns, ObjectPerAgent]) -> None:
    columns, objects = lives
    children, flows = columns.tables["children"], columns.tables["tally"].flows
    people = sorted(objects.agents_by_type[Child], key=lambda child: child.row)
    rows = [child.row for child in people]

    def same(column: str, values: list[Any]) -> bool:
        return np.array_equal(getattr(children, column)[rows], np.array(values, getattr(children, column).dtype))

    for domain in ("safety", "wellbeing", "learning"):
        assert same(f"need_{domain}", [getattr(child, domain) for child in people])
    for agency in list(Agency)[: len(people[0].concern)]:
        assert same(f"concern_{words(agency)}", [noticing.note(child.concern[agency]) for child in people])
        assert same(f"seen_by_{words(agency)}", [child.seen_by[agency] for child in people])
    assert objects.noticed == columns.noticed == flows[Flow.NOTICED]
    for agency in Agency:
        assert objects.contacts[agency] == flows[Flow.CONTACTS_FROM_SCHOOLS + agency]
    in_contact = children.stage[rows] == Stage.CONTACT
    assert in_contact.tolist() == [child.stage == Stage.CONTACT for child in people]


def test_speed_of_columns_against_objects(benchmark: Any) -> None:
    place = place_of(20_000)
    columns = Columns(place)
    objects = ObjectPerAgent(place, columns.thresholds, store=float)
    columns.step()
    objects.step()
    times = []
    for _ in range(5):
        start = time.process_time()
        objects.step()
        times.append(time.process_time() - start)
    benchmark.pedantic(columns.step, rounds=30)
    if benchmark.stats is not None:
        benchmark.extra_info["objects_ms_a_week"] = 1e3 * min(times)
        benchmark.extra_info["ratio"] = min(times) / benchmark.stats.stats.min
        print(f"\nobject per agent {1e3 * min(times):.0f} ms a week, ratio {benchmark.extra_info['ratio']:.0f}")
