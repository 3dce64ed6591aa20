"""Which line of the ledger a duty belongs to (MODEL 4.7, 4.11)."""

from ecology.compiled import inlined
from ecology.vocabulary import Cause, Purpose


@inlined
def purpose_of(cause: int) -> int:
    """Return the purpose under which time is booked that somebody asks for and that cannot be refused."""
    if cause == Cause.STAFF_DEVELOPMENT or cause == Cause.INNOVATION:
        return Purpose.LEARNING
    if cause == Cause.TEMPO:
        return Purpose.TRAVEL
    if cause == Cause.SHARED_RECORD:
        return Purpose.RECORDING
    if cause >= Cause.INSPECTION and cause <= Cause.VIRTUAL_SCHOOL_HEAD:
        return Purpose.ACCOUNTABILITY
    if cause == Cause.LINE_OF_SIGHT or cause == Cause.PARTNER_DUTY or cause == Cause.COMPLAINTS:
        return Purpose.ACCOUNTABILITY
    if cause == Cause.TENDERING:
        return Purpose.ACCOUNTABILITY
    return Purpose.COORDINATION
