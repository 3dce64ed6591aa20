"""The attribution study: Shapley shares of groups and of single levers, and what survives each failure mode."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from ecology.lever_tables import lever_values
from experiments.analysis import attribution, pictures, survival
from experiments.analysis.answer import Answer, Drawn
from experiments.analysis.attribution import TOTAL
from experiments.analysis.carry import Carrier, Question, design_text
from experiments.analysis.settings import data
from experiments.analysis.targets import Target, by_seed, values
from experiments.point import Point
from experiments.report.words import figure, listing, percent, span
from experiments.statistics import NEGLIGIBLE, SIGN_UNCLEAR

Say = Callable[[str], object]
Coalition = tuple[int, ...]


def attribution_study(
    question: Question,
    carrier: Carrier,
    *,
    seeds: Sequence[int],
    permutations: int,
    groups: Mapping[str, Sequence[str]] | None = None,
    with_failures: bool = True,
    say: Say = lambda sentence: None,
) -> Answer:
    """Return what each group of levers and each single lever carries of the difference, and what failures leave of it.

    ``groups`` are those of ``lever_groups.toml`` by default. ``say`` is told the number of runs before they start.
    """
    if not len(seeds) > 1 or not permutations > 1:
        raise BadInput("--seeds and --permutations: at least 2 of each are needed for an interval.")
    first, second = (lever_values(regime, {}) for regime in question.regimes)
    differing = attribution.players(first, second)
    found = attribution.grouped(differing, data("lever_groups.toml") if groups is None else groups)
    cases = survival.cases() if with_failures else {}
    steps = 2 * len(differing)
    say(
        f"Groups: {1 << len(found)} coalitions of {len(found)} groups, {len(seeds)} pasts, {len(seeds) << len(found)} "
        f"runs. Single levers: {permutations} orders and their mirror images, {permutations} pasts, "
        f"{permutations * steps} runs. Failure modes: {len(cases)} cases, {len(cases) * len(seeds)} pasts, "
        f"{2 * len(cases) * len(seeds)} runs."
    )
    by_group = _exact(question, carrier, found, second, seeds)
    by_lever = _sampled(question, carrier, differing, second, permutations)
    answer = Answer(
        f"What carries the difference: {question.regimes[1]} against {question.regimes[0]}",
        f"{question.scope}; {len(seeds)} pairs of runs for groups and failure modes, {permutations} for single levers",
        [],
        {"groups": _long(question, by_group, list(found)), "levers": _long(question, by_lever, list(differing))},
        studies=carrier.studies,
    )
    for outcome in question.chosen:
        for kind in ("groups", "levers"):
            table = answer.tables[kind]
            of_outcome = table[table["outcome"] == outcome]
            answer.sentences.append(_sentence(question, outcome, kind, of_outcome))
            answer.pictures[f"{kind}_{outcome}"] = _picture(question, outcome, kind, of_outcome)
    if with_failures:
        _add_survival(answer, question, carrier, cases, seeds)
    return answer


def _exact(
    question: Question, carrier: Carrier, groups: Mapping[str, Sequence[str]], second: Mapping[str, float],
    seeds: Sequence[int],
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return by outcome the exact Shapley values, (groups, seeds)."""
    base = question.regimes[0]
    members = list(groups.values())
    arms = {
        f"{base}/{mask}" if mask else base: {name: second[name] for i in coalition for name in members[i]}
        for mask, coalition in enumerate(attribution.coalitions(len(groups)))
    }
    study = question.study("groups", design_text(arms), list(arms))
    results = carrier.runs(study, [Point(0, {}, seed, arms) for seed in seeds])
    return {
        outcome: attribution.exact(
            np.array([by_seed(values(results, Target(outcome, arm)), [0], seeds, arm)[0] for arm in arms])
        )
        for outcome in question.chosen
    }


def _sampled(
    question: Question, carrier: Carrier, levers: Sequence[str], second: Mapping[str, float], draws: int
) -> dict[str, np.ndarray]:
    """Return by outcome the sampled Shapley contributions, (levers, draws); each draw has luck of its own."""
    base = question.regimes[0]
    drawn = attribution.orders(len(levers), draws)
    ways = [_ways(base, both) for both in drawn]
    study = question.study("levers", design_text(drawn, levers), list(ways[0]))
    points = [
        Point(
            row, {}, row + 1, {arm: {levers[i]: second[levers[i]] for i in coalition} for arm, coalition in of.items()}
        )
        for row, of in enumerate(ways)
    ]
    results = carrier.runs(study, points)
    shares = {}
    for outcome in question.chosen:
        by_arm = {arm: values(results, Target(outcome, arm)) for arm in ways[0]}
        known = [
            {coalition: float(by_arm[arm][row, row + 1]) for arm, coalition in of.items()}
            for row, of in enumerate(ways)
        ]
        shares[outcome] = attribution.sampled(known, drawn)
    return shares


def _ways(base: str, both: np.ndarray) -> dict[str, Coalition]:
    """Return arm → coalition on the way of an order and of its mirror image; nobody and all are on both."""
    there, back = (attribution.steps(order) for order in both)
    arms = {f"{base}/there-{k}" if k else base: coalition for k, coalition in enumerate(there)}
    return arms | {f"{base}/back-{k}": coalition for k, coalition in enumerate(back[1:-1], start=1)}


