"""The frozen ensemble: parameter sets that calibration left, from which every experiment draws by default.

Seed 1 takes the first member, seed 2 the second, and so on round and round: a pair of runs shares its member, so that
intervals over seeds hold what is not known about parameters besides luck.
"""

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ecology.errors import BadInput, no_such
from ecology.evidence import register
from experiments.manifest import code_version
from experiments.settings import settings

if TYPE_CHECKING:
    from ecology.scenario import Scenario

ENSEMBLE, HELD, CENTRAL = "ensemble", "governance-held", "central"
WHENCE = (ENSEMBLE, HELD, CENTRAL)
"""Where parameters come from: the calibrated ensemble, that with governance held, or the register's values alone."""
RANGES = "ranges"
"""What a manifest says instead where an analysis varies all that calibration found."""
FOLDER = "calibration/frozen"
MEMBERS, PROVENANCE = "members.csv", "provenance.json"


@dataclass(frozen=True)
class Ensemble:
    """Parameter sets by member, and where they come from.

    ``model`` is the version of the model that they were calibrated for; ``met`` of ``fitted`` published figures lie
    within the ensemble's 90% range; ``passes`` says whether the scorecard takes the word "illustrative" away; ``off``
    is by member how far it stood from the figures that were fitted when it was lived again with new luck. ``source`` is
    what a command line calls it.
    """

    members: tuple[Mapping[str, float], ...]
    model: str
    digest: str
    met: int
    fitted: int
    passes: bool
    off: tuple[float, ...] = ()
    source: str = ENSEMBLE

    def member(self, seed: int) -> Mapping[str, float]:
        """Return the parameters of the runs with a seed."""
        return self.members[(seed - 1) % len(self.members)]

    def nearest(self, number: int) -> list[int]:
        """Return the seeds of so many members that stood nearest to the figures, the nearest first."""
        return sorted(range(1, len(self.off) + 1), key=lambda seed: self.off[seed - 1])[:number]

    @property
    def told(self) -> dict[str, Any]:
        """What a manifest says about it."""
        return {
            "from": self.source, "calibration": self.digest, "model": self.model, "members": len(self.members),
            "met": self.met, "fitted": self.fitted,
        }  # fmt: skip


def with_member(scenario: "Scenario", found: Ensemble | None, seed: int) -> "Scenario":
    """Return a scenario with the parameters of a seed's member where it sets none itself; as it is without one."""
    if found is None:
        return scenario
    return scenario.with_changes(parameters={**found.member(seed), **scenario.parameters})


def told_source(found: Ensemble | None) -> str | None:
    """Return what a command line must say to draw from here again; None where that is the default."""
    source = CENTRAL if found is None else found.source
    return None if source == settings()["defaults"]["parameters"] else source


def ensemble(whence: str | None = None) -> Ensemble | None:
    """Return the ensemble to draw from, None for the central values; by default as the settings say.

    With governance held every number of governance has the register's value: what is left of a difference then follows
    from what was fitted, K and luck. Raises BadInput for another word, and if the model has changed since the ensemble
    was calibrated.
    """
    chosen = settings()["defaults"]["parameters"] if whence is None else whence
    if chosen not in WHENCE:
        raise no_such("source of parameters", chosen, WHENCE, "--values")
    if chosen == CENTRAL:
        return None
    found = frozen()
    if found.model != code_version():
        raise BadInput(
            f"The calibration was made for version {found.model} of the model and this is {code_version()}: it no "
            "longer holds. Calibrate again (`ecology calibrate --help`), show that nothing has changed for it "
            "(`ecology calibrate --confirm`), or use the assumed values with --values central."
        )
    return _governance_held(found) if chosen == HELD else found


def _governance_held(found: Ensemble) -> Ensemble:
    known = register()
    members = tuple(
        {name: known[name].value if known[name].governance else value for name, value in member.items()}
        for member in found.members
    )
    return replace(found, members=members, source=HELD)


@cache
def frozen() -> Ensemble:
    """Return the ensemble that is kept in the project, whatever the model is by now."""
    folder = files("experiments").joinpath(FOLDER)
    text = folder.joinpath(MEMBERS).read_text(encoding="utf-8")
    about = json.loads(folder.joinpath(PROVENANCE).read_text(encoding="utf-8"))
    rows = list(csv.DictReader(text.splitlines()))
    members = tuple({name: float(value) for name, value in row.items() if name != "member"} for row in rows)
    digest = hashlib.sha256(text.encode()).hexdigest()[: settings()["page"]["key_length"]]
    off = tuple(about["distance"]["with_new_luck"])
    return Ensemble(members, about["model"], digest, about["met"], about["fitted"], about["passes"], off)
