"""Providers and the placement market (MODEL 4.9): supply follows demand late, shortage drives price and distance."""

import numpy as np

from ecology import tables
from ecology.tables import Conditions, Parameters, Pools, Providers
from ecology.vocabulary import WEEKS_A_QUARTER, WEEKS_A_YEAR, Cadre, Placement
from ecology.vocabulary_of_bodies import Sector, Service

BOUGHT = (Service.AGENCY_FOSTER_CARE, Service.RESIDENTIAL_CARE)
"""What private providers sell: their capacity and price follow the market."""
_SECTORS = {
    Service.OWN_FOSTER_CARE: Sector.AUTHORITY,
    Service.AGENCY_FOSTER_CARE: Sector.PRIVATE,
    Service.RESIDENTIAL_CARE: Sector.PRIVATE,
    Service.OWN_EARLY_HELP: Sector.AUTHORITY,
    Service.VOLUNTARY_EARLY_HELP: Sector.VOLUNTARY,
    Service.CAMHS: Sector.HEALTH,
}


def new_table(placements: np.ndarray, week: int, p: Parameters) -> Providers:
    """Return the providers at the start, a settled market for the children now placed."""
    providers = tables.empty(Providers, len(Service))
    providers.present[:] = 1
    providers.service[:] = list(Service)
    providers.sector[:] = [_SECTORS[service] for service in Service]
    providers.quality[:] = 1.0
    settle(providers, placements, week, p)
    return providers


def settle(providers: Providers, placements: np.ndarray, week: int, p: Parameters) -> None:
    """Let the market stand as one that has long had the children now placed: usual spare capacity, share and price."""
    providers.price[:] = 1.0
    providers.contract_until[:] = week + WEEKS_A_YEAR
    own = 1.0 - float(p.agency_foster_share)
    providers.capacity[Service.OWN_FOSTER_CARE] = float(placements[Placement.FOSTER]) * own
    _place(providers, placements)
    for service in BOUGHT:
        providers.capacity[service] = max(float(providers.used[service]), 1.0) / float(p.usual_occupancy)


def _place(providers: Providers, placements: np.ndarray) -> None:
    """Fill the authority's own foster homes first; agencies take the rest."""
    foster = float(placements[Placement.FOSTER])
    own = min(foster, float(providers.capacity[Service.OWN_FOSTER_CARE]))
    providers.used[Service.OWN_FOSTER_CARE] = own
    providers.used[Service.AGENCY_FOSTER_CARE] = foster - own
    providers.used[Service.RESIDENTIAL_CARE] = float(placements[Placement.RESIDENTIAL])


def market_moves(
    providers: Providers, placements: np.ndarray, pools: Pools, conditions: Conditions, week: int, p: Parameters
) -> None:
    """Let children be placed each week, contracts be renewed each year, and supply respond each quarter.

    A contract that is renewed takes the price of the day: dearer the fuller the sector is. Children for whom there is
    no place near are placed far away.
    """
    _place(providers, placements)
    early = float(pools.fte[Cadre.FAMILY_SUPPORT_WORKER] * p.caseload_family_support)
    providers.capacity[Service.OWN_EARLY_HELP] = early * (1.0 - float(p.voluntary_share))
    providers.capacity[Service.VOLUNTARY_EARLY_HELP] = early * float(p.voluntary_share)
    providers.capacity[Service.CAMHS] = float(pools.fte[Cadre.CAMHS_CLINICIAN] * p.caseload_camhs)
    helped = float(pools.served[Cadre.FAMILY_SUPPORT_WORKER])
    providers.used[Service.OWN_EARLY_HELP] = helped * (1.0 - float(p.voluntary_share))
    providers.used[Service.VOLUNTARY_EARLY_HELP] = helped * float(p.voluntary_share)
    providers.used[Service.CAMHS] = float(pools.served[Cadre.CAMHS_CLINICIAN])
    usual = float(p.usual_occupancy)
    over, bought = 0.0, 0.0
    for service in BOUGHT:
        used = float(providers.used[service])
        occupancy = used / float(providers.capacity[service])
        over += max(occupancy - usual, 0.0) * used
        bought += used
        if week >= providers.contract_until[service]:
            providers.contract_until[service] = week + WEEKS_A_YEAR
            price = 1.0 + float(p.price_from_shortage) * (occupancy - usual)
            providers.price[service] = min(max(price, float(p.price_lowest)), float(p.price_highest))
        if week % WEEKS_A_QUARTER == 0:
            wanted = max(used, 1.0) / usual
            providers.capacity[service] += float(p.supply_response_a_quarter) * (
                wanted - float(providers.capacity[service])
            )
    shortage = over / bought if bought > 0.0 else 0.0
    far = float(p.far_usual) + float(p.far_from_shortage) * shortage
    conditions.far_placements[0] = min(far, float(p.far_most))


def price_of(providers: Providers, placement: Placement, p: Parameters) -> float:
    """Return what a placement of a kind costs against its usual unit cost, over all who provide it."""
    if placement is Placement.RESIDENTIAL:
        return float(providers.price[Service.RESIDENTIAL_CARE])
    if placement is Placement.FAMILY_OR_FRIENDS:
        return 1.0
    own, agency = float(providers.used[Service.OWN_FOSTER_CARE]), float(providers.used[Service.AGENCY_FOSTER_CARE])
    dear = float(p.agency_foster_premium * providers.price[Service.AGENCY_FOSTER_CARE])
    return (own + dear * agency) / (own + agency) if own + agency > 0.0 else 1.0


def quality_competes(providers: Providers, competition: float, p: Parameters) -> float:
    """Let providers under contract compete where several commissioners choose, and return the mean quality of help.

    ``competition`` is the share of choices that are not one buyer's. Quality follows with each contract, a year at a
    time; the authority's own early help does not compete.
    """
    row = Service.VOLUNTARY_EARLY_HELP
    aim = 1.0 + float(p.competition_gain) * competition
    providers.quality[row] += (aim - float(providers.quality[row])) / WEEKS_A_YEAR
    return 1.0 + float(p.voluntary_share) * (float(providers.quality[row]) - 1.0)
