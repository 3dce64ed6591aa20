"""What governance is made of, as data: levers, presets, failure modes, bundles and kinds of events.

The tables stand in ``evidence/*.toml``. Reading them is cheap (standard library only) and strict: a lever that does
not exist, a field too many or too few, or a value outside its range is refused.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from ecology.errors import BadInput, no_such

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever of governance, from 0 to 1: what it does, what is charged for it, whether this version has it."""

    name: str
    does: str
    charged: str
    active: bool


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of dated event, what its size measures, and whether this version has it."""

    name: str
    does: str
    unit: str
    range: tuple[float, float]
    why: str
    active: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """A recommendation as departures from the regime ``fragmented``, run at each value of ``decision_hub``."""

    name: str
    recommendation: int
    does: str
    levers: Mapping[str, float]
    decision_hub: tuple[float, ...]
    joint_inspection: bool


@cache
def levers() -> Mapping[str, Lever]:
    """Return the thirteen levers by name, in the order of the tables."""
    return MappingProxyType(read_levers(_file("levers.toml")))


@cache
def presets() -> Mapping[str, Mapping[str, float]]:
    """Return regime → lever → value for the seven regimes, as the table has them (levers without mechanism too)."""
    return MappingProxyType(read_presets(_file("presets.toml"), levers()))


def preset_spread() -> float:
    """Return how far uncertainty studies draw a preset's value to either side, within 0 to 1."""
    return float(_file("presets.toml")["spread"])


def status_quo() -> str:
    """Return the name of the regime under which every past runs."""
    return str(_file("presets.toml")["status_quo"])


@cache
def failure_modes() -> Mapping[str, str]:
    """Return the fifteen ways in which orchestration can fail, each with its sentence."""
    return MappingProxyType(read_failure_modes(_file("failure_modes.toml")))


@cache
def event_kinds() -> Mapping[str, EventKind]:
    """Return the kinds of dated events by name."""
    return MappingProxyType(read_event_kinds(_file("events.toml")))


@cache
def bundles() -> Mapping[str, Bundle]:
    """Return the recommendations of the position paper (§3.5) as bundles of levers."""
    return MappingProxyType(read_bundles(_file("bundles.toml"), levers()))


def lever_values(regime: str, departures: Mapping[str, float]) -> dict[str, float]:
    """Return all thirteen values: those of the regime, replaced by departures; 0 where there is no mechanism yet."""
    values = {**presets()[regime], **departures}
    return {name: float(values[name]) if lever.active else 0.0 for name, lever in levers().items()}


def read_levers(tables: Mapping[str, Any]) -> dict[str, Lever]:
    """Return the levers of a table; raise BadInput with every fault."""
    kinds = {"does": str, "charged": str, "active": bool}
    _refuse(fault for name, table in tables.items() for fault in _faults(f"levers.toml: {name}", table, kinds))
    return {name: Lever(name=name, **table) for name, table in tables.items()}


def read_presets(tables: Mapping[str, Any], known: Iterable[str]) -> dict[str, Mapping[str, float]]:
    """Return the regimes of a table, each with a value for every known lever and for nothing else."""
    names = list(known)
    kinds = {"grade": str, "why": str, "spread": float, "status_quo": str, "presets": dict}
    _refuse(_faults("presets.toml", tables, kinds))
    regimes = tables["presets"]
    _refuse(fault for regime, table in regimes.items() for fault in _value_faults(f"presets.{regime}", table, names))
    _refuse(
        f"presets.toml: presets.{regime}: {name} is missing."
        for regime, table in regimes.items()
        for name in names
        if name not in table
    )
    if tables["status_quo"] not in regimes:
        raise no_such("regime", tables["status_quo"], regimes, "presets.toml: status_quo")
    return {r: MappingProxyType({name: float(table[name]) for name in names}) for r, table in regimes.items()}


def read_failure_modes(tables: Mapping[str, Any]) -> dict[str, str]:
    """Return the failure modes of a table, each one sentence."""
    _refuse(_faults("failure_modes.toml", tables, dict.fromkeys(tables, str)))
    return dict(tables)


def read_event_kinds(tables: Mapping[str, Any]) -> dict[str, EventKind]:
    """Return the kinds of events of a table; raise BadInput with every fault."""
    kinds = {"does": str, "unit": str, "range": list, "why": str, "active": bool}
    _refuse(fault for name, table in tables.items() for fault in _faults(f"events.toml: {name}", table, kinds))
    return {n: EventKind(name=n, **{**table, "range": _span(n, table["range"])}) for n, table in tables.items()}


def read_bundles(tables: Mapping[str, Any], known: Iterable[str]) -> dict[str, Bundle]:
    """Return the bundles of a table; raise BadInput with every fault."""
    names = list(known)
    kinds = {"recommendation": int, "does": str, "levers": dict, "decision_hub": list, "joint_inspection": bool}
    _refuse(fault for name, table in tables.items() for fault in _faults(f"bundles.toml: {name}", table, kinds))
    _refuse(fault for n, table in tables.items() for fault in _value_faults(f"bundles.{n}", table["levers"], names))
    return {
        name: Bundle(
            name=name,
            recommendation=table["recommendation"],
            does=table["does"],
            levers=MappingProxyType({lever: float(value) for lever, value in table["levers"].items()}),
            decision_hub=tuple(float(hub) for hub in table["decision_hub"]),
            joint_inspection=table["joint_inspection"],
        )
        for name, table in tables.items()
    }


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((files("ecology") / "evidence" / name).read_text(encoding="utf-8"))


def _refuse(faults: Iterable[str]) -> None:
    found = list(faults)
    if found:
        raise BadInput("\n".join(found))


def _faults(where: str, table: object, kinds: Mapping[str, type]) -> Iterable[str]:
    """Yield what is wrong with the fields of one table: too many, too few, of another type, empty."""
    if not isinstance(table, Mapping):
        yield f"{where}: must be a table with {', '.join(kinds)}."
        return
    for field in table:
        if field not in kinds:
            yield str(no_such("field", field, kinds, where))
    for field, kind in kinds.items():
        if field not in table:
            yield f"{where}: {field} is missing."
        elif type(table[field]) is not kind or table[field] == "":
            yield f"{where}: {field} must be a {kind.__name__} that is not empty, not {table[field]!r}."


def _value_faults(where: str, table: object, known: list[str]) -> Iterable[str]:
    """Yield what is wrong with a table lever → value."""
    if not isinstance(table, Mapping):
        yield f"{where}: must be a table of levers."
        return
    for name, value in table.items():
        if name not in known:
            yield str(no_such("lever", name, known, where))
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            yield f"{where}: {name} must be a number from 0 to 1, not {value!r}."


def _span(name: str, numbers: list[Any]) -> tuple[float, float]:
    try:
        low, high = (float(number) for number in numbers)
    except (TypeError, ValueError):
        low, high = 1.0, 0.0
    if not low <= high:
        raise BadInput(f"events.toml: {name}: range must be two numbers, the lower one first, not {numbers!r}.")
    return low, high


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how far apart two regimes are: the mean absolute difference of their levers, 0 to 1."""
    return sum(abs(one[name] - other[name]) for name in one) / len(one)
