"""Calibration: what was published, how parameter space is narrowed, and what is never fitted (T11)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecology.errors import BadInput
from ecology.evidence import profiles, register
from experiments.calibration import (
    calibrate,
    freezing,
    gradients,
    inputs,
    patterns,
    scorecard,
    targets,
    waves,
)
from experiments.calibration.emulator import Emulator
from experiments.calibration.ensemble import PROVENANCE, frozen
from experiments.calibration.patterns import LEVEL, TREND
from experiments.calibration.settings import settings

# Published figures ---------------------------------------------------------------------------------------------------


def by_name() -> dict[str, patterns.Item]:
    return {item.name: item for item in patterns.items()}


def test_items_are_the_published_figures() -> None:
    referrals = patterns.published(patterns.patterns()["referrals"], patterns.england_rows(), [], 2011, 2017)
    assert referrals[2013] == 519.5
    assert list(referrals) == list(range(2011, 2018))
    assert by_name()["referrals level"].value == pytest.approx(np.mean(list(referrals.values())))
    assert by_name()["section_47 trend"].value > 5.0  # per cent a year
    assert by_name()["direct_share level"].value == 20.0
    looked_after = by_name()["looked_after_spending level"]
    assert 35.0 < looked_after.value < 45.0  # of the total


def test_figures_later_than_march_2017_are_not_fitted_but_for_a_cross_section_that_says_so() -> None:
    assert {year for item in patterns.items() for year in item.years} == set(range(2011, 2018))
    late = {row["id"] for row in patterns.england_rows() if row["year"].isdigit() and int(row["year"]) > 2017}
    used = {row for pattern in patterns.patterns().values() for row in pattern.rows}
    assert used & late == {"E1321"}


def test_a_row_that_nobody_verified_is_never_read() -> None:
    row = {"id": "X", "quantity": "Referrals in the year (rate)", "value": "9", "year": "2013", "geography": "England"}
    pattern = patterns.patterns()["referrals"]
    assert patterns.published(pattern, [row | {"verified": "yes"}], [], 2011, 2017) == {2013: 9.0}
    assert patterns.published(pattern, [row | {"verified": "no"}], [], 2011, 2017) == {}
    assert patterns.published(pattern, [row | {"verified": "yes", "year": "2012/13"}], [], 2011, 2017) == {2013: 9.0}
    assert patterns.published(pattern, [row | {"verified": "yes", "year": "Jun 2013"}], [], 2011, 2017) == {}


def test_a_figure_in_words_is_found_and_rows_of_one_year_are_averaged() -> None:
    spare = patterns.published(patterns.patterns()["spare_places"], patterns.england_rows(), [], 2011, 2017)
    assert spare == {2015: 13.0}  # primary 10, secondary 16
    held = patterns.published(patterns.patterns()["school_balances"], patterns.england_rows(), [], 2011, 2017)
    assert held == {2011: 5.4, 2012: 7.1, 2013: 7.5, 2014: 7.6, 2016: 7.6, 2017: 6.4}
    wait = patterns.published(patterns.patterns()["camhs_wait"], patterns.england_rows(), [], 2011, 2017)
    assert wait == {2015: 100.0}
    bare = {"id": "E1621", "value": "long", "note": "", "year": "2015", "geography": "England", "verified": "yes"}
    other = bare | {"quantity": "Moon landings", "value": ">3"}
    assert patterns.published(patterns.patterns()["camhs_wait"], [other], [], 2011, 2017) == {}
    bare["quantity"] = "CAMHS mean wait"
    with pytest.raises(BadInput, match="E1621: neither value nor note"):
        patterns.published(patterns.patterns()["camhs_wait"], [bare], [], 2011, 2017)


def test_level_and_trend_are_those_of_a_straight_line() -> None:
    series = {year: 100.0 + 10.0 * (year - 2014) for year in range(2011, 2018)}
    rate, share = patterns.patterns()["referrals"], patterns.patterns()["no_further_action"]
    assert patterns.features(rate, series, tuple(series)) == pytest.approx({LEVEL: 100.0, TREND: 10.0})
    in_points = {year: value / 10.0 for year, value in series.items()}
    assert patterns.features(share, in_points, tuple(series)) == pytest.approx({LEVEL: 10.0, TREND: 1.0})


def test_authorities_are_halved_by_deprivation_and_each_is_in_one_half() -> None:
    fitted, checked = gradients.halves()
    assert not set(fitted) & set(checked)
    assert abs(len(fitted) - len(checked)) <= 1
    for number, names in zip((0, gradients.FIFTHS - 1), gradients.stand_ins(), strict=True):
        inputs_of = {other: _inputs(other) for other in gradients.fifth(fitted, number)}
        assert len(names) == 2
        assert set(names) <= set(inputs_of)
        every = np.array(list(inputs_of.values()))
        off = np.mean([inputs_of[name] for name in names], axis=0) - every.mean(axis=0)
        assert (abs(off) <= 0.5 * every.std(axis=0)).all()  # together neither poor nor rich for their fifth
    assert all(item.value > 1.0 for item in gradients.gradients())


def _inputs(authority: str) -> tuple[float, float, float]:
    """Return an authority's deprivation, poverty and spending a child."""
    known = profiles.profile(authority)
    return known.idaci, float(known.poverty_percent.mean()), float((known.spend_total / known.population).mean())


