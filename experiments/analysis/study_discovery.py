"""The discovery study: many worlds, a few pairs of runs in each, and the regions where each regime does better."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from ecology.evidence import register
from ecology.lever_tables import lever_values
from experiments.analysis import pictures
from experiments.analysis.adversarial import Extreme, budget, search
from experiments.analysis.answer import Answer, Drawn
from experiments.analysis.carry import Carrier, Question, design_text, row_of
from experiments.analysis.discovery import Scale, regions, regions_table, sentences, tree_table
from experiments.analysis.settings import setting
from experiments.analysis.targets import Target, pick, values
from experiments.analysis.verdicts import classify, shares
from experiments.point import Point
from experiments.report.words import figure, listing, span
from experiments.sampling import latin_hypercube
from experiments.space import CHOICE, LEVERS, Space, point
from experiments.statistics import interval

Say = Callable[[str], object]


def scales_of(space: Space) -> dict[str, Scale]:
    """Return how each input is told."""
    scales = {}
    for factor in space.factors:
        low, high = min(factor.values or (factor.low,)), max(factor.values or (factor.high,))
        switch = factor.kind == CHOICE and set(factor.values) == {0.0, 1.0}
        scales[factor.name] = Scale(low, high, factor.unit, switch)
    return scales


def discovery_study(
    question: Question, space: Space, carrier: Carrier, *, worlds: int, seeds: int, say: Say = lambda sentence: None
) -> Answer:
    """Return when which regime does better, for each outcome, over worlds drawn evenly from a space.

    Each world has its own ``seeds`` pairs of runs. ``say`` is told the number of runs before they start.
    """
    if not seeds > 1:
        raise BadInput(f"--seeds: {seeds} pair in each world cannot tell a difference from luck; give at least 2.")
    first, second = question.regimes
    table = latin_hypercube(space, worlds, setting("all", "seed"))
    runs = [(row, row * seeds + k + 1) for row in range(worlds) for k in range(seeds)]
    say(f"{worlds} worlds, {seeds} pairs in each: {len(runs)} pasts, {2 * len(runs)} runs.")
    records = table.to_dict("records")
    points = [point(row, seed, {str(n): float(v) for n, v in records[row].items()}) for row, seed in runs]
    results = carrier.runs(question.study("discovery", design_text(table.to_numpy(), space, seeds)), points)
    scales = scales_of(space)
    answer = Answer(
        f"When which does better: {second} against {first}",
        f"{question.scope}; {worlds} worlds drawn evenly from the ranges of {len(space.factors)} inputs, {seeds} pairs "
        "of runs in each. A share of worlds is a share of what was thought possible, never a probability",
        [],
        studies=carrier.studies,
    )
    kinds, boxes, all_shares = [], [], []
    for outcome in question.chosen:
        definition = question.definitions[outcome]
        target = Target(outcome, second, first)
        differences = pick(values(results, target), runs, target.label).reshape(worlds, seeds)
        classified = classify(differences, definition.better, definition.smallest_difference, question.regimes)
        found = regions(table, classified["class"], question.regimes)
        answer.sentences += [
            f"**{outcome}**: {told}" for told in sentences(classified, found, table, scales, question.regimes)
        ]
        leaves, told = tree_table(table, classified["class"], question.regimes)
        answer.sentences.append(f"**{outcome}**, cross-check by a tree: {told} {_leaves(leaves)}")
        answer.tables[f"tree_{outcome}"] = leaves
        kinds.append(classified.assign(outcome=outcome, row=table.index))
        boxes.append(regions_table(found, table, scales).assign(outcome=outcome))
        all_shares.append(shares(classified["class"], question.regimes).assign(outcome=outcome))
    answer.tables |= {
        "shares": pd.concat(all_shares, ignore_index=True),
        "regions": pd.concat(boxes, ignore_index=True),
        "classes": pd.concat(kinds, ignore_index=True),
        "worlds": table.reset_index(names="row"),
    }
    answer.pictures |= {
        "shares": _shares_picture(answer.tables["shares"]), "regions": _regions_picture(answer.tables["regions"]),
    }  # fmt: skip
    return answer


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
    )


def _named(space: Space, unit: np.ndarray) -> dict[str, float]:
    row = space.table(np.asarray(unit)[None, :]).iloc[0]
    return {str(name): float(value) for name, value in row.items()}


def _extreme_row(name: str, judged: np.ndarray) -> tuple[str, float, float, float, int]:
    low, high = interval(judged, setting("all", "level")) or (np.nan, np.nan)
    return name, float(judged.mean()), low, high, len(judged)


def _extreme_sentence(row: dict, label: str, definition: object) -> str:
    unit = getattr(definition, "unit", "")
    return (
        f"World {row['world']}: {label} is {figure(row['estimate'])} {unit} ({span(row['low'], row['high'])}, "
        f"{row['n']} new pairs of runs)."
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
    told = [
        f"{row['input']} {figure(row['value'])} (usually {figure(row['usual'])})" for row in most.to_dict("records")
    ]
    return f"The world most favourable to {name} departs most from the usual one in {listing(told)}."


def _leaves(leaves: pd.DataFrame) -> str:
    kinds = list(leaves.columns[2:])
    told = []
    for row in leaves.to_dict("records"):
        commonest = max(kinds, key=lambda kind: row[kind])
        told.append(f"{row['leaf']}: {commonest} in {row[commonest]:.0%} of {row['worlds']}")
    return "; ".join(told) + "."


def _shares_picture(table: pd.DataFrame) -> Drawn:
    names = [f"{row['outcome']}: {row['class']}" for row in table.to_dict("records")]
    told = [f"{name} {row['share']:.0%}" for name, row in zip(names, table.to_dict("records"), strict=True)]
    sure = [row["class"] != "unclear" for row in table.to_dict("records")]
    drawn = pictures.intervals(names, table.rename(columns={"share": "estimate"}), sure, "share of worlds")
    return Drawn("In how many worlds which does better", f"Shares of worlds: {listing(told)}.", drawn)


def _regions_picture(table: pd.DataFrame) -> Drawn:
    shown = table[table["stands_out"].astype(bool)]
    width = shown["range_high"] - shown["range_low"]
    rows = pd.DataFrame(
        {
            "low": (shown["low"] - shown["range_low"]) / width,
            "high": (shown["high"] - shown["range_low"]) / width,
            "usual": np.nan,
            "estimate": np.nan,
        }
    )
    names = [f"{row['outcome']}, {row['class']}: {row['input']}" for row in shown.to_dict("records")]
    told = [
        f"{name} {span(row['low'], row['high'])} of {span(row['range_low'], row['range_high'])} {row['unit']}"
        for name, row in zip(names, shown.to_dict("records"), strict=True)
    ]
    drawn = pictures.within_ranges(names, rows.astype(float), "part of the range of the input")
    alt = f"Regions that hold more of a class: {'; '.join(told) or 'none stands out'}."
    return Drawn("Regions where a class of worlds is frequent", alt, drawn)
