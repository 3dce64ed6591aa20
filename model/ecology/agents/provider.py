"""Providers, as Mesa agents."""

from ecology.agents.window import Window


class Provider(Window):
    """A provider of early help, mental health care or placements: capacity, price, quality, contract."""

    table = "providers"
    kept = True
