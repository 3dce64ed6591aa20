"""Watch one child, or one social worker, while a place lives its weeks. Watching reads the tables and changes nothing.

Much happens between two weeks: a contact can be made, screened and turned away within one. So the tables are read
five times a week: after agencies acted, after the front door screened, after social workers worked, after lists moved
and packages were agreed, and at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ecology import luck
from ecology.luck import Decision
from ecology.rules import need
from ecology.vocabulary import NOBODY, Stage

if TYPE_CHECKING:
    from ecology.locality import Locality

START, AGENCIES, FRONT_DOOR, WORKERS = "start", "agencies", "front door", "social workers"
PACKAGES, END = "packages", "end"
PARTS = {
    "_agencies_notice_and_act": AGENCIES,
    "_front_door_triages": FRONT_DOOR,
    "_social_workers_work": WORKERS,
    "_packages_are_agreed": PACKAGES,
    "_the_week_is_recorded": END,
}
"""The parts of the week after which the tables are read, by the name of the clause."""


@dataclass(frozen=True)
class Look:
    """What the tables hold about one child at one moment: its own row, its file (None if there is none), its family.

    ``to_hub`` says whether a package of services for this child goes to the one decision-maker this week: it is one of
    theirs, and has not waited so long that the agencies settle it.
    """

    week: int
    moment: str
    child: dict[str, Any]
    file: dict[str, Any] | None
    family: dict[str, Any]
    severity: float
    to_hub: bool

    @property
    def stage(self) -> Stage:
        """Where the child stands in the pathway."""
        return Stage(self.child["stage"])

    @property
    def in_episode(self) -> bool:
        """Whether social care is open: from assessment on."""
        return self.stage >= Stage.ASSESSMENT

    @property
    def worker(self) -> int:
        """The row of the child's social worker, or NOBODY."""
        return NOBODY if self.file is None else int(self.file["worker"])

    def runs(self, help_of: str) -> bool:
        """Return whether own_help, early_help or camhs is under way."""
        return self.file is not None and bool(self.file[f"{help_of}_until"] > self.week)

    @property
    def plans(self) -> int:
        """How many services hold a plan on the child."""
        return int(self.in_episode) + sum(self.runs(name) for name in ("early_help", "own_help", "camhs"))


@dataclass
class Life:
    """One child in one place: every look from the switch until the end, or until the child is no longer there."""

    row: int
    since: int
    looks: list[Look] = field(default_factory=list)
    ended: int | None = None

    @property
    def weeks(self) -> list[Look]:
        """The looks at the end of each week."""
        return [look for look in self.looks if look.moment == END]


@contextmanager
def watched(place: Locality, look: Callable[[str], None]) -> Iterator[None]:
    """Call ``look(moment)`` after each of ``PARTS`` of every week that the place lives meanwhile."""
    for clause, moment in PARTS.items():
        setattr(place, clause, _then(getattr(place, clause), look, moment))
    try:
        yield
    finally:
        for clause in PARTS:
            delattr(place, clause)


def _then(clause: Callable[[], None], look: Callable[[str], None], moment: str) -> Callable[[], None]:
    def both() -> None:
        clause()
        look(moment)

    return both


def watch_child(place: Locality, row: int) -> Life:
    """Run a place to the end of its scenario and return the life of the child who is on ``row`` now."""
    life = Life(row, since(place, row))
    life.looks.append(look_at(place, row, START))

    def look(moment: str) -> None:
        if life.ended is not None:
            return
        if not here(place, row, life.since):
            life.ended = place.week
        else:
            life.looks.append(look_at(place, row, moment))

    with watched(place, look):
        place.run()
    return life


def look_at(place: Locality, row: int, moment: str) -> Look:
    """Read the tables about the child on ``row``."""
    children, families, cases = (place.tables[name] for name in ("children", "families", "cases"))
    child = as_dict(children, row)
    file = None if child["case"] == NOBODY else as_dict(cases, child["case"])
    safety, wellbeing, learning = (child[f"need_{domain}"] for domain in ("safety", "wellbeing", "learning"))
    age = float(place.week - child["birth_week"])
    route = luck.draw(place.seed, Decision.PACKAGE_ROUTE.value, row, 0)
    waited = 0 if file is None else place.week - file["package_since"]
    return Look(
        week=place.week - 1 if moment == START else place.week,
        moment=moment,
        child=child,
        file=file,
        family=as_dict(families, child["family"]),
        severity=float(need.severity(safety, wellbeing, learning, age, place.p)),
        to_hub=bool(route < place.now.hub and waited <= place.now.weeks_for_the_panel),
    )


def as_dict(table: Any, row: int) -> dict[str, Any]:
    """Return one row of a table as plain numbers by column."""
    return {name: getattr(table, name)[row].item() for name in table._fields}


def since(place: Locality, row: int) -> int:
    """Return the week since which the same child has had its row: its birth, or when its family moved in."""
    children, families = place.tables["children"], place.tables["families"]
    return max(int(children.birth_week[row]), int(families.moved_in[children.family[row]]))


def identities(place: Locality) -> np.ndarray:
    """Return ``since`` of every row: a row whose number has changed has passed to another child."""
    children, families = place.tables["children"], place.tables["families"]
    return np.maximum(children.birth_week.astype(np.int64), families.moved_in[children.family].astype(np.int64))


def here(place: Locality, row: int, known_since: int) -> bool:
    """Return whether the child who has had ``row`` since a week is still there."""
    return bool(place.tables["children"].present[row]) and since(place, row) == known_since
