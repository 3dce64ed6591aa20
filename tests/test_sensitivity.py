"""Sensitivity against functions whose indices are known, against SciPy, and where there is nothing to find."""

import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from ecology.errors import BadInput
from experiments.analysis import designs, sensitivity, settings
from experiments.analysis.designs import THE_REST, Inputs, morris_design, sobol_design
from experiments.analysis.pawn import median_distance, pawn, threshold
from experiments.analysis.sensitivity import ABOVE, CONSTANT, FIRST, NOT_ABOVE, SECOND, SMALLER, TOTAL, WITHHELD
from experiments.analysis.study_sensitivity import choices_of_two
from experiments.analysis.targets import Target, pick, targets_of, values
from experiments.space import Space, evidence_space, switch_factors
from tests.known_functions import FOUR, G_WEIGHTS, ishigami, results, sobol_g

LEVEL, DIFFERENCE = Target("y", "one"), Target("y", "two", "one")


def index(table: pd.DataFrame, kind: str, name: str, other: str = "") -> pd.Series:
    (row,) = table[(table["index"] == kind) & (table["input"] == name) & (table["with"] == other)].to_dict("records")
    return pd.Series(row)


def holds(row: pd.Series, truth: float) -> bool:
    return bool(row["low"] - 1e-9 <= truth <= row["high"] + 1e-9)


@pytest.mark.parametrize("target", [LEVEL, DIFFERENCE], ids=["level", "difference"])
def test_ishigami_lies_inside_the_intervals(target: Target) -> None:
    design = sobol_design(FOUR, 512)
    table = sensitivity.sobol(design, results(design, ishigami), [target])
    known = {
        (FIRST, "a", ""): 0.3139, (FIRST, "b", ""): 0.4424, (FIRST, "c", ""): 0.0,
        (TOTAL, "a", ""): 0.5576, (TOTAL, "b", ""): 0.4424, (TOTAL, "c", ""): 0.2437,
        (SECOND, "a", "b"): 0.0, (SECOND, "a", "c"): 0.2437, (SECOND, "b", "c"): 0.0,
    }  # fmt: skip
    for (kind, name, other), truth in known.items():
        row = index(table, kind, name, other)
        assert holds(row, truth), (kind, name, other, row["low"], row["high"])
        assert row["n"] == 512
    assert index(table, TOTAL, "inert")["estimate"] == 0 and index(table, TOTAL, "inert")["standing"] == NOT_ABOVE
    assert index(table, TOTAL, "c")["standing"] == ABOVE


def test_sobol_g_lies_inside_the_intervals() -> None:
    design = sobol_design(FOUR, 512)
    table = sensitivity.sobol(design, results(design, sobol_g), [LEVEL])
    parts = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    whole = np.prod(1 + parts) - 1
    for i, name in enumerate(FOUR.names):
        assert holds(index(table, FIRST, name), parts[i] / whole), name
        assert holds(index(table, TOTAL, name), parts[i] * np.prod(np.delete(1 + parts, i)) / whole), name


def test_scipy_agrees() -> None:
    design = sobol_design(FOUR, 1024)
    table = sensitivity.sobol(design, results(design, ishigami), [LEVEL])
    uniform = [scipy.stats.uniform() for _ in FOUR.names]
    theirs = scipy.stats.sobol_indices(func=lambda x: ishigami(x.T), n=4096, dists=uniform, rng=1)
    for i, name in enumerate(FOUR.names):
        assert holds(index(table, FIRST, name), float(theirs.first_order[i])), name
        assert index(table, TOTAL, name)["estimate"] == pytest.approx(theirs.total_order[i], abs=0.05), name


def test_with_luck_the_inert_input_stays_at_nothing_and_the_floor_is_the_luck() -> None:
    """Var(ishigami) is 13.84: luck of variance 4 is 22% of the whole, and the true indices shrink by as much."""
    design = sobol_design(FOUR, 512)
    table = sensitivity.sobol(design, results(design, ishigami, luck=2.0), [LEVEL])
    inert = index(table, TOTAL, "inert")
    assert inert["estimate"] == 0 and inert["standing"] == NOT_ABOVE
    assert inert["floor_low"] <= 4 / 17.84 <= inert["floor_high"]
    assert holds(index(table, TOTAL, "b"), 0.4424 * 13.84 / 17.84)


