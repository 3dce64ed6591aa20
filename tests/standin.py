"""A small invented world with the interface of a locality, so that experiments are tested apart from the model.

Its numbers mean nothing. Better governance shows as a smaller decision queue in one lever, ``decision_hub``; luck is a
plain hash of the seed. Some seeds can be told to fail, to be slow, to kill their process or to give a broken outcome.
"""

import os
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecology.scenario import Scenario
from ecology.vocabulary import WEEKS_A_YEAR, Cadre, Cause, Line, Payer, Purpose, Queue, Stage, words
from experiments.compare import Model
from experiments.point import Point, Study

FAILS, KILLS, BREAKS, INTERRUPTS, NEVER_ENDS = 901, 902, 903, 904, 905
REMEMBERS = 30  # weeks of the past
CHILDREN = "population_children_aged_0_to_17_years"
YEARLY = ("referrals_per_10000", "section_47_per_10000", "looked_after_at_31_march", CHILDREN)


@dataclass(frozen=True)
class Definition:
    name: str
    definition: str
    unit: str
    better: str
    smallest_difference: float
    role: str = "secondary"


DEFINITIONS = {
    told.name: told
    for told in (
        Definition("harm_weeks", "Weeks in harm, by severity.", "per 1,000 children", "lower", 5.0, "primary"),
        Definition("direct_share", "Paid time with families.", "percentage points", "higher", 1.0, "co-primary"),
        Definition("time_to_help", "Weeks to first help.", "weeks", "lower", 0.5),
        Definition("stability", "Workers a child.", "workers", "lower", 0.2),
        Definition("retold", "Times a story is retold.", "times", "lower", 0.1),
    )
}


class World:
    """The stand-in. ``week`` counts from the start of the past; rows are kept by week."""

    def __init__(self, scenario: Scenario, seed: int = 1) -> None:
        self.scenario, self.seed, self.week = scenario, seed, scenario.first_week
        self.rows: list[tuple[int, str, float]] = []
        self.luck = np.random.default_rng(seed)
        if seed == FAILS:
            raise ZeroDivisionError("told to fail")
        if seed == KILLS:
            os._exit(9)
        if seed == INTERRUPTS:
            raise KeyboardInterrupt
        while seed == NEVER_ENDS:
            time.sleep(1 / WEEKS_A_YEAR)

    def run(self, weeks: int | None = None) -> "World":
        end = self.scenario.switch_week + self.scenario.weeks if weeks is None else self.week + weeks
        for week in range(max(self.week, -REMEMBERS), end):
            self.rows += [(week, name, value) for name, value in self._measures(week).items()]
        self.week = end
        return self

    def branch(self, scenario: Scenario) -> "World":
        assert self.week == scenario.switch_week
        branch = deepcopy(self)
        branch.scenario = scenario
        return branch

    def _hub(self) -> float:
        return self.scenario.lever_values["decision_hub"] if self.week >= self.scenario.switch_week else 0.5

    def _measures(self, week: int) -> dict[str, float]:
        hub, luck = self._hub(), float(self.luck.normal())
        told = {f"stock_{words(s)}": 1000 / (1 + s) + 10 * luck - 3 * hub * s for s in Stage}
        for queue in Queue:
            told[f"waited_children_{words(queue)}"] = children = 0.0 if queue == Queue.CAMHS else 1.0 + week % 3
            told[f"waited_weeks_{words(queue)}"] = children * (3 - 2 * hub + 0.2 * luck)
        for cadre in Cadre:
            for purpose in Purpose:
                gain = 30 * hub if purpose == Purpose.DIRECT else 0
                told[f"minutes_{words(cadre)}_{words(purpose)}"] = 1000 / (1 + purpose) + gain
        for payer in Payer:
            told[f"pounds_{words(payer)}_{words(Line(payer))}"] = round(1e6 * (1 + payer) + 1e4 * luck) / 100
        for cause in Cause:
            told[f"asked_minutes_{words(cause)}"] = 100.0 + 10 * hub * cause
        return told

    def weekly(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["week", "measure", "value"])

    def yearly(self) -> pd.DataFrame:
        years = range(2010 + self.scenario.first_week // WEEKS_A_YEAR + 1, 2010 + self.week // WEEKS_A_YEAR + 1)
        level = 500.0 - 10 * self._hub() + self.seed % 5
        rows = [
            (year, measure, level + 3 * (year - 2010), "per 10,000 children") for year in years for measure in YEARLY
        ]
        return pd.DataFrame(rows, columns=["year", "measure", "value", "unit"])

    def outcomes(self) -> pd.DataFrame:
        hub, luck = self._hub(), np.random.default_rng(self.seed + int(10 * self._hub()))
        means = (100 - 20 * hub, 24 + 2 * hub, 3.0, 2.0, 4 + hub)
        spreads = (4.0, 0.3, 1.0, 0.02, 0.2)
        rows = [
            (told.name, mean + spread * float(luck.normal()), told.unit)
            for told, mean, spread in zip(DEFINITIONS.values(), means, spreads, strict=True)
        ]
        table = pd.DataFrame(rows, columns=["outcome", "value", "unit"])
        if self.seed == BREAKS:
            table.loc[0, "value"] = float("nan")
        return table


def totals(world: World) -> pd.DataFrame:
    weekly = world.weekly()
    since = weekly[(weekly["week"] >= world.scenario.switch_week) & weekly["measure"].str.contains("minutes|pounds")]
    return since.groupby("measure", sort=False)["value"].sum().reset_index()


MODEL = Model(World, totals, DEFINITIONS)


def study_of(name: str = "toy", **changes: Any) -> Study:
    """Return a study of the stand-in: two regimes, one year after a short past."""
    small = {"authority": "Leeds", "regimes": ("fragmented", "orchestrated"), "years": 1, "past_years": 2}
    return Study(name, model=MODEL, **{**small, **changes})


def points_of(number: int = 3, seeds: Sequence[int] = (1,)) -> list[Point]:
    """Return points in which one parameter varies."""
    return [Point(row, {"panel_hours": 1.0 + row / 8}, seed) for row in range(number) for seed in seeds]


def settings_of(**changes: Any) -> dict[str, Any]:
    """Return a small comparison: one authority, two regimes, one pressure, two years, three seeds."""
    small = {
        "authority": "Leeds", "regimes": ("fragmented", "orchestrated"), "pressures": ("both",), "seeds": (1, 2, 3),
        "years": 2,
    }  # fmt: skip
    return {**small, **changes}
