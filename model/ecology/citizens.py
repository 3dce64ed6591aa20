"""Citizens, the lead member and the director (§2.6): families complain, the councillor hears it, votes may decide."""

from ecology import evidence, luck, tables
from ecology.luck import Decision
from ecology.tables import Conditions, LeadMembers, Parameters
from ecology.vocabulary import WEEKS_A_YEAR

_PER_10_000 = 10_000.0


def new_table(week: int, p: Parameters) -> LeadMembers:
    """Return the lead member at the start."""
    member = tables.empty(LeadMembers, 1)
    member.present[0] = 1
    member.next_vote[0] = week + int(p.years_between_votes * WEEKS_A_YEAR)
    return member


def lead_member_hears(member: LeadMembers, complaints: int, children: float, week: int, p: Parameters) -> bool:
    """Take in a week's complaints, and say whether a local election has just cost the director the post."""
    member.complaints[0] = complaints
    a_week = complaints / max(children, 1.0) * _PER_10_000
    member.pressure[0] += float(p.load_memory) * (a_week - float(member.pressure[0]))
    if week < member.next_vote[0]:
        return False
    member.next_vote[0] = week + int(p.years_between_votes * WEEKS_A_YEAR)
    return bool(member.pressure[0] > p.pressure_that_costs_the_post)


def leaders_come_and_go(
    member: LeadMembers, conditions: Conditions, complaints: int, children: float, interim: int, seed: int, week: int,
    p: Parameters,
) -> None:  # fmt: skip
    """Let the lead member hear last week's complaints, and the director leave: by chance, by vote, or by an event.

    ``interim`` is for how many weeks an event makes an interim stand in, 0 without one. The next one's skill differs.
    """
    voted_out = lead_member_hears(member, complaints, children, week, p)
    chance = 1.0 / evidence.per_week(float(p.dcs_tenure_months), "months")
    leaves = luck.draw(seed, Decision.DCS_LEAVES.value, 0, week) < chance
    if (leaves or voted_out) and week >= conditions.interim_until[0]:
        interim = max(interim, int(p.dcs_interim_weeks))
    if interim > 0:
        conditions.interim_until[0] = conditions.dcs_since[0] = week + interim
        conditions.dcs_skill[0] = luck.normals(seed, Decision.DCS_SKILL.value, week, 1)[0]
