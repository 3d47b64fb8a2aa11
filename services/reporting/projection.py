"""Turns what the broker delivers into facts and figures, a batch in one transaction."""

from collections import Counter
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

import structlog

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.platform.mongo import Session
from services.reporting import metrics
from services.reporting.difference import Change, Differences, Key, Measures
from services.reporting.facts import UNKNOWN, Kept, Writing, fact_of
from services.reporting.measure import Fact
from services.reporting.true_as_of import Pending

T = TypeVar("T")
LONG_HISTORY = 1_000
"""Facts judged together beyond which reading them again and again costs too much."""

log = structlog.get_logger(__name__)


class Transact(Protocol):
    """Runs work in one transaction, again where it conflicts with another."""

    async def __call__(self, work: Callable[[Session | None], Awaitable[T]], /) -> T: ...


class FactStore(Protocol):
    """What the projection, rebuild and verify need of facts."""

    async def find(self, ids: Collection[str], session: Session | None) -> dict[str, Kept]: ...
    async def together(
        self, keys: Collection[Key], session: Session | None
    ) -> dict[Key, list[Fact]]: ...
    async def write(
        self,
        written: Iterable[Writing],
        early_voids: Mapping[str, date],
        session: Session | None,
    ) -> None: ...
    def of_ward(self, ward: str, session: Session | None) -> AsyncIterator[Fact]: ...
    async def wards(self) -> set[str]: ...


class CellStore(Protocol):
    """What they need of figures."""

    async def apply(self, differences: Differences, session: Session | None) -> None: ...
    async def stored(
        self, ward: str, members: Collection[str], session: Session | None
    ) -> Differences: ...
    async def wards(self) -> set[str]: ...


class ProgressStore(Protocol):
    """How far each partition has come."""

    async def move(self, partition: int, pending: Pending, session: Session | None) -> None: ...


class News(NamedTuple):
    """What a batch brings beyond what was kept."""

    changes: list[Change]
    early_voids: dict[str, date]


def news(events: Iterable[Event], kept: Mapping[str, Kept]) -> News:
    """Each event once, with its void whichever of the two came first; known ones bring nothing."""
    now = dict(kept)
    touched = dict[str, None]()
    for event in events:
        had = now.get(event.id, Kept())
        if had.fact:
            continue
        fresh = fact_of(event, had.voided)
        now[event.id] = Kept(fresh, had.voided)
        touched[event.id] = None
        if isinstance(event, EventVoided):
            target = event.data.event_id
            now[target] = _voided(now.get(target, Kept()), fresh.recorded)
            touched[target] = None
    changes = [
        Change(kept.get(id_, Kept()).fact, fact) for id_ in touched if (fact := now[id_].fact)
    ]
    early = {id_: day for id_ in touched if not now[id_].fact and (day := now[id_].voided)}
    return News([c for c in changes if c.before != c.after], early)


def _voided(had: Kept, day: date) -> Kept:
    """The first of several voids counts."""
    first = min(had.voided, day) if had.voided else day
    return Kept(had.fact and replace(had.fact, voided=first), first)


class Projection:
    """Projects batches; whatever it raises, nothing of the batch was kept."""

    def __init__(
        self,
        measures: Measures,
        facts: FactStore,
        cells: CellStore,
        progress: ProgressStore,
        transact: Transact,
    ) -> None:
        self._measures = measures
        self._facts = facts
        self._cells = cells
        self._progress = progress
        self._transact = transact

    async def project(self, partition: int, events: Sequence[Event], pending: Pending) -> None:
        """Keep facts and figures of these events, in any order and however often delivered."""

        async def work(session: Session | None) -> list[Change]:
            await self._progress.move(partition, pending, session)
            return await self._apply(events, session)

        with metrics.BATCH_SECONDS.time():
            changes = await self._transact(work)
        metrics.BATCH_SIZE.observe(len(events))
        _observe(changes)

    async def _apply(self, events: Sequence[Event], session: Session | None) -> list[Change]:
        kept = await self._facts.find(_ids(events), session)
        changes, early_voids = news(events, kept)
        keys = {change.after.id: self._measures.keys(change.after) for change in changes}
        others = await self._others(keys, session)
        await self._cells.apply(self._measures.differences(changes, others), session)
        written = [Writing(c.after, keys[c.after.id], c.after.id in kept) for c in changes]
        await self._facts.write(written, early_voids, session)
        return changes

    async def _others(
        self, keys: Mapping[str, Collection[Key]], session: Session | None
    ) -> dict[Key, list[Fact]]:
        """The facts judged together with changed ones, without these."""
        wanted = {key for found in keys.values() for key in found}
        if not wanted:
            return {}
        histories = await self._facts.together(wanted, session)
        for key, facts in histories.items():
            if len(facts) > LONG_HISTORY:
                metrics.LONG_HISTORIES.inc()
                log.warning("a history grows long", ward=key.ward, facts=len(facts))
        return {
            key: [fact for fact in facts if fact.id not in keys] for key, facts in histories.items()
        }


def _observe(changes: Iterable[Change]) -> None:
    fresh = [change.after for change in changes if not change.before]
    for name, amount in Counter(fact.event.type for fact in fresh).items():
        metrics.PROJECTED.labels(name).inc(amount)
    metrics.UNKNOWN_WARDS.inc(sum(fact.ward.endswith(UNKNOWN) for fact in fresh))


def _ids(events: Sequence[Event]) -> set[str]:
    """The ids under which something may be kept already."""
    targets = {event.data.event_id for event in events if isinstance(event, EventVoided)}
    return targets | {event.id for event in events}
