"""The command line ``ecology``. Bad input is answered in a sentence, with exit code 2 and without a traceback.

Nothing heavy is imported here: ``ecology --help`` must answer at once.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from experiments.commands.attribute import attribute
from experiments.commands.break_even import break_even
from experiments.commands.calibrate import calibrate
from experiments.commands.claims import claims
from experiments.commands.compare import compare
from experiments.commands.discover import discover
from experiments.commands.export import export
from experiments.commands.listing import listing
from experiments.commands.options import BAD_INPUT, INTERRUPTED
from experiments.commands.patterns import patterns
from experiments.commands.run import run
from experiments.commands.sensitivity import sensitivity
from experiments.commands.status import status
from experiments.commands.story import story
from experiments.commands.sweep import sweep
from experiments.commands.validate import validate
from experiments.commands.verify import verify


class Sentences(click.Group):
    """A group of commands that says what is wrong in sentences on standard error."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> Any:
        """Run a command and leave with its exit code: 0, 1 if a run failed, 2 for bad input, 130 if interrupted."""
        try:
            code = super().main(args, "ecology", standalone_mode=False)
        except click.ClickException as error:
            code = _say(error.format_message(), BAD_INPUT)
        except (click.Abort, KeyboardInterrupt):
            code = _say("Interrupted.", INTERRUPTED)
        except OSError as error:  # a full disk, a folder that may not be written
            if error.filename is None and error.strerror is None:
                raise
            code = _say(f"{error.filename or 'a file'}: {error.strerror or error}.", BAD_INPUT)
        except ValueError as error:
            from ecology.errors import BadInput

            if not isinstance(error, BadInput):
                raise
            code = _say(str(error), BAD_INPUT)
        sys.exit(code or 0)


def _say(sentence: str, code: int) -> int:
    click.echo(f"ecology: {sentence}", err=True)
    return code


def _version() -> str:
    try:
        return version("children-services-ecology")
    except PackageNotFoundError:
        return "not installed"


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version(), message="ecology %(version)s")
def main() -> None:
    """Simulate local children's services in England under different ways to govern them.

    Purpose: exploration and explanation of stated mechanisms, not prediction. Parameters come from an ensemble that was
    calibrated to published figures, governance excepted, unless --values central asks for the assumed values.

    \b
    Example:
      ecology compare --authority Leeds --regimes fragmented,orchestrated --seeds 20 --out leeds
    """


RUNNING = (compare, run, story, claims, validate, listing)
BATCHES = (sweep, status, export, verify)
ANALYSES = (sensitivity, discover, attribute, break_even)
CALIBRATION = (calibrate, patterns)
for command in (*RUNNING, *BATCHES, *ANALYSES, *CALIBRATION):
    main.add_command(command)
