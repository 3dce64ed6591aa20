"""A driver with workers, to be disturbed: ``python -m benchmarks.under_fire.driver GROUND STORE WORKERS``."""

import sys

from benchmarks.under_fire.ground import batch
from experiments.store import Store
from experiments.study import carry_out

GAVE_UP = 3
"""Exit code of a study that came to its end with failed rows."""


def main(name: str, path: str, workers: str) -> int:
    """Carry a study out; return 0 if every run is done, GAVE_UP if some failed."""
    study, points = batch(name)
    with Store(path) as store:
        account = carry_out(study, points, store, workers=int(workers))
    return GAVE_UP if account.failed else account.left


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
