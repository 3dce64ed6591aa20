"""What several commands share: lists separated by commas, seeds, workers, and what is said at the end."""

from typing import TYPE_CHECKING, Any

import click

from experiments.settings import settings

if TYPE_CHECKING:
    from experiments.manifest import Account

# Exit codes, as shells know them.
FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


class Names(click.ParamType):
    """Names separated by commas."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Return the names without blanks around them."""
        if isinstance(value, tuple):
            return value
        return tuple(name.strip() for name in value.split(",") if name.strip())


class Seeds(click.ParamType):
    """Whole numbers separated by commas."""

    name = "seeds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        """Return the numbers."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(int(seed) for seed in value.split(","))
        except ValueError:
            self.fail(f"{value!r} is not a list of whole numbers separated by commas, such as 3,7,11.", param, ctx)


class Setting(click.ParamType):
    """A parameter's name and a number: NAME=VALUE."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """Return the name and the number."""
        if isinstance(value, tuple):
            return value
        name, _, number = value.partition("=")
        try:
            return name.strip(), float(number)
        except ValueError:
            self.fail(f"{value!r} is not a parameter's name and a number, such as interdependence=0.", param, ctx)


VALUES = click.option(
    "--values",
    "drawn_from",
    help="ensemble (each seed takes a calibrated set), governance-held (the same, every number of governance at its "
    "assumed value) or central (all at their assumed values, one set).  [default: ensemble]",
)


def default(name: str) -> Any:
    """Return a default of ``settings.toml``."""
    return settings()["defaults"][name]


def numbers_of(settings: tuple[tuple[str, float], ...]) -> dict[str, float]:
    """Return the numbers of repeated ``--set`` by name. Raises BadInput for a name that stands twice."""
    from ecology.errors import BadInput

    names = [name for name, _ in settings]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"--set: {name} stands twice; give one value.")
    return dict(settings)


def refuse_idle(reason: str, *options: str) -> None:
    """Raise BadInput if one of these options was given on the command line, where it would do nothing."""
    from ecology.errors import BadInput

    context = click.get_current_context()
    names = {option: param.name for param in context.command.params for option in param.opts}
    for option in options:
        if context.get_parameter_source(str(names[option])) == click.core.ParameterSource.COMMANDLINE:
            raise BadInput(f"{option}: {reason}")


def seeds_of(seeds: int | None, seed_list: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return the seeds that two options ask for: 1 to ``seeds``, or those of the list. Raises BadInput."""
    from ecology.errors import BadInput

    if seed_list is not None and seeds is not None:
        raise BadInput("--seeds and --seed-list both say which seeds to run; give one of them.")
    if seed_list is not None:
        return seed_list
    number = default("seeds") if seeds is None else seeds
    if not number > 0:
        raise BadInput(f"--seeds: {number} is not possible; at least 1 is needed, and 20 means seeds 1 to 20.")
    return tuple(range(1, number + 1))


def workers_of(workers: int | None) -> int:
    """Return the number of processes: as asked, or one a core up to the limit in the settings. Raises BadInput."""
    import os

    from ecology.errors import BadInput

    if workers is None:
        return min(os.cpu_count() or 1, default("workers_at_most"))
    if not workers > 0:
        raise BadInput(f"--workers: {workers} is not possible; at least 1 is needed.")
    return workers


def tell(account: "Account", what: str) -> int:
    """Say where the results are and what failed; return the exit code."""
    if account.failed:
        click.echo(f"{len(account.failed)} failed, as told above and in the manifest.", err=True)
    if account.finished:
        click.echo(account.folder / what)
    else:
        click.echo("No run finished, so nothing was written.", err=True)
    if account.interrupted:
        number = len(account.finished)
        click.echo(f"Interrupted: {number} run{'' if number == 1 else 's'} had finished.", err=True)
        return INTERRUPTED
    return FAILED if account.failed else 0
