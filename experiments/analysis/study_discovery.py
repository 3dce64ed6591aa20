"""The discovery study: many worlds, a few pairs of runs in each, and the regions where each regime does better."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from experiments.analysis import pictures
from experiments.analysis.answer import Answer, Drawn
from experiments.analysis.carry import Carrier, Question, design_text, incomplete_rows
from experiments.analysis.discovery import Scale, regions, regions_table, sentences, tree_table
from experiments.analysis.settings import setting
from experiments.analysis.targets import Target, pick, values
from experiments.analysis.verdicts import classify, shares
from experiments.report.words import listing, span
from experiments.sampling import latin_hypercube
from experiments.space import CHOICE, Space, point

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
    study = question.study("discovery", design_text(table.to_numpy(), space, seeds))
    results = carrier.runs(study, points, may_lack=True)
    failed = incomplete_rows(results, runs, question.regimes)
    table = table.drop(index=sorted(failed))
    runs = [(row, seed) for row, seed in runs if row not in failed]
    results = results[~results["row"].isin(failed)]  # one regime of a failed run may have been finished
    if len(table) <= 1:
        raise BadInput(f"--worlds: {len(table)} world without a failed run is too few; draw more.")
    scales = scales_of(space)
    answer = Answer(
        f"When which does better: {second} against {first}",
        f"{question.scope}; {len(table)} worlds drawn evenly from the ranges of {len(space.factors)} inputs, {seeds} "
        "pairs of runs in each. A share of worlds is a share of what was thought possible, never a probability",
        [_left_out(len(failed), worlds)] if failed else [],
        studies=carrier.studies,
        varied=space.names,
    )
    kinds, boxes, all_shares = [], [], []
    for outcome in question.chosen:
        definition = question.definitions[outcome]
        target = Target(outcome, second, first)
        differences = pick(values(results, target), runs, target.label).reshape(len(table), seeds)
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


def _left_out(failed: int, worlds: int) -> str:
    return (
        f"{failed} of {worlds} worlds are left out because a run in them failed: what is said holds for worlds in "
        "which the model runs."
    )


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
