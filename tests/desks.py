"""A front door by itself: children, files and a desk with so much time, without the rest of the place."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecology import evidence, ledger, population, tables
from ecology.settings import Settings
from ecology.tables import Cases, Children, Commissioners, Pools, Tally
from ecology.vocabulary import LONG_AGO, NOBODY, SECONDS_AN_HOUR, WEEKS_A_YEAR, Agency, Cadre, Payer, Queue, Stage
from ecology.week import front_door
from ecology.week.casefile import open_row

DESK_SHARES = np.full(len(Agency), 1.0 / len(Agency))
NOBODY_TELLS = np.zeros(len(Agency))


@dataclass
class FrontDoor:
    """Contacts come in by ``receive`` and are screened by ``triage``; all are turned away unless settings say else."""

    children_number: int = 300
    p: Any = field(default_factory=evidence.values)

    def __post_init__(self) -> None:
        number = self.children_number
        self.children: Children = tables.empty(Children, number)
        self.children.present[:] = 1
        self.children.case[:] = NOBODY
        self.children.birth_week[:] = -5 * WEEKS_A_YEAR
        for column in ("last_referral", "last_unmet", "seen_by_schools", "seen_by_health", "seen_by_police"):
            getattr(self.children, column)[:] = LONG_AGO
        self.cases: Cases
        self.cases, self.free = population.empty_cases(number)
        self.pools: Pools = tables.empty(Pools, len(Cadre))
        self.tally: Tally = ledger.new_tally()
        self.payers: Commissioners = tables.empty(Commissioners, len(Payer))
        self.now = Settings()
        self.now.one_desk = 1.0
        self.now.threshold_referral = self.now.threshold_early_help = self.now.threshold_no_further_action = np.inf
        self.now.threshold_section_47_at_once = np.inf
        self._room = np.zeros(number, np.int32), np.zeros(number, np.int32), np.zeros(number)

    def receive(self, child: int, week: int, source: int = 0, severity: float = 0.0) -> int:
        """Let an agency contact the desk about a child; return the row of the file."""
        row = open_row(child, self.children, self.cases, self.free, week)
        self.children.stage[child] = Stage.CONTACT
        self.children.stage_since[child] = week
        self.cases.contacted[row] = week
        self.cases.source[row] = source
        self.cases.asked_severity[row] = severity
        return row

    def triage(self, week: int, contacts: float, seed: int = 1) -> None:
        """Screen waiting contacts in the time that ``contacts`` of them take."""
        ledger.open_week(self.tally, self.payers)
        each = int(SECONDS_AN_HOUR * self.p.hours_screening)
        self.pools.seconds_left[Cadre.FRONT_DOOR] = int(each * contacts)
        front_door.front_door_triages(
            self.children,
            self.cases,
            self.pools,
            self.tally,
            *self._room,
            DESK_SHARES,
            NOBODY_TELLS,
            seed,
            week,
            self.now,
            self.p,
        )

    @property
    def waiting(self) -> set[int]:
        """The children who wait to be screened."""
        return set(np.flatnonzero(self.children.stage == Stage.CONTACT).tolist())

    @property
    def screened(self) -> int:
        """How many were screened this week."""
        return int(self.tally.waits[Queue.FRONT_DOOR, 1])
