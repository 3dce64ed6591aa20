"""Honesty (MODEL §6): no regime is favoured by its name, by its money, or by a lever that costs nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ecology import evidence
from ecology.checkers import bodies
from ecology.lever_tables import levers, presets
from ecology.record import MEASURES
from ecology.vocabulary import PENCE_A_POUND, Payer, words
from tests.places import (
    ACTIVE_LEVERS,
    assert_alive,
    assert_differ,
    at_switch,
    lived,
    scenario,
    total,
    weeks,
)

# T1: names -----------------------------------------------------------------------------------------------------------


def test_a_neutral_orchestrated_is_fragmented_bit_for_bit() -> None:
    fragmented = lived(scenario("fragmented"))
    assert_differ(fragmented, lived(scenario("orchestrated")))
    neutral = at_switch(scenario("neutral_orchestrated")).run()  # run anew: shared lives are found by content, not name
    assert neutral.scenario.regime == "orchestrated" != fragmented.scenario.regime
    assert neutral.digest() == fragmented.digest()
    assert neutral.outcomes().equals(fragmented.outcomes())


@pytest.mark.parametrize("regime", presets())
def test_renaming_a_regime_changes_nothing_bit_for_bit(regime: str) -> None:
    own = scenario(regime)
    label = next(name for name in presets() if name != regime)
    values = {name: own.lever_values[name] for name in ACTIVE_LEVERS}
    renamed = scenario(label, levers=values, name="good_idea", why="Another name, the same levers.")
    assert renamed.regime != own.regime
    one, other = at_switch(own).run(20), at_switch(renamed).run(20)
    assert total(one, "flow_referrals_from_") > 0.0
    assert one.digest() == other.digest() != at_switch(scenario(label)).run(20).digest()


def names_read(tree: ast.AST) -> Iterator[str]:
    """Yield every text of a module that is no docstring: the names of regimes and levers are read as texts."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def readers(root: Path, names: set[str]) -> dict[str, set[str]]:
    """Return file → names that it reads, without the files that are allowed to know them."""
    allowed = {"governance.py", "lever_tables.py"}
    found = {}
    for path in sorted(root.rglob("*.py")):
        if path.name not in allowed and not path.name.startswith("scenario"):
            read = names.intersection(names_read(ast.parse(path.read_text(encoding="utf-8"))))
            if read:
                found[path.relative_to(root).as_posix()] = read
    return found


def test_no_code_outside_governance_knows_a_regime_by_name(project: Path) -> None:
    assert not readers(project / "model/ecology", set(presets()))


def test_no_code_outside_governance_reads_a_lever(project: Path) -> None:
    found = readers(project / "model/ecology", set(levers()))
    settings = found.pop("settings.py", set())  # a setting may carry the name of the lever that sets it
    assert settings <= {"shared_record"}
    assert not found


def test_a_name_in_the_wrong_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "governance.py").write_text('x = levers["tempo"]')
    (tmp_path / "rules.py").write_text('"""tempo"""\n\n\ndef f(levers):\n    """orchestrated"""\n')
    assert not readers(tmp_path, {"tempo", "orchestrated"})
    (tmp_path / "week.py").write_text('x = levers["tempo"] if regime == "orchestrated" else 0')
    assert readers(tmp_path, {"tempo", "orchestrated"}) == {"week.py": {"tempo", "orchestrated"}}


# T3: money -----------------------------------------------------------------------------------------------------------


def test_every_payer_has_the_same_income_to_the_penny_in_every_regime_every_week() -> None:
    first = lived(scenario("fragmented"))
    assert_differ(first, lived(scenario("orchestrated")))
    for regime in presets():
        place = lived(scenario(regime))
        for payer in Payer:
            income = weeks(place, f"income_pounds_{words(payer)}")
            assert income.min() > 0.0
            assert (income == weeks(first, f"income_pounds_{words(payer)}")).all(), (regime, payer)
        money = place.tables["commissioners"]
        assert (money.income_pence == first.tables["commissioners"].income_pence).all()
        assert not money.opening_pence.any()


def test_what_one_regime_spends_more_it_holds_less_at_the_end() -> None:
    one, other = lived(scenario("fragmented")), lived(scenario("orchestrated"))
    assert_differ(one, other)
    for payer in Payer:
        spent = [PENCE_A_POUND * total(place, f"pounds_{words(payer)}_") for place in (one, other)]
        held = [int(place.tables["commissioners"].balance_pence[payer]) for place in (one, other)]
        assert spent[1] - spent[0] == pytest.approx(held[0] - held[1], abs=0.01)
    assert held != [0, 0]


# T7: costs named -----------------------------------------------------------------------------------------------------


def test_every_benefit_of_governance_names_a_cost_that_opposes_it() -> None:
    register = evidence.register()
    benefits = {name for name, parameter in register.items() if parameter.role == "benefit"}
    assert benefits >= {"goal_weight_gain", "help_from_goal_weight", "tempo_gain", "drift_check_a_week"}
    for name in benefits:
        opposed_by = register[name].opposed_by
        assert opposed_by is not None
        assert register[opposed_by].role == "cost", name
        assert register[opposed_by].value > 0.0, opposed_by
    costs = [p for p in register.values() if p.governance and p.role == "cost"]
    assert len(costs) > len(benefits)
    assert all(parameter.grade == "assumption" or parameter.source for parameter in costs)


# T11: nothing about governance was fitted ---------------------------------------------------------------------------

MOVED = re.compile(r"[Ss]et so that|[Hh]and-set|[Ss]et by hand|near (a )?published")
"""How an assumption says that it was moved until the model came near published figures."""


def test_no_parameter_of_governance_was_moved_to_meet_published_figures() -> None:
    register = evidence.register()
    moved = {name for name, parameter in register.items() if MOVED.search(parameter.why or "")}
    assert len(moved) > 10
    assert not [name for name in moved if register[name].governance]


