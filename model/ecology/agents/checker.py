"""Oversight bodies, as Mesa agents."""

from ecology.agents.window import Window


class Checker(Window):
    """A body that checks: what it asks, of whom, the minutes that takes, and the drift it catches."""

    table = "checkers"
    kept = True
