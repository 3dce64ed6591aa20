"""The picture of a child's lives: need in safety as a line and what was done as bands, one panel a regime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ecology.scenario_limits import day_of
from ecology.vocabulary import FIRST_YEAR, NOBODY, WEEKS_A_YEAR, Stage
from experiments.report import drawing
from experiments.report.drawing import Picture, ink
from experiments.report.words import size, word
from experiments.stories.telling import template, templates
from experiments.stories.watching import Life, Look

BANDS: dict[str, Callable[[Look], bool]] = {
    "early_help": lambda look: look.runs("early_help"),
    "own_help": lambda look: look.runs("own_help"),
    "camhs": lambda look: look.runs("camhs"),
    "in_need": lambda look: Stage.ASSESSMENT <= look.stage <= Stage.CHILD_IN_NEED,
    "protection": lambda look: Stage.SECTION_47 <= look.stage <= Stage.PROTECTION_PLAN,
    "care": lambda look: look.stage == Stage.LOOKED_AFTER,
    "no_worker": lambda look: look.in_episode and look.worker == NOBODY,
}


def spells(life: Life, holds: Callable[[Look], bool]) -> list[tuple[int, int]]:
    """Return the runs of weeks in which something holds, each as its first week and its length."""
    found = []
    for held, some in groupby(life.weeks, key=holds):
        weeks = [look.week for look in some]
        if held:
            found.append((weeks[0], len(weeks)))
    return found


def picture(lives: Mapping[str, Life], title: str, p: Any) -> Picture:
    """Return the picture of one child's lives, by regime."""
    subtitle = template("picture", "subtitle")
    names = [word("regimes", regime) for regime in lives]
    alt = " ".join(_sentence(name, life) for name, life in zip(names, lives.values(), strict=True))
    with drawing.style():
        height = size("panel") + (len(BANDS) + 1) * size("row") + size("head")
        figure = drawing.canvas(height * len(lives))
        left, right = size("wide_name_room"), size("axis_room") / 2
        need = [look.child["need_safety"] for life in lives.values() for look in life.weeks]
        span = (min(*need, 0.0), max(*need, float(p.level_acute_safety)))
        weeks = [look.week for life in lives.values() for look in life.weeks]
        for number, (name, life) in enumerate(zip(names, lives.values(), strict=True)):
            top, wide = height * number + size("head") / 2, size("width") - left - right
            upper = drawing.axes(figure, left, top, wide, size("panel"))
            lower = drawing.axes(figure, left, top + size("panel"), wide, len(BANDS) * size("row"))
            _need(upper, life, span, p)
            upper.spines["bottom"].set_visible(False)
            upper.set_title(name, loc="left", fontweight="bold", fontsize=size("text"))
            _bands(lower, life)
            for panel in (upper, lower):
                panel.set_xlim(min(weeks), max(weeks) + 1)
                _years(panel, min(weeks), max(weeks), panel is lower)
        drawn = drawing.svg(figure, "life", title, alt)
    return Picture("life", title, subtitle, alt, drawn, _table(lives, names))


def _need(panel: Axes, life: Life, span: tuple[float, float], p: Any) -> None:
    weeks = life.weeks
    panel.plot(
        [look.week for look in weeks], [look.child["need_safety"] for look in weeks],
        color=drawing.colour("dark_blue"), linewidth=size("line"),
    )  # fmt: skip
    levels = {name: float(getattr(p, f"level_{name}_safety")) for name in ("additional", "complex", "acute")}
    for height in levels.values():
        panel.axhline(height, color=ink("quiet"), linewidth=1, linestyle="dotted")
    room = (span[1] - span[0]) * size("band")
    panel.set_ylim(span[0] - room, span[1] + room)
    panel.set_yticks(list(levels.values()), [template("picture", "from").format(level=name) for name in levels])
    panel.tick_params(axis="y", length=0, labelsize=size("small"))
    panel.set_ylabel(template("picture", "need"), fontsize=size("small"))


def _bands(panel: Axes, life: Life) -> None:
    look = templates("child.toml")["bands"]
    for number, (name, holds) in enumerate(BANDS.items()):
        shade, pattern = look[name]["look"]
        panel.broken_barh(
            spells(life, holds), (number - size("band") * 2, size("band") * 4), facecolor=drawing.colour(shade),
            hatch=pattern, edgecolor=ink("paper") if pattern else drawing.colour(shade), linewidth=0,
        )  # fmt: skip
    panel.set_ylim(len(BANDS) - 1 / 2, -1 / 2)
    panel.set_yticks(range(len(BANDS)), [look[name]["name"] for name in BANDS])
    panel.tick_params(axis="y", length=0, labelsize=size("small"))


def _years(panel: Axes, first: int, last: int, named: bool) -> None:
    starts = np.arange(-(-first // WEEKS_A_YEAR), last // WEEKS_A_YEAR + 1) * WEEKS_A_YEAR
    panel.set_xticks(starts, [str(FIRST_YEAR + week // WEEKS_A_YEAR) if named else "" for week in starts])
    panel.tick_params(axis="x", labelsize=size("small"), length=size("marker") if named else 0)
    panel.grid(axis="x")


def _sentence(name: str, life: Life) -> str:
    look = templates("child.toml")["bands"]
    told = [f"{look[band]['name']} {sum(n for _, n in spells(life, holds))} weeks" for band, holds in BANDS.items()]
    return f"{name}: {'; '.join(told)}."


def _table(lives: Mapping[str, Life], names: list[str]) -> pd.DataFrame:
    """Return the numbers behind the picture: week by week the need in safety and what was going on."""
    return pd.DataFrame(
        [
            {"regime": name, "week of": day_of(look.week), "need in safety": look.child["need_safety"]}
            | {band: holds(look) for band, holds in BANDS.items()}
            for name, life in zip(names, lives.values(), strict=True)
            for look in life.weeks
        ]
    )
