"""What a life came to: weeks, people and services, counted from the same looks as the sentences."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ecology.rules.harm import weight
from ecology.vocabulary import LONG_AGO, NOBODY, SECONDS_AN_HOUR, Package, Stage, words
from experiments.stories.telling import HELP, KEEPS_RECORDS, template
from experiments.stories.watching import AGENCIES, WORKERS, Life, Look

STAGES = tuple(stage for stage in Stage if stage not in (Stage.EARLY_HELP_WAITING, Stage.EARLY_HELP))
"""Stages that are counted; early help is counted as help, because it can also run beside a stage."""


def sums(life: Life, p: Any) -> dict[str, float]:
    """Return count by name, in the order in which the story shows them (see ``name_of``)."""
    weeks = life.weeks
    told: dict[str, float] = {
        "weeks": len(weeks),
        "harm": sum(weight(float(look.child["need_safety"]), p) for look in weeks),
        "unmet": sum(_unmet(look, p) for look in weeks),
    }
    told |= {f"stage_{words(stage)}": sum(look.stage == stage for look in weeks) for stage in STAGES}
    told |= {f"helped_{name}": sum(look.runs(name) for look in weeks) for name in HELP}
    for name in ("early_help", "camhs"):
        told[f"waiting_{name}"] = sum(
            look.file is not None and look.file[f"{name}_waiting"] != LONG_AGO for look in weeks
        )
    told["without_worker"] = sum(look.in_episode and look.worker == NOBODY for look in weeks)
    told["workers"] = sum(
        one.worker == NOBODY != other.worker for one, other in pairwise(life.looks) if other.moment == WORKERS
    )
    told["hours"] = sum(
        look.file["direct_seconds"] for look in life.looks if look.moment == WORKERS and look.file is not None
    ) / float(SECONDS_AN_HOUR)
    told["not_together"] = sum(look.file is not None and look.file["package"] == Package.WAITING for look in weeks)
    told["incidents"] = sum(look.family["incident"] for look in weeks)
    for agency in KEEPS_RECORDS:
        told[f"seen_by_{words(agency)}"] = sum(
            look.child[f"seen_by_{words(agency)}"] == look.week for look in life.looks if look.moment == AGENCIES
        )
    return told


def _unmet(look: Look, p: Any) -> bool:
    """Return whether need in safety is complex or worse and nobody does anything: as the outcome counts it."""
    in_need = look.child["need_safety"] >= p.level_complex_safety
    return bool(in_need and look.stage <= Stage.EARLY_HELP_WAITING and look.plans == 0)


def name_of(count: str) -> str:
    """Return what the story calls a count."""
    kind, _, rest = count.partition("_")
    if kind == "stage":
        return template("sums", "stage").format(stage=template("stages", rest))
    if kind == "seen":
        return template("sums", "seen").format(who=template("agencies", rest.removeprefix("by_")))
    if rest in HELP:
        return template("sums", kind).format(help=template("help", rest))
    return template("sums", count)


def shown(value: float) -> str:
    """Return a count without needless digits."""
    return f"{value:.1f}".removesuffix(".0")
