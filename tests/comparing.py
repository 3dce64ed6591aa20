"""Small comparisons of stand-ins, and what they leave behind."""

from pathlib import Path
from typing import Any

from experiments.compare import carry_out
from experiments.design import comparison
from experiments.manifest import Account
from tests.standin import MODEL, settings_of

TABLES = ("outcomes.csv", "yearly.csv", "totals.csv", "weekly.csv", "differences.csv")


def compare(out: Path, workers: int = 1, overwrite: bool = False, **changes: Any) -> Account:
    design = comparison(**settings_of(**changes))
    return carry_out(design, out, workers=workers, overwrite=overwrite, model=MODEL)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}
