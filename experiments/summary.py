"""A finished comparison as one page of Markdown: what was run, the differences, and levels beside published figures.

``python -m experiments.summary FOLDER > page.md``; the pages in ``docs/results/`` are made with it.
"""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ecology.evidence import profiles
from experiments import parts
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
_PER_10_000 = 10_000.0
_LOW, _HIGH = 0.05, 0.95


def summary(folder: Path) -> str:
    """Return the Markdown page of a finished comparison."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    differences = pd.read_csv(folder / "differences.csv")
    yearly = parts.read(folder, "yearly.csv")
    return "\n".join([*_head(manifest), *_differences(differences), *_levels(manifest, yearly)]) + "\n"


def _head(manifest: dict[str, Any]) -> Iterator[str]:
    machine = manifest["machine"]
    yield f"# {manifest['authority']}: {' against '.join(reversed(manifest['regimes']))}\n"
    yield f"{manifest['purpose']} Illustrative, not calibrated; one parameter set, so that intervals show luck only.\n"
    yield f"`{manifest['command']}`\n"
    seeds = len(manifest["finished"])
    yield (
        f"Key {manifest['key']}; {seeds} paired runs; {manifest['started'][:16]} to {manifest['ended'][:16]} UTC on "
        f"{machine.get('cores', machine.get('processors', '?'))} cores; children: {manifest['children'] or 'all'}.\n"
    )


def _differences(table: pd.DataFrame) -> Iterator[str]:
    yield "## Differences\n"
    yield "| outcome | unit | regime | against | interval | level | pairs better | verdict |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in table.to_dict("records"):
        yield (
            f"| {row['outcome']} ({row['pressure']}) | {row['unit']} | {row['regime']} | {row['against']} "
            f"| {span(row['low'], row['high'])} | {row['level']:.1%} | {row['probability_better']:.0%} of {row['n']} "
            f"| {row['verdict']} |"
        )


def _rates(table: pd.DataFrame) -> pd.DataFrame:
    """Return the measures by run and year with rates of the counts that have none."""
    wide = table.pivot_table(index=["regime", "seed", "year"], columns="measure", values="value")
    for name in COUNTS:
        wide[f"{name}_per_10000"] = _PER_10_000 * wide[name] / wide[POPULATION]
    return wide.rename(columns={published: own for own, published in PUBLISHED_NAMES.items()})


def _levels(manifest: dict[str, Any], yearly: pd.DataFrame) -> Iterator[str]:
    yield "\n## Levels beside the published figures\n"
    yield "No claim that they fit: thresholds were set by hand. Simulated: 9 in 10 runs. Years end on 31 March.\n"
    published = profiles.published(manifest["authority"]).assign(regime="published", seed=0)
    known = _rates(published)
    told = _rates(yearly)
    yield "| measure | year | published | " + " | ".join(manifest["regimes"]) + " |"
    yield "|---|---|---|" + "---|" * len(manifest["regimes"])
    for name in LEVELS:
        for year in YEARS:
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


if __name__ == "__main__":
    sys.stdout.write(summary(Path(sys.argv[1])))
