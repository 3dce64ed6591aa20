"""``ecology story``: one child's life, or one social worker's week, under several regimes, in sentences."""

import datetime
import shlex
from pathlib import Path

import click

from experiments.commands.options import VALUES, Names, default

PICK = -1


class Week(click.ParamType):
    """A model week (0 is the week of 1 April 2010) or a date in it."""

    name = "week or date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the model week."""
        from ecology.scenario_limits import week_of

        try:
            return int(str(value))
        except ValueError:
            pass
        try:
            return week_of(datetime.date.fromisoformat(str(value)))
        except ValueError:
            self.fail(f"{value!r} is neither a week such as 214 nor a date such as 2014-05-12.", param, ctx)


@click.command()
@click.option("--authority", required=True, help="As in `ecology list authorities`, or England for its mean.")
@click.option("--children", type=int, help="A smaller place of so many children, with everything else pro rata.")
@click.option(
    "--regimes", type=Names(), required=True, help="Two or more of `ecology list regimes`, with commas between."
)
@click.option("--pressure", default=default("pressure"), show_default=True, help="One of `ecology list pressures`.")
@click.option("--years", type=int, default=default("years"), show_default=True, help="Years from the switch.")
@click.option("--seed", type=int, default=1, show_default=True, help="The luck of the run.")
@click.option("--child", type=int, help="Tell of this child, by its number.  [default: as --who chooses]")
@click.option(
    "--who",
    help="Choose the child whose lives differ most, of anybody or of those ever in a stage such as looked_after; or "
    "a typical one.  [default: anybody]",
)
@click.option(
    "--worker",
    type=int,
    is_flag=False,
    flag_value=PICK,
    help="Tell of a social worker's week: by the number of the post, or (--worker alone) whose differs most.",
)
@click.option("--week", type=Week(), help="Which week of the worker: its number or a date in it.  [default: halfway]")
@VALUES
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this .html or .md file too.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
def story(
    authority: str,
    children: int | None,
    regimes: tuple[str, ...],
    pressure: str,
    years: int,
    seed: int,
    child: int | None,
    who: str | None,
    worker: int | None,
    week: int | None,
    drawn_from: str | None,
    out: Path | None,
    overwrite: bool,
) -> None:
    """Tell one child's life or one worker's week, the same child and week under each regime.

    Every sentence is drawn from the tables of the run; the regimes share one past and the same luck.

    \b
    Example:
      ecology story --authority Leeds --children 2000 --regimes fragmented,orchestrated --seed 1 --who looked_after
    """
    from ecology.errors import BadInput
    from experiments.design import comparison
    from experiments.stories import choosing, page

    if worker is not None and (child is not None or who is not None):
        raise BadInput("--worker tells of a social worker, --child and --who of a child; give one or the other.")
    if child is not None and who is not None:
        raise BadInput("--child and --who both say which child; give one of them.")
    if week is not None and worker is None:
        raise BadInput("--week belongs to --worker; a child's whole life is told.")
    choosing.known(who or choosing.ANYBODY)
    design = comparison(authority, regimes, (pressure,), (seed,), years, children, drawn_from=drawn_from)
    if out is not None:
        page.checked(out, overwrite)
    from experiments.stories import story as telling
    from experiments.stories import worker as workers

    base, arms = design.of_seed(pressure, seed)
    halfway = base.switch_week + base.weeks // 2
    if worker is not None:
        workers.checked_week(base, halfway if week is None else week)
    past, command = telling.past_of(base, seed), _again(design.command, seed, child, who, worker, week)
    if worker is None:
        told = telling.child_story(past, arms, child, who or choosing.ANYBODY, command)
    else:
        told = telling.worker_story(past, arms, worker, halfway if week is None else week, command)
    if out is not None:
        page.write(told, out)
    click.echo(page.text(told))
    if out is not None:
        click.echo(out, err=True)


def _again(command: str, seed: int, child: int | None, who: str | None, worker: int | None, week: int | None) -> str:
    """Return the command that tells the same story again, from that of the comparison with one seed."""
    _, _, *words = shlex.split(command)
    kept = [word for word in words if not word.startswith(("--seeds", "--seed-list"))]
    kept = [word.replace("--pressures=", "--pressure=") for word in kept]
    own = {"seed": seed, "child": child, "who": who, "worker": worker, "week": week}
    told = [f"--{name}={value}" for name, value in own.items() if value is not None and value != PICK]
    return shlex.join(["ecology", "story", *kept, *told, *(["--worker"] if worker == PICK else [])])
