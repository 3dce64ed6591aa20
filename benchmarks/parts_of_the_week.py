"""Say what ten years of one authority cost, and each part of a week: ``python -m benchmarks.parts_of_the_week``.

Seconds are CPU time of one core after compilation and burn-in, with every check on. The same ten years are lived
several times, because other work on the machine only ever adds to them. Parts are nested: a clause of the week holds
its loops; each has the lowest time of every week, averaged over the weeks.
"""

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from ecology import Locality, Scenario, governance, ledger, luck, record, school_places, thresholds
from ecology.clauses import Clauses
from ecology.vocabulary import WEEKS_A_YEAR
from ecology.week import together
from ecology.world import World

TEN_YEARS = 10 * WEEKS_A_YEAR
PLAIN = (
    (governance, "govern"), (ledger, "check"), (ledger, "check_known"), (record, "write_row"),
    (thresholds, "of_agencies"), (thresholds, "of_decisions"), (school_places, "school_year_goes_on"),
    (luck, "first_parts"),
)  # fmt: skip
CLAUSES = (
    "_pressures_press", "_regime_arranges", "_families_live", "_agencies_notice_and_act", "_front_door_triages",
    "_social_workers_work", "_helpers_work", "_packages_are_agreed", "_cases_are_decided", "_commissioners_commission",
    "_staff_leave_and_join", "_the_week_is_recorded",
)  # fmt: skip


def loops() -> list[tuple[Any, str]]:
    """Return the compiled loops that are called together, by module and name."""
    return [
        (module, name)
        for module in vars(together).values()
        if isinstance(module, ModuleType) and module.__name__.startswith("ecology.week.")
        for name, rule in vars(module).items()
        if getattr(rule, "__module__", "") == module.__name__ and getattr(rule, "signatures", ())
    ]


def watch(owner: Any, name: str, seconds: dict[str, float]) -> None:
    """Let a function add to ``seconds`` how long each of its calls takes."""
    function: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any) -> Any:
        start = time.thread_time()
        answer = function(*args)
        seconds[name] += time.thread_time() - start
        return answer

    setattr(owner, name, timed)


def one_by_one() -> None:
    """Let Python call loops that otherwise follow each other in one compiled call, so that each can be watched."""
    for name, rule in list(vars(together).items()):
        if getattr(rule, "__module__", "") == together.__name__ and callable(rule):
            setattr(together, name, rule.py_func)
    Clauses._world = property(  # type: ignore[method-assign, assignment]
        lambda place: World(*(place.tables[name] for name in World._fields))
    )


def lived(place: Locality, weeks: int) -> list[float]:
    """Return the CPU seconds of each of the next weeks of a place."""
    taken = []
    for _ in range(weeks):
        start = time.thread_time()
        place.step()
        taken.append(time.thread_time() - start)
    return taken


def main() -> None:
    """Print the cost of ten years, of the parts of a week, of memory and of columns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=77_000)
    parser.add_argument("--weeks", type=int, default=TEN_YEARS, help="from the switch, at most ten years")
    parser.add_argument("--times", type=int, default=4)
    given = parser.parse_args()
    start = time.process_time()
    scenario = Scenario.load("orchestrated", children=given.children, past_years=2)
    past = Locality(scenario, seed=1).run_past()
    past.branch(scenario).run(weeks=given.weeks)
    used = time.process_time() - start
    print(f"build, compile or load, a past of {scenario.past_weeks} weeks, a first life: {used:.1f} s")
    lives = [lived(past.branch(scenario), given.weeks) for _ in range(given.times)]
    print(f"{given.weeks} weeks: {', '.join(f'{sum(life):.2f}' for life in lives)} s")
    lowest_life = float(np.min(lives, axis=0).sum())
    print(f"by the lowest time of each week: {lowest_life:.2f} s, {1e3 * lowest_life / given.weeks:.2f} ms a week")
    one_by_one()
    past.branch(scenario).run(weeks=1)
    seconds: dict[str, float] = defaultdict(float)
    for owner, name in (*loops(), *PLAIN, *((Locality, name) for name in (*CLAUSES, "step"))):
        watch(owner, name, seconds)
    of_lives = []
    for _ in range(given.times):
        place, of_weeks = past.branch(scenario), []
        for _ in range(given.weeks):
            place.step()
            of_weeks.append(dict(seconds))
            seconds.clear()
        of_lives.append(pd.DataFrame(of_weeks).fillna(0.0))
    parts = pd.concat(of_lives).groupby(level=0).min().mean().drop("step")
    print(f"\n{'part, called one by one':28s} {'ms':>7s}  share of the week")
    for name, cost in parts.sort_values(ascending=False).items():
        print(f"{name:28s} {1e3 * cost:7.3f}  {cost * given.weeks / lowest_life:6.1%}")
    children = place.tables["children"]
    present, rows = int(children.present.sum()), children.present.size
    size = sum(column.nbytes for column in children)
    print(f"\nchildren: {present}, rows {rows}, {size // rows} bytes a row, {size / present:.1f} bytes a child present")
    for name, table in place.tables.items():
        size = table.nbytes if isinstance(table, np.ndarray) else sum(column.nbytes for column in table)
        print(f"  {name:16s} {size / 1e6:7.2f} MB")
    print(f"highest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
