"""The lead member for children's services, as a Mesa agent."""

from ecology.agents.window import Window


class LeadMember(Window):
    """The councillor between the authority and its citizens: complaints, local vote, pressure on the director."""

    table = "lead_members"
    kept = True
