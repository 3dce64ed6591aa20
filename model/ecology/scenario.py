"""A scenario: one world and one regime, as data. A place, a pressure, levers, dates, departures, and why.

A scenario is checked as a whole when it is made and cannot be changed afterwards. Its ``canonical`` form holds all
that a run depends on and no name, so that its ``digest`` names its runs.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ecology import lever_tables
from ecology import scenario_fields as fields
from ecology import scenario_tables as tables
from ecology.errors import BadInput
from ecology.scenario_faults import sentences
from ecology.scenario_file import Source, find, find_base, merged, packaged_names, read
from ecology.scenario_limits import first_day, past_years_limit, reading, week_of, years_limit
from ecology.scenario_pressure import Pressure, pressure
from ecology.scenario_tables import FrozenTable
from ecology.vocabulary import WEEKS_A_YEAR


class Scenario(BaseModel):
    """What is simulated. Load one by name or file, and depart from it with ``with_changes``.

    The order of the fields matters: a check sees the fields above its own.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", validate_default=True)

    name: fields.Name
    why: fields.Why
    base: fields.Base = None
    authority: fields.Authority = fields.ENGLAND
    children: fields.NumberOfChildren = None
    pressure: fields.PressureName = "both"
    regime: fields.Regime = Field(default_factory=lever_tables.status_quo)
    levers: tables.Levers = Field(default_factory=FrozenTable)
    switch_date: fields.SwitchDate = Field(default_factory=first_day)
    past_years: fields.PastYears = Field(default_factory=lambda: past_years_limit().default)
    years: fields.Years = Field(default_factory=lambda: years_limit().default)
    parameters: tables.Departures = Field(default_factory=FrozenTable)
    failure_modes: tables.Switches = Field(default_factory=FrozenTable)
    events: tables.Events = ()
    extrapolation: fields.Extrapolation = "refuse"

    def __init__(self, **given: Any) -> None:
        self._check(given, where="")

    @classmethod
    def load(cls, name_or_path: str | os.PathLike[str], **changes: Any) -> "Scenario":
        """Return a packaged scenario by name, or the scenario of a TOML file, with fields replaced by ``changes``.

        Raises BadInput with every fault: the file's name, the field, what was possible.
        """
        scenario = cls._of(find(name_or_path), ())
        return scenario.with_changes(**changes) if changes else scenario

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of the packaged scenarios, sorted."""
        return packaged_names()

    def with_changes(self, **changes: Any) -> "Scenario":
        """Return this scenario with some fields replaced, checked again as a whole.

        A table is replaced like any other field: ``levers={}`` takes all departures away, and
        ``levers={**scenario.levers, "tempo": 0.5}`` adds one. Raises BadInput with every fault.
        """
        changed = type(self)(**{**self._given(), **changes})
        return changed.model_copy(update={"base": self.base}) if self.base else changed

    @property
    def lever_values(self) -> dict[str, float]:
        """All thirteen levers: the regime's values, replaced by the departures; 0 where there is no mechanism yet."""
        return lever_tables.lever_values(self.regime, self.levers)

    @property
    def failure_switches(self) -> dict[str, bool]:
        """All fifteen failure modes, on unless this scenario switches them off."""
        return {name: self.failure_modes.get(name, True) for name in lever_tables.failure_modes()}

    @property
    def pressure_paths(self) -> Pressure:
        """Which paths of the world are published and which are held."""
        return pressure(self.pressure)

    @property
    def first_week(self) -> int:
        """The model week in which the past starts: ``past_years`` before 1 April 2010, so negative."""
        return -self.past_years * WEEKS_A_YEAR

    @property
    def switch_week(self) -> int:
        """The model week from which the regime holds, counted from 1 April 2010 with 52 weeks a year."""
        return week_of(self.switch_date)

    @property
    def past_weeks(self) -> int:
        """How many weeks the past lasts: from its start to the switch, all under the status quo."""
        return self.switch_week - self.first_week

    @property
    def weeks(self) -> int:
        """How many weeks follow the switch."""
        return self.years * WEEKS_A_YEAR

    def canonical(self) -> dict[str, Any]:
        """Return all that a run depends on, ready for JSON, sorted, and nothing that is only a name.

        Left out are name, why, base, and the labels of regime and pressure: what they stand for is there instead.
        """
        world = self.pressure_paths
        return {
            "authority": self.authority,
            "children": self.children,
            "events": [{"kind": e.kind, "size": _number(e.size), "week": e.week} for e in self.events],
            "extrapolation": self.extrapolation,
            "failure_modes": dict(sorted(self.failure_switches.items())),
            "levers": {name: _number(value) for name, value in sorted(self.lever_values.items())},
            "parameters": {name: _number(value) for name, value in sorted(self.parameters.items())},
            "past_years": self.past_years,
            "pressure": {"budgets": world.budgets, "population": world.population, "poverty": world.poverty},
            "switch_week": self.switch_week,
            "years": self.years,
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical form in hexadecimal digits: equal runs, equal digests."""
        return _sha256(self.canonical())

    @property
    def past_digest(self) -> str:
        """The SHA-256 of what shapes the shared past: two scenarios with the same one can branch from one past."""
        content = self.canonical()
        after = {"levers", "years", "extrapolation"}
        past = {field: value for field, value in content.items() if field not in after}
        past["events"] = [event for event in content["events"] if event["week"] < self.switch_week]
        return _sha256(past)

    @classmethod
    def _of(cls, source: Source, chain: tuple[Source, ...]) -> "Scenario":
        """Return the scenario of a file over its base, which is a valid scenario itself; ``chain`` led here."""
        _refuse_circles(source, chain)
        own = read(source)
        base = own.pop("base", None)
        found: list[str] = []
        inherited: dict[str, Any] = {}
        if base is not None:
            try:
                inherited = cls._of(find_base(base, source), (*chain, source))._given()
            except BadInput as error:
                found.append(str(error))
        inherited = {field: value for field, value in inherited.items() if field not in ("name", "why")}
        given = merged({**inherited, "name": source.stem}, own)
        scenario = cls.__new__(cls)
        try:
            scenario._check(given, source.where)
        except BadInput as error:
            found.append(str(error))
        if found:
            raise BadInput("\n".join(found))
        return scenario.model_copy(update={"base": base}) if base else scenario

    def _check(self, given: Mapping[str, Any], where: str) -> None:
        """Fill this scenario with fields that pass every check; raise BadInput with all faults, led by ``where``."""
        try:
            self.__pydantic_validator__.validate_python(dict(given), self_instance=self)
        except ValidationError as error:
            raise BadInput("\n".join(sentences(error, where, type(self).model_fields))) from None

    def _given(self) -> dict[str, Any]:
        """Return the fields that somebody set, without the base, which is in them already."""
        return {field: getattr(self, field) for field in self.model_fields_set if field != "base"}


def _refuse_circles(source: Source, chain: tuple[Source, ...]) -> None:
    """Refuse a file that builds on itself, or on too long a chain of others."""
    way = " → ".join(link.stem for link in (*chain, source))
    if any(link.file == source.file for link in chain):
        raise BadInput(f"{source.where}: builds on itself: {way}. Take one base away.")
    if len(chain) > reading("bases"):
        raise BadInput(f"{source.where}: more than {reading('bases')} bases build on one another: {way}.")


def _number(value: float) -> float:
    """Return a number in its one form: 1 and 1.0, 0 and -0.0 are the same."""
    return float(value) + 0.0


def _sha256(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
