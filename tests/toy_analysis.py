"""A world whose answers are known, with the interface of a locality: for analyses that run whole studies in seconds.

Harm falls with the levers by 10 × decision_hub + 4 × shared_record + 6 × both together, and rises by
``minutes_line_of_sight`` × line_of_sight / 5 (its cost). ``sight_noise`` raises harm under every regime alike. Failure
modes: without ``bottleneck`` the hub does twice as much. Luck is the seed's, in part the regime's own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecology.evidence import register
from ecology.scenario import Scenario
from experiments.compare import Model
from tests.standin import DEFINITIONS

OWN_LUCK = 0.5
BROKEN_SEED = 999
BROKEN_REGIMES = ("fragmented", "orchestrated")


@dataclass
class Toy:
    scenario: Scenario
    seed: int = 1

    def run(self, weeks: int | None = None) -> "Toy":
        return self

    def branch(self, scenario: Scenario) -> "Toy":
        return Toy(scenario, self.seed)

    def weekly(self) -> pd.DataFrame:
        return pd.DataFrame()  # no study reads it

    yearly = weekly

    def outcomes(self) -> pd.DataFrame:
        if self.seed == BROKEN_SEED and self.scenario.regime in BROKEN_REGIMES:
            raise ZeroDivisionError("told to fail")
        lever, p = self.scenario.lever_values, self.scenario.parameters
        value = {name: p.get(name, register()[name].value) for name in ("minutes_line_of_sight", "sight_noise")}
        hub = lever["decision_hub"] * (1 if self.scenario.failure_switches["bottleneck"] else 2)
        good = 10 * hub + 4 * lever["shared_record"] + 6 * hub * lever["shared_record"]
        cost = value["minutes_line_of_sight"] * lever["line_of_sight"] / 5
        shared = np.random.default_rng(self.seed).normal()
        own = OWN_LUCK * np.random.default_rng([self.seed, int(1000 * sum(lever.values()))]).normal()
        harm = 100 - good + cost + 5 * value["sight_noise"] + shared + own
        values = {"harm_weeks": harm, "direct_share": 24 + 0.1 * good - 0.1 * cost, "time_to_help": 3.0}
        rows = [(name, values.get(name, 1.0), told.unit) for name, told in DEFINITIONS.items()]
        return pd.DataFrame(rows, columns=["outcome", "value", "unit"])


def no_totals(world: Toy) -> pd.DataFrame:
    return pd.DataFrame()  # no study reads them


TOY = Model(Toy, no_totals, DEFINITIONS)
