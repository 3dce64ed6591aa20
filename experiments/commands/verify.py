"""``ecology verify``: whether a store still says what was found."""

from pathlib import Path

import click

from experiments.commands.options import FAILED
from experiments.settings import settings

POINTS = settings()["batch"]["verified_points"]


@click.command()
@click.argument("path", metavar="STORE", type=click.Path(path_type=Path))
@click.option("--sample", type=int, default=POINTS, show_default=True, help="Points to live again, 0 for none.")
@click.option("--sample-seed", type=int, default=1, show_default=True, help="Another one picks other points.")
@click.option("--mend", is_flag=True, help="Take damaged rows out; the sweep's command then makes them again.")
def verify(path: Path, sample: int, sample_seed: int, mend: bool) -> int:
    """Check the file of a run store and the checksum of every row, and live some points again and compare the bits.

    Exit code 0 if all is well, 1 if anything is not.

    \b
    Example:
      ecology verify leeds.sqlite --sample 5
    """
    from ecology.errors import BadInput
    from experiments import verifying
    from experiments.store import Store

    if sample < 0 or sample_seed < 0:
        raise BadInput("--sample and --sample-seed: give whole numbers from 0.")
    remain = 0
    with Store(path, create=False, write=mend) as store:
        if mend:
            with store.only_writer():
                verdict = verifying.verify(store, sample, sample_seed)
                verifying.mend(store, verdict)
                remain = len(verifying.verify(store, 0).faults)
        else:
            verdict = verifying.verify(store, sample, sample_seed)
    for fault in verdict.faults:
        click.echo(fault, err=True)
    damaged = len(verdict.damaged_runs) + len(verdict.damaged_points)
    click.echo(f"{path}: {verdict.runs} runs and {verdict.points} points checked, {damaged} damaged")
    if mend and damaged:
        click.echo(f"{damaged - remain} damaged rows were taken out; give the sweep's command again.")
    if remain:
        click.echo(f"{remain} damaged rows cannot be taken out; put a copy of the file back, or start a new store.")
    if verdict.lived_again:
        same = verdict.lived_again - verdict.differed
        click.echo(f"{verdict.lived_again} runs lived again: {same} the same to the last bit")
    elif sample and not damaged:
        click.echo("no finished point of this version of the code to live again")
    if verdict.other_code:
        click.echo(f"{verdict.other_code} points were made with another version of the code and cannot be lived again")
    return FAILED if verdict.faults else 0