# What moves and what does not ----------------------------------------------------------------------------------------


def test_no_governance_parameter_and_no_published_number_is_fitted() -> None:
    for name in inputs.moved():
        assert not register()[name].governance
        assert register()[name].grade in inputs.MAY_MOVE
    governance = {name for name, parameter in register().items() if parameter.governance}
    varied = {name for name in governance if register()[name].range[0] < register()[name].range[1]}
    assert varied <= set(inputs.drawn())
    assert "interdependence" in inputs.drawn()


def test_posterior_is_prior_for_everything_that_is_not_fitted() -> None:
    """T11: the members hold exactly the draws from the prior, half of them below the register's value: none was chosen.

    Drawn evenly instead, ranges that reach further up than down would make governance dearer than the register says.
    """
    members, factors = frozen().members, inputs.space().factors[len(inputs.moved()) :]
    prior = waves.first_points(len(members), len(factors), calibrate.FIRST_SEED)
    assert [factor.name for factor in factors] == list(inputs.drawn())
    for number, factor in enumerate(factors):
        values = np.array([member[factor.name] for member in members])
        assert values == pytest.approx(factor.at(prior[:, number]), rel=1e-9), factor.name
        assert 0.4 < (values < register()[factor.name].value).mean() < 0.6, factor.name


def test_ranges_of_costs_reach_further_up_than_down_which_is_why_none_is_drawn_evenly(project: Path) -> None:
    """A draw evenly over the range would make three in four costs of governing dearer than the register has them."""
    costs = [p for p in register().values() if p.governance and p.role == "cost" and p.range[0] < p.range[1]]
    leans_up = [sum(p.range) / 2.0 > p.value for p in costs]
    assert np.mean(leans_up) > 0.75
    means = [(p.range[0] + 2.0 * p.value + p.range[1]) / 4.0 / p.value for p in costs]  # of draws, half on each side
    told = " ".join((project / "DECISIONS.md").read_text(encoding="utf-8").split())
    assert f"means of costs are still {np.mean(means):.1f} times" in told


def test_members_lie_inside_the_ranges_of_the_evidence_and_something_was_constrained() -> None:
    for member in frozen().members:
        assert set(member) == {*inputs.moved(), *inputs.drawn()}
        for name, value in member.items():
            assert register()[name].range[0] <= value <= register()[name].range[1], name
    spread = [np.std([m[n] for m in frozen().members]) / np.ptp(register()[n].range) for n in inputs.moved()]
    assert min(spread) < 0.6 / np.sqrt(12.0)  # at least one is much narrower than its prior


# Narrowing parameter space -------------------------------------------------------------------------------------------


def test_an_emulator_recovers_a_quadratic_and_knows_the_luck_of_a_run() -> None:
    luck = np.random.default_rng(1)
    unit = luck.random((200, 6))
    truth = 5.0 + 3.0 * unit[:, 0] - 4.0 * (unit[:, 1] - 0.5) ** 2 + unit[:, 5]
    values = np.column_stack([truth + luck.normal(0.0, 0.1, 200), luck.normal(0.0, 1.0, 200)])
    found = Emulator.fit(unit, values, 3, [0.1, 1.0, 1000.0])
    new = luck.random((500, 6))
    told = 5.0 + 3.0 * new[:, 0] - 4.0 * (new[:, 1] - 0.5) ** 2 + new[:, 5]
    assert np.abs(found.predict(new)[:, 0] - told).mean() < 0.05
    assert found.spread == pytest.approx([0.1, 1.0], rel=0.2)
    off = found.implausibility(new, np.array([told.mean(), 0.0]), np.array([0.1, 1.0]))
    assert off[:, 0].max() > 3.0 > off[:, 1].max()


