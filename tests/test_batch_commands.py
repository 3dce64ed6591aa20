"""The commands of batches: sweep, status, export, verify; each goes on where the last one stopped, and says so."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ecology.errors import BadInput
from experiments.cli import main
from experiments.store import Store
from experiments.sweep_picture import sentence
from experiments.verifying import Verdict
from tests.standin import DEFINITIONS, FAILS, INTERRUPTS, MODEL

PLACE = ["--authority", "Leeds", "--years", "1", "--past-years", "2", "--regimes", "fragmented,orchestrated"]


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.compare.the_model", lambda: MODEL)


@pytest.fixture
def space(tmp_path: Path) -> Path:
    file = tmp_path / "space.toml"
    file.write_text('why = "A test."\n[factors.panel_hours]\n[levers.orchestrated]\nnames = ["decision_hub"]\n')
    return file


def ecology(*words: Any) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def sweep(space: Path, *words: Any) -> Result:
    store = space.with_name("runs.sqlite")
    design = [] if "--table" in words else ["--design", "sobol", "--rows", 4]
    return ecology("sweep", space, *PLACE, *design, "--store", store, *words)


def refused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.stderr
    return result.stderr


def test_a_sweep_leaves_its_tables_and_a_picture(space: Path) -> None:
    told = sweep(space)
    assert told.exit_code == 0, told.output
    folder = space.with_name("runs-results")
    assert str(folder / "outcomes.csv") in told.stdout
    outcomes, points = (pd.read_csv(folder / f"{name}.csv") for name in ("outcomes", "points"))
    assert len(outcomes) == 4 * 2 * len(DEFINITIONS) and set(outcomes["unit"]) == {d.unit for d in DEFINITIONS.values()}
    assert list(points.columns) == ["row", "panel_hours", "levers.orchestrated.decision_hub"] and len(points) == 4
    differences = pd.read_csv(folder / "differences.csv")
    wide = outcomes.pivot(index=["row", "seed", "outcome"], columns="regime", values="value")
    by_hand = (wide["orchestrated"] - wide["fragmented"]).to_dict()
    assert {(r.row, r.seed, r.outcome): r.difference for r in differences.itertuples()} == by_hand
    picture = (folder / "differences.svg").read_text()
    assert "Orchestrated does better than fragmented in" in picture and "of 4 sampled worlds" in picture
    assert (folder / "differences.png").stat().st_size > 1000
    told_by = json.loads((folder / "manifest.json").read_text())
    assert told_by["status"] == "complete" and told_by["content"]["authority"] == "Leeds"
    assert told_by["purpose"].startswith("Purpose: exploration")


def test_a_share_that_may_lie_on_either_side_is_told_as_unclear() -> None:
    values = np.array([-1.0, -2.0, 3.0, 4.0, -1.0, 2.0])
    table = pd.DataFrame({"regime": "orchestrated", "against": "fragmented", "row": range(6), "seed": 1})
    harm = DEFINITIONS["harm_weeks"]
    assert sentence("orchestrated", values, "difference", harm, table).startswith(
        "Sign unclear: Orchestrated does better"
    )
    assert sentence("orchestrated", -abs(values), "difference", harm, table).startswith("Orchestrated does better")
    assert "in 0 of 6 sampled worlds" in sentence("orchestrated", abs(values), "difference", harm, table)


def test_the_same_command_does_nothing_twice_and_more_seeds_extend(space: Path) -> None:
    assert "8 done now, 0 before" in sweep(space).stderr
    assert "0 done now, 8 before" in sweep(space).stderr
    assert "8 done now, 8 before" in sweep(space, "--seeds", 2).stderr
    assert len(pd.read_csv(space.with_name("runs-results") / "outcomes.csv")) == 16 * len(DEFINITIONS)


def test_an_interrupted_sweep_goes_on_with_the_same_command(space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = sweep(space, "--seed-list", f"1,{INTERRUPTS}")
    assert told.exit_code == 130 and "the same command goes on" in told.stderr
    status = ecology("status", space.with_name("runs.sqlite")).stdout
    assert "runs: 2 of 16 runs done, 0 failed, 14 left" in status and "to go at that rate" in status
    monkeypatch.setattr("tests.standin.INTERRUPTS", -1)
    assert "14 done now, 2 before" in sweep(space, "--seed-list", f"1,{INTERRUPTS}").stderr


def test_failures_are_told_listed_and_tried_again(space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = sweep(space, "--seed-list", f"1,{FAILS}")
    assert told.exit_code == 1 and "8 done now, 0 before, 8 failed" in told.stderr
    listed = ecology("status", space.with_name("runs.sqlite"), "--failed").stdout
    assert "8 failed" in listed and "row 3, seed 901, orchestrated: failed (past): ZeroDivisionError" in listed
    failed = pd.read_csv(space.with_name("runs-results") / "failed.csv")
    assert len(failed) == 8 and failed["message"].str.contains("told to fail").all()
    assert "incomplete: 8 of 16" in (space.with_name("runs-results") / "manifest.json").read_text()
    monkeypatch.setattr("tests.standin.FAILS", -1)
    assert sweep(space, "--seed-list", "1,901", "--retry-failed").exit_code == 0


def test_a_table_of_points_is_swept(space: Path) -> None:
    table = space.with_name("points.csv")
    table.write_text("panel_hours\n1\n2.5\n")
    assert "4 done now" in sweep(space, "--table", table).stderr


def test_a_sweep_replaces_its_own_files_and_nobody_elses(space: Path) -> None:
    folder = space.with_name("runs-results")
    folder.mkdir()
    (folder / "manifest.json").write_text('{"key": "a comparison"}')
    assert "holds no results of the study runs" in refused(sweep(space))
    assert [path.name for path in folder.iterdir()] == ["manifest.json"]
    assert not space.with_name("runs.sqlite").exists()
    (folder / "manifest.json").write_text('{"study": "runs"}')
    assert sweep(space).exit_code == 0
    assert (folder / "outcomes.csv").is_file()


def test_points_of_an_earlier_version_are_not_mixed_with_those_of_this_one(
    space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments import inventory

    def rows() -> list[int]:
        return sorted(pd.read_csv(space.with_name("runs-results") / "outcomes.csv")["seed"].unique())

    sweep(space, "--seeds", 2)
    assert rows() == [1, 2]
    for module in ("point", "manifest", "inventory", "study", "jobs"):
        monkeypatch.setattr(f"experiments.{module}.code_version", lambda: "newer")
    sweep(space, "--seeds", 1)
    assert rows() == [1]  # the second seed is of the earlier version
    told = json.loads((space.with_name("runs-results") / "manifest.json").read_text())
    assert told["versions"]["code"] == "newer"
    monkeypatch.setattr("experiments.inventory.code_version", lambda: "newest")
    with Store(space.with_name("runs.sqlite")) as store, pytest.raises(BadInput, match="must not be mixed"):
        inventory.version_of(store, "runs")


def test_verify_lives_points_again_and_notices_other_bits(space: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(space)
    store = space.with_name("runs.sqlite")
    told = ecology("verify", store, "--sample", 2)
    assert told.exit_code == 0, told.output
    assert "8 runs and 4 points checked, 0 damaged" in told.stdout and "4 the same to the last bit" in told.stdout
    # Another world, as after a change that the version of the code does not know.
    means = MODEL.begin.outcomes  # type: ignore[attr-defined]
    monkeypatch.setattr(
        MODEL.begin, "outcomes", lambda self: means(self).assign(value=lambda t: t["value"] * 1.0000001)
    )
    told = ecology("verify", store, "--sample", 2)
    assert told.exit_code == 1
    assert "lived again it is another. direct_share: " in told.stderr and "0 the same to the last bit" in told.stdout


def test_what_cannot_be_lived_again_is_no_run_that_came_out_differently(
    space: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep(space)

    def two_lived_one_point_not(_: Store, verdict: Verdict, *__: int) -> Iterator[str]:
        verdict.lived_again = 2
        yield "study runs: drawn from another calibration, so it cannot be lived again."

    monkeypatch.setattr("experiments.verifying._lived_again", two_lived_one_point_not)
    told = ecology("verify", space.with_name("runs.sqlite"), "--sample", 2)
    assert told.exit_code == 1 and "2 runs lived again: 2 the same" in told.stdout


def test_damage_is_found_taken_out_and_made_again(space: Path) -> None:
    sweep(space)
    store = space.with_name("runs.sqlite")
    with Store(store, write=False) as opened:
        whole = opened.digest()
    with sqlite3.connect(store) as link:
        link.execute("UPDATE runs SET payload = x'00' WHERE key = (SELECT min(key) FROM runs)")
        link.execute("UPDATE points SET keys = '{}' WHERE row = 2")
    assert "is damaged" in refused(ecology("status", store))
    assert "is damaged" in refused(ecology("export", store, "--out", space.with_name("out")))
    assert not space.with_name("out").exists()
    told = ecology("verify", store)
    assert told.exit_code == 1 and "2 damaged" in told.stdout and told.stderr.count("is damaged") == 2
    assert "2 damaged rows were taken out" in ecology("verify", store, "--mend").stdout
    assert "1 done now, 7 before" in sweep(space).stderr
    with Store(store, write=False) as opened:
        assert opened.digest() == whole


def test_export_never_overwrites_unless_told(space: Path) -> None:
    sweep(space)
    store, out = space.with_name("runs.sqlite"), space.with_name("out")
    assert ecology("export", store, "--out", out).exit_code == 0
    assert "exists" in refused(ecology("export", store, "--out", out))
    assert ecology("export", store, "--out", out, "--overwrite").exit_code == 0
    assert (out / "outcomes.csv").read_bytes() == (space.with_name("runs-results") / "outcomes.csv").read_bytes()


def test_a_store_of_several_studies_asks_which(space: Path) -> None:
    sweep(space)
    sweep(space, "--name", "other", "--years", 2)
    store = space.with_name("runs.sqlite")
    assert ecology("status", store).stdout.count("8 of 8 runs done") == 2
    assert "say which with --name: other, runs" in refused(ecology("export", store, "--out", space.with_name("out")))
    assert "Did you mean other" in refused(ecology("status", store, "--name", "othr"))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--rows", 5], "give 4 or 8"),
        (["--workers", 0], "--workers: 0 is not possible"),
        (["--time-limit", 0], "--time-limit: 0 is not possible"),
        (["--seeds", 0], "--seeds: 0 is not possible"),
        (["--authority", "Leads"], "Did you mean Leeds"),
        (["--regimes", "orchestratd"], "Did you mean orchestrated"),
        (["--years", 99], "years"),
        (["--table", "none.csv"], "none.csv: cannot be read"),
        (["--table", "none.csv", "--rows", 8], "--rows: does nothing with --table"),
        (["--name", "a/b"], "'a/b' cannot be part of a file's name"),
        (["--seed-list", 2**63], "is too large"),
        (["--past", "nothing"], "no such scenario"),
    ],
)
def test_bad_input_is_a_sentence_and_leaves_no_store(space: Path, words: list[Any], complaint: str) -> None:
    assert complaint in refused(sweep(space, *words))
    assert not space.with_name("runs.sqlite").exists()


@pytest.mark.parametrize("command", ["status", "export", "verify"])
def test_a_store_that_does_not_exist_is_a_sentence_and_is_not_made(tmp_path: Path, command: str) -> None:
    words = ["--out", tmp_path / "out"] if command == "export" else []
    assert "there is no such store" in refused(ecology(command, tmp_path / "none.sqlite", *words))
    assert not list(tmp_path.iterdir())


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    Store(tmp_path / "runs.sqlite").close()
    assert "holds no study yet" in refused(ecology("status", tmp_path / "runs.sqlite"))
