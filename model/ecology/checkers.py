"""Checkers (MODEL 4.11): who asks for staff time, who answers, and what checking finds."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ecology.scenario_dates import week_of
from ecology.tables import Parameters
from ecology.vocabulary import SECONDS_AN_HOUR, Cadre, Cause


@dataclass(frozen=True)
class Checking:
    """One body that checks: its line in the ledger, the cadres that answer, and the week in which it begins."""

    cause: Cause
    answers: tuple[Cadre, ...]
    since: int | None


@cache
def bodies() -> tuple[Checking, ...]:
    """Return all bodies that check, from ``evidence/checkers.toml``."""
    text = files("ecology").joinpath("evidence/checkers.toml").read_text(encoding="utf-8")
    return tuple(
        Checking(
            Cause[name.upper()],
            tuple(Cadre[cadre.upper()] for cadre in row["answers"]),
            week_of(row["since"]) if "since" in row else None,
        )
        for name, row in tomllib.loads(text).items()
    )


def ask(asked: np.ndarray, staff: np.ndarray, merged: float, today: int, p: Parameters) -> None:
    """Add to ``asked`` (cadre, cause) the seconds that checkers ask this week of the ``staff`` (posts by cadre).

    ``merged`` is the share of overlapping returns that somebody has merged; ``today`` the week of the world, which
    says which bodies exist.
    """
    for body in bodies():
        if body.since is not None and today < body.since:
            continue
        hours = float(getattr(p, f"hours_{body.cause.name.lower()}")) * (1.0 - p.overlap_of_returns * merged)
        for cadre in body.answers:
            asked[cadre, body.cause] += SECONDS_AN_HOUR * hours / p.weeks_a_year * staff[cadre]


def chance_to_catch_drift(checking: float, p: Parameters) -> float:
    """Return the weekly chance that checking catches drift; concave in the amount of ``checking`` (1 is the usual)."""
    return float(p.drift_check_a_week * checking * (1.0 + p.drift_check_half) / (checking + p.drift_check_half))
