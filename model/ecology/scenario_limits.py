"""What a scenario may ask for, and the model's calendar: 52 weeks a year from each 1 April."""

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ecology import evidence
from ecology.vocabulary import DAYS_A_WEEK, FIRST_YEAR, WEEKS_A_YEAR

APRIL = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """The whole numbers that a field may take, where they come from, and the one it has when nobody says otherwise."""

    low: int
    high: int
    default: int
    unit: str
    standing: str


@cache
def years_limit() -> Limit:
    """Return how many years a scenario may have from its switch."""
    table = _file()["years"]
    low, high = table["range"]
    return Limit(low, high, table["default"], table["unit"], f"why: {table['why']}")


@cache
def past_years_limit() -> Limit:
    """Return how many years of past a scenario may have before 1 April 2010; a parameter of that name says it."""
    past = evidence.register()["past_years"]
    return Limit(int(past.range[0]), int(past.range[1]), int(past.value), past.unit, past.standing)


@cache
def children_limit() -> Limit:
    """Return how many children a smaller place may have; two parameters say it."""
    fewest, most = (evidence.register()[name] for name in ("fewest_children", "most_children"))
    return Limit(int(fewest.value), int(most.value), int(most.value), fewest.unit, fewest.standing)


def reading(what: str) -> int:
    """Return how much of something a reader takes or shows: bytes, dots_in_a_line, bases, faults, characters."""
    return int(_file()["reading"][what])


def first_day() -> datetime.date:
    """Return the first day of week 0: published inputs start here, and so do the possible switch dates."""
    return datetime.date(FIRST_YEAR, APRIL, 1)


def last_day_of_inputs() -> datetime.date:
    """Return the last day for which population, poverty and money are published."""
    day = _file()["last_day_of_inputs"]
    assert isinstance(day, datetime.date)
    return day


def end_of_inputs() -> int:
    """Return the first week without published inputs."""
    return week_of(last_day_of_inputs()) + 1


def week_of(day: datetime.date) -> int:
    """Return the model week of a date: 0 from 1 April 2010, negative before; the 52nd week takes the days left over."""
    year = day.year if (day.month, day.day) >= (APRIL, 1) else day.year - 1
    week_of_year = (day - datetime.date(year, APRIL, 1)).days // DAYS_A_WEEK
    return (year - FIRST_YEAR) * WEEKS_A_YEAR + min(week_of_year, WEEKS_A_YEAR - 1)


def day_of(week: int) -> datetime.date:
    """Return the first day of a model week."""
    years, week_of_year = divmod(week, WEEKS_A_YEAR)
    return datetime.date(FIRST_YEAR + years, APRIL, 1) + datetime.timedelta(weeks=week_of_year)


@cache
def _file() -> dict[str, Any]:
    path = files("ecology") / "evidence" / "scenario_limits.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
