"""Families, as Mesa agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecology.agents.window import Rows, Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecology.agents.window_set import WindowSet


class Family(Window):
    """A family: hardship, strain, trust in services, help-seeking, informal support, moves."""

    table = "families"

    @classmethod
    def since_at(cls, tables: Mapping[str, Any], rows: Rows) -> Any:
        """A row passes to another family when that one moves in."""
        return tables["families"].moved_in[rows]

    @property
    def children(self) -> WindowSet:
        """The children of the family who are present."""
        return self.model.agents_at("children", range(self.first_child, self.first_child + self.n_children))
