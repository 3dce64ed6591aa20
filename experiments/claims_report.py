"""The verdicts on the paper's claims, as lines for a terminal, a table, and a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ecology.errors import BadInput
from experiments.claims_run import AS_CLAIMED, FAILED_HERE, NO_TRACE, NOT_YET, OTHER_WAY, PARTS, TOO_SMALL
from experiments.manifest import PURPOSE
from experiments.output import MANIFEST
from experiments.report import drawing
from experiments.report.drawing import Picture, ink
from experiments.report.words import figure, points, size, spell, table
from experiments.statistics import BETTER, NEGLIGIBLE, SIGN_UNCLEAR, WORSE

LOOKS = {AS_CLAIMED: BETTER, OTHER_WAY: WORSE, TOO_SMALL: NEGLIGIBLE, SIGN_UNCLEAR: SIGN_UNCLEAR}
VERDICTS = "verdicts.csv"
SCOPE = (
    "Intervals are over the seeds of the runs, each as if it were the only test: of "
    "twenty without any effect one would seem to have one. The adjusted verdict allows for the number of tests. Quick "
    "runs show signs, not sizes: 'sign unclear' means that this run cannot tell."
)


def usable(folder: Path) -> None:
    """Raise BadInput unless ``folder`` is new, empty, or holds an earlier run of claims, which is resumed."""
    if folder.is_file():
        raise BadInput(f"--out: {folder} is a file; give a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / PARTS).is_dir():
        raise BadInput(f"--out: {folder} holds other things; give a new folder, or that of an earlier run of claims.")
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"--out: cannot write to {folder}: {error.strerror or error}.") from None


def lines(verdicts: pd.DataFrame) -> list[Sequence[str]]:
    """Return the rows of the table that the terminal shows."""
    head = ("test", "asks", "outcome", "claimed", "difference, with interval", "n", "verdict", "adjusted")
    return [head, *(
        (
            row["test"], row["asks"], spell(row["outcome"]), row["claimed"], told(row), str(row["n"]),
            row["verdict"] if not row["why"] else f"{row['verdict']}: {row['why']}", row["verdict_adjusted"],
        )
        for _, row in verdicts.iterrows()
    )]  # fmt: skip


def told(row: pd.Series) -> str:
    """Return the mean difference and its interval with the unit."""
    if row["verdict"] in (NOT_YET, NO_TRACE, FAILED_HERE):
        return ""
    if not np.isfinite(row["low"]):
        return f"{figure(row['mean'])} {points(row['unit'])} (one pair, so no interval)"
    return f"{figure(row['mean'])} ({figure(row['low'])} to {figure(row['high'])}) {points(row['unit'])}"


def write(verdicts: pd.DataFrame, folder: Path, manifest: dict[str, Any]) -> None:
    """Write verdicts, picture and manifest into the folder."""
    verdicts.to_csv(folder / VERDICTS, index=False, lineterminator="\n")
    drawn = picture(verdicts, int(manifest["years"]), str(manifest["authority"]))
    if drawn is not None:
        (folder / "verdicts.svg").write_text(drawn.file, encoding="utf-8")
    content = {"purpose": PURPOSE, "scope": SCOPE, **manifest}
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def picture(verdicts: pd.DataFrame, years: int, place: str) -> Picture | None:
    """Return the forest of all tests with an interval; None if there is none."""
    rows = verdicts[np.isfinite(verdicts["low"].astype(float)) & (verdicts["smallest"] > 0)]
    if not len(rows):
        return None
    sign = np.where(rows["claimed"] == "lower", -1.0, 1.0)
    scale = sign / rows["smallest"].to_numpy(dtype=float)
    ends = np.sort(np.column_stack([rows["low"] * scale, rows["high"] * scale]), axis=1)
    rows = rows.assign(centre=rows["mean"] * scale, left=ends[:, 0], right=ends[:, 1])
    counts = [f"{(rows['verdict'] == name).sum()} {name}" for name in LOOKS]
    if len(rows) < len(verdicts):
        counts.append(f"{len(verdicts) - len(rows)} without an interval")
    headline = f"The paper's claims in {place}: {', '.join(counts)}"
    subtitle = (
        "Paired difference in units of the smallest difference of interest, with its interval; "
        f"{rows['n'].min()} pairs, {years} years or more. Grey: too small to matter (for 'same': as claimed). "
        "Beyond 1 each grid line is ten times the one before."
    )
    alt = " ".join(
        f"{row['test']}: {told(row)}, claimed {row['claimed']}: {row['verdict']}." for _, row in rows.iterrows()
    )
    with drawing.style():
        figure_ = drawing.canvas(len(rows) * size("row") + size("head") * 3 / 2)
        left = size("wide_name_room") + size("axis_room")
        panel = drawing.axes(
            figure_, left, size("head") / 2, size("width") - left - size("head") / 2, len(rows) * size("row")
        )
        _draw(panel, rows)
        drawn = drawing.svg(figure_, "claims", headline, alt)
    return Picture("claims", headline, subtitle, alt, drawn, rows)


def _draw(panel: Axes, rows: pd.DataFrame) -> None:
    panel.set_xscale("symlog", linthresh=1, linscale=1)
    panel.axvspan(-1, 1, color=ink("grid"), linewidth=0)
    panel.axvline(0, color=ink("quiet"), linewidth=1)
    for at, (_, row) in enumerate(rows.iterrows()):
        look = table("look.toml")["verdicts"][LOOKS[row["verdict"]]]
        shade = drawing.colour(look["colour"])
        panel.plot(
            [row["left"], row["right"]], [at, at], color=shade, linewidth=size("line") * 2, solid_capstyle="butt"
        )
        panel.plot(row["centre"], at, marker=look["marker"], color=shade, markersize=size("marker"), linestyle="none")
    names = [f"{row['test']}  {spell(row['outcome'])}, {row['claimed']}" for _, row in rows.iterrows()]
    panel.set_yticks(range(len(rows)), names)
    panel.set_ylim(len(rows) - 1 / 2, -1 / 2)
    reach = 10 ** np.ceil(np.log10(np.abs(rows[["left", "right"]].to_numpy(dtype=float)).max(initial=1)))
    panel.set_xlim(-reach, reach)
    panel.xaxis.set_major_formatter(lambda number, _: f"{number:,g}".replace("-", "\N{MINUS SIGN}"))
    panel.tick_params(length=0, labelsize=size("small"))
    panel.spines["left"].set_visible(False)
    panel.grid(axis="x")
    for at, (side, name) in enumerate(
        {"left": "\N{LEFTWARDS ARROW} the other way", "right": "as claimed \N{RIGHTWARDS ARROW}"}.items()
    ):
        panel.text(at, 1, name, transform=panel.transAxes, ha=side, va="bottom", fontsize=size("small"))
    panel.set_xlabel("in smallest differences of interest", fontsize=size("small"))
