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
from services.messaging.consumer.arrivals import Arrival
from services.platform.clock import Clock, utc_now
from services.platform.mongo import Session
from services.reporting import metrics
from services.reporting.counting.difference import Differences
from services.reporting.counting.judging import Change, Measures
from services.reporting.counting.keys import Key
from services.reporting.definitions.measure import Fact
from services.reporting.projecting.batches import AsideStore, Batch, ProgressStore, Standings
from services.reporting.stores.fact_store import UNKNOWN, Known, KnownFact, Writing, fact_of
from services.reporting.stores.histories import whole

T = TypeVar("T")
LONG_HISTORY = 1_000
"""Facts judged together beyond which reading them again and again costs too much."""

log = structlog.get_logger(__name__)


class Transact(Protocol):
    """Runs work in one transaction, again where it conflicts with another."""

    async def __call__(self, work: Callable[[Session | None], Awaitable[T]], /) -> T: ...


class FactStore(Protocol):
    """What the projection, rebuild and verify need of facts."""

    async def find(
        self, ids: Collection[str], keys: Collection[Key], session: Session | None
    ) -> Known: ...
    async def claim(self, keys: Collection[Key], session: Session | None) -> None: ...
    async def write(
        self,
        written: Iterable[Writing],
        early_voids: Mapping[str, date],
        session: Session | None,
    ) -> None: ...
    def of_ward(
        self,
        ward: str,
        session: Session | None,
        types: Collection[type[Event]] | None = None,
    ) -> AsyncIterator[Fact]: ...
    async def wards(self) -> set[str]: ...


class CellStore(Protocol):
    """What they need of figures."""

    async def apply(self, differences: Differences, session: Session | None) -> None: ...
    async def stored(
        self, ward: str, members: Collection[str], session: Session | None
    ) -> Differences: ...
    async def wards(self) -> set[str]: ...


class News(NamedTuple):
    """What a batch brings beyond what was kept."""

    changes: list[Change]
    early_voids: dict[str, date]


def news(facts: Iterable[Fact], kept: Mapping[str, KnownFact]) -> News:
    """Each fact once, with its void whichever of the two came first; known ones bring nothing."""
    now = dict(kept)
    touched = dict[str, None]()
    for fact in facts:
        had = now.get(fact.id, KnownFact())
        if had.fact:
            continue
        now[fact.id] = KnownFact(
            replace(fact, voided=had.voided) if had.voided else fact, had.voided
        )
        touched[fact.id] = None
        if isinstance(fact.event, EventVoided):
            target = fact.event.data.event_id
            now[target] = _voided(now.get(target, KnownFact()), fact.recorded)
            touched[target] = None
    changes = [
        Change(kept.get(id_, KnownFact()).fact, new) for id_ in touched if (new := now[id_].fact)
    ]
    early = {id_: day for id_ in touched if not now[id_].fact and (day := now[id_].voided)}
    return News([c for c in changes if c.before != c.after], early)


def _voided(had: KnownFact, day: date) -> KnownFact:
    """The first of several voids counts."""
    first = min(had.voided, day) if had.voided else day
    return KnownFact(had.fact and replace(had.fact, voided=first), first)


class Projection:
    """Projects batches; whatever it raises, nothing of them was kept."""

    def __init__(
        self,
        measures: Measures,
        facts: FactStore,
        cells: CellStore,
        progress: ProgressStore,
        aside: AsideStore,
        transact: Transact,
        clock: Clock = utc_now,
    ) -> None:
        self._measures = measures
        self._facts = facts
        self._cells = cells
        self._standings = Standings(facts, progress, aside, clock)
        self._transact = transact

    async def project(self, partition: int, arrivals: Sequence[Arrival]) -> None:
        """Keep facts and figures of these events, in any order and however often delivered, and
        what they prove. Raises: NotCounted, OtherDivision."""
        await self.project_all([Batch(partition, arrivals)])

    async def project_all(self, batches: Sequence[Batch]) -> None:
        """The same for batches of several partitions, in one transaction."""
        facts = [fact_of(event) for batch in batches for event in batch.events]

        async def work(session: Session | None) -> list[Change]:
            before = await self._standings.read(batches, session)
            changes = await self._apply(facts, session)
            fresh = {change.after.id for change in changes if not change.before}
            await self._standings.move(batches, before, fresh, session)
            return changes

        with metrics.BATCH_SECONDS.time():
            changes = await self._transact(work)
        metrics.BATCH_SIZE.observe(len(facts))
        _observe(changes)

    async def _apply(self, facts: Sequence[Fact], session: Session | None) -> list[Change]:
        keys = {fact.id: self._measures.keys(fact) for fact in facts}
        known = await self._facts.find(_ids(facts), _all(keys), session)
        changes, early_voids = news(facts, known.facts)
        of_changes = {c.after.id: self._measures.keys(c.after) for c in changes}
        touched = _all(of_changes)
        read = {key: known.histories.get(key, ()) for key in _all(keys) & touched}
        histories = await whole(self._facts, touched, session, read)
        await self._facts.claim(histories.keys(), session)
        others = _others(histories, of_changes.keys())
        await self._cells.apply(self._measures.differences(changes, others), session)
        await self._facts.write(
            [Writing(c.after, of_changes[c.after.id], c.after.id in known.facts) for c in changes],
            early_voids,
            session,
        )
        return changes


def _others(
    histories: Mapping[Key, Sequence[Fact]], changed: Collection[str]
) -> dict[Key, list[Fact]]:
    """The facts that are judged together with changed ones, without these."""
    for key, facts in histories.items():
        if len(facts) > LONG_HISTORY:
            metrics.LONG_HISTORIES.inc()
            what = key.life.name if key.life else key.ward
            log.warning("a history grows long", of=what, facts=len(facts))
    return {
        key: [fact for fact in facts if fact.id not in changed] for key, facts in histories.items()
    }


def _all(keys: Mapping[str, Collection[Key]]) -> set[Key]:
    return {key for found in keys.values() for key in found}


def _observe(changes: Iterable[Change]) -> None:
    fresh = [change.after for change in changes if not change.before]
    for name, amount in Counter(fact.event.type for fact in fresh).items():
        metrics.PROJECTED.labels(name).inc(amount)
    metrics.UNKNOWN_WARDS.inc(sum(fact.ward.endswith(UNKNOWN) for fact in fresh))


def _ids(facts: Sequence[Fact]) -> set[str]:
    """The ids under which something may be kept already."""
    voids = (fact.event for fact in facts if isinstance(fact.event, EventVoided))
    return {fact.id for fact in facts} | {void.data.event_id for void in voids}
