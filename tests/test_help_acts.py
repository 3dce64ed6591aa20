"""What helps a child, and what takes it away: one child of a place in which nobody else is helped."""

import math
from typing import Any

import numpy as np
import pytest

from ecology import Locality, evidence, tables
from ecology.rules import help as helping_rules
from ecology.vocabulary import LONG_AGO, SECONDS_AN_HOUR, Agency, Cadre, Package, Stage
from ecology.week import helping
from tests.places import at_switch, scenario

P = evidence.values()
HOURS = 2.0
SAFETY, WELLBEING, LEARNING = 0, 1, 2


@pytest.fixture(name="place", scope="module")
def _place() -> Locality:
    return at_switch(scenario()).run(1)


def eased(
    place: Locality, stage: Stage = Stage.UNIVERSAL, early: bool = False, own: bool = False, camhs: bool = False,
    package: Package = Package.WAITING, skill: float = 0.0, weeks_known: int = 100, practice: float = 0.0,
    quality: float = 1.0, k: float = 0.0, needs: tuple[float, float, float] = (2.0, 2.0, 2.0),
) -> np.ndarray:  # fmt: skip
    """Return by how much a week of help lowers the three needs of a child and the strain of its family."""
    t, now, week = tables.copy(place.tables), place.now.copy(), place.week
    children, families, cases, workers = t["children"], t["families"], t["cases"], t["social_workers"]
    cases.early_help_until[:] = cases.own_help_until[:] = cases.camhs_until[:] = LONG_AGO
    children.stage[:] = Stage.UNIVERSAL
    row = int(np.flatnonzero(cases.present)[0])
    child = int(cases.child[row])
    children.stage[child] = stage
    children.need_safety[child], children.need_wellbeing[child], children.need_learning[child] = needs
    cases.early_help_until[row] = week + 5 if early else LONG_AGO
    cases.own_help_until[row], cases.own_help_by[row] = (week + 5 if own else LONG_AGO), Agency.HEALTH
    cases.camhs_until[row] = week + 5 if camhs else LONG_AGO
    cases.package[row], cases.worker[row], cases.worker_since[row] = package, 0, week - weeks_known
    cases.direct_seconds[row], cases.help_level[row] = int(HOURS * SECONDS_AN_HOUR), HOURS
    workers.present[0], workers.skill[0], workers.joined[0] = 1, skill, week - 200
    now.practice, now.help_quality, now.k = practice, quality, k
    family = int(children.family[child])
    strain = float(families.strain[family])
    helping.help_acts(
        children, families, cases, workers, np.full(len(Cadre), HOURS), np.full(t["schools"].present.size, HOURS),
        week, now, place.p,
    )  # fmt: skip
    after = [float(column[child]) for column in (children.need_safety, children.need_wellbeing, children.need_learning)]
    return np.array([*(np.array(needs) - after), strain - float(families.strain[family])])


def test_each_help_eases_its_own_domains_and_who_has_none_is_as_before(place: Locality) -> None:
    assert not eased(place).any()
    social_work, early = eased(place, Stage.CHILD_IN_NEED), eased(place, early=True)
    assert (social_work > 0.0).tolist() == [True, False, False, True]
    assert (early > 0.0).tolist() == [True, True, False, True]
    assert (eased(place, own=True) > 0.0).tolist() == [False, True, False, False]
    assert (eased(place, camhs=True) > 0.0).tolist() == [False, True, False, False]


def test_care_keeps_a_child_safe_and_its_virtual_head_helps_it_learn(place: Locality) -> None:
    more = eased(place, Stage.LOOKED_AFTER) - eased(place, Stage.PROTECTION_PLAN)
    assert more == pytest.approx([P.effect_care, 0.0, P.effect_virtual_head, 0.0], abs=1e-6)
    assert P.effect_care > 0.0 < P.effect_virtual_head


