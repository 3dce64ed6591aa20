"""Oversight bodies, as Mesa agents."""

from ecology.agents.window import Window
from ecology.vocabulary import Cause, words


class Checker(Window):
    """A body that checks: its line in the ledger of time, what it asks this week, and whether it is on site."""

    table = "checkers"
    kept = True

    @property
    def line(self) -> str:
        """Its line in the ledger, in words: ``inspection``, ``virtual_school_head``."""
        return words(Cause(self.cause))
