"""The field's words as numbers that columns and compiled loops can hold. One enumeration a concept."""

from enum import IntEnum

WEEKS_A_YEAR = 52
WEEKS_A_QUARTER = 13
DAYS_A_WEEK = 7
WORKING_DAYS_A_WEEK = 5
MONTHS_A_YEAR = 12
SECONDS_A_MINUTE = 60
SECONDS_AN_HOUR = 3600
PENCE_A_POUND = 100
FIRST_YEAR = 2010
"""Week 0 is the week of 1 April of this year; weeks before it are negative."""
NOBODY = -1  # a row number that points nowhere: no worker, no case, no school
LONG_AGO = -30000
"""A week so early that nothing in a run can have happened in it (fits a 16-bit column)."""


class Domain(IntEnum):
    """The three domains of need."""

    SAFETY = 0
    WELLBEING = 1
    LEARNING = 2


class Agency(IntEnum):
    """Who can hold a concern about a child, and so the sources of contacts and referrals."""

    SCHOOLS = 0
    HEALTH = 1
    POLICE = 2
    LA_SERVICES = 3
    INDIVIDUALS = 4


class Stage(IntEnum):
    """Where a child stands in the pathway. Every present child is in exactly one stage."""

    UNIVERSAL = 0
    CONTACT = 1
    EARLY_HELP_WAITING = 2
    EARLY_HELP = 3
    ASSESSMENT = 4
    CHILD_IN_NEED = 5
    SECTION_47 = 6
    CONFERENCE = 7
    PROTECTION_PLAN = 8
    LOOKED_AFTER = 9


class Cadre(IntEnum):
    """Groups of front-line staff whose time is in the ledger."""

    SOCIAL_WORKER = 0
    FAMILY_SUPPORT_WORKER = 1
    SCHOOL_PASTORAL = 2
    COMMUNITY_HEALTH = 3
    CAMHS_CLINICIAN = 4
    POLICE_PROTECTION = 5
    FRONT_DOOR = 6
    INDEPENDENT_REVIEWING_OFFICER = 7


CADRE_OF_AGENCY = {
    Agency.SCHOOLS: Cadre.SCHOOL_PASTORAL,
    Agency.HEALTH: Cadre.COMMUNITY_HEALTH,
    Agency.POLICE: Cadre.POLICE_PROTECTION,
    Agency.LA_SERVICES: Cadre.FAMILY_SUPPORT_WORKER,
}


class Purpose(IntEnum):
    """What a paid minute was for."""

    DIRECT = 0
    RECORDING = 1
    COORDINATION = 2
    ACCOUNTABILITY = 3
    TRAVEL = 4
    LEARNING = 5
    ABSENT = 6
    IDLE = 7


class Cause(IntEnum):
    """What asked for a minute: a process, a body that checks, or a lever that somebody chose to set."""

    NOBODY_ASKED = 0
    OWN_HELP = 1
    SCREENING = 2
    EARLY_HELP = 3
    ASSESSMENT = 4
    CHILD_IN_NEED = 5
    SECTION_47 = 6
    CONFERENCE = 7
    PROTECTION_PLAN = 8
    LOOKED_AFTER = 9
    CAMHS_TREATMENT = 10
    STAFF_DEVELOPMENT = 11
    INSPECTION = 12
    STATUTORY_RETURNS = 13
    REGIONAL_SCHOOLS_COMMISSIONER = 14
    OFSTED_REGIONAL_DIRECTOR = 15
    SAFEGUARDING_BOARD_CHAIR = 16
    CHIEF_SOCIAL_WORKER = 17
    PRINCIPAL_SOCIAL_WORKER = 18
    REVIEWING_OFFICER = 19
    DIRECTOR_OF_PUBLIC_HEALTH = 20
    VIRTUAL_SCHOOL_HEAD = 21
    PACKAGE_NEGOTIATION = 22
    SHARED_RECORD = 23
    LINE_OF_SIGHT = 24
    COMMON_OBJECTIVE = 25
    POOLED_MONEY = 26
    REPORTING_REDESIGN = 27
    TEMPO = 28
    TRANSITION = 29
    OTHER_BUSINESS = 30
    LEADERS_MEETINGS = 31
    PARTNER_DUTY = 32
    INNOVATION = 33
    PLACE_PLANNING = 34
    COMPLAINTS = 35
    AGREEMENTS_IN_PAIRS = 36
    TENDERING = 37
    EARLY_WARNING = 38


class Payer(IntEnum):
    """Whose money."""

    AUTHORITY = 0
    SCHOOLS = 1
    HEALTH_COMMISSIONER = 2
    PUBLIC_HEALTH = 3
    POLICE = 4


class Line(IntEnum):
    """What a pound was spent on."""

    LOOKED_AFTER = 0
    SOCIAL_WORK = 1
    EARLY_HELP = 2
    FRONT_DOOR = 3
    YOUTH_JUSTICE_AND_OTHER = 4
    GOVERNANCE = 5
    PASTORAL = 6
    CAMHS = 7
    COMMUNITY_HEALTH = 8
    PROTECTION_POLICING = 9
    CONTRIBUTION_TO_POOL = 10
    SAFEGUARDING_BOARD = 11


class Queue(IntEnum):
    """Where children wait."""

    FRONT_DOOR = 0
    ALLOCATION = 1
    ASSESSMENT = 2
    CONFERENCE = 3
    EARLY_HELP = 4
    CAMHS = 5
    PACKAGE = 6
    FIRST_HELP = 7


