"""A window: a Mesa agent that is a row of a table. It holds no state: its attributes are the row's columns."""

from __future__ import annotations

import reprlib
import weakref
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

import mesa
import numpy as np

from ecology.errors import BadInput
from ecology.vocabulary import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecology.agents.column_model import ColumnModel

Rows = Any  # one row as an int, or an array of rows


class Window(mesa.Agent):
    """An agent on the row ``row`` of the table ``table`` of its model: ``family.strain = 0.3`` writes the column.

    A subclass names its table and may add properties and verbs. ``kept`` kinds are made once per row and stay the
    same object; the others are made on demand. ``only_row`` is for a kind that is one row of a shared table.
    A row can pass to the next child, family or worker: a window then says so instead of showing somebody else.
    """

    table: ClassVar[str] = ""
    kept: ClassVar[bool] = False
    only_row: ClassVar[int | None] = None
    pos = None  # Mesa's place in a grid; a kind that has a place makes this a property

    def __init__(self, model: ColumnModel, row: int, since: int | None = None) -> None:
        # Mesa's constructor is left out on purpose: it registers agents, and in 3.3 keeps their model alive for ever.
        # A kept window lies inside its model: a strong reference back would be a cycle that keeps the arrays.
        own = self.__dict__
        own["_model"] = weakref.ref(model) if self.kept else model
        own["_row"] = int(row)
        own["_since"] = int(self.since_at(model.tables, int(row))) if since is None else since

    # What a kind says about its rows

    @classmethod
    def present_at(cls, tables: Mapping[str, Any], rows: Rows) -> Any:
        """Return whether each of ``rows`` is an agent of this kind now (a table without the column is always there)."""
        table = tables[cls.table]
        if "present" in table._fields:
            return table.present[rows] != 0
        return np.ones(len(getattr(table, table._fields[0])), dtype=bool)[rows]

    @classmethod
    def since_at(cls, tables: Mapping[str, Any], rows: Rows) -> Any:
        """Return the week since which each of ``rows`` is the same person or body (long ago, if rows never pass on)."""
        return LONG_AGO if isinstance(rows, int) else np.full(len(rows), LONG_AGO)

    @classmethod
    def present_rows(cls, tables: Mapping[str, Any]) -> np.ndarray:
        """Return the rows that are agents of this kind now, ascending."""
        if cls.only_row is not None:
            return np.array([cls.only_row], dtype=np.int64)
        return np.flatnonzero(cls.present_at(tables, slice(None)))

    @classmethod
    def has_column(cls, tables: Mapping[str, Any], name: str) -> bool:
        """Return whether ``name`` is a column that agents of this kind show as it is, not a property of the class."""
        return name in tables[cls.table]._fields and not hasattr(cls, name)

    # What a Mesa agent has

    @property
    def model(self) -> ColumnModel:
        """The model whose row this is."""
        model = self._model() if self.kept else self._model
        if model is None:
            raise ReferenceError(f"The model of this {type(self).__name__} is gone: keep it as long as its agents.")
        return model

    @property
    def row(self) -> int:
        """The row in the table."""
        return self._row

    @property
    def unique_id(self) -> int:
        """A number that no other agent of the model has or had: not of another kind, not an earlier one on this row."""
        return self.model.unique_ids(type(self), self._row, self._since)

    @property
    def here_since(self) -> int:
        """The week since which this agent has had its row; long ago where rows never pass on."""
        return self._since

    @property
    def is_here(self) -> bool:
        """Whether this agent is still part of the model."""
        tables = self.model.tables
        return bool(self.present_at(tables, self._row)) and self.since_at(tables, self._row) == self._since

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if hasattr(type(self), name):  # a property that failed: let its own error be seen
            return object.__getattribute__(self, name)
        return self._read(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(getattr(type(self), name, None), property):
            object.__setattr__(self, name, value)
        else:
            write(self._column(name), self._row, value, f"{type(self).__name__}.{name}")

    def _read(self, name: str) -> Any:
        """Return what the column holds, as a plain number: also where a property of the same name says more."""
        value = self._column(name)[self._row]
        return value.item() if isinstance(value, np.generic) else value

    def _column(self, name: str) -> np.ndarray:
        tables = self.model.tables
        table = tables[self.table]
        if name not in table._fields:
            raise no_attribute(type(self), name, tables)
        if self.since_at(tables, self._row) != self._since:
            raise LookupError(
                f"This {type(self).__name__} has left, and row {self._row} of {self.table} is somebody else now: "
                "ask is_here before you read an agent that you kept from an earlier week."
            )
        return getattr(table, name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self.model.tables[self.table]._fields})

    def __eq__(self, other: object) -> bool:
        return (
            type(self) is type(other)
            and isinstance(other, Window)
            and (self._row, self._since) == (other._row, other._since)
            and self.model is other.model
        )

    def __hash__(self) -> int:
        return hash((type(self), self._row, self._since))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._row}>"

    def remove(self) -> NoReturn:
        """Refuse: an agent leaves when the rules of the week empty its row."""
        raise BadInput(f"{self!r} cannot be removed by hand: agents come and go with the column {self.table}.present.")

    @classmethod
    def create_agents(cls, model: ColumnModel, n: int, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an agent is a row of a table."""
        raise BadInput(f"{cls.__name__} agents are the rows of the table {cls.table}: they cannot be created by hand.")

    @classmethod
    def from_dataframe(cls, model: ColumnModel, df: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an agent is a row of a table."""
        cls.create_agents(model, len(df))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        model = memo.get(id(self.model))
        if model is None:
            return self  # it refers to a row and holds no state; Mesa's data collector copies what it collects
        twin = object.__new__(type(self))  # the world is being copied: refer to the copy
        twin.__dict__.update(self.__dict__, _model=weakref.ref(model) if self.kept else model)
        return twin


def no_attribute(kind: type[Window], name: str, tables: Mapping[str, Any]) -> AttributeError:
    """Return the error for an attribute that a kind of agent does not have."""
    columns = ", ".join(tables[kind.table]._fields)
    return AttributeError(f"{kind.__name__} has no attribute {name!r}. Columns of {kind.table}: {columns}.", name=name)


def write(column: np.ndarray, rows: Rows, value: Any, where: str) -> None:
    """Store ``value`` in ``column[rows]``, cast to the column's type; refuse what that type cannot hold."""
    given = np.asarray(value)
    if given.dtype.kind not in "biuf":
        raise BadInput(f"{where}: {reprlib.repr(value)} is not a number.")
    with np.errstate(invalid="ignore"):
        cast = given.astype(column.dtype)
    if column.dtype.kind in "biu" and not np.array_equal(cast, given):
        raise BadInput(
            f"{where}: {reprlib.repr(value)} does not fit a column of {column.dtype}: give whole numbers in its range."
        )
    column[rows] = cast
