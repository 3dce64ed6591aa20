"""Build the profiles of all authorities from the published tables: ``python -m ecology.evidence.build_profiles``.

Reads ``data/published/`` and writes ``data/profiles.csv``, ``data/lacks.csv`` and ``data/joined_figures.csv``. What is
missing is filled by the rules below, each an assumption and each told in ``lacks.csv``. A frame here has one row an
authority code and one column a year (ending 31 March), unless it says otherwise.
"""

from pathlib import Path

import pandas as pd

from ecology.evidence import build_figures, build_lacks, published_tables
from ecology.evidence.published_tables import (
    DATA,
    ENGLAND,
    FORMER,
    LINES,
    POPULATION_0_16,
    POPULATION_0_17,
    POVERTY,
    TODAY,
    by_year,
)

NEW_PATH = "Children 0-16 in relative low income BHC (sum of LAs / admin population)"
OLD_PATH = "Children in low-income families (HMRC CLIF measure)"


def main(folder: Path = DATA) -> None:
    """Write the three built tables into ``folder``."""
    for name, table in build().items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def build() -> dict[str, pd.DataFrame]:
    """Return the built tables by name: profiles, lacks and joined_figures."""
    authorities = published_tables.authorities()
    rows = pd.concat([authorities, published_tables.inputs()], ignore_index=True)
    population = population_0_17(rows)
    profiles = profile_rows(rows, population, published_tables.england())
    return {
        "profiles": as_text(pd.concat([profiles, england_rows(profiles)])),
        "lacks": build_lacks.lacks(rows),
        "joined_figures": build_figures.joined_figures(authorities, population),
    }


def population_0_17(rows: pd.DataFrame) -> pd.DataFrame:
    """Return children aged 0-17 without gaps for the authorities of today."""
    published, lower = by_year(rows, POPULATION_0_17), by_year(rows, POPULATION_0_16).drop(index=FORMER)
    return backcast_population(join_population(published, lower), lower)


def join_population(published: pd.DataFrame, lower: pd.DataFrame) -> pd.DataFrame:
    """Give the children of the three former authorities to the two of today, none twice.

    The published sum of the three is divided in proportion to each one's children aged 0-16 times its own ratio of
    0-17 to 0-16 in the first year with both.
    """
    joined = published.drop(index=FORMER)
    together = published.loc[FORMER].sum(min_count=len(FORMER))
    first_ratio = (published.loc[TODAY] / lower.loc[TODAY]).bfill(axis="columns").iloc[:, 0]
    expected = lower.loc[TODAY].mul(first_ratio, axis="index")
    joined.loc[TODAY] = joined.loc[TODAY].fillna(expected / expected.sum() * together)
    return joined


def backcast_population(population: pd.DataFrame, lower: pd.DataFrame) -> pd.DataFrame:
    """Fill missing years of 0-17 by 0-16 times the authority's own ratio in the first year with both."""
    first_ratio = (population / lower).bfill(axis="columns").iloc[:, 0]
    return population.fillna(lower.mul(first_ratio, axis="index"))


def poverty_path(england: pd.DataFrame, lower: pd.DataFrame) -> "pd.Series[float]":
    """Return England's share of children in relative low income (per cent) by year, without gaps.

    Before the measure begins, the older one (children in low-income families, per child aged 0-16) is scaled so that
    the two agree in the first year of the newer; before the older begins, its first value is held.
    """
    newer, older = national_series(england, NEW_PATH), national_series(england, OLD_PATH) / lower.sum()
    joint = newer.index.min()
    return newer.reindex(lower.columns).fillna(older / older[joint] * newer[joint]).bfill()


def national_series(england: pd.DataFrame, quantity: str) -> "pd.Series[float]":
    """Return the verified figures of one quantity by year."""
    rows = england[england["verified"] & (england["quantity"] == quantity)]
    return pd.Series(rows["number"].to_numpy(), index=rows["year"].astype(int), dtype=float)


def fill_poverty(poverty: pd.DataFrame, path: "pd.Series[float]") -> pd.DataFrame:
    """Fill missing years from the nearest year of the same authority, moved in proportion to England's path."""
    relative = poverty.div(path, axis="columns")  # what the authority has for each child in poverty of England's
    for code, own in relative.iterrows():
        known = own.dropna().index.to_numpy()
        nearest = [known[abs(known - year).argmin()] for year in own.index]
        relative.loc[code] = own[nearest].to_numpy()
    return poverty.fillna(relative.mul(path, axis="columns"))


def fill_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose lines of spending have no gaps up to the last year that has lines.

    Where a line is missing, the others already add up to the published total, so that its money stands elsewhere: the
    year's total is shared over all lines as in the authority's next year without a gap.
    """
    lines = [f"spend_{line}_gbp_2022" for line in LINES]
    shares = rows[lines].div(rows["spend_total_gbp_2022"], axis="index")
    whole = shares.where(rows[lines].notna().all(axis="columns"))
    has_lines = rows[lines].notna().any(axis="columns")
    later = whole.groupby(rows["la_code"]).bfill().where(has_lines)
    return rows.assign(**later.mul(rows["spend_total_gbp_2022"], axis="index"))


def profile_rows(rows: pd.DataFrame, population: pd.DataFrame, england: pd.DataFrame) -> pd.DataFrame:
    """Return the profiles: one row an authority of today and a year; money in cash."""
    kept = rows[~rows["la_code"].isin(FORMER)].sort_values(["la_code", "year"]).reset_index(drop=True)
    lower = by_year(kept, POPULATION_0_16)
    poverty = fill_poverty(by_year(kept, POVERTY), poverty_path(england, lower))
    kept = fill_lines(kept)
    places = pd.MultiIndex.from_frame(kept[["year", "la_code"]])
    profiles = pd.DataFrame(
        {
            "code": kept["la_code"],
            "name": kept["la_name"],
            "year": kept["year"],
            "idaci": kept["idaci_2015"],
            "population_0_16": kept[POPULATION_0_16],
            "population": population.unstack().reindex(places).to_numpy(),
            "poverty_percent": poverty.unstack().reindex(places).to_numpy(),
            "price_index": kept["price_index_2022"],
        }
    )
    for line in ("total", *LINES):
        profiles[f"spend_{line}"] = kept[f"spend_{line}_gbp_2022"] / kept["price_index_2022"]
    return profiles


def england_rows(profiles: pd.DataFrame) -> pd.DataFrame:
    """Return the nameless authority at England's mean, a row a year: totals divided by the number of authorities.

    Deprivation and poverty are means weighted by children aged 0-16, the children whom they are shares of.
    """
    years = profiles.groupby("year")
    mean = years.mean(numeric_only=True)
    weight = profiles["population_0_16"]
    mean["idaci"] = (profiles["idaci"] * weight).sum() / weight.sum()
    poor = profiles["poverty_percent"] * weight
    mean["poverty_percent"] = poor.groupby(profiles["year"]).sum() / years["population_0_16"].sum()
    return mean.reset_index().assign(code=ENGLAND, name=ENGLAND)[list(profiles.columns)]


def as_text(profiles: pd.DataFrame) -> pd.DataFrame:
    """Write numbers with as many places as they carry: children and pounds with two, shares with four."""
    text = profiles.copy()
    for column in profiles.columns.drop(["code", "name", "year"]):
        places = ".2f" if column.startswith(("population", "spend")) else ".4f"
        text[column] = [format(x, places) if pd.notna(x) else "" for x in profiles[column]]
    return text


if __name__ == "__main__":
    main()
