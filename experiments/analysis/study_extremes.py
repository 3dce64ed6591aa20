"""The study of extremes: the in-range worlds most favourable to either regime, and how far they are from the usual."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ecology.evidence import register
from ecology.lever_tables import lever_values
from experiments.analysis import pictures
from experiments.analysis.adversarial import Extreme, budget, search
from experiments.analysis.answer import Answer, Drawn
from experiments.analysis.carry import Carrier, Question, design_text, row_of
from experiments.analysis.settings import setting
from experiments.analysis.targets import Target, pick, values
from experiments.point import Point
from experiments.report.words import figure, listing, span
from experiments.space import LEVERS, Space, point
from experiments.statistics import interval

Say = Callable[[str], object]


def extremes_study(question: Question, space: Space, carrier: Carrier, say: Say = lambda sentence: None) -> Answer:
    """Return the worlds found most favourable to either regime, for the first outcome, judged on luck unseen before."""
    first, second = question.regimes
    outcome = question.chosen[0]
    definition, target = question.definitions[outcome], Target(outcome, second, first)
    say(f"Adversarial search: {budget()} pasts at most, {2 * budget()} runs.")
    study = question.study("adversarial", design_text(space))
    few, many = setting("adversarial", "seeds"), setting("adversarial", "judged_on")

    def differences(unit: np.ndarray, judged: bool) -> np.ndarray:
        seeds = range(few + 1, few + many + 1) if judged else range(1, few + 1)
        worlds = [_named(space, world) for world in unit]
        points = [point(row_of(repr(sorted(world.items()))), seed, world) for world in worlds for seed in seeds]
        known = values(carrier.runs(study, points), target)
        return pick(known, [(p.row, p.seed) for p in points], target.label).reshape(len(worlds), -1)

    usual = [Point(row_of("as usual"), {}, seed) for seed in range(few + 1, few + many + 1)]
    as_usual = values(carrier.runs(study, usual), target).to_numpy(dtype=float)
    lowest, highest = search(differences, len(space.factors))
    better = (lowest, highest) if definition.better == "lower" else (highest, lowest)
    found = dict(zip((second, first), better, strict=True))
    rows = [_extreme_row(f"most favourable to {name}", extreme.judged) for name, extreme in found.items()]
    rows.insert(1, _extreme_row("as usual", as_usual))
    table = pd.DataFrame(rows, columns=["world", "estimate", "low", "high", "n"])
    departures = pd.concat([_departures(space, extreme, name) for name, extreme in found.items()], ignore_index=True)
    told = [f"{row['world']} {span(row['low'], row['high'])}" for row in table.to_dict("records")]
    alt = f"Intervals of the paired difference in {outcome} ({definition.unit}): {listing(told)}."
    sure = ((table["low"] > 0) | (table["high"] < 0)).tolist()
    drawn = pictures.intervals(table["world"].tolist(), table, sure, f"{target.label}, {definition.unit}")
    return Answer(
        f"The worlds most favourable to either side: {second} against {first}",
        question.scope,
        [_extreme_sentence(row, target.label, definition) for row in table.to_dict("records")]
        + [_departures_sentence(departures, name) for name in found]
        + [f"Found within a budget of {budget()} pasts; a longer search may find more extreme worlds."],
        {"extremes": table, "extreme_worlds": departures},
        {"extremes": Drawn(f"Extremes of {target.label}", alt, drawn)},
        carrier.studies,
        varied=space.names,
    )


def _named(space: Space, unit: np.ndarray) -> dict[str, float]:
    row = space.table(np.asarray(unit)[None, :]).iloc[0]
    return {str(name): float(value) for name, value in row.items()}


def _extreme_row(name: str, judged: np.ndarray) -> tuple[str, float, float, float, int]:
    low, high = interval(judged, setting("all", "level")) or (np.nan, np.nan)
    return name, float(judged.mean()), low, high, len(judged)


def _extreme_sentence(row: Mapping[Any, Any], label: str, definition: Any) -> str:
    return (
        f"The world {row['world']}: {label} is {figure(row['estimate'])} {definition.unit} "
        f"({span(row['low'], row['high'])}, {row['n']} new pairs of runs)."
    )


def _departures(space: Space, extreme: Extreme, name: str) -> pd.DataFrame:
    """Return the inputs of a world, those furthest from usual (in shares of their ranges) first."""
    world = _named(space, extreme.world)
    rows = []
    for factor in space.factors:
        low, high = min(factor.values or (factor.low,)), max(factor.values or (factor.high,))
        usual = usual_value(factor.name)
        away = (world[factor.name] - usual) / (high - low)
        rows.append((name, factor.name, world[factor.name], usual, low, high, factor.unit, away))
    columns = ["favours", "input", "value", "usual", "low", "high", "unit", "departure_in_ranges"]
    table = pd.DataFrame(rows, columns=columns)
    return table.iloc[table["departure_in_ranges"].abs().argsort(kind="stable")[::-1]]


def usual_value(name: str) -> float:
    """Return what an input is when nobody varies it: the register's value, the preset's lever, a failure mode on."""
    kind, _, rest = name.partition(".")
    if not rest:
        return register()[name].value
    regime, _, lever = rest.rpartition(".")
    return lever_values(regime.partition("/")[0], {})[lever] if kind == LEVERS else 1.0


def _departures_sentence(departures: pd.DataFrame, name: str) -> str:
    most = departures[departures["favours"] == name].head(setting("adversarial", "told"))
    told = [f"{row['input']} {figure(row['value'])} (there {figure(row['usual'])})" for row in most.to_dict("records")]
    return f"The world most favourable to {name} departs most from the register in {listing(told)}."
