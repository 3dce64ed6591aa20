"""Fair comparisons (MODEL §6, T2, T4, T6, T8, T10) and loops that stay bounded over the whole evidence ranges."""

import dataclasses
from functools import cache

import numpy as np
import pytest
from scipy import stats

from ecology import Locality, evidence, governance
from ecology.lever_tables import levers
from ecology.outcomes import OUTCOMES
from ecology.record import MEASURES
from ecology.vocabulary import Cadre, Cause, Purpose, words
from tests.places import assert_alive, at_switch, changed, lived, scenario, total, weeks, without

# T2: what can only cost ----------------------------------------------------------------------------------------------

COORDINATING = ("shared_record", "single_front_door", "common_objective", "reporting_rationalisation")
NOTHING_TO_GAIN = {
    "interdependence": 0.0,
    "duplicate_chance": 0.0,
    "overlap_of_returns": 0.0,  # no return repeats another
    "screening_insight": 1.0,  # the desk needs nobody's notes
    "help_from_goal_weight": 0.0,  # partners try no harder
    "contact_from_own_load": 0.0,
    "agreement_tells": 0.0,
    "hours_screening": 0.05,  # no desk ever has a queue
    "threshold_from_lost_help": 0.0,  # who is passed to early help changes nobody else's threshold
}
"""K = 0 and nothing repeated; the other paths by which these levers could help are shut by name."""


ROUNDING = 0.005
"""Half a per cent: rates of two lives under one luck differ a little, whichever way."""


@cache
def with_nothing_to_gain(seed: int, lever: str | None = None) -> Locality:
    place = at_switch(scenario(levers=dict.fromkeys(levers(), 0.0) | ({} if lever is None else {lever: 1.0})), seed)
    place.p = changed(place.p, **NOTHING_TO_GAIN)
    return place.run()


@pytest.mark.parametrize("lever", COORDINATING)
def test_with_nothing_to_gain_coordination_can_only_cost(lever: str) -> None:
    direct, harm = [], []
    for seed in (1, 2, 3, 4):  # their mean: one desk's error is one draw a quarter
        one, other = with_nothing_to_gain(seed), with_nothing_to_gain(seed, lever)
        assert_alive(one, other)
        assert one.digest() != other.digest()
        minutes = [total(place, *(f"minutes_{words(cadre)}_direct" for cadre in Cadre)) for place in (one, other)]
        direct.append(minutes[1] / minutes[0])
        harm.append(total(other, "sum_harm") / total(one, "sum_harm"))
    assert np.mean(direct) <= 1.0 + ROUNDING
    assert np.mean(harm) >= 1.0 - ROUNDING


# T4: equal information -----------------------------------------------------------------------------------------------


def test_equal_information_is_possible_whoever_decides() -> None:
    place = at_switch(scenario()).run(1)
    informed = {**dict.fromkeys(levers(), 0.0), "shared_record": 0.8, "line_of_sight": 0.8}
    seen = []
    for hub in (0.0, 1.0):
        every = {**informed, "decision_hub": hub}
        week = dataclasses.replace(
            place.governing, levers=every, set_levers=every, now=place.now.copy(),
            asked=np.zeros_like(place.governing.asked), pounds=0.0,
        )  # fmt: skip
        governance.govern(week)
        seen.append(
            [float(getattr(week.now, name)) for name in ("shared_record", "false_links", "sight_noise", "late_news")]
        )
        assert float(week.now.hub) == hub
    assert seen[0] == seen[1]
    assert seen[0][0] > 0.0


# T6: every loss has a name -------------------------------------------------------------------------------------------

CHARGES = {
    Cause.SHARED_RECORD, Cause.LINE_OF_SIGHT, Cause.COMMON_OBJECTIVE, Cause.POOLED_MONEY, Cause.REPORTING_REDESIGN,
    Cause.TEMPO, Cause.EARLY_WARNING, Cause.PARTNER_DUTY, Cause.INNOVATION, Cause.PLACE_PLANNING,
    Cause.LEADERS_MEETINGS, Cause.TRANSITION,
}  # fmt: skip
"""What a lever may ask of staff: the named charges."""
CASEWORK = {Cause.NOBODY_ASKED, *(cause for cause in Cause if Cause.OWN_HELP <= cause <= Cause.CAMHS_TREATMENT)}


def test_with_all_failure_modes_off_only_named_charges_take_time_from_children() -> None:
    """From the same bits, in the first week, nothing but the named charges takes more of any cadre than before."""
    places = [at_switch(scenario(regime, failure_modes=without())) for regime in ("fragmented", "orchestrated")]
    assert places[0].digest() == places[1].digest()
    for place in places:
        place.p = changed(place.p, warning_sensitivity=1.0, warning_false_alarms=1.0)  # so that the team is lent
        place.run(1)
    assert places[1].tables["social_workers"].lent_seconds.any()
    seconds = [place.tables["tally"].seconds.sum(axis=1) for place in places]  # (cadre, cause)
    taken = seconds[1] - seconds[0]
    paid = [place.tables["tally"].offered - place.tables["tally"].overtime for place in places]
    for cadre in Cadre:
        grown = {Cause(cause) for cause in np.flatnonzero(taken[cadre] > 0).tolist()} - CASEWORK
        assert grown <= CHARGES, cadre
        if cadre != Cadre.SOCIAL_WORKER:  # the improvement team's hours come on top, and are paid for
            assert paid[1][cadre] == paid[0][cadre]
    assert taken[:, [int(cause) for cause in CHARGES]].sum() > 0


