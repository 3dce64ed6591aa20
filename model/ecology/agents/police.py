"""The police, as a Mesa agent."""

from ecology.agents.commissioner import Commissioner
from ecology.vocabulary import Payer


class Police(Commissioner):
    """Pays for response and protection officers, and decides what to notify."""

    only_row = Payer.POLICE
