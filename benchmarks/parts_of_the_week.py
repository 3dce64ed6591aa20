"""Say what one week of one authority costs and which part of it costs what: ``python -m benchmarks.parts_of_the_week``.

Milliseconds are CPU time, the lowest tenth over the weeks: other work on the machine only ever adds to them. Parts are
nested: a clause of the week holds its loops.
"""

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from ecology import Locality, Scenario, governance, ledger, record, thresholds
from ecology.clauses import Clauses
from ecology.vocabulary import WEEKS_A_YEAR
from ecology.week import together
from ecology.world import World

TEN_YEARS = 10 * WEEKS_A_YEAR
PLAIN = (
    (governance, "govern"), (ledger, "check"), (ledger, "check_known"), (record, "write_row"),
    (thresholds, "of_agencies"), (thresholds, "of_decisions"),
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


def watch(owner: Any, name: str, seconds: dict[str, list[float]]) -> None:
    """Let a function note how long each of its calls takes."""
    function: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any) -> Any:
        start = time.thread_time()
        answer = function(*args)
        seconds[name].append(time.thread_time() - start)
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


def main() -> None:
    """Print the cost of a week, of its parts, of memory and of columns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=77_000)
    parser.add_argument("--weeks", type=int, default=4 * WEEKS_A_YEAR)
    given = parser.parse_args()
    start = time.process_time()
    scenario = Scenario.load("orchestrated", children=given.children, past_years=2)
    place = Locality(scenario, seed=1).run_past().run(weeks=1)
    print(f"build, compile or load, past of {scenario.past_weeks} weeks: {time.process_time() - start:.1f} CPU s")
    taken = []
    for _ in range(given.weeks):
        start = time.process_time()
        place.step()
        taken.append(time.process_time() - start)
    used, week = float(np.mean(taken)), float(np.quantile(taken, 0.1))
    print(f"a week: {1e3 * used:.2f} CPU ms on average, {1e3 * week:.2f} ms at its lowest tenth")
    print(f"ten years: {TEN_YEARS * used:.1f} CPU s on average, {TEN_YEARS * week:.1f} s at the lowest tenth")
    print(f"million child-weeks a second: {given.children / week / 1e6:.1f}")
    one_by_one()
    place.run(weeks=1)
    seconds: dict[str, list[float]] = defaultdict(list)
    for owner, name in (*loops(), *PLAIN, *((Locality, name) for name in (*CLAUSES, "step"))):
        watch(owner, name, seconds)
    place.run(weeks=given.weeks)
    lowest = {name: float(np.quantile(taken, 0.1)) * len(taken) / given.weeks for name, taken in seconds.items()}
    week = lowest.pop("step")
    print(f"\nloops called one by one: {1e3 * week:.2f} ms at its lowest tenth")
    print(f"{'part':28s} {'ms':>7s}  share of the week")
    for name, cost in sorted(lowest.items(), key=lambda part: -part[1]):
        print(f"{name:28s} {1e3 * cost:7.3f}  {cost / week:6.1%}")
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
