"""Social workers, as Mesa agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecology.agents.window import Rows, Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecology.agents.window_set import WindowSet


class SocialWorker(Window):
    """A social worker in a post: skill, fatigue, caseload, permanent or agency. A new worker is another agent."""

    table = "social_workers"
    kept = True

    @classmethod
    def since_at(cls, tables: Mapping[str, Any], rows: Rows) -> Any:
        """A row, the post, passes to another worker when that one joins."""
        return tables["social_workers"].joined[rows]

    @property
    def children(self) -> WindowSet:
        """The children allocated to this worker."""
        cases = self.model.tables["cases"]
        return self.model.agents_at("children", cases.child[(cases.present != 0) & (cases.worker == self.row)])
