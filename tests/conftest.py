"""What every test shares: a drawing backend without a screen, repeatable examples, the project's folder."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from experiments.settings import settings as experiment_settings

os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples on every machine and with any number of test processes; a compiled rule's first call is slow.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=50, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def central_parameters() -> None:
    """Let experiments use the register's values unless a test asks for more: a new calibration breaks no test."""
    experiment_settings()["defaults"]["parameters"] = "central"


@pytest.fixture
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the page of a comparison, which has tests of its own and takes seconds to draw."""
    monkeypatch.setattr("experiments.report.write_page", lambda folder: None)


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the folder that holds pyproject.toml."""
    return Path(__file__).resolve().parent.parent
