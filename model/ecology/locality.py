"""One local authority: built from its published inputs, lived week by week, branched where regimes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ecology import building, evidence, governance, outcomes, published, tables
from ecology.agents import KINDS
from ecology.clauses import FIRST_WEEK, Clauses
from ecology.errors import BadInput
from ecology.evidence.profiles import profile
from ecology.pressures import Pressures
from ecology.scenario import Scenario
from ecology.settings import Settings
from ecology.week import together

if TYPE_CHECKING:
    import pandas as pd

LARGEST_SEED = 2**63 - 1


class Locality(Clauses):
    """One place under one scenario with one seed.

    The past runs under the status quo (``governance.status_quo()``); from the scenario's switch week its own levers
    hold. ``run()`` runs both. ``branch`` gives an independent copy with another regime from the same bits.

    Args:
        scenario: what is simulated (see ``Scenario.load``).
        seed: 0 or more; equal seeds give equal lives, in every regime.
        check: whether to prove every week that children, time and money are conserved.
    """

    KINDS = KINDS

    def __init__(self, scenario: Scenario, seed: int = 1, *, check: bool = True) -> None:
        if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= LARGEST_SEED:
            raise BadInput(f"seed {seed!r}: not a seed. Give a whole number from 0 to {LARGEST_SEED}.")
        super().__init__(seed=seed)
        self.seed = seed
        self.check = check
        self.profile = profile(scenario.authority, scenario.children)
        self._obey(scenario)
        self.week = scenario.first_week
        self._budget = building.budget_of_2010(self.profile, self.pressures)
        self.tables = building.build(self.pressures, self._budget, seed, self.week, self.last_week, self.p)
        self._make_room()
        together.count_children(self._world, seed, self.week, self.p)

    def _obey(self, scenario: Scenario) -> None:
        """Take over a scenario: its parameters, its pressures, and its levers from the switch week on."""
        self.scenario = scenario
        self.p = evidence.values(scenario.parameters)
        self.pressures = Pressures(self.profile, scenario, self.p)
        self.fails = scenario.failure_switches
        self._past_levers = governance.lever_values(governance.status_quo(), {})
        self._levers = scenario.lever_values
        self._partner_pounds = building.partner_pounds(round(self.pressures.children(FIRST_WEEK)), self.p)
        self.now = Settings()

    # Running --------------------------------------------------------------------------------------------------------

    @property
    def last_week(self) -> int:
        """The week after the last one of the scenario."""
        return self.scenario.switch_week + self.scenario.weeks

    def run(self, weeks: int | None = None) -> Locality:
        """Run ``weeks`` weeks, or to the end of the scenario, and return the locality itself."""
        end = self.last_week if weeks is None else self.week + weeks
        if (weeks is not None and weeks < 0) or end > self.last_week:
            raise BadInput(
                f"weeks {weeks}: the scenario has {self.last_week - self.week} weeks left. Give 0 to that many, "
                "or more years in the scenario."
            )
        while self.week < end:
            self.step()
        return self

    def run_past(self) -> Locality:
        """Run to the switch week, where regimes part, and return the locality itself."""
        return self.run(self.scenario.switch_week - self.week)

    def branch(self, scenario: Scenario) -> Locality:
        """Return an independent copy, from the same bits, that goes on under another scenario with the same past."""
        if self.week > self.scenario.switch_week:
            raise BadInput(
                f"week {self.week}: too late to branch, the regime has held since week {self.scenario.switch_week}. "
                "Branch after run_past()."
            )
        if scenario.past_digest != self.scenario.past_digest:
            raise BadInput(
                f"scenario {scenario.name!r} has another past than {self.scenario.name!r}. "
                "Only what follows the switch may differ."
            )
        if scenario.switch_week + scenario.weeks > self.last_week:
            raise BadInput(
                f"scenario {scenario.name!r} goes on for {scenario.weeks} weeks from the switch, and this place has "
                f"room for {self.scenario.weeks}. Give the past's scenario as many years."
            )
        twin = object.__new__(Locality)
        Clauses.__init__(twin, seed=self.seed)
        twin.seed, twin.check, twin.profile = self.seed, self.check, self.profile
        twin._obey(scenario)
        twin.week = self.week
        twin._budget = self._budget
        twin.tables = tables.copy(self.tables)
        twin._make_room()
        return twin

    def weekly(self) -> pd.DataFrame:
        """Return the main measures of every week so far: week, measure, value."""
        return outcomes.weekly(self._record(), self.scenario.first_week)

    def yearly(self) -> pd.DataFrame:
        """Return the published measures of every full year so far: year (ending 31 March), measure, value, unit."""
        return published.yearly(self._record(), self.scenario.first_week)

    def outcomes(self) -> pd.DataFrame:
        """Return the outcomes of the weeks since the switch: outcome, value, unit."""
        return outcomes.since(self._record(), self.scenario.first_week, self.scenario.switch_week)

    def _record(self) -> np.ndarray:
        return self.tables["fixtures"].record[: self.week - self.scenario.first_week]

    def digest(self) -> str:
        """Return a hash of everything: two localities with the same digest are the same, bit for bit."""
        return tables.digest(self.tables)

    # The week -------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One week, in the order in which it happens."""
        self._pressures_press()
        self._regime_arranges()
        self._families_live()
        self._agencies_notice_and_act()
        self._front_door_triages()
        self._social_workers_work()
        self._helpers_work()
        self._packages_are_agreed()
        self._cases_are_decided()
        self._commissioners_commission()
        self._staff_leave_and_join()
        self._the_week_is_recorded()
        self.week += 1
