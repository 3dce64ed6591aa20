"""Profiles: real inputs without gaps, every filled gap told, no child counted twice, nothing invented silently."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecology.errors import BadInput
from ecology.evidence import build_profiles, profiles, published_tables

YEARS = tuple(range(2010, 2021))
BCP = "Bournemouth, Christchurch and Poole"
FORMER = ["Bournemouth (to 2019)", "Poole (to 2019)", "Dorset (to 2019)"]
LINES = [column for column in profiles.MONEY if column != "spend_total"]


def at(profile: profiles.Profile, column: str, year: int) -> float:
    """Return one figure of a profile."""
    return float(getattr(profile, column)[profile.years.index(year)])


def figure(table: pd.DataFrame, measure: str, year: int) -> float:
    """Return one published figure."""
    return float(table.query("measure == @measure and year == @year")["value"].iloc[0])


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    """Return the published rows of all years."""
    return pd.concat([published_tables.authorities(), published_tables.inputs()], ignore_index=True)


@pytest.fixture(scope="module")
def everywhere() -> list[profiles.Profile]:
    """Return the profiles of all authorities."""
    return [profiles.profile(name) for name in profiles.names()]


def test_rebuilding_gives_the_kept_tables_byte_for_byte(tmp_path: Path) -> None:
    build_profiles.main(tmp_path)
    built = sorted(path.name for path in tmp_path.iterdir())
    assert built == ["joined_figures.csv", "lacks.csv", "profiles.csv"]
    for name in built:
        assert (tmp_path / name).read_bytes() == (published_tables.DATA / name).read_bytes(), name


def test_every_authority_has_a_profile_without_gaps(everywhere: list[profiles.Profile]) -> None:
    assert len(everywhere) == 151
    assert not {"England", *FORMER} & set(profiles.names())
    for profile in [*everywhere, profiles.profile("England")]:
        assert profile.years == YEARS
        assert 0 < profile.idaci < 1
        for column in ("population", "poverty_percent", "price_index", "spend_total"):
            assert (getattr(profile, column) > 0).all(), (profile.name, column)
        lines = np.array([getattr(profile, line) for line in LINES])
        with_lines = np.array([year <= 2017 for year in YEARS])
        assert (lines[:, with_lines] >= 0).all()
        assert np.isnan(lines[:, ~with_lines]).all()
        np.testing.assert_allclose(lines.sum(axis=0)[with_lines], profile.spend_total[with_lines], rtol=1e-5)


def test_what_was_published_is_kept_as_it_was(raw: pd.DataFrame) -> None:
    leeds = profiles.profile("Leeds")
    rows = raw[raw["la_name"] == "Leeds"].set_index("year")
    children = rows["population_children_aged_0_to_17_years"].to_numpy()
    published = ~np.isnan(children)
    assert published.sum() == 9
    np.testing.assert_array_equal(leeds.population[published], children[published])
    np.testing.assert_allclose(leeds.spend_total * leeds.price_index, rows["spend_total_gbp_2022"], atol=0.02)
    np.testing.assert_allclose(
        (leeds.spend_safeguarding * leeds.price_index)[:8], rows["spend_safeguarding_gbp_2022"][:8], atol=0.02
    )
    assert at(leeds, "poverty_percent", 2015) == pytest.approx(rows["children_in_relative_low_income_percent"][2015])


def test_earlier_children_follow_the_younger_ones(raw: pd.DataFrame) -> None:
    rows = raw[raw["la_name"] == "Leeds"].set_index("year")
    ratio = rows["population_children_aged_0_to_17_years"][2012] / rows["population_0_16"][2012]
    leeds = profiles.profile("Leeds")
    for year in (2010, 2011):
        assert at(leeds, "population", year) == pytest.approx(rows["population_0_16"][year] * ratio, abs=0.01)


def test_back_cast_children_add_up_to_the_published_estimate(everywhere: list[profiles.Profile]) -> None:
    total = sum(at(profile, "population", 2011) for profile in everywhere)
    figures = profiles.england_figures().set_index("id")
    assert figures["quantity"]["E0002"] == "Mid-year population 0-17 (mid-2011)"
    assert total == pytest.approx(figures["number"]["E0002"], rel=0.002)


def test_earlier_poverty_follows_the_older_national_measure(everywhere: list[profiles.Profile]) -> None:
    figures = profiles.england_figures().set_index("id")["number"]
    younger = {year: profiles.published("England").pipe(figure, "population_0_16", year) for year in (2012, 2015)}
    expected = (figures["E0054"] / younger[2012]) / (figures["E0057"] / younger[2015])
    for profile in [*everywhere, profiles.profile("England")]:
        moved = at(profile, "poverty_percent", 2012) / at(profile, "poverty_percent", 2015)
        # England's own weights move a little between the years.
        assert moved == pytest.approx(expected, rel=5e-3 if profile.name == "England" else 1e-4), profile.name
        assert at(profile, "poverty_percent", 2010) == pytest.approx(at(profile, "poverty_percent", 2011), rel=1e-3)


def test_joined_authorities_hold_each_child_once(raw: pd.DataFrame) -> None:
    former = raw[raw["la_name"].isin(FORMER)].groupby("year")["population_children_aged_0_to_17_years"].sum()
    today = [profiles.profile(BCP), profiles.profile("Dorset")]
    for year in range(2012, 2019):
        assert sum(at(profile, "population", year) for profile in today) == pytest.approx(former[year], abs=0.02)
    for measure in ("referrals", "protection_plans_at_31_march"):
        before = raw[raw["la_name"].isin(FORMER) & (raw["year"] == 2016)][measure].sum()
        after = [profiles.published(profile.name).pipe(figure, measure, 2016) for profile in today]
        assert sum(after) == pytest.approx(before, abs=0.01)
    bournemouth_and_poole = raw[raw["la_name"].isin(FORMER[:2]) & (raw["year"] == 2016)]["referrals"].sum()
    assert profiles.published(BCP).pipe(figure, "referrals", 2016) > bournemouth_and_poole
    assert all("joined" in profile.lacks[0] for profile in today)


def test_a_missing_line_of_spending_takes_its_share_of_the_total(raw: pd.DataFrame) -> None:
    stockton = profiles.profile("Stockton-on-Tees")
    for line in LINES:
        in_2010 = at(stockton, line, 2010) / at(stockton, "spend_total", 2010)
        assert in_2010 == pytest.approx(at(stockton, line, 2011) / at(stockton, "spend_total", 2011), rel=1e-6)
    assert "Spending without a line of its own: looked after (2010)" in stockton.lacks[0]
    before = raw[(raw["la_name"] == "Stockton-on-Tees") & (raw["year"] == 2010)]["spend_total_gbp_2022"].iloc[0]
    assert at(stockton, "spend_total", 2010) * at(stockton, "price_index", 2010) == pytest.approx(before)


def test_england_is_the_mean_of_all_authorities(everywhere: list[profiles.Profile]) -> None:
    england = profiles.profile("england")
    figures = profiles.england_figures().set_index("id")["number"]
    for column in ("population", "spend_total", "spend_safeguarding"):
        mean = np.mean([getattr(profile, column) for profile in everywhere], axis=0)
        np.testing.assert_allclose(getattr(england, column), mean, rtol=1e-6)
    assert at(england, "spend_total", 2011) * 151 == pytest.approx(1e6 * figures["E1374"], rel=1e-3)
    assert at(england, "poverty_percent", 2015) == pytest.approx(figures["E0045"], abs=0.01)
    assert 76_000 < at(england, "population", 2015) < 78_000


@pytest.mark.parametrize(
    ("measure", "quantity"),
    [
        ("referrals_per_10000", "Referrals in the year (rate)"),
        ("in_need_at_31_march_per_10000", "Children in Need at 31 March (rate)"),
        ("section_47_per_10000", "Section 47s in the year (rate)"),
        ("initial_conferences_per_10000", "ICPCs in the year (rate)"),
        ("protection_plans_at_31_march_per_10000", "CPP at 31 March (rate)"),
    ],
)
def test_published_rates_of_england_agree_with_the_national_ones(measure: str, quantity: str) -> None:
    figures = profiles.england_figures()
    national = figures[figures["quantity"].eq(quantity) & figures["verified"]].set_index("year")["number"]
    england = profiles.published("England")
    for year in range(2013, 2018):
        assert figure(england, measure, year) == pytest.approx(national[str(year)], rel=0.015)


def test_published_figures_are_those_of_the_table(raw: pd.DataFrame) -> None:
    leeds = profiles.published("leeds")
    assert list(leeds.columns) == ["year", "measure", "value"]
    assert set(leeds["measure"]) == set(published_tables.authorities().columns) - {"la_code", "la_name", "year"}
    row = raw[(raw["la_name"] == "Leeds") & (raw["year"] == 2015)].iloc[0]
    assert figure(leeds, "referrals_per_10000", 2015) == row["referrals_per_10000"]
    assert not leeds["value"].isna().any()
    assert not any(profiles.published(name).duplicated(["year", "measure"]).any() for name in ("Dorset", "England"))
    assert "referrals" not in set(profiles.published("Northumberland")["measure"])


def test_recollections_are_marked() -> None:
    figures = profiles.england_figures()
    assert figures["verified"].dtype == bool
    assert len(figures) == 1081 - 1
    assert 0 < (~figures["verified"]).sum() < len(figures) / 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Northumberland", "No published figures in these data for: referrals"),
        ("Gateshead", "No published figures in these data for: referrals"),
        ("City of London", "Very few children"),
        ("Isles of Scilly", "A place of 401 children is smaller than the 2,000"),
        ("Newham", "Spending without a line of its own: young people (2010)"),
        ("Leeds", "Relative child poverty is published from 2015"),
    ],
)
def test_a_profile_says_what_it_lacks(name: str, sentence: str) -> None:
    assert any(lack.startswith(sentence) for lack in profiles.profile(name).lacks)


def test_what_single_authorities_lack_is_listed() -> None:
    lacking = profiles.lacking()
    assert {"Northumberland", "Gateshead", "City of London", "Isles of Scilly", BCP, "Dorset"} <= set(lacking)
    assert "Leeds" not in lacking
    assert set(lacking) <= set(profiles.names())


def test_a_smaller_place_has_children_and_money_pro_rata() -> None:
    leeds, place = profiles.profile("Leeds"), profiles.profile("Leeds", children=20_000)
    assert place.population[0] == pytest.approx(20_000)
    assert leeds.share == 1
    assert place.share == pytest.approx(20_000 / leeds.population[0])
    for column in ("population", *profiles.MONEY):
        np.testing.assert_allclose(getattr(place, column), getattr(leeds, column) * place.share)
    np.testing.assert_array_equal(place.poverty_percent, leeds.poverty_percent)
    np.testing.assert_array_equal(place.price_index, leeds.price_index)
    assert place.idaci == leeds.idaci
    assert "20,000 children" in place.lacks[0]


@pytest.mark.parametrize("children", [0, -5, 1_999, 350_001, 2_000.5, True, "20000"])
def test_an_impossible_size_is_refused(children: int) -> None:
    with pytest.raises(BadInput, match="not a whole number from 2,000 to 350,000"):
        profiles.profile("Leeds", children)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("leeds", "Leeds"),
        ("Bristol", "Bristol, City of"),
        ("HULL", "Kingston upon Hull, City of"),
        ("Kingston upon Hull", "Kingston upon Hull, City of"),
        ("Herefordshire", "Herefordshire, County of"),
        ("Durham", "County Durham"),
        ("St Helens", "St. Helens"),
        ("Barking & Dagenham", "Barking and Dagenham"),
        ("stoke on trent", "Stoke-on-Trent"),
        ("England", "England"),
    ],
)
def test_names_are_found_in_any_case_and_common_form(said: str, meant: str) -> None:
    assert profiles.profile(said).name == meant


def test_every_short_form_leads_to_an_authority() -> None:
    assert {profiles.find(short) for short in profiles.SHORT_FORMS} <= {*profiles.names(), "England"}


def test_an_unknown_authority_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"'Leds': no such authority\. Did you mean Leeds\?"):
        profiles.profile("Leds")
    with pytest.raises(BadInput, match="was joined with its neighbours in 2019"):
        profiles.profile("Poole")


def test_a_profile_cannot_be_written_to() -> None:
    for place in (profiles.profile("Leeds"), profiles.profile("Leeds", children=5_000)):
        with pytest.raises(ValueError, match="read-only"):
            place.spend_total[0] = 0
        with pytest.raises(AttributeError):
            place.idaci = 0  # type: ignore[misc]


def test_the_published_tables_are_the_ones_described(project: Path) -> None:
    described = (published_tables.DATA / "README.md").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in described
    for path in published_tables.DATA.rglob("*.csv"):
        assert path.relative_to(published_tables.DATA).as_posix() in described
        with path.open(encoding="utf-8", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) > 1
