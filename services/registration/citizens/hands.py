"""When a telephone number has changed hands: the older claim is doubtful from then on; pure."""

from datetime import timedelta

from services.registration.citizens.rows import IndexRow

CLAIM_HOLDS = timedelta(days=365)
"""Operators give a number to somebody else a few months after it fell silent; without a name that
tells otherwise, whoever was not met for so long may have lost it."""
NOTED_EVERY = timedelta(days=30)


def changed_hands(known: IndexRow, told: IndexRow) -> bool:
    """Whether `told`, of whoever gives the number now, is of somebody else than `known` was."""
    if known.names and told.names:
        return not _alike(known.names, told.names)
    return known.seen_at is not None and told.at - known.seen_at > CLAIM_HOLDS


def as_seen(known: IndexRow, told: IndexRow) -> tuple[tuple[bytes, ...], bool]:
    """The name to keep, and whether anything of this is to be noted."""
    stale = known.seen_at is None or told.at - known.seen_at > NOTED_EVERY
    return known.names or told.names, stale or bool(told.names and not known.names)


def _alike(one: tuple[bytes, ...], other: tuple[bytes, ...]) -> bool:
    """The given name, which stands last, is among the other's words: `bà Lan` is Nguyễn Thị Lan."""
    return one[0] in other or other[0] in one
