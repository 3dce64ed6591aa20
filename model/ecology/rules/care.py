"""Care: where a looked-after child lives and when care ends (MODEL 4.5)."""

import math

from ecology.compiled import inlined
from ecology.tables import Parameters
from ecology.vocabulary import Placement


@inlined
def placement(draw: float, age_years: float, p: Parameters) -> int:
    """Return where a child is placed: residential care is for older children, the rest foster care or relatives."""
    residential = p.residential_share_older if age_years >= p.residential_from_age else p.residential_share_younger
    if draw < residential:
        return Placement.RESIDENTIAL.value
    if draw < residential + p.family_placement_share:
        return Placement.FAMILY_OR_FRIENDS.value
    return Placement.FOSTER.value


@inlined
def chance_of_leaving_care(age_years: float, weeks_in_care: float, strain: float, p: Parameters) -> float:
    """Return the weekly chance that care ends before 18: return home, adoption or guardianship.

    Returns home are frequent in the first weeks and where the family's strain has eased; adoption is for the young
    and takes a year of court and matching.
    """
    early = p.return_home_early * p.return_home_early_kept**weeks_in_care
    home = (p.return_home_a_year / p.weeks_a_year + early) * math.exp(-p.return_home_strain * strain)
    permanent = p.guardianship_a_year
    if age_years < p.adoption_below_age and weeks_in_care >= p.adoption_weeks:
        permanent += p.adoption_a_year
    return min(home, p.return_home_cap) + permanent / p.weeks_a_year


@inlined
def highest_chance_of_leaving_care(p: Parameters) -> float:
    """Return a weekly chance of leaving care that no child exceeds."""
    return p.return_home_cap + (p.guardianship_a_year + p.adoption_a_year) / p.weeks_a_year


@inlined
def chance_of_moving(far: bool, p: Parameters) -> float:
    """Return the weekly chance that a placement breaks down and the child moves: more often far from home."""
    return p.placement_moves_a_year / p.weeks_a_year * (1.0 + (p.moves_more_far if far else 0.0))
