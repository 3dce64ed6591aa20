"""The tables of a scenario: levers, parameters, failure modes and events, each checked entry by entry."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import PlainValidator, ValidationInfo

from ecology import evidence
from ecology.lever_tables import event_kinds, failure_modes, levers
from ecology.scenario_dates import event_date_faults
from ecology.scenario_faults import Fault, fault, is_number, refuse, shown, unknown
from ecology.scenario_fields import day_or_none
from ecology.scenario_limits import first_day, week_of

Value = TypeVar("Value")
FIELDS_OF_THEIR_OWN = ("past_years",)
EVENT_FIELDS = ("date", "kind", "size")


class FrozenTable(dict[str, Value]):
    """A dict, sorted by key, that cannot be changed: many runs share one scenario."""

    def __init__(self, items: Mapping[str, Value] | None = None) -> None:
        super().__init__(sorted((items or {}).items()))

    def __reduce__(self) -> tuple[type, tuple[dict[str, Value]]]:
        return type(self), (dict(self),)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a scenario does not change; use scenario.with_changes(...)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in the world in one week; ``size`` is in the unit of its kind."""

    date: datetime.date
    kind: str
    size: float

    @property
    def week(self) -> int:
        """The model week of the date."""
        return week_of(self.date)


def check_levers(value: object, info: ValidationInfo) -> FrozenTable[float]:
    """Return departures from the regime: lever → 0 to 1. A lever without mechanism yet can only be 0."""
    return FrozenTable({name: float(number) for name, number in _checked(value, info, _lever_fault).items()})


def check_parameters(value: object, info: ValidationInfo) -> FrozenTable[float]:
    """Return departures from the register: parameter → a number within its range."""
    return FrozenTable({name: float(number) for name, number in _checked(value, info, _parameter_fault).items()})


def check_failure_modes(value: object, info: ValidationInfo) -> FrozenTable[bool]:
    """Return failure modes switched on or off by name; those not named are on."""
    return FrozenTable(_checked(value, info, _failure_mode_fault))


def check_events(value: object, info: ValidationInfo) -> tuple[Event, ...]:
    """Return dated events in the order of their weeks."""
    if not isinstance(value, list | tuple):
        raise fault(info, f"must be a list of tables with {', '.join(EVENT_FIELDS)}, not {shown(value)}.")
    tables = [_table(item) for item in value]
    numbered = enumerate(tables, start=1)
    refuse((("events", number, *loc), text) for number, table in numbered for loc, text in _event_faults(table))
    events = [Event(day_or_none(t["date"]) or first_day(), t["kind"], float(t["size"])) for t in tables]
    refuse(event_date_faults([event.date for event in events], info.data))
    return tuple(sorted(events, key=lambda event: (event.week, event.kind, event.size)))


def _checked(value: object, info: ValidationInfo, entry_fault: Callable[[str, Any], str | None]) -> Mapping[str, Any]:
    """Return a table whose every entry passes; refuse it with the faults of all entries."""
    field = str(info.field_name)
    if not isinstance(value, Mapping):
        raise fault(info, f"must be a table, not {shown(value)}.")
    entries = ((str(name), entry_fault(str(name), entry)) for name, entry in value.items())
    refuse(((field, name), sentence) for name, sentence in entries if sentence)
    return value


def _lever_fault(name: str, value: Any) -> str | None:
    if name not in levers():
        return unknown("lever", name, levers())
    if not is_number(value) or not 0 <= value <= 1:
        return f"must be a number from 0 (not at all) to 1 (in full), as every lever, not {shown(value)}."
    if value and not levers()[name].active:
        return "this version has no mechanism for this lever yet, so that it can only be 0; leave it out."
    return None


def _parameter_fault(name: str, value: Any) -> str | None:
    if name in FIELDS_OF_THEIR_OWN:
        return f"is a field of the scenario itself: write {name} = {shown(value)} outside this table."
    known = evidence.register()
    if name not in known:
        return unknown("parameter", name, known)
    parameter = known[name]
    low, high = parameter.range
    if is_number(value) and low <= value <= high:
        return None
    return f"must be a number from {low:g} to {high:g} {parameter.unit}, not {shown(value)} ({parameter.standing})."


def _failure_mode_fault(name: str, value: Any) -> str | None:
    if name not in failure_modes():
        return unknown("failure mode", name, failure_modes())
    return None if isinstance(value, bool) else f"must be true or false, not {shown(value)}."


def _table(item: object) -> Any:
    """Return an event as the table that makes it; anything else as it is."""
    return {field: getattr(item, field) for field in EVENT_FIELDS} if isinstance(item, Event) else item


def _event_faults(table: object) -> Iterator[Fault]:
    if not isinstance(table, Mapping):
        yield (), f"must be a table with {', '.join(EVENT_FIELDS)}, not {shown(table)}."
        return
    for field in table:
        if field not in EVENT_FIELDS:
            yield (str(field),), unknown("field", field, EVENT_FIELDS)
    for field in EVENT_FIELDS:
        if field not in table:
            yield (field,), "is missing."
    if "date" in table and day_or_none(table["date"]) is None:
        yield ("date",), f"must be a date such as {first_day()}, not {shown(table['date'])}."
    if "kind" in table:
        yield from _kind_faults(table["kind"], table.get("size", 0))


def _kind_faults(name: object, size: Any) -> Iterator[Fault]:
    kind = event_kinds().get(name) if isinstance(name, str) else None
    if kind is None:
        yield ("kind",), f"{shown(name)}: {unknown('kind of event', name, event_kinds())}"
        return
    low, high = kind.range
    if not kind.active:
        yield ("kind",), f"this version has no mechanism for {kind.name} yet; leave the event out."
    if not is_number(size) or not low <= size <= high:
        yield ("size",), f"must be a number from {low:g} to {high:g} ({kind.unit}), not {shown(size)} ({kind.why})."


Levers = Annotated[Mapping[str, float], PlainValidator(check_levers)]
Departures = Annotated[Mapping[str, float], PlainValidator(check_parameters)]
Switches = Annotated[Mapping[str, bool], PlainValidator(check_failure_modes)]
Events = Annotated[tuple[Event, ...], PlainValidator(check_events)]
