"""``ecology patterns``: what the calibrated status quo makes of published figures, misfits first."""

import shlex
import sys
from pathlib import Path

import click

from experiments.commands.analysing import say
from experiments.commands.listing import aligned
from experiments.commands.options import INTERRUPTED, workers_of


@click.command()
@click.option(
    "--published",
    "source",
    type=click.Path(path_type=Path),
    help="Further figures, as england.csv or local_authorities.csv.  [default: those of the project]",
)
@click.option("--authorities", is_flag=True, help="Also authorities of the half that was not fitted.")
@click.option(
    "--store", "path", type=click.Path(path_type=Path), required=True, help="The run store; what it holds is kept."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder that does not exist yet.")
@click.option("--overwrite", is_flag=True, help="Replace an earlier output folder when the new one is complete.")
@click.option("--workers", type=int, default=1, show_default=True, help="Processes of this machine.")
def patterns(source: Path | None, authorities: bool, path: Path, out: Path, overwrite: bool, workers: int) -> int:
    """Score the calibrated ensemble on published figures: inside or outside its range, fitted or not, misfits first.

    The members are run as the status quo from April 2010, to the last year of the figures (at most 2019/20). A file of
    further figures in the form of england.csv is scored pattern by pattern; one in the form of local_authorities.csv
    authority by authority, beside naive rivals. Writes answer.md, pictures and tables.

    \b
    Example:
      ecology patterns --store patterns.sqlite --out patterns
    """
    from datetime import UTC, datetime

    from experiments.analysis.answer import write
    from experiments.analysis.carry import Carrier
    from experiments.calibration.ensemble import ENSEMBLE, ensemble
    from experiments.calibration.running import Runner
    from experiments.calibration.scoring import score
    from experiments.output import Output
    from experiments.store import Store

    found = ensemble(ENSEMBLE)
    assert found is not None
    command = shlex.join(["ecology", *sys.argv[1:]])
    started = datetime.now(UTC)
    Output.start(out, overwrite).discard()  # refused now, not when everything has been run
    try:
        with Store(path) as store:
            carrier = Carrier(store, workers=workers_of(workers), command=command, retry_failed=True)
            runner = Runner(carrier, f"members-{found.digest}")
            answer = score(runner, found, source, authorities, say)
    except KeyboardInterrupt:
        click.echo("Interrupted: what had finished is kept in the store; the same command goes on.", err=True)
        return INTERRUPTED
    for name, rows in answer.shown.items():
        click.echo("\n".join([name, *aligned(rows), ""]))
    click.echo(write(answer, Output.start(out, overwrite), command, started))
    return 0
