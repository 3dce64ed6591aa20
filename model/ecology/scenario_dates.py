"""Dates of a scenario that contradict each other or go beyond what is known."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ecology.scenario_faults import Fault
from ecology.scenario_limits import day_of, end_of_inputs, first_day, last_day_of_inputs, week_of, years_limit
from ecology.scenario_pressure import pressure
from ecology.vocabulary import WEEKS_A_YEAR

__all__ = ["day_of", "event_date_faults", "horizon_faults", "last_day_before", "week_of"]


def event_date_faults(dates: Sequence[datetime.date], data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield events before the past starts or after the scenario ends; ``data`` holds the fields that are valid."""
    if not {"switch_date", "past_years", "years"} <= data.keys():
        return
    first = -data["past_years"] * WEEKS_A_YEAR
    end = week_of(data["switch_date"]) + data["years"] * WEEKS_A_YEAR
    for number, day in enumerate(dates, start=1):
        path = ("events", number, "date")
        if week_of(day) < first:
            yield path, f"{day} lies before {day_of(first)}, when the past starts ({data['past_years']} years of it)."
        if week_of(day) >= end:
            yield path, f"{day} lies after the end, {last_day_before(end)} ({data['years']} years from the switch)."


def horizon_faults(data: Mapping[str, Any], holds_last: bool) -> Iterator[Fault]:
    """Yield years beyond the published inputs, unless the scenario says how to go on without them."""
    if not {"switch_date", "years", "pressure"} <= data.keys():
        return
    start = week_of(data["switch_date"])
    end = start + data["years"] * WEEKS_A_YEAR
    most_years = years_limit().high
    asked = f"{data['years']} years from {data['switch_date']} end on {last_day_before(end)}"
    if end > most_years * WEEKS_A_YEAR:
        yield ("years",), f"{asked}, more than {most_years} years after {first_day()}."
        return
    if end <= end_of_inputs() or holds_last or pressure(data["pressure"]).holds_everything:
        return
    way_out = 'extrapolation = "hold_last" or pressure = "none" goes on without inputs'
    left = (end_of_inputs() - start) // WEEKS_A_YEAR
    if left:
        inputs_end = f"but the inputs end on {last_day_of_inputs()}: at most {left} from there"
        yield ("years",), f"{asked}, {inputs_end}, or {way_out}."
    else:
        late = f"leaves no whole year before the inputs end on {last_day_of_inputs()}"
        yield ("switch_date",), f"{data['switch_date']} {late}; {way_out}."


def last_day_before(week: int) -> datetime.date:
    """Return the last day of the week before a model week."""
    return day_of(week) - datetime.timedelta(days=1)
