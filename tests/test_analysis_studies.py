"""Whole studies of a world whose answers are known: runs, store, tables, sentences, pictures, commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ecology.errors import BadInput
from ecology.lever_tables import levers
from experiments.analysis import settings
from experiments.analysis.carry import Carrier, Question
from experiments.analysis.designs import THE_REST
from experiments.analysis.sensitivity import ABOVE, TOTAL
from experiments.analysis.study_attribution import attribution_study
from experiments.analysis.study_break_even import break_even_study
from experiments.analysis.study_discovery import discovery_study
from experiments.analysis.study_extremes import extremes_study, usual_value
from experiments.analysis.study_sensitivity import sensitivity_study
from experiments.analysis.verdicts import UNCLEAR
from experiments.cli import main
from experiments.output import MANIFEST
from experiments.space import Space, evidence_space, lever_factors, switch_factors
from experiments.store import Store
from tests.toy_analysis import BROKEN_SEED, TOY

ANALYSES = ("sensitivity", "discover", "attribute", "break-even")
COST, BACKGROUND, INERT = "minutes_line_of_sight", "sight_noise", "gaming_share"
SPACE_FILE = f"""
why = "a test"
[evidence]
names = ["{COST}", "{BACKGROUND}", "{INERT}"]
"""


@pytest.fixture
def question() -> Question:
    return Question("Leeds", ("fragmented", "orchestrated"), ("harm_weeks",), 2000, 1, model=TOY)


@pytest.fixture
def space() -> Space:
    hub = lever_factors("orchestrated", 1.0, ["decision_hub"])
    return Space((*evidence_space([COST, BACKGROUND, INERT]).factors, *hub, *switch_factors(["bottleneck"])))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs.sqlite")


@pytest.fixture
def small_search(monkeypatch: pytest.MonkeyPatch) -> None:
    table = settings.table()["adversarial"]
    for name, value in {"start": 8, "generations": 5, "offspring": 3, "seeds": 2, "judged_on": 4}.items():
        monkeypatch.setitem(table[name], "value", value)


def test_sensitivity_knows_what_moves_the_difference_and_what_the_levels(
    question: Question, space: Space, store: Store
) -> None:
    told: list[str] = []
    space = Space(tuple(factor for factor in space.factors if factor.name != "failure_modes.bottleneck"))
    with store:
        carrier = Carrier(store)
        answer = sensitivity_study(question, space, carrier, trajectories=8, blocks=32, say=told.append)
        again = sensitivity_study(question, space, carrier, trajectories=8, blocks=32)
    indices = answer.tables["indices"]
    totals = indices[indices["index"] == TOTAL].set_index(["target", "input"])
    difference, level = "harm_weeks: orchestrated − fragmented", "harm_weeks: fragmented"
    # The variances by hand: cost (85 × 0.7 / 5)² / 12, hub 14.8² / 12, the regimes' own luck 2 × 0.5².
    assert totals["standing"][difference, COST] == ABOVE
    assert totals["low"][difference, COST] <= 0.386 <= totals["high"][difference, COST]
    assert totals["high"][level, "levers.orchestrated.decision_hub"] == 0  # it is not there
    assert THE_REST in totals.index.get_level_values("input")
    screening = answer.tables["screening"].set_index(["target", "input"])
    assert screening["estimate"][difference, INERT] == pytest.approx(0, abs=1e-9)
    assert screening["estimate"][difference, BACKGROUND] == pytest.approx(0, abs=1e-9)
    assert screening["estimate"][level, BACKGROUND] == pytest.approx(10)
    assert "runs" in told[0] and told[0].startswith("Morris") and COST in told[2]
    assert all(answer.tables[name].equals(again.tables[name]) for name in answer.tables)


def test_discovery_finds_where_the_difference_cannot_be_told(question: Question, space: Space, store: Store) -> None:
    """Orchestration gains up to 10 by the hub (20 without the bottleneck) and loses 1 to 13 by the cost."""
    with store:
        carrier = Carrier(store)
        answer = discovery_study(question, space, carrier, worlds=200, seeds=2)
    shares = answer.tables["shares"].set_index("class")
    assert shares["worlds"].sum() == 200 and (shares["worlds"] > 20).sum() > 1
    classes = answer.tables["classes"]
    assert classes["low"].lt(classes["mean"]).all() and classes["mean"].lt(classes["high"]).all()
    regions = answer.tables["regions"]
    found = regions[(regions["class"] == UNCLEAR) & regions["stands_out"]]
    assert not found.empty, answer.sentences
    assert set(found["input"]) <= {COST, "levers.orchestrated.decision_hub", "failure_modes.bottleneck"}
    assert any("cannot be told in" in sentence for sentence in answer.sentences)
    assert {"shares", "regions"} <= set(answer.pictures)


@pytest.mark.usefixtures("small_search")
def test_the_search_for_extremes_says_which_worlds_and_judges_them_anew(
    question: Question, space: Space, store: Store
) -> None:
    with store:
        carrier = Carrier(store)
        answer = extremes_study(question, space, carrier)
    rows = answer.tables["extremes"].set_index("world")
    middle = rows["estimate"]["as usual"]
    assert (
        rows["estimate"]["most favourable to orchestrated"] < middle < rows["estimate"]["most favourable to fragmented"]
    )
    worlds = answer.tables["extreme_worlds"].set_index(["favours", "input"])
    assert worlds["value"]["fragmented", COST] > worlds["value"]["orchestrated", COST]
    assert worlds["value"]["orchestrated", "failure_modes.bottleneck"] == 0
    assert (usual_value("failure_modes.gaming"), usual_value("levers.orchestrated.tempo")) == (1.0, 0.7)


def test_attribution_gives_each_lever_its_share(question: Question, store: Store) -> None:
    """Hub 10 + half of the joint 4.8, records 3.2 + the other half, line of sight minus 4.2; the rest luck alone."""
    with store:
        carrier = Carrier(store)
        answer = attribution_study(question, carrier, seeds=(1, 2), permutations=4)
    single = answer.tables["levers"].set_index("lever")["mean"]
    assert single["decision_hub"] == pytest.approx(-12.4, abs=0.5)
    assert single["shared_record"] == pytest.approx(-5.6, abs=0.5)
    assert single["line_of_sight"] == pytest.approx(4.2, abs=0.5)
    assert single.drop("all together").sum() == pytest.approx(single["all together"])
    groups = answer.tables["groups"].set_index("lever")["mean"]
    assert groups["accountability"] == pytest.approx(-12.4, abs=0.5)
    assert groups.drop("all together").sum() == pytest.approx(groups["all together"])
    failures = answer.tables["failures"].set_index(["mode", "state"])
    assert failures["change"]["bottleneck", "off"] == pytest.approx(-14.8, abs=0.5)
    assert failures["change"]["gaming", "off"] == pytest.approx(0)
    assert any("bottleneck off" in sentence for sentence in answer.sentences)


def test_break_even_finds_the_cost_at_which_nothing_is_gained(question: Question, store: Store) -> None:
    """Against a partnership board (hub 0.2, records 0.2, sight 0.3), orchestration gains 17.04 and loses cost / 10."""
    board = Question("Leeds", ("fragmented", "partnership_board"), ("harm_weeks",), 2000, 1, model=TOY)
    with store:
        carrier = Carrier(store)
        answer = break_even_study(board, carrier, seeds=(1, 2, 3, 4, 5, 6), names=[COST, INERT])
    rows = answer.tables["break_even"].set_index("parameter")
    # 10 × 0.2 + 4 × 0.2 + 6 × 0.04 = 3.04 gained; 0.2 × cost / 5 lost: they meet at 76.
    assert rows["standing"][COST] == "crosses inside its range"
    assert rows["value"][COST] == pytest.approx(76, abs=12)
    assert rows["low"][COST] < rows["value"][COST] < rows["high"][COST]
    assert rows["standing"][INERT] == "none inside its range"
    assert set(answer.tables["curves"]["parameter"]) == {COST, INERT}
    with pytest.raises(BadInput, match="no such cost parameter"):
        break_even_study(board, carrier, seeds=(1, 2), names=["interdependence"])


def test_runs_in_the_store_are_not_repeated_and_a_failed_one_is_named(
    question: Question, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store:
        carrier = Carrier(store)
        break_even_study(question, carrier, seeds=(1, 2), names=[INERT])
        before = store.keys()
        monkeypatch.setattr("tests.toy_analysis.Toy.outcomes", lambda toy: pytest.fail("run again"))
        break_even_study(question, carrier, seeds=(1, 2), names=[INERT])
        assert store.keys() == before
        monkeypatch.undo()
        with pytest.raises(BadInput, match=f"seed {BROKEN_SEED}.*told to fail"):
            break_even_study(question, carrier, seeds=(1, BROKEN_SEED), names=[INERT])


@pytest.mark.parametrize("broken", [("fragmented", "orchestrated"), ("orchestrated",)], ids=["both", "one regime"])
def test_worlds_with_a_failed_run_are_left_out_only_if_that_is_said(
    question: Question, space: Space, store: Store, monkeypatch: pytest.MonkeyPatch, broken: tuple[str, ...]
) -> None:
    monkeypatch.setattr("tests.toy_analysis.BROKEN_REGIMES", broken)
    monkeypatch.setattr("tests.toy_analysis.BROKEN_SEED", 7)  # of world 3, and of a block, or its repeat, of others
    with store:
        with pytest.raises(BadInput, match=r"row 3, seed 7.*told to fail"):
            discovery_study(question, space, Carrier(store), worlds=40, seeds=2)
        carrier = Carrier(store, leave_out_failed=True)
        answer = discovery_study(question, space, carrier, worlds=40, seeds=2)
        assert "1 of 40 worlds are left out" in answer.sentences[0]
        assert 3 not in set(answer.tables["classes"]["row"]) and len(answer.tables["worlds"]) == 39
        answer = sensitivity_study(question, space, carrier, trajectories=6, blocks=8)
        assert "Morris: 1 of 6 blocks are left out" in answer.sentences[-2]
        assert "Sobol: 1 of 8 blocks are left out" in answer.sentences[-1]
        assert set(answer.tables["indices"]["n"]) == {7} and set(answer.tables["screening"]["n"]) == {5}
        with pytest.raises(BadInput, match="told to fail"):
            break_even_study(question, carrier, seeds=(6, 7), names=[INERT])


def test_a_question_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInput, match="two different regimes"):
        Question("Leeds", ("fragmented", "fragmented"), model=TOY)
    with pytest.raises(BadInput, match="'harm': no such outcome"):
        Question("Leeds", ("fragmented", "orchestrated"), ("harm",), model=TOY)


# Commands -----------------------------------------------------------------------------------------------------------


def ecology(*words: Any) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def small(tmp_path: Path, out: str = "out") -> list[str]:
    place = ["--authority", "Leeds", "--children", "2000", "--years", "1", "--outcomes", "harm_weeks"]
    return [*place, "--store", str(tmp_path / "runs.sqlite"), "--out", str(tmp_path / out)]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.compare.the_model", lambda: TOY)


@pytest.fixture
def few_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put all levers but one in one group: four coalitions instead of 256."""
    rest = [name for name, lever in levers().items() if lever.active and name != "decision_hub"]
    groups = {"accountability": ["decision_hub"], "the rest": rest}
    monkeypatch.setattr("experiments.analysis.study_attribution.data", lambda file: groups)


