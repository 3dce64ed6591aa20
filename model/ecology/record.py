"""The record: one row a week of everything that is counted, and its names."""

from collections.abc import Iterable

import numpy as np

from ecology.tables import Conditions, Pools, Tally
from ecology.vocabulary import (
    PENCE_A_POUND,
    SECONDS_A_MINUTE,
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

CONDITIONS = (
    "fear", "trust", "front_door_load", "social_work_load", "early_help_pounds", "social_work_posts", "unallocated",
    "packages_waiting", "negotiations", "hub_decisions", "interim",
)  # fmt: skip


def _names() -> tuple[str, ...]:
    names: list[str] = [f"stock_{words(stage)}" for stage in Stage]
    names += [f"placed_{words(kind)}" for kind in Placement]
    names += [f"flow_{words(flow)}" for flow in Flow]
    names += [f"waited_weeks_{words(queue)}" for queue in Queue]
    names += [f"waited_children_{words(queue)}" for queue in Queue]
    names += [f"sum_{words(item)}" for item in Sum]
    names += [f"minutes_{words(cadre)}_{words(purpose)}" for cadre in Cadre for purpose in Purpose]
    names += [f"asked_minutes_{words(cause)}" for cause in Cause]
    names += [f"paid_minutes_{words(cadre)}" for cadre in Cadre]
    names += [f"overtime_minutes_{words(cadre)}" for cadre in Cadre]
    names += [f"pounds_{words(payer)}_{words(line)}" for payer in Payer for line in Line]
    names += [f"income_pounds_{words(payer)}" for payer in Payer]
    names += [f"fte_{words(cadre)}" for cadre in Cadre]
    names += [f"load_{words(cadre)}" for cadre in Cadre]
    names += [f"condition_{name}" for name in CONDITIONS]
    names += ["workers_fatigue", "workers_caseload", "poverty_percent", "price_level"]
    return tuple(names)


MEASURES = _names()
"""Names of the columns of the record, in order."""
COLUMN = {name: column for column, name in enumerate(MEASURES)}

KEY_MEASURES = (
    *(f"stock_{words(stage)}" for stage in Stage),
    "flow_contacts_screened", "flow_re_referrals", "flow_section_47_enquiries", "flow_initial_conferences",
    "flow_protection_plans_started", "flow_looked_after_started", "flow_looked_after_ceased",
    "flow_early_help_started", "flow_serious_incidents", "flow_worker_changes",
    *(f"waited_{unit}_{words(queue)}" for queue in Queue for unit in ("weeks", "children")),
    "sum_harm", "sum_unmet_complex", "sum_unmet_acute",
    *(f"minutes_social_worker_{words(purpose)}" for purpose in Purpose),
    "fte_social_worker", "fte_family_support_worker", "workers_caseload", "workers_fatigue",
    "condition_fear", "condition_unallocated", "condition_packages_waiting",
    "pounds_authority_looked_after", "pounds_authority_early_help", "pounds_authority_social_work",
)  # fmt: skip
"""What is written to ``weekly.csv``: the rest of the record stays in memory."""


def write_row(
    row: np.ndarray, tally: Tally, pools: Pools, conditions: Conditions, week: int, last: Iterable[float]
) -> None:
    """Write this week's counts into one row of the record, in the order of ``MEASURES``."""
    interim = 1.0 if week < conditions.interim_until[0] else 0.0
    row[:] = np.concatenate(
        (
            tally.stocks,
            tally.placements,
            tally.flows,
            tally.waits[:, 0],
            tally.waits[:, 1],
            tally.sums,
            tally.seconds.sum(axis=2).ravel() / SECONDS_A_MINUTE,
            tally.seconds.sum(axis=(0, 1)) / SECONDS_A_MINUTE,
            tally.offered / SECONDS_A_MINUTE,
            tally.overtime / SECONDS_A_MINUTE,
            tally.pence.ravel() / PENCE_A_POUND,
            tally.income / PENCE_A_POUND,
            pools.fte,
            pools.load,
            [float(getattr(conditions, name)[0]) for name in CONDITIONS[:-1]] + [interim],
            list(last),
        )
    )
