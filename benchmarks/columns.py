"""The same subset of the week as ``object_per_agent``, by the model's own compiled loops over its tables."""

from typing import Any

import numpy as np

from ecology import Locality, population, tables, thresholds
from ecology.luck import Decision, FirstParts
from ecology.vocabulary import Agency
from ecology.week import living, noticing


class Columns:
    """The loops of need and notice, on a copy of a locality's tables, from its present week on."""

    def __init__(self, place: Locality) -> None:
        self.place, self.week, self.noticed = place, place.week, 0
        self.tables: dict[str, Any] = tables.copy(place.tables)
        self.thresholds, self.own_help = thresholds.of_agencies(
            self.tables["pools"], 0.0, 0.0, np.zeros(len(Agency)), place.p
        )
        self.tables["tally"].flows[:] = 0
        self.parts = FirstParts(place.seed, Decision.NOTICING_FIRST, self.tables["children"].present.size)
        self.room = np.zeros((self.tables["children"].present.size, 2), np.int32)

    def step(self) -> None:
        """Let one week of the subset happen."""
        t, seed, week, now, p = self.tables, self.place.seed, self.week, self.place.now, self.place.p
        children, flows = t["children"], t["tally"].flows
        living.need_drifts(children, t["families"], seed, week, float(now.k), p)
        count = noticing.agencies_notice(
            children, t["families"], self.room, self.parts.of(week), flows, seed, week, now, p
        )
        self.noticed += count
        population.room_for_concerns(t, count)
        noticing.agencies_act_or_pass_on(
            self.room, count, self.thresholds, self.own_help, children, t["families"], t["cases"],
            t["fixtures"].free_cases, t["pools"], t["schools"], flows, t["tally"].waits, seed, week, now, p,
        )  # fmt: skip
        self.week += 1
