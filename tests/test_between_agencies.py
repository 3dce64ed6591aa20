"""Between agencies: what they tell each other, what agreeing teaches them, and how much children weigh with them."""

import numpy as np
import pytest

from ecology import evidence, pairs
from ecology.vocabulary import (
    Agency,
    Flow,
)
from tests.places import at_switch, scenario

P = evidence.values()


def test_an_agency_tells_what_those_told_it_with_whom_it_agrees() -> None:
    table = pairs.new_table(P)
    among_partners = (table.one == Agency.SCHOOLS) & (table.other == Agency.POLICE)
    assert among_partners.sum() == 1
    table.agreement[among_partners] = 1.0
    told = pairs.told_to_the_desk(table, P)
    assert told[Agency.SCHOOLS] == told[Agency.POLICE] == pytest.approx(P.agreement_tells / 3.0)
    assert told[Agency.HEALTH] == told[Agency.LA_SERVICES] == told[Agency.INDIVIDUALS] == 0.0


def test_packages_decided_for_agencies_teach_them_nothing_about_each_other() -> None:
    def trust(decided: float) -> float:
        table, flows = pairs.new_table(P), np.zeros(len(Flow), np.int64)
        flows[Flow.PACKAGES_AGREED] = 10
        pairs.pairs_learn(table, flows, 20.0, decided, 0.0, P)
        return float(table.trust[table.other != Agency.LA_SERVICES].mean())

    assert trust(0.0) > trust(10.0)


def test_the_windows_weight_of_children_is_that_of_the_regime() -> None:
    place = at_switch(scenario("orchestrated")).run(1)
    assert (place.tables["commissioners"].goal_weight == place.governing.goal_weight).all()
    assert place.governing.goal_weight != P.goal_weight_alone
