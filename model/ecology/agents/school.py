"""Schools, as Mesa agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ecology.agents.window import Window

if TYPE_CHECKING:
    from ecology.agents.window_set import WindowSet


class School(Window):
    """A school: places, roll, pastoral hours, pupils helped, balance."""

    table = "schools"
    kept = True

    @property
    def pupils(self) -> WindowSet:
        """The children on the roll."""
        return self.model.agents_at("children", np.flatnonzero(self.model.tables["children"].school == self.row))
