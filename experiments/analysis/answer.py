"""What an analysis leaves behind: sentences, tables as CSV, pictures with their text alternatives, a manifest."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.analysis import settings as analysis_settings
from experiments.calibration.ensemble import CENTRAL, RANGES, ensemble, frozen
from experiments.manifest import DATA, PURPOSE, code_version, in_words, standing
from experiments.output import MANIFEST, Output
from experiments.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE = "answer.md"


@dataclass(frozen=True)
class Drawn:
    """A picture: its headline, its text alternative, the figure."""

    headline: str
    alt: str
    figure: "Figure"


@dataclass
class Answer:
    """The answer of one analysis, with the name of each table and picture.

    Of the parameters, those ``varied`` come from the ranges of the analysis, all others are ``drawn_from`` the ensemble
    or the central values.
    """

    title: str
    scope: str
    sentences: list[str]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    pictures: dict[str, Drawn] = field(default_factory=dict)
    studies: Mapping[str, int] = field(default_factory=dict)
    drawn_from: str | None = CENTRAL
    varied: Sequence[str] = ()
    how_to_read: str = "docs/analysis.md"
    settings: Mapping[str, Any] = field(default_factory=analysis_settings.table)


def write(answer: Answer, output: Output, command: str, started: datetime) -> Path:
    """Write an answer into the working folder, put the folder in place, and return the page."""
    try:
        _fill(answer, output.partial, command, started)
    except BaseException:
        output.discard()
        raise
    output.publish()
    return output.final / PAGE


def _standing(answer: Answer) -> dict[str, Any]:
    """Return what the answer may be taken for: nothing of a calibration is left if all that one finds is varied."""
    if set(frozen().member(1)) <= set(answer.varied):
        return {"calibrated": False, "parameters": {"from": RANGES}}
    return standing(ensemble(answer.drawn_from))


def _fill(answer: Answer, folder: Path, command: str, started: datetime) -> None:
    for name, table in answer.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    for name, drawn in answer.pictures.items():
        _save(drawn, folder / f"{name}.png")
    (folder / PAGE).write_text(page(answer, command), encoding="utf-8")
    _manifest(answer, folder, command, started)


def page(answer: Answer, command: str) -> str:
    """Return the answer as Markdown."""
    told = _standing(answer)
    whence = in_words(told)
    if answer.varied and told["parameters"]["from"] != RANGES:
        whence += f" The inputs of this analysis ({len(answer.varied)}) vary over ranges of their own instead."
    lines = [f"# {answer.title}", "", f"> {PURPOSE} {whence}", "", f"{answer.scope}.", ""]
    lines += [f"- {sentence}" for sentence in answer.sentences]
    for name, drawn in answer.pictures.items():
        lines += ["", f"## {drawn.headline}", "", f"![{drawn.alt}]({name}.png)", "", f"*In words:* {drawn.alt}"]
    lines += ["", "## Tables", "", *(f"- [{name}.csv]({name}.csv): {len(t)} rows" for name, t in answer.tables.items())]
    return "\n".join([*lines, "", f"How to read them: `{answer.how_to_read}`. Made by:", "", f"    {command}", ""])


def _save(drawn: Drawn, path: Path) -> None:
    from experiments.report import drawing

    dots = analysis_settings.setting("pictures", "dots_an_inch")
    with drawing.style():
        drawn.figure.savefig(path, dpi=dots, bbox_inches="tight", metadata={"Software": None, "Title": drawn.headline})


def _manifest(answer: Answer, folder: Path, command: str, started: datetime) -> None:
    now = datetime.now(UTC)
    content: dict[str, Any] = {
        "purpose": PURPOSE,
        **_standing(answer),
        "title": answer.title,
        "scope": answer.scope,
        "command": command,
        "studies": dict(answer.studies),
        "settings": dict(answer.settings),
        "code": code_version(),
        "python": platform.python_version(),
        "machine": {"system": platform.platform(), "processor": platform.machine(), "cores": os.cpu_count()},
        "started": started.isoformat(timespec="seconds"),
        "ended": now.isoformat(timespec="seconds"),
        "sunset": (now + timedelta(days=settings()["page"]["sunset_days"])).date().isoformat(),
        "data": DATA,
        "files": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())},
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
