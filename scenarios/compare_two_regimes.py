"""Compare two regimes in one small place, seed by seed. Copy this file and change what stands in capitals.

Run it with ``python compare_two_regimes.py``. It prints, for each outcome, the difference that the second regime makes.
"""

import pandas as pd

from ecology import Locality, Scenario

FIRST, SECOND = "fragmented", "orchestrated"
PLACE = {"authority": "England", "children": 3_000, "pressure": "both", "years": 3}
SEEDS = (1, 2, 3)


def difference(seed: int) -> pd.Series:
    """Return by outcome what the second regime adds to the first: the same children, the same past, the same luck."""
    past = Locality(Scenario.load("accountable_without_levers", **PLACE), seed=seed).run_past()
    first, second = (past.branch(Scenario.load(regime, **PLACE)).run().outcomes() for regime in (FIRST, SECOND))
    keys = ["outcome", "unit"]
    return second.set_index(keys)["value"] - first.set_index(keys)["value"]


def main() -> None:
    """Run both regimes with each seed and print the paired differences."""
    differences = pd.DataFrame({seed: difference(seed) for seed in SEEDS})
    print(f"{SECOND} minus {FIRST}, {len(SEEDS)} seeds (illustrative, not calibrated):")
    print(differences.agg(["mean", "min", "max"], axis=1).to_string())


if __name__ == "__main__":
    main()
