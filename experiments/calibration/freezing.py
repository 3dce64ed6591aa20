"""What calibration leaves in the project: members, scorecard, waves, what was constrained, and where it is from."""

import json
import os
import platform
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecology.errors import BadInput
from ecology.evidence import register
from experiments.calibration import inputs, patterns
from experiments.calibration.calibrate import Calibration, fingerprint, items, lived, member_points
from experiments.calibration.ensemble import FOLDER, MEMBERS, PROVENANCE, frozen
from experiments.calibration.running import Runner
from experiments.calibration.scorecard import RANGE, met, passes, scorecard
from experiments.calibration.settings import settings
from experiments.manifest import code_version

SCORECARD, WAVES, CONSTRAINED = "scorecard.csv", "waves.csv", "constrained.csv"


def folder() -> Path:
    """Return the folder of the frozen calibration. Raises BadInput where the project is not a folder of files."""
    found = Path(str(files("experiments").joinpath(FOLDER)))
    if not found.parent.is_dir():
        raise BadInput(f"{found}: the calibration is frozen in a checkout of the project, and this is none.")
    found.mkdir(exist_ok=True)
    return found


def freeze(found: Calibration, into: Path, about: Mapping[str, Any]) -> None:
    """Write a calibration as it will be used, all of it or nothing; ``about`` says how it was made."""
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=into.name) as work:
        _write(found, Path(work), about)
        for name in (MEMBERS, SCORECARD, WAVES, CONSTRAINED, PROVENANCE):
            os.replace(Path(work) / name, into / name)


def _write(found: Calibration, into: Path, about: Mapping[str, Any]) -> None:
    space = inputs.space()
    members = space.table(found.members)
    members.index = pd.RangeIndex(1, len(members) + 1, name="member")
    members.to_csv(into / MEMBERS, lineterminator="\n")
    card = scorecard(items(), found.met[-1])
    card.to_csv(into / SCORECARD, index=False, lineterminator="\n", float_format="%.6g")
    waves_table(found).to_csv(into / WAVES, index=False, lineterminator="\n", float_format="%.6g")
    constrained(members).to_csv(into / CONSTRAINED, index=False, lineterminator="\n", float_format="%.6g")
    inside, fitted = met(card)
    content = {
        "model": code_version(),
        "made": datetime.now(UTC).date().isoformat(),
        "confirmed": None,
        **about,
        "runs": found.runs,
        "left": found.left,
        "distance": {
            "of_members": float(found.distances.min(axis=1).mean()), "of_passes": found.passes,
        },
        "met": inside,
        "fitted": fitted,
        "passes": passes(card),
        "met_by_first_wave": met(scorecard(items(), found.met[0]))[0],
        "fingerprint": found.fingerprint,
        "patterns": patterns.digest(),
        "settings": settings(),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }  # fmt: skip
    (into / PROVENANCE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def waves_table(found: Calibration) -> pd.DataFrame:
    """Return by wave or pass (the last are the members) and item the middle and the ends of what runs had."""
    rows = []
    for name, values in zip(found.stages, found.met, strict=True):
        for item, column in zip(items(), values.T, strict=True):
            low, high = np.quantile(column, RANGE)
            rows.append((name, item.name, item.value, float(np.median(column)), low, high, item.spread))
    return pd.DataFrame(rows, columns=["wave", "item", "published", "median", "low", "high", "met_within"])


def constrained(members: pd.DataFrame) -> pd.DataFrame:
    """Return by parameter the range of its prior and of the members, and how wide the latter is against the former.

    The width is the standard deviation over that of the prior: 1 says that the figures told nothing.
    """
    rows = []
    for name in members.columns:
        low, high = register()[name].range
        width = float(members[name].std() / ((high - low) / np.sqrt(12.0)))
        ends = members[name].quantile(list(RANGE)).tolist()
        kind = "fitted" if name in inputs.moved() else "drawn, never fitted"
        rows.append((name, kind, low, high, float(members[name].median()), *ends, width))
    columns = ["parameter", "kind", "prior_low", "prior_high", "median", "low", "high", "width"]
    return pd.DataFrame(rows, columns=columns).sort_values(["kind", "width"], ascending=[False, True], kind="stable")


def confirm(runner: Runner) -> bool:
    """Live the members again; if all figures are the same to the last bit, the calibration holds for this model too."""
    lives = lived(runner, member_points(frozen().members))
    where = folder() / PROVENANCE
    content = json.loads(where.read_text(encoding="utf-8"))
    if fingerprint(lives) != content["fingerprint"]:
        return False
    content |= {"model": code_version(), "confirmed": datetime.now(UTC).date().isoformat()}
    where.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return True