# T8: fragmented agencies adapt ---------------------------------------------------------------------------------------


def test_agencies_left_to_themselves_come_to_agree_in_pairs_and_those_decided_for_do_not() -> None:
    apart, together = lived(scenario()), lived(scenario("orchestrated"))
    assert_alive(apart, together)
    grown = [weeks(place, "pair_agreement")[-1] - weeks(place, "pair_agreement")[0] for place in (apart, together)]
    assert grown[0] > grown[1]
    assert grown[0] > 0.0
    assert total(apart, "asked_minutes_agreements_in_pairs") > total(together, "asked_minutes_agreements_in_pairs")


# T10: structure without money or information -------------------------------------------------------------------------

MARGIN = {"harm_weeks": 0.05, "direct_share": 0.05}
"""Equivalent: the 90% interval of the paired difference lies within 5% of the level of ``fragmented``."""
SEEDS = range(1, 7)


def test_a_partnership_board_without_money_and_information_is_equivalent_to_fragmentation() -> None:
    empty = {"pooled_money": 0.0, "shared_record": 0.0, "line_of_sight": 0.0}
    apart = [lived(scenario(), seed) for seed in SEEDS]
    met = [lived(scenario("partnership_board", levers=empty), seed) for seed in SEEDS]
    assert_alive(apart[0], met[0])
    assert met[0].fails == apart[0].fails
    assert all(met[0].fails.values())
    for name, share in MARGIN.items():
        one, other = (np.array([outcome(place, name) for place in places]) for places in (apart, met))
        assert (one != other).any()
        low, high = interval(other - one)
        margin = share * one.mean()
        assert -margin < low <= high < margin, (name, low, high, margin)
    meetings = tuple(f"minutes_{words(cadre)}_coordination" for cadre in Cadre)
    assert total(met[0], *meetings) > total(apart[0], *meetings)


def outcome(place: Locality, name: str) -> float:
    table = place.outcomes()
    return float(table.loc[table["outcome"] == name, "value"].iloc[0])


def interval(differences: np.ndarray) -> tuple[float, float]:
    """Return the 90% interval of the mean: inside the margin, the two one-sided 5% tests hold."""
    half = stats.t.ppf(0.95, differences.size - 1) * stats.sem(differences)
    return float(differences.mean() - half), float(differences.mean() + half)


# Loops stay bounded over the whole ranges ----------------------------------------------------------------------------


def drawn_world(number: int) -> dict[str, float]:
    """Return every parameter that has a range drawn from it, uniformly: a world nobody believes in as a whole."""
    dice = np.random.default_rng(number)
    world = {}
    for name, parameter in evidence.register().items():
        low, high = parameter.range
        value = float(dice.uniform(low, high))
        if high > low and name not in SIZES:
            rounds = whole(parameter.value) and high - low > 1 and low <= round(value) <= high
            world[name] = float(round(value)) if rounds else value
    return world


SIZES = {"past_years", "rows_for_unborn", "known_children_at_start", "room_for_posts", "room_for_schools"}


def whole(value: float) -> bool:
    return float(value).is_integer()


def stays_bounded(number: int) -> None:
    place = lived(scenario("orchestrated" if number % 2 else "fragmented", parameters=drawn_world(number)), number)
    record = place.tables["fixtures"].record
    assert np.isfinite(record).all()
    children = weeks(place, "sum_children")
    for name in MEASURES:
        column = weeks(place, name)
        if name.startswith(("stock_", "minutes_", "fte_", "flow_", "waited_children_", "placed_")):
            assert (column >= 0.0).all(), name
        if name.startswith("stock_"):
            assert (column <= children).all(), name
    p = place.p
    for service in ("residential_care", "agency_foster_care"):
        assert weeks(place, f"price_{service}").max() <= max(float(p.price_highest), 1.0)
    workers = place.tables["social_workers"]
    assert 0.0 <= workers.fatigue.min() <= workers.fatigue.max() <= 1.0
    assert weeks(place, "condition_far_placements").max() <= float(p.far_most)
    assert 0.0 <= weeks(place, "board_agreement").min() <= weeks(place, "board_agreement").max() <= 1.0
    assert 0.0 <= weeks(place, "condition_trust").min() <= weeks(place, "condition_trust").max() <= 1.0
    assert np.isfinite([outcome(place, name) for name in OUTCOMES]).all()
    assert sum(total(place, f"minutes_{words(cadre)}_{words(purpose)}") for cadre in Cadre for purpose in Purpose) > 0.0


def test_helpers_whose_week_goes_into_everything_else_reach_nobody_and_spend_no_negative_time() -> None:
    shares = {"helper_recording_share": 0.5, "helper_travel_share": 0.25, "helper_coordination_share": 0.3}
    place = lived(scenario(parameters=shares))
    for cadre in (Cadre.FAMILY_SUPPORT_WORKER, Cadre.SCHOOL_PASTORAL, Cadre.COMMUNITY_HEALTH):
        assert total(place, f"minutes_{words(cadre)}_direct") == 0.0
        assert total(place, f"minutes_{words(cadre)}_recording") > 0.0


@pytest.mark.parametrize("number", range(4))
def test_reinforcing_loops_stay_bounded_in_worlds_drawn_from_the_whole_ranges(number: int) -> None:
    stays_bounded(number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4, 44))
def test_reinforcing_loops_stay_bounded_in_many_more_worlds(number: int) -> None:
    stays_bounded(number)