def test_noise_only_is_nowhere_above_luck() -> None:
    """An input that only reshuffles luck: the value hangs on the digits of the row, as in a chaotic run."""

    def shuffled(unit: np.ndarray) -> np.ndarray:
        return np.array([np.random.default_rng(zlib.crc32(row.tobytes())).normal() for row in unit])

    design = sobol_design(FOUR, 256)
    runs = results(design, shuffled)
    again = runs["seed"].isin([seed for _, seed in design.repeats()])
    runs.loc[again, "value"] = np.random.default_rng(5).normal(size=int(again.sum()))
    table = sensitivity.sobol(design, runs, [LEVEL])
    assert (table[table["index"] == TOTAL]["floor_low"] > 0.5).all()
    assert not (table["standing"] == ABOVE).any(), table


def test_the_same_wrapper_with_other_seeds_in_a_block_would_find_the_inert_input_important() -> None:
    """Why blocks share seeds: without that, luck counts as an effect of every input."""
    design = sobol_design(FOUR, 256)
    runs = results(design, ishigami, luck=2.0)
    rng = np.random.default_rng(3)
    runs["value"] += 2.0 * rng.normal(size=len(runs))
    table = sensitivity.sobol(design, runs, [LEVEL])
    assert index(table, TOTAL, "inert")["estimate"] > 0.1


def test_an_index_that_is_known_too_badly_is_withheld_and_keeps_its_interval() -> None:
    design = sobol_design(FOUR, 8)
    table = sensitivity.sobol(design, results(design, ishigami), [LEVEL])
    withheld = table[table["standing"] == WITHHELD]
    assert len(withheld) and withheld["estimate"].isna().all() and withheld["low"].notna().all()


def test_an_outcome_that_never_varies_is_said_to() -> None:
    design = sobol_design(FOUR, 8)
    table = sensitivity.sobol(design, results(design, lambda unit: np.ones(len(unit))), [LEVEL])
    assert set(table["standing"]) == {CONSTANT} and table["estimate"].isna().all()


def test_groups_are_one_input_each_and_the_rest_is_one_group() -> None:
    inputs = Inputs(("a", "b", "c", "inert"), ("a", "b", "c", "inert")).only(["b"])
    assert inputs.group_names == (THE_REST, "b")
    design = sobol_design(inputs, 512)
    table = sensitivity.sobol(design, results(design, ishigami), [LEVEL])
    assert holds(index(table, TOTAL, "b"), 0.4424)
    assert holds(index(table, FIRST, THE_REST), 0.5576)


def test_morris_finds_what_matters_and_chooses_it() -> None:
    """For 3a + 1b + 0 inert with luck, mu* is 3, 1 and 0 per range."""

    def linear(unit: np.ndarray) -> np.ndarray:
        return unit @ np.array([3.0, 1.0, 0.01, 0.0])

    design = morris_design(FOUR, 20)
    table = sensitivity.morris(design, results(design, linear, luck=0.05), [LEVEL]).set_index("input")
    assert table["estimate"].to_dict() == pytest.approx({"a": 3.0, "b": 1.0, "c": 0.01, "inert": 0.0}, abs=1e-6)
    assert table["standing"].to_dict() == {"a": ABOVE, "b": ABOVE, "c": SMALLER, "inert": NOT_ABOVE}
    assert sensitivity.choose(table.reset_index(), LEVEL, 8) == ["a", "b", "c"]
    assert sensitivity.choose(table.reset_index(), LEVEL, 2) == ["a"]  # one place is for the rest


def test_a_switch_moves_its_whole_range_in_one_step() -> None:
    design = morris_design(FOUR, 20)
    runs = results(design, lambda unit: 3.0 * (unit[:, 0] >= 0.5) + unit[:, 1], luck=0.05)
    table = sensitivity.morris(design, runs, [LEVEL], flips=["a"]).set_index("input")
    assert table["estimate"].to_dict() == pytest.approx({"a": 3.0, "b": 1.0, "c": 0.0, "inert": 0.0}, abs=1e-6)
    assert table["standing"]["a"] == ABOVE


