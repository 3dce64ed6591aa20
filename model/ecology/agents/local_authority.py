"""The local authority, as a Mesa agent."""

from ecology.agents.commissioner import Commissioner
from ecology.vocabulary import Payer


class LocalAuthority(Commissioner):
    """Pays for placements, social work, the front door and early help."""

    only_row = Payer.AUTHORITY
