"""The ward's task: disputes that are neither resolved nor settled by voiding what was disputed."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from services.events.answers import AssistanceDisputed
from services.events.disputes import DisputeResolved
from services.reporting.asking.fact_readers import DisputeReader
from services.reporting.counting.keys import Key
from services.reporting.definitions.measure import Fact
from services.reporting.measures.disputes import DISPUTED, disputed_event
from services.reporting.stores.fact_query import TimePosition
from services.reporting.stores.fact_store import KnownFact


class Open(NamedTuple):
    """A dispute, and what it disputes where that has come already."""

    dispute: Fact
    disputed: Fact | None


class Page(NamedTuple):
    """Some open disputes; `after` leads on, None at the end."""

    rows: list[Open]
    after: TimePosition | None


async def page(
    facts: DisputeReader, wards: Collection[str] | None, after: TimePosition | None, limit: int
) -> Page:
    """At least `limit` rows unless the end comes first, oldest first."""
    rows: list[Open] = []
    while len(rows) < limit:
        told = await facts.disputes(wards, after, limit)
        rows += await _open(told, facts)
        if len(told) < limit:
            return Page(rows, None)
        after = _time_position(told[-1])
    return Page(rows, after)


async def _open(disputes: Sequence[Fact], facts: DisputeReader) -> list[Open]:
    keys = {_key(fact) for fact in disputes}
    known = await facts.find({key.name for key in keys}, keys, None)
    rows: list[Open] = []
    for dispute in disputes:
        event_id = disputed_event(dispute)
        disputed = known.facts.get(event_id, KnownFact())
        history = known.histories.get(_key(dispute), ())
        if is_open(dispute, history, disputed):
            rows.append(Open(dispute, disputed.fact))
    return rows


def _key(dispute: Fact) -> Key:
    """All that was said of the disputed event, wherever."""
    return Key("", disputed_event(dispute), DISPUTED)


def is_open(dispute: Fact, history: Sequence[Fact], disputed: KnownFact) -> bool:
    """Whether it is the first about its event, which was neither resolved nor voided. Pure."""
    said = [
        fact
        for fact in history
        if isinstance(fact.event, DISPUTED.on)
        and disputed_event(fact) == disputed_event(dispute)
        and fact.voided is None
    ]
    resolved = any(isinstance(fact.event, DisputeResolved) for fact in said)
    repeated = any(
        isinstance(fact.event, AssistanceDisputed)
        and _time_position(fact) < _time_position(dispute)
        for fact in said
    )
    return not (resolved or repeated or disputed.voided)


def _time_position(fact: Fact) -> TimePosition:
    return TimePosition(fact.at, fact.id)