def known_emulator() -> Emulator:
    luck = np.random.default_rng(2)
    unit = luck.random((300, 4))
    values = np.column_stack([10.0 * unit[:, 0], 10.0 * unit[:, 1]]) + luck.normal(0.0, 0.1, (300, 2))
    return Emulator.fit(unit, values, 4, [0.1])


def test_waves_rule_out_what_cannot_meet_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["waves"], "may_fail", 0)
    monkeypatch.setitem(settings()["waves"], "sampled", 20_000)
    target, spread = np.array([8.0, 2.0]), np.array([0.3, 0.3])
    left = waves.volume_left([known_emulator()], 4, target, spread, 1)
    assert left == pytest.approx((6 * np.hypot(0.3, 0.1) / 10.0) ** 2, rel=0.15)


def near_these(near: np.ndarray, held: np.ndarray) -> np.ndarray:
    target, spread = np.array([8.0, 2.0]), np.array([0.3, 0.3])
    return waves.points_near([known_emulator()], near, held, 0.05, target, spread, np.random.default_rng(1))


def test_points_are_made_near_good_ones_not_ruled_out_and_from_their_own_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["waves"], "may_fail", 0)
    monkeypatch.setitem(settings()["population"], "tries", 20)
    possible, impossible = [0.8, 0.2, 0.02, 0.5], [0.1, 0.9, 0.98, 0.5]
    held = np.repeat([[0.1], [0.9]], 50, axis=0)
    unit = near_these(np.array([possible, impossible]), held)
    assert (unit[:, 3:] == held).all()
    assert unit[:, :3].mean(axis=0) == pytest.approx(possible[:3], abs=0.03)
    assert unit[:, :3].std(axis=0).min() > 0.02 and unit.min() >= 0.0
    nowhere = near_these(np.array([impossible]), held)  # something is lived even where all is ruled out
    assert nowhere[:, :3].mean(axis=0) == pytest.approx(impossible[:3], abs=0.03)


# The scorecard -------------------------------------------------------------------------------------------------------


def test_the_scorecard_puts_misfits_first_and_counts_what_is_met() -> None:
    chosen = patterns.items()[:3]
    values = np.array([[item.value for item in chosen]] * 10) * np.linspace(0.99, 1.01, 10)[:, None]
    values[:, 1] += 5.0 * chosen[1].spread
    card = scorecard.scorecard(chosen, values)
    assert card.iloc[0]["figure"] == chosen[1].pattern.told
    assert card.iloc[0]["off"] == pytest.approx(5.0, abs=0.1)
    assert card["inside"].tolist() == [False, True, True]
    assert scorecard.met(card) == (2, 3)
    assert not scorecard.passes(card)
    assert scorecard.passes(card[card["inside"]])


def test_the_frozen_scorecard_is_that_of_the_members() -> None:
    about = json.loads((freezing.folder() / PROVENANCE).read_text(encoding="utf-8"))
    card = pd.read_csv(freezing.folder() / freezing.SCORECARD)
    assert scorecard.met(card) == (about["met"], about["fitted"])
    assert about["settings"] == settings()
    assert about["patterns"] == patterns.digest(), "other figures are to be met than were: calibrate again"
    waves = pd.read_csv(freezing.folder() / freezing.WAVES)
    medians = waves[waves["wave"] == "members"].set_index("item")["median"]
    told = {f"{item.pattern.told} {item.feature}": medians[item.name] for item in targets.items()}
    for row in card.to_dict("records"):
        assert row["median"] == pytest.approx(told[f"{row['figure']} {row['feature']}"], rel=1e-5)
    assert about["fitted"] == sum(item.pattern.fitted for item in targets.items())
    assert frozen().passes == about["passes"]
    assert about["left"] == sorted(about["left"], reverse=True)  # no wave gives back what an earlier one ruled out


def test_the_page_tells_the_frozen_scorecard(project: Path) -> None:
    page = (project / "docs" / "calibration.md").read_text(encoding="utf-8")
    about = json.loads((freezing.folder() / PROVENANCE).read_text(encoding="utf-8"))
    assert f"{about['met']} of {about['fitted']} fitted figures" in page.replace("\n", " ")
    assert f"{about['runs']:,} runs" in page
    for row in pd.read_csv(freezing.folder() / freezing.SCORECARD).to_dict("records"):
        told = f"| {row['figure']} | {row['feature']} | {row['years']} | {row['published']:.4g} | {row['median']:.4g} |"
        assert told in page, told
