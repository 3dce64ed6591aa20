"""The clauses of the week: each hands the right tables to the rules, loops and agents of one part of it.

``Locality.step`` says in which order they happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ecology import (
    board,
    citizens,
    commissioning,
    governance,
    improving,
    ledger,
    luck,
    market,
    pairs,
    population,
    record,
    school_places,
    thresholds,
)
from ecology.agents import ColumnModel
from ecology.checkers import Checks
from ecology.governance import Governing
from ecology.luck import Decision, FirstParts
from ecology.settings import Settings
from ecology.vocabulary import CADRE_OF_AGENCY, WEEKS_A_QUARTER, WEEKS_A_YEAR, Cadre, Flow, Line, Payer
from ecology.week import schooling, together
from ecology.world import Handle, World

if TYPE_CHECKING:
    from ecology.building import Budget
    from ecology.pressures import Pressures
    from ecology.scenario import Scenario

FIRST_WEEK = 0
"""The week of 1 April 2010."""
ANCHOR_WEEK = -WEEKS_A_YEAR
"""In the year before April 2010 budgets are set against what the place spends: the early past is paid as it spends."""


class Clauses(ColumnModel):
    """What happens in a week in one place, part by part. All that lasts is in ``tables``."""

    seed: int
    check: bool
    scenario: Scenario
    pressures: Pressures
    p: Any
    fails: dict[str, bool]
    _levers: dict[str, float]
    _past_levers: dict[str, float]
    _partner_pounds: dict[Payer, float]
    _budget: Budget
    now: Settings

    @property
    def levers(self) -> dict[str, float]:
        """The levers that hold this week: those of the status quo before the switch, the scenario's after."""
        return self._levers if self.week >= self.scenario.switch_week else self._past_levers

    @property
    def _world(self) -> World:
        return self._handle.of(self.tables)

    def _make_room(self) -> None:
        """Make room for lists that live no longer than a week."""
        self._handle = Handle()
        self._make_room_for_known()
        children, families = self.tables["children"].present.size, self.tables["families"].present.size
        self._incidents = FirstParts(self.seed, Decision.INCIDENT_FIRST, families)
        self._moves = FirstParts(self.seed, Decision.MOVE_AWAY_FIRST, families)
        self._notices = FirstParts(self.seed, Decision.NOTICING_FIRST, children)
        self._noticed = np.zeros((children, 2), np.int32)
        self._hours, self._school_hours = np.zeros(len(Cadre)), np.zeros(self.tables["schools"].present.size)

    def _make_room_for_known(self) -> None:
        rows = self.tables["cases"].present.size
        self._lists = np.zeros(rows, np.int32), np.zeros(rows, np.int32), np.zeros(rows)

    def _pressures_press(self) -> None:
        """Let the world change: poverty and prices by year, people and care by week, fear after what happened."""
        t, p, week = self.tables, self.p, self.week
        self._flows_before = t["tally"].flows.copy()
        ledger.open_week(t["tally"], t["commissioners"])
        self._children_before = int(t["tally"].stocks.sum())
        shift = t["fixtures"].shift
        if week % WEEKS_A_YEAR == 0:
            new = population.hardship_shift(t["neighbourhoods"], self.pressures.poverty_percent(week), p)
            change = (new - shift).astype(np.float32)
            t["families"].hardship[:] += change[t["families"].neighbourhood]
            shift[:] = new
        shared = t["conditions"]
        draw = luck.draw(self.seed, Decision.INSPECTION.value, 0, week)
        inspected = draw < 1.0 / (p.years_between_inspections * WEEKS_A_YEAR)
        if inspected:
            shared.inspected_until[0] = week + int(p.weeks_on_site)
        added = self.pressures.fear(week) + (float(p.fear_of_inspection) if inspected else 0.0)
        shared.fear[0] = shared.fear[0] * p.fear_kept_a_week + added
        if shared.funded[0] == 1.0:
            shared.care_price[0] *= self.pressures.care_cost_growth(week)
        strain = self.pressures.strain(week)
        if strain > 0.0:
            t["families"].strain[:] = np.minimum(t["families"].strain + strain, p.strain_cap)
        citizens.leaders_come_and_go(
            t["lead_members"], shared, int(self._flows_before[Flow.COMPLAINTS]), float(self._children_before),
            self.pressures.leader_lost_for(week), self.seed, week, p,
        )  # fmt: skip

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
        for agency, cadre in CADRE_OF_AGENCY.items():
            concerns[cadre] = t["tally"].concerns[agency]
        levers = governance.working_levers(self.levers, self.fails, shared, week, p)
        pairs.pairs_learn(
            t["pairs"], self._flows_before, float(shared.negotiations[0]), float(shared.hub_decisions[0]),
            governance.decided_for_all(self.levers), p,
        )  # fmt: skip
        shared.trust[0] = pairs.mean(t["pairs"].trust)
        today = self.pressures.today(week)
        switched = float(shared.moved_levers[0]) if week == self.scenario.switch_week else 0.0
        meets = board.board_meets(t["safeguarding_boards"], switched, self.pressures.three_partners(week), p)
        checks = Checks(bool(week < shared.inspected_until[0]), self.pressures.joint_inspection(week), meets)
        overspent = int(t["commissioners"].balance_pence[Payer.AUTHORITY]) < 0
        self.governing = Governing(
            levers, self.levers, self.fails, now, t["tally"].asked, staff, concerns, shared, pools, t["checkers"],
            checks, float(t["tally"].stocks.sum()), float(self._flows_before[Flow.COMPLAINTS]),
            pairs.mean(t["pairs"].agreement), overspent, week, today, p,
        )  # fmt: skip
        governance.govern(self.governing)
        g = self.governing
        t["commissioners"].goal_weight[:] = g.goal_weight
        board.count_hours(t["safeguarding_boards"], t["checkers"])
        improving.practice_spreads(shared, g.chance_of_practice, g.spread_of_practice, self.seed, week, p)
        if week % WEEKS_A_QUARTER == 0:
            improving.improvement_team_goes(t["social_workers"], shared, g.warning, self.seed, week, p)
        now.practice = shared.practice[0]
        now.help_quality = market.quality_competes(t["providers"], g.competition, p)
        now.far = shared.far_placements[0]
        self._fear = float(shared.fear[0]) * governance.blame(levers, self.fails, p)
        thresholds.of_decisions(now, shared, pools, self._fear, p)

    def _families_live(self) -> None:
        t, p, seed, week, path = self.tables, self.p, self.seed, self.week, self.pressures
        together.families_live(
            self._world, self._incidents.of(week), self._moves.of(week), self._children_before, path.children(week),
            seed, week, float(self.now.k), p,
        )  # fmt: skip
        if school_places.half_term_begins(week, p):
            g, academies, free_schools = self.governing, path.academy_shares(week), path.free_schools(week)
            taught, closed = path.weeks_of_school(week, school_places.weeks_of_half_term(week, p))
            school_places.school_year_goes_on(
                t, g.planning, g.goal_weight, academies, free_schools, taught, closed, seed, week, p
            )

    def _agencies_notice_and_act(self) -> None:
        t, p, seed, week, now = self.tables, self.p, self.seed, self.week, self.now
        count = together.agencies_notice(self._world, self._noticed, self._notices.of(week), seed, week, now, p)
        if week % WEEKS_A_QUARTER == 0:
            population.sort_files(t["children"], t["cases"], t["fixtures"].free_cases)
        if population.room_for_concerns(t, count):
            self._make_room_for_known()
        misfit = board.misfit(t["safeguarding_boards"], seed, p)
        contact, own_help = thresholds.of_agencies(t["pools"], self.governing.goal_weight, self._fear, misfit, p)
        together.agencies_act_or_pass_on(self._world, self._noticed, count, contact, own_help, seed, week, now, p)

    def _front_door_triages(self) -> None:
        t, p, week = self.tables, self.p, self.week
        contacts = record.last_year(t["fixtures"].record, week - self.scenario.first_week)
        shares, told = thresholds.desk_shares(contacts, p), pairs.told_to_the_desk(t["pairs"], p)
        together.front_door_triages(self._world, *self._lists, shares, told, self.seed, week, self.now, p)

    def _social_workers_work(self) -> None:
        together.social_workers_work(self._world, *self._lists, self.seed, self.week, self.now, self.p)
        improving.book_what_is_not_lent(
            self.tables["tally"], self.tables["social_workers"], self.tables["conditions"], self.p
        )

    def _helpers_work(self) -> None:
        together.helpers_work(
            self._world, *self._lists, self._hours, self._school_hours, self.seed, self.week, self.now, self.p
        )  # fmt: skip

    def _packages_are_agreed(self) -> None:
        together.packages_are_agreed(self._world, *self._lists, self.seed, self.week, self.now, self.p)

    def _cases_are_decided(self) -> None:
        together.cases_are_decided(self._world, self.seed, self.week, self.now, self.p)

    def _commissioners_commission(self) -> None:
        """Pay for the week; once a quarter, review what is commissioned."""
        t, p, week = self.tables, self.p, self.week
        self._counted = together.count_children(self._world, self.seed, week, p)
        shared, placements = t["conditions"], t["tally"].placements
        purse = commissioning.purse(self.pressures, self._partner_pounds, t["commissioners"], self.governing, week, p)
        market.market_moves(t["providers"], placements, t["pools"], shared, week, p)
        if week == ANCHOR_WEEK:
            commissioning.anchor(shared, placements, t["providers"], self._budget.looked_after, week, p)
        money = (t["commissioners"], shared, t["social_workers"], t["pools"], placements, t["providers"], purse, p)
        if week >= ANCHOR_WEEK and week % WEEKS_A_QUARTER == 0:
            commissioning.commission(*money)
        commissioning.staff_pools(shared, t["pools"], purse, p)
        before = int(t["commissioners"].balance_pence[Payer.SCHOOLS])
        commissioning.pay_the_week(t["tally"], *money)
        saved = int(t["commissioners"].balance_pence[Payer.SCHOOLS]) - before
        schooling.share_savings(t["schools"], saved)
        t["safeguarding_boards"].spent_pence[0] += sum(t["tally"].pence[:, Line.SAFEGUARDING_BOARD].tolist())
        commissioning.loads_are_remembered(shared, t["pools"], t["social_workers"], p)

    def _staff_leave_and_join(self) -> None:
        t, p = self.tables, self.p
        posts = round(float(t["conditions"].social_work_posts[0]))
        self.now.supervised = improving.supervised(t["tally"], p)
        together.staff_leave_and_join(self._world, posts, self.seed, self.week, self.now, p)
        t["pools"].fte[Cadre.SOCIAL_WORKER] = t["social_workers"].present.sum()

    def _the_week_is_recorded(self) -> None:
        t, week = self.tables, self.week
        path = self.pressures
        last = record.state_of(t, path.poverty_percent(week), path.price_level(week), float(self.now.k))
        row = t["fixtures"].record[week - self.scenario.first_week]
        record.write_row(row, self._world, t["conditions"], t["providers"], t["commissioners"], week, last)
        if self.check:
            heads, astray, unknown = self._counted
            ledger.check_known(astray, unknown, week)
            ledger.check(heads, t["commissioners"], t["schools"], t["tally"], self._children_before, week)
