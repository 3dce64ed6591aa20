"""The director of children's services, as a Mesa agent."""

from ecology.agents.window import Window


class DCS(Window):
    """The director of children's services, who answers for the row that the whole place shares (``Conditions``)."""

    table = "conditions"
    kept = True
    only_row = 0
    present = 1  # the table has one row, and no column for this

    @property
    def tenure_weeks(self) -> int:
        """Weeks in post, negative while somebody stands in before the next one comes."""
        return int(self.model.week - self.dcs_since)

    @property
    def is_interim(self) -> bool:
        """Whether an interim director stands in this week."""
        return self.model.week < self.interim_until
