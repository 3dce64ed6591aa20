"""``ecology list``: what exists, as a plain table or as CSV."""

import csv
import io
import shutil
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from textwrap import wrap

import click

Row = Sequence[str]
KINDS = ("parameters", "scenarios", "levers", "outcomes", "authorities", "regimes", "pressures")
GAP = "  "


@click.command("list")
@click.argument("what", type=click.Choice(KINDS))
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, in full.")
def listing(what: str, as_csv: bool) -> None:
    """List what exists.

    \b
    Example:
      ecology list parameters --csv > parameters.csv
    """
    heading, *rows = LISTS[what]()
    if as_csv:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([heading, *rows])
        click.echo(text.getvalue(), nl=False)
    else:
        click.echo("\n".join(aligned([heading, *rows])))


def aligned(rows: Sequence[Row]) -> list[str]:
    """Return the lines of a table whose columns stand under their headings.

    Cells are wrapped between words so that lines fit the terminal, as far as words and the names in front allow.
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    words[0] = widths[0]  # names stay whole
    room = shutil.get_terminal_size().columns - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and widths != words:  # take from the widest until it fits or no word can be kept whole
        widest = max(range(len(widths)), key=lambda i: (widths[i] > words[i], widths[i]))
        widths[widest] -= 1
    lines = []
    for row in rows:
        cells = [wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            lines.append(GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip())
    return lines


def _parameters() -> Iterable[Row]:
    from ecology.evidence import register

    yield "parameter", "value", "range", "unit", "grade", "source or reason"
    for name, p in register().items():
        yield name, f"{p.value:g}", f"{p.range[0]:g} to {p.range[1]:g}", p.unit, p.grade, p.source or p.why or ""


def _scenarios() -> Iterable[Row]:
    from ecology.scenario import Scenario

    yield "scenario", "regime", "why"
    for name in Scenario.names():
        scenario = Scenario.load(name)
        yield name, scenario.regime, scenario.why


def _levers() -> Iterable[Row]:
    from ecology.lever_tables import levers

    yield "lever", "in this version", "does", "what is charged"
    for name, lever in levers().items():
        yield name, "yes" if lever.active else "no", lever.does, lever.charged


def _outcomes() -> Iterable[Row]:
    from ecology.outcomes import OUTCOMES

    yield "outcome", "role", "unit", "better", "smallest difference", "definition"
    for name, told in OUTCOMES.items():
        yield name, told.role, told.unit, told.better, f"{told.smallest_difference:g}", told.definition


def _authorities() -> Iterable[Row]:
    from ecology.evidence import profiles

    lacking = profiles.lacking()
    yield "authority", "code", "children aged 0-17 in the first year", "what its data lack"
    for name in profiles.names():
        profile = profiles.profile(name)
        yield name, profile.code, f"{profile.population[0]:.0f}", " ".join(lacking.get(name, ()))


def _regimes() -> Iterable[Row]:
    from ecology.lever_tables import lever_values, levers, presets

    values = {regime: lever_values(regime, {}) for regime in presets()}
    yield "lever", *values
    for name in levers():
        yield name, *(f"{value[name]:g}" for value in values.values())


def _pressures() -> Iterable[Row]:
    from ecology.scenario_pressure import pressure, pressure_names

    yield "pressure", "budgets", "population", "poverty", "why"
    for name in pressure_names():
        told = pressure(name)
        yield name, told.budgets, told.population, told.poverty, told.why


LISTS: dict[str, Callable[[], Iterable[Row]]] = {
    "parameters": _parameters,
    "scenarios": _scenarios,
    "levers": _levers,
    "outcomes": _outcomes,
    "authorities": _authorities,
    "regimes": _regimes,
    "pressures": _pressures,
}
