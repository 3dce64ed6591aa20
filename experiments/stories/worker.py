"""One social worker's week under several regimes: what the worker's own row and files hold, and what only the cadre's.

The ledger of hours is kept by cadre. A worker's own are: the time with each child, the work done on assessments,
enquiries and conferences, caseload, fatigue, sickness, and how much more was owed than there was time for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ecology.errors import BadInput
from ecology.scenario_limits import day_of
from ecology.vocabulary import SECONDS_AN_HOUR, Cadre, Purpose, Stage, words
from experiments.stories.telling import long_date
from experiments.stories.watching import FRONT_DOOR, WORKERS, as_dict, watched

if TYPE_CHECKING:
    from ecology.locality import Locality
    from ecology.scenario import Scenario

PICK = -1
"""Asks for the worker whose week differs most."""


@dataclass(frozen=True)
class Week:
    """All social workers of a place in one week: who they were, whom they had, where their hours went.

    ``rows`` are the workers' rows as plain numbers, ``children`` (worker, stage, direct hours) one a child with a
    worker, ``process`` by worker the hours worked on processes, ``cadre`` the mean hours a worker by purpose.
    """

    week: int
    rows: list[dict[str, Any]]
    children: list[tuple[int, int, float]]
    process: np.ndarray
    cadre: dict[str, float]
    full: float

    def direct(self, worker: int) -> float:
        """Return the hours that a worker spent with children and families."""
        return sum(hours for who, _, hours in self.children if who == worker)


def checked_week(scenario: Scenario, week: int) -> None:
    """Raise BadInput for a week that a scenario does not have after its switch."""
    first, last = scenario.switch_week, scenario.switch_week + scenario.weeks - 1
    if not first <= week <= last:
        start, end = (long_date(day_of(one)) for one in (first, last))
        raise BadInput(f"--week: {week} is not a week of this run. It has {first} ({start}) to {last} ({end}).")


def live_to(place: Locality, week: int) -> Week:
    """Run a place through a week of its scenario and return that week of its social workers."""
    place.run(week - place.week)
    owed: list[np.ndarray] = []
    found: list[Week] = []

    def look(moment: str) -> None:
        if moment == FRONT_DOOR:
            owed.append(place.tables["cases"].seconds_owed.copy())
        elif moment == WORKERS:
            found.append(_week(place, owed[-1]))

    with watched(place, look):
        place.step()
    return found[-1]


def _week(place: Locality, owed: np.ndarray) -> Week:
    """Read the tables just after social workers have worked."""
    t = place.tables
    cases, workers = t["cases"], t["social_workers"]
    rows = [as_dict(workers, row) for row in range(workers.present.size)]
    process = np.zeros(len(rows))
    children = []
    for row in np.flatnonzero((cases.present == 1) & (cases.worker >= 0)):
        worker = int(cases.worker[row])
        process[worker] += (int(owed[row]) - int(cases.seconds_owed[row])) / SECONDS_AN_HOUR
        stage = int(t["children"].stage[cases.child[row]])
        children.append((worker, stage, int(cases.direct_seconds[row]) / SECONDS_AN_HOUR))
    heads = max(int(workers.present.sum()), 1)
    by_purpose = t["tally"].seconds[Cadre.SOCIAL_WORKER].sum(axis=1) / SECONDS_AN_HOUR / heads
    cadre = {words(purpose): float(by_purpose[purpose]) for purpose in Purpose}
    cadre["overtime"] = float(t["tally"].overtime[Cadre.SOCIAL_WORKER]) / SECONDS_AN_HOUR / heads
    return Week(place.week, rows, children, process, cadre, float(place.p.caseload_full))


def pick(weeks: dict[str, Week], worker: int) -> int:
    """Return the worker to tell of: the one asked for, or the one whose hours with families differ most.

    To differ, the same person must be in the post in every regime. Raises BadInput if nobody is.
    """
    size = len(next(iter(weeks.values())).rows)
    if worker != PICK:
        if not 0 <= worker < size:
            raise BadInput(f"--worker: {worker}: no such post in this place. There are 0 to {size - 1}, some vacant.")
        if not any(week.rows[worker]["present"] for week in weeks.values()):
            raise BadInput(f"--worker: {worker}: nobody is in this post in that week. Filled: {_filled(weeks)}.")
        return worker
    same = [row for row in range(size) if same_person(weeks, row)]
    if not same:
        raise BadInput(
            "--worker: no social worker of that week is in post under every regime. Name a post, or an earlier week. "
            f"Filled: {_filled(weeks)}."
        )
    hours = {row: [week.direct(row) for week in weeks.values()] for row in same}
    return max(same, key=lambda row: max(hours[row]) - min(hours[row]))


def same_person(weeks: dict[str, Week], row: int) -> bool:
    """Return whether one person holds a post under every regime: who joined in the same week."""
    posts = [week.rows[row] for week in weeks.values()]
    return all(post["present"] for post in posts) and len({post["joined"] for post in posts}) == 1


def _filled(weeks: dict[str, Week]) -> str:
    told = sorted({row for week in weeks.values() for row, post in enumerate(week.rows) if post["present"]})
    return ", ".join(map(str, told)) or "none"


def facts(week: Week, worker: int) -> dict[str, Any]:
    """Return what is told of one worker in one week, as numbers; empty if the post is vacant."""
    post = week.rows[worker]
    if not post["present"]:
        return {}
    own = [(stage, hours) for who, stage, hours in week.children if who == worker]
    return {
        "joined": day_of(post["joined"]),
        "agency": bool(post["agency"]),
        "sick": bool(post["sick"]),
        "caseload": len(own),
        "stages": Counter(Stage(stage) for stage, _ in own),
        "weight": float(post["weight"]),
        "full": week.full,
        "fatigue": float(post["fatigue"]),
        "ratio": float(post["work_ratio"]),
        "direct": week.direct(worker),
        "process": float(week.process[worker]),
        "seen": sum(hours > 0 for _, hours in own),
        "lent": post["lent_seconds"] / SECONDS_AN_HOUR,
    }
