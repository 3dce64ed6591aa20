"""Small places that tests share: each past and each life is run once, and nobody steps what they are handed."""

from collections.abc import Mapping

import numpy as np

from ecology import Locality, Scenario, evidence
from ecology.evidence import Values
from ecology.lever_tables import failure_modes, levers
from ecology.record import COLUMN, MEASURES
from ecology.vocabulary import WEEKS_A_YEAR, Cadre, Cause, Payer, words

SMALL = {"authority": "Leeds", "children": 3000, "past_years": 2, "years": 2}
ACTIVE_LEVERS = tuple(name for name, lever in levers().items() if lever.active)
CAUSES_OF_LEVERS = {
    "line_of_sight": Cause.LINE_OF_SIGHT,
    "shared_record": Cause.SHARED_RECORD,
    "common_objective": Cause.COMMON_OBJECTIVE,
    "pooled_money": Cause.POOLED_MONEY,
    "reporting_rationalisation": Cause.REPORTING_REDESIGN,
}
"""The lines of the ledger that belong to one lever alone."""

_pasts: dict[tuple[str, int, int], Locality] = {}
_lives: dict[tuple[str, int], Locality] = {}


def scenario(regime: str = "fragmented", **changes: object) -> Scenario:
    """Return a packaged scenario for a small place."""
    return Scenario.load(regime, **{**SMALL, **changes})


def at_switch(chosen: Scenario, seed: int = 1) -> Locality:
    """Return a copy, to be stepped freely, of the place as it stands when the regime of a scenario takes over."""
    key = (chosen.past_digest, chosen.years, seed)
    if key not in _pasts:
        _pasts[key] = Locality(chosen, seed=seed).run_past()
    return _pasts[key].branch(chosen)


def lived(chosen: Scenario, seed: int = 1) -> Locality:
    """Return the place at the end of a scenario. It is shared: read it, do not step it."""
    key = (chosen.digest, seed)
    if key not in _lives:
        _lives[key] = at_switch(chosen, seed).run()
    return _lives[key]


def changed(p: Values, **numbers: float) -> Values:
    """Return parameters with some replaced, also by numbers outside their ranges, which only tests may do."""
    return Values({**{name: getattr(p, name) for name in evidence.register()}, **numbers})


def all_levers_at(value: float) -> dict[str, float]:
    """Return departures that set every lever with a mechanism to one value."""
    return dict.fromkeys(ACTIVE_LEVERS, value)


def without(*names: str) -> dict[str, bool]:
    """Return failure modes with some switched off (all if none are named)."""
    return dict.fromkeys(names or failure_modes(), False)


def weeks(place: Locality, measure: str) -> np.ndarray:
    """Return one measure of every week since the switch."""
    chosen = place.scenario
    return place.tables["fixtures"].record[chosen.past_weeks : place.week - chosen.first_week, COLUMN[measure]]


def total(place: Locality, *starts: str) -> float:
    """Return the sum since the switch of all measures whose names start so."""
    return float(sum(weeks(place, name).sum() for name in MEASURES if name.startswith(starts)))


def minutes_for(place: Locality, cause: Cause) -> float:
    """Return the minutes since the switch that somebody asked for."""
    return float(weeks(place, f"asked_minutes_{words(cause)}").sum())


def assert_alive(*places: Locality) -> None:
    """Show that a world is worth comparing: things happen in it, people wait, staff see families, money moves."""
    for place in places:
        for measure in (
            "flow_referrals_from_", "flow_assessments_completed", "flow_protection_plans_started",
            "flow_early_help_started", "flow_own_help_started", "flow_camhs_started", "flow_incidents",
            "stock_looked_after", "stock_protection_plan", "stock_child_in_need", "waited_weeks_assessment",
            "waited_weeks_early_help", "waited_weeks_package", "sum_harm",
        ):  # fmt: skip
            assert total(place, measure) > 0.0, measure
        for cadre in set(Cadre) - {Cadre.POLICE_PROTECTION}:  # a small place has few enquiries
            assert total(place, f"minutes_{words(cadre)}_direct") > 0.0, cadre
        for payer in Payer:
            assert total(place, f"income_pounds_{words(payer)}") > 0.0, payer


def assert_differ(one: Locality, other: Locality) -> None:
    """Show that two regimes do something different to a world that is alive."""
    assert_alive(one, other)
    assert one.digest() != other.digest()
    for measure in ("stock_child_in_need", "waited_weeks_package", "minutes_social_worker_direct", "sum_harm"):
        assert (weeks(one, measure) != weeks(other, measure)).any(), measure


def record_of(each_week: Mapping[str, float], years: int) -> np.ndarray:
    """Return a record of so many years in which every week counts the same."""
    rows = np.zeros((years * WEEKS_A_YEAR, len(MEASURES)))
    for name, value in each_week.items():
        rows[:, COLUMN[name]] = value
    return rows
