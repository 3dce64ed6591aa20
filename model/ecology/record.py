"""The record: one row a week of everything that is counted, and its names."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ecology import pairs
from ecology.tables import Commissioners, Conditions, Providers
from ecology.vocabulary import (
    PENCE_A_POUND,
    WAIT_EDGES,
    WEEKS_A_YEAR,
    Agency,
    Cadre,
    Cause,
    Flow,
    Line,
    Payer,
    Placement,
    Purpose,
    Queue,
    Stage,
    Sum,
    words,
)
from ecology.vocabulary_of_bodies import Service
from ecology.week import schooling, staffing, together
from ecology.world import World

CONDITIONS = (
    "fear", "trust", "front_door_load", "social_work_load", "early_help_pounds", "social_work_posts", "unallocated",
    "packages_waiting", "negotiations", "hub_decisions", "far_placements", "practice", "interim",
)  # fmt: skip
LAST = (
    "workers_fatigue", "workers_caseload", "workers_agency", "workers_lacking", "poverty_percent", "price_level",
    "team_spread", "board_agreement", "pair_agreement", "lead_member_pressure", "school_places", "school_roll",
    "academies", "k",
)  # fmt: skip
"""What ``write_row`` is handed in this order: state that no table of the ledger holds."""


def _names() -> tuple[str, ...]:
    names: list[str] = [f"stock_{words(stage)}" for stage in Stage]
    names += [f"placed_{words(kind)}" for kind in Placement]
    names += [f"flow_{words(flow)}" for flow in Flow]
    names += [f"waited_weeks_{words(queue)}" for queue in Queue]
    names += [f"waited_children_{words(queue)}" for queue in Queue]
    names += [f"waited_over_{edge}_weeks_{words(queue)}" for queue in Queue for edge in WAIT_EDGES]
    names += [f"sum_{words(item)}" for item in Sum]
    names += [f"minutes_{words(cadre)}_{words(purpose)}" for cadre in Cadre for purpose in Purpose]
    names += [f"asked_minutes_{words(cause)}" for cause in Cause]
    names += [f"paid_minutes_{words(cadre)}" for cadre in Cadre]
    names += [f"overtime_minutes_{words(cadre)}" for cadre in Cadre]
    names += [f"pounds_{words(payer)}_{words(line)}" for payer in Payer for line in Line]
    names += [f"income_pounds_{words(payer)}" for payer in Payer]
    names += [f"shunt_{words(agency)}_{words(payer)}" for agency in Agency for payer in Payer]
    names += [f"fte_{words(cadre)}" for cadre in Cadre]
    names += [f"load_{words(cadre)}" for cadre in Cadre]
    names += [f"condition_{name}" for name in CONDITIONS]
    names += [f"price_{words(service)}" for service in Service]
    names += [f"used_{words(service)}" for service in Service]
    names += ["balance_pounds_" + words(payer) for payer in Payer]
    names += LAST
    return tuple(names)


MEASURES = _names()
"""Names of the columns of the record, in order."""
COLUMN = {name: column for column, name in enumerate(MEASURES)}

CONTACTS = slice(COLUMN["flow_contacts_from_schools"], COLUMN["flow_contacts_from_schools"] + len(Agency))
"""Columns of contacts by source, in the order of ``Agency``."""

KEY_MEASURES = (
    *(f"stock_{words(stage)}" for stage in Stage),
    *(f"flow_referrals_from_{words(agency)}" for agency in Agency),
    "flow_contacts_screened", "flow_re_referrals", "flow_section_47_enquiries", "flow_initial_conferences",
    "flow_protection_plans_started", "flow_looked_after_started", "flow_looked_after_ceased",
    "flow_early_help_started", "flow_serious_incidents", "flow_worker_changes",
    "flow_exclusions", "flow_complaints", "flow_placement_moves",
    *(f"waited_{unit}_{words(queue)}" for queue in Queue for unit in ("weeks", "children")),
    "sum_harm", "sum_unmet_complex", "sum_unmet_acute",
    *(f"minutes_social_worker_{words(purpose)}" for purpose in Purpose),
    "fte_social_worker", "fte_family_support_worker", "workers_caseload", "workers_fatigue",
    "price_residential_care", "condition_far_placements",
    "condition_fear", "condition_unallocated", "condition_packages_waiting",
    "pounds_authority_looked_after", "pounds_authority_early_help", "pounds_authority_social_work",
)  # fmt: skip
"""What is written to ``weekly.csv``: the rest of the record stays in memory."""


def last_year(record: np.ndarray, weeks: int) -> np.ndarray:
    """Return by source the contacts of the last 52 of the ``weeks`` recorded so far."""
    return np.asarray(record[max(weeks - WEEKS_A_YEAR, 0) : weeks, CONTACTS].sum(axis=0))


def state_of(t: Mapping[str, Any], poverty_percent: float, price_level: float, k: float) -> tuple[float, ...]:
    """Return what the record takes from the tables ``t`` of a place besides its ledger, in the order of ``LAST``."""
    here, agency, fatigue, caseload, _ = staffing.count_staff(t["social_workers"])
    places, roll, academies = schooling.count_schools(t["schools"])
    return (
        fatigue,
        caseload,
        float(agency),
        max(round(float(t["conditions"].social_work_posts[0])) - float(here - agency), 0.0),
        poverty_percent,
        price_level,
        staffing.spread_of_teams(t["social_workers"]),
        float(t["safeguarding_boards"].agreement[0]),
        pairs.mean(t["pairs"].agreement),
        float(t["lead_members"].pressure[0]),
        float(places),
        float(roll),
        academies,
        k,
    )


def write_row(
    row: np.ndarray, world: World, conditions: Conditions, providers: Providers, commissioners: Commissioners,
    week: int, last: Iterable[float],
) -> None:  # fmt: skip
    """Write this week's counts into one row of the record, in the order of ``MEASURES``."""
    at = together.write_ledger(world, row)
    row[at:] = [
        *(float(getattr(conditions, name)[0]) for name in CONDITIONS[:-1]),
        1.0 if week < conditions.interim_until[0] else 0.0,
        *providers.price.tolist(),
        *providers.used.tolist(),
        *(pence / PENCE_A_POUND for pence in commissioners.balance_pence.tolist()),
        *last,
    ]
