"""All state of a locality: tables of columns, and nothing else.

A table has columns of equal length (``children.stage[row]``): compiled loops and Mesa agents see the same memory.
Places are stored row by row, children and families partly. Copying every table copies the world; hashing identifies it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar, get_type_hints

import numpy as np

from ecology.bodies import Checkers, LeadMembers, Pairs, Providers, SafeguardingBoards
from ecology.columns import F4, F8, I1, I2, I4, I8, Parameters, Rows, Settings, name_columns
from ecology.vocabulary import Domain, words


class Children(NamedTuple):
    """One row a child; a row passes to the next child when one grows up or moves away (51 bytes a row)."""

    present: I1
    family: I4
    birth_week: I2
    school: I2
    need_safety: F4
    need_wellbeing: F4
    need_learning: F4
    concern_schools: I2  # what each agency has written down, in thousandths of the scale of need, when last seen
    concern_health: I2
    concern_police: I2
    concern_la_services: I2
    seen_by_schools: I2  # week in which each agency last wrote something down
    seen_by_health: I2
    seen_by_police: I2
    seen_by_la_services: I2
    stage: I1
    stage_since: I2
    last_referral: I2
    last_unmet: I2  # week in which an agency, ``unmet_by``, last turned it away or let it go with need still complex
    unmet_by: I1
    ever: I1  # bits: referred, in need, on a plan, looked after, helped early
    plans_had: I1
    case: I4


class Families(NamedTuple):
    """One row a family; its children are the rows ``first_child`` to ``first_child + n_children``."""

    present: I1
    first_child: I4
    n_children: I1
    neighbourhood: I2
    cycle_start: I4  # week in which the first child of this cycle was born
    next_birthday: I4  # week by which nobody of the family is born, turns five or eighteen
    moved_in: I4
    vulnerability: F4  # persistent, heavy-tailed
    strain: F4
    hardship: F4
    trust: F4
    help_seeking: F4
    informal_support: F4
    incident: I1  # 1 in a week with an incident


class Cases(NamedTuple):
    """One row a child who is known to somebody: the sparse table. ``child`` is -1 in a free row.

    Early help, own help and CAMHS run beside the pathway: ``…_until`` is the week in which each ends.
    """

    present: I1
    child: I4
    source: I1
    contacted: I2
    asked_severity: F4  # what the sender conveyed
    voice: F4  # urgency that a complaint has added, until the child is served
    perceived: F4  # severity as last judged by a social worker
    referred: I2
    opened: I2  # week in which the episode of need started
    worker: I4
    worker_since: I2
    seconds_owed: I8  # work left in the current process
    duplicate: I1
    own_help_until: I2
    own_help_by: I1
    camhs_waiting: I2
    camhs_refused: I2
    camhs_until: I2
    early_help_waiting: I2
    early_help_until: I2
    review_due: I2
    process_due: I2
    direct_seconds: I8  # with the child or family, last week
    help_level: F4  # smoothed direct hours a week
    package: I1
    package_since: I2
    placement: I1
    workers_had: I2
    comes_from: I2  # lineage: the week of the unmet need that this referral comes from
    far: I1  # 1 if placed far from home
    known_since: I2
    helped: I1  # 1 once anybody has begun to help


class SocialWorkers(NamedTuple):
    """One row a post with casework: filled by a permanent or an agency worker, or vacant."""

    present: I1
    team: I2
    agency: I1
    skill: F4
    fatigue: F4
    joined: I4
    vacant_since: I4
    caseload: I2
    weight: I4  # caseload weighted by the work each stage takes, in thousandths: whole numbers add up in any order
    sick: I1
    seconds_left: I8
    work_ratio: F4  # work owed over time left for it, last week
    weight_known: I4  # the weight as last reported to those who move capacity
    lent_seconds: I8  # a week, of the improvement team


class Pools(NamedTuple):
    """One row a cadre (``Cadre``): its staff as whole-time equivalents, and what they carry."""

    present: I1
    fte: F8
    seconds_left: I8  # of this week, after absence and what cannot be refused
    served: I8  # children helped this week
    direct_seconds: I8  # with children and families this week
    tasks: F8  # contacts to screen, reviews to hold: asked of the pool this week
    done: F8  # share of the tasks for which there was time this week
    load: F8  # smoothed ratio of work asked to time left for it


class Schools(NamedTuple):
    """One row a school that is open, or will open or grow in week ``opens``."""

    present: I1
    neighbourhood: I2
    secondary: I1
    kind: I1  # maintained, academy, free school
    opens: I4
    places: I4
    places_to_come: I4  # classes that a plan adds in week ``opens``
    roll: I4
    helped: I4  # pupils with pastoral support this week
    pastoral_hours: F8
    threshold: F4  # how much later than usual it acts on a concern
    exclusions: I4  # to date
    balance_pence: I8  # its part of what the schools hold together


class Commissioners(NamedTuple):
    """One row a payer (``Payer``): its money and how much of its objective is children's outcomes."""

    present: I1
    income_pence: I8  # to date
    spent_pence: I8  # to date
    income_before: I8  # to date at the start of this week
    spent_before: I8
    balance_pence: I8
    opening_pence: I8
    goal_weight: F8


