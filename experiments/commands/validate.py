"""``ecology validate``: whether scenario files can be used, and every fault of those that cannot."""

import click

from experiments.commands.options import BAD_INPUT


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def validate(files: tuple[str, ...]) -> int:
    """Check scenario files, and name every fault of each with its field.

    \b
    Example:
      ecology validate my-scenario.toml
    """
    from ecology.errors import BadInput
    from ecology.scenario import Scenario

    code = 0
    for file in files:
        try:
            scenario = Scenario.load(file)
        except BadInput as faults:
            click.echo(str(faults), err=True)
            code = BAD_INPUT
        else:
            click.echo(f"{file}: a valid scenario, {scenario.digest}")
    return code
