"""All tables of a place behind one handle, for compiled code.

A call from Python takes apart every table that it passes, two microseconds for most and five for children and families:
in a small place that was longer than the loops themselves. A handle is one pointer.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numba
from numba.core import types
from numba.experimental import structref

from ecology.compiled import compiled
from ecology.tables import (
    Cases,
    Children,
    Conditions,
    Families,
    Fixtures,
    Neighbourhoods,
    Pools,
    Schools,
    SocialWorkers,
    Tally,
)


class World(NamedTuple):
    """What loops ask of a place, by the names of ``building.build``."""

    children: Children
    families: Families
    cases: Cases
    social_workers: SocialWorkers
    pools: Pools
    schools: Schools
    neighbourhoods: Neighbourhoods
    conditions: Conditions
    tally: Tally
    fixtures: Fixtures


@structref.register
class _WorldType(types.StructRef):  # type: ignore[misc]
    """The type of a handle in compiled code: a field for each table."""


class _OpenedWorld(structref.StructRefProxy):  # type: ignore[misc]
    """A world for compiled loops: they read ``world.children`` like that of the tuple."""


structref.define_proxy(_OpenedWorld, _WorldType, World._fields)


@compiled
def _opened(
    children: Children, families: Families, cases: Cases, social_workers: SocialWorkers, pools: Pools,
    schools: Schools, neighbourhoods: Neighbourhoods, conditions: Conditions, tally: Tally, fixtures: Fixtures,
) -> Any:  # fmt: skip
    """Return a handle. Compiled and kept, which the constructor that Numba gives to Python is not."""
    return _OpenedWorld(
        children, families, cases, social_workers, pools, schools, neighbourhoods, conditions, tally, fixtures
    )  # fmt: skip


class Handle:
    """Keeps the handle of a place, and makes it again when one of its tables was replaced."""

    def __init__(self) -> None:
        self._tables: tuple[Any, ...] = (None,) * len(World._fields)
        self._world: Any = None

    def of(self, tables: Mapping[str, Any]) -> World:
        """Return the handle of these tables; where loops run as plain Python, the tables themselves."""
        for name, known in zip(World._fields, self._tables, strict=True):  # asked many times a week
            if tables[name] is not known:
                self._tables = now = World(*(tables[name] for name in World._fields))
                self._world = now if numba.config.DISABLE_JIT else _opened(*now)  # type: ignore[attr-defined]
                break
        return self._world  # type: ignore[no-any-return]
