"""Money (MODEL 4.9): payers receive income, pay for the week, and review what they commission every quarter.

The authority pays care and statutory work first, so that early help is what is left: crowding out emerges.
"""

from dataclasses import dataclass

import numpy as np

from ecology import market
from ecology.governance import Governing
from ecology.pressures import Pressures
from ecology.tables import Commissioners, Conditions, Parameters, Pools, Providers, SocialWorkers, Tally
from ecology.vocabulary import PENCE_A_POUND, WEEKS_A_YEAR, Cadre, Line, Payer, Placement
from ecology.week import staffing

PARTNERS = (Payer.SCHOOLS, Payer.HEALTH_COMMISSIONER, Payer.PUBLIC_HEALTH, Payer.POLICE)


@dataclass
class Purse:
    """What the payers know this week, in pounds at 2015 prices a week: their income, and what governance costs.

    ``prices`` turns pounds of 2015 into cash; ``other`` is what the authority's youth justice and other lines take,
    which nothing here drives; ``saved_by_schools`` is what they put by (draw, if negative) towards the reserve that
    they want; ``pooled_share`` is the share of partners' income that moves to where children wait, of which
    ``pooling_cost_share`` is lost to overhead and ``captured_share`` of the rest pays for care when the authority has
    overspent; ``sight`` is how well those who move it see where that is, from 0, evenly, to 1, by the queues.
    """

    income: dict[Payer, float]
    prices: float
    other: float
    saved_by_schools: float
    governance: float
    pooled_share: float
    pooling_cost_share: float
    captured_share: float
    sight: float


def purse(
    pressures: Pressures, partner_pounds: dict[Payer, float], commissioners: Commissioners, governing: Governing,
    week: int, p: Parameters,
) -> Purse:  # fmt: skip
    """Return what the payers know this week; ``partner_pounds`` is what partners had in April 2010."""
    income = pressures.partner_pounds(partner_pounds, week)
    income[Payer.AUTHORITY] = pressures.authority_pounds(week)
    prices, g = pressures.price_level(week), governing
    held = float(commissioners.balance_pence[Payer.SCHOOLS]) / PENCE_A_POUND / prices
    lacking = float(p.schools_reserve) * income[Payer.SCHOOLS] * WEEKS_A_YEAR - held
    saved = lacking * float(p.schools_reserve_filled_a_year) / WEEKS_A_YEAR
    other = pressures.other_pounds(week)
    return Purse(
        income, prices, other, saved, g.pounds, g.pooled_share, g.pooling_cost_share, g.captured_share, g.sight
    )


def posts_of(payer: Payer, pounds: float, p: Parameters) -> float:
    """Return the whole-time posts that a partner's weekly pounds pay for."""
    return pounds * WEEKS_A_YEAR / float(getattr(p, _COST_OF[payer]))


_COST_OF = {
    Payer.SCHOOLS: "cost_pastoral_post",
    Payer.HEALTH_COMMISSIONER: "cost_camhs_clinician",
    Payer.PUBLIC_HEALTH: "cost_community_health_post",
    Payer.POLICE: "cost_police_post",
}
CADRE_OF = {
    Payer.SCHOOLS: Cadre.SCHOOL_PASTORAL,
    Payer.HEALTH_COMMISSIONER: Cadre.CAMHS_CLINICIAN,
    Payer.PUBLIC_HEALTH: Cadre.COMMUNITY_HEALTH,
    Payer.POLICE: Cadre.POLICE_PROTECTION,
}
LINE_OF = {
    Payer.SCHOOLS: Line.PASTORAL,
    Payer.HEALTH_COMMISSIONER: Line.CAMHS,
    Payer.PUBLIC_HEALTH: Line.COMMUNITY_HEALTH,
    Payer.POLICE: Line.PROTECTION_POLICING,
}


def care_pounds(placements: np.ndarray, providers: Providers, conditions: Conditions, p: Parameters) -> float:
    """Return what care costs a week: placements at the local price and the market's, and what each costs besides."""
    unit = (
        (Placement.FAMILY_OR_FRIENDS, p.cost_family_placement_week),
        (Placement.FOSTER, p.cost_foster_week),
        (Placement.RESIDENTIAL, p.cost_residential_week),
    )
    total = sum(
        float(cost * market.price_of(providers, kind, p) + p.cost_any_looked_after_week) * int(placements[kind])
        for kind, cost in unit
    )
    return total * float(conditions.care_price[0])


