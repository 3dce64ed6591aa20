"""``ecology run``: one scenario, one or more seeds, the tables."""

from pathlib import Path

import click

from experiments.commands.options import VALUES, Seeds, default, seeds_of, tell, workers_of


@click.command()
@click.argument("scenario")
@click.option("--authority", help="Another place than the scenario's. See `ecology list authorities`.")
@click.option("--children", type=int, help="A smaller place of so many children, with everything else pro rata.")
@click.option("--pressure", help="Another pressure than the scenario's. See `ecology list pressures`.")
@click.option("--years", type=int, help="Another number of years from the switch.")
@VALUES
@click.option("--seeds", type=int, help="How many runs; 3 means seeds 1 to 3.  [default: 1]")
@click.option("--seed-list", type=Seeds(), help="These seeds instead, separated by commas.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder that does not exist yet.")
@click.option("--workers", type=int, help=f"Processes.  [default: one a core, at most {default('workers_at_most')}]")
@click.option("--overwrite", is_flag=True, help="Replace an earlier output folder when the new one is complete.")
def run(
    scenario: str,
    seeds: int | None,
    seed_list: tuple[int, ...] | None,
    drawn_from: str | None,
    out: Path,
    workers: int | None,
    overwrite: bool,
    **changes: str | int | None,
) -> int:
    """Run one scenario, by its name or its TOML file, and write its tables.

    Writes outcomes.csv, yearly.csv, totals.csv, weekly.csv and manifest.json. Ctrl-C keeps what is finished.

    \b
    Example:
      ecology run orchestrated --authority Leeds --children 20000 --seeds 3 --out one-regime
    """
    from experiments.compare import carry_out
    from experiments.design import single

    asked = {name: value for name, value in changes.items() if value is not None}
    chosen = seeds_of(1 if seeds is None and seed_list is None else seeds, seed_list)
    design = single(scenario, chosen, drawn_from, **asked)
    return tell(carry_out(design, out, workers=workers_of(workers), overwrite=overwrite), "outcomes.csv")
