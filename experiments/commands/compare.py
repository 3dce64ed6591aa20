"""``ecology compare``: regimes that share one past per seed, and the page that tells how they differ."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.commands.options import VALUES, Names, Seeds, Setting, default, numbers_of, seeds_of, tell, workers_of
from experiments.settings import settings

if TYPE_CHECKING:
    from experiments.manifest import Account
    from experiments.stopping import Rule


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
@VALUES
@click.option("--seeds", type=int, help=f"How many paired runs; 20 means seeds 1 to 20.  [default: {default('seeds')}]")
@click.option("--seed-list", type=Seeds(), help="These seeds instead, separated by commas.")
@click.option("--until-width", type=float, help="Add seeds until the interval of the difference is at most so wide.")
@click.option("--outcome", help="The outcome whose interval that is.  [default: the primary one]")
@click.option(
    "--seeds-at-most", type=int, help=f"Where to stop adding.  [default: {settings()['stopping']['seeds_at_most']}]"
)
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
    drawn_from: str | None,
    seeds: int | None,
    seed_list: tuple[int, ...] | None,
    until_width: float | None,
    outcome: str | None,
    seeds_at_most: int | None,
    out: Path,
    workers: int | None,
    overwrite: bool,
) -> int:
    """Compare regimes in one place, on the same pasts and the same luck.

    With --until-width as many seeds as it takes: the width is looked at after the first seeds and then batch by batch,
    the intervals are widened to pay for looking, and the width that was achieved is reported. Writes a page
    (index.html) for people who advise on policy, its figures, the tables behind it (outcomes.csv, yearly.csv,
    totals.csv, weekly.csv, differences.csv) and manifest.json. Ctrl-C keeps what is finished.

    \b
    Example:
      ecology compare --authority Leeds --children 20000 --regimes fragmented,orchestrated \\
          --pressures both --years 10 --seeds 20 --out leeds
    """
    from experiments.compare import carry_out
    from experiments.design import comparison

    rule = rule_of(until_width, outcome, seeds_at_most, seeds is not None or seed_list is not None)
    chosen = seeds_of(seeds if rule is None else rule.at_most, seed_list)
    design = comparison(
        authority, regimes, pressures, chosen, years, children, baseline, numbers_of(settings), rule, drawn_from
    )
    if design.ensemble is not None and len(chosen) > len(design.ensemble.members):
        told = (
            f"There are {len(design.ensemble.members)} parameter sets: seeds beyond them take the same again, so that "
        )
        click.echo(f"{told}intervals narrow around the mean of these sets and no further.", err=True)
    account = carry_out(design, out, workers=workers_of(workers), overwrite=overwrite, rule=rule)
    if account.stopping and account.finished:
        click.echo(stopped(account), err=True)
    return tell(account, "index.html")


def rule_of(width: float | None, outcome: str | None, at_most: int | None, seeds_given: bool) -> "Rule | None":
    """Return the stopping rule that the options ask for, None if they ask for none. Raises BadInput."""
    from ecology.errors import BadInput
    from ecology.outcomes import OUTCOMES
    from experiments.stopping import Rule

    if width is None:
        if outcome is not None or at_most is not None:
            raise BadInput("--outcome and --seeds-at-most belong to --until-width; give that, or leave them out.")
        return None
    if seeds_given:
        raise BadInput("--until-width finds out how many seeds are needed; bound it with --seeds-at-most, not --seeds.")
    primary = next(name for name, told in OUTCOMES.items() if told.primary)
    rule = Rule(outcome or primary, width, settings()["stopping"]["seeds_at_most"] if at_most is None else at_most)
    rule.check(OUTCOMES)
    return rule


def stopped(account: "Account") -> str:
    """Return what a stopping rule achieved, in a sentence."""
    told = account.stopping
    found = "unknown" if told["achieved"] is None else f"{told['achieved']:.4g}"
    pairs = len({seed for _, seed in account.finished})
    verdict = "reached" if told["reached"] else "not reached"
    return f"{told['outcome']}: {told['width']:g} asked, {verdict}: the widest interval is {found} with {pairs} seeds"
