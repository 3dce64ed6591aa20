"""``ecology break-even``: the value of each cost at which the difference between two regimes vanishes."""

from typing import TYPE_CHECKING, Any

import click

from experiments.commands.analysing import analysis_default, carry, of_two_regimes, say
from experiments.commands.options import Names, Seeds, seeds_of

if TYPE_CHECKING:
    from experiments.analysis.answer import Answer
    from experiments.analysis.carry import Carrier, Question


@click.command("break-even")
@click.option("--parameters", type=Names(), help="Costs of governance.  [default: all of them]")
@click.option("--seeds", type=int, help=f"Pairs of runs.  [default: {analysis_default('break_even', 'seeds')}]")
@click.option("--seed-list", type=Seeds(), help="These seeds instead, separated by commas.")
@of_two_regimes
def break_even(
    parameters: tuple[str, ...] | None, seeds: int | None, seed_list: tuple[int, ...] | None, **options: Any
) -> int:
    """Find how large each cost of governance must be for the difference between two regimes to vanish.

    Each cost is moved alone over the range of its evidence, on the same seeds throughout. Writes answer.md, pictures,
    break_even.csv and curves.csv (every value tried). The same command goes on after an interrupt or a crash.

    \b
    Example:
      ecology break-even --parameters minutes_line_of_sight,leaders_meeting_hours --seeds 10 --authority Leeds \\
          --children 2000 --years 2 --store leeds.sqlite --out leeds-break-even --workers 2
    """
    none_said = seeds is None and seed_list is None
    chosen = seeds_of(analysis_default("break_even", "seeds") if none_said else seeds, seed_list)

    def make(question: "Question", carrier: "Carrier") -> "Answer":
        from experiments.analysis.study_break_even import break_even_study

        return break_even_study(question, carrier, seeds=chosen, names=parameters or (), say=say)

    return carry(make, **options)
