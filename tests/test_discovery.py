"""Discovery on worlds made so that the answer is known: boxes, classes under luck, trees, and sentences."""

import numpy as np
import pandas as pd
import pytest

from ecology.errors import BadInput
from experiments.analysis import prim, settings, tree
from experiments.analysis.discovery import Scale, regions, regions_table, restriction, sentences, tree_table
from experiments.analysis.verdicts import classes_of, classify, moderated, shares

REGIMES = ("one", "two")
ONE, UNCLEAR, TWO = classes_of(REGIMES)


def worlds(n: int = 600, inputs: int = 8, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((n, inputs))


def in_box(x: np.ndarray) -> np.ndarray:
    """Return what the known box holds: input 0 above 0.6 and input 3 below 0.4, a fifth of all worlds."""
    return (x[:, 0] > 0.6) & (x[:, 3] < 0.4)


def test_prim_finds_a_known_box_through_noise() -> None:
    x = worlds()
    told_wrongly = np.random.default_rng(2).random(len(x)) < 0.05
    box = prim.find(x, in_box(x) ^ told_wrongly)
    assert box.restricted.tolist() == [0, 3]
    assert box.low[0] == pytest.approx(0.6, abs=0.08) and box.high[3] == pytest.approx(0.4, abs=0.08)
    assert box.density > 0.85 and box.coverage > 0.65 and box.mass == pytest.approx(0.16, abs=0.05)


def test_a_box_is_judged_on_worlds_that_did_not_find_it() -> None:
    x = worlds()
    judged = prim.judge(x, in_box(x))
    assert judged.stands_out
    assert judged.recurs[[0, 3]].min() > 0.9 and np.delete(judged.recurs, [0, 3]).max() < 0.3
    assert judged.density[0] <= judged.density[1] <= judged.box.density + 0.02
    assert judged.base == pytest.approx(in_box(x).mean())


def test_a_box_in_noise_looks_good_only_on_the_worlds_that_found_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.table()["discovery"]["significance"], "value", 1.0)  # keep what luck explains
    judged = prim.judge(worlds(300, 20), np.random.default_rng(9).random(300) < 0.3)
    assert judged.box.density > judged.base + 0.1
    assert judged.density[1] == pytest.approx(judged.base, abs=0.05) and not judged.stands_out


def test_noise_has_no_region() -> None:
    stand_out = 0
    for seed in range(3):
        x = worlds(300, 20, seed)
        stand_out += prim.judge(x, np.random.default_rng(seed + 100).random(300) < 0.3).stands_out
    assert stand_out == 0


def test_prim_finds_the_box_among_hundreds_of_inputs() -> None:
    x = worlds(600, 200)
    box = prim.find(x, in_box(x))
    assert {0, 3} <= set(box.restricted.tolist()) and len(box.restricted) <= 3


def test_the_regions_of_a_class_to_which_most_worlds_belong_are_found() -> None:
    x = worlds()
    box = prim.find(x, x[:, 0] < 0.8)
    assert box.restricted.tolist() == [0] and box.high[0] == pytest.approx(0.8, abs=0.05)


def test_a_switch_is_peeled_whole() -> None:
    x = worlds(400, 4)
    x[:, 1] = x[:, 1] > 0.5
    box = prim.find(x, x[:, 1] == 1)
    assert box.restricted.tolist() == [1] and (box.low[1], box.density, box.coverage) == (1.0, 1.0, 1.0)


def test_the_tree_finds_the_same_inputs_and_tells_unseen_worlds() -> None:
    x = worlds()
    leaves = tree.grow(x, in_box(x).astype(int), 2)
    assert {column for leaf in leaves for column, _, _ in leaf.way} >= {0, 3}
    assert sum(leaf.counts.sum() for leaf in leaves) == len(x) and len(leaves) <= 4
    right, plain = tree.held_out_accuracy(x, in_box(x).astype(int), 2)
    assert right > 0.95 > plain
    assert (tree.predict(leaves, x) == in_box(x)).mean() > 0.97


def test_the_best_cut_lowers_gini_impurity_most_as_tried_one_by_one() -> None:
    x, rng = worlds(60, 3), np.random.default_rng(4)
    classes = rng.integers(0, 3, size=60)

    def impurity(left: np.ndarray) -> float:
        sides = [classes[left], classes[~left]]
        return float(sum(len(s) * (1 - ((np.bincount(s, minlength=3) / len(s)) ** 2).sum()) for s in sides))

    cut = tree.best_cut(x, classes, 3, 5)
    assert cut is not None
    tried = {
        (c, v): impurity(x[:, c] <= v)
        for c in range(3)
        for v in np.sort(x[:, c])[4:-5]  # at least 5 on either side
    }
    assert impurity(x[:, cut[0]] <= cut[1]) == pytest.approx(min(tried.values()))
    assert tree.best_cut(x, np.zeros(60, dtype=int), 3, 5) is None


