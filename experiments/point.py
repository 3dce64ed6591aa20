"""What a batch runs: points (which numbers, levers, switches and seed) and the study they belong to (which place)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ecology.errors import BadInput, no_such
from experiments import compare
from experiments.calibration.ensemble import CENTRAL, Ensemble, ensemble
from experiments.compare import Model
from experiments.jobs import Job
from experiments.manifest import code_version
from experiments.settings import settings
from experiments.store import canonical, run_key

if TYPE_CHECKING:
    from ecology.scenario import Scenario


@dataclass(frozen=True)
class Point:
    """One row of a design with one seed: departures by parameter, by regime and lever, and by failure mode."""

    row: int
    parameters: Mapping[str, float]
    seed: int
    levers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    failure_modes: Mapping[str, bool] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """The departures as canonical JSON, without row and seed: equal content, equal worlds."""
        return canonical(
            {
                "parameters": {name: float(value) for name, value in self.parameters.items()},
                "levers": {r: {name: float(v) for name, v in of.items()} for r, of in self.levers.items() if of},
                "failure_modes": {name: bool(on) for name, on in self.failure_modes.items()},
            }
        )

    @classmethod
    def of(cls, row: int, seed: int, content: Mapping[str, Any]) -> "Point":
        """Return the point whose ``content`` was kept."""
        return cls(row, content["parameters"], seed, content["levers"], content["failure_modes"])


@dataclass(frozen=True)
class Study:
    """What all points of a batch share: place, years, pressure, regimes, and the scenario that they depart from.

    A regime is the name of a preset, or ``preset/label`` for one more arm from the same preset, with levers of its own
    in the points. ``past`` is a scenario's name or file; parameters, events and years of past that it sets hold for
    every point. ``yearly`` also keeps the published measures of every year. ``drawn_from`` is the ensemble,
    of which each seed takes a member, or the central values; None: as the settings say. What a point or the past sets
    goes first. ``model`` is the project's own by default.
    """

    name: str
    authority: str
    regimes: tuple[str, ...]
    children: int | None = None
    years: int = settings()["defaults"]["years"]
    pressure: str = settings()["defaults"]["pressure"]
    past: str = settings()["defaults"]["past"]
    past_years: int | None = None
    yearly: bool = False
    drawn_from: str | None = CENTRAL
    model: Model | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse regimes that do not exist or stand twice. The rest is checked with the scenario."""
        from ecology.lever_tables import presets

        if "/" in self.name or not self.name.strip():
            raise BadInput(f"--name: {self.name!r} cannot be part of a file's name; leave out the slash.")
        found = ensemble(self.drawn_from)
        object.__setattr__(self, "drawn_from", CENTRAL if found is None else found.source)
        if not self.regimes:
            raise BadInput(f"study {self.name}: no regime is named. There are: {', '.join(sorted(presets()))}.")
        for regime in self.regimes:
            if regime.partition("/")[0] not in presets():
                raise no_such("regime", regime, presets(), f"study {self.name}")
            if self.regimes.count(regime) > 1:
                raise BadInput(f"study {self.name}: {regime} stands twice; name each regime once.")

    @cached_property
    def base(self) -> "Scenario":
        """The scenario from which every point departs. Raises BadInput with every fault."""
        from ecology import evidence
        from ecology.scenario import Scenario

        changes = {"authority": self.authority, "years": self.years, "pressure": self.pressure}
        given = {"children": self.children, "past_years": self.past_years}
        scenario = Scenario.load(self.past, **changes, **{name: v for name, v in given.items() if v is not None})
        room = {name: evidence.register()[name].range[1] for name in settings()["room"]["parameters"]}
        return scenario.with_changes(parameters={**room, **scenario.parameters})

    @cached_property
    def ensemble(self) -> Ensemble | None:
        """What each seed takes a member of."""
        return ensemble(self.drawn_from)

    @cached_property
    def world(self) -> Model:
        """What is simulated."""
        return self.model or compare.the_model()

    @property
    def content(self) -> str:
        """What this study is, as canonical JSON without its name."""
        fields = ("authority", "regimes", "children", "years", "pressure", "past", "past_years", "yearly")
        about = {name: getattr(self, name) for name in fields}
        if self.ensemble is not None:
            about |= {"drawn_from": self.ensemble.source, "calibration": self.ensemble.digest}
        return canonical({**about, "world": self._world, "scenario": self.base.canonical()})

    @classmethod
    def of(cls, name: str, content: Mapping[str, Any], model: Model | None = None) -> "Study":
        """Return the study whose ``content`` was kept."""
        told = ("world", "scenario", "calibration")
        fields = {field: value for field, value in content.items() if field not in told}
        return cls(name=name, model=model, **{**fields, "regimes": tuple(content["regimes"])})

    def job(self, point: Point) -> Job:
        """Return the shared past of a point and its arm in each regime. Raises BadInput, naming the row."""
        unknown = set(point.levers) - set(self.regimes)
        if unknown:
            raise no_such("regime of this study", sorted(unknown)[0], self.regimes, f"row {point.row}: levers")
        member = {} if self.ensemble is None else self.ensemble.member(point.seed)
        try:
            past = self.base.with_changes(
                parameters={**member, **self.base.parameters, **point.parameters},
                failure_modes={**self.base.failure_modes, **point.failure_modes},
            )
            arms = {
                regime: past.with_changes(
                    regime=regime.partition("/")[0], levers={**self.base.levers, **point.levers.get(regime, {})}
                )
                for regime in self.regimes
            }
        except BadInput as faults:
            raise BadInput("\n".join(f"row {point.row}: {fault}" for fault in str(faults).splitlines())) from None
        code, kept = code_version(), f"{self._world} {self.yearly}"
        keys = {r: run_key(arm.past_digest, arm.digest, point.seed, code, kept) for r, arm in arms.items()}
        return Job(point.row, point.seed, past, arms, keys, self.world.begin, code, self.yearly)

    @property
    def _world(self) -> str:
        """The name of what is simulated."""
        return f"{self.world.begin.__module__}.{self.world.begin.__qualname__}"
