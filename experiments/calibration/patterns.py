"""Patterns: published figures of 2010/11 to 2016/17 with their errors, and the same figures of a simulated place."""

import csv
import hashlib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from ecology.errors import BadInput

LEVEL, TREND = "level", "trend"
FIRST_YEAR, LAST_YEAR = 2011, 2017
"""Years ending 31 March to which the model is fitted; what is later and used all the same says so (``at``)."""
_YEARS_OF_A_TREND = 3
_PERCENT, _PER_10_000 = 100.0, 10_000.0
_PUBLISHED = "evidence/data/published"
_PATTERNS = "calibration/patterns.toml"
CHILDREN = "population_children_aged_0_to_17_years"

Series = Mapping[int, float]
"""By year ending 31 March."""
Years = dict[int, dict[str, float]]
"""Yearly measures of one run, by year ending 31 March and name."""


@dataclass(frozen=True)
class Pattern:
    """One published series and how a run is read to be compared with it (fields: see ``patterns.toml``)."""

    name: str
    told: str
    measure: tuple[str, ...]
    features: tuple[str, ...]
    error: float
    discrepancy: float
    fitted: bool
    why: str
    published: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    expression: str = ""
    at: int | None = None
    september: bool = False
    authorities: str = ""
    per: tuple[str, ...] | str = ()
    trend_discrepancy: float = 0.0
    implied: bool = False

    @property
    def use(self) -> str:
        """What the pattern is for, in words."""
        return "fitted" if self.fitted else "implied" if self.implied else "not fitted"

    @property
    def in_points(self) -> bool:
        """Whether the pattern is a percentage, so that its trend is told in points."""
        return "%" in self.told


@dataclass(frozen=True)
class Item:
    """One number to be met: a feature of a pattern, what was published, and how far off counts as met."""

    pattern: Pattern
    feature: str
    years: tuple[int, ...]
    value: float
    spread: float

    @property
    def name(self) -> str:
        """The pattern's name and the feature's."""
        return f"{self.pattern.name} {self.feature}"


@cache
def patterns() -> dict[str, Pattern]:
    """Return every pattern by name, in the order of ``patterns.toml``."""
    text = files("experiments").joinpath(_PATTERNS).read_text(encoding="utf-8")
    lists = ("measure", "features", "published", "against", "rows")
    found = {}
    for name, told in tomllib.loads(text).items():
        fields: dict[str, Any] = {key: tuple(value) if key in lists else value for key, value in told.items()}
        if isinstance(fields.get("per"), list):
            fields["per"] = tuple(fields["per"])
        found[name] = Pattern(name, **fields)
    return found


def digest() -> str:
    """Return a digest of the text that says which figures are to be met and how far off counts as met."""
    return hashlib.sha256(files("experiments").joinpath(_PATTERNS).read_bytes()).hexdigest()[:16]


@cache
def items() -> tuple[Item, ...]:
    """Return the numbers to be met, from the published figures."""
    return items_of(england_rows(), authority_rows(), FIRST_YEAR, LAST_YEAR)


def items_of(
    england: Sequence[Mapping[str, str]], by_authority: Sequence[Mapping[str, str]], first: int, last: int
) -> tuple[Item, ...]:
    """Return the numbers that published figures of some years hold; a trend needs three years."""
    found = []
    for pattern in patterns().values():
        series = published(pattern, england, by_authority, first, last)
        wanted = [name for name in pattern.features if series and (name == LEVEL or len(series) >= _YEARS_OF_A_TREND)]
        found += [_item(pattern, feature, series) for feature in wanted]
    return tuple(found)


def _item(pattern: Pattern, feature: str, series: Series) -> Item:
    told = features(pattern, series, tuple(series))
    value, level = told[feature], told[LEVEL]
    if level == 0.0:
        raise BadInput(f"{pattern.told}: the published level is 0, from which no distance can be told.")
    if feature == LEVEL:
        spread = float(np.hypot(pattern.error, pattern.discrepancy) * level)
    else:
        unit = level / _PERCENT if pattern.in_points else 1.0
        spread = float(np.hypot(pattern.trend_discrepancy, _PERCENT * pattern.error / len(series) * unit))
    return Item(pattern, feature, tuple(series), value, spread)


def features(pattern: Pattern, series: Series, years: Sequence[int]) -> dict[str, float]:
    """Return level and trend of a series over some of its years; the trend of a single year is 0."""
    values = np.array([series[year] for year in years])
    level = float(values.mean())
    slope = float(np.polyfit(years, values, 1)[0]) if len(years) > 1 else 0.0
    trend = slope if pattern.in_points or level == 0.0 else _PERCENT * slope / level
    return {LEVEL: level, TREND: trend}


# Published -----------------------------------------------------------------------------------------------------------


@cache
def england_rows() -> tuple[dict[str, str], ...]:
    """Return the published figures for England: all rows, with their years and whether they were verified."""
    return tuple(_packaged("england.csv"))


@cache
def authority_rows() -> tuple[dict[str, str], ...]:
    """Return the published figures by authority and year."""
    return tuple(_packaged("local_authorities.csv"))


