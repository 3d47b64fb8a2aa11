"""Last writer wins: of two statements the later event's holds, by its time, then by its id."""

from datetime import UTC, datetime

_VERSION = 14
"""Where an id names its version; only the seventh holds an instant."""
_LONG_AGO = datetime.fromtimestamp(0, UTC)


def order_of(at: datetime, event_id: str) -> str:
    """Compares as events happened, whoever's clock made their ids."""
    return f"{at.timestamp():020.6f}/{event_id}"


def order_of_id(event_id: str, now: datetime) -> str:
    """Of an event whose id alone was kept: the id's own instant.

    Phones make ids by clocks that nobody corrected: what one says that is ahead of `now` is worth
    nothing, and anything whose time is known is later.
    """
    made_at = _made_at(event_id)
    return order_of(made_at if made_at <= now else _LONG_AGO, event_id)


def instant_of(order: str) -> datetime:
    """When it was said."""
    return datetime.fromtimestamp(float(order.partition("/")[0]), UTC)


def is_later(order: str, than: str) -> bool:
    """Also where one of them is an id alone; nothing is later than itself."""
    if _event_of(order) == _event_of(than):
        return False
    return _dated(order) > _dated(than)


def newness(order: str) -> tuple[bool, str]:
    """When it was said, to compare what different records hold; an id alone before all others."""
    return "/" in order, order.partition("/")[0]


def _event_of(order: str) -> str:
    return order.rpartition("/")[2]


def _dated(order: str) -> str:
    return order if "/" in order or not order else order_of(_made_at(order), order)


def _made_at(event_id: str) -> datetime:
    """RFC 9562, 5.7: its first 48 bits are milliseconds."""
    if event_id[_VERSION : _VERSION + 1] != "7":
        return _LONG_AGO
    return datetime.fromtimestamp(int(event_id[:8] + event_id[9:13], 16) / 1000, UTC)
