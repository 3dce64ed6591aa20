"""The ledger of children, time and money: emptied every week, filled by what happens, conserved exactly."""

import numpy as np

from ecology.tables import Commissioners, Schools, Tally
from ecology.vocabulary import (
    WAIT_EDGES,
    Agency,
    Cadre,
    Cause,
    Flow,
    Line,
    Payer,
    Placement,
    Purpose,
    Queue,
    Stage,
    Sum,
)


def new_tally() -> Tally:
    """Return an empty week of the ledger."""
    return Tally(
        flows=np.zeros(len(Flow), np.int64),
        seconds=np.zeros((len(Cadre), len(Purpose), len(Cause)), np.int64),
        offered=np.zeros(len(Cadre), np.int64),
        overtime=np.zeros(len(Cadre), np.int64),
        pence=np.zeros((len(Payer), len(Line)), np.int64),
        income=np.zeros(len(Payer), np.int64),
        waits=np.zeros((len(Queue), 2 + len(WAIT_EDGES))),
        asked=np.zeros((len(Cadre), len(Cause))),
        sums=np.zeros(len(Sum)),
        concerns=np.zeros(len(Agency), np.int64),
        stocks=np.zeros(len(Stage), np.int64),
        placements=np.zeros(len(Placement), np.int64),
        shunt=np.zeros((len(Agency), len(Payer))),
    )


def open_week(tally: Tally, commissioners: Commissioners) -> None:
    """Empty the ledger for a new week. What was asked of staff last week stays: it is due now."""
    for column in (tally.flows, tally.seconds, tally.offered, tally.overtime, tally.pence, tally.income, tally.waits):
        column[...] = 0
    tally.sums[:] = 0.0
    commissioners.income_before[:] = commissioners.income_pence
    commissioners.spent_before[:] = commissioners.spent_pence


class Unbalanced(AssertionError):
    """The ledger does not balance: children, time or money appeared or vanished. A fault of the program."""


def check(now: int, commissioners: Commissioners, schools: Schools, tally: Tally, before: int, week: int) -> None:
    """Raise Unbalanced unless children, time and money of this week are conserved exactly.

    Args:
        now: how many children there are, counted from their table.
        commissioners: money to date of every payer.
        schools: their parts of what the schools hold.
        tally: this week's ledger.
        before: children at the end of last week.
        week: for the message.
    """
    flows = tally.flows
    moved = int(flows[Flow.BIRTHS] + flows[Flow.ARRIVALS] - flows[Flow.AGED_OUT] - flows[Flow.DEPARTURES])
    if int(tally.stocks.sum()) != now or before + moved != now:
        raise Unbalanced(
            f"week {week}: {now} children, {int(tally.stocks.sum())} in a stage, {before} before, {moved:+d} moved"
        )
    booked = tally.seconds.sum(axis=(1, 2))
    if (tally.seconds < 0).any():
        cadre, purpose, cause = (int(where) for where in np.argwhere(tally.seconds < 0)[0])
        raise Unbalanced(
            f"week {week}: {Cadre(cadre).name}: less than no time for {Purpose(purpose).name} ({Cause(cause).name})"
        )
    if (booked != tally.offered).any():
        cadre = Cadre(int(np.argmax(booked != tally.offered)))
        raise Unbalanced(f"week {week}: {cadre.name}: {tally.offered[cadre]} seconds offered, {booked[cadre]} booked")
    books = (
        (commissioners.income_pence - commissioners.income_before != tally.income)
        | (commissioners.spent_pence - commissioners.spent_before != tally.pence.sum(axis=1))
    )  # fmt: skip
    if books.any():
        payer = Payer(int(np.argmax(books)))
        raise Unbalanced(f"week {week}: {payer.name}: the week's books differ from what was received and spent to date")
    balance = commissioners.opening_pence + commissioners.income_pence - commissioners.spent_pence
    if (balance != commissioners.balance_pence).any():
        payer = Payer(int(np.argmax(balance != commissioners.balance_pence)))
        raise Unbalanced(
            f"week {week}: {payer.name}: balance {commissioners.balance_pence[payer]}, should be {balance[payer]}"
        )
    if int(schools.balance_pence.sum()) != int(commissioners.balance_pence[Payer.SCHOOLS]):
        raise Unbalanced(f"week {week}: the schools' balances do not add up to what they hold together")


def check_known(astray: int, unknown: int, week: int) -> None:
    """Raise Unbalanced unless children and the table of known children point at each other.

    ``astray`` and ``unknown`` are counted with the children themselves (see ``recording.count_children``).
    """
    if astray > 0:
        raise Unbalanced(f"week {week}: children and the table of known children disagree")
    if unknown > 0:
        raise Unbalanced(f"week {week}: a child in a stage is unknown to everybody")
