"""Results on their way to disk: each finished piece of work is a part, and the parts in order are the tables.

A part holds the rows of one seed under one pressure, without headings. Because the parts are joined in the order of the
design, the tables are the same whatever the number of workers and whoever finished first.
"""

import csv
import math
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from ecology.errors import BadInput

COLUMNS = {
    "outcomes.csv": ("authority", "pressure", "regime", "seed", "outcome", "value", "unit"),
    "yearly.csv": ("authority", "pressure", "regime", "seed", "year", "measure", "value", "unit"),
    "totals.csv": ("authority", "pressure", "regime", "seed", "measure", "value"),
    "weekly.csv": ("authority", "pressure", "regime", "seed", "week", "measure", "value"),
}
LABELS = ("authority", "pressure", "regime", "seed")
PARTS = "parts"


def number(value: float) -> str:
    """Write a number so that it reads back to the same bits, and no longer than that; a missing one is empty."""
    return "" if math.isnan(value) else repr(value).removesuffix(".0")


def rows(labels: Sequence[str | int], table: pd.DataFrame, file: str) -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of one tidy table, each led by its labels, in the column order of ``file``.

    Raises BadInput for an infinite value, and for an outcome that is missing, naming it.
    """
    values = table["value"].astype(float).tolist()
    for position, value in enumerate(values):
        if math.isinf(value) or (math.isnan(value) and file == "outcomes.csv"):
            what = dict(zip(LABELS, labels, strict=True)) | table.iloc[position].to_dict()
            raise BadInput(f"{file}: " + ", ".join(f"{key} {told}" for key, told in what.items()) + ": not a number.")
    columns = {name: table[name].astype(str).tolist() for name in table.columns}
    columns["value"] = [number(value) for value in values]
    for row in zip(*(columns[name] for name in COLUMNS[file] if name not in LABELS), strict=True):
        yield (*labels, *row)


class Part:
    """The part of one piece of work: open while its rows are written, in place (atomically) once it is whole."""

    def __init__(self, folder: Path, pressure: str, seed: int) -> None:
        """Name the part; nothing is written yet."""
        self.place = place(folder, pressure, seed)
        self.draft = self.place.with_suffix(".draft")

    def __enter__(self) -> "Part":
        """Make the draft."""
        shutil.rmtree(self.draft, ignore_errors=True)
        self.draft.mkdir(parents=True)
        return self

    def add(self, labels: Sequence[str | int], file: str, table: pd.DataFrame) -> None:
        """Append the rows of one table."""
        with (self.draft / file).open("a", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows(labels, table, file))

    def __exit__(self, kind: object, *_: object) -> None:
        """Put the draft in place, or remove it if the work failed."""
        if kind is None:
            os.replace(self.draft, self.place)
        else:
            shutil.rmtree(self.draft)


def place(folder: Path, pressure: str, seed: int) -> Path:
    """Return where the part of one seed under one pressure stands in the working folder."""
    return folder / PARTS / f"{pressure}-{seed}"


def join(folder: Path, finished: Iterable[tuple[str, int]]) -> None:
    """Write the tables from the parts of finished (pressure, seed) pairs, in that order, and remove the parts."""
    pieces = [place(folder, pressure, seed) for pressure, seed in finished]
    for file, columns in COLUMNS.items():
        with (folder / file).open("wb") as out:
            out.write((",".join(columns) + "\n").encode())
            for piece in pieces:
                with (piece / file).open("rb") as rows_of_piece:
                    shutil.copyfileobj(rows_of_piece, out)
    shutil.rmtree(folder / PARTS)


def read_parts(folder: Path, finished: Iterable[tuple[str, int]], file: str) -> pd.DataFrame:
    """Read one of the tables from the parts of finished (pressure, seed) pairs, before they are joined."""
    pieces = [place(folder, pressure, seed) / file for pressure, seed in finished]
    exact = {"value": lambda text: float(text or "nan")}
    tables = [
        pd.read_csv(piece, names=list(COLUMNS[file]), converters=exact, keep_default_na=False) for piece in pieces
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS[file]))


def read(folder: Path, file: str) -> pd.DataFrame:
    """Read one of the tables back, its values to the same bits."""
    exact = {"value": lambda text: float(text or "nan")}  # not every version of pandas reads floats to the last bit
    heads = pd.read_csv(folder / file, nrows=0).columns
    converters = {name: read for name, read in exact.items() if name in heads}
    return pd.read_csv(folder / file, converters=converters, keep_default_na=False, na_values=[""])
