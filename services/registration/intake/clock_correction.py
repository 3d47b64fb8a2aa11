"""A phone's clock may be wrong; the server's decides. Pure."""

from datetime import UTC, datetime, timedelta

from services.events.envelope import Event
from services.platform.problems import Problem
from services.registration.intake.problems import CLOCK_OFFSET_REVERSED, TIME_AHEAD, TIME_TOO_OLD

MAX_AHEAD = timedelta(minutes=10)
TOLERATED = timedelta(seconds=60)
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""Unless a setting says otherwise, nothing happened before."""


def upload_offset(device_time: datetime | None, now: datetime) -> timedelta:
    """How far the phone's clock was behind when it sent; nought within a minute."""
    offset = now - device_time if device_time else timedelta()
    return offset if abs(offset) > TOLERATED else timedelta()


def corrected(
    event: Event, upload: timedelta, now: datetime, earliest: datetime
) -> tuple[datetime, datetime | None]:
    """The event's time by the server's clock, and the phone's where they differ.

    The offset kept with the event beats that of the upload, for a clock may have been set
    in between. Nothing happened after it was heard of: a clock that is a little ahead decides over
    no other. Raises: Problem for an offset that was reckoned the wrong way round, or when the time
    then lies ahead or too far back.
    """
    offset = upload if event.clockoffset is None else timedelta(seconds=event.clockoffset)
    if _is_reversed(offset, upload):
        raise Problem(CLOCK_OFFSET_REVERSED, "/clockoffset")
    try:
        time = event.time + offset
    except OverflowError:
        raise Problem(TIME_TOO_OLD, "/time") from None
    if time > now + MAX_AHEAD:
        raise Problem(TIME_AHEAD, "/time")
    if time < earliest:
        raise Problem(TIME_TOO_OLD, "/time")
    time = min(time, now)
    return time, event.time if time != event.time else None


def _is_reversed(offset: timedelta, upload: timedelta) -> bool:
    """The same with the other sign, measured at another time and by way of a slow network."""
    matters = min(abs(offset), abs(upload)) > TOLERATED
    return matters and abs(offset + upload) <= max(TOLERATED, abs(upload) / 10)
