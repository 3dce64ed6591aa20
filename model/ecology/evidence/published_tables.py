"""The published tables as they are: their columns, the authorities of then and now, and how to read them."""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "data"
POPULATION_0_17 = "population_children_aged_0_to_17_years"
POPULATION_0_16 = "population_0_16"
POVERTY = "children_in_relative_low_income_percent"
IDACI = "idaci_2015"
PRICE_INDEX = "price_index_2022"
LINES = ("looked_after", "family_support", "sure_start", "young_people", "youth_justice", "safeguarding", "other")
PLACE = ["la_code", "year", "la_name"]
ENGLAND = "England"

# Until 2019 counts were published for Bournemouth, Poole and (old) Dorset. Christchurch, a part of old Dorset, then
# joined the first two: money is published for the two authorities of today in all years.
BOURNEMOUTH, POOLE, OLD_DORSET = "E06000028", "E06000029", "E10000009"
BCP, DORSET = "E06000058", "E06000059"
FORMER, TODAY = [BOURNEMOUTH, POOLE, OLD_DORSET], [BCP, DORSET]


def authorities() -> pd.DataFrame:
    """Return figures by authority and year, with counts: 2010 to 2017."""
    return pd.read_csv(DATA / "published" / "local_authorities.csv")


def inputs() -> pd.DataFrame:
    """Return the inputs by authority and year, without counts: 2018 to 2020."""
    return pd.read_csv(DATA / "published" / "local_authority_inputs_2018_2020.csv")


def england() -> pd.DataFrame:
    """Return the figures for England, ``verified`` as True or False; ``number`` holds ``value`` where it is one."""
    figures = pd.read_csv(DATA / "published" / "england.csv")
    number = pd.to_numeric(figures["value"], errors="coerce")
    return figures.assign(verified=figures["verified"] == "yes", number=number)


def by_year(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one published column with a row an authority code and a column a year."""
    return rows.pivot(index="la_code", columns="year", values=column)