WAIT_EDGES = (1, 2, 4, 9, 18, 26, 52)
"""Weeks at which waits are cut (9 are 45 working days); a wait's distribution is how many waited longer than each."""


class Sum(IntEnum):
    """What is summed over all children at the end of a week."""

    CHILDREN = 0
    HARM = 1  # weighted by severity
    COMPLEX_SAFETY = 2
    ACUTE_SAFETY = 3
    COMPLEX_WELLBEING = 4
    COMPLEX_LEARNING = 5
    UNMET_COMPLEX = 6  # and above
    UNMET_ACUTE = 7
    NEED_SAFETY = 8
    NEED_WELLBEING = 9
    NEED_LEARNING = 10
    PLANS_OPEN = 11
    CHILDREN_HELPED = 12
    HARM_DEPRIVED = 13
    CHILDREN_DEPRIVED = 14
    HARM_AFFLUENT = 15
    CHILDREN_AFFLUENT = 16
    SIGHT_ERROR = 17
    PUPIL_WEEKS = 18  # booked every half term for all its weeks
    ABSENT_WEEKS = 19
    SCHOOL_KILOMETRES = 20
    UNKNOWN_COMPLEX = 21  # at complex or acute need in safety, and no agency is doing or deciding anything
    IN_CARE_FAR = 22
    OVERLOAD_MINUTES = 23  # duties that cannot be refused, for which a week had no room
    UNMET_ADDITIONAL = 24  # at additional need, below complex


class Package(IntEnum):
    """Whether the services around one child have been put together by somebody entitled to."""

    NOT_NEEDED = 0
    WAITING = 1
    AGREED = 2


class Placement(IntEnum):
    """Where a looked-after child lives."""

    NONE = 0
    FAMILY_OR_FRIENDS = 1
    FOSTER = 2
    RESIDENTIAL = 3


class Flow(IntEnum):
    """What happens to children and is counted every week."""

    BIRTHS = 0
    ARRIVALS = 1
    AGED_OUT = 2
    DEPARTURES = 3
    INCIDENTS = 4
    NOTICED = 5
    CONTACTS_FROM_SCHOOLS = 6
    CONTACTS_FROM_HEALTH = 7
    CONTACTS_FROM_POLICE = 8
    CONTACTS_FROM_LA_SERVICES = 9
    CONTACTS_FROM_INDIVIDUALS = 10
    CONTACTS_ON_OPEN_CHILDREN = 11
    CONTACTS_SCREENED = 12
    REFERRALS_FROM_SCHOOLS = 13
    REFERRALS_FROM_HEALTH = 14
    REFERRALS_FROM_POLICE = 15
    REFERRALS_FROM_LA_SERVICES = 16
    REFERRALS_FROM_INDIVIDUALS = 17
    RE_REFERRALS = 18
    REFERRALS_AFTER_UNMET_NEED = 19
    REFERRALS_NO_FURTHER_ACTION = 20
    DUPLICATE_ASSESSMENTS = 21
    ASSESSMENTS_COMPLETED = 22
    ASSESSMENTS_IN_TIME = 23
    ASSESSED_NOT_IN_NEED = 24
    IN_NEED_EPISODES_STARTED = 25
    IN_NEED_EPISODES_ENDED = 26
    SECTION_47_ENQUIRIES = 27
    SECTION_47_UNFOUNDED = 28
    INITIAL_CONFERENCES = 29
    INITIAL_CONFERENCES_IN_TIME = 30
    PROTECTION_PLANS_STARTED = 31
    PROTECTION_PLANS_REPEATED = 32
    PROTECTION_PLANS_ENDED = 33
    LOOKED_AFTER_STARTED = 34
    LOOKED_AFTER_CEASED = 35
    EARLY_HELP_ASKED = 36
    EARLY_HELP_STARTED = 37
    OWN_HELP_STARTED = 38
    CAMHS_REFERRED = 39
    CAMHS_NOT_ACCEPTED = 40
    CAMHS_STARTED = 41
    WORKER_CHANGES = 42
    PACKAGES_ASKED = 43
    PACKAGES_AGREED = 44
    DRIFT_CAUGHT = 45
    FALSE_LINKS = 46
    SERIOUS_INCIDENTS = 47
    SOCIAL_WORKERS_LEFT = 48
    SOCIAL_WORKERS_JOINED = 49
    SCHOOL_STARTS = 50
    SCHOOL_STARTS_AS_PREFERRED = 51
    SCHOOL_STARTS_WITHOUT_PLACE = 52
    EXCLUSIONS = 53
    PERMANENT_EXCLUSIONS = 54
    COMPLAINTS = 55
    COMPLAINTS_HEARD = 56
    PLACEMENT_MOVES = 57
    TURNED_5 = 58
    TURNED_5_REFERRED = 59
    TURNED_5_IN_NEED = 60
    TURNED_5_ON_PLAN = 61
    TURNED_18_REFERRED = 62
    TURNED_18_IN_NEED = 63
    TURNED_18_ON_PLAN = 64
    TURNED_18_LOOKED_AFTER = 65
    SERVICES_STARTED = 66  # a family tells its story again
    AGENCY_WORKERS_LEFT = 67  # of the social workers who left
    IN_NEED_ENDED_AFTER_1_YEAR = 68  # of the episodes ended: open for a year or more, but less than two
    IN_NEED_ENDED_AFTER_2_YEARS = 69
    LOOKED_AFTER_STARTED_UNDER_1 = 70  # of those who started: not yet a year old


def words(member: IntEnum) -> str:
    """Return the name as it stands in tables and files: ``Stage.CHILD_IN_NEED`` is ``child_in_need``."""
    return member.name.lower()
