"""Outcomes (MODEL 8), computed from the record of a run."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from ecology.record import COLUMN, KEY_MEASURES
from ecology.vocabulary import WEEKS_A_YEAR, Agency, Cadre, Line, Payer, Purpose, words
from ecology.weeks import (
    Weeks,
    a_year,
    in_need,
    mean_wait,
    ratio,
    referrals,
    spare_places_percent,
    time_share_percent,
    turnover_percent,
)

if TYPE_CHECKING:
    import pandas as pd

_PER_1_000 = 1_000.0
_PER_10_000 = 10_000.0
_PER_100_000 = 100_000.0
_PERCENT = 100.0


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is, its unit, which way is better and the smallest difference anybody would care about."""

    name: str
    definition: str
    unit: str
    better: str
    smallest_difference: float
    role: str

    @property
    def primary(self) -> bool:
        """Whether this is the one primary outcome."""
        return self.role == "primary"


@cache
def _outcomes() -> dict[str, Outcome]:
    text = files("ecology").joinpath("evidence/outcomes.toml").read_text(encoding="utf-8")
    return {name: Outcome(name, **fields) for name, fields in tomllib.loads(text).items()}


OUTCOMES = _outcomes()


def _per_1_000(weeks: Weeks, *names: str) -> float:
    return _PER_1_000 * weeks.total(*names) / weeks.children


def _spending(weeks: Weeks, *payers: Payer) -> float:
    """Return what payers spent: savings and debts are not netted, incomes are equal by construction."""
    spent = weeks.total(*(f"pounds_{words(payer)}_{words(line)}" for payer in payers for line in Line))
    return a_year(weeks, spent) / weeks.children


OWN_COST = frozenset(
    f"shunt_{words(agency)}_{words(payer)}"
    for agency, payers in {
        Agency.SCHOOLS: (Payer.SCHOOLS,),
        Agency.HEALTH: (Payer.HEALTH_COMMISSIONER, Payer.PUBLIC_HEALTH),
        Agency.POLICE: (Payer.POLICE,),
        Agency.LA_SERVICES: (Payer.AUTHORITY,),
        Agency.INDIVIDUALS: tuple(Payer),  # a family shifts no cost
    }.items()
    for payer in payers
)
"""The cells of the cost-shunt matrix in which whoever brought the work also pays for it."""

