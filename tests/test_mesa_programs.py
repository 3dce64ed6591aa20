"""The same program gives the same answer on windows as on ordinary Mesa agents; whole columns need no agents."""

import copy
import inspect
import statistics
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from ecology.agents import Child, School, Window, WindowSet
from ecology.agents.window_set import WindowGroups
from tests.toy_town import FAMILIES, Household, PlainTown, Town


def rows(agents: Any) -> list[int]:
    return [agent.row for agent in agents]


def strained(agent: Any) -> bool:
    return bool(agent.strain > 0.5)


def worsen(agent: Any, by: float) -> float:
    return float(agent.worsen(by))


def after(agents: Any, change: Any) -> Any:
    """Return what has become of the strains after a change that may return the set."""
    return rows(change), agents.get("strain")


def visited(agents: Any) -> list[int]:
    seen: list[int] = []
    agents.shuffle_do(lambda agent: seen.append(agent.row))
    return seen


PROGRAMS: dict[str, Callable[[Any], Any]] = {
    "len": len,
    "bool": bool,
    "empty": lambda s: (bool(s.select(lambda a: False)), len(s.select(lambda a: False))),
    "iterate": rows,
    "iterate twice": lambda s: (rows(s), rows(s)),
    "item": lambda s: (s[0].row, s[3].row, s[-1].row, s[np.int64(2)].row),
    "slice": lambda s: (type(s[2:9:3]).__name__, rows(s[2:9:3]), rows(s[::-1])),
    "contains": lambda s: (s[2] in s, s[2] in s.select(strained), "nobody" in s),
    "index and count": lambda s: (s.index(s[4]), s.count(s[4]), rows(reversed(s))),
    "select all": lambda s: rows(s.select()),
    "select by function": lambda s: rows(s.select(strained)),
    "select at most a number": lambda s: rows(s.select(at_most=5)),
    "select at most one": lambda s: rows(s.select(at_most=1)),
    "select at most a share": lambda s: rows(s.select(at_most=0.4)),
    "select at most all": lambda s: rows(s.select(at_most=1.0)),
    "select at most 2.5": lambda s: rows(s.select(at_most=2.5)),
    "select at most of some": lambda s: rows(s.select(strained, at_most=2)),
    "select at most a share of some": lambda s: rows(s.select(strained, at_most=0.5)),
    "select by type": lambda s: (len(s.select(agent_type=mesa.Agent)), len(s.select(agent_type=School))),
    "select in place": lambda s: (lambda t: (rows(t.select(strained, inplace=True)), rows(t)))(s.select()),
    "shuffle": lambda s: rows(s.shuffle()),
    "shuffle twice": lambda s: (rows(s.shuffle()), rows(s.shuffle()), rows(s)),
    "shuffle in place": lambda s: (lambda t: (rows(t.shuffle(inplace=True)), rows(t)))(s.select()),
    "sort": lambda s: rows(s.sort("strain")),
    "sort ascending": lambda s: rows(s.sort("strain", ascending=True)),
    "sort by function": lambda s: rows(s.sort(lambda a: -a.strain)),
    "sort is stable": lambda s: (rows(s.sort("neighbourhood")), rows(s.sort("neighbourhood", ascending=True))),
    "sort by property": lambda s: rows(s.sort("twice")),
    "sort by dotted name": lambda s: rows(s.sort("strain.real")),
    "sort in place": lambda s: (lambda t: (rows(t.sort("strain", inplace=True)), rows(t)))(s.select()),
    "do by name": lambda s: after(s, s.do("worsen")),
    "do by name with arguments": lambda s: after(s, s.do("worsen", by=0.5)),
    "do a function": lambda s: after(s, s.do(worsen, 1.0)),
    "shuffle_do by name": lambda s: after(s, s.shuffle_do("worsen", 0.5)),
    "shuffle_do visits in random order": lambda s: visited(s),
    "map by name": lambda s: s.map("worsen", 0.5),
    "map a function": lambda s: s.map(worsen, by=0.5),
    "get": lambda s: s.get("strain"),
    "get several": lambda s: s.get(["strain", "neighbourhood"]),
    "get none": lambda s: s.get([]),
    "get property": lambda s: s.get("twice"),
    "get missing": lambda s: s.get("shoe_size", handle_missing="default", default_value=7),
    "get several, one missing": lambda s: s.get(["strain", "shoe_size"], "default"),
    "set": lambda s: after(s, s.set("strain", 0.75)),
    "set for some": lambda s: (rows(s.select(strained).set("strain", 0.0)), s.get("strain")),
    "agg": lambda s: s.agg("strain", sum),
    "agg several": lambda s: s.agg("strain", [min, max, np.mean, statistics.median, len, sorted]),
    "agg by a tuple of functions": lambda s: s.agg("strain", (min, max)),
    "agg needs a list": lambda s: s.agg("neighbourhood", lambda values: values.count(1)),
    "agg property": lambda s: s.agg("twice", np.mean),
    "groupby count": lambda s: s.groupby("neighbourhood").count(),
    "groupby order": lambda s: list(s.sort("strain").groupby("neighbourhood").count()),
    "groupby function": lambda s: s.groupby(strained).count(),
    "groupby property": lambda s: s.groupby("twice").count(),
    "groupby agg": lambda s: s.groupby("neighbourhood").agg("strain", np.mean),
    "groupby agg property": lambda s: s.groupby("neighbourhood").agg("twice", sum),
    "groupby map by name": lambda s: s.groupby("neighbourhood").map("get", "strain"),
    "groupby map function": lambda s: s.groupby("neighbourhood").map(lambda group, power: len(group) ** power, power=2),
    "groupby do": lambda s: (len(s.groupby("neighbourhood").do("do", "worsen")), s.get("strain")),
    "groupby do function": lambda s: (s.groupby(strained).do(lambda g: g.set("strain", 0.0)).count(), s.get("strain")),
    "groupby iterate": lambda s: [(key, rows(group)) for key, group in s.groupby("neighbourhood")],
    "groupby len": lambda s: len(s.groupby("neighbourhood")),
    "groupby groups": lambda s: {key: len(group) for key, group in s.groupby("neighbourhood").groups.items()},
    "groupby lists": lambda s: [(type(g).__name__, rows(g)) for _, g in s.groupby("neighbourhood", "list")],
    "groupby lists agg": lambda s: s.groupby("neighbourhood", result_type="list").agg("strain", max),
    "and": lambda s: rows(s.select(strained) & s.select(at_most=5)),
    "or": lambda s: sorted(rows(s.select(strained) | s.select(at_most=5))),
    "minus": lambda s: rows(s - s.select(strained)),
    "xor": lambda s: sorted(rows(s.select(strained) ^ s.select(at_most=5))),
    "comparisons": lambda s: (s.select(strained) <= s, s.select(strained) < s, s <= s.select(strained), s >= s),
    "equal": lambda s: (s == s.select(), s == s.select(strained), s != s.select()),
    "disjoint": lambda s: (s.isdisjoint(s.select(strained)), (s - s.select(strained)).isdisjoint(s.select(strained))),
    "copy": lambda s: (rows(copy.copy(s)), copy.copy(s) is s),
    "add": lambda s: (lambda t: (t.add(s[0]), t.add(s[0]), rows(t))[2])(s.select(lambda a: a.row > 8)),
    "discard": lambda s: (lambda t: (t.discard(s[0]), t.discard(s[0]), rows(t))[2])(s.select()),
    "remove": lambda s: (lambda t: (t.remove(s[0]), rows(t))[1])(s.select()),
    "random": lambda s: s.random.random(),
}


