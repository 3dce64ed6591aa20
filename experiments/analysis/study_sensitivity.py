"""The sensitivity study: Morris over all inputs, Sobol' over those chosen and the rest, PAWN as a second opinion."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments.analysis import pictures, sensitivity
from experiments.analysis.answer import Answer
from experiments.analysis.carry import Carrier, Question, design_text, incomplete_rows
from experiments.analysis.designs import BlockDesign, Inputs, morris_design, refuse_blocks, sobol_design
from experiments.analysis.pawn import pawn
from experiments.analysis.sensitivity import ABOVE, FIRST, MU_STAR, SMALLER, TOTAL, WITHHELD
from experiments.analysis.settings import setting
from experiments.analysis.targets import Target, targets_of
from experiments.point import Point
from experiments.report.words import figure, listing, percent, span
from experiments.space import Space, point

Say = Callable[[str], object]


def inputs_of(space: Space, by_group: bool) -> Inputs:
    """Return the inputs of a space, each for itself or in the groups of the space."""
    names = tuple(space.names)
    return Inputs(names, tuple(space.groups) if by_group else names)


def points_of(space: Space, design: BlockDesign) -> list[Point]:
    """Return every run of a design, the repeats with other luck after the rest."""
    rows = space.table(design.whole).to_dict("records")
    return [
        point(row, seed, {str(name): float(value) for name, value in rows[row].items()})
        for row, seed in [*design.runs(), *design.repeats()]
    ]


def sensitivity_study(
    question: Question,
    space: Space,
    carrier: Carrier,
    *,
    trajectories: int,
    blocks: int,
    seeds_a_block: int = 1,
    by_group: bool = False,
    say: Say = lambda sentence: None,
) -> Answer:
    """Return which inputs matter for each outcome: for the difference between the regimes, and under each.

    ``say`` is told the number of runs before they start. The groups are chosen by the difference in the first outcome.
    """
    refuse_blocks(blocks)
    inputs = inputs_of(space, by_group)
    screening = morris_design(inputs, trajectories, seeds_a_block)
    say(screening.told(len(question.regimes)))
    say(_at_most(inputs, blocks, seeds_a_block, len(question.regimes)))
    targets = targets_of(question.chosen, question.regimes)
    screening, runs = _run(question, space, carrier, screening)
    screened = sensitivity.morris(screening, runs, targets, choices_of_two(space, inputs))
    chosen = sensitivity.choose(screened, targets[0], setting("morris", "most"))
    design = sobol_design(inputs.only(chosen), blocks, seeds_a_block)
    say(f"Chosen by mu* of {targets[0].label}: {listing(chosen)}. {design.told(len(question.regimes))}")
    design, runs = _run(question, space, carrier, design)
    indices = sensitivity.sobol(design, runs, targets)
    second = _second_opinion(space, design, runs, targets)
    sentences = [_screening_sentence(screened, targets[0], screening, chosen)]
    sentences += [_sentence(indices, target, design) for target in targets]
    sentences += _opinions(second, targets)
    sentences += [_left_out(d) for d in (screening, design) if d.left_out]
    return Answer(
        f"Which inputs matter: {question.regimes[1]} against {question.regimes[0]}",
        question.scope,
        sentences,
        {"screening": screened, "indices": indices, "pawn": second, "inputs": inputs_table(space, design.inputs)},
        {
            f"{kind}_{t.outcome}_{(t.against and 'difference') or t.regime}": draw(table, t.label)
            for kind, draw, table in (
                ("screening", pictures.mu_sigma, screened),
                ("indices", pictures.indices, indices),
            )
            for t in targets
        },
        carrier.studies,
        varied=space.names,
    )


def choices_of_two(space: Space, inputs: Inputs) -> list[str]:
    """Return the groups all of whose inputs are choices of two values."""
    others = {group for f, group in zip(space.factors, inputs.groups, strict=True) if len(f.values) != 2}
    return [name for name in inputs.group_names if name not in others]


def inputs_table(space: Space, inputs: Inputs) -> pd.DataFrame:
    """Return what was varied: input, group, range or values, unit, where the range comes from."""
    rows = [
        (f.name, group, f.kind, min(f.values or (f.low,)), max(f.values or (f.high,)), f.unit, f.standing)
        for f, group in zip(space.factors, inputs.groups, strict=True)
    ]
    return pd.DataFrame(rows, columns=["input", "group", "kind", "low", "high", "unit", "standing"])


def _run(question: Question, space: Space, carrier: Carrier, design: BlockDesign) -> tuple[BlockDesign, pd.DataFrame]:
    """Return the results of a design, and the design without the blocks in which a run failed, if these may go."""
    text = design_text(np.ascontiguousarray(design.whole), space, design.seeds_a_block, design.first_seed)
    results = carrier.runs(question.study(design.kind, text), points_of(space, design), may_lack=True)
    failed = incomplete_rows(results, [*design.runs(), *design.repeats()], question.regimes)
    if not failed:
        return design, results
    left = design.without(failed)
    return left, results[results["row"].isin(left.rows)]  # one regime of a failed run may have been finished


def _left_out(design: BlockDesign) -> str:
    whole = len(design.whole) // design.block_size
    return (
        f"{design.kind.capitalize()}: {len(design.left_out)} of {whole} blocks are left out because a run in them "
        "failed: what is said holds for worlds in which the model runs."
    )


def _at_most(inputs: Inputs, blocks: int, seeds_a_block: int, regimes: int) -> str:
    groups = min(len(inputs.group_names), setting("morris", "most"))
    pasts = blocks * (2 * groups + 2 + 1) * seeds_a_block
    return f"Then Sobol' over at most {groups} groups: at most {pasts} pasts, {pasts * regimes} runs."


def _second_opinion(space: Space, design: BlockDesign, runs: pd.DataFrame, targets: list[Target]) -> pd.DataFrame:
    """Return PAWN of every single input for each target; an empty table if the design has too few points."""
    rows = sensitivity.independent_rows(design)
    if len(rows) < setting("pawn", "fewest"):
        return pd.DataFrame(columns=["target", "input", "group", "pawn", "threshold", "standing", "n"])
    tables = []
    for target in targets:
        y = sensitivity.row_values(design, runs, target)[rows]
        tables.append(pawn(design.inputs, design.unit[rows], y).assign(target=target.label))
    table = pd.concat(tables, ignore_index=True)
    return table[["target", *[name for name in table.columns if name != "target"]]]


def _screening_sentence(screened: pd.DataFrame, target: Target, design: BlockDesign, chosen: list[str]) -> str:
    table = screened[(screened["target"] == target.label) & (screened["index"] == MU_STAR)]
    above, smaller = (int((table["standing"] == standing).sum()) for standing in (ABOVE, SMALLER))
    floor = table.iloc[0]
    return (
        f"Morris ({design.blocks} trajectories) finds {above} of {len(table)} groups above what luck alone reaches "
        f"(mu* {span(floor['floor_low'], floor['floor_high'])}) for {target.label}, and {smaller} more that are "
        "smaller but clear in their direction; "
        f"kept for Sobol': {listing(chosen)}."
    )


def _sentence(indices: pd.DataFrame, target: Target, design: BlockDesign) -> str:
    table = indices[(indices["target"] == target.label) & (indices["index"] == TOTAL)]
    if table["low"].isna().all():
        return f"{target.label} never varies in {len(design.unit)} points."
    heard = table[table["standing"] == ABOVE].sort_values("estimate", ascending=False)
    told = [
        f"{row['input']} {figure(row['estimate'])} ({span(row['low'], row['high'])})"
        for row in heard.to_dict("records")
    ]
    withheld = [
        f"{row['input']} ({span(row['low'], row['high'])})"
        for row in table[table["standing"] == WITHHELD].to_dict("records")
    ]
    alone = indices[(indices["target"] == target.label) & (indices["index"] == FIRST)]
    smaller = [
        f"{row['input']} {figure(row['estimate'])} ({span(row['low'], row['high'])})"
        for row in alone[alone["standing"] == SMALLER].to_dict("records")
    ]
    floor = span(float(table["floor_low"].iloc[0]), float(table["floor_high"].iloc[0]))
    sentence = (
        f"{target.label}: total Sobol' indices above luck ({floor}): {listing(told)} "
        f"({percent(setting('all', 'level'))} intervals, {design.blocks} blocks)."
    )
    sentence += f" Clear by themselves, but smaller than luck (first order): {listing(smaller)}." if smaller else ""
    return sentence + (f" Withheld, because known too badly: {listing(withheld)}." if withheld else "")


def _opinions(second: pd.DataFrame, targets: list[Target]) -> list[str]:
    if second.empty:
        return ["PAWN: too few points for a second opinion."]
    told = []
    for target in (t for t in targets if t.against):
        table = second[second["target"] == target.label]
        heard = [
            f"{row['input']} {figure(row['pawn'])}" for row in table[table["standing"] == ABOVE].to_dict("records")
        ]
        limit = figure(float(table["threshold"].iloc[0]))
        told.append(
            f"PAWN, by whole distributions ({int(table['n'].iloc[0])} points), puts above its threshold of {limit} for "
            f"{target.label}: {listing(heard[: setting('pictures', 'most_rows')])}."
        )
    return told
