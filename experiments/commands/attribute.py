"""``ecology attribute``: which levers carry the difference between two regimes, and what failure modes leave of it."""

from typing import TYPE_CHECKING, Any

import click

from experiments.commands.analysing import analysis_default, carry, of_two_regimes, say
from experiments.commands.options import Seeds, seeds_of

if TYPE_CHECKING:
    from experiments.analysis.answer import Answer
    from experiments.analysis.carry import Carrier, Question


@click.command()
@click.option("--seeds", type=int, help=f"Pairs of runs.  [default: {analysis_default('attribution', 'seeds')}]")
@click.option("--seed-list", type=Seeds(), help="These seeds instead, separated by commas.")
@click.option(
    "--permutations",
    type=int,
    default=analysis_default("attribution", "permutations"),
    show_default=True,
    help="Orders of single levers, each with its mirror image.",
)
@click.option("--no-failure-modes", is_flag=True, help="Leave out what failure modes leave of the difference.")
@of_two_regimes
def attribute(
    seeds: int | None, seed_list: tuple[int, ...] | None, permutations: int, no_failure_modes: bool, **options: Any
) -> int:
    """Share the difference between two regimes out among the levers that differ (Shapley shares).

    Shares of groups of levers are exact for each seed, from every coalition; shares of single levers are sampled. Then
    each failure mode is off, as usual and at its worst. Writes answer.md, pictures, groups.csv, levers.csv and
    failures.csv. The same command goes on after an interrupt or a crash.

    \b
    Example:
      ecology attribute --seeds 10 --permutations 64 --authority Leeds --children 2000 --years 2 \\
          --store leeds.sqlite --out leeds-attribution --workers 2
    """
    none_said = seeds is None and seed_list is None
    chosen = seeds_of(analysis_default("attribution", "seeds") if none_said else seeds, seed_list)

    def make(question: "Question", carrier: "Carrier") -> "Answer":
        from experiments.analysis.study_attribution import attribution_study

        return attribution_study(
            question, carrier, seeds=chosen, permutations=permutations, with_failures=not no_failure_modes, say=say
        )

    return carry(make, **options)
