"""Compiled loops see a place through one handle of its tables, and the record holds what those tables hold."""

import numpy as np

from ecology import tables
from ecology.record import COLUMN, MEASURES
from ecology.vocabulary import Agency, Cadre, Cause, Flow, Line, Payer, Placement, Purpose, Queue, Stage, Sum, words
from ecology.vocabulary_of_bodies import Service
from ecology.world import Handle, World
from tests.places import at_switch, scenario


def test_a_handle_follows_a_table_that_is_replaced() -> None:
    usual, replaced = at_switch(scenario()), at_switch(scenario())
    usual.run(weeks=2)
    replaced.run(weeks=1)
    left_behind = replaced.tables["pools"]
    replaced.tables.update(tables.copy({"pools": left_behind}))
    replaced.run(weeks=1)
    assert replaced.digest() == usual.digest()
    assert (replaced.tables["pools"].load != left_behind.load).any()


def test_a_handle_is_made_once_for_the_same_tables() -> None:
    place, handle = at_switch(scenario()), Handle()
    first = handle.of(place.tables)
    assert handle.of(place.tables) is first
    assert set(World._fields) < set(place.tables)


def test_the_record_holds_what_the_ledger_and_the_pools_hold() -> None:
    place = at_switch(scenario()).run(weeks=13)
    row = place.tables["fixtures"].record[place.week - 1 - place.scenario.first_week]
    tally, pools = place.tables["tally"], place.tables["pools"]
    conditions, providers = place.tables["conditions"], place.tables["providers"]
    told = {f"stock_{words(stage)}": tally.stocks[stage] for stage in Stage}
    told |= {f"placed_{words(kind)}": tally.placements[kind] for kind in Placement}
    told |= {f"flow_{words(flow)}": tally.flows[flow] for flow in Flow}
    told |= {f"waited_weeks_{words(queue)}": tally.waits[queue, 0] for queue in Queue}
    told |= {f"waited_children_{words(queue)}": tally.waits[queue, 1] for queue in Queue}
    told |= {f"waited_over_52_weeks_{words(queue)}": tally.waits[queue, -1] for queue in Queue}
    told |= {f"sum_{words(item)}": tally.sums[item] for item in Sum}
    told |= {f"minutes_{words(c)}_{words(u)}": tally.seconds[c, u].sum() / 60 for c in Cadre for u in Purpose}
    told |= {f"asked_minutes_{words(cause)}": tally.seconds[:, :, cause].sum() / 60 for cause in Cause}
    told |= {f"paid_minutes_{words(cadre)}": tally.offered[cadre] / 60 for cadre in Cadre}
    told |= {f"overtime_minutes_{words(cadre)}": tally.overtime[cadre] / 60 for cadre in Cadre}
    told |= {f"pounds_{words(payer)}_{words(line)}": tally.pence[payer, line] / 100 for payer in Payer for line in Line}
    told |= {f"income_pounds_{words(payer)}": tally.income[payer] / 100 for payer in Payer}
    told |= {f"shunt_{words(a)}_{words(payer)}": tally.shunt[a, payer] for a in Agency for payer in Payer}
    told |= {f"fte_{words(cadre)}": pools.fte[cadre] for cadre in Cadre}
    told |= {f"load_{words(cadre)}": pools.load[cadre] for cadre in Cadre}
    told |= {"condition_fear": conditions.fear[0], "used_camhs": providers.used[Service.CAMHS]}
    assert not [name for name, value in told.items() if row[COLUMN[name]] != value]
    assert np.isfinite(row).all() and row.size == len(MEASURES)
