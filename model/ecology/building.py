"""Building a place: all its tables, from an authority's published inputs, in the first week of the past."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ecology import board, checkers, citizens, ledger, market, pairs, population, record, school_places, tables
from ecology.evidence.profiles import Profile
from ecology.pressures import Pressures
from ecology.tables import Conditions, Neighbourhoods, Parameters, Pools, SocialWorkers
from ecology.vocabulary import FIRST_YEAR, WEEKS_A_YEAR, Cadre, Flow, Payer, Placement
from ecology.week import schooling, staffing

_PER_10_000 = 10_000.0


@dataclass(frozen=True)
class Budget:
    """The authority's spending of the year ending March 2010, pounds a week at 2015 prices, by what the model does."""

    looked_after: float
    safeguarding: float
    early_help: float
    other: float

    def posts(self, p: Parameters) -> float:
        """Return the posts with casework that the safeguarding line pays for."""
        share = 1.0 - float(p.front_door_share) - float(p.reviewing_share)
        return self.safeguarding * share * WEEKS_A_YEAR / float(p.cost_social_work_post)


def budget_of_2010(place: Profile, pressures: Pressures) -> Budget:
    """Return the budget of the first published year: early help is Sure Start, family support and young people."""
    year = place.years.index(FIRST_YEAR)
    unit = 1.0 / pressures.price_level(-1) / WEEKS_A_YEAR
    looked_after = float(place.spend_looked_after[year]) * unit
    safeguarding = float(place.spend_safeguarding[year]) * unit
    early = (
        float(place.spend_sure_start[year] + place.spend_family_support[year] + place.spend_young_people[year]) * unit
    )
    total = float(place.spend_total[year]) * unit
    return Budget(looked_after, safeguarding, early, total - looked_after - safeguarding - early)


def partner_pounds(children: int, p: Parameters) -> dict[Payer, float]:
    """Return what each partner has for these children in April 2010, pounds a week at 2015 prices."""
    per_10_000 = children / _PER_10_000 / WEEKS_A_YEAR
    return {
        Payer.SCHOOLS: per_10_000 * float(p.pastoral_posts * p.cost_pastoral_post),
        Payer.HEALTH_COMMISSIONER: children * float(p.camhs_spending) / WEEKS_A_YEAR,
        Payer.PUBLIC_HEALTH: per_10_000 * float(p.community_health_posts * p.cost_community_health_post),
        Payer.POLICE: per_10_000 * float(p.police_posts * p.cost_police_post),
    }


def build(pressures: Pressures, budget: Budget, seed: int, first: int, last: int, p: Parameters) -> dict[str, Any]:
    """Return all tables of a place as it stands in week ``first``, with room to record until week ``last``."""
    start = round(pressures.children(first))
    most = max(pressures.children(week) for week in range(first, last, WEEKS_A_YEAR))
    posts = budget.posts(p)
    teams = max(round(posts / float(p.posts_a_team)), 1)
    places = population.lay_out_neighbourhoods(start, teams, seed, p)
    shift = population.hardship_shift(places, pressures.poverty_percent(first), p)
    families, children = population.found(start, most / start, places, shift, seed, first, p)
    cases, free = population.empty_cases(math.ceil(children.present.size * p.known_children_at_start))
    pastoral_hours = start / _PER_10_000 * float(p.pastoral_posts * p.hours_a_week)
    schools = school_places.build_schools(start, places, pastoral_hours, seed, p)
    nearest, kilometres = school_places.lay_of_the_land(schools, places, p)
    since_september = (first - int(p.school_starts_in_week)) % WEEKS_A_YEAR
    unheard = np.zeros(len(Flow), np.int64)
    schooling.pupils_are_admitted(children, families, schools, nearest, unheard, since_september, seed, first, p)
    school_places.share_pastoral_hours(schools)
    population.start_with_known_children(children, families, cases, free, seed, first, p)
    money = tables.empty(tables.Commissioners, len(Payer))
    money.present[:] = 1
    money.goal_weight[:] = p.goal_weight_alone
    workers, pools = _social_workers(posts, places, seed, first, p), _pools(budget, p)
    pools.fte[Cadre.SOCIAL_WORKER] = workers.present.sum()
    placements = np.bincount(cases.placement[cases.present == 1], minlength=len(Placement))
    return {
        "children": children,
        "families": families,
        "cases": cases,
        "social_workers": workers,
        "pools": pools,
        "schools": schools,
        "commissioners": money,
        "checkers": checkers.new_table(),
        "safeguarding_boards": board.new_table(p),
        "lead_members": citizens.new_table(first, p),
        "providers": market.new_table(placements, first, p),
        "pairs": pairs.new_table(p),
        "conditions": _conditions(budget, posts, first, p),
        "neighbourhoods": places,
        "tally": ledger.new_tally(),
        "fixtures": tables.Fixtures(
            free, nearest, kilometres, np.full((last - first, len(record.MEASURES)), np.nan), shift
        ),
    }


def _social_workers(posts: float, places: Neighbourhoods, seed: int, week: int, p: Parameters) -> SocialWorkers:
    """Return the posts, some of them filled: each team has posts as it has neighbourhoods, however many are cut.

    They are given to neighbourhoods in turn, one of each team before a second one of any.
    """
    teams = int(places.team.max()) + 1
    workers = tables.empty(SocialWorkers, int(np.ceil(posts * float(p.room_for_posts))) + teams)
    first_of_team = np.searchsorted(places.team, places.team)  # teams lie in the order of their neighbourhoods
    in_turn = places.team[np.lexsort((places.team, np.arange(places.team.size) - first_of_team))]
    workers.team[:] = np.resize(in_turn, workers.present.size)
    staffing.staff_the_posts_at_start(workers, round(posts), seed, week, p)
    return workers


def _pools(budget: Budget, p: Parameters) -> Pools:
    pools = tables.empty(Pools, len(Cadre))
    pools.present[:] = 1
    pools.load[:] = 1.0
    pools.done[:] = 1.0
    pounds_a_year = budget.safeguarding * WEEKS_A_YEAR
    pools.fte[Cadre.FRONT_DOOR] = pounds_a_year * float(p.front_door_share / p.cost_front_door_post)
    pools.fte[Cadre.INDEPENDENT_REVIEWING_OFFICER] = pounds_a_year * float(p.reviewing_share / p.cost_reviewing_post)
    return pools


def _conditions(budget: Budget, posts: float, week: int, p: Parameters) -> Conditions:
    shared = tables.empty(Conditions, 1)
    shared.care_price[0] = shared.front_door_load[0] = shared.social_work_load[0] = 1.0
    shared.early_help_pounds[0] = shared.early_help_pounds_at_start[0] = budget.early_help
    shared.other_pounds_at_start[0] = budget.other
    shared.social_work_posts[0] = posts
    shared.switched[0] = shared.dcs_since[0] = week
    shared.far_placements[0] = p.far_usual
    return shared
