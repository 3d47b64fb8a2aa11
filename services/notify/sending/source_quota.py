"""New numbers that a phone or a kiosk brings: so many a day, for nobody knows whose they are."""

from datetime import datetime

from services.events.envelope import CITY_TIME
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.policy import Rules
from services.notify.sending.drafts import Draft

_LIMITED = "/device/"
"""Staff, other systems and notify itself answer for what they record by name or contract."""


def counted(draft: Draft, number: NumberRecord, rules: Rules, now: datetime) -> str | None:
    """The key under which this SMS counts on its source; None where it counts on none."""
    return _key(draft, now) if _is_limited(draft, rules) and number.is_new else None


def key_of(draft: Draft, rules: Rules, now: datetime) -> str | None:
    """The key under which it would count, were its number new."""
    return _key(draft, now) if _is_limited(draft, rules) else None


def _is_limited(draft: Draft, rules: Rules) -> bool:
    source = draft.notification.main_occasion.source
    return rules.new_numbers_a_day is not None and source.startswith(_LIMITED)


def _key(draft: Draft, now: datetime) -> str:
    return f"{draft.notification.main_occasion.source}/{now.astimezone(CITY_TIME).date()}"