@pytest.fixture(name="town")
def _town() -> Town:
    return Town()


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_gives_the_same_on_windows_as_on_plain_agents(program: Callable[[Any], Any], town: Town) -> None:
    plain = PlainTown()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # Mesa 3.5 on indexing its own sets
        expected = program(AgentSet(plain.homes, plain.random))
    assert program(town.agents_by_type[Household]) == expected


def test_the_plain_town_is_alive() -> None:
    plain = PlainTown()
    some = AgentSet(plain.homes, plain.random).select(strained)
    assert 0 < len(some) < len(plain.homes) == FAMILIES


def test_errors_are_those_of_mesa(town: Town) -> None:
    plain = PlainTown()
    for agents in (town.agents_by_type[Household], AgentSet(plain.homes, plain.random)):
        with pytest.raises(AttributeError, match="shoe_size"):
            agents.get("shoe_size")
        with pytest.raises(ValueError, match="handle_missing"):
            agents.get("strain", handle_missing="perhaps")
        with pytest.raises(IndexError), warnings.catch_warnings():
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            agents[FAMILIES]
        with pytest.raises(KeyError):
            agents.select(strained).remove(next(iter(agents - agents.select(strained))))


def mesa_functions(cls: type) -> Iterator[str]:
    for base in cls.__mro__:
        for name, value in vars(base).items():
            if base.__module__.startswith("mesa.") and (inspect.isfunction(value) or isinstance(value, property)):
                yield name


