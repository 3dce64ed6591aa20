"""One local authority: built from its published inputs, lived week by week, branched where regimes part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ecology import (
    building,
    commissioning,
    evidence,
    governance,
    ledger,
    luck,
    outcomes,
    population,
    published,
    record,
    settings,
    tables,
    thresholds,
)
from ecology.agents import KINDS, ColumnModel
from ecology.commissioning import Purse
from ecology.errors import BadInput
from ecology.evidence.profiles import profile
from ecology.governance import Governing
from ecology.luck import Decision
from ecology.pressures import Pressures
from ecology.scenario import Scenario
from ecology.vocabulary import WEEKS_A_YEAR, Agency, Cadre, Flow, Payer, words
from ecology.week import casework, deciding, front_door, helping, living, noticing, packages, recording, staffing

if TYPE_CHECKING:
    import pandas as pd

FIRST_WEEK = 0
ANCHOR_WEEK = -WEEKS_A_YEAR
"""In the year before April 2010 budgets are set against what the place spends: the early past is paid as it spends."""
_CADRE_OF_AGENCY = {
    Agency.SCHOOLS: Cadre.SCHOOL_PASTORAL,
    Agency.HEALTH: Cadre.COMMUNITY_HEALTH,
    Agency.POLICE: Cadre.POLICE_PROTECTION,
    Agency.LA_SERVICES: Cadre.FAMILY_SUPPORT_WORKER,
}


class Locality(ColumnModel):
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
        if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
            raise BadInput(f"seed {seed!r}: not a seed. Give a whole number from 0 upwards.")
        super().__init__(seed=seed)
        self.seed = seed
        self.check = check
        self.profile = profile(scenario.authority, scenario.children)
        self._obey(scenario)
        self.week = scenario.first_week
        self._budget = building.budget_of_2010(self.profile, self.pressures)
        self.tables = building.build(self.pressures, self._budget, seed, self.week, self.last_week, self.p)
        self._make_room()
        self._count()

    def _obey(self, scenario: Scenario) -> None:
        """Take over a scenario: its parameters, its pressures, and its levers from the switch week on."""
        self.scenario = scenario
        self.p = evidence.values(scenario.parameters)
        self.pressures = Pressures(self.profile, scenario, self.p)
        self.fails = scenario.failure_switches
        self._past_levers = governance.lever_values(governance.status_quo(), {})
        self._levers = scenario.lever_values
        self._partner_pounds = building.partner_pounds(round(self.pressures.children(FIRST_WEEK)), self.p)
        self._settings = settings.new()

    @property
    def now(self) -> Any:
        """This week's settings, as loops read them."""
        return self._settings[0]

    @property
    def levers(self) -> dict[str, float]:
        """The levers that hold this week: those of the status quo before the switch, the scenario's after."""
        return self._levers if self.week >= self.scenario.switch_week else self._past_levers

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
        twin = object.__new__(Locality)
        ColumnModel.__init__(twin, seed=self.seed)
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

    def _make_room(self) -> None:
        """Make room for lists that live no longer than a week."""
        rows = self.tables["cases"].present.size
        self._rows, self._ids, self._urgency = np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)
        self._noticed = np.zeros((self.tables["children"].present.size, 2), np.int32)
        self._hours = np.zeros(len(Cadre))
        self._school_hours = np.zeros(self.tables["schools"].present.size)
        self._desk_shares = np.array([float(getattr(self.p, f"desk_share_{words(agency)}")) for agency in Agency])

    def _count(self) -> None:
        t = self.tables
        recording.count_children(t["children"], t["families"], t["cases"], t["tally"], self.seed, self.week, self.p)

    def _purse(self) -> Purse:
        """Return what the payers know this week."""
        week = self.week
        income = {
            payer: self.pressures.partner_pounds(payer, pounds, week) for payer, pounds in self._partner_pounds.items()
        }
        income[Payer.AUTHORITY] = self.pressures.authority_pounds(week)
        g = self.governing
        return Purse(income, self.pressures.price_level(week), g.pounds, g.pooled_share, g.pooling_cost_share)

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
        self._cases_are_decided()
        self._commissioners_commission()
        self._staff_leave_and_join()
        self._the_week_is_recorded()
        self.week += 1

    def _pressures_press(self) -> None:
        """Let the world change: poverty and prices by year, people by week, fear after what happened."""
        t, p, week = self.tables, self.p, self.week
        ledger.open_week(t["tally"])
        self._children_before = int(t["tally"].stocks.sum())
        shift = t["fixtures"].shift
        if week % WEEKS_A_YEAR == 0:
            new = population.hardship_shift(t["neighbourhoods"], self.pressures.poverty_percent(week), p)
            change = (new - shift).astype(np.float32)
            t["families"].hardship[:] += change[t["families"].neighbourhood]
            shift[:] = new
        shared = t["conditions"]
        draw = luck.draw(self.seed, Decision.INSPECTION, 0, week)
        inspected = draw < 1.0 / (p.years_between_inspections * WEEKS_A_YEAR)
        added = self.pressures.fear(week) + (float(p.fear_of_inspection) if inspected else 0.0)
        shared.fear[0] = shared.fear[0] * p.fear_kept_a_week + added
        leaves = luck.draw(self.seed, Decision.DCS_LEAVES, 0, week)
        interim = self.pressures.leader_lost_for(week)
        if leaves < 1.0 / evidence.per_week(float(p.dcs_tenure_months), "months") and week >= shared.interim_until[0]:
            interim = max(interim, int(p.dcs_interim_weeks))
        if interim > 0:
            shared.interim_until[0] = week + interim

    def _regime_arranges(self) -> None:
        """Let levers set this week's arrangements and charge for them; let thresholds follow load and fear."""
        t, p, week, now = self.tables, self.p, self.week, self.now
        shared, pools = t["conditions"], t["pools"]
        if week == self.scenario.switch_week:
            shared.moved_levers[0] = governance.distance(self._past_levers, self._levers)
            shared.switched[0] = week
        now.k = p.interdependence
        now.in_term = 1.0 if self.pressures.in_term(week) else 0.0
        staff = pools.fte.copy()
        concerns = np.zeros(len(Cadre))
        for agency, cadre in _CADRE_OF_AGENCY.items():
            concerns[cadre] = t["tally"].concerns[agency]
        levers = governance.working_levers(self.levers, self.fails, shared, week, p)
        self.governing = Governing(
            levers, self.fails, now, t["tally"].asked, staff, concerns, shared, pools,
            float(t["tally"].stocks.sum()), week, self.pressures.today(week), p,
        )  # fmt: skip
        governance.govern(self.governing)
        shared.trust[0] += p.trust_a_year / WEEKS_A_YEAR * (1.0 - shared.trust[0]) * (1.0 - levers["decision_hub"])
        self._fear = float(shared.fear[0]) * governance.blame(levers, self.fails, p)
        thresholds.of_decisions(now, shared, pools, self._fear, p)

    def _families_live(self) -> None:
        t, p, seed, week = self.tables, self.p, self.seed, self.week
        free, shift, flows = t["fixtures"].free_cases, t["fixtures"].shift, t["tally"].flows
        living.families_live(t["children"], t["families"], t["cases"], free, flows, shift, seed, week, p)
        living.population_follows(
            t["children"], t["families"], t["cases"], free, flows, shift, self.pressures.children(week), seed, week, p
        )
        living.need_drifts(t["children"], t["families"], seed, week, float(self.now.k), p)
        if week % WEEKS_A_YEAR == int(p.school_starts_in_week):
            population.choose_schools(
                t["children"], t["families"], t["schools"], t["fixtures"].nearest, False, seed, week, p
            )

    def _agencies_notice_and_act(self) -> None:
        t, p, seed, week, now = self.tables, self.p, self.seed, self.week, self.now
        flows = t["tally"].flows
        count = noticing.agencies_notice(t["children"], t["families"], self._noticed, flows, seed, week, now, p)
        t["tally"].concerns[:] = np.bincount(self._noticed[:count, 1], minlength=len(Agency))
        contact, own_help = thresholds.of_agencies(t["pools"], self.governing.goal_weight, self._fear, p)
        noticing.agencies_act_or_pass_on(
            self._noticed, count, contact, own_help, t["children"], t["cases"], t["fixtures"].free_cases, t["pools"],
            flows, seed, week, now, p,
        )  # fmt: skip

    def _front_door_triages(self) -> None:
        t, p, now = self.tables, self.p, self.now
        helping.pools_open_the_week(t["pools"], t["tally"], p)
        front_door.front_door_triages(
            t["children"], t["cases"], t["pools"], t["tally"], self._rows, self._ids, self._urgency,
            self._desk_shares, self.seed, self.week, now, p,
        )  # fmt: skip

    def _social_workers_work(self) -> None:
        t, p, now = self.tables, self.p, self.now
        waiting = casework.allocate(
            t["children"], t["families"], t["cases"], t["social_workers"], t["neighbourhoods"], t["tally"],
            self._rows, self._ids, self._urgency, self.seed, self.week, now, p,
        )  # fmt: skip
        t["conditions"].unallocated[0] = waiting
        casework.social_workers_work(
            t["children"], t["cases"], t["social_workers"], t["tally"], self.seed, self.week, now, p
        )

    def _helpers_work(self) -> None:
        t, p, week, now = self.tables, self.p, self.week, self.now
        t["tally"].asked[:] = 0.0  # what was asked for this week is booked; from here on it is for the next
        helping.waiting_lists_move(
            t["children"], t["families"], t["cases"], t["pools"], t["tally"], self._rows, self._ids, self._urgency,
            self.seed, week, now, p,
        )  # fmt: skip
        t["pools"].tasks[Cadre.POLICE_PROTECTION] = t["tally"].flows[Flow.SECTION_47_ENQUIRIES]
        t["pools"].tasks[Cadre.INDEPENDENT_REVIEWING_OFFICER] = t["conditions"].reviews[0]
        helping.helpers_work(
            t["children"], t["cases"], t["pools"], t["schools"], t["tally"], self._hours, self._school_hours, week,
            now, p,
        )  # fmt: skip
        helping.pools_close_the_week(t["pools"], t["tally"])
        helping.help_acts(
            t["children"], t["families"], t["cases"], t["social_workers"], self._hours, self._school_hours, week, now, p
        )

    def _cases_are_decided(self) -> None:
        t, p, seed, week, now = self.tables, self.p, self.seed, self.week, self.now
        packages.packages_are_agreed(
            t["children"], t["cases"], t["conditions"], t["tally"], self._rows, self._ids, self._urgency, seed, week,
            now, p,
        )  # fmt: skip
        deciding.cases_are_decided(
            t["children"], t["families"], t["cases"], t["social_workers"], t["conditions"], t["tally"], seed, week,
            now, p,
        )  # fmt: skip
        noticing.rest(t["children"], t["cases"], t["fixtures"].free_cases, week)

    def _commissioners_commission(self) -> None:
        """Pay for the week; once a quarter, review what is commissioned."""
        t, p, week = self.tables, self.p, self.week
        self._count()
        shared, purse, placements = t["conditions"], self._purse(), t["tally"].placements
        if week == ANCHOR_WEEK:
            commissioning.anchor(shared, placements, self._budget.looked_after, p)
        money = (t["commissioners"], shared, t["social_workers"], t["pools"], placements, purse, p)
        if week >= ANCHOR_WEEK and week % commissioning.WEEKS_A_QUARTER == 0:
            commissioning.commission(*money)
        commissioning.staff_pools(shared, t["pools"], purse, p)
        commissioning.pay_the_week(t["tally"], *money)
        desk, workers = t["pools"], t["social_workers"]
        queue = float(desk.tasks[Cadre.FRONT_DOOR]) / max(float(desk.done[Cadre.FRONT_DOOR]), 1.0)
        _follow(shared.front_door_load, queue, p)
        _follow(shared.social_work_load, float(workers.work_ratio[workers.present == 1].mean()), p)

    def _staff_leave_and_join(self) -> None:
        t, p = self.tables, self.p
        posts = round(float(t["conditions"].social_work_posts[0]))
        staffing.staff_leave_and_join(
            t["social_workers"], t["cases"], t["tally"].flows, posts, self.seed, self.week, self.now, p
        )
        t["pools"].fte[Cadre.SOCIAL_WORKER] = t["social_workers"].present.sum()

    def _the_week_is_recorded(self) -> None:
        t, week = self.tables, self.week
        workers = t["social_workers"]
        here = workers.present == 1
        last = (
            float(workers.fatigue[here].mean()) if here.any() else 0.0,
            float(workers.caseload[here].mean()) if here.any() else 0.0,
            self.pressures.poverty_percent(week),
            self.pressures.price_level(week),
        )
        row = t["fixtures"].record[week - self.scenario.first_week]
        record.write_row(row, t["tally"], t["pools"], t["conditions"], week, last)
        if self.check:
            ledger.check(t["children"], t["commissioners"], t["tally"], self._children_before, week)


def _follow(column: np.ndarray, value: float, p: Any) -> None:
    """Let a remembered load move towards this week's value."""
    column[0] += p.load_memory * (value - column[0])
