"""Sums over some weeks of a record, and the few ratios that outcomes and published measures share."""

import numpy as np

from ecology.record import COLUMN
from ecology.vocabulary import WEEKS_A_YEAR, Agency, Cadre, Purpose, Stage, words

_PERCENT = 100.0
_IN_NEED = (
    Stage.ASSESSMENT,
    Stage.CHILD_IN_NEED,
    Stage.SECTION_47,
    Stage.CONFERENCE,
    Stage.PROTECTION_PLAN,
    Stage.LOOKED_AFTER,
)


class Weeks:
    """Some weeks of a record: sums and means of its columns by name."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows
        self.number = rows.shape[0]

    def total(self, *names: str) -> float:
        """Return the sum of columns over all weeks."""
        return float(sum(self._rows[:, COLUMN[name]].sum() for name in names))

    def mean(self, *names: str) -> float:
        """Return the mean a week of the sum of columns."""
        return self.total(*names) / self.number

    def last(self, name: str) -> float:
        """Return a column in the last week."""
        return float(self._rows[-1, COLUMN[name]])

    def worst_year(self, name: str) -> float:
        """Return the largest sum of a column over the years (52 weeks from the first); a part of a year is left out."""
        years = max(self.number // WEEKS_A_YEAR, 1)
        rows = self._rows[: years * WEEKS_A_YEAR, COLUMN[name]]
        return float(max(part.sum() for part in np.array_split(rows, years)))

    @property
    def children(self) -> float:
        """The mean number of children."""
        return self.mean("sum_children")


def ratio(part: float, whole: float) -> float:
    """Return a ratio, 0 where there is nothing to divide by."""
    return part / whole if whole > 0.0 else 0.0


def time_share_percent(weeks: Weeks, purpose: Purpose, cadres: tuple[Cadre, ...] = tuple(Cadre)) -> float:
    """Return the percentage of paid time of some cadres (all if none are named) that went into a purpose."""
    spent = weeks.total(*(f"minutes_{words(cadre)}_{words(purpose)}" for cadre in cadres))
    return _PERCENT * ratio(spent, weeks.total(*(f"paid_minutes_{words(cadre)}" for cadre in cadres)))


def mean_wait(weeks: Weeks, queue: str) -> float:
    """Return the mean weeks waited by those who left a queue."""
    return ratio(weeks.total(f"waited_weeks_{queue}"), weeks.total(f"waited_children_{queue}"))


def a_year(weeks: Weeks, amount: float) -> float:
    """Return an amount of these weeks as an amount a year."""
    return amount * WEEKS_A_YEAR / weeks.number


def permanent_social_workers(weeks: Weeks) -> float:
    """Return the mean number of social workers in post, agency workers left out, as published."""
    return weeks.mean("fte_social_worker") - weeks.mean("workers_agency")


def turnover_percent(weeks: Weeks) -> float:
    """Return the social workers who leave in a year as a percentage of those in post, agency workers left out."""
    left = weeks.total("flow_social_workers_left") - weeks.total("flow_agency_workers_left")
    return _PERCENT * ratio(a_year(weeks, left), permanent_social_workers(weeks))


def spare_places_percent(weeks: Weeks) -> float:
    """Return the percentage of school places that no pupil fills."""
    return _PERCENT * (1.0 - ratio(weeks.mean("school_roll"), weeks.mean("school_places")))


def referrals(weeks: Weeks) -> float:
    """Return how many referrals were accepted."""
    return weeks.total(*(f"flow_referrals_from_{words(agency)}" for agency in Agency))


def in_need(weeks: Weeks) -> float:
    """Return the mean number of children in an episode of need, from assessment on."""
    return weeks.mean(*(f"stock_{words(stage)}" for stage in _IN_NEED))
