"""The measures that England publishes, computed from a run and named as the columns of ``local_authorities.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ecology.record import COLUMN
from ecology.vocabulary import DAYS_A_WEEK, FIRST_YEAR, WEEKS_A_YEAR, Agency, Cadre, Payer, Purpose, words
from ecology.weeks import (
    Weeks,
    in_need,
    mean_wait,
    permanent_social_workers,
    ratio,
    spare_places_percent,
    time_share_percent,
    turnover_percent,
)
from ecology.weeks import referrals as referrals_of

if TYPE_CHECKING:
    import pandas as pd

_PER_10_000 = 10_000.0
_PERCENT = 100.0
_MID_YEAR_WEEK = 13


def yearly(record: np.ndarray, first_week: int) -> pd.DataFrame:
    """Return the measures that England publishes, for every full year ending 31 March: year, measure, value, unit."""
    import pandas as pd

    rows: list[tuple[int, str, float, str]] = []
    for start in range(-first_week % WEEKS_A_YEAR, record.shape[0] - WEEKS_A_YEAR + 1, WEEKS_A_YEAR):
        year = FIRST_YEAR + 1 + (first_week + start) // WEEKS_A_YEAR
        rows += [(year, *row) for row in _year(record[start : start + WEEKS_A_YEAR])]
    return pd.DataFrame(rows, columns=["year", "measure", "value", "unit"])


def _year(rows: np.ndarray) -> list[tuple[str, float, str]]:
    """Return (measure, value, unit) of one year of the record. Rates divide by children at mid-year, as published."""
    w, last = Weeks(rows), Weeks(rows[-1:])
    children = float(rows[_MID_YEAR_WEEK, COLUMN["sum_children"]])
    referrals = referrals_of(w)
    ended = "in_need_episodes_ended"
    counts = {
        "referrals": referrals,
        "in_need_at_31_march": in_need(last),
        "section_47": w.total("flow_section_47_enquiries"),
        "initial_conferences": w.total("flow_initial_conferences"),
        "protection_plans_started": w.total("flow_protection_plans_started"),
        "protection_plans_at_31_march": last.total("stock_protection_plan"),
    }
    result = [("population_children_aged_0_to_17_years", children, "children")]
    result += [
        ("section_47_enquiries" if name == "section_47" else name, value, "children") for name, value in counts.items()
    ]
    result += [
        (f"{name}_per_10000", _PER_10_000 * value / children, "per 10,000 children") for name, value in counts.items()
    ]
    result += [
        ("looked_after_at_31_march", last.total("stock_looked_after"), "children"),
        ("looked_after_started", w.total("flow_looked_after_started"), "children"),
        ("looked_after_started_under_1", w.total("flow_looked_after_started_under_1"), "children"),
        ("looked_after_ceased", w.total("flow_looked_after_ceased"), "children"),
        ("in_need_episodes_started", w.total("flow_in_need_episodes_started"), "episodes"),
        ("in_need_episodes_ended", w.total("flow_in_need_episodes_ended"), "episodes"),
        ("children_in_relative_low_income_percent", last.total("poverty_percent"), "%"),
    ]
    percent = {
        "re_referrals_percent": w.total("flow_re_referrals"),
        "referral_no_further_action_percent": w.total("flow_referrals_no_further_action"),
        "assessed_not_in_need_percent": w.total("flow_assessed_not_in_need"),
    }
    result += [(name, _PERCENT * ratio(part, referrals), "% of referrals") for name, part in percent.items()]
    result += [
        (f"referrals_from_{words(agency)}", w.total(f"flow_referrals_from_{words(agency)}"), "children")
        for agency in Agency
    ]
    result += [(name, value, "GBP cash") for name, value in _money(w).items()]
    result += [
        ("direct_share_social_workers_percent", time_share_percent(w, Purpose.DIRECT, (Cadre.SOCIAL_WORKER,)), "%"),
        ("caseload", w.mean("workers_caseload"), "children"),
        ("second_or_later_plans_percent", _percent(w, "protection_plans_repeated", "protection_plans_started"), "%"),
        ("assessments_in_time_percent", _percent(w, "assessments_in_time", "assessments_completed"), "%"),
        ("conferences_in_time_percent", _percent(w, "initial_conferences_in_time", "initial_conferences"), "%"),
        ("camhs_not_accepted_percent", _percent(w, "camhs_not_accepted", "camhs_referred"), "%"),
        ("social_worker_turnover_percent", turnover_percent(w), "% of social workers in post"),
        ("social_worker_vacancies_percent", _vacancies(w), "% of posts"),
        ("agency_social_workers_percent", _agency(w), "% of social workers"),
        *(
            (f"in_need_ended_after_{lasted}_percent", _percent(w, f"in_need_ended_after_{lasted}", ended), "% of ended")
            for lasted in ("1_year", "2_years")
        ),
        ("camhs_wait_days", DAYS_A_WEEK * mean_wait(w, "camhs"), "days"),
        ("school_balances_percent", _school_balances(w), "% of a year's income"),
        ("spare_school_places_percent", spare_places_percent(w), "% of places"),
        ("contacts", w.total(*(f"flow_contacts_from_{words(agency)}" for agency in Agency)), "contacts"),
    ]  # fmt: skip
    return result


def _percent(weeks: Weeks, part: str, whole: str) -> float:
    return _PERCENT * ratio(weeks.total(f"flow_{part}"), weeks.total(f"flow_{whole}"))


def _vacancies(year: Weeks) -> float:
    """Return the percentage of posts without a permanent worker, whether or not an agency worker covers them."""
    vacant = year.mean("workers_lacking")
    return _PERCENT * ratio(vacant, vacant + permanent_social_workers(year))


def _agency(year: Weeks) -> float:
    return _PERCENT * ratio(year.mean("workers_agency"), year.mean("fte_social_worker"))


def _school_balances(year: Weeks) -> float:
    return _PERCENT * ratio(year.last("balance_pounds_schools"), year.total("income_pounds_schools"))


def _money(weeks: Weeks) -> dict[str, float]:
    authority = words(Payer.AUTHORITY)
    total = weeks.total(*(name for name in COLUMN if name.startswith(f"pounds_{authority}_")))
    return {
        "spend_total_gbp": total,
        "spend_looked_after_gbp": weeks.total(f"pounds_{authority}_looked_after"),
        "spend_early_help_gbp": weeks.total(f"pounds_{authority}_early_help"),
        "spend_safeguarding_gbp": weeks.total(f"pounds_{authority}_social_work", f"pounds_{authority}_front_door"),
    }
