"""Move one lever and leave the others where they are. Copy this file and change what stands in capitals.

Run it with ``python change_one_lever.py``. It prints every outcome at each value of the lever.
"""

import pandas as pd

from ecology import Locality, Scenario

START = Scenario.load("fragmented", authority="England", children=3_000, pressure="both", years=3)
LEVER, VALUES = "shared_record", (0.0, 0.5, 1.0)
SEEDS = (1, 2)


def outcomes(seed: int) -> pd.DataFrame:
    """Return outcomes in rows and values of the lever in columns: one past, then a branch for each value."""
    past = Locality(START, seed=seed).run_past()
    columns = {}
    for value in VALUES:
        place = past.branch(START.with_changes(levers={**START.levers, LEVER: value})).run()
        columns[value] = place.outcomes().set_index(["outcome", "unit"])["value"]
    return pd.DataFrame(columns)


def main() -> None:
    """Run each value of the lever with each seed and print the means."""
    mean = pd.concat([outcomes(seed) for seed in SEEDS]).groupby(level=[0, 1], sort=False).mean()
    print(f"{START.name} with {LEVER} at {VALUES}, mean of {len(SEEDS)} seeds (illustrative, not calibrated):")
    print(mean.to_string())


if __name__ == "__main__":
    main()
