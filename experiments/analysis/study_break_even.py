"""The break-even study: for each cost of orchestration the value at which the difference between regimes vanishes."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ecology.errors import BadInput, no_such
from ecology.evidence import Parameter, register
from experiments.analysis import pictures
from experiments.analysis.answer import Answer, Drawn
from experiments.analysis.break_even import CROSSES, NEVER, BreakEven, break_even
from experiments.analysis.carry import Carrier, Question, row_of
from experiments.analysis.settings import setting
from experiments.analysis.targets import Target, pick, values
from experiments.point import Point
from experiments.report.words import counted, figure, listing, span
from experiments.statistics import interval

Say = Callable[[str], object]
COLUMNS = [
    "outcome", "parameter", "standing", "value", "low", "high", "range_low", "usual", "range_high", "unit", "at_low",
    "at_high", "grade", "n",
]  # fmt: skip


def costs() -> dict[str, Parameter]:
    """Return the parameters of governance that are costs and can vary."""
    known = register().items()
    return {name: p for name, p in known if p.governance and p.role == "cost" and p.range[0] < p.range[1]}


def break_even_study(
    question: Question, carrier: Carrier, *, seeds: Sequence[int], names: Sequence[str] = (),
    say: Say = lambda sentence: None,
) -> Answer:  # fmt: skip
    """Return for each cost parameter where the difference in each outcome vanishes, if it does inside its range.

    ``say`` is told the number of runs before they start. Raises BadInput for a name that is no cost.
    """
    known = costs()
    for name in names:
        if name not in known:
            raise no_such("cost parameter of governance", name, known, "--parameters")
    if not len(seeds) > 1:
        raise BadInput(f"--seeds: {len(seeds)} is not enough; at least 2 pairs are needed for an interval.")
    chosen = {name: known[name] for name in names or known}
    study = question.study("break-even", "")
    ends = [(name, end) for name, p in chosen.items() for end in p.range]
    say(
        f"{counted(len(chosen), 'cost')}: {len(ends)} ends of ranges and the usual world, {len(seeds)} pairs each: "
        f"{(len(ends) + 1) * len(seeds)} pasts, {2 * (len(ends) + 1) * len(seeds)} runs; then some ten values more for "
        "each difference that changes its sign."
    )
    carrier.runs(study, [p for name, end in ends for p in _points(name, end, seeds)])
    usual = carrier.runs(study, [Point(row_of("as usual"), {}, seed) for seed in seeds])
    rows, curves, sentences = [], [], []
    for outcome in question.chosen:
        target = Target(outcome, question.regimes[1], question.regimes[0])
        sentences.append(_usual_sentence(question, outcome, values(usual, target).to_numpy(dtype=float)))
        found = {}
        for name, parameter in chosen.items():

            def difference(value: float, name: str = name, target: Target = target) -> np.ndarray:
                points = _points(name, value, seeds)
                return pick(
                    values(carrier.runs(study, points), target), [(p.row, p.seed) for p in points], target.label
                )

            found[name] = break_even(difference, *parameter.range)
            rows.append(_row(outcome, parameter, found[name], len(seeds)))
            curves += [
                (
                    outcome,
                    name,
                    value,
                    float(sample.mean()),
                    *(interval(sample, setting("all", "level")) or ()),
                    len(sample),
                )
                for value, sample in sorted(found[name].tried.items())
            ]
        sentences += _sentences(question, outcome, chosen, found)
    table = pd.DataFrame(rows, columns=COLUMNS)
    tried = pd.DataFrame(curves, columns=["outcome", "parameter", "value", "mean", "low", "high", "n"])
    return Answer(
        f"Where the difference vanishes: {question.regimes[1]} against {question.regimes[0]}",
        f"{question.scope}; each cost alone, all others as each pair has them; {len(seeds)} pairs of runs a value",
        sentences,
        {"break_even": table, "curves": tried},
        {
            **{f"ends_{outcome}": _ends_picture(question, outcome, table, tried) for outcome in question.chosen},
            **{
                f"break_even_{outcome}": _picture(outcome, table)
                for outcome in question.chosen
                if ((table["outcome"] == outcome) & (table["standing"] == CROSSES)).any()
            },
        },
        carrier.studies,
    )


def _points(name: str, value: float, seeds: Sequence[int]) -> list[Point]:
    return [Point(row_of(f"{name}={value!r}"), {name: float(value)}, seed) for seed in seeds]


def _row(outcome: str, p: Parameter, found: BreakEven, n: int) -> tuple:
    value = np.nan if found.value is None else found.value
    return (
        outcome, p.name, found.standing, value, found.low, found.high, p.range[0], p.value, p.range[1], p.unit,
        found.at_low, found.at_high, p.grade, n,
    )  # fmt: skip


def _usual_sentence(question: Question, outcome: str, sample: np.ndarray) -> str:
    low, high = interval(sample, setting("all", "level")) or (np.nan, np.nan)
    told = question.definitions[outcome]
    return (
        f"**{outcome}**: with every cost as each pair has it, {question.regimes[1]} minus {question.regimes[0]} is "
        f"{figure(float(sample.mean()))} {told.unit} ({span(low, high)}, n = {len(sample)}; {told.better} is better)."
    )


def _sentences(
    question: Question, outcome: str, chosen: dict[str, Parameter], found: dict[str, BreakEven]
) -> list[str]:
    told = []
    for name, at in found.items():
        if at.standing == CROSSES and at.value is not None:
            p = chosen[name]
            low = f"{figure(at.low)}" if np.isfinite(at.low) else "below its range"
            high = f"{figure(at.high)}" if np.isfinite(at.high) else "beyond its range"
            told.append(
                f"**{outcome}**: the difference vanishes at {name} = {figure(at.value)} ({low} to {high}); the "
                f"register has {figure(p.value)}, range {span(*p.range)} {p.unit}. At the low end it is "
                f"{figure(at.at_low)}, at the high end {figure(at.at_high)}."
            )
    never = [name for name, at in found.items() if at.standing == NEVER]
    unclear = [name for name, at in found.items() if at.standing not in (NEVER, CROSSES)]
    if never:
        told.append(
            f"**{outcome}**: none inside the range of {listing(never)}: the sign is clear, and the same, at both ends."
        )
    if unclear:
        told.append(f"**{outcome}**: sign unclear at one end or both of the range of {listing(unclear)}.")
    return told


def _ends_picture(question: Question, outcome: str, table: pd.DataFrame, tried: pd.DataFrame) -> Drawn:
    """Return the difference at both ends of each cost's range, those that move it most."""
    of_outcome = table[table["outcome"] == outcome]
    span_of = (of_outcome["at_high"] - of_outcome["at_low"]).abs()
    most = of_outcome.loc[span_of.sort_values(ascending=False).index].head(setting("pictures", "most_rows") // 2)
    names, rows = [], []
    for cost in most.to_dict("records"):
        for end in (cost["range_low"], cost["range_high"]):
            of_cost = tried[(tried["outcome"] == outcome) & (tried["parameter"] == cost["parameter"])]
            rows.append(of_cost[of_cost["value"] == end].iloc[0])
            names.append(f"{cost['parameter']} at {figure(end)}")
    shown = pd.DataFrame(rows).rename(columns={"mean": "estimate"})
    sure = ((shown["low"] > 0) | (shown["high"] < 0)).tolist()
    unit = question.definitions[outcome].unit
    label = f"{question.regimes[1]} minus {question.regimes[0]}, {outcome}, {unit}"
    told = [
        f"{name} {span(row['low'], row['high'])}" for name, row in zip(names, shown.to_dict("records"), strict=True)
    ]
    alt = f"Intervals of the difference in {outcome} ({unit}) with one cost at an end of its range: {listing(told)}."
    return Drawn(
        f"The difference in {outcome} at the ends of each cost", alt, pictures.intervals(names, shown, sure, label)
    )


def _picture(outcome: str, table: pd.DataFrame) -> Drawn:
    shown = table[(table["outcome"] == outcome) & (table["standing"] == CROSSES)]
    width = shown["range_high"] - shown["range_low"]
    share = {
        name: (shown[column] - shown["range_low"]) / width
        for name, column in (("low", "low"), ("high", "high"), ("usual", "usual"), ("estimate", "value"))
    }
    drawn = pictures.within_ranges(
        shown["parameter"].tolist(), pd.DataFrame(share).astype(float),
        "part of the evidence range (dot: break-even, bar: its interval, stroke: value of the register)",
    )  # fmt: skip
    told = [f"{row['parameter']} {figure(row['value'])}" for row in shown.to_dict("records")]
    alt = f"Break-even values within their evidence ranges: {listing(told, 'no cost crosses inside its range')}."
    return Drawn(f"Where the difference in {outcome} vanishes", alt, drawn)
