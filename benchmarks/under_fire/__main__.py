"""Run every trial and print the table of ``docs/reliability.md``: ``python -m benchmarks.under_fire [SHARE]``.

SHARE scales the number of trials; 1 takes about half an hour on two cores.
"""

import sys

from benchmarks.under_fire.damage import fill_disk, flip_bits, hostile_files, two_drivers
from benchmarks.under_fire.ground import GROUNDS, ground
from benchmarks.under_fire.killing import kill_driver, kill_workers, kill_workers_of_a_sweep


def main(share: float = 1.0) -> int:
    """Print a line a trial; return how many failed."""
    town, larger_town, place, larger_place = map(ground, GROUNDS)
    trials = (
        lambda: kill_driver(town, count(200, share), 1.5),
        lambda: kill_driver(place, count(40, share), 4.0),
        lambda: kill_workers(larger_town, count(40, share), 16.0),
        lambda: kill_workers(larger_place, count(20, share), 16.0),
        lambda: kill_workers_of_a_sweep(count(1_000, share), 30.0),
        lambda: flip_bits(town, count(10_000, share)),
        lambda: fill_disk(town, count(100, share)),
        lambda: two_drivers(town, count(50, share)),
        lambda: hostile_files(count(30_000, share)),
    )
    print("| what | trials | failures | upper 95% bound | seen |\n|---|---|---|---|---|")
    failures = 0
    for trial in trials:
        tally = trial()
        failures += tally.failures
        print(tally.line, flush=True)
    return failures


def count(full: int, share: float) -> int:
    """Return a share of a number of trials, at least one."""
    return max(1, round(full * share))


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])) > 0)
