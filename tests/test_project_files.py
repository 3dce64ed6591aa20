"""The project's own files keep their promises: what is locked, how long a file is, what the README says to type."""

import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CODE = ("model", "experiments", "scenarios", "tests", "benchmarks", "notebooks")
LONGEST = 300  # lines that can be read in one sitting
LONGEST_TESTS = 400  # a list of cases reads faster than a program
INSTALLED_FOR_TESTS = ("dev", "notebooks")


def readme_blocks(project: Path, language: str) -> list[str]:
    """Return the code blocks of the README in one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", (project / "README.md").read_text(encoding="utf-8"), re.M | re.S)


def readme_commands(project: Path, program: str) -> list[list[str]]:
    """Return the command lines of the README that call ``program``, split into words."""
    lines = "\n".join(readme_blocks(project, "bash")).replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True)) and words[0] == program]


def locked(project: Path) -> Iterator[tuple[Requirement, str]]:
    """Yield each locked requirement with the lines that belong to it."""
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    for block in re.findall(r"^\w.*\n(?:^[ ].*\n)*", text, re.M):
        yield Requirement(block.splitlines()[0].rstrip(" \\")), block


def test_the_lock_holds_no_address(project: Path) -> None:
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text and " @ " not in text
    assert not [line for line in text.splitlines() if line.startswith(("-", "file:", "/"))]


def test_everything_locked_has_a_hash(project: Path) -> None:
    blocks = list(locked(project))
    assert len(blocks) > len(INSTALLED_FOR_TESTS)
    assert not [requirement.name for requirement, block in blocks if "--hash=sha256:" not in block]


def test_the_lock_meets_every_declared_dependency(project: Path) -> None:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = declared["optional-dependencies"]
    wanted = [*declared["dependencies"], *(line for extra in INSTALLED_FOR_TESTS for line in extras[extra])]
    pins = list(locked(project))
    for line in wanted:
        requirement = Requirement(line)
        found = [pin for pin, _ in pins if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
        assert found, f"{requirement.name} is declared and not locked: make lock"
        for pin in found:
            version = str(pin.specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"{line} is locked at {version}: make lock"


def test_every_file_can_be_read_in_one_sitting(project: Path) -> None:
    files = [path for folder in CODE for path in (project / folder).rglob("*.py")]
    assert len(files) > len(CODE)
    lengths = {str(path.relative_to(project)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    limits = {name: LONGEST_TESTS if name.startswith("tests") else LONGEST for name in lengths}
    assert not {name: lines for name, lines in lengths.items() if lines > limits[name]}


def test_no_file_names_a_folder_of_somebodys_machine(project: Path) -> None:
    somebodys = re.compile(r"(?<![\w.)}*])/(?:home|root|work|Users)/")
    kinds = {".py", ".toml", ".md", ".ipynb", ".csv", ".html", ".svg", ".json", ".cff", ".lock", ""}
    folders = [project / folder for folder in (*CODE, "docs", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    files += [path for path in project.iterdir() if not path.name.startswith(".git")]
    told = [path for path in files if path.is_file() and path.suffix in kinds]
    assert project / "README.md" in told and project / ".ci" / "run" in told
    assert not [str(path) for path in told if somebodys.search(path.read_text(encoding="utf-8"))]


def test_one_version_everywhere(project: Path) -> None:
    version = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (project / "CITATION.cff").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", (project / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest and newest[1] == version


def test_the_readme_starts_with_the_two_commands(project: Path) -> None:
    assert [line.split("#")[0].strip() for line in readme_blocks(project, "bash")[0].splitlines()] == [
        "make compare",
        "make test",
    ]


def test_every_make_command_of_the_readme_exists(project: Path) -> None:
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    commands = readme_commands(project, "make")
    assert commands
    for _, target, *variables in commands:
        assert re.search(rf"^{target}:", makefile, re.M), f"make {target}: no such target"
        for variable in variables:
            assert re.search(rf"^{variable.split('=')[0]}\s*[?:]?=", makefile, re.M), f"{variable}: not in the Makefile"


def test_every_ecology_command_of_the_readme_is_understood(project: Path) -> None:
    from experiments.cli import main

    commands = readme_commands(project, "ecology")
    assert commands
    for _, *words in commands:
        answer = CliRunner().invoke(main, [*words, "--help"])
        assert answer.exit_code == 0, f"ecology {shlex.join(words)}: {answer.output}"
        assert words[0] in answer.output


def test_the_python_of_the_readme_runs(project: Path) -> None:
    blocks = readme_blocks(project, "python")
    assert blocks
    exec(compile("\n".join(blocks), "README.md, python", "exec"), {})


def test_the_check_on_each_change_is_the_readmes(project: Path) -> None:
    script = project / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^make test\b", script.read_text(encoding="utf-8"), re.M)


def test_the_notice_attributes_the_data(project: Path) -> None:
    notice = (project / "NOTICE").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in notice
    assert not [body for body in ("DfE", "ONS", "MHCLG", "DWP") if f"({body})" not in notice]