def test_groups_of_switches_alone_are_known_as_such() -> None:
    numbers, switches = evidence_space(["sight_noise"]).factors, switch_factors(["bottleneck", "gaming"])
    space = Space((*numbers, *switches))
    names = tuple(factor.name for factor in space.factors)
    assert choices_of_two(space, Inputs(names, names)) == list(names[1:])
    assert choices_of_two(space, Inputs(names, ("all", "all", "one"))) == ["one"]


def test_a_small_effect_in_one_direction_is_clear_though_luck_is_larger() -> None:
    """Input c moves the outcome by 0.3 in every world; another seed moves it by about 1.4."""

    def linear(unit: np.ndarray) -> np.ndarray:
        return unit @ np.array([9.0, 0.0, 0.3, 0.0])

    design = morris_design(FOUR, 16)
    table = sensitivity.morris(design, results(design, linear, luck=1.0), [LEVEL]).set_index("input")
    assert table["standing"].to_dict() == {"a": ABOVE, "c": SMALLER, "b": NOT_ABOVE, "inert": NOT_ABOVE}
    assert table["mu"]["c"] == pytest.approx(0.3) and sensitivity.choose(table.reset_index(), LEVEL, 8) == ["a", "c"]


def test_a_reshuffling_input_has_no_direction() -> None:
    def shuffled(unit: np.ndarray) -> np.ndarray:
        return np.array([np.random.default_rng(zlib.crc32(row.tobytes())).normal() for row in unit])

    design = morris_design(FOUR, 16)
    table = sensitivity.morris(design, results(design, shuffled), [LEVEL])
    assert not table["standing"].isin([SMALLER]).any()


def test_several_seeds_a_block_are_averaged() -> None:
    design = sobol_design(FOUR, 64, seeds_a_block=3)
    runs = results(design, ishigami, luck=1.0)
    assert len(design.runs()) == 3 * len(design.unit)
    assert {design.runs()[k][1] for k in range(3)} == {1, 2, 3}
    assert design.repeats()[0] == (0, 3 * design.blocks + 1)  # those of the repeats come after those of all blocks
    assert not {seed for _, seed in design.runs()} & {seed for _, seed in design.repeats()}
    one = runs[(runs["row"] == 5) & (runs["regime"] == "one")]["value"].mean()
    assert sensitivity.row_values(design, runs, LEVEL)[5] == pytest.approx(one)


def test_the_number_of_runs_is_said_beforehand() -> None:
    told = sobol_design(FOUR, 128).told(regimes=2)
    assert "1280 points" in told and "128 repeats" in told and "2816 runs" in told


