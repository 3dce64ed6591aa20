"""The register of parameters: every number of the model with its unit, grade, range and source.

One TOML file a topic stands in ``parameters/``, one table a parameter. Loading refuses a number that does not say
where it comes from, and reports every fault of every file at once.
"""

import keyword
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import numpy as np

from ecology.errors import BadInput, no_such

if TYPE_CHECKING:
    import pandas as pd

GRADES = ("definition", "official statistic", "published study", "expert judgement", "assumption")
ROLES = ("benefit", "cost")
REQUIRED = ("value", "unit", "grade", "range")
TEXTS = ("unit", "grade", "source", "href", "why", "role", "opposed_by", "note")
FIELDS = (*REQUIRED, "source", "href", "why", "role", "opposed_by", "governance", "note")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model, in the unit of its source, with what is known about it.

    ``topic`` is the stem of the file it stands in. ``range`` is (low, high), both allowed. A parameter of grade
    ``assumption`` says ``why``; every other names its ``source``. A ``benefit`` names in ``opposed_by`` the ``cost``
    that works against it. ``governance`` marks a number that is explored and never fitted.
    """

    name: str
    topic: str
    value: float
    unit: str
    grade: str
    range: tuple[float, float]
    source: str | None = None
    href: str | None = None
    why: str | None = None
    role: str | None = None
    opposed_by: str | None = None
    governance: bool = False
    note: str | None = None

    @property
    def standing(self) -> str:
        """Where the number comes from: its source, or for an assumption the reason for it."""
        return f"source: {self.source}" if self.source else f"assumption: {self.why}"


def register(folder: Traversable | None = None) -> dict[str, Parameter]:
    """Return every parameter by name, sorted; those of the model, or of another ``folder`` of TOML files.

    Raises BadInput with every fault of every file, each with its file and table.
    """
    return dict(_model_register() if folder is None else _load(folder))


class Values:
    """Parameters as numbers, read as attributes: plain floats in Python, one record of float64 in compiled loops.

    Numba asks for ``_numba_type_`` and ``data``. A NumPy record would read the same, but at a hundred times the price:
    its hundreds of fields are hashed at every call of a loop.
    """

    def __init__(self, numbers: Mapping[str, float]) -> None:
        self.__dict__.update(numbers)
        self.data = np.array(list(numbers.values()), np.float64).tobytes()
        self._names = tuple(numbers)

    @cached_property
    def _numba_type_(self) -> Any:
        from numba.np.numpy_support import from_dtype

        return from_dtype(np.dtype([(name, np.float64) for name in self._names]))

    def __getattr__(self, name: str) -> float:
        raise AttributeError(f"no parameter {name!r}")


def values(departures: Mapping[str, float] | None = None, folder: Traversable | None = None) -> Values:
    """Return a number for each parameter, sorted by name, in the units of the sources.

    ``departures`` replace values by name.
    Raises BadInput for an unknown name or a value that is no number or outside the range of its parameter.
    """
    known = register(folder)
    departures = departures or {}
    faults = [fault for name, value in departures.items() if (fault := _departure_fault(name, value, known))]
    if faults:
        raise BadInput("\n".join(faults))
    return Values({name: float(departures.get(name, parameter.value)) for name, parameter in known.items()})


def register_table(folder: Traversable | None = None) -> "pd.DataFrame":
    """Return the register as a table for printing: one row a parameter, in the order of topics and names."""
    import pandas as pd

    columns = ("name", "topic", "value", "unit", "grade", "low", "high", "source", "href", "why")
    rows = [
        (p.name, p.topic, p.value, p.unit, p.grade, *p.range, p.source or "", p.href or "", p.why or "",
         p.role or "", p.opposed_by or "", p.governance, p.note or "")
        for p in sorted(register(folder).values(), key=lambda p: (p.topic, p.name))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*columns, "role", "opposed_by", "governance", "note"])


@cache
def _model_register() -> dict[str, Parameter]:
    return _load(files("ecology.evidence").joinpath("parameters"))


def _load(folder: Traversable) -> dict[str, Parameter]:
    """Read every TOML file of a folder; refuse with all faults at once."""
    tables, faults = _read(folder)
    for name, (topic, table) in tables.items():
        found = _name_faults(name) + _table_faults(table) + _opposition_faults(table, tables)
        faults += [f"{topic}.toml: {name}: {fault}" for fault in found]
    if faults:
        raise BadInput("\n".join(faults))
    return {name: _parameter(name, topic, table) for name, (topic, table) in sorted(tables.items())}


def _read(folder: Traversable) -> tuple[dict[str, tuple[str, Any]], list[str]]:
    """Return (topic, table) by name from every TOML file, and what could not be read."""
    tables: dict[str, tuple[str, Any]] = {}
    sources = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    faults = [] if sources else [f"{folder}: no file of parameters (*.toml) here."]
    for source in sources:
        try:
            content = tomllib.loads(source.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{source.name}: not valid TOML: {error}.")
            continue
        topic = source.name.removesuffix(".toml")
        for name, table in content.items():
            if name in tables:
                faults.append(f"{source.name}: {name}: stands already in {tables[name][0]}.toml; use a name once.")
            else:
                tables[name] = (topic, table)
    return tables, faults


def _parameter(name: str, topic: str, table: dict[str, Any]) -> Parameter:
    low, high = table["range"]
    rest = {field: table[field] for field in FIELDS if field in table and field not in ("value", "range")}
    return Parameter(name=name, topic=topic, value=float(table["value"]), range=(float(low), float(high)), **rest)


def _name_faults(name: str) -> list[str]:
    if not SNAKE_CASE.fullmatch(name) or keyword.iskeyword(name):
        return ["not a snake_case name (small letters, digits and underscores, starting with a letter)."]
    if hasattr(Values, name) or name == "data":
        return ["this name is taken by every record of numbers, so that it could not be read; choose another."]
    return []


def _table_faults(table: object) -> list[str]:
    """Return what is wrong with one table, seen for itself."""
    if not isinstance(table, dict):
        return ["stands outside a table; a parameter is a table with value, unit, grade, range and source or why."]
    faults = [f"{field} is missing." for field in REQUIRED if field not in table]
    for field in table:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            faults.append(f"{field}: no such field.{hint} Fields: {', '.join(FIELDS)}.")
    for field in TEXTS:
        if field in table and not (isinstance(table[field], str) and table[field].strip()):
            faults.append(f"{field} must be a text that is not empty, not {table[field]!r}.")
    if not isinstance(table.get("governance", False), bool):
        faults.append(f"governance must be true or false, not {table['governance']!r}.")
    return faults + _grade_faults(table) + _number_faults(table)


def _grade_faults(table: dict[str, Any]) -> list[str]:
    faults = []
    grade, role = table.get("grade"), table.get("role")
    if isinstance(grade, str) and grade.strip() and grade not in GRADES:
        faults.append(f"grade {grade!r} is none of: {', '.join(GRADES)}.")
    if grade == "assumption" and "why" not in table:
        faults.append("why is missing: an assumption says why.")
    if grade in GRADES and grade != "assumption" and "source" not in table:
        faults.append(f"source is missing: grade {grade!r} names its source.")
    if isinstance(role, str) and role.strip() and role not in ROLES:
        faults.append(f"role {role!r} is none of: {', '.join(ROLES)}.")
    if role == "benefit" and "opposed_by" not in table:
        faults.append("opposed_by is missing: a benefit names the cost that works against it.")
    return faults


def _number_faults(table: dict[str, Any]) -> list[str]:
    faults = []
    value, span = table.get("value", 0), table.get("range", [0, 0])
    if not _is_number(value):
        faults.append(f"value must be one finite number, not {value!r}.")
    if not (isinstance(span, list) and len(span) == len(("low", "high")) and all(map(_is_number, span))):
        faults.append(f"range must be two finite numbers [low, high], not {span!r}.")
    elif span[0] > span[1]:
        faults.append(f"range {span} is reversed: low comes first.")
    elif "value" in table and "range" in table and _is_number(value) and not span[0] <= value <= span[1]:
        faults.append(f"value {value} lies outside its range {span}.")
    return faults


def _opposition_faults(table: object, tables: dict[str, tuple[str, Any]]) -> list[str]:
    """Return the fault of a parameter whose opposing cost does not exist or is no cost."""
    opposed_by = table.get("opposed_by") if isinstance(table, dict) else None
    if not isinstance(opposed_by, str) or not opposed_by.strip():
        return []
    if opposed_by not in tables:
        return [str(no_such("parameter", opposed_by, tables, "opposed_by"))]
    opposing = tables[opposed_by][1]
    if not isinstance(opposing, dict) or opposing.get("role") != "cost":
        return [f'opposed_by: {opposed_by} is no cost; it needs role = "cost".']
    return []


def _departure_fault(name: str, value: float, known: dict[str, Parameter]) -> str | None:
    if name not in known:
        return str(no_such("parameter", name, known, "parameters"))
    parameter = known[name]
    low, high = parameter.range
    if not _is_number(value):
        return f"parameters: {name}: must be one finite number ({parameter.unit}), not {value!r}."
    if not low <= value <= high:
        return (
            f"parameters: {name}: {value} lies outside its range {low:g} to {high:g} {parameter.unit}"
            f" ({parameter.standing.rstrip('.')})."
        )
    return None


def _is_number(value: object) -> bool:
    """Say whether this is one finite number; numpy scalars count, True and False do not."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return math.isfinite(value)
