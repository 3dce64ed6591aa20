"""What a scenario is the same as: its canonical form, its digest, its copies."""

import copy
import datetime
import hashlib
import json
import os
import pickle
import subprocess
import sys
from typing import Any

import pytest

from ecology import evidence
from ecology.lever_tables import levers
from ecology.scenario import Scenario

ORCHESTRATED = Scenario.load("orchestrated")
FRAGMENTED = Scenario.load("fragmented")

# The canonical form ------------------------------------------------------------------------------------------------

PLAIN = {
    "name": "plain", "why": "A known answer.", "regime": "orchestrated", "levers": dict.fromkeys(levers(), 0),
    "past_years": 10, "years": 10, "children": 3000, "authority": "Leeds", "pressure": "austerity",
    "failure_modes": {"gaming": False}, "switch_date": "2011-04-03", "extrapolation": "hold_last",
    "events": [{"date": "2012-04-09", "kind": "leader_lost", "size": 1}],
}  # fmt: skip
CANONICAL = (
    '{"authority":"Leeds","children":3000,"events":[{"kind":"leader_lost","size":1.0,"week":105}],'
    '"extrapolation":"hold_last","failure_modes":{"accountability_fear":true,"aggregation_loss_and_delay":true,'
    '"bottleneck":true,"capture_by_own_overspend":true,"control_instability":true,"coordination_overhead":true,'
    '"correlated_error":true,"gaming":false,"leader_lost":true,"leaders_meeting_hours":true,'
    '"morale_and_autonomy_loss":true,"partner_withdrawal":true,"posts_from_same_envelope":true,'
    '"reporting_rebound":true,"transition_dip":true},"levers":{"common_objective":0.0,"decision_hub":0.0,'
    '"delegation":0.0,"early_warning":0.0,"innovation_licence":0.0,"line_of_sight":0.0,"partner_duty":0.0,'
    '"place_planning":0.0,"pooled_money":0.0,"reporting_rationalisation":0.0,"shared_record":0.0,'
    '"single_front_door":0.0,"tempo":0.0},"parameters":{},"past_years":10,"pressure":{"budgets":"published",'
    '"population":"held","poverty":"held"},"switch_week":52,"years":10}'
)


def test_the_digest_is_the_sha256_of_the_canonical_form() -> None:
    scenario = Scenario(**PLAIN)
    assert scenario.canonical() == json.loads(CANONICAL)
    assert scenario.digest == hashlib.sha256(CANONICAL.encode()).hexdigest()
    assert scenario.digest == "9dff05b11daf534e64a3e422dcc5a535d23aef952b3e7e44726db70978e77ddd"


def test_the_digest_does_not_depend_on_names_or_on_how_a_number_or_date_is_written() -> None:
    same: list[dict[str, Any]] = [
        {"name": "other"}, {"why": "Another reason."}, {"regime": "fragmented"}, {"switch_date": "2011-04-01"},
        {"levers": dict.fromkeys(reversed(list(levers())), -0.0)}, {"authority": "leeds"},
        {"failure_modes": {"bottleneck": True, "gaming": False}},
        {"events": [{"size": 1.0, "kind": "leader_lost", "date": datetime.date(2012, 4, 14)}]},
    ]  # fmt: skip
    scenario = Scenario(**PLAIN)
    for change in same:
        assert scenario.with_changes(**change).digest == scenario.digest, change


def test_the_digest_depends_on_everything_else() -> None:
    parameter = evidence.register()["leave_share"]
    different: list[dict[str, Any]] = [
        {"authority": "Kent"}, {"children": 3001}, {"children": None}, {"pressure": "both"}, {"levers": {}},
        {"switch_date": "2011-04-08"}, {"years": 9}, {"past_years": 9}, {"events": []}, {"failure_modes": {}},
        {"parameters": {parameter.name: parameter.range[0]}}, {"extrapolation": "refuse", "years": 9},
        {"levers": {**dict.fromkeys(levers(), 0), "tempo": 0.1}},
        {"events": [{"date": "2012-04-09", "kind": "leader_lost", "size": 1.5}]},
    ]  # fmt: skip
    scenario = Scenario(**PLAIN)
    digests = [scenario.digest, *(scenario.with_changes(**change).digest for change in different)]
    assert len(set(digests)) == len(digests)


def test_the_digest_is_the_same_in_processes_with_other_hash_seeds() -> None:
    program = "from ecology.scenario import Scenario; print(Scenario.load('orchestrated').digest)"
    path = os.pathsep.join(sys.path)
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == ORCHESTRATED.digest


def test_the_name_of_a_regime_is_no_part_of_a_run() -> None:
    neutral = Scenario.load("neutral_orchestrated")
    assert neutral.regime == "orchestrated"
    assert neutral.lever_values == FRAGMENTED.lever_values
    assert neutral.digest == FRAGMENTED.digest != ORCHESTRATED.digest


def test_scenarios_with_one_past_can_branch_from_it_and_others_cannot() -> None:
    past = FRAGMENTED.with_changes(switch_date="2012-04-01", years=8)
    after = {"date": "2012-04-01", "kind": "leader_lost", "size": 1}
    shared: list[dict[str, Any]] = [{"regime": "orchestrated"}, {"years": 4}, {"events": [after]}]
    assert all(past.with_changes(**change).past_digest == past.past_digest for change in shared)
    other: list[dict[str, Any]] = [
        {"authority": "Kent"}, {"switch_date": "2011-04-01"}, {"past_years": 9}, {"pressure": "none"},
        {"failure_modes": {"gaming": False}}, {"events": [{**after, "date": "2012-03-30"}]},
    ]  # fmt: skip
    assert all(past.with_changes(**change).past_digest != past.past_digest for change in other)


# A scenario is a value ---------------------------------------------------------------------------------------------


def test_a_scenario_cannot_be_changed() -> None:
    scenario = FRAGMENTED.with_changes(levers={"tempo": 0.5})
    with pytest.raises(ValueError, match="frozen"):
        scenario.years = 3
    table: Any = scenario.levers
    changes = [
        lambda: table.__setitem__("tempo", 9), lambda: table.update(tempo=9), lambda: table.pop("tempo"),
        lambda: table.clear(), lambda: table.setdefault("x", 9), lambda: table.__ior__({"tempo": 9}),
        lambda: table.popitem(),
        lambda: table.__delitem__("tempo"),
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(TypeError, match="with_changes"):
            change()
    assert scenario.levers == {"tempo": 0.5}


def test_a_scenario_travels_between_processes_and_can_be_a_key() -> None:
    event = {"date": "2012-04-09", "kind": "leader_lost", "size": 1}
    scenario = ORCHESTRATED.with_changes(levers={"tempo": 0.5, "delegation": 0.1}, events=[event])
    for twin in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario)):
        assert twin == scenario and twin.digest == scenario.digest and hash(twin) == hash(scenario)
        assert twin.with_changes(years=5) == scenario.with_changes(years=5)
    assert {scenario: 1}[scenario.with_changes(years=10)] == 1
