"""Who is in a set of windows: the part of Mesa's ``AgentSet`` that is a sequence and a set, over (kind, row).

Mesa's own sets hold agents weakly, so windows made on demand would vanish from them, silently. Nothing of theirs is
used: every operation is written anew.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from mesa.agent import AgentSet

from ecology.agents.window import Window
from ecology.errors import BadInput

if TYPE_CHECKING:
    from random import Random

    from ecology.agents.column_model import ColumnModel


class Members(NamedTuple):
    """The agents of a set in order: three integer arrays of one length."""

    kind: np.ndarray  # number of the class in the model's KINDS
    row: np.ndarray
    since: np.ndarray  # week since which the row is this agent: a row can pass to somebody else

    def pick(self, which: Any) -> Members:
        """Return the members at the positions, under the mask or in the slice ``which``."""
        return Members(*(column[which] for column in self))


class MemberSet(AgentSet):
    """An ordered set of agents that are rows. *Live*: everybody of some kinds who is present, at any time.

    *Fixed*: what select, sort, shuffle, groupby and copy give: chosen agents, of whom those who have left the model
    drop out, as they do from Mesa's sets.
    """

    def __init__(self, model: ColumnModel, kinds: Iterable[type[Window]], members: Members | None = None) -> None:
        # Mesa's constructor is left out: there is no dictionary of agents.
        self.model = model
        self._kinds = tuple(kinds)
        self._chosen = members
        self._ids: frozenset[int] | None = None

    @classmethod
    def of_rows(cls, model: ColumnModel, kind: type[Window], rows: Any) -> Self:
        """Return the fixed set of the agents of a ``kind`` on ``rows`` (those present)."""
        rows = np.asarray(rows, dtype=np.int64)
        number = np.full(len(rows), model.KINDS.index(kind))
        return cls(model, model.KINDS, Members(number, rows, kind.since_at(model.tables, rows).astype(np.int64)))

    @property
    def random(self) -> Random:
        """Mesa's random numbers of the model: for looking at agents; the simulation draws none of them."""
        return self.model.random

    def _members(self) -> Members:
        """Return those of the set who are present now."""
        tables = self.model.tables
        if self._chosen is None:
            parts = [Members(*np.empty((3, 0), np.int64))]
            for kind in self._kinds:
                rows = kind.present_rows(tables)
                number = np.full(len(rows), self.model.KINDS.index(kind))
                parts.append(Members(number, rows, kind.since_at(tables, rows)))
            return Members(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        here = np.zeros(len(self._chosen.row), dtype=bool)
        for kind, mine in self._by_kind(self._chosen):
            rows = self._chosen.row[mine]
            here[mine] = kind.present_at(tables, rows) & (kind.since_at(tables, rows) == self._chosen.since[mine])
        return self._chosen.pick(here)

    def _by_kind(self, members: Members) -> Iterator[tuple[type[Window], np.ndarray]]:
        """Yield each kind among the members, and the mask of its agents."""
        for number in np.unique(members.kind):
            yield self.model.KINDS[number], members.kind == number

    def _each(self, members: Members) -> Iterator[Any]:
        """Yield the agents one by one, made on demand."""
        for number, row, since in zip(*(column.tolist() for column in members), strict=True):
            yield self.model.window(self.model.KINDS[number], row, since)

    def _fixed(self, members: Members, inplace: bool = False) -> Self:
        """Return the fixed set of these members, or become it."""
        if not inplace:
            return type(self)(self.model, self.model.KINDS, members)
        self._chosen, self._ids = members, None
        return self

    def __len__(self) -> int:
        if self._chosen is None:
            return sum(len(kind.present_rows(self.model.tables)) for kind in self._kinds)
        return len(self._members().row)

    def __iter__(self) -> Iterator[Any]:
        for agent in self._each(self._members()):
            if agent.is_here:  # it may have left since the loop began
                yield agent

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, Window) or agent.model is not self.model or not agent.is_here:
            return False
        if self._chosen is None:
            return type(agent) in self._kinds
        if self._ids is None:
            ids = (self.model.unique_ids(k, *self._chosen.pick(mine)[1:]) for k, mine in self._by_kind(self._chosen))
            self._ids = frozenset(number for part in ids for number in part.tolist())
        return agent.unique_id in self._ids

    def __getitem__(self, item: Any) -> Any:
        members = self._members()
        if isinstance(item, slice):
            return list(self._each(members.pick(item)))
        position = operator.index(item)
        return self.model.window(self.model.KINDS[members.kind[position]], int(members.row[position]))

    def __reversed__(self) -> Iterator[Any]:
        return self._each(self._members().pick(slice(None, None, -1)))

    def __repr__(self) -> str:
        counts = (f"{np.count_nonzero(mine):,} {kind.__name__}" for kind, mine in self._by_kind(self._members()))
        return f"<{type(self).__name__}: {', '.join(counts) or 'nobody'}>"

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return the position of an agent; ValueError if it is not there."""
        return self.to_list().index(value, start, len(self) if stop is None else stop)

    def count(self, value: Any) -> int:
        """Return 1 if an agent is in the set, else 0."""
        return int(value in self)

    def to_list(self) -> list[Any]:
        """Return the agents as a list."""
        return list(self)

    def copy(self) -> Self:
        """Return a fixed set of those who are in this set now."""
        return self._fixed(self._members())

    __copy__ = copy

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def _from_iterable(self, agents: Iterable[Window]) -> Self:
        """Return the fixed set of some agents of this model: what ``&``, ``|``, ``-`` and ``^`` are made with."""
        windows = list(dict.fromkeys(agents))
        numbers = [self.model.KINDS.index(type(window)) for window in windows]
        columns = numbers, [window.row for window in windows], [window.here_since for window in windows]
        return self._fixed(Members(*(np.array(column, dtype=np.int64) for column in columns)))

    def add(self, agent: Any) -> None:
        """Add an agent to a fixed set. A live set cannot be changed by hand."""
        self._must_be_fixed()
        self._fixed((self | [agent])._members(), inplace=True)

    def discard(self, agent: Any) -> None:
        """Take an agent out of a fixed set, if it is there. A live set cannot be changed by hand."""
        self._must_be_fixed()
        self._fixed((self - [agent])._members(), inplace=True)

    def remove(self, agent: Any) -> None:
        """Take an agent out of a fixed set; KeyError if it is not there. A live set cannot be changed by hand."""
        self._must_be_fixed()
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def _must_be_fixed(self) -> None:
        if self._chosen is not None:
            return
        names = ", ".join(kind.__name__ for kind in self._kinds)
        raise BadInput(
            f"The set of all present agents ({names}) cannot be changed by hand: agents come and go with the column "
            "`present` of their table. Work on a copy: agents.copy() or agents.select(...)."
        )
