"""Which inputs matter: Morris to choose groups, Sobol' indices for those chosen, each beside what luck alone reaches.

An index says how much of the variance over worlds and luck belongs to an input. Beside each table stands the luck
floor: the same index computed for a change of seed, with nothing else changed. An input that does nothing gets exactly
0, because blocks share their seeds; one that only reshuffles luck gets at most the floor. One below the floor may still
be clear, if it moves the target in one direction again and again: luck that is reshuffled has no direction.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from ecology.errors import BadInput
from experiments.analysis.designs import MORRIS, SOBOL, BlockDesign
from experiments.analysis.settings import setting
from experiments.analysis.targets import Target, pick, values

ABOVE, SMALLER, NOT_ABOVE = "above luck", "clear, smaller than luck", "not above luck"
WITHHELD, CONSTANT = "withheld: interval too wide", "never varies"
HEARD = (ABOVE, SMALLER)
FIRST, SECOND, TOTAL, MU_STAR = "first order", "second order", "total", "mu*"
COLUMNS = ["target", "index", "input", "with", "estimate", "low", "high", "floor_low", "floor_high", "standing", "n"]


def morris(
    design: BlockDesign, results: pd.DataFrame, targets: Sequence[Target], flips: Collection[str] = ()
) -> pd.DataFrame:
    """Return mu*, its interval, mu, sigma and standing of each group for each target, the largest mu* first.

    mu* is the mean absolute change of the target per full range, mu the mean change with its sign, sigma its spread;
    the last two are missing for groups of several inputs. An input not above luck is clear if the t interval of mu over
    trajectories, shared among all inputs (Bonferroni), excludes 0. ``flips`` are groups of choices of two, for which a
    step is the whole range; against luck they stand step by step, as all others do. Raises BadInput for a run that is
    missing or not a number, naming it.
    """
    from SALib.analyze import morris as salib

    _refuse_other(design, MORRIS)
    tables = []
    for target in targets:
        y, change = _responses(design, results, target)
        found = salib.analyze(
            design.inputs.problem, design.unit, y, num_resamples=setting("all", "resamples"),
            conf_level=setting("all", "level"), num_levels=setting("morris", "levels"), seed=setting("all", "seed"),
        )  # fmt: skip
        step = setting("morris", "levels") / (2 * (setting("morris", "levels") - 1))
        floor = _resampled(np.abs(change) / step)
        mu_star = np.ma.filled(found["mu_star"], np.nan)
        half = np.ma.filled(found["mu_star_conf"], np.nan)
        table = pd.DataFrame({"target": target.label, "index": MU_STAR, "input": list(found["names"]), "with": ""})
        table = table.assign(estimate=mu_star, low=np.maximum(mu_star - half, 0.0), high=mu_star + half)
        sigma = np.ma.filled(found["sigma"], np.nan)
        mu = np.where(np.isnan(sigma), np.nan, np.ma.filled(found["mu"], np.nan))
        table = _beside_floor(table, floor, design.blocks).assign(mu=mu, sigma=sigma)
        tail = (1 - setting("all", "level")) / len(table) / 2
        clear = np.abs(mu) > stdtrit(design.blocks - 1, 1 - tail) * sigma / np.sqrt(design.blocks)
        clear &= np.abs(mu) > np.finfo(float).resolution * np.abs(y).max()  # not the rounding of a difference
        table.loc[clear & (table["standing"] == NOT_ABOVE), "standing"] = SMALLER
        table.loc[table["input"].isin(flips), ["estimate", "low", "high", "mu", "sigma"]] *= step
        tables.append(table.sort_values("estimate", ascending=False, kind="stable"))
    return pd.concat(tables, ignore_index=True)


def choose(screened: pd.DataFrame, target: Target, most: int) -> list[str]:
    """Return at most ``most`` groups: the largest mu* for a target, of those above luck or clear; two at least.

    If more groups were screened than can be kept, one place is left for the rest taken together.
    """
    table = screened[screened["target"] == target.label].sort_values("estimate", ascending=False, kind="stable")
    room = most if len(table) <= most else most - 1
    above = table[table["standing"].isin(HEARD)]["input"].tolist()
    chosen = above if len(above) > 1 else table["input"].tolist()[:2]
    return [str(name) for name in chosen[:room]]


def sobol(design: BlockDesign, results: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    """Return first, second and total indices of each group (and pair of groups) for each target, with intervals.

    An index whose interval is wider than the setting is withheld: its estimate is missing, its interval stays. Raises
    BadInput for a run that is missing or not a number, naming it.
    """
    _refuse_other(design, SOBOL)
    tables = []
    for target in targets:
        y, change = _responses(design, results, target)
        tables.append(_indices(design, y, change).assign(target=target.label))
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def independent_rows(design: BlockDesign) -> np.ndarray:
    """Return the rows of a Sobol' design that are one random sample of the space: first and last of each block."""
    return np.sort(np.concatenate([design.firsts, design.firsts + design.block_size - 1]))


