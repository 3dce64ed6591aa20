"""Notebooks run, say what they must, and are not stale; the documentation names what exists and leaves nothing out."""

import dataclasses
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from ecology import tables
from ecology.evidence import Parameter, register
from ecology.lever_tables import failure_modes, levers
from ecology.outcomes import OUTCOMES
from ecology.scenario import Scenario
from ecology.vocabulary import Domain, words
from experiments.manifest import PURPOSE
from notebooks import render

SOURCES = render.sources()
EACH_SOURCE = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
ALTERNATIVE = "*The picture in words:* "
STALE = "the notebook is stale: make notebooks"


@cache
def committed(source: Path) -> nbformat.NotebookNode:
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


@cache
def small(source: Path) -> nbformat.NotebookNode:
    """Return the notebook executed with few children, few years and few seeds."""
    return render.execute(source, render.SMALL[source.stem])


def outputs(notebook: nbformat.NotebookNode) -> Iterator[list[nbformat.NotebookNode]]:
    """Yield the outputs of each cell of code."""
    return (cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def pictures(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Return for each picture the text alternative that it carries and the text that follows it."""
    found = []
    for cell in outputs(notebook):
        for here, following in pairwise([*cell, nbformat.NotebookNode(data={})]):
            if "image/png" in here.data:
                found.append((here.metadata["image/png"].get("alt", ""), following.data.get("text/markdown", "")))
    return found


def whole_text(notebook: nbformat.NotebookNode) -> str:
    """Return prose and outputs on one line, without the marks of quotation and emphasis."""
    text = "\n".join([*(cell.source for cell in notebook.cells), *render.texts(notebook)])
    return " ".join(re.sub(r"^>|\*\*", "", text, flags=re.M).split())


def test_there_is_a_notebook_for_each_source_and_none_without() -> None:
    assert SOURCES
    assert sorted(path.stem for path in render.HERE.glob("*.ipynb")) == [path.stem for path in SOURCES]


@EACH_SOURCE
def test_the_committed_notebook_was_made_from_its_source(source: Path) -> None:
    assert committed(source).metadata["ecology"]["sources"] == render.sources_digest(source), STALE


@EACH_SOURCE
def test_the_small_run_changes_what_decides_about_size(source: Path) -> None:
    assert set(render.SMALL[source.stem]) == render.parameters(source)


@EACH_SOURCE
def test_the_notebook_runs_and_no_warning_stands_in_it(source: Path) -> None:
    for notebook in (small(source), committed(source)):
        assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
        kinds = {output.output_type for cell in outputs(notebook) for output in cell}
        assert kinds <= {"display_data", "execute_result"}


@EACH_SOURCE
def test_the_committed_numbers_are_those_of_this_model(source: Path) -> None:
    """The small run says what it said when the notebook was made; if not, results have changed since."""
    assert committed(source).metadata["ecology"]["small"] == render.texts_digest(small(source)), STALE


@EACH_SOURCE
def test_the_notebook_says_what_it_is_for(source: Path) -> None:
    told = whole_text(committed(source))
    assert told.count(PURPOSE) > 1
    assert "Illustrative" in told


@EACH_SOURCE
def test_every_picture_has_its_text_alternative_under_it(source: Path) -> None:
    for notebook in (small(source), committed(source)):
        found = pictures(notebook)
        assert found
        for alt, following in found:
            assert alt and following == ALTERNATIVE + alt


@pytest.mark.slow
@EACH_SOURCE
def test_the_whole_notebook_says_the_same_again(source: Path) -> None:
    assert render.texts(render.execute(source)) == render.texts(committed(source)), STALE


def names_in_code_type(page: Path) -> set[str]:
    """Return the single words in code type: names, and patterns of names with a star."""
    return set(re.findall(r"`([a-z0-9_]+\*?)`", page.read_text(encoding="utf-8")))


def test_the_description_names_every_parameter(project: Path) -> None:
    """Whoever adds a parameter says in docs/model.md what it does."""
    told = names_in_code_type(project / "docs" / "model.md")
    assert not [name for name in register() if not any(fnmatchcase(name, pattern) for pattern in told)]


@pytest.mark.parametrize("page", ["model.md", "assumptions.md", "assurance.md"])
def test_every_name_in_the_documentation_exists(project: Path, page: str) -> None:
    columns = {*tables.dtypes(tables.Children), *tables.dtypes(tables.Commissioners)}
    fields = {field.name for field in dataclasses.fields(Parameter)} | {"spread"}  # the last one of presets.toml
    known = {*register(), *levers(), *failure_modes(), *OUTCOMES, *columns, *fields, *Scenario.names()}
    known |= {words(domain) for domain in Domain}
    told = names_in_code_type(project / "docs" / page)
    assert told
    assert not [pattern for pattern in told if not any(fnmatchcase(name, pattern) for name in known)]


def test_the_documentation_says_what_results_are_for(project: Path) -> None:
    for page in ("README.md", "model.md", "assurance.md"):
        text = (project / "docs" / page).read_text(encoding="utf-8")
        assert PURPOSE in " ".join(text.replace("\n> ", " ").split()), page


def test_no_page_points_to_a_file_that_does_not_exist(project: Path) -> None:
    pages = [*(project / "docs").glob("*.md"), project / "scenarios" / "README.md"]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