def test_one_missing_or_broken_run_stops_the_analysis_and_is_named() -> None:
    design = sobol_design(FOUR, 8)
    whole = results(design, ishigami)
    broken = whole.copy()
    broken.loc[(broken["row"] == 7) & (broken["regime"] == "two"), "value"] = np.nan
    with pytest.raises(BadInput, match="row 7, seed 1, regime two: outcome y is nan"):
        sensitivity.sobol(design, broken, [DIFFERENCE])
    with pytest.raises(BadInput, match="row 7, seed 1 has no value"):
        sensitivity.sobol(design, whole[whole["row"] != 7], [LEVEL])
    with pytest.raises(BadInput, match="row 7, seed 1: only one of two and one"):
        values(whole[(whole["row"] != 7) | (whole["regime"] == "two")], DIFFERENCE)
    with pytest.raises(BadInput, match="stands twice"):
        values(pd.concat([whole, whole]), LEVEL)
    with pytest.raises(BadInput, match="'z': no such outcome"):
        values(whole, Target("z", "one"))
    with pytest.raises(BadInput, match="1 of 1 runs are missing"):
        pick(values(whole, LEVEL), [(999, 1)], "y")


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: sobol_design(FOUR, 100), "100 is no power of two.*take 128"),
        (lambda: sobol_design(FOUR.only(["nothing"]), 8), "at least two groups"),
        (lambda: morris_design(FOUR, 1), "trajectories: 1 is not enough"),
        (lambda: morris_design(FOUR, 8, seeds_a_block=0), "at least one seed"),
        (lambda: Inputs(("a", "a"), ("a", "a")), "a stands twice"),
        (lambda: Inputs(("a",), ()), "belongs to one group"),
        (lambda: sensitivity.morris(sobol_design(FOUR, 8), pd.DataFrame(), []), "morris indices need a morris design"),
    ],
)
def test_what_cannot_be_analysed_is_refused(make: Callable[[], object], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        make()


def test_seed_0_which_salib_takes_for_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(designs, "setting", lambda topic, name: 0)
    with pytest.raises(BadInput, match="0 is no seed for SALib"):
        sobol_design(FOUR, 8)


def test_designs_and_intervals_are_the_same_every_time() -> None:
    one, two = (sobol_design(FOUR, 32) for _ in range(2))
    assert (one.unit == two.unit).all()
    runs = results(one, ishigami, luck=1.0)
    pd.testing.assert_frame_equal(sensitivity.sobol(one, runs, [LEVEL]), sensitivity.sobol(two, runs, [LEVEL]))
    assert (morris_design(FOUR, 4).unit == morris_design(FOUR, 4).unit).all()


def test_pawn_agrees_with_salib_and_leaves_the_inert_input_below_its_threshold() -> None:
    design = sobol_design(FOUR, 256)
    rows = sensitivity.independent_rows(design)
    assert len(rows) == 2 * 256
    y = sensitivity.row_values(design, results(design, ishigami), LEVEL)[rows]
    table = pawn(FOUR, design.unit[rows], y).set_index("input")
    assert table["standing"].to_dict()["a"] == table["standing"].to_dict()["b"] == ABOVE
    assert table["standing"].to_dict()["inert"] == NOT_ABOVE
    for i, name in enumerate(FOUR.names):
        assert median_distance(y, design.unit[rows][:, i]) == pytest.approx(float(table["pawn"][name]))


def test_pawn_of_noise_passes_its_threshold_in_about_one_study_of_twenty() -> None:
    passed = 0
    limit = threshold(np.random.default_rng(1).normal(size=128), len(FOUR.names))  # the same for any y without ties
    for study in range(40):
        luck = np.random.default_rng(study)
        y = luck.normal(size=128)
        passed += max(median_distance(y, x) for x in luck.random((4, 128))) > limit
    assert 0 < passed <= 6  # in 86 of 100 cases, if the chance is 1 in 20: these seeds are among them
    with pytest.raises(BadInput, match="too few"):
        pawn(FOUR, np.zeros((9, 4)), np.zeros(9))


def test_for_hundreds_of_inputs_the_threshold_lies_beyond_all_that_permutations_reached() -> None:
    """A quantile of them cannot, and one in five studies of inert inputs would have found something."""
    y = np.random.default_rng(1).normal(size=128)
    luck = np.random.default_rng(settings.setting("all", "seed"))
    number = settings.setting("pawn", "permutations")
    highest = max(median_distance(y, luck.permutation(y.size) / y.size) for _ in range(number))
    assert threshold(y, 4) < threshold(y, 40) < highest < threshold(y, 400) < 1.1 * highest


def test_a_difference_is_the_regime_minus_its_comparator_run_by_run() -> None:
    design = sobol_design(FOUR, 4)
    runs = results(design, ishigami, luck=1.0)
    of = {regime: rows.set_index(["row", "seed"])["value"] for regime, rows in runs.groupby("regime")}
    expected = (of["two"] - of["one"]).sort_index()
    pd.testing.assert_series_equal(values(runs.sample(frac=1, random_state=1), DIFFERENCE), expected)


def test_every_outcome_has_its_difference_first_and_then_its_levels() -> None:
    labels = [target.label for target in targets_of(["y"], ("one", "two"))]
    assert labels == ["y: two − one", "y: one", "y: two"]
