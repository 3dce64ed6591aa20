"""``ecology compare``: regimes that share one past per seed, and the page that tells how they differ."""

from pathlib import Path

import click

from experiments.commands.options import Names, Seeds, Setting, default, seeds_of, tell, workers_of


@click.command()
@click.option("--authority", required=True, help="As in `ecology list authorities`, or England for its mean.")
@click.option("--children", type=int, help="A smaller place of so many children, with everything else pro rata.")
@click.option(
    "--regimes", type=Names(), required=True, help="Two or more of `ecology list regimes`, with commas between."
)
@click.option("--baseline", help="The regime with which the others are compared.  [default: the first]")
@click.option(
    "--pressures",
    type=Names(),
    default=default("pressure"),
    show_default=True,
    help="One or more of `ecology list pressures`.",
)
@click.option("--years", type=int, default=default("years"), show_default=True, help="Years from the switch.")
@click.option(
    "--set",
    "settings",
    type=Setting(),
    multiple=True,
    help="Another value of a parameter, in every regime; repeatable.",
)
@click.option("--seeds", type=int, help=f"How many paired runs; 20 means seeds 1 to 20.  [default: {default('seeds')}]")
@click.option("--seed-list", type=Seeds(), help="These seeds instead, separated by commas.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder that does not exist yet.")
@click.option("--workers", type=int, help=f"Processes.  [default: one a core, at most {default('workers_at_most')}]")
@click.option("--overwrite", is_flag=True, help="Replace an earlier output folder when the new one is complete.")
def compare(
    authority: str,
    children: int | None,
    regimes: tuple[str, ...],
    baseline: str | None,
    pressures: tuple[str, ...],
    years: int,
    settings: tuple[tuple[str, float], ...],
    seeds: int | None,
    seed_list: tuple[int, ...] | None,
    out: Path,
    workers: int | None,
    overwrite: bool,
) -> int:
    """Compare regimes in one place, on the same pasts and the same luck.

    Writes a page (index.html) for people who advise on policy, its figures, the tables behind it (outcomes.csv,
    yearly.csv, totals.csv, weekly.csv, differences.csv) and manifest.json. Ctrl-C keeps what is finished.

    \b
    Example:
      ecology compare --authority Leeds --children 20000 --regimes fragmented,orchestrated \\
          --pressures both --years 10 --seeds 20 --out leeds
    """
    from experiments.compare import carry_out
    from experiments.design import comparison

    design = comparison(
        authority, regimes, pressures, seeds_of(seeds, seed_list), years, children, baseline, dict(settings)
    )
    return tell(carry_out(design, out, workers=workers_of(workers), overwrite=overwrite), "index.html")
