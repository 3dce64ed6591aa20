"""Join published figures where the published places are not the authorities of today, and for England's mean.

Used by ``build_profiles``. A frame here has one row an authority code and one column a year, unless it says otherwise.
"""

import pandas as pd

from ecology.evidence.published_tables import (
    BCP,
    BOURNEMOUTH,
    DORSET,
    ENGLAND,
    FORMER,
    IDACI,
    OLD_DORSET,
    PLACE,
    POOLE,
    POPULATION_0_16,
    POPULATION_0_17,
    POVERTY,
    PRICE_INDEX,
    TODAY,
    by_year,
)

PER_10_000 = 10_000
# Department for Education rates: the count over the mid-year population before the year ends (the row of year - 1).
RATES = {
    "referrals_per_10000": "referrals",
    "in_need_at_31_march_per_10000": "in_need_at_31_march",
    "section_47_per_10000": "section_47_enquiries",
    "initial_conferences_per_10000": "initial_conferences",
    "protection_plans_started_per_10000": "protection_plans_started",
    "protection_plans_at_31_march_per_10000": "protection_plans_at_31_march",
}
SHARES_OF_REFERRALS = ["re_referrals_percent", "referral_no_further_action_percent", "assessed_not_in_need_percent"]
SHARES_OF_CHILDREN = [POVERTY, IDACI]
REFERRALS = "referrals"
Figures = dict[str, pd.DataFrame]


def joined_figures(authorities: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return published figures of the two joined authorities and of England's mean, a row a place and year.

    ``authorities`` is the published table, ``population`` children aged 0-17 without gaps. The columns are those of
    the published table; a figure that cannot be had is empty.
    """
    figures = {column: by_year(authorities, column) for column in authorities.columns.drop(PLACE)}
    figures = join_today(figures, population)
    names = authorities.drop_duplicates("la_code").set_index("la_code")["la_name"]
    places = [
        pd.DataFrame({column: frame.loc[code] for column, frame in figures.items()}).assign(la_name=names[code])
        for code in TODAY
    ]
    england = england_mean(figures, population)
    codes = [*TODAY, ENGLAND]
    table = pd.concat([*places, england.assign(la_name=ENGLAND)], keys=codes, names=["la_code", "year"])
    return table.reset_index()[list(authorities.columns)].round(len("0000"))


def join_today(figures: Figures, population: pd.DataFrame) -> Figures:
    """Give the counts of the three former authorities to the two of today, and drop the three.

    Bournemouth and Poole count for the new authority. Counts of old Dorset are divided by where its children live: the
    share of Christchurch is what today's Dorset lacks of old Dorset's children. Percentages are means over referrals.
    """
    christchurch = christchurch_share(figures[POPULATION_0_17], population)
    referrals = figures[REFERRALS]
    joined = {}
    for column, frame in figures.items():
        if column in SHARES_OF_REFERRALS:
            weighed = referrals.where(frame.notna())
            new = join_counts(frame * weighed, christchurch) / join_counts(weighed, christchurch)
        else:
            new = join_counts(frame, christchurch)
        joined[column] = frame.drop(index=FORMER)
        joined[column].loc[TODAY] = joined[column].loc[TODAY].fillna(new)
    years = christchurch.index[christchurch.notna()]
    joined[POPULATION_0_17].loc[TODAY, years] = population.loc[TODAY, years]
    for rate, count in RATES.items():
        joined[rate].loc[TODAY] = joined[count].loc[TODAY] / year_before(population).loc[TODAY] * PER_10_000
    return joined


def christchurch_share(published: pd.DataFrame, population: pd.DataFrame) -> "pd.Series[float]":
    """Return by year the share of old Dorset's children who live in Christchurch, missing where nothing says."""
    old = published.T[OLD_DORSET]
    return 1 - population.T[DORSET].reindex(old.index) / old


def join_counts(frame: pd.DataFrame, christchurch: "pd.Series[float]") -> pd.DataFrame:
    """Return counts of the two authorities of today from those of the three former ones."""
    moved = frame.loc[OLD_DORSET] * christchurch
    new = frame.loc[BOURNEMOUTH] + frame.loc[POOLE] + moved
    return pd.DataFrame({BCP: new, DORSET: frame.loc[OLD_DORSET] - moved}).T


def england_mean(figures: Figures, population: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of a nameless authority at England's mean, a row a year.

    Counts and money are sums over authorities, divided by their number; a count that some lack is raised by the
    children of those. Rates are sums of counts over sums of children; percentages are means over referrals or children.
    """
    means = {}
    for column, frame in figures.items():
        known = frame.notna()
        if column in RATES:
            count = figures[RATES[column]]
            children = year_before(population)[count.columns].where(count.notna())
            mean = count.sum() / children.sum() * PER_10_000
        elif column in SHARES_OF_REFERRALS or column in SHARES_OF_CHILDREN:
            weight = figures[REFERRALS if column in SHARES_OF_REFERRALS else POPULATION_0_16].where(known)
            mean = (frame * weight).sum() / weight.sum()
        elif column == PRICE_INDEX or column.startswith("spend"):
            mean = frame.sum() / len(frame) if column != PRICE_INDEX else frame.mean()
        else:
            children = population[frame.columns]
            mean = frame.sum() / len(frame) * children.sum() / children.where(known).sum()
        means[column] = mean.where(known.any())
    return pd.DataFrame(means)


def year_before(population: pd.DataFrame) -> pd.DataFrame:
    """Return children in the row of the year before, which published rates are taken over."""
    return population.shift(1, axis="columns")
