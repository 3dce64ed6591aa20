"""The safeguarding board: whoever meets agrees, for a while, on what the threshold document means."""

from functools import lru_cache

import numpy as np

from ecology import luck, tables
from ecology.luck import Decision
from ecology.tables import Checkers, Parameters, SafeguardingBoards
from ecology.vocabulary import SECONDS_AN_HOUR, WEEKS_A_YEAR, Agency, Cause


def new_table(p: Parameters) -> SafeguardingBoards:
    """Return the board at the start, with the agreement at which learning and forgetting balance."""
    board = tables.empty(SafeguardingBoards, 1)
    board.present[0] = 1
    board.agreement[0] = p.board_agreement_a_year / (p.board_agreement_a_year + p.board_forgets_a_year)
    return board


def board_meets(board: SafeguardingBoards, changed: float, partners_only: bool, p: Parameters) -> float:
    """Let a week's meetings add to what is agreed and staff turnover and change take from it; return how much it meets.

    ``changed`` is how far this week's switch of regime moved levers (0 in all other weeks): old agreements lapse.
    With ``partners_only`` (from September 2019) three partners meet in the board's place, for a share of its hours.
    """
    board.partners_only[0] = 1 if partners_only else 0
    meets = float(p.three_partners_meet) if board.partners_only[0] else 1.0
    agreed = float(board.agreement[0])
    agreed += (
        float(p.board_agreement_a_year) * meets * (1.0 - agreed) - float(p.board_forgets_a_year) * agreed
    ) / WEEKS_A_YEAR
    board.agreement[0] = agreed * (1.0 - changed)
    return meets


def misfit(board: SafeguardingBoards, seed: int, p: Parameters) -> np.ndarray:
    """Return by agency by how much its own reading of the threshold document is off, in units of need."""
    return float(p.threshold_misfit) * (1.0 - float(board.agreement[0])) * _readings(seed)


@lru_cache(maxsize=1)
def _readings(seed: int) -> np.ndarray:
    """Return by agency how it reads the threshold document, drawn once for a place, about their mean."""
    reading = luck.normals(seed, Decision.AGENCY_TRAIT.value, 0, len(Agency))
    return np.asarray(reading - reading.mean())


def count_hours(board: SafeguardingBoards, checkers: Checkers) -> None:
    """Put down the hours that the board's chair asks of everybody this week."""
    rows = zip(checkers.cause.tolist(), checkers.asked_seconds.tolist(), strict=True)
    seconds = sum(asked for cause, asked in rows if cause == Cause.SAFEGUARDING_BOARD_CHAIR)
    board.meeting_hours[0] = seconds / SECONDS_AN_HOUR
