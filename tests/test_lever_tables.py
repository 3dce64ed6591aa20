from collections.abc import Callable
from typing import Any

import pytest

from ecology import lever_tables
from ecology.errors import BadInput

# The table of the model's description, as it stands there.
PRESETS = """
| lever | fragmented | partnership_board | accountable_without_levers | soft_orchestration | orchestrated | three_partners | imposed_commissioner |
| decision_hub | 0 | .2 | .5 | .7 | 1 | .4 | 1 |
| line_of_sight | .1 | .3 | .3 | .5 | .8 | .4 | .7 |
| shared_record | 0 | .2 | .2 | .5 | .8 | .5 | .5 |
| single_front_door | 0 | .2 | .3 | .7 | 1 | .7 | .8 |
| pooled_money | 0 | .05 | .05 | .15 | .5 | .2 | .2 |
| common_objective | 0 | .3 | .2 | .5 | .7 | .4 | .3 |
| reporting_rationalisation | 0 | .1 | 0 | .3 | .7 | .3 | .1 |
| early_warning | 0 | .1 | .2 | .4 | .7 | .2 | .8 |
| tempo | 0 | .1 | .2 | .4 | .7 | .2 | .6 |
| place_planning | 0 | .2 | .2 | .4 | .8 | .2 | .3 |
| partner_duty | 0 | .2 | .3 | .4 | .7 | .6 | .6 |
| delegation | .5 | .5 | .4 | .5 | .6 | .4 | .2 |
| innovation_licence | .3 | .3 | .2 | .4 | .5 | .3 | .1 |
"""  # noqa: E501
LEVER = {"does": "Helps.", "charged": "Minutes.", "active": True}
EVENT = {"does": "Shakes.", "unit": "times", "range": [0, 1], "why": "assumption", "active": True}
BUNDLE = {
    "recommendation": 1,
    "does": "Plans.",
    "levers": {"a": 0.5},
    "decision_hub": [0, 1],
    "joint_inspection": False,
}
REGIMES = {
    "grade": "assumption",
    "why": "No study.",
    "spread": 0.2,
    "status_quo": "r",
    "presets": {"r": {"a": 1, "b": 0}},
}


def table_of_the_model() -> dict[str, dict[str, float]]:
    heading, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PRESETS.strip().splitlines()]
    return {regime: {row[0]: float(row[at]) for row in rows} for at, regime in enumerate(heading) if at}


def test_the_presets_are_the_table_of_the_model() -> None:
    assert {regime: dict(values) for regime, values in lever_tables.presets().items()} == table_of_the_model()


def test_there_are_thirteen_levers_each_with_what_it_does_and_what_is_charged() -> None:
    levers = lever_tables.levers()
    assert list(levers) == list(table_of_the_model()["fragmented"])
    for lever in levers.values():
        assert lever.does.endswith(".") and lever.charged.endswith(".")


def test_presets_are_assumptions_drawn_to_either_side_of_the_status_quo_and_the_others() -> None:
    assert lever_tables.preset_spread() == 0.2
    assert lever_tables.status_quo() == "accountable_without_levers"


def test_there_are_fifteen_failure_modes_each_with_a_sentence() -> None:
    modes = lever_tables.failure_modes()
    assert len(modes) == 15
    assert all(sentence.endswith(".") for sentence in modes.values())


def test_bundles_take_their_levers_from_orchestrated_and_leave_the_hub_to_the_design() -> None:
    bundles = lever_tables.bundles()
    orchestrated = table_of_the_model()["orchestrated"]
    assert {name: set(bundle.levers) for name, bundle in bundles.items()} == {
        "school_places": {"place_planning"},
        "safeguarding": {"partner_duty", "shared_record"},
        "early_intervention": {"early_warning", "tempo", "pooled_money"},
    }
    for bundle in bundles.values():
        assert bundle.levers == {lever: orchestrated[lever] for lever in bundle.levers}
        assert bundle.decision_hub == (0.0, 1.0)
    assert [bundle.recommendation for bundle in bundles.values()] == [1, 2, 3]
    assert [bundle.joint_inspection for bundle in bundles.values()] == [False, True, False]


