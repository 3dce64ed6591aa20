"""The same bits: compiled or not, in any process, branched or not, watched or not, one place or two at a time."""

import json
import os
import pickle
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ecology import Locality, Scenario, population
from ecology.errors import BadInput
from ecology.luck import Decision
from ecology.vocabulary import NOBODY
from tests.places import assert_alive, assert_differ, at_switch, lived, scenario, weeks

WEEKS = 2
WEEKS_AFTER = 10
SEED = 7
TINY: dict[str, Any] = {"regime": "orchestrated", "children": 2000, "years": 1}


def tiny(**changes: Any) -> Scenario:
    return scenario(**{**TINY, **changes})


@pytest.fixture(scope="module", name="elsewhere")
def _elsewhere(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what two other processes make of the same place, one of them uncompiled, with different hash seeds."""
    folder = tmp_path_factory.mktemp("elsewhere")
    place = at_switch(tiny(), SEED)
    asked = {"scenario": TINY, "seed": SEED, "weeks": WEEKS, "weeks_after": WEEKS_AFTER}
    (folder / "job").write_bytes(pickle.dumps({**asked, "tables": place.tables, "week": place.week}))
    processes = {
        name: subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.elsewhere", str(folder / "job")],
            env={**os.environ, "PYTHONPATH": f"{project / 'model'}{os.pathsep}{project}", **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=project,
        )
        for name, environment in {
            "compiled": {"PYTHONHASHSEED": "1"},
            "plain": {"PYTHONHASHSEED": "2", "NUMBA_DISABLE_JIT": "1"},
        }.items()
    }  # fmt: skip
    answers = {name: process.communicate() for name, process in processes.items()}
    for name, process in processes.items():
        assert process.returncode == 0, answers[name][1]
    return {name: json.loads(printed) for name, (printed, _) in answers.items()}


@pytest.fixture(scope="module", name="here")
def _here() -> dict[str, str]:
    """Return the digests of the same weeks in this process."""
    after = at_switch(tiny(), SEED).run(WEEKS_AFTER)
    assert weeks(after, "flow_packages_agreed").sum() > 0.0 < weeks(after, "flow_assessments_completed").sum()
    return {"start": Locality(tiny(), SEED).run(WEEKS).digest(), "after": after.digest()}


@pytest.mark.parametrize("process", ["compiled", "plain"])
def test_another_process_gives_the_same_bits(elsewhere: dict[str, Any], here: dict[str, str], process: str) -> None:
    assert {part: elsewhere[process][part] for part in here} == here


def test_no_draw_decides_two_things(elsewhere: dict[str, Any]) -> None:
    askers = defaultdict(set)
    for decision, week, asker in elsewhere["plain"]["keys"]:
        if week != tiny().first_week:  # then the place is built with draws of the week in which it also lives
            askers[Decision(decision).name, week].add(asker)
    assert len({decision for decision, _ in askers}) > 20
    assert not {key: lines for key, lines in askers.items() if len(lines) > 1}


def test_a_branch_is_the_straight_run() -> None:
    straight = Locality(tiny(), seed=SEED).run()
    assert_alive(straight)
    assert lived(tiny(), SEED).digest() == straight.digest()
    assert straight.outcomes().equals(lived(tiny(), SEED).outcomes())


def test_a_branch_leaves_the_past_as_it_was() -> None:
    past = at_switch(tiny(), SEED)
    before = past.digest()
    twin = past.branch(tiny(regime="fragmented"))
    assert twin.digest() == before
    twin.run(3)
    assert past.digest() == before != twin.digest()
    assert past.run(3).digest() != twin.digest()


def test_two_places_in_turns_are_two_places_alone() -> None:
    scenarios = [tiny(), tiny(regime="fragmented"), tiny()]
    seeds = [SEED, SEED, SEED + 1]
    alone = [at_switch(s, seed).run(6).digest() for s, seed in zip(scenarios, seeds, strict=True)]
    in_turns = [at_switch(s, seed) for s, seed in zip(scenarios, seeds, strict=True)]
    for _ in range(6):
        for place in in_turns:
            place.step()
    assert [place.digest() for place in in_turns] == alone
    assert len(set(alone)) == len(alone)


def test_checking_changes_nothing() -> None:
    checked, unchecked = at_switch(tiny(), SEED), at_switch(tiny(), SEED)
    assert checked.check
    unchecked.check = False
    assert checked.run(6).digest() == unchecked.run(6).digest()


def test_a_run_in_parts_is_a_run_in_one() -> None:
    parts = at_switch(tiny(), SEED)
    for _ in range(6):
        parts.run(1)
    assert parts.digest() == at_switch(tiny(), SEED).run(6).digest()


def test_the_same_seed_is_the_same_world_and_every_other_seed_another() -> None:
    worlds = [Locality(tiny(), seed=seed).digest() for seed in (0, 1, 2, 3, 2**31, 0)]
    assert len(set(worlds)) == 5
    assert worlds[0] == worlds[-1]


@pytest.mark.parametrize("seed", [2**63, 2**64, 10**30])
def test_a_seed_too_large_for_its_64_bits_is_refused(seed: int) -> None:
    with pytest.raises(BadInput, match="seed"):
        Locality(tiny(), seed=seed)
    assert Locality(tiny(), seed=2**63 - 1).run(1).week == tiny().first_week + 1


def test_a_digest_sees_one_changed_bit_in_any_column() -> None:
    place = at_switch(tiny(), SEED)
    before = place.digest()
    for name, table in place.tables.items():
        for column_name in table._fields:
            column = getattr(table, column_name)
            last = (-1,) * column.ndim
            kept = np.array([column[last]], column.dtype)
            changed = kept.copy()
            changed.view(np.uint8)[0] ^= 1
            column[last] = changed[0]
            assert place.digest() != before, f"{name}.{column_name}"
            column[last] = kept[0]
    assert place.digest() == before


def test_regimes_share_a_past_and_then_differ() -> None:
    fragmented, orchestrated = scenario("fragmented"), scenario("orchestrated")
    assert at_switch(fragmented).digest() == at_switch(orchestrated).digest()
    assert_differ(lived(fragmented), lived(orchestrated))


def test_rows_for_known_children_are_memory_only() -> None:
    def measures(share: float) -> np.ndarray:
        place = Locality(Scenario.load("fragmented", children=2_000, parameters={"known_children_at_start": share}))
        rows = place.tables["cases"].size
        place.run(weeks=60)
        grown.append(place.tables["cases"].size > rows)
        return place.tables["fixtures"].record

    grown: list[bool] = []
    np.testing.assert_array_equal(measures(0.06), measures(1.0))
    assert grown == [True, False]


def test_a_place_branches_only_into_as_many_years_as_it_was_built_for() -> None:
    place = at_switch(tiny(years=1))
    assert place.branch(tiny(years=1)).last_week == place.last_week
    with pytest.raises(BadInput, match=r"goes on for 104 weeks .* room for 52"):
        place.branch(tiny(years=2))


def test_files_that_are_laid_in_order_are_the_same_files() -> None:
    place = at_switch(scenario()).run(7)
    children, free = place.tables["children"], place.tables["fixtures"].free_cases
    cases = place.tables["cases"]
    known = np.flatnonzero(children.case != NOBODY)
    before = cases.view(np.ndarray)[children.case[known]].copy()
    assert (np.diff(children.case[known]) < 0).any()  # they do lie anyhow
    population.sort_files(children, cases, free)
    assert (children.case[known] == np.arange(known.size)).all()
    assert (cases.view(np.ndarray)[children.case[known]] == before).all()
    assert not cases.present[known.size :].any() and cases.present[: known.size].all()
    assert sorted(free[1 : free[0] + 1]) == list(range(known.size, cases.present.size))
    place.run(3)  # each week is checked


def test_lives_do_not_depend_on_how_files_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    sorted_files, unsorted_files = at_switch(scenario()), at_switch(scenario())
    sorted_files.run(60)
    monkeypatch.setattr(population, "sort_files", lambda *_: None)
    unsorted_files.run(60)
    one, other = sorted_files.tables, unsorted_files.tables
    assert (one["children"].case != other["children"].case).any()  # they do lie otherwise
    for name in ("children", "families", "social_workers", "tally"):
        for column in set(one[name]._fields) - {"case"}:
            np.testing.assert_array_equal(getattr(one[name], column), getattr(other[name], column), column)
    np.testing.assert_array_equal(one["fixtures"].record, other["fixtures"].record)
