"""The map in docs/map.md is whole and true: every row it owes is there, and all that it names exists."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from ecology.lever_tables import failure_modes, levers
from ecology.outcomes import OUTCOMES
from experiments.claims import claims

NOT_YET = "not yet"
REFERENCE = re.compile(r"`([\w/.]+\.(?:py|toml)):(\w+)`")
ROOT = Path(__file__).resolve().parent.parent
Row = tuple[str, str, str, str]
ENTITIES = (
    "Child", "Family", "School", "Health commissioner", "Police", "Social worker", "Other front line", "Provider",
    "Local authority", "Director", "Lead member", "Oversight bodies", "Safeguarding board", "Central government",
)  # fmt: skip
MECHANISMS = (
    "Need", "Noticing", "Acting", "Front door", "Pathway", "Help", "Hours", "Workforce", "Money", "School places",
    "Checkers", "Trust", "Innovation", "Shocks",
)  # fmt: skip
DOES_WELL = (
    "Specialisation", "Parallel queues", "Independent detection", "Local fit", "Competition", "Speed", "Robustness",
    "Trust in pairs",
)  # fmt: skip


def rows(text: str) -> list[Row]:
    """Return every row of every table: its section, what it is, what carries it, what tests it."""
    found, section = [], ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| row |"):
            cells = [cell.strip() for cell in line.strip("|\n ").split(" | ")]
            assert len(cells) == len(("row", "carried by", "tested by")), line
            found.append((section, *cells))
    return found  # type: ignore[return-value]


@cache
def the_map() -> list[Row]:
    return rows((ROOT / "docs" / "map.md").read_text(encoding="utf-8"))


def section(name: str) -> list[Row]:
    found = [row for row in the_map() if row[0] == name]
    assert found, name
    return found


def file_of(name: str) -> Path:
    if name.startswith("test_"):
        return ROOT / "tests" / name
    return ROOT / name if name.startswith("experiments/") else ROOT / "model" / "ecology" / name


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return what a file holds: functions, classes, methods and constants; of a TOML file its tables."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        table = tomllib.loads(text)
        return frozenset([*table, *(name for inner in table.values() if isinstance(inner, dict) for name in inner)])
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                names.update(part.id for part in parts if isinstance(part, ast.Name))
    return frozenset(names)


def fault(row: Row) -> str | None:
    """Return what is wrong with a row: a name that does not exist, or a cell that says nothing."""
    for cell, must_test in ((row[2], False), (row[3], True)):
        named = REFERENCE.findall(cell)
        if not named and not cell.startswith(NOT_YET):
            return f"{row[1]}: {cell!r} names no file and does not say '{NOT_YET}'."
        for file, name in named:
            if must_test != (file.startswith("test_") and name.startswith("test_")):
                return f"{row[1]}: {file}:{name} is in the wrong column."
            if not file_of(file).is_file() or name not in names_in(file_of(file)):
                return f"{row[1]}: {file}:{name} does not exist."
    return None


@pytest.mark.parametrize("row", the_map(), ids=lambda row: row[1][:40])
def test_what_the_map_names_exists(row: Row) -> None:
    assert fault(row) is None, fault(row)


def test_the_map_counts_what_is_not_there() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    told = re.search(r"\*\*(\d+) rows; (\d+) not carried yet; (\d+) not tested yet\.\*\*", text)
    assert told is not None
    not_yet = [sum(row[column].startswith(NOT_YET) for row in the_map()) for column in (2, 3)]
    assert [int(number) for number in told.groups()] == [len(the_map()), *not_yet]


@pytest.mark.parametrize(
    ("heading", "owed"),
    [("Levers", levers), ("Ways in which orchestration can fail", failure_modes)],
)
def test_no_lever_and_no_failure_mode_is_missing(heading: str, owed: object) -> None:
    assert callable(owed)
    assert [row[1] for row in section(heading)] == [f"`{name}`" for name in owed()]


def test_no_outcome_is_missing() -> None:
    assert [row[1] for row in section("Outcomes that are computed")] == [f"`{name}`" for name in OUTCOMES]


def test_no_honesty_test_is_missing() -> None:
    assert [row[1].split()[0] for row in section("Honesty")] == [f"T{number}" for number in range(1, 13)]


@pytest.mark.parametrize(
    ("heading", "owed"),
    [
        ("Entities", ENTITIES),
        ("Mechanisms", MECHANISMS),
        ("Ways in which fragmentation can do well", DOES_WELL),
    ],
)
def test_no_entity_mechanism_or_strength_is_missing(heading: str, owed: tuple[str, ...]) -> None:
    told = [row[1] for row in section(heading)]
    assert not [name for name in owed if not any(row.startswith(name) for row in told)]


def test_every_paragraph_of_the_paper_and_every_claim_stands_in_the_map() -> None:
    """Seven paragraphs of the summary, fifteen sections, and the bullets and recommendations of the third chapter."""
    told = section("The paper, paragraph by paragraph")
    ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"]
    owed = [f"S {n}" for n in range(1, 8)] + [f"1.{n}" for n in range(1, 4)] + [f"2.{n}" for n in range(1, 7)]
    owed += ["3.1", "3.2", "3.3", *(f"3.3 {n} bullet" for n in ordinals[:4])]
    owed += ["3.4", *(f"3.4 {n} bullet" for n in ordinals), *(f"3.5 {n}" for n in ordinals[:3])]
    assert [row[1].split(":")[0] for row in told] == [f"§ {name}" for name in owed]
    named = {name for row in told for _, name in REFERENCE.findall(row[2])}
    assert named == set(claims())
    for row, name in zip(told, owed, strict=True):
        place = name.split()[0]
        for _, claim in REFERENCE.findall(row[2]):
            assert re.search(rf"(?<![\d.]){re.escape(place)}(?!\d)", claims()[claim].where), (name, claim)


@pytest.mark.parametrize(
    ("carried", "tested", "complaint"),
    [
        ("`ledger.py:check`", "`test_map.py:test_the_map_counts_what_is_not_there`", None),
        ("`ledger.py:checks`", "not yet", "does not exist"),
        ("`ledgers.py:check`", "not yet", "does not exist"),
        ("`evidence/levers.toml:tempo`", "not yet: nobody", None),
        ("`evidence/levers.toml:tempi`", "not yet", "does not exist"),
        ("`ledger.py:check`", "`test_map.py:test_nothing`", "does not exist"),
        ("`ledger.py:check`", "`ledger.py:check`", "wrong column"),
        ("`ledger.py:check`", "somehow", "names no file"),
        ("", "not yet", "names no file"),
    ],
)
def test_a_row_that_is_not_true_is_noticed(carried: str, tested: str, complaint: str | None) -> None:
    told = fault(("Mechanisms", "a row", carried, tested))
    assert (told is None) if complaint is None else (told is not None and complaint in told)
