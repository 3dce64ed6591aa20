"""``ecology sensitivity``: which inputs matter for the difference between two regimes, and for each of them."""

from typing import TYPE_CHECKING, Any

import click

from experiments.commands.analysing import LEAVE_OUT_FAILED, analysis_default, carry, of_two_regimes, say

if TYPE_CHECKING:
    from experiments.analysis.answer import Answer
    from experiments.analysis.carry import Carrier, Question


@click.command()
@click.argument("space", default="evidence")
@click.option("--by-group", is_flag=True, help="Take the groups of the space together from the start.")
@click.option(
    "--trajectories",
    type=int,
    default=analysis_default("morris", "trajectories"),
    show_default=True,
    help="Of Morris; each costs two points more than there are groups, one of them a repeat.",
)
@click.option(
    "--blocks",
    type=int,
    default=analysis_default("sobol", "blocks"),
    show_default=True,
    help="Of Sobol', a power of two; each costs at most 19 points, one of them a repeat.",
)
@click.option("--seeds", type=int, default=1, show_default=True, help="Seeds of each block, averaged.")
@LEAVE_OUT_FAILED
@of_two_regimes
def sensitivity(space: str, by_group: bool, trajectories: int, blocks: int, seeds: int, **options: Any) -> int:
    """Find the inputs that matter: Morris over all, then Sobol' over at most eight groups, PAWN beside them.

    SPACE is a TOML file that says what varies, or `evidence` (the default) for every parameter over the range of its
    evidence. The number of runs is said before they start. Writes answer.md, pictures, and screening.csv, indices.csv,
    pawn.csv and inputs.csv. The same command goes on after an interrupt or a crash.

    \b
    Example:
      ecology sensitivity evidence --by-group --trajectories 8 --blocks 32 --authority Leeds --children 2000 \\
          --years 2 --store leeds.sqlite --out leeds-sensitivity --workers 2
    """
    from experiments.space_file import space_of

    varied = space_of(space)

    def make(question: "Question", carrier: "Carrier") -> "Answer":
        from experiments.analysis.study_sensitivity import sensitivity_study

        return sensitivity_study(
            question,
            varied,
            carrier,
            trajectories=trajectories,
            blocks=blocks,
            seeds_a_block=seeds,
            by_group=by_group,
            say=say,
        )

    return carry(make, **options)
