"""The command line: it answers at once, in sentences, with the right exit code, and writes nothing half."""

import csv
import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from experiments.cli import main
from experiments.commands.listing import KINDS, aligned
from tests.standin import FAILS, INTERRUPTS, MODEL

HEAVY = {"numpy", "pandas", "mesa", "numba", "scipy", "matplotlib", "pydantic", "jinja2", "tqdm", "ecology.locality"}
COMPARE = ["compare", "--authority", "Leeds", "--regimes", "fragmented,orchestrated", "--years", "1", "--workers", "1"]


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate with the stand-in, and leave out the page, which has tests of its own."""
    monkeypatch.setattr("experiments.compare.the_model", lambda: MODEL)
    monkeypatch.setattr("experiments.report.write_page", lambda folder: None)


def ecology(*words: Any) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(result: Result) -> str:
    """Return what standard error says of bad input; nothing may be printed elsewhere, and no traceback."""
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    return result.stderr


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    program = f"import sys, experiments.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=with_path())
    assert told.stdout.strip() == "[]"


def with_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_help_names_every_command() -> None:
    told = ecology("--help")
    assert told.exit_code == 0
    names = ("compare", "run", "story", "claims", "validate", "list", "sweep", "status", "export", "verify")
    assert not [name for name in names if name not in told.output]
    assert "not prediction" in told.output


@pytest.mark.parametrize(
    "name", ["compare", "run", "story", "claims", "validate", "list", "sweep", "status", "export", "verify"]
)
def test_each_command_shows_one_complete_example_that_is_understood(name: str) -> None:
    told = ecology(name, "--help").output
    example = told.split("Example:")[1].split("\n\n")[0].replace("\\\n", " ")
    (line,) = [line.split(">")[0].split() for line in example.splitlines() if line.strip()]
    assert line[:2] == ["ecology", name]
    command = main.commands[name]
    command.make_context(name, line[2:])  # raises if an option is unknown or missing


def test_every_option_is_explained() -> None:
    for command in main.commands.values():
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (command.name, option.name)


def test_version() -> None:
    assert ecology("--version").output.startswith("ecology ")


def test_compare_writes_the_folder_and_says_where(tmp_path: Path) -> None:
    told = ecology(*COMPARE, "--seeds", 2, "--out", tmp_path / "out")
    assert told.exit_code == 0
    assert told.stdout.strip() == str(tmp_path / "out" / "index.html")
    assert "2/2" in told.stderr  # the progress bar


def test_seeds_or_a_list_of_seeds(tmp_path: Path) -> None:
    assert ecology(*COMPARE, "--seed-list", "7, 3", "--out", tmp_path / "out").exit_code == 0
    with (tmp_path / "out" / "outcomes.csv").open() as file:
        assert {row["seed"] for row in csv.DictReader(file)} == {"3", "7"}


def test_a_failed_seed_gives_exit_code_1_and_its_reason(tmp_path: Path) -> None:
    told = ecology(*COMPARE, "--seed-list", f"1,{FAILS}", "--out", tmp_path / "out")
    assert told.exit_code == 1
    assert f"seed {FAILS} failed: ZeroDivisionError: told to fail" in told.stderr
    assert (tmp_path / "out" / "outcomes.csv").exists()


def test_ctrl_c_gives_exit_code_130_and_keeps_what_is_finished(tmp_path: Path) -> None:
    told = ecology(*COMPARE, "--seed-list", f"1,{INTERRUPTS}", "--out", tmp_path / "out")
    assert told.exit_code == 130
    assert "Interrupted: 1 run had finished" in told.stderr
    assert (tmp_path / "out" / "outcomes.csv").exists()


def test_ctrl_c_before_anything_finished_leaves_nothing(tmp_path: Path) -> None:
    told = ecology(*COMPARE, "--seed-list", INTERRUPTS, "--out", tmp_path / "out")
    assert told.exit_code == 130 and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--authority", "Leads"], "Did you mean Leeds?"),
        (["--regimes", "fragmented,orchestratd"], "Did you mean orchestrated?"),
        (["--regimes", "fragmented,fragmented"], "stands twice"),
        (["--regimes", "fragmented"], "at least two"),
        (["--regimes", ","], "no regime is named"),
        (["--baseline", "orchestrate"], "Did you mean orchestrated?"),
        (["--pressures", "austerty"], "Did you mean austerity?"),
        (["--children", "0"], "children"),
        (["--children", "-5"], "children"),
        (["--years", "0"], "years"),
        (["--years", "11"], "extrapolation"),
        (["--seeds", "0"], "at least 1"),
        (["--seeds", "-3"], "at least 1"),
        (["--seeds", "many"], "'many' is not a valid integer"),
        (["--seed-list", "1,-2"], "-2 is negative"),
        (["--seed-list", "1,1"], "1 stands twice"),
        (["--seed-list", "1,x"], "not a list of whole numbers"),
        (["--seeds", "2", "--seed-list", "1"], "give one of them"),
        (["--workers", "0"], "at least 1"),
        (["--regime", "fragmented"], "--regimes"),
        (["--set", "panel_hours=1", "--set", "panel_hours=2"], "panel_hours stands twice"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_written(tmp_path: Path, options: list[str], complaint: str) -> None:
    told = refused(ecology(*COMPARE, *options, "--out", tmp_path / "out"))
    assert complaint in told and told.startswith("ecology: ")
    assert not list(tmp_path.iterdir())


def test_an_existing_folder_is_refused_unless_overwriting_is_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert ecology(*COMPARE, "--seeds", 1, "--out", out).exit_code == 0
    before = (out / "outcomes.csv").read_bytes()
    assert "--overwrite" in refused(ecology(*COMPARE, "--seeds", 2, "--out", out))
    assert (out / "outcomes.csv").read_bytes() == before
    assert ecology(*COMPARE, "--seeds", 2, "--out", out, "--overwrite").exit_code == 0
    assert (out / "outcomes.csv").read_bytes() != before


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot write to" in refused(ecology(*COMPARE, "--out", tmp_path / "file" / "out"))


def test_what_a_killed_run_left_while_it_replaced_a_folder_is_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "out.old").mkdir()
    assert "out.old is left from a run" in refused(ecology(*COMPARE, "--out", tmp_path / "out"))
    assert [path.name for path in tmp_path.iterdir()] == ["out.old"]


def test_a_disk_that_is_full_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "differences.csv")

    monkeypatch.setattr("pandas.DataFrame.to_csv", full)
    assert "differences.csv: No space left" in refused(ecology(*COMPARE, "--seeds", 1, "--out", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_run_writes_the_tables_of_one_scenario(tmp_path: Path) -> None:
    options = ["--authority", "Leeds", "--years", 1, "--seeds", 2, "--workers", 1, "--out", tmp_path / "out"]
    told = ecology("run", "orchestrated", *options)
    assert told.exit_code == 0
    assert not (tmp_path / "out" / "differences.csv").exists()
    assert told.stdout.strip() == str(tmp_path / "out" / "outcomes.csv")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["orchestratd"], "Did you mean orchestrated?"),
        (["nowhere.toml"], "nowhere.toml"),
        (["orchestrated", "--pressure", "bth"], "Did you mean both?"),
        (["orchestrated", "--authority", "Leads"], "Did you mean Leeds?"),
    ],
)
def test_run_refuses_what_does_not_exist(tmp_path: Path, words: list[str], complaint: str) -> None:
    assert complaint in refused(ecology("run", *words, "--out", tmp_path / "out"))
    assert not list(tmp_path.iterdir())


def test_validate_names_every_fault_of_every_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('why = "A test."\nbase = "orchestrated"\nauthority = "Leeds"\n')
    bad.write_text('why = "A test."\nauthority = "Leads"\nregim = "fragmented"\n[levers]\nshared_recrod = 0.5\n')
    told = ecology("validate", good, bad)
    assert told.exit_code == 2
    assert "good.toml: a valid scenario" in told.stdout
    for fault in ("Did you mean Leeds?", "Did you mean regime?", "Did you mean shared_record?"):
        assert fault in told.stderr
    assert ecology("validate", good).exit_code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_lists_are_the_same_as_table_and_as_csv(kind: str) -> None:
    as_csv = list(csv.reader(io.StringIO(ecology("list", kind, "--csv").output)))
    as_table = ecology("list", kind).output
    assert len(as_csv) > 3
    assert all(len(row) == len(as_csv[0]) for row in as_csv)
    for row in as_csv:
        assert row[0] in as_table


def test_an_unknown_list_is_refused_with_what_exists() -> None:
    assert "levers" in refused(ecology("list", "leevers"))


def test_a_table_is_wrapped_between_words_and_stays_aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    lines = aligned([("name", "why"), ("a", "one two three four five six seven"), ("long_name", "b")])
    assert max(map(len, lines)) <= 30
    assert len({line.index(word) for line in lines for word in ("why", "one", "b") if word in line.split()}) == 1
