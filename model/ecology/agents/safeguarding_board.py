"""The safeguarding board, as a Mesa agent."""

from ecology.agents.window import Window


class SafeguardingBoard(Window):
    """The local safeguarding children board: meeting hours, agreement, funds."""

    table = "safeguarding_boards"
    kept = True
