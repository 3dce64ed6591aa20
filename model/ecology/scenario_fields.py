"""What each field of a scenario may hold: a check for each, which returns the value or refuses with a sentence."""

import datetime
import operator
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from ecology.errors import BadInput
from ecology.lever_tables import presets
from ecology.scenario_dates import horizon_faults
from ecology.scenario_faults import clipped, fault, refuse, shown, unknown
from ecology.scenario_limits import Limit, children_limit, first_day, past_years_limit, reading, years_limit
from ecology.scenario_pressure import pressure_names

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ENGLAND = "England"
HOLD_LAST = "hold_last"
EXTRAPOLATIONS = ("refuse", HOLD_LAST)


def check_name(value: object, info: ValidationInfo) -> str:
    """Small letters, digits, ``_`` and ``-``: the name becomes a label and part of file names."""
    if isinstance(value, str) and NAME.fullmatch(value) and len(value) <= reading("name_characters"):
        return value
    raise fault(
        info,
        f"{shown(value)} must be small letters, digits, _ and -, at most {reading('name_characters')} of them"
        " (the file's name is taken when none is given).",
    )


def check_why(value: object, info: ValidationInfo) -> str:
    """Why this scenario exists: a text that is not empty and holds no control characters."""
    if not isinstance(value, str) or not value.strip():
        raise fault(info, f"must say in a sentence what this scenario is for, not {shown(value)}.")
    if not all(character.isprintable() or character in "\n\t" for character in value):
        raise fault(info, "holds control characters; write plain text.")
    return value


def check_base(value: object, info: ValidationInfo) -> None:
    """Refuse a base: it is merged when a file is read; given otherwise it would be silently ignored."""
    if value is not None:
        raise fault(info, "only a file has a base; here, load that scenario and use with_changes.")


def check_authority(value: object, info: ValidationInfo) -> str:
    """Return the full name of an authority with data, or England for a nameless one at England's mean."""
    if value == ENGLAND:
        return ENGLAND
    if not isinstance(value, str):
        raise fault(info, f"must be the name of an authority, not {shown(value)}.")
    from ecology.evidence import profiles  # on demand: it reads a table of 151 authorities

    try:
        return profiles.find(clipped(value))
    except BadInput as error:
        raise fault(info, str(error)) from None


def check_children(value: object, info: ValidationInfo) -> int | None:
    """Return how many children a smaller place has, within the scope of the model; None for all of them."""
    return None if value is None else _whole(value, info, children_limit())


def check_years(value: object, info: ValidationInfo) -> int:
    """Return the years from the switch."""
    return _whole(value, info, years_limit())


def check_past_years(value: object, info: ValidationInfo) -> int:
    """Return the years of past before 1 April 2010."""
    return _whole(value, info, past_years_limit())


def check_pressure(value: object, info: ValidationInfo) -> str:
    """Return the name of a pressure."""
    return _choice(value, pressure_names(), info)


def check_regime(value: object, info: ValidationInfo) -> str:
    """Return the name of one of the seven presets."""
    return _choice(value, presets(), info)


def check_extrapolation(value: object, info: ValidationInfo) -> str:
    """Return what happens beyond the published inputs; refuse years that go there unless somebody said how."""
    chosen = _choice(value, EXTRAPOLATIONS, info)
    refuse(horizon_faults(info.data, holds_last=chosen == HOLD_LAST))
    return chosen


def check_switch_date(value: object, info: ValidationInfo) -> datetime.date:
    """Return a date on or after the first day of the inputs."""
    day = day_or_none(value)
    if day is None:
        raise fault(info, f"must be a date such as {first_day()}, not {shown(value)}.")
    if day < first_day():
        raise fault(info, f"{day} lies before {first_day()}, the first day with published inputs.")
    if day.year - first_day().year >= years_limit().high:
        raise fault(info, f"{day} lies {years_limit().high} years or more after {first_day()}: too far to go.")
    return day


def day_or_none(value: object) -> datetime.date | None:
    """Return a date (TOML's own or a text like 2010-04-01); None for anything else, a date with a time included."""
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime) else None


def _whole(value: object, info: ValidationInfo, limit: Limit) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise fault(info, f"must be a whole number of {limit.unit}, not {shown(value)}.")
    number = operator.index(value)
    if not limit.low <= number <= limit.high:
        outside = f"{shown(number)} lies outside {limit.low:,} to {limit.high:,} {limit.unit}"
        raise fault(info, f"{outside} ({limit.standing}).")
    return number


def _choice(value: object, options: Iterable[str], info: ValidationInfo) -> str:
    names = list(options)
    if not isinstance(value, str):
        raise fault(info, f"must be one of {', '.join(names)}, not {shown(value)}.")
    if value not in names:
        raise fault(info, f"{shown(value)}: {unknown(str(info.field_name), value, names)}")
    return value


Name = Annotated[str, PlainValidator(check_name)]
Why = Annotated[str, PlainValidator(check_why)]
Base = Annotated[str | None, PlainValidator(check_base)]
Authority = Annotated[str, PlainValidator(check_authority)]
NumberOfChildren = Annotated[int | None, PlainValidator(check_children)]
PressureName = Annotated[str, PlainValidator(check_pressure)]
Regime = Annotated[str, PlainValidator(check_regime)]
SwitchDate = Annotated[datetime.date, PlainValidator(check_switch_date)]
Years = Annotated[int, PlainValidator(check_years)]
PastYears = Annotated[int, PlainValidator(check_past_years)]
Extrapolation = Annotated[str, PlainValidator(check_extrapolation)]
