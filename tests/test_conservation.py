"""Conservation: no child, second or penny appears or vanishes, whatever the levers, or the ledger says so."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from ecology import Locality, ledger, tables
from ecology.ledger import Unbalanced
from ecology.lever_tables import failure_modes, presets
from ecology.vocabulary import NOBODY, SECONDS_AN_HOUR, Cadre, Flow, Line, Payer, Placement, Purpose, Stage
from ecology.week import recording
from tests.places import all_levers_at, assert_alive, at_switch, changed, lived, scenario, total, without

WEEKS = 16
Tables = Mapping[str, Any]


def audited(place: Locality, number: int = WEEKS) -> Locality:
    """Step a place and count everything again, apart from the ledger's own check."""
    for _ in range(number):
        t = place.tables
        children, posts = int(t["children"].present.sum()), t["pools"].fte.copy()
        money = {name: getattr(t["commissioners"], name).copy() for name in ("income_pence", "spent_pence")}
        opening, here = t["commissioners"].balance_pence.copy(), t["social_workers"].present == 1
        place.step()
        count_children(t, children)
        count_time(place, posts, here)
        tally, to_date = t["tally"], t["commissioners"]
        assert (to_date.income_pence - money["income_pence"] == tally.income).all()
        assert (to_date.spent_pence - money["spent_pence"] == tally.pence.sum(axis=1)).all()
        assert (to_date.balance_pence - opening == tally.income - tally.pence.sum(axis=1)).all()
        assert tally.pence.dtype == tally.income.dtype == tally.seconds.dtype == np.int64
        assert (tally.pence >= 0).all()
    return place


def count_children(t: Tables, before: int) -> None:
    children, cases, flows, tally = t["children"], t["cases"], t["tally"].flows, t["tally"]
    here = children.present == 1
    came = flows[Flow.BIRTHS] + flows[Flow.ARRIVALS] - flows[Flow.AGED_OUT] - flows[Flow.DEPARTURES]
    assert here.sum() == before + came == tally.stocks.sum()
    assert (np.bincount(children.stage[here], minlength=len(Stage)) == tally.stocks).all()
    assert tally.placements.sum() == tally.stocks[Stage.LOOKED_AFTER]
    assert tally.placements[Placement.NONE] == 0
    assert (children.case[~here] == NOBODY).all()
    free = t["fixtures"].free_cases
    spare = free[1 : free[0] + 1]
    assert np.unique(spare).size == spare.size == (cases.present == 0).sum()
    assert not cases.present[spare].any()
    workers = t["social_workers"]
    allocated = (cases.present == 1) & (cases.worker != NOBODY)
    assert workers.present[cases.worker[allocated]].all()


def check_known(place: Locality) -> None:
    """Count children and files as they stand now, without a trace, and let the ledger check them."""
    t = tables.copy(place.tables)
    _, astray, unknown = recording.count_children(
        t["children"], t["families"], t["cases"], t["tally"], place.seed, place.week, place.p
    )
    ledger.check_known(astray, unknown, place.week)


def count_time(place: Locality, posts: np.ndarray, here: np.ndarray) -> None:
    tally, p, t = place.tables["tally"], place.p, place.tables
    week_of_work = SECONDS_AN_HOUR * p.hours_a_week
    assert (tally.seconds >= 0).all()
    assert (tally.overtime >= 0).all()
    assert (tally.seconds.sum(axis=(1, 2)) == tally.offered).all()
    for cadre in Cadre:
        contracted = int(week_of_work * posts[cadre])
        if cadre == Cadre.SOCIAL_WORKER:
            lent = int(t["social_workers"].lent_seconds[here].sum())  # as many as the improvement team had at its start
            contracted += max(int(week_of_work * t["conditions"].improvement_posts[0]), lent)
            assert tally.overtime[cadre] <= p.overtime_cap * contracted
        assert int(tally.offered[cadre] - tally.overtime[cadre]) == contracted, cadre


@pytest.mark.parametrize("regime", presets())
def test_every_regime_conserves_children_time_and_money(regime: str) -> None:
    place = audited(at_switch(scenario(regime)))
    assert total(place, "flow_referrals_from_") > 0.0 < total(place, "pounds_police")


def test_an_improvement_team_conserves_time_whether_it_is_lent_or_not() -> None:
    place = at_switch(scenario(levers=all_levers_at(1.0)))
    place.p = changed(place.p, warning_sensitivity=1.0, warning_false_alarms=1.0)
    audited(place)
    assert place.tables["social_workers"].lent_seconds.sum() > 0 < total(place, "asked_minutes_early_warning")


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_levers_at_their_ends_conserve_children_time_and_money(value: float) -> None:
    audited(at_switch(scenario(levers=all_levers_at(value))))


@pytest.mark.parametrize("mode", [*failure_modes(), "all of them"])
def test_each_failure_mode_off_conserves_children_time_and_money(mode: str) -> None:
    place = at_switch(scenario("orchestrated"))
    place.fails = {**place.fails, **(without() if mode == "all of them" else without(mode))}
    audited(place, 5)