def social_work_pounds(workers: SocialWorkers, p: Parameters) -> float:
    """Return what the filled posts in social work cost a week; agency staff cost a premium."""
    here, agency, *_ = staffing.count_staff(workers)
    return float(p.cost_social_work_post) / WEEKS_A_YEAR * (here + float(p.agency_premium) * agency)


def front_door_pounds(pools: Pools, p: Parameters) -> float:
    """Return what the front door and the reviewing officers cost a week."""
    desk = float(pools.fte[Cadre.FRONT_DOOR] * p.cost_front_door_post)
    return (desk + float(pools.fte[Cadre.INDEPENDENT_REVIEWING_OFFICER] * p.cost_reviewing_post)) / WEEKS_A_YEAR


def pay_the_week(
    tally: Tally, commissioners: Commissioners, conditions: Conditions, workers: SocialWorkers, pools: Pools,
    placements: np.ndarray, providers: Providers, purse: Purse, p: Parameters,
) -> None:  # fmt: skip
    """Book income and spending of every payer to the penny."""
    moved = {payer: purse.income[payer] * purse.pooled_share for payer in PARTNERS}
    pot = sum(moved.values()) * (1.0 - purse.pooling_cost_share)
    care = care_pounds(placements, providers, conditions, p)
    captured = min(pot * purse.captured_share, care)
    conditions.pooled_pounds[0] = pot - captured
    board = min(float(conditions.other_pounds_at_start[0] * p.board_share_of_other), purse.other)
    authority = (
        (Line.LOOKED_AFTER, care - captured),
        (Line.SOCIAL_WORK, social_work_pounds(workers, p)),
        (Line.FRONT_DOOR, front_door_pounds(pools, p)),
        (Line.EARLY_HELP, float(conditions.early_help_pounds[0])),
        (Line.YOUTH_JUSTICE_AND_OTHER, purse.other - board),
        (Line.SAFEGUARDING_BOARD, board),
        (Line.GOVERNANCE, purse.governance),
    )
    for line, pounds in authority:
        tally.pence[Payer.AUTHORITY, line] += _pence(pounds, purse)
    for payer in PARTNERS:
        board = _to_board(payer, purse.income[payer], p)
        own = _spent_by(payer, purse) - moved[payer] - board
        tally.pence[payer, LINE_OF[payer]] += _pence(own, purse)
        tally.pence[payer, Line.SAFEGUARDING_BOARD] += _pence(board, purse)
        tally.pence[payer, Line.CONTRIBUTION_TO_POOL] += _pence(moved[payer], purse)
    spent = tally.pence.sum(axis=1)
    tally.income[:] = [_pence(purse.income[payer], purse) for payer in Payer]
    if conditions.funded[0] == 0.0:
        tally.income[Payer.AUTHORITY] = spent[Payer.AUTHORITY]
    commissioners.income_pence[:] += tally.income
    commissioners.spent_pence[:] += spent
    commissioners.balance_pence[:] += tally.income - spent


def anchor(
    conditions: Conditions, placements: np.ndarray, providers: Providers, looked_after: float, week: int, p: Parameters
) -> None:
    """Set the local price of care so that what is paid for it now is what the authority published; fund from now on.

    ``looked_after`` is published spending in pounds a week at 2015 prices. From here on prices are the world's. The
    market is a settled one: a shortage left over from the model's past would be taken for the usual price, and care
    would grow cheaper for years as it passed.
    """
    market.settle(providers, placements, week, p)
    at_national_price = care_pounds(placements, providers, conditions, p) / float(conditions.care_price[0])
    price = looked_after / max(at_national_price, 1.0)
    conditions.care_price[0] = min(max(price, float(p.care_price_lowest)), float(p.care_price_highest))
    conditions.funded[0] = 1.0


def _pence(pounds: float, purse: Purse) -> int:
    return round(pounds * purse.prices * PENCE_A_POUND)


