"""``ecology claims``: the position paper's claims as a register, and what a quick run says about each."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.commands.listing import aligned
from experiments.commands.options import FAILED, INTERRUPTED, VALUES, default, refuse_idle, seeds_of, workers_of
from experiments.settings import settings

if TYPE_CHECKING:
    from experiments.claims import Claim
    from experiments.claims_run import Size


def _default(name: str) -> Any:
    return settings()["claims"][name]


@click.command()
@click.option("--claim", "name", help="Only this claim, such as C07 or R12.  [default: all]")
@click.option("--run", "running", is_flag=True, help="Run the tests and give verdicts, instead of listing the claims.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder for verdicts; an earlier one is resumed.")
@click.option("--authority", default=_default("authority"), show_default=True, help="As in `ecology list authorities`.")
@click.option("--children", type=int, default=_default("children"), show_default=True, help="A place of so many.")
@click.option("--seeds", type=int, default=_default("seeds"), show_default=True, help="How many paired runs.")
@click.option("--years", type=int, default=_default("years"), show_default=True, help="Years; some tests take more.")
@VALUES
@click.option("--workers", type=int, help=f"Processes.  [default: one a core, at most {default('workers_at_most')}]")
def claims(
    name: str | None,
    running: bool,
    out: Path | None,
    authority: str,
    children: int,
    seeds: int,
    years: int,
    drawn_from: str | None,
    workers: int | None,
) -> int:
    """List the claims of the position paper with mechanism and rival, or run their tests.

    A verdict is as claimed, the other way, too small to matter, sign unclear, no trace in this run, or not in the
    model yet. With --run it writes verdicts.csv, verdicts.svg and manifest.json; what is finished is not run again.

    \b
    Example:
      ecology claims --run --claim C07 --children 2000 --seeds 5 --years 3 --out claims
    """
    from ecology.errors import BadInput
    from experiments.claims import chosen
    from experiments.claims_run import Size

    some = chosen(name)
    if not running:
        if out is not None:
            raise BadInput("--out is for verdicts; give --run with it.")
        told = "is for running tests; give --run with it."
        refuse_idle(told, "--authority", "--children", "--seeds", "--years", "--values", "--workers")
        click.echo("\n".join(_told(some[0]) if name else aligned(_listed(some))))
        return 0
    if out is None:
        raise BadInput("--run needs --out, the folder for the verdicts.")
    size = Size(authority, children, years, seeds_of(seeds, None), drawn_from)
    return _run(some, out, size, workers_of(workers))


def _run(some: "list[Claim]", out: Path, size: "Size", crew: int) -> int:
    from experiments import claims_report as report
    from experiments import claims_run
    from experiments.calibration.ensemble import ensemble
    from experiments.manifest import code_version, in_words, standing

    for _, test in claims_run.runnable(some):
        claims_run.scenarios(test, size, size.seeds[0])  # refuses what cannot be run before anything is written
    report.usable(out)
    try:
        failed = claims_run.run(some, size, out, crew)
    except KeyboardInterrupt:
        click.echo(f"Interrupted; what is finished stays in {out}, and the same command goes on from there.", err=True)
        return INTERRUPTED
    if failed:
        click.echo(f"{len(failed)} failed, as told above; the same command tries them again.", err=True)
    verdicts = claims_run.verdicts(some, size, out)
    told = {**vars(size), **standing(ensemble(size.drawn_from))}
    report.write(verdicts, out, {**told, "claims": [claim.name for claim in some], "code_version": code_version()})
    click.echo("\n".join(aligned(report.lines(verdicts))))
    click.echo(f"\n{in_words(told)} {report.SCOPE}")
    click.echo(out / report.VERDICTS)
    return FAILED if failed else 0


def _standing(claim: "Claim") -> str:
    from experiments.claims import lacking, lacking_trial

    if not claim.trials:
        return "not tested: see `treated`"
    missing = [*lacking(claim), *(one for test in claim.trials for one in lacking_trial(test))]
    able = 0 if lacking(claim) else sum(not lacking_trial(test) for test in claim.trials)
    told = f"{able} of {len(claim.trials)} tests can run"
    return f"{told}; not in the model yet: {'; '.join(dict.fromkeys(missing))}" if missing else told


def _listed(some: "list[Claim]") -> list[tuple[str, ...]]:
    head = ("claim", "kind", "paper §", "says", "standing")
    return [head, *((claim.name, claim.kind, claim.where, claim.says, _standing(claim)) for claim in some)]


def _told(claim: "Claim") -> list[str]:
    """Return everything the register holds about one claim."""
    told = [f"{claim.name} ({claim.kind}, § {claim.where}): {claim.says}"]
    told += [f"{head}: {text}" for head, text in (("Rival", claim.rival), ("Treated", claim.treated)) if text]
    told += [f"Mechanism: {place}" for place in claim.mechanism]
    told += [f"{test.name}: {test.asks} ({test.outcome}, claimed {test.claimed})" for test in claim.trials]
    return [*told, f"Standing: {_standing(claim)}"]
