"""Types of columns, and the array that holds a table row by row."""

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
"""A NumPy record with a float64 field for each setting of this week: ``now.threshold_plan`` (see ``settings``)."""


class Rows(np.ndarray):  # type: ignore[type-arg]
    """A table stored row by row: its columns have the same names and uses, and compiled loops take it as one array."""

    def __getattr__(self, name: str) -> np.ndarray:
        if name[0] != "_" and name in (self.dtype.names or ()):
            if type(self.base) is not np.ndarray:
                return self[name].view(np.ndarray)
            column = self.base[name]  # of the plain array under this one: keeping it makes no circle
            self.__dict__[name] = column  # found at once from now on
            return column
        raise AttributeError(f"no column {name!r}")

    @property
    def _fields(self) -> tuple[str, ...]:
        return self.dtype.names or ()