@pytest.mark.parametrize("spread", [0.0, 1.0], ids=["the same luck everywhere", "luck that differs"])
@pytest.mark.parametrize("seeds", [2, 3])
def test_worlds_without_a_difference_are_classed_wrongly_as_often_as_the_level_says(spread: float, seeds: int) -> None:
    luck = np.random.default_rng(seeds)
    scale = np.exp(spread * luck.normal(size=(3000, 1)))
    classed = classify(scale * luck.normal(size=(3000, seeds)), "lower", 0.0, REGIMES)["class"]
    assert 0.03 < (classed != UNCLEAR).mean() < 0.07


def test_a_real_difference_is_classed_for_the_regime_that_does_better() -> None:
    luck = np.random.default_rng(1)
    differences = np.repeat([-50.0, 0.0, 50.0], 100)[:, None] + luck.normal(size=(300, 2))
    lower = classify(differences, "lower", 5.0, REGIMES)
    assert [set(lower["class"][i : i + 100]) for i in (0, 100, 200)] == [{TWO}, {UNCLEAR}, {ONE}]
    assert (lower["verdict"][100:200] == "too small to matter").mean() > 0.8
    assert set(classify(differences, "higher", 5.0, REGIMES)["class"][:100]) == {ONE}
    with pytest.raises(BadInput, match="at least 2 are needed"):
        classify(differences[:, :1], "lower", 5.0, REGIMES)


def test_moderated_variances_lie_between_their_own_and_the_common_one() -> None:
    luck = np.random.default_rng(1)
    own = np.exp(luck.normal(size=500)) * luck.chisquare(2, size=500) / 2
    drawn, freedom = moderated(own, 2)
    assert 2 < freedom < 10 and drawn.std() < own.std()
    order = np.argsort(own)
    assert (np.diff(drawn[order]) >= 0).all()
    unchanged, _ = moderated(np.zeros(5), 2)  # no luck at all
    assert (unchanged == 0).all()


def test_shares_have_wilson_intervals() -> None:
    table = shares(pd.Series([ONE] * 30 + [TWO] * 70), REGIMES).set_index("class")
    assert (table["share"] == [0.3, 0.0, 0.7]).all()
    assert table["low"][ONE] == pytest.approx(0.2190, abs=1e-3) and table["high"][ONE] == pytest.approx(
        0.3958, abs=1e-3
    )
    assert table["low"][UNCLEAR] == 0 and 0 < table["high"][UNCLEAR] < 0.05


def test_the_sentences_say_when_and_how_often() -> None:
    table = pd.DataFrame(worlds(), columns=[f"input_{i}" for i in range(8)])
    table["input_3"] = (table["input_3"] > 0.5).astype(float)
    inside = (table["input_0"] > 0.6) & (table["input_3"] == 0)
    classified = pd.DataFrame({"class": np.where(inside, TWO, UNCLEAR), "verdict": "sign unclear"})
    classified.loc[0, ["class", "verdict"]] = (UNCLEAR, "too small to matter")
    scales = {str(name): Scale(0.0, 1.0, "hours") for name in table} | {"input_3": Scale(0.0, 1.0, switch=True)}
    found = regions(table, classified["class"], REGIMES)
    one, unclear, two = sentences(classified, found, table, scales, REGIMES)
    assert found[ONE] is None and "One does better in 0% of 600 worlds" in one and "from so few" in one
    assert "cannot be told" in unclear and "in 1 of these" in unclear
    assert "Two does better in" in two and "input_3 is off" in two and "input_0 is at least 0.59" in two
    assert "of worlds not used to find this" in two and "against" in two
    rows = regions_table(found, table, scales)
    assert set(rows[rows["class"] == TWO]["input"]) == {"input_0", "input_3"} and rows["stands_out"].any()
    leaves, told = tree_table(table, classified["class"], REGIMES)
    assert leaves["worlds"].sum() == 600 and "worlds it has not seen" in told


def test_restrictions_in_words() -> None:
    scale = Scale(0.0, 10.0, "hours")
    assert restriction("x", 2.0, np.inf, scale) == "x is at least 2.00 (0 to 10.0 hours)"
    assert restriction("x", -np.inf, 4.0, scale) == "x is at most 4.00 (0 to 10.0 hours)"
    assert restriction("x", 2.0, 4.0, scale) == "x lies from 2.00 to 4.00 (0 to 10.0 hours)"
    assert restriction("x", 1.0, np.inf, Scale(0.0, 1.0, switch=True)) == "x is on"
