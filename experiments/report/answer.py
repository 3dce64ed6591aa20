"""The first words of the page: the answer as ranges, what cannot be told, and why it could be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecology.evidence import register
from experiments.calibration.ensemble import CENTRAL, HELD
from experiments.report.forest import difference
from experiments.report.gather import Results
from experiments.report.words import counted, first_upper, listing, points, size, spell, word
from experiments.statistics import SIGN_UNCLEAR

CANNOT_BE_TOLD = (
    "Whether any of this would happen in a real authority cannot be told: nobody has measured what governance does to "
    "children's outcomes, so the size of each difference is what the listed assumptions make it."
)


@dataclass(frozen=True)
class Answer:
    """What one contrast says: in how many pairs a regime did better, by how much, and which outcomes stay open."""

    contrast: str
    told: str


def answers(results: Results) -> list[Answer]:
    """Return an answer for each pressure and each regime other than the comparator."""
    return [_answer(results, pressure, regime) for pressure in results.pressures for regime in results.others]


def _answer(results: Results, pressure: str, regime: str) -> Answer:
    rows = results.contrast(pressure, regime)
    this, other = word("regimes", regime), word("regimes", results.against).lower()
    headline = [rows[rows["outcome"] == name].iloc[0] for name in results.headline_outcomes]
    told = [
        f"in {row['probability_better'] * row['n']:g} of {counted(row['n'], 'paired run')} on "
        f"{spell(str(row['outcome']))} (mean difference {difference(row)}; verdict: {row['verdict']})"
        for row in headline
    ]
    unclear = [spell(str(name)) for name in rows.loc[rows["verdict"] == SIGN_UNCLEAR, "outcome"]]
    named = f" ({listing(unclear)})" if 0 < len(unclear) <= size("most_named") else ""
    left_open = f"{len(unclear) or 'none'} without a clear sign{named}"
    return Answer(
        f"{this} against {other}, {word('pressures', pressure)}",
        f"In this simulation {this.lower()} did better {listing(told)}. "
        f"Of {counted(len(rows), 'outcome')}, {left_open}.",
    )


def meanings(results: Results) -> list[str]:
    """Return what each headline outcome is, which way is better, and how small a difference would not matter."""
    told = [(name, results.manifest["outcomes"][name]) for name in results.headline_outcomes]
    return [
        f"{first_upper(spell(name))}: {definition['definition'].rstrip('.')}. {first_upper(definition['better'])} is "
        f"better. A difference of up to {definition['smallest_difference']:g} {points(definition['unit'])} either way "
        "would not matter."
        for name, definition in told
    ]


def _of_parameters(told: Mapping[str, Any]) -> str:
    """Return what the source of the parameters leaves open."""
    k = (
        "Among the parameters is how strongly a child's needs in different domains of life feed one another (K): it is "
        "not known, and decides how much working together can achieve."
    )
    if told["from"] == CENTRAL:
        return (
            "One set of parameters was used: parameter uncertainty is off. The parameters were not fitted to published "
            "figures, so simulated levels can be far from real ones. The ranges show the luck of the runs only; more "
            f"runs make them narrower without bringing them nearer to the truth. {k}"
        )
    unfitted = "Governance and K come from their whole ranges, unfitted"
    if told["from"] == HELD:
        unfitted = "Governance stays at the one value that was assumed, K comes from its whole range, unfitted"
    return (
        f"Each pair of runs takes one of {told['members']} parameter sets that were calibrated to published figures; "
        f"{told['fitted'] - told['met']} of the {told['fitted']} figures are not met. {unfitted}; other assumptions "
        f"stay at one value. {k}"
    )


def reasons(results: Results) -> list[str]:
    """Return why the answer could be wrong."""
    known = register().values()
    assumed = [parameter for parameter in known if parameter.grade == "assumption"]
    governance = [parameter for parameter in known if parameter.governance]
    absent = [spell(name) for name, lever in results.manifest["levers"].items() if not lever["active"]]
    told = [
        f"What each lever of governance does and costs is assumed, not measured: {len(governance)} of {len(known)} "
        f"parameters belong to governance, and {len(assumed)} of all are assumptions.",
        _of_parameters(results.manifest["parameters"]),
    ]
    doubts = []
    if absent:
        doubts.append(
            f"Some levers have no mechanism in this version and stay at 0 in every regime: {listing(absent)}."
        )
    return [*told, " ".join(doubts)] if doubts else told
