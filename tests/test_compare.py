"""Comparisons: one past per seed, the same results with any number of workers, tables that can be trusted."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ecology.errors import BadInput
from experiments import parts
from experiments.compare import carry_out
from experiments.design import checked_seeds, comparison, single
from tests.comparing import TABLES, compare, contents
from tests.standin import DEFINITIONS, MODEL, World, settings_of

pytestmark = pytest.mark.usefixtures("no_page")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("compare") / "out"
    compare(out, pressures=("both", "none"))
    return out


def test_the_tables_have_the_promised_columns(folder: Path) -> None:
    promised = {
        "outcomes.csv": "authority,pressure,regime,seed,outcome,value,unit",
        "yearly.csv": "authority,pressure,regime,seed,year,measure,value,unit",
        "totals.csv": "authority,pressure,regime,seed,measure,value",
        "weekly.csv": "authority,pressure,regime,seed,week,measure,value",
        "differences.csv": "authority,pressure,outcome,unit,regime,against,"
        "mean,low,high,level,probability_better,n,verdict",
    }
    assert {name: (folder / name).read_text().splitlines()[0] for name in TABLES} == promised


def test_every_pressure_regime_and_seed_has_its_rows(folder: Path) -> None:
    outcomes = parts.read(folder, "outcomes.csv")
    assert len(outcomes) == 2 * 2 * 3 * len(DEFINITIONS)
    assert not outcomes.duplicated(["pressure", "regime", "seed", "outcome"]).any()
    yearly = parts.read(folder, "yearly.csv")
    past_years = comparison(**settings_of()).past["both"].past_years
    assert yearly["year"].min() == 2011 - past_years and yearly["year"].max() == 2012


def test_values_read_back_to_the_same_bits(folder: Path) -> None:
    scenario = comparison(**settings_of()).arms["both"]["orchestrated"]
    world = World(scenario, seed=2)
    world.run(scenario.past_weeks)
    told = world.branch(scenario).run().outcomes()
    outcomes = parts.read(folder, "outcomes.csv")
    rows = outcomes[(outcomes["pressure"] == "both") & (outcomes["regime"] == "orchestrated") & (outcomes["seed"] == 2)]
    assert rows["value"].tolist() == told["value"].tolist()


def test_the_regimes_of_a_seed_share_one_past_and_then_part(folder: Path) -> None:
    weekly = parts.read(folder, "weekly.csv")
    one = weekly[(weekly["pressure"] == "both") & (weekly["seed"] == 1)]
    by_regime = one.pivot(index=["week", "measure"], columns="regime", values="value").dropna()
    past = by_regime[by_regime.index.get_level_values("week") < 0]
    after = by_regime[by_regime.index.get_level_values("week") >= 0]
    assert len(past) and (past["fragmented"] == past["orchestrated"]).all()
    assert (after["fragmented"] != after["orchestrated"]).any()


def test_another_seed_is_another_run(folder: Path) -> None:
    outcomes = parts.read(folder, "outcomes.csv")
    one = outcomes[(outcomes["pressure"] == "both") & (outcomes["regime"] == "fragmented")]
    assert one.groupby("outcome")["value"].nunique().eq(3).all()


def test_results_do_not_depend_on_the_number_of_workers(folder: Path, tmp_path: Path) -> None:
    compare(tmp_path / "two", workers=2, pressures=("both", "none"))
    assert contents(tmp_path / "two") == contents(folder)


def test_results_do_not_depend_on_the_order_of_the_seeds(tmp_path: Path) -> None:
    compare(tmp_path / "a", seeds=(1, 2))
    compare(tmp_path / "b", seeds=(2, 1))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_manifest_tells_what_made_the_results(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    assert told["purpose"].startswith("Purpose: exploration and explanation of stated mechanisms, not prediction.")
    assert told["calibrated"] is False and told["status"] == "complete"
    assert told["seeds"] == [1, 2, 3] and told["regimes"] == ["fragmented", "orchestrated"]
    scenarios = comparison(**settings_of(pressures=("both", "none"))).arms
    assert told["scenarios"]["none"]["orchestrated"]["digest"] == scenarios["none"]["orchestrated"].digest
    assert told["command"] == (
        "ecology compare --authority=Leeds --regimes=fragmented,orchestrated --pressures=both,none --years=2 --seeds=3"
    )
    assert {"python", "numpy", "mesa", "code"} <= set(told["versions"])
    assert set(told["files"]) == set(TABLES)


def test_the_key_changes_with_seeds_and_scenario_but_not_with_time(tmp_path: Path) -> None:
    keys = []
    designs: dict[str, dict[str, Any]] = {"a": {}, "b": {}, "c": {"seeds": (1, 2)}, "d": {"years": 1}}
    for name, changes in designs.items():
        compare(tmp_path / name, **({"seeds": (1,)} | changes))
        keys.append(json.loads((tmp_path / name / "manifest.json").read_text())["key"])
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"regimes": ("fragmented", "orchestratd")}, "Did you mean orchestrated"),
        ({"regimes": ("fragmented", "fragmented")}, "fragmented stands twice"),
        ({"regimes": ("fragmented",)}, "at least two"),
        ({"regimes": ()}, "no regime is named"),
        ({"pressures": ("austerty",)}, "Did you mean austerity"),
        ({"pressures": ("both", "both")}, "both stands twice"),
        ({"authority": "Leads"}, "Did you mean Leeds"),
        ({"children": 0}, "children"),
        ({"years": 0}, "years"),
        ({"years": 40}, "years"),
        ({"seeds": ()}, "at least one seed"),
        ({"seeds": (1, -2)}, "-2 is negative"),
        ({"seeds": (1, 2, 1)}, "1 stands twice"),
        ({"against": "partnership_board"}, "partnership_board"),
    ],
)
def test_a_bad_design_is_refused_before_anything_runs(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        comparison(**settings_of(**changes))


def test_the_baseline_can_be_chosen() -> None:
    assert comparison(**settings_of()).against == "fragmented"
    design = comparison(**settings_of(against="orchestrated"))
    assert design.against == "orchestrated" and "--baseline=orchestrated" in design.command


def test_arms_differ_from_the_past_in_levers_alone() -> None:
    design = comparison(**settings_of(pressures=("austerity",)))
    digests = {scenario.past_digest for scenario in design.arms["austerity"].values()}
    assert digests == {design.past["austerity"].past_digest}
    assert len({scenario.digest for scenario in design.arms["austerity"].values()}) == 2


def test_one_scenario_runs_without_differences_or_page(tmp_path: Path) -> None:
    design = single("orchestrated", (3, 1), authority="Leeds", years=1)
    account = carry_out(design, tmp_path / "out", model=MODEL)
    assert account.finished == [("both", 1), ("both", 3)]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*TABLES[:4], "manifest.json"}
    assert set(parts.read(tmp_path / "out", "yearly.csv")["regime"]) == {"orchestrated"}


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e22, -0.0, 5e-324, 123456789.0, 2.0**60])
def test_numbers_are_short_and_keep_their_bits(value: float) -> None:
    written = parts.number(value)
    assert float(written) == value
    assert len(written) <= len(repr(value))


def test_a_name_with_a_comma_is_one_cell(tmp_path: Path) -> None:
    table = pd.DataFrame({"outcome": ["harm_weeks"], "value": [1.5], "unit": ["per 1,000"]})
    with parts.Part(tmp_path, "both", 1) as part:
        for file in parts.COLUMNS:
            rows = table.assign(year=2010, week=0, measure="stock_contact")
            part.add(("Bristol, City of", "both", "fragmented", 1), file, rows)
    parts.join(tmp_path, [("both", 1)])
    assert parts.read(tmp_path, "outcomes.csv").to_numpy().tolist()[0] == [
        "Bristol, City of", "both", "fragmented", 1, "harm_weeks", 1.5, "per 1,000",
    ]  # fmt: skip


def test_seeds_are_sorted() -> None:
    assert checked_seeds((3, 0, 2)) == (0, 2, 3)
