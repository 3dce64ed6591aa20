"""Authorities by their inputs: agreement with what they published, its rivals, and how much they vary."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from ecology import Locality, Scenario
from ecology.evidence import profiles
from ecology.evidence.profiles import ENGLAND
from ecology.vocabulary import Cadre
from experiments.calibration import authorities, gradients, variation
from experiments.calibration.ensemble import ENSEMBLE, Ensemble, ensemble, with_member
from experiments.calibration.patterns import CHILDREN as CHILDREN_COLUMN
from experiments.calibration.settings import settings
from experiments.point import Point

HELD_BACK = 3000
"""Children of each authority that ``ecology patterns --authorities`` lives."""
APART, YEARLY = 0.2, 0.1
"""How much invented authorities differ beyond deprivation and from year to year, as shares."""
CHILDREN = 20_000


def test_agreement_is_perfect_for_a_model_that_is_right_and_beside_it_stand_the_rivals() -> None:
    luck = np.random.default_rng(3)
    published = {
        (name, year, rate.name): float(luck.uniform(50.0, 100.0))
        for half in gradients.halves() for name in half for year in (2014, 2015) for rate in gradients.RATES
    }  # fmt: skip
    simulated = {key: 2.0 * value for key, value in published.items() if key[1] == 2015}
    table = authorities.agreement(simulated, published, [2015]).set_index(["rate", "rival"])
    model = table.xs(authorities.MODEL, level="rival")
    assert model["correlation"].to_numpy() == pytest.approx(1.0)
    assert model["rank_agreement"].to_numpy() == pytest.approx(1.0)
    assert (model["error"] > 40.0).all()  # twice too high
    for rival in (authorities.REGRESSION, authorities.LAST_YEAR):
        assert table.xs(rival, level="rival")["correlation"].abs().max() < 0.4
    assert ENGLAND not in {name for half in gradients.halves() for name in half}


def test_the_page_tells_whose_front_door_cannot_keep_up(project: Path) -> None:
    nearest = ensemble(ENSEMBLE)
    assert nearest is not None and settings()["authorities"]["children"] == HELD_BACK

    def desk(authority: str) -> str:
        scenario = Scenario.load("accountable_without_levers", authority=authority, children=HELD_BACK)
        place = Locality(with_member(scenario, nearest, nearest.nearest(1)[0]))
        return f"{place.tables['pools'].fte[Cadre.FRONT_DOOR]:.1f}"

    told = " ".join((project / "docs/calibration.md").read_text(encoding="utf-8").split())
    harrow, mean = desk("Harrow"), desk(ENGLAND)
    assert f"Harrow's spending buys {harrow} of a post for 3,000 children (England's mean {mean})" in told


def invented(seed: int, children: float | None) -> dict[tuple[str, int, str], float]:
    """Return rates that deprivation moves, that differ by authority, always alike, and that a year and luck move."""
    names = gradients.halves()[1]
    apart = np.random.default_rng(0).normal(0.0, APART, len(names))
    luck, rates = np.random.default_rng(seed), {}
    for name, own in zip(names, apart, strict=True):
        for year in range(gradients.FIRST_YEAR, gradients.LAST_YEAR + 1):
            for rate in gradients.RATES:
                level = 200.0 * (1.0 + 2.0 * profiles.profile(name).idaci) * (1.0 + own)
                told = level * (1.0 + luck.normal(0.0, YEARLY / np.sqrt(2.0)))
                counted = told if children is None else luck.poisson(told * children / 1e4) * 1e4 / children
                rates[name, year, rate.name] = float(counted)
    return rates


def test_variation_is_found_again_without_the_luck_of_few_children() -> None:
    members = [invented(seed, CHILDREN) for seed in (1, 2, 3)]
    many = {(name, year, CHILDREN_COLUMN): 1e9 for name, year, _ in members[0]}
    found = variation.variation(members, invented(4, None), CHILDREN, many, gradients.halves()[1])
    between = found[found["variation"] == variation.BETWEEN]
    yearly = found[found["variation"] == variation.YEARLY]
    assert len(between) == len(gradients.RATES) and set(yearly["rate"]) == {"Referrals", "Section 47 enquiries"}
    for told in ("published", "simulated"):
        assert between[told].to_numpy() == pytest.approx(100 * APART, rel=0.25)
        assert yearly[told].to_numpy() == pytest.approx(100 * YEARLY, rel=0.25)


class _Noting:
    """A runner that lives nothing and notes who was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[int], list[Mapping[str, float]]]] = []

    def years_of(self, name: str, _children: int, points: Sequence[Point], _years: int) -> list[dict[int, object]]:
        self.asked.append((name, [point.seed for point in points], [point.parameters for point in points]))
        return [{} for _ in points]


def test_each_authority_is_lived_by_the_members_nearest_to_england() -> None:
    members = tuple({"hours_review": float(number)} for number in range(1, 6))
    found = Ensemble(members, "a model", "a digest", 1, 2, False, (9.0, 1.0, 3.0, 2.0, 8.0))
    said: list[str] = []
    runner = _Noting()
    authorities.simulated_rates(runner, found, ["Leeds", "Bury"], 2017, said.append)  # type: ignore[arg-type]
    nearest = [2, 4, 3]
    assert runner.asked == [(name, nearest, [members[seed - 1] for seed in nearest]) for name in ("Leeds", "Bury")]
    assert len(said) == 2
