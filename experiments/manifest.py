"""The manifest: what made a result, so that it can be made again and nobody takes it for more than it is."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.output import MANIFEST
from experiments.settings import settings

if TYPE_CHECKING:
    from ecology.scenario import Scenario
    from experiments.calibration.ensemble import Ensemble
    from experiments.design import Design

PURPOSE = (
    "Purpose: exploration and explanation of stated mechanisms, not prediction. No measured effect of governance on "
    "children's outcomes was available; it arises here only through listed mechanisms."
)
DATA = (
    "Contains public sector information licensed under the Open Government Licence v3.0: official statistics of the "
    "Department for Education, the Office for National Statistics, the Ministry of Housing, Communities and Local "
    "Government and the Department for Work and Pensions."
)
LIBRARIES = ("mesa", "numpy", "numba", "scipy", "pandas", "pydantic", "matplotlib")


@dataclass(frozen=True)
class Failure:
    """A seed under a pressure that gave no result, and why."""

    pressure: str
    seed: int
    reason: str


@dataclass
class Account:
    """What became of an experiment: its folder, which (pressure, seed) finished, which failed and why.

    ``stopping`` says what a stopping rule asked for and what it achieved; it is empty without one.
    """

    folder: Path
    finished: list[tuple[str, int]] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    interrupted: bool = False
    stopping: dict[str, Any] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))


def write(folder: Path, design: "Design", account: Account, definitions: Mapping[str, Any]) -> None:
    """Write ``manifest.json`` for the tables in ``folder``."""
    now = datetime.now(UTC)
    first = design.past[design.pressures[0]]
    content = {
        "purpose": PURPOSE,
        **standing(design.ensemble),
        "status": status(design, account),
        "key": key(design, account),
        "command": design.command,
        "authority": design.authority,
        "children": first.children,
        "switch_date": first.switch_date.isoformat(),
        "switch_week": first.switch_week,
        "years": first.years,
        "pressures": design.pressures,
        "regimes": design.regimes,
        "against": design.against,
        "seeds": design.seeds,
        "stopping": account.stopping,
        "finished": [{"pressure": pressure, "seed": seed} for pressure, seed in account.finished],
        "failed": [asdict(failure) for failure in account.failed],
        "past": {pressure: _scenario(scenario) for pressure, scenario in design.past.items()},
        "scenarios": {p: {r: _scenario(scenario) for r, scenario in arms.items()} for p, arms in design.arms.items()},
        "outcomes": {name: asdict(told) for name, told in definitions.items()},
        "levers": _levers(),
        "versions": versions(),
        "machine": {"system": platform.platform(), "processor": platform.machine(), "cores": os.cpu_count()},
        "started": account.started.isoformat(timespec="seconds"),
        "ended": now.isoformat(timespec="seconds"),
        "sunset": (now + timedelta(days=settings()["page"]["sunset_days"])).date().isoformat(),
        "data": DATA,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))},
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, default=str, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def standing(drawn_from: "Ensemble | None") -> dict[str, Any]:
    """Return whether results may be called calibrated, and where their parameters come from."""
    from experiments.calibration.ensemble import CENTRAL

    if drawn_from is None:
        return {"calibrated": False, "parameters": {"from": CENTRAL}}
    return {"calibrated": drawn_from.passes, "parameters": drawn_from.told}


def standing_of(drawn_from: "Ensemble", calibration: str | None) -> dict[str, Any]:
    """Return the ``standing`` of what was drawn from a calibration, which may be an earlier one than ``drawn_from``."""
    if calibration is None:
        return standing(None)
    if drawn_from.digest == calibration:
        return standing(drawn_from)
    return {"calibrated": False, "parameters": {"from": drawn_from.source, "calibration": calibration}}


def in_words(told: Mapping[str, Any]) -> str:
    """Return what results may be taken for, in a sentence or two, from the ``standing`` that a manifest holds."""
    from experiments.calibration.ensemble import CENTRAL, HELD, RANGES

    drawn = told["parameters"]
    if drawn["from"] == RANGES:
        return "Illustrative, not calibrated: every parameter is drawn from the whole range of its evidence."
    if drawn["from"] == CENTRAL:
        return "Illustrative, not calibrated: one set of assumed parameters, so that intervals hold luck only."
    if "met" not in drawn:
        return f"Illustrative. Parameters were drawn from an earlier calibration ({drawn['calibration']})."
    governance = "has its assumed values" if drawn["from"] == HELD else "was not fitted"
    return ("" if told["calibrated"] else "Illustrative. ") + (
        "Each seed takes its parameters from an ensemble that was calibrated to figures published for England, 2010/11 "
        f"to 2016/17, of which it meets {drawn['met']} of {drawn['fitted']}. Governance {governance}."
    )


def read(folder: Path) -> dict[str, Any]:
    """Read the manifest of an output folder."""
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return content


def key(design: "Design", account: Account) -> str:
    """Return the name of these results: a digest of what decides the numbers, not of time or machine.

    These are scenarios, whence parameters are drawn, finished seeds, code, the regime that others are compared with,
    and how seeds were stopped.
    """
    past = {pressure: scenario.digest for pressure, scenario in design.past.items()}
    digests = {pressure: {r: s.digest for r, s in arms.items()} for pressure, arms in design.arms.items()}
    drawn = None if design.ensemble is None else [design.ensemble.source, design.ensemble.digest]
    how = [design.against, bool(account.stopping)]
    text = json.dumps([past, digests, drawn, account.finished, how, code_version()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[: settings()["page"]["key_length"]]


def code_version() -> str:
    """Return the version of the simulated rules and their parameters."""
    from ecology import compiled

    return compiled.code_version()


def status(design: "Design", account: Account) -> str:
    """Return ``complete``, or what is lacking."""
    told = f"{len(account.finished)} of {len(design.pieces)} runs finished"
    if account.interrupted:
        return f"interrupted: {told}"
    return f"incomplete: {told}, {len(account.failed)} failed" if account.failed else "complete"


def _scenario(scenario: "Scenario") -> dict[str, Any]:
    return {"digest": scenario.digest, **scenario.canonical()}


def _levers() -> dict[str, dict[str, Any]]:
    from ecology.lever_tables import levers

    return {name: asdict(lever) for name, lever in levers().items()}


def versions() -> dict[str, str]:
    """Return the versions of Python, the rules and the libraries that make results."""
    known = {"python": platform.python_version(), "code": code_version()}
    for library in ("children-services-ecology", *LIBRARIES):
        try:
            known[library] = version(library)
        except PackageNotFoundError:
            continue  # run from a checkout that is not installed
    return known
