"""Run every trial and print the table of ``docs/reliability.md``: ``python -m benchmarks.under_fire [SHARE]``.

SHARE scales the number of trials; 1 takes about half an hour on two cores.
"""

import sys

from benchmarks.under_fire.damage import fill_disk, flip_bits, hostile_files, two_drivers
from benchmarks.under_fire.ground import place, town
from benchmarks.under_fire.killing import kill_driver, kill_workers


def main(share: float = 1.0) -> int:
    """Print a line a trial; return how many failed."""
    invented, real = town(), place()
    trials = (
        lambda: kill_driver(invented, count(200, share), 1.5),
        lambda: kill_driver(real, count(40, share), 4.0),
        lambda: kill_workers(invented, count(100, share), 3.0),
        lambda: kill_workers(real, count(20, share), 6.0),
        lambda: flip_bits(invented, count(10_000, share)),
        lambda: fill_disk(invented, count(100, share)),
        lambda: two_drivers(invented, count(50, share)),
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
