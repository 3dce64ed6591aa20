"""A Mesa model whose agents are rows of tables. Mesa sees agents; the simulation sees columns."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

import mesa
import numpy as np

from ecology.agents.window import Window
from ecology.agents.window_set import WindowSet
from ecology.errors import BadInput
from ecology.vocabulary import LONG_AGO, NOBODY

Kind = TypeVar("Kind", bound=Window)
MOST_ROWS = int(np.iinfo(np.int32).max)
"""Columns that point to rows have 32 bits."""


class KindSets(dict[type[Window], WindowSet]):
    """The set of agents of each kind; an unknown kind is answered with those that exist."""

    def __missing__(self, kind: object) -> NoReturn:
        name = getattr(kind, "__name__", repr(kind))
        raise KeyError(f"{name}: no agents of this kind. There are: {', '.join(k.__name__ for k in self)}.")


class ColumnModel(mesa.Model):
    """A Mesa model with ``tables`` (name → named tuple of columns) and ``KINDS`` of agents that are their rows.

    ``week`` is the clock; Mesa's ``steps`` and ``time`` follow it. ``step`` is a plain method of the subclass that
    moves ``week`` on: Mesa's wrapper around it is taken off. Mesa's random numbers exist (``shuffle`` uses them) but
    the simulation draws none. A kind whose table is missing has no agents.
    """

    KINDS: ClassVar[tuple[type[Window], ...]] = ()
    scenario: Any = None  # Mesa 3.5 has a property of this name that would write the model into the scenario

    def __init__(self, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self._untie()
        self.tables: dict[str, Any] = {}
        self.week = 0

    def _untie(self) -> None:
        """Take off what Mesa hangs on a model and what points back to it.

        Such cycles would keep the tables in memory until a late garbage collection: many runs would pile up.
        """
        for name in ("step", "_user_step", "_default_schedule", "scenario"):
            self.__dict__.pop(name, None)
        self.__dict__.get("_event_generators", set()).clear()
        self._kept: dict[tuple[type[Window], int], Window] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}  # kept windows hold no state, and belong to this model, not to its copy

    @property
    def week(self) -> int:
        """The week that the model has reached."""
        return self._week

    @week.setter
    def week(self, week: int) -> None:
        self._week = week
        self.steps = week
        self.time = float(week)

    @property
    def agent_types(self) -> list[type[Window]]:
        """The kinds of agents that have a table."""
        return [kind for kind in self.KINDS if kind.table in self.tables]

    @property
    def agents(self) -> WindowSet:
        """Everybody who is present, kind by kind. The set is live: it follows the columns."""
        return WindowSet(self, self.agent_types)

    @property
    def agents_by_type(self) -> KindSets:
        """The live set of agents of each kind: ``model.agents_by_type[Family]``."""
        return KindSets({kind: WindowSet(self, [kind]) for kind in self.agent_types})

    def window(self, kind: type[Kind], row: int, since: int | None = None) -> Kind:
        """Return the agent of a ``kind`` on a ``row``; for kept kinds the same object as long as it is the same agent.

        ``since`` is the week since which the row is that agent, if the caller knows it already.
        """
        if not kind.kept:
            return kind(self, row, since)
        agent = self._kept.get((kind, row))
        if not isinstance(agent, kind) or agent.here_since != kind.since_at(self.tables, row):
            agent = kind(self, row)
            self._kept[kind, row] = agent
        return agent

    def kind_of(self, table: str) -> type[Window]:
        """Return the kind whose agents are the rows of a table."""
        return next(kind for kind in self.KINDS if kind.table == table)

    def agent_at(self, table: str, row: int) -> Any:
        """Return the agent on a row of a table; None for a row number that points nowhere."""
        return None if row == NOBODY else self.window(self.kind_of(table), row)

    def agents_at(self, table: str, rows: Any) -> WindowSet:
        """Return the fixed set of the agents on rows of a table (those present)."""
        return WindowSet.of_rows(self, self.kind_of(table), rows)

    def unique_ids(self, kind: type[Window], rows: Any, since: Any) -> Any:
        """Return Mesa's unique id of an agent (or the ids of several) from row and week since which it is there."""
        return 1 + ((since - LONG_AGO) * MOST_ROWS + rows) * len(self.KINDS) + self.KINDS.index(kind)

    def run_for(self, duration: int) -> None:
        """Run ``duration`` weeks."""
        for _ in range(int(duration)):
            self.step()

    def run_until(self, end_time: int) -> None:
        """Run until the week ``end_time``."""
        self.run_for(int(end_time) - self.week)

    def register_agent(self, agent: Any) -> NoReturn:
        """Refuse agents that are no windows: their state would lie outside the tables."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # where Mesa 3.3 keeps a model alive for ever
        raise BadInput(
            f"{type(agent).__name__}: agents of {type(self).__name__} are rows of its tables. "
            "Make the class a Window with a table, and add it to KINDS."
        )

    def remove_all_agents(self) -> NoReturn:
        """Refuse: agents come and go with their rows."""
        raise BadInput(f"Agents of {type(self).__name__} cannot be removed by hand: they are rows of its tables.")

    def schedule_event(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the week is the only clock."""
        raise BadInput(
            "The week is the model's only clock: events are dated in the scenario, not scheduled on the model."
        )

    schedule_recurring = schedule_event
