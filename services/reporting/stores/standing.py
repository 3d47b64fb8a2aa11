"""What a partition has of each log, and until when that is proven to be all of it. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.messaging.consumer.arrivals import Arrival
from services.messaging.log.completeness import PUBLISHERS, Statement, Tally, log_of_source

EMPTY = Tally()


@dataclass(frozen=True, slots=True)
class Gap:
    """Our tally is not the log's."""

    lacks: int
    """How many more the log has; below zero: how many fewer; 0: others."""
    since: datetime
    """When that was first heard."""


@dataclass(frozen=True, slots=True)
class OfLog:
    """Of one log."""

    tally: Tally = EMPTY
    """Of the facts that stand, and of the events that an operator left out."""
    true_until: datetime | None = None
    """All that the log recorded before this instant is among them."""
    gap: Gap | None = None
    heard_at: datetime | None = None
    """When the log last said what it has."""

    def stated(self, statement: Statement, now: datetime) -> "OfLog":
        """Equal tallies prove the statement; unequal ones prove nothing."""
        if statement.tally != self.tally:
            since = self.gap.since if self.gap else now
            gap = Gap(statement.tally.count - self.tally.count, since)
            return replace(self, gap=gap, heard_at=now)
        until = max(statement.as_of, self.true_until or statement.as_of)
        return replace(self, true_until=until, gap=None, heard_at=now)


Standing = Mapping[str, OfLog]
"""By log."""
NOTHING: Standing = {log: OfLog() for log in PUBLISHERS}


def after(
    standing: Standing,
    arrivals: Iterable[Arrival],
    counted: Collection[str],
    partitions: int,
    now: datetime,
) -> Standing:
    """What stands once these have come, each statement judged at its place among them.

    `counted`: the ids that come into the tallies with them. A statement about another division
    than into `partitions` is not heard.
    """
    logs, new = dict(standing), set(counted)
    before: dict[str, list[str]] = {log: [] for log in logs}
    for arrival in arrivals:
        if not isinstance(arrival, Statement):
            if arrival.id in new:
                new.discard(arrival.id)
                before[log_of_source(arrival.source)].append(arrival.id)
        elif arrival.partitions == partitions:
            log = arrival.publisher
            logs[log] = _with(logs[log], before[log]).stated(arrival, now)
            before[log] = []
    return {log: _with(of_log, before[log]) for log, of_log in logs.items()}


def _with(of_log: OfLog, event_ids: Collection[str]) -> OfLog:
    return replace(of_log, tally=of_log.tally.plus(event_ids)) if event_ids else of_log
