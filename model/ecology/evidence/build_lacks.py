"""Say what each authority lacks in the published tables and how it is filled. Used by ``build_profiles``."""

import pandas as pd

from ecology.evidence.build_figures import RATES
from ecology.evidence.published_tables import (
    BCP,
    DORSET,
    ENGLAND,
    FORMER,
    LINES,
    PLACE,
    POPULATION_0_16,
    POPULATION_0_17,
    POVERTY,
    TODAY,
    by_year,
)

EVERYWHERE = "all"
Gaps = dict[str, list[int]]
COMMON = (
    "Children aged 0-17 are published from 2012: before, they are back-cast from children aged 0-16 by the"
    " authority's own ratio in the first year with both (assumption).",
    "Relative child poverty is published from 2015: before, the authority moves in proportion to England's path of the"
    " older measure of children in low-income families, scaled to agree in 2015 and held from 2011 back to 2010"
    " (assumption). The older measure falls by a sixth between 2014 and 2015.",
    "Lines of spending change their definition between the years ending March 2012 and 2013 (adoption and special"
    " guardianship join children looked after; commissioning leaves social work): shown as published, not patched.",
    "Spending by line is in these data to the year ending March 2017; after that only its total.",
    "Money of schools, health commissioners, public health and police by authority is not in these data.",
)
JOINED = (
    "Until 2019 counts and children aged 0-17 were published for Bournemouth, Poole and old Dorset: they are joined"
    " into Bournemouth, Christchurch and Poole and today's Dorset, Christchurch by its share of old Dorset's children"
    " (assumption); a figure that one of the three lacks is missing. Money, children aged 0-16 and looked-after"
    " children were published for the two of today."
)
SPECIAL = {
    ENGLAND: "A nameless authority at England's mean: totals of all authorities over their number; deprivation and"
    " poverty are means over children. Counts that some authorities lack are raised by the children of those.",
    BCP: JOINED,
    DORSET: JOINED,
    "E06000053": "Very few children: published counts are mostly suppressed, and every rate jumps from year to year.",
    "E09000001": "Very few children: published counts are mostly suppressed, and every rate jumps from year to year."
    " Its two published populations disagree: children aged 0-17 more than double from 2012 to 2020 while those"
    " aged 0-16 hardly grow.",
}


def lacks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return sentences, a row each with the code of an authority (or ``all``), from the published rows of all years."""
    sentences = [(EVERYWHERE, sentence) for sentence in COMMON] + [(ENGLAND, SPECIAL[ENGLAND])]
    today = rows[~rows["la_code"].isin(FORMER)]
    gaps = {column: missing_years(by_year(today, column)) for column in rows.columns.drop(PLACE)}
    for code in sorted(today["la_code"].unique()):
        missing = {column: years[code] for column, years in gaps.items() if code in years}
        own = [SPECIAL.get(code), line_sentence(missing), poverty_sentence(missing)]
        own += [] if code in TODAY else count_sentences(missing, gaps)
        sentences += [(code, sentence) for sentence in own if sentence]
    return pd.DataFrame(sentences, columns=["code", "sentence"])


def missing_years(figures: pd.DataFrame) -> Gaps:
    """Return by code the years in which an authority lacks a figure that others have; all of them under ``all``."""
    held = figures.loc[:, figures.notna().any()]
    gaps = {str(code): [int(year) for year in own.index[own.isna()]] for code, own in held.iterrows()}
    return {code: years for code, years in gaps.items() if years} | {EVERYWHERE: [int(year) for year in held.columns]}


def line_sentence(missing: Gaps) -> str | None:
    """Say which lines of spending were missing."""
    lines = {f"spend_{line}_gbp_2022": line.replace("_", " ") for line in LINES}
    gaps = {line: missing[column] for column, line in lines.items() if column in missing}
    if not gaps:
        return None
    return (
        f"Spending without a line of its own: {listed(gaps)}. The other lines add up to the total, which is shared over"
        " all lines as in the authority's next year without a gap (assumption)."
    )


def poverty_sentence(missing: Gaps) -> str | None:
    """Say in which years relative poverty was missing after it began to be published."""
    if POVERTY not in missing:
        return None
    spelt = ", ".join(map(str, missing[POVERTY]))
    return f"No figure of poverty in {spelt}: moved with England's path from the nearest year with one (assumption)."


def count_sentences(missing: Gaps, gaps: dict[str, Gaps]) -> list[str]:
    """Say which counts and percentages were never, or not always, published; nothing is filled."""
    told_elsewhere = {POPULATION_0_16, POPULATION_0_17, POVERTY, *RATES}
    counts = {
        column: years
        for column, years in missing.items()
        if column not in told_elsewhere and not column.startswith("spend")
    }
    never = [column for column, years in counts.items() if years == gaps[column][EVERYWHERE]]
    sometimes = {column: years for column, years in counts.items() if column not in never}
    sentences = [f"No published figures in these data for: {', '.join(never)}."] if never else []
    if sometimes:
        sentences.append(f"Published figures missing in some years (suppressed or not returned): {listed(sometimes)}.")
    return sentences


def listed(gaps: Gaps) -> str:
    """Spell names with their years: ``referrals (2013, 2014); re_referrals_percent (2013)``."""
    return "; ".join(f"{name} ({', '.join(map(str, years))})" for name, years in gaps.items())