def test_years_of_checked_weeks_end_in_balance() -> None:
    for regime in ("fragmented", "orchestrated"):
        place = lived(scenario(regime))
        assert place.check
        assert_alive(place)
        check_known(place)


# The ledger notices ------------------------------------------------------------------------------------------------


def add(table: str, column: str, *where: int, by: int = 1) -> Callable[[Tables], None]:
    """Return what adds one (or takes one away) somewhere in the tables."""

    def tamper(tables: Tables) -> None:
        getattr(tables[table], column)[where] += by

    return tamper


def set_first(table: str, column: str, value: int, among: Callable[[Tables], np.ndarray]) -> Callable[[Tables], None]:
    def tamper(tables: Tables) -> None:
        getattr(tables[table], column)[np.flatnonzero(among(tables))[0]] = value

    return tamper


def known(tables: Tables) -> np.ndarray:
    return np.asarray(tables["cases"].present == 1)


def in_need(tables: Tables) -> np.ndarray:
    return np.asarray((tables["children"].stage == Stage.CHILD_IN_NEED) & (tables["children"].present == 1))


def not_here(tables: Tables) -> np.ndarray:
    return np.asarray(tables["children"].present == 0)


def here(tables: Tables) -> np.ndarray:
    return np.asarray(tables["children"].present == 1)


CHILDREN = {
    "a child vanishes": set_first("children", "present", 0, here),
    "a child appears": set_first("children", "present", 1, not_here),
    "a child too many in a stage": add("tally", "stocks", Stage.CHILD_IN_NEED),
    "a child too few in a stage": add("tally", "stocks", Stage.UNIVERSAL, by=-1),
    **{f"one {flow.name} too many": add("tally", "flows", flow) for flow in list(Flow)[:4]},
}
TIME = {f"{by:+d} s of {cadre.name}": add("tally", "seconds", cadre, Purpose.DIRECT, 1, by=by)
        for cadre in Cadre for by in (1, -1)}  # fmt: skip
TIME |= {f"a second of {cadre.name} paid too much": add("tally", "offered", cadre) for cadre in Cadre}
MONEY = {
    f"{by:+d} p of {column} of {payer.name}": add("commissioners", column, payer, by=by)
    for payer in Payer
    for column in ("income_pence", "spent_pence", "balance_pence", "opening_pence")
    for by in (1, -1)
}
BOOKS = {f"a penny in the books of {payer.name}": add("tally", "pence", payer, Line.GOVERNANCE) for payer in Payer}
BOOKS |= {f"a penny of income in the books of {payer.name}": add("tally", "income", payer) for payer in Payer}
KNOWN = {
    "a child forgets its file": set_first("children", "case", NOBODY, in_need),
    "a file names another child": set_first("cases", "child", 0, known),
    "a file without a child": set_first("cases", "present", 1, lambda tables: ~known(tables)),
    "a file thrown away": set_first("cases", "present", 0, known),
    "a child in a stage that nobody knows": set_first(
        "children", "stage", Stage.CHILD_IN_NEED, lambda tables: here(tables) & (tables["children"].case == NOBODY)
    ),
}


@pytest.fixture(name="stepped")
def _stepped() -> Locality:
    return at_switch(scenario("orchestrated")).run(1)


def check(place: Locality, before: int) -> None:
    t = place.tables
    ledger.check(int(t["children"].present.sum()), t["commissioners"], t["schools"], t["tally"], before, place.week)


@pytest.mark.parametrize("what", [*CHILDREN, *TIME, *MONEY, *BOOKS])
def test_the_ledger_notices_one_child_second_or_penny(stepped: Locality, what: str) -> None:
    t = stepped.tables
    flows = t["tally"].flows
    before = int(t["children"].present.sum() - flows[:2].sum() + flows[2:4].sum())
    check(stepped, before)
    {**CHILDREN, **TIME, **MONEY, **BOOKS}[what](t)
    with pytest.raises(Unbalanced, match=f"week {stepped.week}"):
        check(stepped, before)


@pytest.mark.parametrize("what", KNOWN)
def test_the_ledger_notices_a_file_that_is_not_the_childs(stepped: Locality, what: str) -> None:
    check_known(stepped)
    KNOWN[what](stepped.tables)
    with pytest.raises(Unbalanced, match=f"week {stepped.week}"):
        check_known(stepped)


def test_files_are_checked_every_week_like_the_rest(stepped: Locality) -> None:
    tables = stepped.tables
    tables["children"].case[in_need(tables)] = NOBODY  # of all: one that is closed this week would be missed by nobody
    with pytest.raises(Unbalanced):
        stepped.step()


def test_a_week_that_does_not_balance_stops_the_run(stepped: Locality, monkeypatch: pytest.MonkeyPatch) -> None:
    from ecology.week import together

    def loses_a_second(*given: Any) -> None:
        works(*given)
        stepped.tables["tally"].seconds[Cadre.CAMHS_CLINICIAN, Purpose.IDLE, 0] -= 1

    works = together.helpers_work
    monkeypatch.setattr(together, "helpers_work", loses_a_second)
    with pytest.raises(Unbalanced, match="CAMHS_CLINICIAN"):
        stepped.step()
