"""What the commands that analyse share: the options of a study of two regimes, and how its answer is made and left."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.commands.options import INTERRUPTED, VALUES, Names, default, workers_of
from experiments.settings import settings

if TYPE_CHECKING:
    from experiments.analysis.answer import Answer
    from experiments.analysis.carry import Carrier, Question

BATCH = settings()["batch"]
OPTIONS = (
    click.option("--authority", required=True, help="As in `ecology list authorities`, or England for its mean."),
    click.option("--children", type=int, help="A smaller place of so many children, with everything else pro rata."),
    click.option(
        "--regimes",
        type=Names(),
        default="fragmented,orchestrated",
        show_default=True,
        help="Two of `ecology list regimes`; differences are the second minus the first.",
    ),
    click.option("--outcomes", type=Names(), help="Of `ecology list outcomes`.  [default: primary and co-primary]"),
    click.option("--pressure", default=default("pressure"), show_default=True, help="One of `ecology list pressures`."),
    click.option("--years", type=int, default=default("years"), show_default=True, help="Years from the switch."),
    click.option(
        "--past",
        default=default("past"),
        show_default=True,
        help="The scenario, by name or file, that all depart from.",
    ),
    VALUES,
    click.option("--past-years", type=int, help="Years of past before 1 April 2010.  [default: the scenario's]"),
    click.option(
        "--store",
        "path",
        type=click.Path(path_type=Path),
        required=True,
        help="The run store; made if it does not exist. What it holds is not run again.",
    ),
    click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder that does not exist yet."),
    click.option("--overwrite", is_flag=True, help="Replace an earlier output folder when the new one is complete."),
    click.option("--workers", type=int, default=1, show_default=True, help="Processes of this machine."),
    click.option("--scheduler", help="Address of a dask scheduler instead, such as tcp://10.0.0.1:8786."),
    click.option(
        "--time-limit",
        type=float,
        default=BATCH["time_limit_minutes"],
        show_default=True,
        help="Minutes for one point; what takes longer is a failed run.",
    ),
    click.option("--retry-failed", is_flag=True, help="Try failed runs again."),
)

LEAVE_OUT_FAILED = click.option(
    "--leave-out-failed", is_flag=True, help="Go on without the worlds (or blocks of worlds) in which a run failed."
)


def of_two_regimes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that every analysis has."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def carry(make: "Callable[[Question, Carrier], Answer]", **options: Any) -> int:
    """Carry the runs of an analysis into the store, write its answer, say where it is; return the exit code.

    ``options`` are those of ``of_two_regimes``. Raises BadInput before anything is run if the folder is in the way.
    """
    from datetime import UTC, datetime

    from ecology.errors import BadInput
    from ecology.vocabulary import SECONDS_A_MINUTE
    from experiments.analysis.answer import write
    from experiments.analysis.carry import Carrier, Question
    from experiments.output import Output
    from experiments.store import Store

    if not options["time_limit"] > 0:
        raise BadInput(f"--time-limit: {options['time_limit']:g} is not possible; give minutes above 0.")
    fields = ("authority", "regimes", "children", "years", "pressure", "past", "past_years", "drawn_from")
    question = Question(outcomes=options["outcomes"] or (), **{field: options[field] for field in fields})
    question.study("check", "").base  # noqa: B018 - refuses a place, a past or years that do not exist
    command = shlex.join(["ecology", *sys.argv[1:]])
    started = datetime.now(UTC)
    workers = workers_of(options["workers"])
    Output.start(options["out"], options["overwrite"]).discard()  # refused now, not when everything has been run
    try:
        with Store(options["path"]) as store:
            carrier = Carrier(
                store,
                workers=workers,
                scheduler=options["scheduler"],
                time_limit=options["time_limit"] * SECONDS_A_MINUTE,
                retry_failed=options["retry_failed"],
                leave_out_failed=options.get("leave_out_failed", False),
                command=command,
            )
            answer = make(question, carrier)
        answer.drawn_from = question.drawn_from
        click.echo("\n".join(f"- {sentence}" for sentence in answer.sentences))
        output = Output.start(options["out"], options["overwrite"])
        click.echo(write(answer, output, command, started))
    except KeyboardInterrupt:
        click.echo("Interrupted: what had finished is kept in the store; the same command goes on.", err=True)
        return INTERRUPTED
    return 0


def say(sentence: str) -> None:
    """Say something about the work on standard error."""
    click.echo(sentence, err=True)


def analysis_default(topic: str, name: str) -> Any:
    """Return a default of the analyses' settings."""
    from experiments.analysis.settings import setting

    return setting(topic, name)
