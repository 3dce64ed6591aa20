"""A set of windows that does what a Mesa user expects of an ``AgentSet``. Columns are read whole, without agents."""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Self

import numpy as np

from ecology.agents.members import Members, MemberSet
from ecology.agents.window import Window, no_attribute, write
from ecology.errors import BadInput

try:
    from mesa.agentset import GroupBy
except ImportError:  # Mesa before 3.4
    from mesa.agent import GroupBy

Method = str | Callable[..., Any]


class WindowSet(MemberSet):
    """The agents of a ``ColumnModel``, or some of them: Mesa's ``AgentSet`` over columns (see ``MemberSet``)."""

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type[Any] | None = None,
    ) -> Self:
        """Return the first ``at_most`` (number or share) agents of ``agent_type`` for whom ``filter_func`` is true."""
        members = self._members()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(members.row) * at_most)  # as in Mesa: a share of the set before the filter
        limit = len(members.row) if at_most == math.inf else max(0, math.ceil(at_most))
        if agent_type is not None:
            wanted = [number for number, kind in enumerate(self.model.KINDS) if issubclass(kind, agent_type)]
            members = members.pick(np.isin(members.kind, wanted))
        if filter_func is None:
            return self._fixed(members.pick(slice(limit)), inplace)
        chosen: list[int] = []
        for position, agent in enumerate(self._each(members)):
            if len(chosen) >= limit:
                break
            if filter_func(agent):
                chosen.append(position)
        return self._fixed(members.pick(np.array(chosen, dtype=np.int64)), inplace)

    def shuffle(self, inplace: bool = False) -> Self:
        """Return the agents in a random order (Mesa's random numbers: for looking at agents, not for simulating)."""
        members = self._members()
        order = list(range(len(members.row)))
        self.random.shuffle(order)
        return self._fixed(members.pick(np.array(order, dtype=np.int64)), inplace)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> Self:
        """Return the agents in the order of an attribute, or of what ``key`` returns; equals keep their order."""
        members = self._members()
        if isinstance(key, str) and "." in key:
            key = operator.attrgetter(key)
        values = self._values(members, key)
        order = sorted(range(len(values)), key=values.__getitem__, reverse=not ascending)
        return self._fixed(members.pick(np.array(order, dtype=np.int64)), inplace)

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> WindowGroups:
        """Return the agents in groups by an attribute or by what ``by`` returns, in order of first appearance.

        The groups are sets like this one; with ``result_type="list"`` they are lists of agents.
        """
        members = self._members()
        positions: dict[Any, list[int]] = defaultdict(list)
        for position, value in enumerate(self._values(members, by)):
            positions[value].append(position)
        picked = {value: members.pick(np.array(where)) for value, where in positions.items()}
        if result_type == "agentset":
            return WindowGroups({value: self._fixed(group) for value, group in picked.items()})
        return WindowGroups({value: list(self._each(group)) for value, group in picked.items()})

    def do(self, method: Method, *args: Any, **kwargs: Any) -> Self:
        """Call a method (by name) or a function on each agent; return the set."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: Method, *args: Any, **kwargs: Any) -> Self:
        """Call a method or a function on each agent in a random order (see ``shuffle``); return the set."""
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: Method, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method (by name) or a function on each agent; return the results."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Return an attribute of each agent, or a list of attributes of each."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'")
        missing = () if handle_missing == "error" else (default_value,)
        members = self._members()
        if isinstance(attr_names, str):
            return self._values(members, attr_names, missing)
        columns = [self._values(members, name, missing) for name in attr_names]
        return [[column[position] for column in columns] for position in range(len(members.row))]

    def agg(self, attribute: Any, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Return ``func`` of the list of an attribute's values, or a list of results for several functions."""
        values = self.get(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def set(self, attr_name: str, value: Any) -> Self:
        """Set an attribute to one value for all agents, or to a list or array with a value for each."""
        members, tables = self._members(), self.model.tables
        size = len(members.row)
        each = isinstance(value, list | tuple | np.ndarray) and np.ndim(value) > 0
        if each and len(value) != size:
            raise BadInput(f"set({attr_name!r}): {len(value)} values for {size} agents. Give one, or one for each.")
        for kind, _ in self._by_kind(members):
            if not kind.has_column(tables, attr_name) and not hasattr(kind, attr_name):
                raise no_attribute(kind, attr_name, tables)
        for kind, positions in self._stretches(members):
            rows, part = members.row[positions], value[positions] if each else value
            if kind.has_column(tables, attr_name):
                write(getattr(tables[kind.table], attr_name), rows, part, f"{kind.__name__}.{attr_name}")
                continue
            for row, one in zip(rows.tolist(), part if each else [value] * len(rows), strict=True):
                setattr(self.model.window(kind, row), attr_name, one)
        return self

    def _values(self, members: Members, by: Callable[[Any], Any] | str, missing: tuple[Any, ...] = ()) -> list[Any]:
        """Return what ``by``, a name or a function, gives for each member; ``missing`` may hold a default."""
        if callable(by):
            return [by(agent) for agent in self._each(members)]
        values: list[Any] = []
        for kind, positions in self._stretches(members):
            rows = members.row[positions]
            if kind.has_column(self.model.tables, by):
                values += getattr(self.model.tables[kind.table], by)[rows].tolist()
            elif hasattr(kind, by):
                values += [getattr(agent, by, *missing) for agent in self._each(members.pick(positions))]
            elif missing:
                values += list(missing) * len(rows)
            else:
                raise no_attribute(kind, by, self.model.tables)
        return values

    def _stretches(self, members: Members) -> Iterator[tuple[type[Window], slice]]:
        """Yield the kind and the positions of each unbroken stretch of agents of one kind, in order."""
        edges = [0, *(np.flatnonzero(np.diff(members.kind)) + 1).tolist(), len(members.kind)]
        for start, stop in pairwise(edges):
            if stop > start:
                yield self.model.KINDS[members.kind[start]], slice(start, stop)


class WindowGroups(GroupBy):
    """Mesa's ``GroupBy`` over window sets: ``count``, and ``agg`` of a column, make no agents."""

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Return ``func`` of the list of an attribute's values in each group."""
        return {
            name: func(group.get(attr_name) if isinstance(group, WindowSet) else [getattr(a, attr_name) for a in group])
            for name, group in self.groups.items()
        }
