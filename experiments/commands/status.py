"""``ecology status``: how far the studies of a store are."""

from pathlib import Path

import click


@click.command()
@click.argument("path", metavar="STORE", type=click.Path(path_type=Path))
@click.option("--name", help="Only this study.")
@click.option("--failed", is_flag=True, help="Also list every failed run with its reason.")
def status(path: Path, name: str | None, failed: bool) -> None:
    """Say what a run store holds: done, failed, left, how fast it goes and how long it takes; also during a sweep.

    \b
    Example:
      ecology status leeds.sqlite --failed
    """
    from experiments.inventory import chosen, standing, told
    from experiments.store import Store

    with Store(path, create=False, write=False) as store:
        for study in [chosen(store, name)] if name else list(store.studies()) or [chosen(store, None)]:
            state = standing(store, study)
            click.echo(told(state))
            for line in state.failed if failed else ():
                click.echo(f"  {line}")
