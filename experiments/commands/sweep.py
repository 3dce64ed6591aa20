"""``ecology sweep``: many points of a parameter space in every regime, kept in a store."""

import shlex
import sys
from pathlib import Path

import click

from experiments.commands.options import (
    FAILED,
    INTERRUPTED,
    VALUES,
    Names,
    Seeds,
    default,
    refuse_idle,
    seeds_of,
    workers_of,
)
from experiments.settings import settings

BATCH = settings()["batch"]


@click.command()
@click.argument("space", default="evidence")
@click.option("--authority", required=True, help="As in `ecology list authorities`, or England for its mean.")
@click.option("--children", type=int, help="A smaller place of so many children, with everything else pro rata.")
@click.option(
    "--regimes", type=Names(), required=True, help="One or more of `ecology list regimes`; the first is the baseline."
)
@click.option("--pressure", default=default("pressure"), show_default=True, help="One of `ecology list pressures`.")
@click.option("--years", type=int, default=default("years"), show_default=True, help="Years from the switch.")
@click.option(
    "--past", default=default("past"), show_default=True, help="The scenario, by name or file, that all depart from."
)
@click.option("--past-years", type=int, help="Years of past before 1 April 2010.  [default: the scenario's]")
@VALUES
@click.option("--table", type=click.Path(path_type=Path), help="A CSV file of points instead of a space and a design.")
@click.option("--design", default=BATCH["design"], show_default=True, help="latin_hypercube, sobol or grid.")
@click.option(
    "--rows", type=int, default=BATCH["rows"], show_default=True, help="Points of the design; for sobol a power of two."
)
@click.option("--levels", type=int, default=BATCH["levels"], show_default=True, help="Values of each factor in a grid.")
@click.option("--design-seed", type=int, default=1, show_default=True, help="Another one gives other points.")
@click.option("--seeds", type=int, help=f"Runs of each point; 3 means seeds 1 to 3.  [default: {BATCH['seeds']}]")
@click.option("--seed-list", type=Seeds(), help="These seeds instead, separated by commas.")
@click.option("--yearly", is_flag=True, help="Also keep the published measures of every year.")
@click.option(
    "--store", "path", type=click.Path(path_type=Path), required=True, help="The run store; made if it does not exist."
)
@click.option("--name", help="What the study is called in the store.  [default: the name of the store's file]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for tables and picture.  [default: NAME-results]")
@click.option("--workers", type=int, default=1, show_default=True, help="Processes of this machine.")
@click.option("--scheduler", help="Address of a dask scheduler instead, such as tcp://10.0.0.1:8786.")
@click.option(
    "--time-limit",
    type=float,
    default=BATCH["time_limit_minutes"],
    show_default=True,
    help="Minutes for one point; what takes longer is a failed run.",
)
@click.option("--retry-failed", is_flag=True, help="Try failed runs again.")
def sweep(
    space: str,
    authority: str,
    children: int | None,
    regimes: tuple[str, ...],
    pressure: str,
    years: int,
    past: str,
    past_years: int | None,
    drawn_from: str | None,
    table: Path | None,
    design: str,
    rows: int,
    levels: int,
    design_seed: int,
    seeds: int | None,
    seed_list: tuple[int, ...] | None,
    yearly: bool,
    path: Path,
    name: str | None,
    out: Path | None,
    workers: int,
    scheduler: str | None,
    time_limit: float,
    retry_failed: bool,
) -> int:
    """Run many points of a parameter space, each on one past per seed in every regime, into a store.

    SPACE is a TOML file that says what varies, or `evidence` (the default) for every parameter over the range of its
    evidence. Each run is kept as soon as it is finished. The same command goes on after Ctrl-C, a crash or a failure;
    with more --seeds it extends the study. Then points, outcomes, differences and failures are written as CSV, with a
    picture of the differences.

    \b
    Example:
      ecology sweep evidence --design sobol --rows 64 --authority Leeds --children 2000 --years 5 \\
          --regimes fragmented,orchestrated --store leeds.sqlite --workers 2
    """
    from ecology.errors import BadInput
    from ecology.vocabulary import SECONDS_A_MINUTE
    from experiments.commands.export import leave, usable
    from experiments.design import checked_seeds
    from experiments.point import Study
    from experiments.sampling import design as points_of
    from experiments.space_file import space_of
    from experiments.store import Store
    from experiments.study import carry_out
    from experiments.table_file import read_table

    chosen = checked_seeds(seeds_of(BATCH["seeds"] if seeds is None and seed_list is None else seeds, seed_list))
    processes = workers_of(workers)
    if not time_limit > 0:
        raise BadInput(f"--time-limit: {time_limit:g} is not possible; give minutes above 0.")
    if table is not None:
        told = "does nothing with --table, whose rows are the points; leave it out."
        refuse_idle(told, "--design", "--rows", "--levels", "--design-seed")
        varied, points = read_table(table)
    else:
        varied = space_of(space)
        points = points_of(varied, design, rows, design_seed, levels)
    study = Study(
        name or path.stem, authority, regimes, children, years, pressure, past, past_years, yearly, drawn_from
    )
    number = len(points) * len(chosen) * len(regimes)
    folder = out or path.with_name(f"{study.name}-results")
    usable(folder, study.name)
    click.echo(
        f"{study.base.authority}: {len(points)} points of {len(varied.factors)} factors, {len(chosen)} seeds, "
        f"{len(regimes)} regimes: {number} runs",
        err=True,
    )
    with Store(path) as store:
        account = carry_out(
            study,
            varied.points(points, chosen),
            store,
            workers=processes,
            scheduler=scheduler,
            time_limit=time_limit * SECONDS_A_MINUTE,
            retry_failed=retry_failed,
            command=shlex.join(["ecology", *sys.argv[1:]]),
        )
        counts = f"{account.done} done now, {account.before} before, {len(account.failed)} failed, {account.left} left"
        click.echo(counts, err=True)
        if account.interrupted:
            click.echo("Interrupted: what had finished is kept; the same command goes on.", err=True)
            return INTERRUPTED
        leave(store, study.name, folder, overwrite=True)
    return FAILED if account.failed else 0