def _long(question: Question, shares: Mapping[str, np.ndarray], names: Sequence[str]) -> pd.DataFrame:
    tables = []
    for outcome, sample in shares.items():
        told = question.definitions[outcome]
        table = attribution.shares_table(names, sample, told.better, told.smallest_difference)
        tables.append(table.assign(outcome=outcome, unit=told.unit))
    return pd.concat(tables, ignore_index=True)


def _sentence(question: Question, outcome: str, kind: str, table: pd.DataFrame) -> str:
    rows = table.to_dict("records")
    (total,) = [row for row in rows if row["lever"] == TOTAL]
    parts = [row for row in rows if row["lever"] != TOTAL]
    clear = [row for row in parts if row["verdict"] not in (SIGN_UNCLEAR, NEGLIGIBLE)]
    told = [
        f"{row['lever']} {figure(row['mean'])} ({span(row['low'], row['high'])}, {row['verdict']})" for row in clear
    ]
    small = sum(row["verdict"] == NEGLIGIBLE for row in parts)
    unclear = len(parts) - len(clear) - small
    return (
        f"**{outcome}**, {kind}: {question.regimes[1]} minus {question.regimes[0]} is {figure(total['mean'])} "
        f"{total['unit']} ({span(total['low'], total['high'])}, n = {total['n']}, {total['verdict']}); of this "
        f"{listing(told, 'no part is clear')}; {small} too small to matter, {unclear} unclear "
        f"(intervals of parts at {percent(parts[0]['level'])})."
    )


def _picture(question: Question, outcome: str, kind: str, table: pd.DataFrame) -> Drawn:
    rows = table.rename(columns={"mean": "estimate"})
    sure = ((rows["low"] > 0) | (rows["high"] < 0)).tolist()
    definition = question.definitions[outcome]
    label = f"share of the difference in {outcome}, {definition.unit} ({definition.better} is better)"
    told = [f"{row['lever']} {span(row['low'], row['high'])}" for row in table.to_dict("records")]
    return Drawn(
        f"What each of the {kind} carries of the difference in {outcome}",
        f"Intervals of Shapley shares in {definition.unit}, {definition.better} is better: {listing(told)}.",
        pictures.intervals(table["lever"].tolist(), rows, sure, label),
    )


def _add_survival(
    answer: Answer, question: Question, carrier: Carrier,
    cases: Mapping[tuple[str, str], tuple[dict[str, bool], dict[str, float]]], seeds: Sequence[int],
) -> None:  # fmt: skip
    points = [
        Point(row, parameters, seed, {}, switches)
        for row, (switches, parameters) in enumerate(cases.values())
        for seed in seeds
    ]
    results = carrier.runs(question.study("failures", design_text(cases)), points)
    tables = []
    for outcome in question.chosen:
        told = question.definitions[outcome]
        target = Target(outcome, question.regimes[1], question.regimes[0])
        sample = by_seed(values(results, target), range(len(cases)), seeds, target.label)
        table = survival.survival_table(dict(zip(cases, sample, strict=True)), told.better, told.smallest_difference)
        answer.sentences.append(_survival_sentence(question, outcome, table))
        answer.pictures[f"failures_{outcome}"] = _survival_picture(question, outcome, table)
        tables.append(table.assign(outcome=outcome, unit=told.unit))
    answer.tables["failures"] = pd.concat(tables, ignore_index=True)


def _survival_sentence(question: Question, outcome: str, table: pd.DataFrame) -> str:
    rows = table.to_dict("records")
    usual = rows[0]
    moved = [row for row in rows[1:] if row["change_low"] > 0 or row["change_high"] < 0]
    told = [
        f"{row['mode']} {row['state']}: {figure(row['mean'])} ({span(row['low'], row['high'])}, {row['verdict']})"
        for row in moved
    ]
    return (
        f"**{outcome}**, failure modes: as usual the difference is {figure(usual['mean'])} "
        f"({span(usual['low'], usual['high'])}, n = {usual['n']}, {usual['verdict']}). It changes clearly with "
        f"{'; '.join(told) or 'none of them'}."
    )


def _survival_picture(question: Question, outcome: str, table: pd.DataFrame) -> Drawn:
    names = [f"{row['mode']}, {row['state']}" for row in table.to_dict("records")]
    rows = table.rename(columns={"mean": "estimate"})
    sure = ((rows["low"] > 0) | (rows["high"] < 0)).tolist()
    definition = question.definitions[outcome]
    label = f"{question.regimes[1]} minus {question.regimes[0]}, {outcome}, {definition.unit}"
    clear = [row for row in table.to_dict("records") if row["change_low"] > 0 or row["change_high"] < 0]
    told = [
        f"{row['mode']} {row['state']} {span(row['low'], row['high'])}" for row in (table.iloc[0].to_dict(), *clear)
    ]
    alt = (
        f"Intervals of the difference in {outcome} ({definition.better} is better) with each failure mode off and at "
        f"its worst. As usual, and where it changes clearly: {listing(told)}."
    )
    return Drawn(
        f"What failure modes leave of the difference in {outcome}", alt, pictures.intervals(names, rows, sure, label)
    )