def _to_board(payer: Payer, income: float, p: Parameters) -> float:
    """Return what a partner gives the safeguarding board: health and police do, schools in time alone."""
    return income * float(p.board_share_of_partners) if payer in (Payer.HEALTH_COMMISSIONER, Payer.POLICE) else 0.0


def _spent_by(payer: Payer, purse: Purse) -> float:
    """Return what a partner spends of its income: schools put some by, or draw on what they hold."""
    return purse.income[payer] - (purse.saved_by_schools if payer is Payer.SCHOOLS else 0.0)


def commission(
    commissioners: Commissioners, conditions: Conditions, workers: SocialWorkers, pools: Pools,
    placements: np.ndarray, providers: Providers, purse: Purse, p: Parameters,
) -> None:  # fmt: skip
    """Review, once a quarter, what is commissioned: posts follow load and money, early help takes what is left."""
    fixed = purse.other + purse.governance + front_door_pounds(pools, p)
    balance = float(commissioners.balance_pence[Payer.AUTHORITY]) / PENCE_A_POUND / purse.prices
    money = purse.income[Payer.AUTHORITY] + balance * float(p.deficit_recovered_a_year) / WEEKS_A_YEAR
    left = money - fixed - care_pounds(placements, providers, conditions, p)
    least = float(p.early_help_floor) * float(conditions.early_help_pounds_at_start[0])

    most = float(p.social_work_change_a_quarter)
    post = float(p.cost_social_work_post) / WEEKS_A_YEAR
    posts = float(conditions.social_work_posts[0])
    wish = posts * (1.0 + float(p.social_work_follows_load) * (float(conditions.social_work_load[0]) - 1.0))
    paid = social_work_pounds(workers, p) / max(int(workers.present.sum()), 1)
    affordable = (left - least) / max(paid, post)
    posts = min(max(min(wish, affordable), posts * (1.0 - most)), posts * (1.0 + most))
    conditions.social_work_posts[0] = min(posts, float(workers.present.size))

    change = float(p.early_help_change_a_quarter)
    early = float(conditions.early_help_pounds[0])
    rest = left - paid * float(workers.present.sum())
    early = min(max(rest, early * (1.0 - change)), early * (1.0 + change))
    conditions.early_help_pounds[0] = max(early, least)


def staff_pools(conditions: Conditions, pools: Pools, purse: Purse, p: Parameters) -> None:
    """Set whole-time equivalents of pools from the money behind them; pooled money goes where children seem to wait."""
    for payer in PARTNERS:
        income = purse.income[payer]
        own = _spent_by(payer, purse) - income * purse.pooled_share - _to_board(payer, income, p)
        pools.fte[CADRE_OF[payer]] = posts_of(payer, own, p)
    targeted = float(p.early_help_targeted_share)  # of every pound of early help, the partners' too
    waiting_early = max(float(pools.load[Cadre.FAMILY_SUPPORT_WORKER]), 0.0)
    waiting_camhs = max(float(pools.load[Cadre.CAMHS_CLINICIAN]), 0.0)
    to_early = waiting_early / max(waiting_early + waiting_camhs, 1.0)
    to_early = 0.5 + purse.sight * (to_early - 0.5)
    pooled = float(conditions.pooled_pounds[0])
    early = (float(conditions.early_help_pounds[0]) + pooled * to_early) * targeted
    pools.fte[Cadre.FAMILY_SUPPORT_WORKER] = early * WEEKS_A_YEAR / float(p.cost_family_support_post)
    pools.fte[Cadre.CAMHS_CLINICIAN] += posts_of(Payer.HEALTH_COMMISSIONER, pooled * (1.0 - to_early), p)


def loads_are_remembered(conditions: Conditions, pools: Pools, workers: SocialWorkers, p: Parameters) -> None:
    """Let the remembered loads of front door and social work move towards this week's."""
    queue = float(pools.tasks[Cadre.FRONT_DOOR]) / max(float(pools.done[Cadre.FRONT_DOOR]), 1.0)
    here, *_, ratio = staffing.count_staff(workers)
    load = ratio if here else float(p.work_ratio_cap)
    for column, now in ((conditions.front_door_load, queue), (conditions.social_work_load, load)):
        column[0] += p.load_memory * (now - column[0])
