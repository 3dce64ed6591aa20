"""Children, as Mesa agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ecology.agents.family import Family
from ecology.agents.window import Rows, Window
from ecology.vocabulary import NOBODY, WEEKS_A_YEAR, Stage, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecology.agents.school import School
    from ecology.agents.social_worker import SocialWorker


class Child(Window):
    """A child: need in three domains, what agencies have written down about it, where it stands in the pathway."""

    table = "children"

    @classmethod
    def since_at(cls, tables: Mapping[str, Any], rows: Rows) -> Any:
        """A row passes to another child by a birth, or with its whole family when another one moves in."""
        born = tables["children"].birth_week[rows]
        moved_in = Family.since_at(tables, tables["children"].family[rows])
        return max(int(born), int(moved_in)) if isinstance(rows, int) else np.maximum(born, moved_in).astype(np.int64)

    @property
    def family(self) -> Family:
        """The family the child belongs to."""
        return self.model.agent_at("families", self._read("family"))

    @property
    def school(self) -> School | None:
        """The school the child is on the roll of."""
        return self.model.agent_at("schools", self._read("school"))

    @property
    def social_worker(self) -> SocialWorker | None:
        """The social worker to whom the child is allocated."""
        cases = self.model.tables["cases"]
        return None if self.case == NOBODY else self.model.agent_at("social_workers", int(cases.worker[self.case]))

    @property
    def age_years(self) -> int:
        """Age in completed years."""
        return (self.model.week - self.birth_week) // WEEKS_A_YEAR

    @property
    def stage_name(self) -> str:
        """Where the child stands in the pathway, in words: ``child_in_need``."""
        return words(Stage(self.stage))
