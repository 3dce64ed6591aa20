"""Profiles: the real inputs of one authority, 2010 to 2020, and the figures published about it.

The tables are built by ``build_profiles`` from the published ones; every gap that was filled is told in ``lacks``.
"""

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecology.errors import BadInput, no_such
from ecology.evidence.parameters import register

if TYPE_CHECKING:
    import pandas as pd

Years = NDArray[np.float64]
ENGLAND = "England"
EVERYWHERE = "all"
MONEY = (
    "spend_total", "spend_looked_after", "spend_family_support", "spend_sure_start", "spend_young_people",
    "spend_youth_justice", "spend_safeguarding", "spend_other",
)  # fmt: skip
BY_YEAR = ("population", "poverty_percent", "price_index", *MONEY)
SHORT_FORMS = {
    "hull": "Kingston upon Hull, City of",
    "durham": "County Durham",
    "bcp": "Bournemouth, Christchurch and Poole",
    "newcastle": "Newcastle upon Tyne",
    "stoke": "Stoke-on-Trent",
    "southend": "Southend-on-Sea",
    "stockton": "Stockton-on-Tees",
    "brighton": "Brighton and Hove",
    "bath": "Bath and North East Somerset",
    "blackburn": "Blackburn with Darwen",
    "telford": "Telford and Wrekin",
    "scilly": "Isles of Scilly",
    "england": ENGLAND,
}
JOINED_IN_2019 = ("bournemouth", "poole", "christchurch")


@dataclass(frozen=True, eq=False)
class Profile:
    """The inputs of one authority, or of a smaller place like it.

    ``years`` end on 31 March, 2010 to 2020; every array has one float for each. ``population`` counts children aged
    0-17 at the mid-year estimate three months after the year's end (published rates divide by that of the year
    before). ``poverty_percent`` is relative low income before housing costs; ``idaci`` the income deprivation affecting
    children index of 2015, a share. Money is gross cash in pounds; ``price_index`` times cash gives prices of 2022.
    Lines of spending are nan after 2017. ``share`` is the size of the place relative to the authority in the first
    year: 1 unless ``children`` was asked for. Arrays cannot be written to.
    """

    name: str
    code: str
    idaci: float
    years: tuple[int, ...]
    population: Years
    poverty_percent: Years
    price_index: Years
    spend_total: Years
    spend_looked_after: Years
    spend_family_support: Years
    spend_sure_start: Years
    spend_young_people: Years
    spend_youth_justice: Years
    spend_safeguarding: Years
    spend_other: Years
    lacks: tuple[str, ...]
    share: float


def names() -> list[str]:
    """Return the names of all authorities in the data, in alphabetical order; England's mean is not among them."""
    return sorted(name for name in _rows() if name != ENGLAND)


def profile(authority: str, children: int | None = None) -> Profile:
    """Return the profile of an authority, or of ``"England"``: a nameless authority at England's mean.

    ``children`` asks for a place of that many children aged 0-17 in the first year, everything else pro rata. Case and
    common short forms of names do not matter. Raises BadInput for an unknown name or an impossible number.
    """
    name = find(authority)
    rows = _rows()[name]
    columns = {column: np.array([float(row[column] or "nan") for row in rows]) for column in BY_YEAR}
    code = rows[0]["code"]
    whole = Profile(
        name=name,
        code=code,
        idaci=float(rows[0]["idaci"]),
        years=tuple(int(row["year"]) for row in rows),
        lacks=(*_sentences().get(code, ()), *_sentences()[EVERYWHERE]),
        share=1.0,
        **columns,
    )
    place = _as_it_is(whole) if children is None else _of_size(whole, children)
    for column in BY_YEAR:
        getattr(place, column).flags.writeable = False
    return place


