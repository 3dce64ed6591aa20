"""A parameter space: what varies in a study, each factor with its kind, its bounds and where they come from.

A column of a table of points is named as its factor: a parameter by its name, a lever as ``levers.REGIME.LEVER``, the
switch of a failure mode as ``failure_modes.NAME``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecology import evidence
from ecology.errors import BadInput, no_such
from ecology.evidence.parameters import Parameter
from ecology.lever_tables import failure_modes, lever_values, levers, preset_spread, presets
from experiments.point import Point
from experiments.settings import settings

FLOAT, INTEGER, CHOICE, LEVER = "float", "integer", "choice", "lever"
LEVERS, SWITCHES = "levers", "failure_modes"


@dataclass(frozen=True)
class Factor:
    """One thing that varies: from ``low`` to ``high`` (both allowed), or over ``values``.

    Half of all values lie below ``median``, evenly, and half above it, evenly; without one all are equally likely.
    Factors of one ``group`` are sampled one by one, and belong together for an analysis by groups.
    """

    name: str
    kind: str
    low: float = 0.0
    high: float = 1.0
    values: tuple[float, ...] = ()
    group: str = ""
    unit: str = ""
    standing: str = ""
    median: float | None = None

    def __post_init__(self) -> None:
        """Refuse a median where values are counted: it would be passed over."""
        if self.median is not None and self.kind != FLOAT:
            raise BadInput(
                f"{self.name}: a median is for a number that may lie anywhere in its range, not a {self.kind}."
            )

    def at(self, share: np.ndarray) -> np.ndarray:
        """Return the values that so large a share, in [0, 1), of all values lie below."""
        if self.kind == CHOICE:
            steps = np.minimum(np.floor(share * len(self.values)), len(self.values) - 1).astype(int)
            return np.asarray(self.values, dtype=float)[steps]
        if self.kind == INTEGER:
            return np.minimum(self.low + np.floor(share * (self.high - self.low + 1)), self.high)
        if self.median is not None:
            return np.interp(share, (0.0, 0.5, 1.0), (self.low, self.median, self.high))
        return np.minimum(self.low + share * (self.high - self.low), self.high)

    def levels(self, number: int) -> np.ndarray:
        """Return so many values from the lowest to the highest; all of them if there are no more."""
        if self.kind == CHOICE:
            return np.asarray(self.values, dtype=float)
        if self.kind == INTEGER:
            return np.unique(np.round(np.linspace(self.low, self.high, number)))
        return np.linspace(self.low, self.high, number)

    def fault(self, value: float) -> str | None:
        """Return why a value cannot be taken, None if it can."""
        if self.kind == CHOICE:
            possible = ", ".join(f"{v:g}" for v in self.values)
            return None if value in self.values else f"{value:g} is none of {possible}."
        if not self.low <= value <= self.high:
            return f"{value:g} lies outside {self.low:g} to {self.high:g} {self.unit}".rstrip() + "."
        if self.kind == INTEGER and value != round(value):
            return f"{value:g} is not a whole number."
        return None


@dataclass(frozen=True)
class Space:
    """The factors of a study, in the order of the columns of its points."""

    factors: tuple[Factor, ...]

    def __post_init__(self) -> None:
        """Refuse an empty space and a factor that stands twice."""
        if not self.factors:
            raise BadInput("this space has no factor, so nothing varies; name parameters, levers or failure modes.")
        for name in self.names:
            if self.names.count(name) > 1:
                raise BadInput(f"{name}: stands twice in this space; name each factor once.")

    @property
    def names(self) -> list[str]:
        """The names of the factors."""
        return [factor.name for factor in self.factors]

    @property
    def groups(self) -> list[str]:
        """The group of each factor; one that has none stands for itself."""
        return [factor.group or factor.name for factor in self.factors]

    @property
    def problem(self) -> dict[str, Any]:
        """The space as SALib writes it, over shares in [0, 1]: the values come from ``table``."""
        bounds = [[0.0, 1.0] for _ in self.factors]
        return {"num_vars": len(self.factors), "names": self.names, "bounds": bounds, "groups": self.groups}

    def table(self, shares: np.ndarray) -> pd.DataFrame:
        """Return a row a point from shares in [0, 1]: float64 of shape (points, factors)."""
        return pd.DataFrame({factor.name: factor.at(shares[:, i]) for i, factor in enumerate(self.factors)})

    def points(self, table: pd.DataFrame, seeds: Sequence[int] = (1,)) -> Iterator[Point]:
        """Yield every row of a table with every seed. The index of the table numbers the rows."""
        columns = [str(name) for name in table.columns]
        for row, values in zip(table.index.tolist(), table.to_numpy(dtype=float).tolist(), strict=True):
            for seed in seeds:
                yield point(int(row), seed, dict(zip(columns, values, strict=True)))


def point(row: int, seed: int, values: Mapping[str, float]) -> Point:
    """Return the point with these values by the names of their columns."""
    parameters: dict[str, float] = {}
    of_levers: dict[str, dict[str, float]] = {}
    switches: dict[str, bool] = {}
    for column, value in values.items():
        kind, _, name = column.partition(".")
        if not name:
            parameters[column] = value
        elif kind == LEVERS:
            regime, _, lever = name.rpartition(".")
            of_levers.setdefault(regime, {})[lever] = value
        else:
            switches[name] = bool(value)
    return Point(row, parameters, seed, of_levers, switches)


def evidence_space(
    names: Iterable[str] | None = None, topics: Iterable[str] | None = None, leave_out: Iterable[str] = ()
) -> Space:
    """Return the space of parameters over the ranges of their evidence; all of them if none are named.

    ``topics`` are files of parameters. Definitions, and parameters whose range is one number, never vary.
    Raises BadInput for an unknown name or topic and for a parameter that cannot vary.
    """
    known = varying()
    by_topic = {parameter.topic for parameter in known.values()}
    for topic in topics or ():
        if topic not in by_topic:
            raise no_such("topic of parameters that vary", topic, by_topic)
    chosen = list(names or ()) + [name for name, p in known.items() if p.topic in set(topics or ())]
    chosen = list(known) if names is None and topics is None else list(dict.fromkeys(chosen))
    for name in (*chosen, *leave_out):
        if name not in known:
            raise _cannot_vary(name, known)
    return Space(tuple(factor_of(known[name]) for name in chosen if name not in set(leave_out)))


def varying() -> dict[str, Parameter]:
    """Return the parameters that can vary: no definition, a range of more than one number, not listed in settings."""
    return {
        name: parameter
        for name, parameter in evidence.register().items()
        if parameter.grade != "definition"
        and parameter.range[0] < parameter.range[1]
        and name not in settings()["space"]
    }


def factor_of(parameter: Parameter, **changes: Any) -> Factor:
    """Return the factor of a parameter over its range; its topic is its group."""
    low, high = parameter.range
    about = {"low": low, "high": high, "group": parameter.topic, "unit": parameter.unit}
    return Factor(parameter.name, **{"kind": FLOAT, "standing": parameter.standing, **about, **changes})


def lever_factors(regime: str, width: float | None = None, names: Iterable[str] | None = None) -> list[Factor]:
    """Return the levers of a regime, each within ``width`` of its preset and within [0, 1].

    By default the width of the presets' own uncertainty, and every lever that has a mechanism. Raises BadInput.
    """
    preset = regime.partition("/")[0]
    if preset not in presets():
        raise no_such("regime", regime, presets(), "levers")
    width = preset_spread() if width is None else width
    active = {name for name, lever in levers().items() if lever.active}
    middle = lever_values(preset, {})
    factors = []
    for name in active_in_order(active) if names is None else names:
        if name not in active:
            raise no_such("lever with a mechanism", name, active, f"levers.{regime}")
        low, high = max(0.0, middle[name] - width), min(1.0, middle[name] + width)
        factors.append(Factor(f"{LEVERS}.{regime}.{name}", LEVER, low, high, group=f"{LEVERS}.{regime}"))
    return factors


def active_in_order(active: Iterable[str]) -> list[str]:
    """Return levers in the order of their table."""
    return [name for name in levers() if name in set(active)]


def switch_factors(names: Iterable[str] | None = None) -> list[Factor]:
    """Return failure modes as choices between off (0) and on (1); all of them by default. Raises BadInput."""
    for name in names or ():
        if name not in failure_modes():
            raise no_such("failure mode", name, failure_modes(), SWITCHES)
    chosen = failure_modes() if names is None else names
    return [Factor(f"{SWITCHES}.{name}", CHOICE, values=(0.0, 1.0), group=SWITCHES) for name in chosen]


def _cannot_vary(name: str, known: Mapping[str, Parameter]) -> BadInput:
    parameter = evidence.register().get(name)
    if parameter is None:
        return no_such("parameter", name, known)
    why = f"is {settings()['space'].get(name, 'fixed: its range is one number')}"
    return BadInput(f"{name} {why} ({parameter.standing.rstrip('.')}); leave it out.")
