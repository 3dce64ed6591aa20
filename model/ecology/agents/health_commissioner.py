"""The health commissioner (from 2013 the clinical commissioning group), as a Mesa agent."""

from ecology.agents.commissioner import Commissioner
from ecology.vocabulary import Payer


class HealthCommissioner(Commissioner):
    """Pays for child and adolescent mental health services and decides which children they accept."""

    only_row = Payer.HEALTH_COMMISSIONER
