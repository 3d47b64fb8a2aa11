"""By when a request is to be dealt with, and by whom then. Pure."""

from datetime import date, timedelta

from services.events.codes import RequestKind
from services.registration.requests.rules import Request

CONFIRMED_WITHIN = 3
"""Working days that a ward has to confirm an erasure, before it is the centre's too."""
ALARM_AFTER = timedelta(days=15)
"""The law gives 20 (Decree 356/2025, on data subjects' requests)."""
_SATURDAY = 5


def is_the_centres(request: Request, today: date) -> bool:
    """Whether a ward, which may have one coordinator, has left an erasure unconfirmed."""
    if request.kind is not RequestKind.DATA_ERASURE:
        return False
    return today > working_days_later(request.received_on, CONFIRMED_WITHIN)


def is_alarming(request: Request, today: date) -> bool:
    """Whether somebody has to act now, whoever it is."""
    return request.kind.is_a_data_right and today - request.received_on >= ALARM_AFTER


def working_days_later(day: date, days: int) -> date:
    """Without Saturdays and Sundays; holidays count, so that nobody waits longer."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day
