"""What those who hold a budget have in common, as Mesa agents."""

from ecology.agents.window import Window
from ecology.vocabulary import PENCE_A_POUND


class Commissioner(Window):
    """One payer: its money to date, and how much of its objective is what becomes of children."""

    table = "commissioners"
    kept = True

    @property
    def balance_pounds(self) -> float:
        """What it holds, in pounds."""
        return self.balance_pence / PENCE_A_POUND