@pytest.mark.parametrize("name", ANALYSES)
def test_each_command_shows_one_complete_example_that_is_understood(name: str) -> None:
    told = ecology(name, "--help").output
    example = told.split("Example:")[1].split("\n\n")[0].replace("\\\n", " ")
    (line,) = [line.split() for line in example.splitlines() if line.strip()]
    assert line[:2] == ["ecology", name]
    main.commands[name].make_context(name, line[2:])


@pytest.mark.usefixtures("toy", "small_search", "few_groups")
@pytest.mark.parametrize(
    ("words", "tables"),
    [
        (["sensitivity", "SPACE", "--trajectories", "4", "--blocks", "8"], {"screening", "indices", "pawn", "inputs"}),
        (["discover", "SPACE", "--worlds", "40"], {"shares", "regions", "classes", "worlds", "tree_harm_weeks"}),
        (["discover", "SPACE", "--adversarial"], {"extremes", "extreme_worlds"}),
        (["attribute", "--seeds", "2", "--permutations", "2", "--no-failure-modes"], {"groups", "levers"}),
        (["break-even", "--seeds", "3", "--parameters", COST], {"break_even", "curves"}),
    ],
    ids=lambda value: "-".join(value[:1]) if isinstance(value, list) else "",
)
def test_a_command_leaves_sentences_tables_pictures_and_a_manifest(
    tmp_path: Path, words: list[str], tables: set[str]
) -> None:
    space = tmp_path / "space.toml"
    space.write_text(SPACE_FILE, encoding="utf-8")
    told = ecology(*[str(space) if word == "SPACE" else word for word in words], *small(tmp_path))
    assert told.exit_code == 0, told.output
    out = tmp_path / "out"
    assert {path.stem for path in out.glob("*.csv")} == tables
    pictures = sorted(path.name for path in out.glob("*.png"))
    page = (out / "answer.md").read_text(encoding="utf-8")
    assert pictures and all(f"]({name})" in page for name in pictures)
    assert "not prediction" in page and "not calibrated" in page
    assert ("vary over ranges of their own" in page) == ("SPACE" in words)
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["studies"] and set(manifest["files"]) == {path.name for path in out.iterdir()} - {MANIFEST}
    assert str(out / "answer.md") in told.output


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["sensitivity", "--blocks", "100"], "no power of two"),
        (["sensitivity", "nowhere.toml"], "no such file"),
        (["discover", "--seeds", "1"], "at least 2"),
        (["discover", "--adversarial", "--worlds", "9"], "--worlds: does nothing with --adversarial"),
        (["discover", "--regimes", "fragmented"], "two different regimes"),
        (["attribute", "--seeds", "1"], "at least 2 of each"),
        (["attribute", "--regimes", "fragmented,orchestral"], "no such regime"),
        (["break-even", "--parameters", "kindness"], "no such cost parameter"),
        (["break-even", "--time-limit", "0"], "--time-limit: 0 is not possible"),
        (["break-even", "--outcomes", "joy"], "no such outcome"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_is_refused_in_a_sentence_and_leaves_no_folder(
    tmp_path: Path, words: list[str], complaint: str
) -> None:
    base = [word for word in small(tmp_path) if "--outcomes" not in words or word not in ("--outcomes", "harm_weeks")]
    told = ecology(words[0], *base, *words[1:])
    assert told.exit_code == 2, told.output
    assert complaint in told.stderr and "Traceback" not in told.output
    assert not list(tmp_path.glob("out*"))


@pytest.mark.usefixtures("toy")
def test_an_output_folder_in_the_way_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    told = ecology("break-even", *small(tmp_path))
    assert told.exit_code == 2 and "exists" in told.stderr
    assert not (tmp_path / "runs.sqlite").exists()
