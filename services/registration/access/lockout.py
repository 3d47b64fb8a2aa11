"""How long somebody waits after wrong passwords. Pure."""

from datetime import datetime, timedelta

from services.registration.access.records import Attempts

FREE = 10
"""Attempts of one client at one name before any pause."""
FREE_FOR_ALL = 100
"""Attempts at one name of all clients that never signed in under it. NIST SP 800-63B-4, 3.2.2
allows so many before a name is slowed down."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
"""Doubles up to this, so that an office that somebody plagues is never shut out for long."""
FORGOTTEN_AFTER = timedelta(hours=1)


def wait(attempts: Attempts | None, now: datetime, free: int = FREE) -> timedelta:
    """How long until one more may be tried; nought: now."""
    if attempts is None or attempts.tried < free:
        return timedelta()
    doublings = min(attempts.tried - free, 10)
    pause = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    return max(attempts.last_at + pause - now, timedelta())


def one_more(attempts: Attempts | None, now: datetime) -> Attempts:
    """Counted before the password is looked at, so that many at once gain nothing."""
    if attempts is None or now - attempts.last_at > FORGOTTEN_AFTER:
        return Attempts(1, now)
    return Attempts(attempts.tried + 1, now)
