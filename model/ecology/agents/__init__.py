"""Agents as a Mesa user knows them: windows on the rows in which a locality keeps its state."""

from ecology.agents.checker import Checker
from ecology.agents.child import Child
from ecology.agents.column_model import ColumnModel
from ecology.agents.commissioner import Commissioner
from ecology.agents.dcs import DCS
from ecology.agents.family import Family
from ecology.agents.health_commissioner import HealthCommissioner
from ecology.agents.lead_member import LeadMember
from ecology.agents.local_authority import LocalAuthority
from ecology.agents.police import Police
from ecology.agents.provider import Provider
from ecology.agents.safeguarding_board import SafeguardingBoard
from ecology.agents.school import School
from ecology.agents.social_worker import SocialWorker
from ecology.agents.window import Window
from ecology.agents.window_set import WindowSet

KINDS: tuple[type[Window], ...] = (
    Child,
    Family,
    School,
    SocialWorker,
    HealthCommissioner,
    Police,
    LocalAuthority,
    Provider,
    DCS,
    LeadMember,
    SafeguardingBoard,
    Checker,
)
"""Every kind of agent. A kind whose table a model does not have has no agents there."""

__all__ = [
    "DCS",
    "KINDS",
    "Checker",
    "Child",
    "ColumnModel",
    "Commissioner",
    "Family",
    "HealthCommissioner",
    "LeadMember",
    "LocalAuthority",
    "Police",
    "Provider",
    "SafeguardingBoard",
    "School",
    "SocialWorker",
    "Window",
    "WindowSet",
]
