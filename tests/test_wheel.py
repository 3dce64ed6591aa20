"""A built wheel holds everything the packages need, and works in an empty environment from any folder."""

import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

PACKAGES = ("model/ecology", "experiments", "scenarios")


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in ``folder`` as a stranger would, without this checkout on the path; return what it printed."""
    strangers = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(command, cwd=folder, env=strangers, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=project)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_with_their_data_and_nothing_else(project: Path, wheel: Path) -> None:
    expected = {
        path.relative_to((project / package).parent).as_posix()
        for package in PACKAGES
        for path in (project / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected
    assert {Path(name).suffix for name in held} >= {".py", ".toml", ".csv"}


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(project: Path, wheel: Path, tmp_path: Path) -> None:
    environment, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    venv.create(environment, with_pip=True)
    elsewhere.mkdir()
    bin_folder = environment / ("Scripts" if os.name == "nt" else "bin")
    # The locked versions as limits, so that only what the wheel itself declares is installed.
    pins = re.findall(r"^(\w.*?) \\$", (project / "requirements.lock").read_text(encoding="utf-8"), re.M)
    (tmp_path / "limits.txt").write_text("\n".join(pins) + "\n", encoding="utf-8")
    run(bin_folder / "python", "-m", "pip", "install", "-q", "-c", tmp_path / "limits.txt", wheel, folder=elsewhere)
    run(bin_folder / "python", "-m", "pip", "check", folder=elsewhere)
    assert "compare" in run(bin_folder / "ecology", "--help", folder=elsewhere)
    assert "Leeds" in run(bin_folder / "ecology", "list", "authorities", folder=elsewhere)
    where = "import ecology, experiments, scenarios; print(ecology.__file__, experiments.__file__, scenarios.__file__)"
    assert run(bin_folder / "python", "-c", where, folder=elsewhere).count(str(environment)) == len(PACKAGES)
    tiny = "--children 2000 --regimes fragmented,orchestrated --pressures none --years 1 --seeds 2 --out page"
    run(bin_folder / "ecology", "compare", "--authority", "Leeds", *tiny.split(), folder=elsewhere)
    assert (elsewhere / "page" / "index.html").exists()
    assert [path.name for path in elsewhere.iterdir()] == ["page"]