def test_departures_replace_values_of_the_regime_and_nothing_else() -> None:
    values = lever_tables.lever_values("orchestrated", {"tempo": 0.25})
    assert values == {**table_of_the_model()["orchestrated"], "tempo": 0.25} | inactive()


def inactive() -> dict[str, float]:
    return {name: 0.0 for name, lever in lever_tables.levers().items() if not lever.active}


def test_a_lever_without_mechanism_stays_at_0_in_every_regime(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {n: lever_tables.Lever(n, "Does.", "Costs.", active=n != "tempo") for n in lever_tables.levers()}
    monkeypatch.setattr(lever_tables, "levers", lambda: without)
    assert table_of_the_model()["orchestrated"]["tempo"] > 0
    assert all(lever_tables.lever_values(regime, {})["tempo"] == 0 for regime in lever_tables.presets())


def test_the_tables_cannot_be_changed() -> None:
    tables: list[Any] = [
        lever_tables.levers(), lever_tables.presets(), lever_tables.presets()["fragmented"],
        lever_tables.failure_modes(), lever_tables.event_kinds(), lever_tables.bundles(),
        lever_tables.bundles()["safeguarding"].levers,
    ]  # fmt: skip
    for table in tables:
        with pytest.raises(TypeError):
            table["tempo"] = 1.0


@pytest.mark.parametrize(
    ("read", "needed"),
    [
        (lambda: lever_tables.read_levers({"a": LEVER | {"active": 1}}), "levers.toml: a: active must be a bool"),
        (lambda: lever_tables.read_levers({"a": LEVER | {"dose": "x"}}), "Did you mean does?"),
        (lambda: lever_tables.read_levers({"a": {"does": "x"}}), "charged is missing"),
        (lambda: lever_tables.read_levers({"a": 1}), "must be a table"),
        (lambda: lever_tables.read_levers({"a": LEVER | {"does": ""}}), "not empty"),
        (lambda: lever_tables.read_presets(REGIMES, ["a"]), "'b': no such lever"),
        (lambda: lever_tables.read_presets(REGIMES, ["a", "b", "c"]), "presets.r: c is missing"),
        (lambda: lever_tables.read_presets(REGIMES | {"presets": {"r": {"a": 1.01}}}, ["a"]), "from 0 to 1, not 1.01"),
        (lambda: lever_tables.read_presets(REGIMES | {"presets": {"r": {"a": True}}}, ["a"]), "from 0 to 1, not True"),
        (lambda: lever_tables.read_presets(REGIMES | {"status_quo": "q"}, ["a", "b"]), "'q': no such regime"),
        (lambda: lever_tables.read_presets(REGIMES | {"spread": "wide"}, ["a", "b"]), "spread must be a float"),
        (lambda: lever_tables.read_failure_modes({"gaming": True}), "gaming must be a str"),
        (lambda: lever_tables.read_event_kinds({"e": EVENT | {"range": [1, 0]}}), "the lower one first"),
        (lambda: lever_tables.read_event_kinds({"e": EVENT | {"range": ["x"]}}), "the lower one first"),
        (lambda: lever_tables.read_event_kinds({"e": EVENT | {"size": 1}}), "'size': no such field"),
        (lambda: lever_tables.read_bundles({"b": BUNDLE}, ["c"]), "'a': no such lever"),
        (lambda: lever_tables.read_bundles({"b": BUNDLE | {"levers": {"a": 2}}}, ["a"]), "a must be a number"),
    ],
)
def test_a_table_with_a_fault_is_refused(read: Callable[[], object], needed: str) -> None:
    with pytest.raises(BadInput, match=needed.replace("?", r"\?")):
        read()


def test_tables_without_fault_are_read() -> None:
    assert lever_tables.read_levers({"a": LEVER})["a"].charged == "Minutes."
    assert lever_tables.read_presets(REGIMES, ["a", "b"])["r"] == {"a": 1.0, "b": 0.0}
    assert lever_tables.read_event_kinds({"e": EVENT})["e"].range == (0.0, 1.0)
    assert lever_tables.read_bundles({"b": BUNDLE}, ["a"])["b"].levers == {"a": 0.5}
