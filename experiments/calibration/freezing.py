"""What calibration leaves in the project: members, scorecard, waves, what was constrained, and where it is from."""

import json
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ecology.errors import BadInput
from experiments.calibration import inputs, patterns
from experiments.calibration.calibrate import (
    KEPT,
    Calibration,
    fingerprint,
    lived,
    member_points,
    read,
)
from experiments.calibration.ensemble import FOLDER, MEMBERS, PROVENANCE, frozen
from experiments.calibration.running import Runner
from experiments.calibration.scorecard import RANGE, met, passes, scorecard
from experiments.calibration.settings import settings
from experiments.calibration.targets import Targets, distance, items
from experiments.manifest import code_version

_EVENLY = (np.arange(10_000) + 0.5) / 10_000
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
        _replace(Path(work), into)


def _replace(work: Path, into: Path) -> None:
    """Put finished files in the place of the frozen ones, what they are known by last."""
    for name in (MEMBERS, SCORECARD, WAVES, CONSTRAINED, PROVENANCE):
        if (work / name).exists():
            os.replace(work / name, into / name)


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
            "with_new_luck": distance(Targets.fitted().off(found.met[-1])).tolist(),
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
        rows += _rows_of_stage(name, values)
    return pd.DataFrame(rows, columns=["wave", "item", "published", "median", "low", "high", "met_within"])


def _rows_of_stage(name: str, values: np.ndarray) -> list[tuple[str, str, float, float, float, float, float]]:
    rows = []
    for item, column in zip(items(), values.T, strict=True):
        low, high = np.quantile(column, RANGE)
        rows.append((name, item.name, item.value, float(np.median(column)), float(low), float(high), item.spread))
    return rows


def constrained(members: pd.DataFrame) -> pd.DataFrame:
    """Return by parameter the range of its prior and of the members, and how wide the latter is against the former.

    The width is the standard deviation over that of the prior: 1 says that the figures told nothing.
    """
    rows = []
    for factor in inputs.space().factors:
        of_members = members[factor.name]
        width = float(of_members.std() / factor.at(_EVENLY).std())
        kind = "fitted" if factor.name in inputs.moved() else "drawn, never fitted"
        ends = of_members.quantile(list(RANGE)).tolist()
        rows.append((factor.name, kind, factor.low, factor.high, float(of_members.median()), *ends, width))
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


@dataclass(frozen=True)
class Again:
    """What the members' distance from the figures has changed by on average, with half of its 95% interval."""

    change: float
    half: float

    @property
    def clearly_further(self) -> bool:
        """Whether the members have gone away from the figures."""
        return self.change > self.half


def score_again(runner: Runner) -> Again:
    """Live the members in a model whose draws have changed; keep them unless they are clearly further off than found.

    Their scorecard is then the new one. They are compared with what they were when they were found, however often this
    is done, so that no small steps add up.
    """
    lives = lived(runner, member_points(frozen().members))
    values = read(lives)
    content = json.loads((folder() / PROVENANCE).read_text(encoding="utf-8"))
    change = distance(Targets.fitted().off(values)) - np.array(content["distance"]["with_new_luck"])
    error = float(change.std(ddof=1) / np.sqrt(change.size))
    again = Again(float(change.mean()), float(stats.t.ppf(0.975, change.size - 1)) * error)
    if not again.clearly_further:
        found_with = content.get("scored_again", {}).get("found_with", content["model"])
        content["scored_again"] = {"found_with": found_with, "change": again.change, "half_of_interval": again.half}
        content |= {"model": code_version(), "fingerprint": fingerprint(lives)}
        content["confirmed"] = datetime.now(UTC).date().isoformat()
        _renew(content, values)
    return again


def _renew(content: dict[str, Any], values: np.ndarray) -> None:
    """Write what members have by now (members, items): scorecard, rows among the waves, and where it is from."""
    card = scorecard(items(), values)
    inside, fitted = met(card)
    content |= {"met": inside, "fitted": fitted, "passes": passes(card)}
    before = pd.read_csv(folder() / WAVES)
    members = pd.DataFrame(_rows_of_stage(KEPT, values), columns=before.columns)
    waves = pd.concat([before[before["wave"] != KEPT], members])
    with tempfile.TemporaryDirectory(dir=folder().parent, prefix=folder().name) as work:
        card.to_csv(Path(work) / SCORECARD, index=False, lineterminator="\n", float_format="%.6g")
        waves.to_csv(Path(work) / WAVES, index=False, lineterminator="\n", float_format="%.6g")
        (Path(work) / PROVENANCE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        _replace(Path(work), folder())