def test_every_parameter_is_read_by_the_model(project: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (project / "model/ecology").rglob("*.py"))
    text += (project / "model/ecology/evidence/checkers.toml").read_text(encoding="utf-8")
    families = ("desk_share_", "contact_threshold_", "own_help_threshold_")
    assert all(f'f"{family}{{' in text for family in (*families, "hours_"))
    for name in evidence.register():
        family = next((family for family in families if name.startswith(family)), "")
        assert (
            name in text
            or family
            or f"[{name.removeprefix('hours_')}]" in text
            or f'cause = "{name.removeprefix("hours_")}"' in text
        ), name


# T12: either side can win --------------------------------------------------------------------------------------------

COSTLY = {
    "minutes_line_of_sight": 90, "minutes_common_objective_leaders": 180, "hours_in_another_team": 12,
    "minutes_shared_record": 40, "minutes_per_hub_decision": 120, "minutes_per_negotiation": 5, "hours_pooling": 20,
    "leaders_meeting_hours": 6, "hours_redesign": 40, "hours_transition": 40, "overlap_of_returns": 0,
}  # fmt: skip
CHEAP = {
    "minutes_line_of_sight": 5, "minutes_common_objective_leaders": 0, "hours_in_another_team": 0,
    "minutes_shared_record": 3, "minutes_per_hub_decision": 10, "minutes_per_negotiation": 60, "hours_pooling": 0,
    "leaders_meeting_hours": 0, "hours_redesign": 0, "hours_transition": 0, "overlap_of_returns": 0.7,
    "hours_statutory_returns": 60,
}  # fmt: skip


@pytest.mark.parametrize(("world", "sign"), [(COSTLY, -1), (CHEAP, 1)])
def test_some_world_in_range_gives_families_less_time_when_orchestrated_and_some_more(
    world: dict[str, float], sign: int
) -> None:
    gains = []
    for seed in (1, 2, 3):  # their mean: one small place has luck of its own
        places = [lived(scenario(regime, parameters=world), seed) for regime in ("fragmented", "orchestrated")]
        assert_differ(*places)
        fragmented, orchestrated = (p.outcomes().set_index("outcome").value["direct_share"] for p in places)
        gains.append(orchestrated - fragmented)
    assert sign * np.mean(gains) > 0.5  # the smallest difference of interest, in per cent of paid time


# Common luck ---------------------------------------------------------------------------------------------------------

NO_HELP = {
    name: 0.0
    for name in (
        "effect_social_work", "effect_social_work_strain", "effect_early_help", "effect_early_help_strain",
        "effect_own_help", "effect_camhs", "effect_care", "effect_virtual_head", "move_hurts",
        "learning_lost_to_exclusion", "learning_lost_to_absence",
    )
}  # fmt: skip


def test_where_help_does_nothing_children_live_the_same_lives_in_every_regime() -> None:
    one, other = (lived(scenario(regime, parameters=NO_HELP)) for regime in ("fragmented", "orchestrated"))
    assert_alive(one, other)
    assert (one.tables["children"].stage != other.tables["children"].stage).any()
    families = [place.tables["families"] for place in (one, other)]
    moved_alike = families[0].moved_in == families[1].moved_in  # a child in need of protection holds a family back
    assert moved_alike.mean() > 0.99
    assert (families[0].strain == families[1].strain)[moved_alike].all()
    children = [place.tables["children"] for place in (one, other)]
    alike = moved_alike[children[0].family]
    for column in ("present", "birth_week", "need_safety", "need_wellbeing", "need_learning"):
        assert (getattr(children[0], column) == getattr(children[1], column))[alike].all(), column


SHUNTED = {
    "shunt_schools_authority", "shunt_police_authority", "shunt_la_services_schools", "shunt_schools_schools",
    "shunt_health_health_commissioner", "shunt_la_services_public_health",
}  # fmt: skip
"""Cells of the cost-shunt matrix in which every place has something: own cost, and cost moved both ways."""


CROWDED = {name: evidence.register()[name].range[1] for name in ("hours_screening", "cost_social_work_post")}
"""A desk and workers who do not keep up, as they usually do in a small place."""


def test_nothing_that_is_recorded_is_always_nothing() -> None:
    """A measure that no week fills looks like a result: nobody was harmed, nothing was spent."""
    regimes = ("fragmented", "accountable_without_levers", "orchestrated")
    places = [scenario(regime) for regime in regimes] + [scenario("fragmented", parameters=CROWDED)]
    record = np.concatenate([lived(place).tables["fixtures"].record for place in places])
    assert np.isfinite(record).all()
    empty = {name for column, name in enumerate(MEASURES) if not record[:, column].any()}
    not_yet = {
        f"asked_minutes_{words(body.cause)}" for body in bodies() if body.since is not None and body.since >= 104
    }
    impossible = {name for name in empty if name.startswith(("minutes_", "pounds_", "overtime_minutes_", "shunt_"))}
    rare = {name for name in empty if name.startswith("waited_over_")}  # nobody need wait long in a small place
    assert {name for name in MEASURES if name.startswith("shunt_")} - empty >= SHUNTED
    some_must = {"waited_over_9_weeks_assessment", "waited_over_26_weeks_camhs", "waited_over_1_weeks_early_help"}
    assert some_must.isdisjoint(rare)
    small = {
        "team_spread",
        "workers_agency",
        "academies",
        "condition_practice",
        "flow_agency_workers_left",
        "asked_minutes_tempo",
        "asked_minutes_early_warning",
    }  # one team; no academies yet; a trial may find nothing
    assert empty - impossible - rare - not_yet <= {"placed_none"} | small
