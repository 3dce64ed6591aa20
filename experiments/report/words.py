"""The page's words: names of the data in plain English, ranges, and lists as sentences say them."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from experiments.settings import settings


def size(name: str) -> Any:
    """Return a size of ``look.toml`` (points, inches, shares, numbers)."""
    return table("look.toml")["size"][name]


@cache
def table(file: str) -> dict[str, Any]:
    """Return the tables of ``words.toml`` or ``look.toml``."""
    return tomllib.loads(files("experiments.report").joinpath(file).read_text(encoding="utf-8"))


def word(kind: str, name: str) -> str:
    """Return what the page calls a name of this kind (regimes, pressures, measures, purposes, payers, verdicts)."""
    return str(table("words.toml")[kind].get(name) or name.replace("_", " ").capitalize())


def short(regime: str) -> str:
    """Return the name of a regime for a chart with little room."""
    return str(table("words.toml")["short"].get(regime) or word("regimes", regime))


def spell(name: str) -> str:
    """Return a name of the data as words inside a sentence."""
    told = name.replace("_", " ")
    for plain, spelt in table("words.toml")["spelt"].items():
        told = re.sub(rf"\b{plain}\b", spelt, told)
    return told


def first_upper(text: str) -> str:
    """Return a text as it starts a sentence."""
    return text[:1].upper() + text[1:]


def listing(items: Sequence[str], nothing: str = "none") -> str:
    """Return "a, b and c"."""
    if not items:
        return nothing
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def counted(number: int, thing: str) -> str:
    """Return "1 run" or "2 runs"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def percent(share: float) -> str:
    """Return a share as "95%" or "98.8%"."""
    return f"{share * 100:.3g}%"


def points(unit: str) -> str:
    """Return the unit of a difference between two values of this unit."""
    return "percentage points" if unit.startswith("%") else unit


def figure(value: float) -> str:
    """Return a number with three significant figures and commas between thousands."""
    if value == 0 or not np.isfinite(value):
        return "0" if value == 0 else "none"
    rounded = float(np.format_float_positional(value, precision=size("figures"), fractional=False))
    digits = size("figures") - 1 - int(np.floor(np.log10(abs(rounded))))
    return f"{rounded:,.{max(digits, 0)}f}".replace("-", "\N{MINUS SIGN}")


def span(low: float, high: float) -> str:
    """Return a range, "1.2 to 3.4"; a range that closes when it is rounded is said to be about one number."""
    start, end = figure(low), figure(high)
    return f"{start} to {end}" if start != end else f"about {start}"


def band(values: pd.Series) -> tuple[float, float, float]:
    """Return low, median and high over runs: the band that holds 9 in 10 of them."""
    start, end = settings()["statistics"]["band"]
    known = values.to_numpy(dtype=float)
    low, middle, high = np.quantile(known[~np.isnan(known)], [start, 1 / 2, end])
    return float(low), float(middle), float(high)


def over_runs(values: pd.Series) -> str:
    """Return the band over runs as words; one run has no range, and says so."""
    if not len(values.dropna()):
        return "no figure"
    low, _, high = band(values)
    return span(low, high) if len(values.dropna()) > 1 else f"{figure(low)} (one run, so no range)"
