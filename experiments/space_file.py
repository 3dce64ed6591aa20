"""A space in a file (TOML): what varies and how. Data only; every fault is said at once."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecology.errors import BadInput, no_such
from ecology.scenario_faults import LISTING, clipped, is_number, place, shown
from ecology.scenario_file import find, read
from ecology.scenario_limits import reading
from experiments.space import (
    CHOICE,
    FLOAT,
    INTEGER,
    LEVERS,
    SWITCHES,
    Factor,
    Space,
    evidence_space,
    lever_factors,
    switch_factors,
)

ALL = "all"
FIELDS = ("why", "evidence", "factors", LEVERS, SWITCHES)
OWN = ("kind", "low", "high", "values", "group")
KINDS = (FLOAT, INTEGER, CHOICE)
EVERYTHING = "evidence"
"""The name of the space of every parameter over the range of its evidence."""


def space_of(name_or_path: str) -> Space:
    """Return ``evidence``, or the space of a TOML file. Raises BadInput with every fault of the file."""
    if name_or_path == EVERYTHING:
        return evidence_space()
    if not Path(name_or_path).is_file():
        raise BadInput(
            f"{place(name_or_path)}: there is no such file. Name a space in TOML, or `{EVERYTHING}` for every "
            "parameter over the range of its evidence."
        )
    source = find(Path(name_or_path))
    return read_space(read(source), source.where)


def read_space(table: Mapping[str, Any], where: str) -> Space:
    """Return the space of a table as a file holds it. Raises BadInput with every fault, each led by ``where``."""
    faults: list[str] = [str(no_such("field", name, FIELDS)) for name in table if name not in FIELDS]
    if not (isinstance(table.get("why"), str) and table["why"].strip()):
        faults.append("why: must say in a sentence what this space is for.")
    factors: list[Factor] = []
    for path, entry, make in _entries(table):
        try:
            factors += make(path, entry)
        except BadInput as fault:
            faults.append(f"{path}: {fault}")
    own = [path.partition(".")[2] for path, _, _ in _entries(table) if path.startswith("factors.")]
    factors = [
        f for i, f in enumerate(factors) if f.name not in own or f.name not in [g.name for g in factors[i + 1 :]]
    ]
    if not faults:
        try:
            return Space(tuple(factors))
        except BadInput as fault:
            faults.append(str(fault))
    raise BadInput("\n".join(f"{where}: {fault}" for fault in first_faults(faults)))


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Any, Callable[[str, Any], list[Factor]]]]:
    """Yield the parts of a space in order: path, what stands there, and what makes factors of it."""
    if "evidence" in table:
        yield "evidence", table["evidence"], _of_evidence
    for name, make in (("factors", _own_factor), (LEVERS, _of_regime)):
        entries = table.get(name, {})
        if not isinstance(entries, Mapping):
            yield name, entries, _no_table
            continue
        for key, entry in entries.items():
            yield f"{name}.{key}", entry, make
    if SWITCHES in table:
        yield SWITCHES, table[SWITCHES], _of_switches


def _no_table(path: str, entry: Any) -> list[Factor]:
    raise BadInput(f"must be a table, not {shown(entry)}.")


def _of_evidence(path: str, entry: Any) -> list[Factor]:
    _refuse_unknown(entry, ("names", "topics", "leave_out"))
    names, topics, leave_out = (_names(entry, field) for field in ("names", "topics", "leave_out"))
    if names is None and topics is None and entry.get("names") != ALL:
        raise BadInput(f'must say names (a list, or "{ALL}") or topics (a list).')
    return list(evidence_space(names, topics, leave_out or ()).factors)


def _own_factor(path: str, entry: Any) -> list[Factor]:
    _refuse_unknown(entry, OWN)
    name = path.partition(".")[2]
    factor = evidence_space([clipped(name)]).factors[0]
    kind = entry.get("kind", FLOAT)
    if kind not in KINDS:
        raise BadInput(f"kind: must be one of {', '.join(KINDS)}, not {shown(kind)}.")
    group = entry.get("group", factor.group)
    if not isinstance(group, str) or not group:
        raise BadInput(f"group: must be a text, not {shown(group)}.")
    wanted = ("values",) if kind == CHOICE else ("low", "high")
    given = {field for field in ("low", "high", "values") if field in entry}
    if given != set(wanted) and (given or kind != FLOAT):
        raise BadInput(f"a factor of kind {kind} has {' and '.join(wanted)}, not {', '.join(sorted(given)) or 'none'}.")
    numbers = entry.get("values", [entry.get("low", factor.low), entry.get("high", factor.high)])
    if not (isinstance(numbers, list) and numbers and all(is_number(n) and math.isfinite(n) for n in numbers)):
        raise BadInput(f"{', '.join(wanted)}: must be finite numbers, not {shown(numbers)}.")
    for number in numbers:
        if fault := factor.fault(float(number)):
            raise BadInput(f"{fault} ({factor.standing.rstrip('.')})")
    if kind == CHOICE:
        if len(set(numbers)) < len(numbers) or not numbers[1:]:
            raise BadInput("values: a choice has at least two values, each once.")
        return [replace(factor, kind=kind, values=tuple(map(float, numbers)), group=group)]
    low, high = map(float, numbers)
    if not low < high or (kind == INTEGER and (low, high) != (round(low), round(high))):
        whole = " and be whole numbers" if kind == INTEGER else ""
        raise BadInput(f"low and high: low must lie below high{whole}; they are {low:g} and {high:g}.")
    return [replace(factor, kind=kind, low=low, high=high, group=group)]


def _of_regime(path: str, entry: Any) -> list[Factor]:
    _refuse_unknown(entry, ("width", "names"))
    width = entry.get("width")
    if width is not None and not (is_number(width) and 0 < width <= 1):
        raise BadInput(f"width: must be a number above 0, at most 1, not {shown(width)}.")
    return lever_factors(path.partition(".")[2], width, _names(entry, "names"))


def _of_switches(path: str, entry: Any) -> list[Factor]:
    _refuse_unknown(entry, ("names",))
    names = _names(entry, "names")
    if names is None and entry.get("names") != ALL:
        raise BadInput(f'must say names (a list, or "{ALL}").')
    return switch_factors(names)


def _refuse_unknown(entry: Any, fields: tuple[str, ...]) -> None:
    if not isinstance(entry, Mapping):
        raise BadInput(f"must be a table with {', '.join(fields)}, not {shown(entry)}.")
    for field in entry:
        if field not in fields:
            raise no_such("field", clipped(field), fields)


def _names(entry: Mapping[str, Any], field: str) -> list[str] | None:
    """Return a list of names; None if there is none, or if it is ``all``."""
    names = entry.get(field)
    if names is None or (names == ALL and field == "names"):
        return None
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise BadInput(f"{field}: must be a list of names, not {shown(names)}.")
    return [clipped(name) for name in names]


def first_faults(faults: list[str]) -> list[str]:
    """Return so many faults as are shown at once; what exists is listed the first time only."""
    most = reading("faults")
    listed: set[str] = set()
    lines = []
    for fault in faults[:most]:
        start, _, listing = fault.partition(LISTING)
        lines.append(start if listing in listed else fault)
        listed |= {listing} - {""}
    return lines if len(faults) <= most else [*lines, f"more of these; mend the first {most}."]
