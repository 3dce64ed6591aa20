"""Providers, as Mesa agents."""

from ecology.agents.window import Window
from ecology.vocabulary import words
from ecology.vocabulary_of_bodies import Sector, Service


class Provider(Window):
    """A provider of early help, mental health care or placements: capacity, price, quality, contract."""

    table = "providers"
    kept = True

    @property
    def service_name(self) -> str:
        """What it provides, in words: ``residential_care``."""
        return words(Service(self.service))

    @property
    def sector_name(self) -> str:
        """Who runs it, in words: ``voluntary``."""
        return words(Sector(self.sector))