def row_values(design: BlockDesign, results: pd.DataFrame, target: Target) -> np.ndarray:
    """Return the target at each row: the mean over the seeds of its block. Raises BadInput as ``values`` does."""
    known = values(results, target)
    return pick(known, design.runs(), target.label).reshape(len(design.unit), -1).mean(axis=1)


def _responses(design: BlockDesign, results: pd.DataFrame, target: Target) -> tuple[np.ndarray, np.ndarray]:
    """Return the target at each row, and for each block what other luck changes at its first row."""
    y = row_values(design, results, target)
    again = pick(values(results, target), design.repeats(), f"{target.label}, repeats with other luck")
    return y, y[design.firsts] - again.reshape(design.blocks, -1).mean(axis=1)


def _indices(design: BlockDesign, y: np.ndarray, change: np.ndarray) -> pd.DataFrame:
    from SALib.analyze import sobol as salib

    names = design.inputs.group_names
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    labels = [(FIRST, name, "") for name in names] + [(TOTAL, name, "") for name in names]
    labels += [(SECOND, names[i], names[j]) for i, j in pairs]
    table = pd.DataFrame(labels, columns=["index", "input", "with"])
    if np.ptp(y) == 0:
        empty = {name: np.nan for name in ("estimate", "low", "high", "floor_low", "floor_high")}
        return table.assign(**empty, standing=CONSTANT, n=design.blocks)
    found = salib.analyze(
        design.inputs.problem, y, calc_second_order=True, num_resamples=setting("all", "resamples"),
        conf_level=setting("all", "level"), seed=setting("all", "seed"),
    )  # fmt: skip
    estimate = np.concatenate([found["S1"], found["ST"], [found["S2"][pair] for pair in pairs]])
    half = np.concatenate([found["S1_conf"], found["ST_conf"], [found["S2_conf"][pair] for pair in pairs]])
    table = table.assign(estimate=estimate, low=estimate - half, high=estimate + half)
    last = design.firsts + design.block_size - 1
    total_variance = np.var(np.concatenate([y[design.firsts], y[last]]))
    table = _beside_floor(table, _resampled(change**2 / 2) / total_variance, design.blocks)
    # Luck is shared within a block, so its part in first and second order is 0 on average, whatever its total.
    alone = table["index"] != TOTAL
    heard = {*table[(table["index"] == TOTAL) & (table["standing"] == ABOVE)]["input"], ""}
    above = table["input"].isin(heard) & table["with"].isin(heard)
    standing = np.where(table["low"] > 0, np.where(above, ABOVE, SMALLER), NOT_ABOVE)
    table.loc[alone, ["floor_low", "floor_high"]] = 0.0
    table.loc[alone, "standing"] = standing[alone]
    wide = table["high"] - table["low"] > setting("sobol", "widest")
    table.loc[wide, ["estimate", "standing"]] = (np.nan, WITHHELD)
    return table


def _beside_floor(table: pd.DataFrame, floor: tuple[float, float] | np.ndarray, n: int) -> pd.DataFrame:
    low, high = floor
    standing = np.where(table["low"] > high, ABOVE, NOT_ABOVE)
    return table.assign(floor_low=low, floor_high=high, standing=standing, n=n)


def _resampled(sample: np.ndarray) -> np.ndarray:
    """Return the ends of the bootstrap interval of a mean."""
    luck = np.random.default_rng(setting("all", "seed"))
    drawn = sample[luck.integers(len(sample), size=(setting("all", "resamples"), len(sample)))].mean(axis=1)
    tail = (1 - setting("all", "level")) / 2
    return np.quantile(drawn, [tail, 1 - tail])


def _refuse_other(design: BlockDesign, kind: str) -> None:
    if design.kind != kind:
        raise BadInput(f"this is a {design.kind} design; {kind} indices need a {kind} design.")
