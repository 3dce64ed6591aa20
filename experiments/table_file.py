"""A table of points in a file (CSV): a heading of factors, a row a point. Every fault is said at once."""

import csv
import io
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from ecology import evidence
from ecology.errors import BadInput, no_such
from ecology.scenario_faults import clipped, place
from ecology.scenario_limits import reading
from experiments.settings import settings
from experiments.space import (
    LEVERS,
    SWITCHES,
    Factor,
    Space,
    evidence_space,
    lever_factors,
    switch_factors,
    varying,
)
from experiments.space_file import first_faults

ROW = "row"


def read_table(path: Path) -> tuple[Space, pd.DataFrame]:
    """Return the space and the points of a CSV file: a heading of factors, a row a point, ``row`` to number them.

    Raises BadInput with every fault: line, column, what was possible.
    """
    where = place(str(path))
    lines = _lines(path, where)
    if not lines:
        raise BadInput(f"{where}: is empty; a heading and at least one row are needed.")
    head = lines[0]
    faults = [
        f"line 1: {name or 'an empty name'} stands twice." for name in sorted({n for n in head if head.count(n) > 1})
    ]
    factors: dict[str, Factor] = {}
    for name in head:
        try:
            if name != ROW:
                factors[name] = column(name)
        except BadInput as fault:
            faults.append(f"line 1: {fault}")
    if not factors and not faults:
        faults.append("line 1: names no factor, so nothing varies.")
    if not faults:
        values = list(_cells(lines, factors, faults))
    if not faults and not values:
        faults.append("holds no points: a heading and at least one row are needed.")
    if faults:
        raise BadInput("\n".join(f"{where}: {fault}" for fault in first_faults(faults)))
    table = pd.DataFrame(values, columns=head)
    if ROW in head:
        table = table.set_index(table.pop(ROW).astype(int).rename(None))
        if not table.index.is_unique:
            raise BadInput(
                f"{where}: row {table.index[table.index.duplicated()][0]} stands twice; number each row once."
            )
    return Space(tuple(factors.values())), table


def column(name: str) -> Factor:
    """Return the factor of a column of a table of points, over its widest range. Raises BadInput."""
    kind, _, rest = name.partition(".")
    if kind == LEVERS and rest:
        regime, _, lever = rest.rpartition(".")
        return lever_factors(regime, 1.0, [lever])[0]
    if kind == SWITCHES and rest:
        return switch_factors([rest])[0]
    if name not in evidence.register():
        raise no_such("column", clipped(name), [*varying(), f"{LEVERS}.REGIME.LEVER", f"{SWITCHES}.NAME"])
    return evidence_space([name]).factors[0]


def _cells(lines: list[list[str]], factors: Mapping[str, Factor], faults: list[str]) -> Iterator[list[float]]:
    head = lines[0]
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(head):
            faults.append(f"line {number}: has {len(line)} cells, the heading has {len(head)}.")
            continue
        values = [_number(cell) for cell in line]
        for name, cell, value in zip(head, line, values, strict=True):
            if value is None or (name == ROW and not (0 <= value < sys.maxsize and value == int(value))):
                kind = "a whole number from 0" if name == ROW else "a number"
                faults.append(f"line {number}: {name}: {clipped(cell)!r} is not {kind}.")
            elif name != ROW and (fault := factors[name].fault(value)):
                faults.append(f"line {number}: {name}: {fault}")
        if len(faults) > reading("faults"):
            return
        yield [value for value in values if value is not None]


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def _lines(path: Path, where: str) -> list[list[str]]:
    most = settings()["batch"]["table_bytes_at_most"]
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"{where}: cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(data) > most:
        raise BadInput(f"{where}: is larger than {most} bytes, the most that a table of points may have.")
    try:
        return [line for line in csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True) if line]
    except UnicodeDecodeError:
        raise BadInput(f"{where}: is not text in UTF-8; save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise BadInput(f"{where}: is not valid CSV: {clipped(str(error))}.") from None
