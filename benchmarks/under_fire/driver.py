"""A driver with workers, to be disturbed: ``python -m benchmarks.under_fire.driver GROUND STORE WORKERS``."""

import sys

from benchmarks.under_fire.ground import batch
from ecology.errors import BadInput
from experiments.store import Store
from experiments.study import carry_out

REFUSED, FAILED_ROWS = 2, 3
"""Exit codes: the workers died so fast that a sentence ended it; it came to its end with failed rows."""


def main(name: str, path: str, workers: str) -> int:
    """Carry a study out; return 0 if every run is done."""
    study, points = batch(name)
    try:
        with Store(path) as store:
            account = carry_out(study, points, store, workers=int(workers))
    except BadInput:
        return REFUSED
    return FAILED_ROWS if account.failed else account.left


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
