"""Run a design: one past for each seed and pressure, branched into every regime; then tables, statistics and page."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
from tqdm import tqdm

from ecology.vocabulary import WEEKS_A_YEAR
from experiments import manifest, parts
from experiments.design import Design
from experiments.manifest import Account, Failure
from experiments.output import Output
from experiments.parts import Part, join, number, read
from experiments.pool import do_all
from experiments.settings import settings
from experiments.statistics import paired_differences
from experiments.stopping import Rule, full_level, run_until, widest

if TYPE_CHECKING:
    from ecology.scenario import Scenario


class World(Protocol):
    """What an experiment needs of a simulated locality (see ``ecology.locality.Locality``)."""

    def run(self, weeks: int | None = None) -> object:
        """Run some weeks, or to the end of the scenario."""

    def branch(self, scenario: "Scenario") -> "World":
        """Return a copy of this world that goes on under another scenario."""

    def weekly(self) -> pd.DataFrame:
        """Return columns week, measure, value."""

    def yearly(self) -> pd.DataFrame:
        """Return columns year, measure, value, unit."""

    def outcomes(self) -> pd.DataFrame:
        """Return columns outcome, value, unit."""


@dataclass(frozen=True)
class Model:
    """What is simulated: how a world begins (scenario, seed), its sums since the switch, what its outcomes mean."""

    begin: Callable[..., World]
    totals: Callable[[Any], pd.DataFrame]
    definitions: Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """One piece of work: one seed under one pressure, in every regime, and the folder that takes its part."""

    authority: str
    pressure: str
    seed: int
    past: "Scenario"
    arms: "Mapping[str, Scenario]"
    folder: Path
    model: Model


def play(piece: Piece) -> None:
    """Run one past and branch it into every regime; write each regime's tables as it finishes."""
    past = piece.model.begin(piece.past, seed=piece.seed)
    past.run(piece.past.past_weeks)
    shown = piece.past.switch_week - settings()["page"]["years_of_past"] * WEEKS_A_YEAR
    with Part(piece.folder, piece.pressure, piece.seed) as part:
        for regime, scenario in piece.arms.items():
            arm = past.branch(scenario)
            arm.run()
            weekly = arm.weekly()
            tables = {
                "outcomes.csv": arm.outcomes(),
                "yearly.csv": arm.yearly(),
                "totals.csv": piece.model.totals(arm),
                "weekly.csv": weekly[weekly["week"] >= shown],
            }
            for file, table in tables.items():
                part.add((piece.authority, piece.pressure, regime, piece.seed), file, table)


def carry_out(
    design: Design,
    out: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    model: Model | None = None,
    rule: Rule | None = None,
) -> Account:
    """Run every piece of a design and write the output folder: tables, manifest and, for a comparison, the page.

    With a ``rule`` only as many of the design's seeds as it takes. A failed piece is reported and the rest completes.
    An interrupt (Ctrl-C) ends the work and keeps what is finished. ``model`` is the project's own by default. Raises
    BadInput before anything is run if the folder cannot be used.
    """
    output = Output.start(out, overwrite)
    account = Account(output.final)
    try:
        model = model or the_model()
        if rule is None:
            _work(design, output, account, workers, model)
        else:
            design = _work_until_narrow(design, output, account, workers, model, rule)
    finally:
        if not account.finished:
            output.discard()
    if account.finished:  # if writing fails, what was run stays in the working folder
        _write(design, output, account, model.definitions, None if rule is None else full_level())
        output.publish()
    return account


def _work_until_narrow(
    design: Design, output: Output, account: Account, workers: int, model: Model, rule: Rule
) -> Design:
    """Run the seeds of a design in batches until the rule is met; return the design of the seeds that were run."""
    assert design.against is not None
    against = design.against

    def run_to(number: int) -> bool:
        _work(replace(design, seeds=design.seeds[:number]), output, account, workers, model)
        return not account.interrupted

    def width() -> float | None:
        return widest(
            parts.read_parts(output.partial, account.finished, "outcomes.csv"), against, model.definitions, rule
        )

    number, achieved = run_until(run_to, width, rule.width, rule.at_most)
    reached = achieved is not None and achieved <= rule.width
    account.stopping = {**asdict(rule), "achieved": achieved, "reached": reached, "level": full_level()}
    return replace(design, seeds=design.seeds[:number])


def _work(design: Design, output: Output, account: Account, workers: int, model: Model) -> None:
    """Run the pieces that were not run yet, and enter in the account what became of each."""
    finished = set(account.finished)
    known = finished | {(failure.pressure, failure.seed) for failure in account.failed}
    pieces = [
        Piece(design.authority, p, seed, *design.of_seed(p, seed), output.partial, model)
        for p, seed in design.pieces
        if (p, seed) not in known
    ]
    work = do_all(play, pieces, max(1, min(workers, len(pieces))))
    bar = tqdm(work, total=len(pieces), desc=design.authority, unit="run", file=sys.stderr)
    try:
        for done in bar:
            piece = done.item
            if done.reason is None:
                finished.add((piece.pressure, piece.seed))
            else:
                account.failed.append(Failure(piece.pressure, piece.seed, done.reason))
                bar.write(f"pressure {piece.pressure}, seed {piece.seed} failed: {done.reason}", file=sys.stderr)
    except KeyboardInterrupt:
        account.interrupted = True
        work.close()
    account.finished = [key for key in design.pieces if key in finished]
    account.failed.sort(key=lambda failure: design.pieces.index((failure.pressure, failure.seed)))


def _write(
    design: Design, output: Output, account: Account, definitions: Mapping[str, Any], level: float | None
) -> None:
    """Write tables, differences, manifest and, for a comparison, the page, from the finished parts."""
    from experiments.report import write_page

    folder = output.partial
    join(folder, account.finished)
    if design.against is not None:
        differences = paired_differences(read(folder, "outcomes.csv"), design.against, definitions, level)
        for column in differences.select_dtypes("float"):
            differences[column] = [number(value) for value in differences[column]]
        differences.to_csv(folder / "differences.csv", index=False, lineterminator="\n")
    manifest.write(folder, design, account, definitions)
    if design.against is not None:
        write_page(folder)


def the_model() -> Model:
    """Return the project's own model; importing it takes seconds."""
    from ecology.locality import Locality
    from ecology.outcomes import OUTCOMES
    from experiments.totals import totals

    return Model(Locality, totals, OUTCOMES)
