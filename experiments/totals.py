"""Minutes and money summed over the weeks from the switch on: what a page needs beyond the weekly table."""

import pandas as pd

from ecology.locality import Locality
from ecology.record import MEASURES

SUMMED = ("minutes_", "asked_minutes_", "paid_minutes_", "overtime_minutes_", "pounds_", "income_pounds_")


def totals(locality: Locality) -> pd.DataFrame:
    """Return measure, value: the sum of every measure of time (minutes) and money (pounds, cash) since the switch."""
    scenario = locality.scenario
    record = locality.tables["fixtures"].record[
        scenario.switch_week - scenario.first_week : locality.week - scenario.first_week
    ]
    sums = zip(MEASURES, record.sum(axis=0), strict=True)
    return pd.DataFrame([pair for pair in sums if pair[0].startswith(SUMMED)], columns=["measure", "value"])
