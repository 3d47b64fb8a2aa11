"""Reads histories whole: with all that was ever recorded of subjects that are, or were, one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from services.platform.mongo import Session
from services.reporting.counting.keys import Key, linked
from services.reporting.definitions.measure import Fact
from services.reporting.stores.fact_store import Known

AT_ONCE = 5_000
Histories = Mapping[Key, Sequence[Fact]]


class Finds(Protocol):
    """Finds facts by id and by key."""

    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known: ...


async def whole(
    facts: Finds, keys: Iterable[Key], session: Session | None, known: Histories | None = None
) -> dict[Key, Sequence[Fact]]:
    """The histories of keys, and of all keys that these lead to; some may be `known` already."""
    found: dict[Key, Sequence[Fact]] = dict(known or {})
    unread = (set(keys) | _led_to(found)) - found.keys()
    while unread:
        read = (await facts.find((), unread, session)).histories
        fresh = {key: read.get(key, ()) for key in unread}
        found |= fresh
        unread = _led_to(fresh) - found.keys()
    return found


def in_batches(keys: Collection[Key]) -> Iterator[list[Key]]:
    """As many keys as one question to the database may name."""
    ordered = list(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _led_to(histories: Histories) -> set[Key]:
    return {other for key, facts in histories.items() for other in linked(key, facts)}
