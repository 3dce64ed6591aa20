"""``ecology calibrate``: fit the status quo to published figures once, and freeze what is left."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecology.errors import BadInput
from experiments.commands.analysing import say
from experiments.commands.options import FAILED, INTERRUPTED, workers_of

if TYPE_CHECKING:
    from experiments.calibration.freezing import Again


@click.command()
@click.option(
    "--store", "path", type=click.Path(path_type=Path), required=True, help="The run store; what it holds is kept."
)
@click.option("--confirm", is_flag=True, help="Only show that the frozen calibration still holds for this model.")
@click.option("--score-again", is_flag=True, help="Keep the frozen members in a model whose draws alone have changed.")
@click.option("--workers", type=int, default=1, show_default=True, help="Processes of this machine.")
def calibrate(path: Path, confirm: bool, score_again: bool, workers: int) -> int:
    """Calibrate the status quo of 2010/11 to 2016/17 to England's published figures, and freeze the ensemble.

    History matching in waves, then the nearest points breed, then an emulator of all runs leads each nearer; governance
    parameters are drawn and never fitted. About 2,000 runs, an hour and a half on two cores; the same command goes
    on after an interrupt or a crash. Writes into experiments/calibration/frozen.
    With --confirm the members are lived again (five to eight minutes): if every figure is the same to the last bit, a
    model whose text has changed keeps its calibration. With --score-again a model whose draws have changed, and
    nothing else, keeps its members unless they are clearly further from the figures than when they were found, and
    gets a new scorecard.

    \b
    Example:
      ecology calibrate --store calibration.sqlite --workers 2
    """
    from experiments.analysis.carry import Carrier
    from experiments.calibration import freezing
    from experiments.calibration.calibrate import calibrate as carry_out
    from experiments.calibration.running import Runner
    from experiments.store import Store

    if confirm and score_again:
        raise BadInput("--confirm and --score-again: a model has changed or has not. Give one of them.")
    into = freezing.folder()
    command = shlex.join(["ecology", *sys.argv[1:]])
    try:
        with Store(path) as store:
            runner = Runner(Carrier(store, workers=workers_of(workers), command=command, retry_failed=True))
            if confirm:
                return _told(freezing.confirm(runner))
            if score_again:
                return _told_again(freezing.score_again(runner))
            found = carry_out(runner, say)
    except KeyboardInterrupt:
        click.echo("Interrupted: what had finished is kept in the store; the same command goes on.", err=True)
        return INTERRUPTED
    freezing.freeze(found, into, {"command": command})
    click.echo(into)
    return 0


def _told_again(again: "Again") -> int:
    change = f"{again.change:+.2f} ± {again.half:.2f} spreads of distance, on average over members"
    if again.clearly_further:
        click.echo(f"The members are further off than when they were found ({change}): calibrate again.", err=True)
        return FAILED
    click.echo(f"The members are kept and scored again: {change}.")
    return 0


def _told(holds: bool) -> int:
    if holds:
        click.echo("The members give the same figures to the last bit: the calibration holds for this model.")
        return 0
    click.echo("The members give other figures: the model has changed, and must be calibrated again.", err=True)
    return FAILED
