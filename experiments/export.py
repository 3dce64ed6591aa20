"""A study of a store as files: points, outcomes, differences, failures (CSV, and Parquet if it can be), a picture."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import compare, manifest
from experiments.calibration.ensemble import ENSEMBLE, frozen
from experiments.inventory import points_of, runs, standing, version_of
from experiments.output import MANIFEST, Output
from experiments.parts import number
from experiments.store import DONE, Store
from experiments.sweep_picture import differences_picture

OUTCOMES = ["row", "seed", "regime", "outcome", "value", "unit"]
DIFFERENCES = ["row", "seed", "regime", "against", "outcome", "difference", "unit"]
FAILED = ["row", "seed", "regime", "stage", "message", "key"]
YEARLY = ["row", "seed", "regime", "year", "measure", "value", "unit"]
NO_PARQUET = (
    "Parquet files need pyarrow (pip install 'children-services-ecology[parquet]'); the CSV files hold the same."
)


def export(store: Store, study: str, out: Path, overwrite: bool = False) -> str:
    """Write what a store holds of a study into a folder; return what should be said about it, perhaps nothing.

    An incomplete study is exported as far as it is, and the manifest says so. Raises BadInput if the folder cannot be
    written or a row of the store is damaged.
    """
    output = Output.start(out, overwrite)
    try:
        tables = tables_of(store, study)
        write(output.partial, tables)
        remark = "" if _parquet(output.partial, tables) else NO_PARQUET
        differences_picture(tables["differences"], tables["outcomes"], compare.the_model().definitions, output.partial)
        _manifest(output.partial, store, study)
        output.publish()
    except BaseException:
        output.discard()
        raise
    return remark


def tables_of(store: Store, study: str) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by name: points, outcomes, differences, failed, and yearly if it was kept."""
    content = json.loads(store.studies()[study])
    told: dict[str, list[tuple]] = {"outcomes": [], "failed": [], "yearly": []}
    units = {name: str(definition.unit) for name, definition in compare.the_model().definitions.items()}
    for point, regime, key, run in runs(store, study):
        label = (point.row, point.seed, regime)
        if run is not None and run.status == DONE:
            found = run.result
            told["outcomes"] += [(*label, name, v, units.get(name, "")) for name, v in found["outcomes"].items()]
            told["yearly"] += [(*label, *rest) for rest in found.get("yearly", [])]
        elif run is not None:
            told["failed"].append((*label, run.stage, run.message, key))
    outcomes = pd.DataFrame(told["outcomes"], columns=OUTCOMES)
    rows = dict(points_of(store, study))
    tables = {
        "points": pd.DataFrame.from_dict(rows, orient="index").rename_axis("row").reset_index(),
        "outcomes": outcomes,
        "differences": differences(outcomes, content["regimes"]),
        "failed": pd.DataFrame(told["failed"], columns=FAILED),
    }
    return {**tables, "yearly": pd.DataFrame(told["yearly"], columns=YEARLY)} if content["yearly"] else tables


def differences(outcomes: pd.DataFrame, regimes: Sequence[str]) -> pd.DataFrame:
    """Return every regime minus the first, point by point and seed by seed, where both were run."""
    parts = []
    if len(outcomes):
        index = ["row", "seed", "outcome", "unit"]
        wide = outcomes.pivot(index=index, columns="regime", values="value")
        for regime in [name for name in regimes[1:] if name in wide and regimes[0] in wide]:
            told = (wide[regime] - wide[regimes[0]]).dropna().rename("difference").reset_index()
            parts.append(told.assign(regime=regime, against=regimes[0])[DIFFERENCES])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=DIFFERENCES)


def write(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as CSV whose numbers read back to the same bits."""
    for name, table in tables.items():
        exact = {c: [number(v) for v in table[c]] for c in table.select_dtypes("float").columns}
        table.assign(**exact).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _parquet(folder: Path, tables: Mapping[str, pd.DataFrame]) -> bool:
    if find_spec("pyarrow") is None:
        return False
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    return True


def _manifest(folder: Path, store: Store, study: str) -> None:
    state = standing(store, study)
    about = json.loads(store.studies()[study])
    content: dict[str, Any] = {
        "purpose": manifest.PURPOSE,
        **manifest.standing_of(replace(frozen(), source=about.get("drawn_from", ENSEMBLE)), about.get("calibration")),
        "status": "complete" if state.done == state.total else (
            f"incomplete: {state.done} of {state.total} runs done, {len(state.failed)} failed, {state.left} left"
        ),
        "study": study,
        "command": state.command,
        "content": about,
        "store": store.path.name,
        "store_digest": store.digest(),
        "versions": {**manifest.versions(), "code": version_of(store, study)},
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": manifest.DATA,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))},
    }  # fmt: skip
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
