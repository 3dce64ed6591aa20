"""Score the frozen ensemble on published figures: those of the project, or a file of others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ecology.errors import BadInput
from ecology.evidence.profiles import ENGLAND
from ecology.vocabulary import FIRST_YEAR
from experiments.analysis.answer import Answer, Drawn
from experiments.calibration import authorities as by_authority
from experiments.calibration import further, pictures, variation
from experiments.calibration.calibrate import member_points
from experiments.calibration.ensemble import ENSEMBLE, Ensemble
from experiments.calibration.gradients import RATES, Rates, halves, published_children, published_rates
from experiments.calibration.patterns import Item, items, read_items
from experiments.calibration.running import Runner
from experiments.calibration.scorecard import lines, met, scorecard
from experiments.calibration.settings import settings

Say = Callable[[str], None]
_YEARS_AT_ONCE = 2
"""Of a file of further figures by authority, the last years are scored."""


@dataclass
class Scored(Answer):
    """An answer with the tables that the terminal shows."""

    shown: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)


def score(runner: Runner, found: Ensemble, source: Path | None, authorities: bool, say: Say) -> Scored:
    """Score England's patterns, and authorities if asked for or if ``source`` holds them. Raises BadInput."""
    answer = Scored(
        "Published figures and the calibrated status quo",
        f"{len(found.members)} members, calibration {found.digest}",
        [],
        drawn_from=ENSEMBLE,
        how_to_read="docs/calibration.md",
        settings=settings(),
    )
    rows = [] if source is None else further.read_rows(source)
    if source is not None and further.is_by_authority(rows):
        rates = further.authorities(source, rows)
        years = sorted({year for _, year, _ in rates})
        _authorities(answer, runner, found, published_rates() | rates, years[-_YEARS_AT_ONCE:], say)
        return answer
    chosen = items() if source is None else further.england(source, rows)
    _england(answer, runner, found, chosen)
    if authorities:
        _authorities(answer, runner, found, published_rates(), settings()["authorities"]["years"], say)
    return answer


def _england(answer: Scored, runner: Runner, found: Ensemble, chosen: Sequence[Item]) -> None:
    place = settings()["place"]
    last = max(year for item in chosen for year in item.years)
    span = max(place["years"], last - FIRST_YEAR)
    runs = runner.years_of(ENGLAND, place["children"], member_points(found.members), span)
    values = np.array([read_items(chosen, years) for years in runs])
    card = scorecard(chosen, values)
    inside = int(card["inside"].sum())
    fitted = "{} of {}".format(*met(card))
    answer.sentences += [
        f"{inside} of {len(card)} figures lie in the members' 90% range; of those fitted {fitted}.",
        "Furthest off, in units of what counts as met: "
        + ", ".join(f"{row['figure']} {row['feature']} ({row['off']:+.1f})" for row in card.head(5).to_dict("records"))
        + ".",
    ]
    answer.tables["scorecard"] = card
    figure = pictures.scores(card)
    alt = (
        f"Each published figure as a row, the worst misfit first. {inside} of {len(card)} members' 90% ranges hold the "
        f"published figure. {' '.join(answer.sentences[1:])}"
    )
    answer.pictures["scorecard"] = Drawn("Published figures and the members' ranges", alt, figure)
    answer.shown["England"] = list(lines(card))


def _authorities(
    answer: Scored, runner: Runner, found: Ensemble, published: Rates, wanted: Sequence[int], say: Say
) -> None:
    """Score the authorities of the half that was not fitted in some years."""
    checked = [
        name for name in halves()[1] if any((name, year, rate.name) in published for year in wanted for rate in RATES)
    ]
    if by_authority.told_apart(published, checked, wanted) < settings()["authorities"]["fewest"]:
        raise BadInput(
            f"Of {', '.join(map(str, wanted))} and the year before each, too few authorities have published rates: at "
            f"least {settings()['authorities']['fewest']} of the half that was not fitted are needed."
        )
    members = by_authority.simulated_rates(runner, found, checked, max(wanted), say)
    every = by_authority.mean_of(members)
    simulated = {key: value for key, value in every.items() if key[1] in wanted}
    table = by_authority.agreement(simulated, published, wanted)
    answer.tables["agreement"] = table
    answer.tables["authorities"] = by_authority.side_by_side(simulated, published)
    shown = by_authority.lines(table)
    answer.shown["Authorities of the half that was not fitted"] = shown
    chosen = settings()["authorities"]["children"]
    differing = variation.variation(members, published_rates(), chosen, published_children(), checked)
    answer.tables["variation"] = differing
    answer.shown["How much authorities differ beyond deprivation, and from year to year"] = variation.lines(differing)
    best = table[table["rival"] == by_authority.MODEL]
    told = ", ".join(f"{row['rate']} {row['year']}: {row['rank_agreement']:.2f}" for row in best.to_dict("records"))
    answer.sentences.append(f"Rank agreement of {len(checked)} authorities by their inputs alone: {told}.")
    figure = pictures.cross_section(simulated, published, wanted[-1])
    alt = f"Published against simulated rates of {len(checked)} authorities in {wanted[-1]}. {answer.sentences[-1]}"
    answer.pictures["authorities"] = Drawn("Authorities by their inputs alone", alt, figure)
