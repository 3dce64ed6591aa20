"""A few rounds of everything that ``make fire`` does for half an hour: nothing is lost, doubled or changed silently."""

from collections.abc import Callable

import pytest

from benchmarks.under_fire.damage import fill_disk, flip_bits, hostile_files, mutated, two_drivers
from benchmarks.under_fire.ground import GROUNDS, Ground, Tally, ground
from benchmarks.under_fire.killing import kill_driver, kill_workers, kill_workers_of_a_sweep

ROUNDS: dict[str, Callable[[Ground], Tally]] = {
    "driver": lambda place: kill_driver(place, 10, 1.5),
    "workers": lambda place: kill_workers(place, 5, 8.0),
    "sweep": lambda _: kill_workers_of_a_sweep(16, 8.0, 4),
    "bits": lambda place: flip_bits(place, 300),
    "disk": lambda place: fill_disk(place, 5),
    "drivers": lambda place: two_drivers(place, 3),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # children of a process with threads
@pytest.mark.parametrize("kind", sorted(ROUNDS))
def test_nothing_is_lost_under_fire(kind: str) -> None:
    tally = ROUNDS[kind](ground(GROUNDS[kind == "workers"]))
    assert tally.trials >= (1 if kind == "sweep" else 3) and tally.failures == 0, tally.line


def test_hostile_files_are_refused_in_sentences() -> None:
    tally = hostile_files(600)
    assert tally.trials == 600 and tally.failures == 0, tally.line
    assert 10 < int(tally.remark.split()[0]) < 400  # some changes are harmless, most are not


def test_a_tally_says_how_sure_it_is() -> None:
    assert "| 200 | 0 | 1.49% |" in Tally("kills", 200, 0).line
    assert "| 100 | 1 | 4.66% |" in Tally("kills", 100, 1).line


def test_mutations_differ() -> None:
    import numpy as np

    luck = np.random.default_rng(1)
    assert len({mutated(b"a line of text\n" * 9, luck) for _ in range(50)}) > 40
