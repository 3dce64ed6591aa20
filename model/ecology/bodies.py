"""Tables of the bodies around a place: who checks, meets, answers to citizens, provides, and trusts whom."""

from typing import NamedTuple

from ecology.columns import F8, I1, I2, I4, I8


class Checkers(NamedTuple):
    """One row a body that checks, in the order of ``checkers.bodies()``; present from the day it exists."""

    present: I1
    cause: I2  # its line in the ledger of time
    asked_seconds: I8  # this week, of all staff
    inspecting: I1  # 1 while it is on site


class SafeguardingBoards(NamedTuple):
    """One row: the local safeguarding children board, and from September 2019 the three partners in its place."""

    present: I1
    agreement: F8  # on what the threshold document means, 0 to 1
    meeting_hours: F8  # this week, of all who attend
    spent_pence: I8  # to date
    partners_only: I1  # 1 once three partners have taken over


class LeadMembers(NamedTuple):
    """One row: the councillor between the authority and its citizens."""

    present: I1
    complaints: I8  # of the last week
    pressure: F8  # complaints a week per 10,000 children, smoothed
    next_vote: I4  # week of the next local election


class Providers(NamedTuple):
    """One row a ``Service``: who provides it, for how many, at which price and how well."""

    present: I1
    sector: I1
    service: I1
    capacity: F8  # children
    used: F8  # children
    price: F8  # against the usual one, 1
    quality: F8  # effect of an hour of its help against the usual, 1
    contract_until: I4


class Pairs(NamedTuple):
    """One row a pair of agencies: what they have learned to expect of each other."""

    present: I1
    one: I1
    other: I1
    trust: F8  # 0 to 1
    agreement: F8  # share of what they know that they tell each other without being asked, 0 to 1