def test_no_operation_of_mesas_set_is_left_as_mesa_wrote_it() -> None:
    """Whatever Mesa's set can do holds agents weakly. A new operation in a new Mesa must be written here too."""
    static = inspect.getattr_static
    left = {name for name in mesa_functions(AgentSet) if static(WindowSet, name) is static(AgentSet, name)}
    assert left <= {"_update"}, f"Mesa {mesa.__version__}: not overridden: {left}"
    assert not hasattr(WindowSet(Town(), [Household]), "_agents")
    groups = {name for name in mesa_functions(WindowGroups) if not name.startswith("_")}
    assert groups == {"map", "do", "count", "agg"}  # what is left uses only the groups, which are sets of ours


def test_a_stock_group_over_windows_would_be_silently_wrong(town: Town) -> None:
    """The reason for all this: if Mesa ever holds agents strongly, much of it can go."""
    stock = AgentSet(iter(town.agents_by_type[Household]), town.random)
    assert len(stock) == 0


@pytest.fixture(name="made")
def _made(monkeypatch: pytest.MonkeyPatch) -> list[type]:
    made: list[type] = []
    original = Window.__init__

    def counted(self: Window, *args: Any, **kwargs: Any) -> None:
        made.append(type(self))
        original(self, *args, **kwargs)

    monkeypatch.setattr(Window, "__init__", counted)
    return made


WHOLE_COLUMN: dict[str, Callable[[Town], Any]] = {
    "len": lambda t: len(t.agents_by_type[Household]),
    "repr": lambda t: repr(t.agents),
    "types": lambda t: (t.agent_types, t.agents_by_type),
    "get": lambda t: t.agents_by_type[Household].get("strain"),
    "get several": lambda t: t.agents_by_type[Child].get(["stage", "need_safety"]),
    "get a shared attribute": lambda t: t.agents.select(agent_type=Household).get("present"),
    "get missing": lambda t: t.agents.get("strain", handle_missing="default"),
    "agg": lambda t: t.agents_by_type[Household].agg("strain", [min, np.mean]),
    "set": lambda t: t.agents_by_type[Household].set("strain", 0.5),
    "set each": lambda t: t.agents_by_type[Household].set("strain", [0.5] * FAMILIES),
    "groupby count": lambda t: t.agents_by_type[Household].groupby("neighbourhood").count(),
    "groupby agg": lambda t: t.agents_by_type[Household].groupby("neighbourhood").agg("strain", np.mean),
    "groupby map": lambda t: t.agents_by_type[Household].groupby("neighbourhood").map("agg", "strain", max),
    "select by type": lambda t: len(t.agents.select(agent_type=Child, at_most=3)),
    "sort": lambda t: t.agents_by_type[Household].sort("strain").get("strain"),
    "shuffle": lambda t: t.agents_by_type[Household].shuffle().get("strain"),
}


@pytest.mark.parametrize("operation", WHOLE_COLUMN.values(), ids=WHOLE_COLUMN)
def test_whole_column_operations_make_no_agents(operation: Callable[[Town], Any], town: Town, made: list[type]) -> None:
    operation(town)
    assert made == []
    town.agents_by_type[Household].map(strained)
    assert made == [Household] * FAMILIES  # the counter counts


def test_a_loop_makes_agents_one_at_a_time(town: Town) -> None:
    alive: weakref.WeakSet[Window] = weakref.WeakSet()
    most = 0
    for agent in town.agents_by_type[Household]:
        alive.add(agent)
        most = max(most, len(alive))
    assert most <= 2
