"""``ecology discover``: in which worlds which regime does better, and the worlds most favourable to either side."""

from typing import TYPE_CHECKING, Any

import click

from experiments.commands.analysing import LEAVE_OUT_FAILED, analysis_default, carry, of_two_regimes, say
from experiments.commands.options import refuse_idle

if TYPE_CHECKING:
    from experiments.analysis.answer import Answer
    from experiments.analysis.carry import Carrier, Question


@click.command()
@click.argument("space", default="evidence")
@click.option(
    "--worlds",
    type=int,
    default=analysis_default("discovery", "worlds"),
    show_default=True,
    help="Drawn evenly from the space.",
)
@click.option(
    "--seeds",
    type=int,
    default=analysis_default("discovery", "seeds"),
    show_default=True,
    help="Pairs of runs in each world; 2 or more.",
)
@click.option(
    "--adversarial", is_flag=True, help="Search for the world most favourable to each side instead (first outcome)."
)
@LEAVE_OUT_FAILED
@of_two_regimes
def discover(space: str, worlds: int, seeds: int, adversarial: bool, **options: Any) -> int:
    """Say when which regime does better, over many worlds, and when that cannot be told.

    SPACE is a TOML file that says what varies, or `evidence` (the default) for every parameter over the range of its
    evidence. Writes answer.md, pictures, and shares.csv, regions.csv, classes.csv, worlds.csv and a tree for each
    outcome; with --adversarial extremes.csv and extreme_worlds.csv. The same command goes on after an interrupt.

    \b
    Example:
      ecology discover evidence --worlds 1000 --seeds 2 --authority Leeds --children 2000 --years 2 \\
          --store leeds.sqlite --out leeds-discovery --workers 2
    """
    from experiments.space_file import space_of

    varied = space_of(space)
    if adversarial:
        told = "does nothing with --adversarial, whose budget stands in the settings; leave it out."
        refuse_idle(told, "--worlds", "--seeds")

    def make(question: "Question", carrier: "Carrier") -> "Answer":
        if adversarial:
            from experiments.analysis.study_extremes import extremes_study

            return extremes_study(question, varied, carrier, say)
        from experiments.analysis.study_discovery import discovery_study

        return discovery_study(question, varied, carrier, worlds=worlds, seeds=seeds, say=say)

    return carry(make, **options)
