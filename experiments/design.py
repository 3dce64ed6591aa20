"""What an experiment runs: regimes under pressures over seeds, all checked before anything starts."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecology.errors import BadInput, no_such
from ecology.lever_tables import presets
from ecology.scenario import Scenario
from ecology.scenario_pressure import pressure_names
from experiments.calibration.ensemble import Ensemble, ensemble, told_source, with_member
from experiments.settings import settings

if TYPE_CHECKING:
    from experiments.stopping import Rule

_MOST_SEED = 2**63


@dataclass(frozen=True)
class Design:
    """Which scenarios run under which seeds.

    ``past`` holds by pressure the scenario whose past every regime shares; ``arms`` holds by pressure and regime the
    scenario from the switch on. ``against`` is the regime with which the others are compared; None compares nothing.
    ``command`` is the command line that gives the same results again. Where an ``ensemble`` is given, each seed takes
    its parameters from it, as far as a scenario does not set them itself.
    """

    authority: str
    pressures: tuple[str, ...]
    regimes: tuple[str, ...]
    seeds: tuple[int, ...]
    against: str | None
    command: str
    past: Mapping[str, Scenario]
    arms: Mapping[str, Mapping[str, Scenario]]
    ensemble: Ensemble | None = None

    def of_seed(self, pressure: str, seed: int) -> tuple[Scenario, dict[str, Scenario]]:
        """Return the past and, by regime, the scenarios of one piece of work."""
        past, arms = self.past[pressure], self.arms[pressure]
        drawn = {regime: with_member(scenario, self.ensemble, seed) for regime, scenario in arms.items()}
        return with_member(past, self.ensemble, seed), drawn

    @property
    def pieces(self) -> list[tuple[str, int]]:
        """The pieces of work, (pressure, seed), in the order of the tables."""
        return [(pressure, seed) for pressure in self.pressures for seed in self.seeds]


def comparison(
    authority: str,
    regimes: Sequence[str],
    pressures: Sequence[str],
    seeds: Sequence[int],
    years: int,
    children: int | None = None,
    against: str | None = None,
    parameters: Mapping[str, float] | None = None,
    rule: "Rule | None" = None,
    drawn_from: str | None = None,
) -> Design:
    """Return the design of a comparison of regimes that share one past per seed.

    The others are compared with ``against``, by default the first; ``parameters`` are other values than the evidence's,
    in every regime and in the past; all others are ``drawn_from`` the ensemble or the central values, by default as the
    settings say. A stopping ``rule`` only enters the command: the seeds are then those that it may
    use. Raises BadInput with the first fault.
    """
    _known_once("regime", regimes, presets(), "--regimes")
    _known_once("pressure", pressures, pressure_names(), "--pressures")
    if not len(regimes) > 1:
        raise BadInput(f"--regimes: {regimes[0]} alone cannot be compared; name at least two regimes.")
    against = regimes[0] if against is None else against
    if against not in regimes:
        raise no_such("regime of this comparison", against, regimes, "--baseline")
    chosen = checked_seeds(seeds)
    drawn = ensemble(drawn_from)
    changes = {"parameters": dict(parameters)} if parameters else {}
    base = Scenario.load(settings()["defaults"]["past"], authority=authority, years=years, children=children, **changes)
    past = {name: base.with_changes(pressure=name) for name in pressures}
    arms = {name: {r: past[name].with_changes(regime=r) for r in regimes} for name in pressures}
    options: dict[str, Any] = {
        "authority": base.authority, "children": children, "regimes": ",".join(regimes),
        "baseline": against if against != regimes[0] else None, "pressures": ",".join(pressures), "years": years,
        "set": [f"{name}={value!r}" for name, value in (parameters or {}).items()],
        "values": told_source(drawn),
    }  # fmt: skip
    if rule is not None:
        options |= {"until-width": rule.width, "outcome": rule.outcome, "seeds-at-most": rule.at_most}
    told = command_line("compare", [], options, chosen if rule is None else None)
    return Design(base.authority, tuple(pressures), tuple(regimes), chosen, against, told, past, arms, drawn)


def single(source: str, seeds: Sequence[int], drawn_from: str | None = None, **changes: Any) -> Design:
    """Return the design of one scenario (its name or file) over seeds, with nothing to compare. Raises BadInput."""
    chosen = checked_seeds(seeds)
    drawn = ensemble(drawn_from)
    scenario = Scenario.load(source, **changes)
    pressure, regime = scenario.pressure, scenario.regime
    return Design(
        scenario.authority, (pressure,), (regime,), chosen, None,
        command_line("run", [source], {**changes, "values": told_source(drawn)}, chosen),
        {pressure: scenario}, {pressure: {regime: scenario}}, drawn,
    )  # fmt: skip


def command_line(name: str, arguments: Sequence[str], options: Mapping[str, Any], seeds: Sequence[int] | None) -> str:
    """Return the command that runs this again; options that are None are left out."""
    told = []
    for option, value in options.items():
        many = value if isinstance(value, list) else [value]
        told += [f"--{option}={one}" for one in many if one is not None]
    if seeds is None:
        return shlex.join(["ecology", name, *arguments, *told])
    from_one = list(seeds) == list(range(1, len(seeds) + 1))
    told.append(f"--seeds={len(seeds)}" if from_one else f"--seed-list={','.join(map(str, seeds))}")
    return shlex.join(["ecology", name, *arguments, *told])


def checked_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    """Return the seeds, sorted. Raises BadInput for none, a negative one, or one that stands twice."""
    if not seeds:
        raise BadInput("--seeds: at least one seed is needed; --seeds 20 means seeds 1 to 20.")
    if min(seeds) < 0:
        raise BadInput(f"--seed-list: {min(seeds)} is negative; seeds are whole numbers from 0.")
    if max(seeds) >= _MOST_SEED:
        raise BadInput(f"--seed-list: {max(seeds)} is too large; seeds are whole numbers below 2**63.")
    if len(set(seeds)) < len(seeds):
        twice = next(seed for seed in seeds if list(seeds).count(seed) > 1)
        raise BadInput(f"--seed-list: {twice} stands twice; the same seed gives the same run, not another one.")
    return tuple(sorted(seeds))


def _known_once(kind: str, names: Sequence[str], known: Collection[str], where: str) -> None:
    if not names:
        raise BadInput(f"{where}: no {kind} is named. There are: {', '.join(sorted(known))}.")
    for name in names:
        if name not in known:
            raise no_such(kind, name, known, where)
        if list(names).count(name) > 1:
            raise BadInput(f"{where}: {name} stands twice; name each {kind} once.")