def find(authority: str) -> str:
    """Return the full name of an authority from its name in any case or a common short form."""
    plain = _plain(authority)
    known = {form: name for name in _rows() for form in (_plain(name), _plain(re.sub(", (City|County) of$", "", name)))}
    known |= SHORT_FORMS
    if plain in JOINED_IN_2019:
        raise BadInput(
            f"authority {authority!r} was joined with its neighbours in 2019 and has no profile of its own: use"
            f" {SHORT_FORMS['bcp']!r}."
        )
    if plain not in known:
        raise no_such("authority", authority, _rows())
    return known[plain]


def lacking() -> dict[str, tuple[str, ...]]:
    """Return by name what single authorities lack, in sentences; what all of them lack is not among them."""
    codes = {name: _rows()[name][0]["code"] for name in names()}
    return {name: _sentences()[code] for name, code in codes.items() if code in _sentences()}


def published(authority: str) -> "pd.DataFrame":
    """Return the figures published about an authority, to be set beside simulated ones: year, measure, value.

    Measures are the columns of ``local_authorities.csv``; years end on 31 March, 2010 to 2017; a figure that was not
    published is not there. Two authorities that were joined in 2019, and England, come from ``joined_figures.csv``:
    England's counts are those of the nameless mean authority, its rates sums of counts over sums of children.
    """
    import pandas as pd

    from ecology.evidence import published_tables

    name = find(authority)
    table = pd.concat([pd.read_csv(published_tables.DATA / "joined_figures.csv"), published_tables.authorities()])
    own = table[table["la_name"] == name].drop_duplicates("year")
    long = own.drop(columns=["la_code", "la_name"]).melt("year", var_name="measure", value_name="value").dropna()
    return long.sort_values(["year", "measure"], ignore_index=True)


def england_figures() -> "pd.DataFrame":
    """Return the published figures for England: the columns of ``england.csv``, with ``verified`` True or False.

    ``number`` is the value where it is a single number. Figures that are not verified are recollections: show them
    marked, never calibrate on them.
    """
    from ecology.evidence import published_tables

    return published_tables.england()


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    """Return the rows of the built profiles by name, in the order of years."""
    rows: dict[str, list[dict[str, str]]] = {}
    with files("ecology.evidence").joinpath("data", "profiles.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            rows.setdefault(row["name"], []).append(row)
    return rows


@cache
def _sentences() -> dict[str, tuple[str, ...]]:
    """Return what was missing and how it was filled, by code of the authority."""
    sentences: dict[str, tuple[str, ...]] = {}
    with files("ecology.evidence").joinpath("data", "lacks.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            sentences[row["code"]] = (*sentences.get(row["code"], ()), row["sentence"])
    return sentences


def _plain(name: str) -> str:
    """Return a name for comparison: small letters, words only, ``&`` spelt."""
    return " ".join(re.findall(r"[a-z]+", name.lower().replace("&", " and ").replace("'", "")))


def _as_it_is(whole: Profile) -> Profile:
    """Return the authority itself, saying so if it is smaller than the model is meant for."""
    fewest, own = register()["fewest_children"].value, float(whole.population[0])
    if own >= fewest:
        return whole
    sentence = f"A place of {own:,.0f} children is smaller than the {fewest:,.0f} that the model is meant for."
    return replace(whole, lacks=(sentence, *whole.lacks))


def _of_size(whole: Profile, children: int) -> Profile:
    """Return a place of this many children in the first year: population and money pro rata, shares as they are."""
    fewest, most = register()["fewest_children"].value, register()["most_children"].value
    if not isinstance(children, int | np.integer) or not fewest <= children <= most:
        raise BadInput(f"children: {children!r} is not a whole number from {fewest:,.0f} to {most:,.0f}.")
    share = children / float(whole.population[0])
    scaled = {column: getattr(whole, column) * share for column in ("population", *MONEY)}
    sentence = f"A place of {children:,} children like {whole.name}: children and money pro rata ({share:.4f} of it)."
    return replace(whole, **scaled, share=share, lacks=(sentence, *whole.lacks))
