"""Units of time: the one place where a number of a source becomes a number of the model's week."""

import re
from functools import cache

from ecology.errors import BadInput
from ecology.vocabulary import DAYS_A_WEEK, MONTHS_A_YEAR, WEEKS_A_YEAR, WORKING_DAYS_A_WEEK

WEEKS_IN: dict[str, float] = {
    "working day": 1 / WORKING_DAYS_A_WEEK,
    "day": 1 / DAYS_A_WEEK,
    "week": 1,
    "month": WEEKS_A_YEAR / MONTHS_A_YEAR,
    "year": WEEKS_A_YEAR,
}
# "per year", "a week", "per child-in-need year", "per child and week"; never "year of age", "within 12 months", "per 4
# weeks".
NOT_AN_AGE = r"(?! of (?:age|life)\b)"
WORDS = r"(working day|day|week|month|year)"
RATE = re.compile(rf"\b(?:per|and|a|an|each|every)\s+(?:(?!working\b)[\w-]+[- ])?{WORDS}\b{NOT_AN_AGE}", re.IGNORECASE)
DURATION = re.compile(rf"(?<![\d.] )\b{WORDS}s\b{NOT_AN_AGE}", re.IGNORECASE)


@cache
def per_week(value: float, unit: str) -> float:
    """Return a number of a source in the time of the model, which is the week.

    A rate ("... per year", "... a month") becomes the amount in one week; a length of time ("years", "working days")
    becomes that many weeks. A year has 52 weeks, a working week 5 days. What is counted (minutes, per cent, pounds)
    stays as it is. Raises BadInput for a unit that names no time, or several.
    """
    rates = {word.lower() for word in RATE.findall(unit)}
    durations = {word.lower() for word in DURATION.findall(unit)}
    if len(rates) == 1:
        return value / WEEKS_IN[rates.pop()]
    if not rates and len(durations) == 1:
        return value * WEEKS_IN[durations.pop()]
    problem = "names several times" if rates or durations else "names no time"
    raise BadInput(
        f"unit {unit!r} {problem}, so that it cannot be turned into weeks. Write one of: per year, per month, per week,"
        " per working day (a rate), or years, months, weeks, working days, days (a length)."
    )