class Conditions(NamedTuple):
    """One row: what the whole place shares, and remembers from week to week. Money is pounds a week at 2015 prices."""

    fear: F8
    trust: F8  # between agencies, mean of all pairs, 0 to 1
    moved_levers: F8  # how far the levers moved at the last switch, 0 to 1
    switched: F8  # week of the last switch
    interim_until: F8  # week until which an interim director stands in
    dcs_since: F8  # week in which the director came
    dcs_skill: F8  # of the director, in standard deviations
    inspected_until: F8  # week until which inspectors are on site
    far_placements: F8  # share of children in care who live far away
    front_door_load: F8
    social_work_load: F8
    early_help_pounds: F8
    early_help_pounds_at_start: F8
    social_work_posts: F8
    other_pounds_at_start: F8
    care_price: F8  # local price of care against the national unit costs
    funded: F8  # 0 while the early past is paid for as it spends, 1 from the anchor on
    pooled_pounds: F8  # moved from partners into a common pot, as agreed at the last review
    unallocated: F8
    given_to_other_teams: F8  # children whom another team than their own took, charged the week after
    approvals: F8  # decisions of this week that managers approve
    enquiries: F8  # section 47 enquiries started this week, for the police next week
    reviews: F8  # reviews and conferences of this week, to be written up by reviewing officers
    packages_waiting: F8
    places_owed: F8  # places funded for sponsors that are not yet a whole school, primary
    places_owed_secondary: F8
    places_planned: F8  # places funded under a plan that are not yet a class, primary
    places_planned_secondary: F8
    practice_found: F8  # by how much the best known practice improves help
    practice: F8  # by how much practice improves help by now
    improvement_posts: F8  # of the improvement team
    improvement_idle: F8  # 1 while no team is flagged
    negotiations: F8
    hub_decisions: F8


class Neighbourhoods(NamedTuple):
    """One row a neighbourhood on a plane."""

    present: I1
    east: F4
    north: F4
    deprivation: F4  # shift of hardship against the authority's mean
    growth: F4  # share of new families who settle here
    team: I2
    other_ccg: I1  # 1 where another health commissioner than the authority's own buys care


class Tally(NamedTuple):
    """This week's counts, time and money. Emptied at the start of the week, recorded and checked at its end."""

    flows: I8  # (Flow,)
    seconds: I8  # (Cadre, Purpose, Cause)
    offered: I8  # (Cadre,) paid and overtime seconds
    overtime: I8  # (Cadre,)
    pence: I8  # (Payer, Line)
    income: I8  # (Payer,)
    waits: F8  # (queue, 2 + edge): of those who left, sum of weeks, number, how many waited longer than each edge
    asked: F8  # (Cadre, Cause) seconds that somebody asks of a whole cadre this week and that cannot be refused
    sums: F8  # (Sum,) sums over children this week
    concerns: I8  # (Agency,) concerns written down this week
    stocks: I8  # (Stage,) children at the end of the week
    placements: I8  # (Placement,) looked-after children at the end of the week
    shunt: F8  # (Agency, Payer) pounds of 2015: what this week's open work costs, by who brought it and who pays


class Fixtures(NamedTuple):
    """What belongs to the place and is no row of anybody: free rows of cases, the nearest schools, the record."""

    free_cases: I4  # how many are free, then their row numbers
    nearest: I4  # (neighbourhood, primary or secondary, rank): school, nearest first, then -1
    kilometres: F4  # (neighbourhood, school)
    record: F8  # (week, measure), see ``record``
    shift: F8  # (neighbourhood,) mean of latent hardship


__all__ = ["Checkers", "LeadMembers", "Pairs", "Parameters", "Providers", "Rows", "SafeguardingBoards", "Settings"]
Table = TypeVar("Table", bound=tuple[Any, ...])


def dtypes(kind: type) -> dict[str, type]:
    """Return column name → NumPy type of a table class."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(kind, include_extras=True).items()}


BY_ROW = (Cases, SocialWorkers, Pools, Schools, Commissioners, Checkers, SafeguardingBoards, LeadMembers, Providers,
          Pairs, Conditions, Neighbourhoods)  # fmt: skip
"""Tables stored row by row: one argument compiles and calls faster than thirty, and a loop touches all of a row."""
PASSED_OVER = {
    Children: ("present", "family", "birth_week", "school", "stage", "case", *(f"need_{words(d)}" for d in Domain)),
    Families: ("present", "next_birthday", "vulnerability", "strain", "hardship", "incident"),
}
"""Columns that loops read of every child or family, every week: each lies by itself, the rest of a row together."""
name_columns(name for kind in BY_ROW for name in dtypes(kind))


def empty(kind: type[Table], rows: int) -> Table:
    """Return a table of zeros with ``rows`` rows."""
    columns = dtypes(kind)
    if kind in BY_ROW:
        return np.zeros(rows, np.dtype(list(columns.items()))).view(Rows)  # type: ignore[return-value]
    apart = PASSED_OVER.get(kind, columns.keys())
    together = np.zeros(rows, np.dtype([(name, dtype) for name, dtype in columns.items() if name not in apart]))
    return kind(*(np.zeros(rows, dtype) if name in apart else together[name] for name, dtype in columns.items()))


def copy(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Return an independent copy of all tables."""
    return {name: _copied(table) for name, table in tables.items()}


def _copied(table: Any) -> Any:
    if isinstance(table, Rows):
        return table.view(np.ndarray).copy().view(Rows)
    if not isinstance(table, Children | Families):
        return type(table)(*(column.copy() for column in table))
    twin = empty(type(table), table.present.size)
    for copied, column in zip(twin, table, strict=True):
        copied[:] = column
    return twin


def digest(tables: Mapping[str, Any]) -> str:
    """Return the SHA-256 of all columns in order of table and column name: equal worlds, equal digests."""
    total = hashlib.sha256()
    for name in sorted(tables):
        for column_name in tables[name]._fields:
            total.update(f"{name}.{column_name}".encode())
            total.update(np.ascontiguousarray(getattr(tables[name], column_name)).tobytes())
    return total.hexdigest()
