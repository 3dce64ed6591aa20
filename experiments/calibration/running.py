"""Runs of the status quo, carried through the store: nothing is run twice and an interrupt loses nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from ecology.lever_tables import status_quo
from experiments.analysis.carry import Carrier
from experiments.calibration.patterns import Years, by_year
from experiments.calibration.settings import settings
from experiments.point import Point, Study
from experiments.study import yearly_results


@dataclass(frozen=True)
class Runner:
    """Runs points of the status quo from 1 April 2010 in one place or another."""

    carrier: Carrier
    name: str = "status-quo"
    """The first word of its studies: a store keeps the points of one calibration under each."""

    def years_of(self, authority: str, children: int, points: Iterable[Point], years: int | None = None) -> list[Years]:
        """Return the yearly measures of each point, in their order; ``years`` is that of the settings if not given."""
        place = settings()["place"]
        asked = list(points)
        study = Study(
            f"{self.name}-{authority}-{children}-{years or place['years']}", authority, (status_quo(),), children,
            years or place["years"], past_years=place["past_years"], yearly=True,
        )  # fmt: skip
        self.carrier.runs(study, asked)
        return [by_year(rows) for rows in yearly_results(study, asked, self.carrier.store)]