def test_services_that_do_not_agree_get_in_each_others_way(place: Locality) -> None:
    apart, together = (
        eased(place, Stage.CHILD_IN_NEED, early=True, package=package) for package in (Package.WAITING, Package.AGREED)
    )
    worked_upon = [SAFETY, WELLBEING, 3]
    assert apart[worked_upon] / together[worked_upon] == pytest.approx(helping_rules.concord(2, False, P), rel=1e-3)
    assert helping_rules.concord(2, False, P) < 1.0
    alone = [eased(place, Stage.CHILD_IN_NEED, package=package) for package in (Package.WAITING, Package.AGREED)]
    assert (alone[0] == alone[1]).all()  # one service has nobody to agree with


def test_better_practice_helps_everybody_and_better_providers_only_early_help(place: Locality) -> None:
    for kind in ({"stage": Stage.CHILD_IN_NEED}, {"early": True}, {"camhs": True}):
        usual = eased(place, **kind)
        worked_upon = usual > 0.0
        assert eased(place, practice=0.2, **kind)[worked_upon] == pytest.approx(1.2 * usual[worked_upon], rel=1e-3)
        better = eased(place, quality=1.2, **kind)
        assert (better[worked_upon] > usual[worked_upon]).all() == ("early" in kind)


def test_skill_and_a_relationship_that_lasts_make_social_work_help_more(place: Locality) -> None:
    usual = eased(place, Stage.CHILD_IN_NEED)[SAFETY]
    assert eased(place, Stage.CHILD_IN_NEED, skill=1.0)[SAFETY] / usual == pytest.approx(
        math.exp(P.skill_effect), rel=1e-3
    )
    assert math.exp(P.skill_effect) > 1.0
    fresh = eased(place, Stage.CHILD_IN_NEED, weeks_known=0)[SAFETY] / usual
    expected = helping_rules.continuity(0.0, P) / helping_rules.continuity(100.0, P)
    assert fresh == pytest.approx(expected, rel=1e-3)
    assert expected < 1.0
    assert eased(place, early=True, skill=1.0) == pytest.approx(eased(place, early=True))


def test_what_is_left_untreated_elsewhere_takes_help_away_where_needs_feed_one_another(place: Locality) -> None:
    kinds: tuple[tuple[dict[str, Any], int], ...] = (
        ({"early": True}, SAFETY), ({"early": True}, WELLBEING), ({"camhs": True}, WELLBEING),
    )  # fmt: skip
    for kind, domain in kinds:
        assert eased(place, k=1.0, **kind)[domain] < eased(place, k=0.0, **kind)[domain]
        needs = [-1.0, -1.0, -1.0]
        needs[domain] = 2.0  # and none elsewhere
        alone = [eased(place, k=k, needs=(needs[0], needs[1], needs[2]), **kind)[domain] for k in (0.0, 1.0)]
        assert alone[0] == alone[1] > 0.0


def test_a_family_is_calmed_by_the_help_of_each_of_its_children_and_others_are_not(place: Locality) -> None:
    t, now = tables.copy(place.tables), place.now.copy()
    children, families, cases = t["children"], t["families"], t["cases"]
    children.stage[:] = Stage.UNIVERSAL
    cases.own_help_until[:] = cases.camhs_until[:] = LONG_AGO
    cases.early_help_until[:] = place.week + 5
    files = np.bincount(children.family[cases.child[cases.present == 1]], minlength=families.present.size)
    before = families.strain.astype(float)
    helping.help_acts(
        children, families, cases, t["social_workers"], np.full(len(Cadre), HOURS),
        np.full(t["schools"].present.size, HOURS), place.week, now, place.p,
    )  # fmt: skip
    each = (1.0 + now.practice) * now.help_quality * helping_rules.dose(HOURS, P) * P.effect_early_help_strain
    assert set(files) >= {0, 1, 2} and each > 0.0
    assert before - families.strain == pytest.approx(files * each, abs=1e-5)
