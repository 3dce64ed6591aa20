"""The register of the paper's claims: read, checked, and held against what this version of the model has.

A claim whose lever, parameter, event, outcome, measure or function does not exist is not in the model yet, and says so.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

from ecology.errors import BadInput, no_such

KINDS = ("claim", "recommendation", "fact", "value")
CLAIMED = ("higher", "lower", "same")
TEXTS = ("kind", "where", "says", "treated", "rival", "lacks", "claimed")
OF_CLAIM = (*TEXTS, "mechanism", "tests", "bundles", "outcomes", "years")
OF_TEST = (
    "asks",
    "both",
    "with",
    "against",
    "elsewhere",
    "outcome",
    "measure",
    "mean",
    "smallest",
    "claimed",
    "years",
    "lacks",
)
OF_ARM = ("regime", "pressure", "levers", "parameters", "failure_modes", "events")
Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """One comparison that speaks for or against a claim: arms as changes of the base scenario, and what is measured.

    The result is ``first`` minus ``second``; with two more arms, less the same difference between them.
    """

    name: str
    asks: str
    arms: tuple[Changes, ...]
    outcome: str
    measure: bool
    mean: bool
    smallest: float
    claimed: str
    years: int
    lacks: str


@dataclass(frozen=True)
class Claim:
    """One claim, recommendation, fact or value of the paper, with its mechanism, its rival and its tests."""

    name: str
    kind: str
    where: str
    says: str
    rival: str = ""
    treated: str = ""
    mechanism: tuple[str, ...] = ()
    trials: tuple[Trial, ...] = field(default=())


@cache
def claims() -> Mapping[str, Claim]:
    """Return all claims by name, in the order of ``claims.toml``."""
    return read(tomllib.loads(files("experiments").joinpath("claims.toml").read_text(encoding="utf-8")))


def chosen(name: str | None) -> list[Claim]:
    """Return one claim by name, or all. Raises BadInput for an unknown name."""
    if name is None:
        return list(claims().values())
    padded = re.sub(r"^C(\d)$", r"C0\1", name.upper())  # C7 is C07
    if padded not in claims():
        raise no_such("claim", name, claims(), "--claim")
    return [claims()[padded]]


def read(tables: Mapping[str, Any]) -> dict[str, Claim]:
    """Return the claims of a table; raise BadInput with every fault of its form."""
    base = tables.get("base", {})
    named = {name: table for name, table in tables.items() if name != "base"}
    faults = [fault for name, table in named.items() for fault in _faults(name, table)]
    if faults:
        raise BadInput("\n".join(faults))
    return {name: _claim(name, table, base) for name, table in named.items()}


def _claim(name: str, table: Mapping[str, Any], base: Changes) -> Claim:
    told = {key: table[key] for key in ("kind", "where", "says", "rival", "treated") if key in table}
    tests = [_test(f"{name}.{number}", one, base) for number, one in enumerate(table.get("tests", []), start=1)]
    if "bundles" in table:
        tests = list(_bundle_tests(name, table, base))
    return Claim(name, **told, mechanism=tuple(table["mechanism"]), trials=tuple(tests))


def _test(name: str, table: Mapping[str, Any], base: Changes) -> Trial:
    worlds = [merged(base, table.get("both", {}))]
    if "elsewhere" in table:
        worlds.append(merged(worlds[0], table["elsewhere"]))
    arms = tuple(merged(world, table[arm]) for world in worlds for arm in ("with", "against"))
    return Trial(
        name, table["asks"], arms, table.get("outcome") or table["measure"], "measure" in table,
        table.get("mean", False), float(table.get("smallest", 0.0)), table["claimed"], table.get("years", 0),
        table.get("lacks", ""),
    )  # fmt: skip


def _bundle_tests(name: str, table: Mapping[str, Any], base: Changes) -> Iterator[Trial]:
    """Yield a test of some recommendations together at each value of ``decision_hub``."""
    from ecology.lever_tables import bundles
    from ecology.scenario_limits import first_day

    some = [bundles()[one] for one in table["bundles"]]
    levers = {lever: value for one in some for lever, value in one.levers.items()}
    joint = any(one.joint_inspection for one in some)
    events = [{"date": first_day(), "kind": "joint_inspection", "size": 1.0}] if joint else []
    asked, years = product(table["outcomes"], some[0].decision_hub), table.get("years", 0)
    for number, (outcome, hub) in enumerate(asked, start=1):
        world = merged(base, {"levers": {"decision_hub": hub}})
        bundled = " and ".join(spelt(one.name) for one in some)
        asks = f"{bundled} ({accountability(hub)}): does it make {spelt(outcome)} {table['claimed']}?"
        arms = (merged(world, {"levers": levers, "events": events}), world)
        yield Trial(
            f"{name}.{number}", first_upper(asks), arms, outcome, False, False, 0.0, table["claimed"], years, ""
        )


def first_upper(text: str) -> str:
    """Return a text as it starts a sentence."""
    return text[:1].upper() + text[1:]


def accountability(hub: float) -> str:
    """Return with or without single accountability, in words."""
    return "with one who decides and answers for all" if hub else "with each deciding for its own part"


def spelt(name: str) -> str:
    """Return a name without underscores."""
    return name.replace("_", " ")


def merged(one: Changes, other: Changes) -> dict[str, Any]:
    """Return changes with others on top; tables are merged, everything else is replaced."""
    told = {**one, **other}
    for name in ("levers", "parameters", "failure_modes"):
        if name in one or name in other:
            told[name] = {**one.get(name, {}), **other.get(name, {})}
    return told


def _faults(name: str, table: Any) -> Iterator[str]:
    """Yield what is wrong with the form of one claim."""
    where = f"claims.toml: {name}"
    if not isinstance(table, dict):
        yield f"{where}: must be a table."
        return
    yield from (str(no_such("field", key, OF_CLAIM, where)) for key in table if key not in OF_CLAIM)
    yield from (f"{where}: {key} is missing." for key in ("kind", "where", "says", "mechanism") if key not in table)
    if table.get("kind") not in KINDS:
        yield str(no_such("kind of claim", str(table.get("kind")), KINDS, where))
    tested = table.get("kind") in ("claim", "recommendation")
    if tested != bool(table.get("tests") or table.get("bundles")):
        yield f"{where}: a claim or recommendation has tests, a fact or value has none."
    if tested != ("rival" in table) or tested == ("treated" in table):
        yield f"{where}: a claim or recommendation names its rival; a fact or value says how it is treated."
    if "bundles" in table and (table.get("claimed") not in CLAIMED or not table.get("outcomes")):
        yield f"{where}: bundles are judged by outcomes, claimed to be {', '.join(CLAIMED)}."
    for number, one in enumerate(table.get("tests", []), start=1):
        yield from _test_faults(f"{where}.{number}", one)


def _test_faults(where: str, table: Mapping[str, Any]) -> Iterator[str]:
    if table.get("claimed") not in CLAIMED:
        yield str(no_such("direction", str(table.get("claimed")), CLAIMED, where))
    if ("outcome" in table) == ("measure" in table):
        yield f"{where}: names either an outcome or a measure."
    if ("measure" in table) != ("smallest" in table):
        yield f"{where}: a measure says which difference is the smallest that matters; an outcome has its own."
    yield from (str(no_such("field", key, OF_TEST, where)) for key in table if key not in OF_TEST)
    yield from (f"{where}: {key} is missing." for key in ("asks", "with", "against") if key not in table)
    for arm in ("both", "with", "against", "elsewhere"):
        keys = table.get(arm, {})
        yield from (str(no_such("field", key, OF_ARM, f"{where}: {arm}")) for key in keys if key not in OF_ARM)


def lacking(claim: Claim) -> list[str]:
    """Return what a claim needs of its mechanism that this version does not have."""
    return [f"no {place}" for place in claim.mechanism if not carried(place)]


def lacking_trial(test: Trial) -> list[str]:
    """Return what one test needs that this version of the model does not have, in words; empty if it can run."""
    from ecology.evidence import register
    from ecology.lever_tables import event_kinds, levers
    from ecology.outcomes import OUTCOMES
    from ecology.record import COLUMN

    found = [test.lacks] if test.lacks else []
    known = COLUMN if test.measure else OUTCOMES
    if test.outcome not in known:
        found.append(f"nothing counts {test.outcome}")
    for arm in test.arms:
        found += [f"no parameter {name}" for name in arm.get("parameters", {}) if name not in register()]
        for name, value in arm.get("levers", {}).items():
            if name not in levers() or (value and not levers()[name].active):
                found.append(f"no mechanism for the lever {name}")
        for event in arm.get("events", []):
            if not event_kinds()[event["kind"]].active:
                found.append(f"no mechanism for the event {event['kind']}")
    return list(dict.fromkeys(found))


def carried(place: str, root: Path | None = None) -> bool:
    """Return whether ``model/ecology/file.py:name`` (a function or class) or ``…toml:name`` (a table) exists.

    In an installed package the folder ``model`` is not there: names are then looked up in the package itself.
    """
    file, _, name = place.partition(":")
    path = (root / file) if root else Path(str(files("ecology"))) / file.removeprefix("model/ecology/")
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        table = tomllib.loads(text)
        return name in table or any(name in inner for inner in table.values() if isinstance(inner, dict))
    return re.search(rf"^\s*(?:def|class) {re.escape(name)}\b", text, re.M) is not None


REGISTER = "register"
"""What stands for the register's value of a parameter, whatever a member of the ensemble has."""


def resolved(changes: Changes) -> dict[str, Any]:
    """Return changes as a scenario takes them: ends of ranges, and values of the register, as numbers."""
    from ecology.evidence import register

    told = dict(changes)
    known = {
        name: {"low": register()[name].range[0], "high": register()[name].range[1], REGISTER: register()[name].value}
        for name in changes.get("parameters", {})
    }
    told["parameters"] = {
        name: known[name][value] if isinstance(value, str) else value
        for name, value in changes.get("parameters", {}).items()
    }
    events = changes.get("events", [])
    assert all(isinstance(event["date"], datetime.date) for event in events)
    return told