def _packaged(name: str) -> list[dict[str, str]]:
    with files("ecology").joinpath(f"{_PUBLISHED}/{name}").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def published(
    pattern: Pattern, england: Iterable[Mapping[str, str]], by_authority: Iterable[Mapping[str, str]], first: int,
    last: int,
) -> dict[int, float]:  # fmt: skip
    """Return the published series of a pattern between two years; rows that nobody verified are never read."""
    verified = [row for row in england if row["verified"] == "yes" and row["geography"] != "LA quintiles"]
    if pattern.rows:
        series = _of_rows(pattern, verified)
    elif pattern.authorities:
        series = dict(_mean_by_referrals(by_authority, pattern.authorities))
    else:
        of_england = [row for row in verified if row["geography"] == "England"]
        series = dict(_sum_of(of_england, pattern.published))
        if pattern.against:
            whole = _sum_of(of_england, pattern.against)
            series = {year: _PERCENT * value / whole[year] for year, value in series.items() if whole.get(year)}
    if pattern.september:
        series = {year + 1: value for year, value in series.items()}
    return {year: series[year] for year in sorted(series) if first <= year <= last}


def _of_rows(pattern: Pattern, rows: Iterable[Mapping[str, str]]) -> dict[int, float]:
    """Return means by year of the rows that a pattern names."""
    found: dict[int, list[float]] = {}
    quantities = {row["id"]: row["quantity"] for row in england_rows()}
    for row in rows:
        year = pattern.at or _year(row["year"])
        if row["id"] in pattern.rows and row["quantity"] == quantities[row["id"]] and year is not None:
            found.setdefault(year, []).append(_figure(pattern, row))
    return {year: float(np.mean(values)) for year, values in found.items()}


def _figure(pattern: Pattern, row: Mapping[str, str]) -> float:
    """Return the figure of a row: its value, or what the pattern's expression finds in its value or note.

    Raises BadInput if there is none.
    """
    if not pattern.expression:
        return _value(row)
    found = re.search(pattern.expression, f"{row['value']} {row.get('note', '')}")
    if found is None:
        raise BadInput(f"row {row['id']}: neither value nor note holds a figure of the form {pattern.expression}.")
    return float(found[1])


def _value(row: Mapping[str, str]) -> float:
    try:
        value = float(row["value"])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadInput(f"row {row['id']} ({row['quantity']}): the value {row['value']!r} is no number.")
    return value


def _sum_of(rows: Iterable[Mapping[str, str]], quantities: Sequence[str]) -> dict[int, float]:
    """Return by year the sum of quantities, for years in which all of them were published."""
    found: dict[str, dict[int, float]] = {name: {} for name in quantities}
    for row in rows:
        year = _year(row["year"])
        if row["quantity"] in found and year is not None:
            found[row["quantity"]].setdefault(year, _value(row))
    common = set.intersection(*(set(series) for series in found.values())) if found else set()
    return {year: sum(series[year] for series in found.values()) for year in common}


def _mean_by_referrals(rows: Iterable[Mapping[str, str]], column: str) -> dict[int, float]:
    sums: dict[int, list[float]] = {}
    for row in rows:
        if row.get(column) and row.get("referrals"):
            weight = float(row["referrals"])
            total = sums.setdefault(int(row["year"]), [0.0, 0.0])
            total[0] += weight * float(row[column])
            total[1] += weight
    return {year: part / whole for year, (part, whole) in sums.items()}


def _year(text: str) -> int | None:
    """Return the year ending 31 March: ``2013`` and ``2012/13`` are 2013; None for anything else."""
    first, slash, last = text.partition("/")
    if slash and first.isdecimal() and last.isdecimal():
        return int(first) + 1 if len(last) == 2 else None
    return int(text) if text.isdecimal() else None


# Simulated -----------------------------------------------------------------------------------------------------------


def simulated(pattern: Pattern, years: Mapping[int, Mapping[str, float]]) -> dict[int, float]:
    """Return a pattern's series in a run, from its yearly measures by year and name."""
    return {year: _of_year(pattern, told) for year, told in years.items()}


def _of_year(pattern: Pattern, told: Mapping[str, float]) -> float:
    value = sum(told[name] for name in pattern.measure)
    if pattern.per == "children":
        return _PER_10_000 * value / told[CHILDREN]
    if pattern.per:
        whole = sum(told[name] for name in pattern.per)
        return _PERCENT * value / whole if whole else 0.0
    return value


def by_year(rows: Iterable[tuple[int, str, float]]) -> Years:
    """Return yearly measures by year and name from (year, measure, value)."""
    told: Years = {}
    for year, measure, value in rows:
        told.setdefault(int(year), {})[measure] = float(value)
    return told


def read_run(years: Mapping[int, Mapping[str, float]]) -> np.ndarray:
    """Return what a run has for each of ``items()``, from its yearly measures by year and name."""
    return read_items(items(), years)


def read_items(chosen: Iterable[Item], years: Mapping[int, Mapping[str, float]]) -> np.ndarray:
    """Return what a run has for each item, from its yearly measures by year and name."""
    values = []
    for item in chosen:
        series = simulated(item.pattern, {year: years[year] for year in item.years})
        values.append(features(item.pattern, series, item.years)[item.feature])
    return np.array(values)