CALCULATIONS: dict[str, Callable[[Weeks], float]] = {
    "harm_weeks": lambda w: _per_1_000(w, "sum_harm"),
    "direct_share": lambda w: time_share_percent(w, Purpose.DIRECT),
    "direct_share_social_workers": lambda w: time_share_percent(w, Purpose.DIRECT, (Cadre.SOCIAL_WORKER,)),
    "accountability_share": lambda w: time_share_percent(w, Purpose.ACCOUNTABILITY),
    "coordination_share": lambda w: time_share_percent(w, Purpose.COORDINATION),
    "acute_weeks": lambda w: _per_1_000(w, "sum_acute_safety"),
    "unmet_complex_weeks": lambda w: _per_1_000(w, "sum_unmet_complex"),
    "unmet_acute_weeks": lambda w: _per_1_000(w, "sum_unmet_acute"),
    "serious_incidents": lambda w: _PER_100_000 * a_year(w, w.total("flow_serious_incidents")) / w.children,
    "poor_wellbeing_weeks": lambda w: _per_1_000(w, "sum_complex_wellbeing"),
    "out_of_learning_weeks": lambda w: _per_1_000(w, "sum_complex_learning"),
    "unmet_additional_weeks": lambda w: _per_1_000(w, "sum_unmet_additional"),
    "time_to_first_help": lambda w: mean_wait(w, "first_help"),
    "wait_front_door": lambda w: mean_wait(w, "front_door"),
    "wait_assessment": lambda w: mean_wait(w, "assessment"),
    "wait_early_help": lambda w: mean_wait(w, "early_help"),
    "wait_camhs": lambda w: mean_wait(w, "camhs"),
    "wait_package": lambda w: mean_wait(w, "package"),
    "worker_changes": lambda w: ratio(a_year(w, w.total("flow_worker_changes")), in_need(w)),
    "caseload": lambda w: w.mean("workers_caseload"),
    "staff_turnover": turnover_percent,
    "failure_demand_share": lambda w: _PERCENT * ratio(w.total("flow_referrals_after_unmet_need"), referrals(w)),
    "re_referral_share": lambda w: _PERCENT * ratio(w.total("flow_re_referrals"), referrals(w)),
    "duplicate_assessment_share": lambda w: (
        _PERCENT * ratio(w.total("flow_duplicate_assessments"), w.total("flow_assessments_completed"))
    ),
    "unfounded_enquiry_share": lambda w: (
        _PERCENT * ratio(w.total("flow_section_47_unfounded"), w.total("flow_section_47_enquiries"))
    ),
    "services_per_family": lambda w: ratio(w.total("sum_plans_open"), w.total("sum_children_helped")),
    "looked_after": lambda w: _PER_10_000 * w.mean("stock_looked_after") / w.children,
    "early_help_spending": lambda w: WEEKS_A_YEAR * w.mean("condition_early_help_pounds") / w.children,
    "total_spending": lambda w: _spending(w, *Payer),
    "absence": lambda w: _PERCENT * ratio(w.total("sum_absent_weeks"), w.total("sum_pupil_weeks")),
    "exclusions": lambda w: _PER_1_000 * ratio(a_year(w, w.total("flow_exclusions")), w.mean("school_roll")),
    "mean_learning_need": lambda w: ratio(w.total("sum_need_learning"), w.total("sum_children")),
    "starts_without_place": lambda w: (
        _PERCENT * ratio(w.total("flow_school_starts_without_place"), w.total("flow_school_starts"))
    ),
    "spare_places": spare_places_percent,
    "school_distance": lambda w: ratio(w.total("sum_school_kilometres"), w.total("sum_pupil_weeks")),
    "placement_moves": lambda w: ratio(a_year(w, w.total("flow_placement_moves")), w.mean("stock_looked_after")),
    "placed_far": lambda w: _PERCENT * ratio(w.total("sum_in_care_far"), w.total("stock_looked_after")),
    "story_retold": lambda w: ratio(
        a_year(w, w.total("flow_services_started", "flow_assessments_completed")), w.mean("sum_children_helped")
    ),
    "handoffs": lambda w: ratio(
        w.total(
            *(f"flow_contacts_from_{words(agency)}" for agency in Agency),
            "flow_early_help_asked",
            "flow_camhs_referred",
        ),
        w.total("flow_services_started", "flow_assessments_completed"),
    ),
    "travel_share": lambda w: time_share_percent(w, Purpose.TRAVEL),
    "coherence": lambda w: _PERCENT * ratio(w.total("flow_packages_agreed"), w.total("flow_packages_asked")),
    "sight_error": lambda w: ratio(w.total("sum_sight_error"), w.total("condition_packages_waiting")),
    "missed_harm_weeks": lambda w: _per_1_000(w, "sum_unknown_complex"),
    "worst_year_incidents": lambda w: _PER_100_000 * w.worst_year("flow_serious_incidents") / w.children,
    "long_waits_assessment": lambda w: (
        _PERCENT * ratio(w.total("waited_over_9_weeks_assessment"), w.total("waited_children_assessment"))
    ),
    "long_waits_camhs": lambda w: (
        _PERCENT * ratio(w.total("waited_over_18_weeks_camhs"), w.total("waited_children_camhs"))
    ),
    "complaints": lambda w: _PER_10_000 * a_year(w, w.total("flow_complaints")) / w.children,
    "uneven_teams": lambda w: _PERCENT * w.mean("team_spread"),
    "overload": lambda w: (
        _PERCENT
        * ratio(
            w.total("sum_overload_minutes"),
            w.total("sum_overload_minutes", *(name for name in COLUMN if name.startswith("paid_minutes_"))),
        )
    ),
    "shifted_cost": lambda w: (
        _PERCENT
        * ratio(
            w.total(*(name for name in COLUMN if name.startswith("shunt_") and name not in OWN_COST)),
            w.total(*(name for name in COLUMN if name.startswith("shunt_"))),
        )
    ),
    "school_balances": lambda w: w.last("balance_pounds_schools") / w.children,
    "authority_balance": lambda w: w.last("balance_pounds_authority") / w.children,
    "on_plan_by_5": lambda w: _PERCENT * ratio(w.total("flow_turned_5_on_plan"), w.total("flow_turned_5")),
    "referred_by_18": lambda w: _PERCENT * ratio(w.total("flow_turned_18_referred"), w.total("flow_aged_out")),
    "in_need_by_18": lambda w: _PERCENT * ratio(w.total("flow_turned_18_in_need"), w.total("flow_aged_out")),
    "on_plan_by_18": lambda w: _PERCENT * ratio(w.total("flow_turned_18_on_plan"), w.total("flow_aged_out")),
    "spending_authority": lambda w: _spending(w, Payer.AUTHORITY),
    "spending_schools": lambda w: _spending(w, Payer.SCHOOLS),
    "spending_health": lambda w: _spending(w, Payer.HEALTH_COMMISSIONER, Payer.PUBLIC_HEALTH),
    "spending_police": lambda w: _spending(w, Payer.POLICE),
    "inequity": lambda w: ratio(
        ratio(w.total("sum_harm_deprived"), w.total("sum_children_deprived")),
        ratio(w.total("sum_harm_affluent"), w.total("sum_children_affluent")),
    ),
}


def since(record: np.ndarray, first_week: int, switch_week: int) -> pd.DataFrame:
    """Return every outcome of the weeks from the switch on: outcome, value, unit."""
    import pandas as pd

    weeks = Weeks(record[switch_week - first_week :])
    if weeks.number == 0:
        return pd.DataFrame({"outcome": [], "value": [], "unit": []})
    rows = [(name, CALCULATIONS[name](weeks), outcome.unit) for name, outcome in OUTCOMES.items()]
    return pd.DataFrame(rows, columns=["outcome", "value", "unit"])


def weekly(record: np.ndarray, first_week: int) -> pd.DataFrame:
    """Return the main measures of every week, tidy: week, measure, value."""
    import pandas as pd

    columns = [COLUMN[name] for name in KEY_MEASURES]
    weeks = np.repeat(np.arange(record.shape[0]) + first_week, len(columns))
    return pd.DataFrame(
        {"week": weeks, "measure": list(KEY_MEASURES) * record.shape[0], "value": record[:, columns].ravel()}
    )
