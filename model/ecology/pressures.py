"""Pressures: what the world does to the place whatever anybody decides: people, poverty, money, terms, events."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np

from ecology.evidence.profiles import Profile
from ecology.scenario import Scenario
from ecology.scenario_dates import week_of
from ecology.tables import Parameters
from ecology.vocabulary import FIRST_YEAR, WEEKS_A_YEAR, Payer

_MID_YEAR_WEEK = 13
_BASE_PRICES = 2015
_CALENDAR: dict[str, Any] = tomllib.loads(
    files("ecology").joinpath("evidence/calendar.toml").read_text(encoding="utf-8")
)
_HOLIDAYS = frozenset(_CALENDAR["holiday_weeks"])
_SHOCK_OF_2008 = week_of(_CALENDAR["shock_of_2008"])
_LATER_SHOCKS = frozenset(week_of(date) for date in _CALENDAR["later_shocks"])
_VERDICTS = week_of(_CALENDAR["verdicts_since"])
_FREE_SCHOOLS = week_of(_CALENDAR["free_schools_since"])
_THREE_PARTNERS = week_of(_CALENDAR["three_partners_since"])


class Pressures:
    """The inputs of one authority as weekly paths: published up to the switch, then published or held.

    Weeks count from 1 April 2010. A path that the scenario holds keeps its value of the switch week; the past before
    the first published year keeps the value of that year.
    """

    def __init__(self, profile: Profile, scenario: Scenario, p: Parameters) -> None:
        self._profile = profile
        self._paths = scenario.pressure_paths
        self._switch = scenario.switch_week
        self._p = p
        self._events = [(event.week, event.kind, float(event.size)) for event in scenario.events]
        self._spent_by_year = profile.spend_total * profile.price_index
        other = (profile.spend_youth_justice + profile.spend_other) * profile.price_index
        told = np.isfinite(other)  # lines are published for fewer years than their total
        self._other_by_year = np.where(told, other, other[told][-1])
        self._children_at_start = self._published_children(0)
        self._index_2015 = float(profile.price_index[profile.years.index(_BASE_PRICES)])

    def children(self, week: int) -> float:
        """Return how many children live here."""
        return self._published_children(self._held("population", week))

    def _published_children(self, week: int) -> float:
        year = FIRST_YEAR + (week - _MID_YEAR_WEEK) / WEEKS_A_YEAR
        return float(np.interp(year, self._profile.years, self._profile.population))

    def poverty_percent(self, week: int) -> float:
        """Return the percentage of children in relative low income, of the year ending 31 March."""
        return float(self._of_year(self._profile.poverty_percent, self._held("poverty", week)))

    def price_level(self, week: int) -> float:
        """Return prices against those of 2015: cash is pounds of 2015 times this."""
        return self._index_2015 / float(self._of_year(self._profile.price_index, week))

    def authority_pounds(self, week: int) -> float:
        """Return the authority's income for children's services, pounds a week at 2015 prices."""
        then = self._held("budgets", week)
        real = self._of_year(self._spent_by_year, then) / self._index_2015
        cliff = sum(size for start, kind, size in self._events if kind == "funding_cliff" and week >= start)
        return float(real) / WEEKS_A_YEAR * max(1.0 - cliff, 0.0)

    def other_pounds(self, week: int) -> float:
        """Return what youth justice and other lines that nothing here drives take of it, pounds a week at 2015 prices.

        Their published path is an input; after its last year they stay as they were.
        """
        real = self._of_year(self._other_by_year, self._held("budgets", week)) / self._index_2015
        return float(real) / WEEKS_A_YEAR

    def care_cost_growth(self, week: int) -> float:
        """Return what a week of care costs against the week before, besides general prices; it is held with budgets."""
        if self._held("budgets", week) < week:
            return 1.0
        return float((1.0 + self._p.care_cost_growth_a_year) ** (1.0 / WEEKS_A_YEAR))

    def partner_pounds(self, at_start: Mapping[Payer, float], week: int) -> dict[Payer, float]:
        """Return partners' income for these children, pounds a week at 2015 prices, from that of April 2010.

        Schools, health and public health are paid for each child, the police for all together.
        """
        p = self._p
        trends = {
            Payer.SCHOOLS: p.trend_schools_a_year,
            Payer.HEALTH_COMMISSIONER: p.trend_health_a_year,
            Payer.PUBLIC_HEALTH: p.trend_public_health_a_year,
            Payer.POLICE: p.trend_police_a_year,
        }
        then = max(self._held("budgets", week), 0)
        more_children = self._published_children(then) / self._children_at_start
        income = {}
        for payer, pounds in at_start.items():
            growth = (1.0 + float(trends[payer])) ** (then // WEEKS_A_YEAR)
            income[payer] = pounds * (growth if payer == Payer.POLICE else growth * more_children)
        return income

    def schools_closed(self, week: int) -> bool:
        """Return whether an event closes schools in this week."""
        return any(
            kind == "pandemic_term" and start <= week < start + int(self._p.weeks_pandemic_term * size)
            for start, kind, size in self._events
        )

    def in_term(self, week: int) -> bool:
        """Return whether schools are open in this week."""
        return week % WEEKS_A_YEAR not in _HOLIDAYS and not self.schools_closed(week)

    def weeks_of_school(self, first: int, weeks: int) -> tuple[int, int]:
        """Return in how many of the ``weeks`` from ``first`` on schools teach, and how many of term they are closed."""
        term = [week for week in range(first, first + weeks) if week % WEEKS_A_YEAR not in _HOLIDAYS]
        closed = sum(self.schools_closed(week) for week in term)
        return len(term) - closed, closed

    def today(self, week: int) -> int:
        """Return the week that decides which dated institutions exist: it stands still where every path is held."""
        return min(week, self._switch) if self._paths.holds_everything else week

    def academy_shares(self, week: int) -> tuple[float, float]:
        """Return the shares of primary and of secondary schools that are academies."""
        dated, today = _CALENDAR["academies"], self.today(week)
        weeks = [week_of(row["date"]) for row in dated]
        if today < weeks[0]:
            return 0.0, 0.0
        shares = [float(np.interp(today, weeks, [row[age] for row in dated])) for age in ("primary", "secondary")]
        return shares[0], shares[1]

    def free_schools(self, week: int) -> bool:
        """Return whether free schools exist."""
        return self.today(week) >= _FREE_SCHOOLS

    def three_partners(self, week: int) -> bool:
        """Return whether three partners have taken the safeguarding board's place."""
        return self.today(week) >= _THREE_PARTNERS

    def fear(self, week: int) -> float:
        """Return the fear that this week's dated shocks and the verdicts on other places add.

        The country's shocks add none where time stands still.
        """
        p = self._p
        added = float(p.fear_of_shock_2008) if week == _SHOCK_OF_2008 else 0.0
        if week in _LATER_SHOCKS and self.today(week) == week:
            added += float(p.fear_of_later_shocks)
        if self.today(week) >= _VERDICTS:
            added += float(p.fear_of_verdicts) / WEEKS_A_YEAR
        for start, kind, size in self._events:
            if week == start and kind == "child_death_publicity":
                added += p.fear_of_child_death * size
            if week == start and kind == "failed_inspection":
                added += p.fear_of_failed_inspection * size
        return added

    def strain(self, week: int) -> float:
        """Return the strain that this week's dated events add to every family."""
        sizes = [size for start, kind, size in self._events if kind == "pandemic_term" and week == start]
        return float(sum(sizes) * self._p.strain_of_pandemic)

    def joint_inspection(self, week: int) -> float:
        """Return the share of inspections that is one joint inspection."""
        sizes = [size for start, kind, size in self._events if kind == "joint_inspection" and week >= start]
        return min(sum(sizes), 1.0)

    def leader_lost_for(self, week: int) -> int:
        """Return for how many weeks an interim stands in after this week's event; 0 without one."""
        sizes = [size for start, kind, size in self._events if kind == "leader_lost" and week == start]
        return int(sum(sizes) * self._p.dcs_interim_weeks)

    def _held(self, path: str, week: int) -> int:
        return min(week, self._switch) if getattr(self._paths, path) == "held" else week

    def _of_year(self, values: np.ndarray, week: int) -> float:
        """Return the value of the financial year, ending 31 March, to which a week belongs."""
        years = self._profile.years
        year = FIRST_YEAR + 1 + week // WEEKS_A_YEAR
        return float(values[min(max(year - years[0], 0), len(years) - 1)])
