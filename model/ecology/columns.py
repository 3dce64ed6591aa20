"""Types of columns, and the array that holds a table row by row."""

from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np

I1 = Annotated[Any, np.int8]
I2 = Annotated[Any, np.int16]
I4 = Annotated[Any, np.int32]
I8 = Annotated[Any, np.int64]
F4 = Annotated[Any, np.float32]
F8 = Annotated[Any, np.float64]
Parameters = Any
"""A NumPy record with a float64 field for each parameter: ``p.hours_assessment`` (see ``evidence.values``)."""
Settings = Any
"""What compiled loops see of ``settings.Settings``: a record with a float64 field for each setting of this week."""


class _Column:
    """A column of a table that is stored row by row."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, table: np.ndarray, kind: type) -> np.ndarray:
        if self.name not in (table.dtype.names or ()):
            raise AttributeError(f"no column {self.name!r}")
        if type(table.base) is not np.ndarray:
            return table[self.name].view(np.ndarray)
        column: np.ndarray = table.base[self.name]  # of the plain array under this one: keeping it makes no circle
        table.__dict__[self.name] = column  # found at once from now on
        return column


class Rows(np.ndarray):  # type: ignore[type-arg]
    """A table stored row by row: its columns have the same names and uses, and compiled loops take it as one array.

    Columns are attributes of the class, not found by ``__getattr__``: at each call of a loop Numba asks every array for
    an attribute that none has, and to ask Python would take longer than the rest of the call.
    """

    @property
    def _fields(self) -> tuple[str, ...]:
        return self.dtype.names or ()


def name_columns(names: Iterable[str]) -> None:
    """Let tables that are stored row by row have columns with these names."""
    for name in names:
        setattr(Rows, name, _Column(name))
