"""The words for those who run schools and provide services, as numbers that columns can hold."""

from enum import IntEnum


class SchoolKind(IntEnum):
    """Who runs a school."""

    MAINTAINED = 0
    ACADEMY = 1
    FREE_SCHOOL = 2


class Sector(IntEnum):
    """Who runs a provider."""

    AUTHORITY = 0
    VOLUNTARY = 1
    PRIVATE = 2
    HEALTH = 3


class Service(IntEnum):
    """What a provider provides: a row of ``Providers`` each."""

    OWN_FOSTER_CARE = 0
    AGENCY_FOSTER_CARE = 1
    RESIDENTIAL_CARE = 2
    OWN_EARLY_HELP = 3
    VOLUNTARY_EARLY_HELP = 4
    CAMHS = 5
