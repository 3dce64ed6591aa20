"""Files of further published figures, in the form of ``england.csv`` or of ``local_authorities.csv``."""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from ecology.errors import BadInput
from ecology.evidence.profiles import names
from ecology.scenario_limits import last_day_of_inputs
from ecology.vocabulary import FIRST_YEAR
from experiments.calibration.gradients import RATES, rates_of
from experiments.calibration.patterns import CHILDREN, Item, items_of

Row = Mapping[str, str]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file. Raises BadInput if it cannot be read or a row is not as long as the heading."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"{path}: cannot be read as a CSV file ({fault}).") from None
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadInput(f"{path}, line {number}: it has more or fewer cells than the heading.")
    return rows


def is_by_authority(rows: Sequence[Row]) -> bool:
    """Return whether a file has a row an authority and year."""
    return bool(rows) and "la_code" in rows[0]


def england(source: Path, rows: Sequence[Row]) -> tuple[Item, ...]:
    """Return the items of a file of further figures for England. Raises BadInput."""
    needed = {"id", "quantity", "value", "year", "geography", "verified"}
    lacking = needed - set(rows[0] if rows else ())
    if lacking:
        raise BadInput(
            f"{source}: column {sorted(lacking)[0]!r} is missing. A file of figures has the columns of england.csv or "
            "of local_authorities.csv (see docs/calibration.md)."
        )
    try:
        found = items_of(rows, [], FIRST_YEAR + 1, last_year())
    except BadInput as fault:
        raise BadInput(f"{source}: {fault}") from None
    if not found:
        raise BadInput(
            f"{source}: no row is a figure that this model has a pattern for, of a year from {FIRST_YEAR + 1} on, for "
            "England and verified; the quantities are named in experiments/calibration/patterns.toml."
        )
    return found


def authorities(source: Path, rows: Sequence[Row]) -> dict[tuple[str, int, str], float]:
    """Return the rates that a file of figures by authority holds, of authorities and years that can be run."""
    for number, row in enumerate(rows, start=2):
        if not row.get("year", "").isdecimal():
            raise BadInput(f"{source}, line {number}: year is {row.get('year')!r}, and should be one such as 2018.")
        for column in (CHILDREN, *(rate.column for rate in RATES)):
            text = row.get(column, "")
            if text and not _is_amount(text):
                raise BadInput(f"{source}, line {number}: {column} is {text!r}, and should be a number from 0 up.")
    known = set(names())
    here = [row for row in rows if row.get("la_name") in known and FIRST_YEAR < int(row["year"]) <= last_year()]
    found = rates_of(here)
    if not found:
        raise BadInput(f"{source}: no row is of an authority and a year (to {last_year()}) that can be run.")
    return found


def last_year() -> int:
    """Return the last year, ending 31 March, for which there are inputs."""
    return last_day_of_inputs().year


def _is_amount(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and float(text) >= 0.0
    except ValueError:
        return False
