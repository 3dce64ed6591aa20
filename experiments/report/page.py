"""Put the page together from the tables of an output folder, and write it with its figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from experiments.manifest import in_words
from experiments.report import answer, costs, forest, hours, money, waits
from experiments.report.drawing import Picture
from experiments.report.gather import Results, gather
from experiments.report.words import counted, first_upper, listing, size, spell, table, word

ASSURANCE_ROLES = ("Commissioner", "Analyst", "Assurer", "Approver")


@dataclass(frozen=True)
class Section:
    """The figures under one pressure."""

    title: str
    pictures: list[Picture]


def write_page(folder: Path) -> None:
    """Write ``index.html`` and ``figures/*.svg`` into an output folder, from its tables and manifest alone."""
    results = gather(folder)
    sections = [
        Section(f"Under {word('pressures', pressure)}", list(pictures(results, pressure)))
        for pressure in results.pressures
    ]
    drawn = folder / "figures"
    drawn.mkdir(exist_ok=True)
    for section in sections:
        for picture in section.pictures:
            (drawn / f"{picture.name}.svg").write_text(picture.file, encoding="utf-8")
    (folder / "index.html").write_text(html(results, sections), encoding="utf-8")


def pictures(results: Results, pressure: str) -> Iterator[Picture]:
    """Yield the figures under one pressure; no chart holds more regimes than it can have colours."""
    groups = groups_of_regimes(results)
    for number, regimes in enumerate(groups, start=1):
        suffix = f"{pressure}-{number}" if len(groups) > 1 else pressure
        yield hours.picture(results, pressure, regimes, f"hours-{suffix}")
        for kind in (waits.STOCKS, waits.WAITS):
            if picture := waits.picture(results, pressure, regimes, kind, f"{kind}-{suffix}"):
                yield picture
    for regime in results.others:
        yield forest.picture(results, pressure, regime, f"differences-{pressure}-{regime}")
    for number, regimes in enumerate(groups, start=1):
        suffix = f"{pressure}-{number}" if len(groups) > 1 else pressure
        for found in (
            waits.picture(results, pressure, regimes, waits.LEVELS, f"levels-{suffix}"),
            money.picture(results, pressure, regimes, f"money-{suffix}"),
            costs.picture(results, pressure, regimes, f"costs-{suffix}"),
        ):
            if found:
                yield found


def groups_of_regimes(results: Results) -> list[list[str]]:
    """Return the regimes in groups that fit one chart, each with the comparator first."""
    others, at_once = results.others, size("most_regimes") - 1
    return [[results.against, *others[start : start + at_once]] for start in range(0, len(others), at_once)]


def html(results: Results, sections: list[Section]) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("experiments.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["markup"] = Markup
    environment.filters["spell"] = spell
    told = results.manifest
    names = [word("regimes", regime).lower() for regime in told["regimes"]]
    regimes = listing(names) if len(names) < size("most_regimes") else f"{len(names)} ways to govern"
    return environment.get_template("page.html.j2").render(
        title=f"{first_upper(results.place)}: {regimes} compared",
        manifest=told,
        look=table("look.toml"),
        results=results,
        style=_style(),
        answers=answer.answers(results),
        meanings=answer.meanings(results),
        against=word("regimes", results.against).lower(),
        cannot_be_told=answer.CANNOT_BE_TOLD,
        whence=in_words(results.manifest),
        reasons=answer.reasons(results),
        sections=sections,
        levers=_levers(results),
        absent=[name for name, lever in told["levers"].items() if not lever["active"]],
        glossary=table("words.toml")["glossary"],
        roles=ASSURANCE_ROLES,
        runs=listing(
            [f"{counted(results.seeds(p), 'paired run')} under {word('pressures', p)}" for p in results.pressures]
        ),
    )


def _style() -> str:
    text = files("experiments.report").joinpath("templates", "page.css").read_text(encoding="utf-8")
    look = table("look.toml")
    for name, value in {**look["palette"], **look["ink"]}.items():
        text = text.replace(f"var(--{name.replace('_', '-')})", value)
    return text


def _levers(results: Results) -> pd.DataFrame:
    """Return the levers that each regime sets: one row an active lever, one column a regime."""
    told = results.manifest
    arms: dict[str, Any] = told["scenarios"][results.pressures[0]]
    active = [name for name, lever in told["levers"].items() if lever["active"]]
    return pd.DataFrame(
        {word("regimes", r): [arms[r]["levers"][name] for name in active] for r in told["regimes"]}, active
    )
