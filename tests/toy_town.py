"""A town of a few families, schools and social workers in the real tables; the same families as plain Mesa agents."""

from typing import Any

import mesa
import numpy as np

from ecology import tables
from ecology.agents import (
    DCS,
    KINDS,
    Child,
    ColumnModel,
    Family,
    HealthCommissioner,
    LocalAuthority,
    Police,
    School,
    SocialWorker,
)
from ecology.vocabulary import NOBODY, Payer

FAMILIES = 12
CHILDREN_A_FAMILY = 2
SCHOOLS = 3
WORKERS = 4


class Household(Family):
    """A family with a verb, so that there is something to do."""

    def worsen(self, by: float = 0.25) -> float:
        self.strain += by
        return float(self.strain)

    @property
    def twice(self) -> float:
        return 2 * float(self.strain)


class Town(ColumnModel):
    """Columns, windows on them, and a week in which every strain grows a little."""

    KINDS = (*(kind for kind in KINDS if kind is not Family), Household)

    def __init__(self, seed: int = 1, families: int = FAMILIES) -> None:
        super().__init__(seed)
        self.tables = build(families)

    def step(self) -> None:
        self.week += 1
        self.tables["families"].strain[:] += 0.125


HOW_MANY = {
    Child: FAMILIES * CHILDREN_A_FAMILY,
    Household: FAMILIES,
    School: SCHOOLS,
    SocialWorker: WORKERS,
    HealthCommissioner: 1,
    Police: 1,
    LocalAuthority: 1,
    DCS: 1,
}


def build(families: int) -> dict[str, Any]:
    """Return the tables of a town: all families present, two children each, three schools, four social workers."""
    homes, children = (
        tables.empty(tables.Families, families),
        tables.empty(tables.Children, families * CHILDREN_A_FAMILY),
    )
    schools, workers = tables.empty(tables.Schools, SCHOOLS), tables.empty(tables.SocialWorkers, WORKERS)
    payers, cases = tables.empty(tables.Commissioners, len(Payer)), tables.empty(tables.Cases, families)
    for table in (homes, children, schools, workers, payers):
        table.present[:] = 1
    row = np.arange(families)
    homes.neighbourhood[:] = row % 3
    homes.strain[:] = (row * 5 % families) / 8  # distinct, and exact in 32 bits
    homes.hardship[:] = row % 2
    homes.first_child[:] = row * CHILDREN_A_FAMILY
    homes.n_children[:] = CHILDREN_A_FAMILY
    homes.moved_in[:] = -100
    child = np.arange(families * CHILDREN_A_FAMILY)
    children.family[:] = child // CHILDREN_A_FAMILY
    children.birth_week[:] = -52 * (1 + child % 16)
    children.school[:] = np.where(child % 4 == 3, NOBODY, child % SCHOOLS)
    children.stage[:] = child % 3
    children.need_safety[:] = child / 8
    children.case[:] = NOBODY
    workers.joined[:] = -10
    cases.child[:] = NOBODY
    cases.worker[:] = NOBODY
    for case, (whose, worker) in enumerate([(0, 1), (5, 1), (6, 2)]):
        cases.present[case] = 1
        cases.child[case], cases.worker[case], children.case[whose] = whose, worker, case
    return {
        "families": homes, "children": children, "schools": schools, "social_workers": workers,
        "commissioners": payers, "cases": cases, "conditions": tables.empty(tables.Conditions, 1),
    }  # fmt: skip


class PlainHousehold(mesa.Agent):
    """The same family as an ordinary Mesa agent."""

    def __init__(self, model: mesa.Model, row: int, homes: tables.Families) -> None:
        super().__init__(model)
        self.row = row
        self.neighbourhood = int(homes.neighbourhood[row])
        self.strain = float(homes.strain[row])
        self.hardship = float(homes.hardship[row])

    def worsen(self, by: float = 0.25) -> float:
        self.strain += by
        return self.strain

    @property
    def twice(self) -> float:
        return 2 * self.strain


class PlainTown(mesa.Model):
    """The same families in an ordinary Mesa model."""

    def __init__(self, seed: int = 1, families: int = FAMILIES) -> None:
        super().__init__(rng=seed)
        homes = build(families)["families"]
        self.homes = [PlainHousehold(self, row, homes) for row in range(families)]
