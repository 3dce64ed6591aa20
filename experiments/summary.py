"""A finished comparison as one page of Markdown: what was run, the differences, and levels beside published figures.

``python -m experiments.summary FOLDER > page.md``; the pages in ``docs/results/`` are made with it. Several folders
give one table of the headline outcomes across comparisons, such as the same regimes in two places at four values of K.
"""

import json
import math
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ecology.evidence import profiles
from experiments import parts
from experiments.calibration.ensemble import CENTRAL, ENSEMBLE, HELD
from experiments.manifest import in_words
from experiments.report.words import figure, span

YEARS = (2011, 2013, 2015, 2017)
COUNTS = ("looked_after_at_31_march",)
LEVELS = (
    "referrals_per_10000",
    "section_47_enquiries_per_10000",
    "initial_conferences_per_10000",
    "protection_plans_started_per_10000",
    "protection_plans_at_31_march_per_10000",
    "in_need_at_31_march_per_10000",
    "looked_after_at_31_march_per_10000",
    "direct_share_social_workers_percent",
)
PUBLISHED_NAMES = {"section_47_enquiries_per_10000": "section_47_per_10000"}
POPULATION = "population_children_aged_0_to_17_years"
_TITLES = {
    ENSEMBLE: "governance drawn from its ranges",
    HELD: "governance at its assumed values",
    CENTRAL: "everything at its assumed value",
}
_PER_10_000 = 10_000.0
_LOW, _HIGH = 0.05, 0.95


def summary(folder: Path) -> str:
    """Return the Markdown page of a finished comparison."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    differences, outcomes = pd.read_csv(folder / "differences.csv"), parts.read(folder, "outcomes.csv")
    yearly = parts.read(folder, "yearly.csv")
    if len(manifest["pressures"]) > 1:
        raise SystemExit(f"{folder}: {len(manifest['pressures'])} pressures; compare one for a page of its own.")
    return "\n".join([*_head(manifest), *_differences(differences, outcomes), *_levels(manifest, yearly)]) + "\n"


def _head(manifest: dict[str, Any]) -> Iterator[str]:
    machine = manifest["machine"]
    regimes, drawn = " against ".join(reversed(manifest["regimes"])), _TITLES[manifest["parameters"]["from"]]
    yield f"# {manifest['authority']}: {regimes}, {drawn}\n"
    yield f"> {manifest['purpose']} {in_words(manifest)}\n"
    yield f"`{manifest['command']} --out=FOLDER`\n"
    seeds = len(manifest["finished"])
    yield (
        f"Key {manifest['key']}; {seeds} paired runs; {manifest['started'][:16]} to {manifest['ended'][:16]} UTC on "
        f"{machine.get('cores', machine.get('processors', '?'))} cores; children: {manifest['children'] or 'all'}.\n"
    )


def _differences(table: pd.DataFrame, outcomes: pd.DataFrame) -> Iterator[str]:
    yield "## Differences\n"
    yield "Pairs better: a tie counts half. Usual: the median over runs of the regime that others are compared with.\n"
    yield "| outcome | unit | regime | against | usual | interval | level | pairs better | verdict |"
    yield "|---|---|---|---|---|---|---|---|---|"
    usual = outcomes.groupby(["pressure", "regime", "outcome"])["value"].median().to_dict()
    for row in table.to_dict("records"):
        yield (
            f"| {row['outcome']} ({row['pressure']}) | {row['unit']} | {row['regime']} | {row['against']} "
            f"| {figure(usual[row['pressure'], row['against'], row['outcome']])} | {span(row['low'], row['high'])} "
            f"| {row['level']:.1%} | {row['probability_better']:.0%} of {row['n']} | {row['verdict']} |"
        )


def _rates(table: pd.DataFrame) -> pd.DataFrame:
    """Return the measures by run and year with rates of the counts that have none."""
    wide = table.pivot_table(index=["regime", "seed", "year"], columns="measure", values="value")
    for name in COUNTS:
        wide[f"{name}_per_10000"] = _PER_10_000 * wide[name] / wide[POPULATION]
    return wide.rename(columns={published: own for own, published in PUBLISHED_NAMES.items()})


def _levels(manifest: dict[str, Any], yearly: pd.DataFrame) -> Iterator[str]:
    yield "\n## Levels beside the published figures\n"
    yield "No claim that they fit: see docs/calibration.md. Simulated: 9 in 10 runs. Years end on 31 March.\n"
    published = profiles.published(manifest["authority"]).assign(regime="published", seed=0)
    known = _rates(published)
    told = _rates(yearly)
    yield "| measure | year | published | " + " | ".join(manifest["regimes"]) + " |"
    yield "|---|---|---|" + "---|" * len(manifest["regimes"])
    for name in [name for name in LEVELS if name in told.columns]:
        for year in [year for year in YEARS if year in told.index.get_level_values("year")]:
            cells = [_published(known, name, year)]
            for regime in manifest["regimes"]:
                values = told.xs((regime, year), level=("regime", "year"))[name]
                cells.append(span(float(values.quantile(_LOW)), float(values.quantile(_HIGH))))
            yield f"| {name} | {year} | " + " | ".join(cells) + " |"


def _published(known: pd.DataFrame, name: str, year: int) -> str:
    if name not in known.columns or ("published", 0, year) not in known.index:
        return "not published"
    value = float(known[name].to_dict()["published", 0, year])
    return "not published" if math.isnan(value) else figure(value)


def across(folders: Sequence[Path]) -> str:
    """Return one table of the headline outcomes of finished comparisons: a row for each place, setting and regime."""
    lines = [
        "| place | pressure | set | outcome | regime | interval of the difference | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for folder in folders:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        headline = [name for name, told in manifest["outcomes"].items() if told["role"] in ("primary", "co-primary")]
        words = shlex.split(manifest["command"])
        changed = ", ".join(word.removeprefix("--set=") for word in words if word.startswith("--set=")) or "nothing"
        table = pd.read_csv(folder / "differences.csv")
        for row in table[table["outcome"].isin(headline)].sort_values("outcome", kind="stable").to_dict("records"):
            outcome, interval = f"{row['outcome']}, {row['unit']}", span(row["low"], row["high"])
            cells = (manifest["authority"], row["pressure"], changed, outcome, row["regime"], interval, row["verdict"])
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    chosen = [Path(argument) for argument in sys.argv[1:]]
    sys.stdout.write(summary(chosen[0]) if len(chosen) == 1 else across(chosen))
