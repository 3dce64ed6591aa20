"""Checkers (MODEL 4.11): who asks for staff time, who answers, and what checking finds."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from ecology import tables
from ecology.scenario_dates import week_of
from ecology.tables import Checkers, Parameters
from ecology.vocabulary import SECONDS_AN_HOUR, Cadre, Cause


@dataclass(frozen=True)
class Checking:
    """One body that checks: its name, its line in the ledger, the cadres that answer, and the week it begins."""

    name: str
    cause: Cause
    answers: tuple[Cadre, ...]
    since: int | None

    @cached_property
    def hours(self) -> str:
        """Name of the parameter that holds the hours that it asks of everybody a year."""
        return f"hours_{self.cause.name.lower()}"


@dataclass(frozen=True)
class Checks:
    """What of this week's checking varies: inspectors on site, the share that is joint, how much the board meets."""

    on_site: bool
    joint: float
    board_meets: float = 1.0


@cache
def bodies() -> tuple[Checking, ...]:
    """Return all bodies that check, from ``evidence/checkers.toml``, in the order of their table."""
    text = files("ecology").joinpath("evidence/checkers.toml").read_text(encoding="utf-8")
    return tuple(
        Checking(
            name,
            Cause[row.get("cause", name).upper()],
            tuple(Cadre[cadre.upper()] for cadre in row["answers"]),
            week_of(row["since"]) if "since" in row else None,
        )
        for name, row in tomllib.loads(text).items()
    )


def new_table() -> Checkers:
    """Return the table of all bodies; none is present before the first week says which exist."""
    table = tables.empty(Checkers, len(bodies()))
    table.cause[:] = [body.cause for body in bodies()]
    return table


def ask(
    table: Checkers, asked: np.ndarray, staff: np.ndarray, merged: float, checks: Checks, today: int,
    p: Parameters,
) -> float:  # fmt: skip
    """Add to ``asked`` (cadre, cause) the seconds that checkers ask this week of the ``staff`` (posts by cadre).

    ``merged`` is the share of overlapping returns that somebody has merged; ``today`` the week of the world, which
    says which bodies exist. Inspectors ask little between visits and much on site; the mean is that of the parameter.
    A joint inspection prepares once for what several ask separately. Returns how much social work is checked against
    the usual: who asks more of it also sees more, and what merging spares is not looked at less (see ``governance``).
    """
    present, inspecting, seconds_each = [], [], []
    hours_checked = 0.0
    for body in bodies():
        present.append(body.since is None or today >= body.since)
        inspects = body.cause == Cause.INSPECTION
        inspecting.append(inspects and checks.on_site)
        seconds_each.append(0.0)
        if not present[-1]:
            continue
        hours = float(getattr(p, body.hours))
        if inspects:
            surge = float(p.inspection_surge_share)
            visits = float(p.weeks_a_year * p.years_between_inspections / p.weeks_on_site)
            hours *= (1.0 - surge) + (surge * visits if checks.on_site else 0.0)
        if body.cause == Cause.SAFEGUARDING_BOARD_CHAIR:
            hours *= checks.board_meets
        hours_checked += hours if Cadre.SOCIAL_WORKER in body.answers else 0.0
        spared = float(p.joint_inspection_saves) * checks.joint if inspects else 0.0
        hours *= (1.0 - p.overlap_of_returns * merged) * (1.0 - spared)
        seconds_each[-1] = SECONDS_AN_HOUR * hours / float(p.weeks_a_year)
    seconds = np.array(seconds_each)[:, np.newaxis] * (_who_answers() * staff)
    for row, body in enumerate(bodies()):
        asked[:, body.cause] += seconds[row]
    table.present[:], table.inspecting[:] = present, inspecting
    table.asked_seconds[:] = seconds.astype(np.int64).sum(axis=1)
    return hours_checked / float(p.hours_checked_usually)


@cache
def _who_answers() -> np.ndarray:
    """Return by body and cadre whether the cadre answers: 1 or 0."""
    answers = np.zeros((len(bodies()), len(Cadre)))
    for row, body in enumerate(bodies()):
        answers[row, list(body.answers)] = 1.0
    return answers


def chance_to_catch_drift(checking: float, p: Parameters) -> float:
    """Return the weekly chance that checking catches drift; concave in the amount of ``checking`` (1 is the usual)."""
    return float(p.drift_check_a_week * checking * (1.0 + p.drift_check_half) / (checking + p.drift_check_half))
