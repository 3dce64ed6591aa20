"""Choose whose life to tell: all regimes live side by side, and every child's differences are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ecology.errors import BadInput, no_such
from ecology.vocabulary import Stage, words
from experiments.stories.watching import identities

if TYPE_CHECKING:
    from ecology.locality import Locality
    from ecology.scenario import Scenario

ANYBODY, TYPICAL = "anybody", "typical"
WHO = (ANYBODY, TYPICAL, *(words(stage) for stage in Stage if stage != Stage.UNIVERSAL))


@dataclass(frozen=True)
class Choice:
    """A child's row, how it was chosen, and how the others fared: what the story owes its reader."""

    row: int
    how: str
    children: int
    never_apart: int


def known(who: str) -> None:
    """Raise BadInput for an unknown way to choose a child."""
    if who not in WHO:
        raise no_such("way to choose a child", who, WHO, "--who")


def named(place: Locality, row: int) -> Choice:
    """Return the child on a row. Raises BadInput if nobody lives there at the switch."""
    present = place.tables["children"].present
    if not 0 <= row < present.size or not present[row]:
        some = ", ".join(str(one) for one in np.flatnonzero(present)[: len(WHO) // 2])
        raise BadInput(
            f"--child: {row}: no child of this place at the switch. Numbers run from 0 to {present.size - 1}, some of "
            f"them empty; children are {some} and so on. Without --child the one whose lives differ most is chosen."
        )
    return Choice(row, f"It was asked for by its number, {row}.", int(present.sum()), -1)


def chosen(past: Locality, arms: Mapping[str, Scenario], who: str) -> Choice:
    """Return the child whose lives differ most between the regimes, among those whom ``who`` names.

    Difference: the severity-weighted weeks of harm (the primary outcome) of the regime in which the child has most,
    less those where it has least; ties go to more weeks in different stages, then to the lower number. ``typical``
    takes the child in the middle of that order among all who were in any stage but universal. Only weeks are counted
    in which the child lives there in every regime. Raises BadInput if there is nobody.
    """
    known(who)
    counts = side_by_side(past, arms)
    harm = counts["harm"].max(axis=0) - counts["harm"].min(axis=0)
    apart = counts["apart"]
    met = (counts["stages"].sum(axis=0) > 0).T  # (child, stage)
    able = np.ones(apart.size, bool)
    if who == TYPICAL:
        able = met[:, Stage.UNIVERSAL + 1 :].any(axis=1)
    elif who != ANYBODY:
        able = met[:, Stage[who.upper()]]
    able &= counts["weeks"] > 0
    if not able.any():
        raise BadInput(
            f"--who: {who}: nobody in this run, under any of its regimes. Take more children or years, or another of "
            f"{', '.join(WHO)}."
        )
    order = np.lexsort((np.arange(apart.size), -apart, -harm))
    order = order[able[order]]
    row = int(order[len(order) // 2] if who == TYPICAL else order[0])
    return Choice(row, _how(who, harm[row], int(apart[row]), len(order)), *_others(counts))


def side_by_side(past: Locality, arms: Mapping[str, Scenario]) -> dict[str, Any]:
    """Live all regimes week by week from one past and return counts by child.

    ``harm`` (regime, child) severity-weighted weeks, ``stages`` (regime, stage, child) weeks, ``apart`` (child) weeks
    in which not all regimes have the child in the same stage, ``weeks`` (child) in which it lives there in all.
    """
    from ecology.rules.harm import weight

    places = [past.branch(scenario) for scenario in arms.values()]
    size = past.tables["children"].present.size
    harm, weeks, apart = np.zeros((len(places), size)), np.zeros(size, np.int64), np.zeros(size, np.int64)
    stages = np.zeros((len(places), len(Stage), size), np.int64)
    start = identities(past)
    alive = past.tables["children"].present == 1
    weigh, p = np.vectorize(lambda safety: weight(safety, past.p), otypes=[float]), past.p
    while places[0].week < places[0].last_week and alive.any():
        for place in places:
            place.step()
            alive &= (place.tables["children"].present == 1) & (identities(place) == start)
        for number, place in enumerate(places):
            children = place.tables["children"]
            in_harm = np.flatnonzero(alive & (children.need_safety >= p.level_complex_safety))
            if in_harm.size:
                harm[number, in_harm] += weigh(children.need_safety[in_harm].astype(float))
            stages[number, children.stage[alive], np.flatnonzero(alive)] += 1
        now = np.stack([place.tables["children"].stage for place in places])
        apart += alive & (now != now[0]).any(axis=0)
        weeks += alive
    return {"harm": harm, "stages": stages, "apart": apart, "weeks": weeks}


def _others(counts: Mapping[str, Any]) -> tuple[int, int]:
    lived = counts["weeks"] > 0
    return int(lived.sum()), int((lived & (counts["apart"] == 0)).sum())


def _how(who: str, harm: float, apart: int, among: int) -> str:
    from experiments.stories.telling import template

    kind = who if who in (ANYBODY, TYPICAL) else "stage"
    stage = "" if kind != "stage" else template("stages", who)
    return template("choice", kind).format(harm=f"{harm:.1f}", apart=apart, among=among, stage=stage)
