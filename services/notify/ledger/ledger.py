"""What a change to the ledger reads and writes: all of it at once, or nothing."""

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from services.events.envelope import Event
from services.notify.ledger.controls import Controls
from services.notify.ledger.parts import WHOLE, Part
from services.notify.ledger.records import Sender
from services.notify.ledger.table import Table
from services.notify.notification.notification import Notification
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import EventRow
from services.notify.notification.states import State

R = TypeVar("R")
T = TypeVar("T")


class Transaction(Protocol):
    """Reads one instant; two that write one record never both commit."""

    async def get(self, table: Table[R], keys: Collection[str]) -> dict[str, R]:
        """The records that exist, by key."""

    async def unchanged(self, known: Collection[Notification]) -> dict[str, Notification]:
        """By id, what these are now: the same where their versions still stand, else read anew."""

    async def put(self, table: Table[R], records: Mapping[str, R]) -> None:
        """Writes whole records."""

    async def drop(self, table: Table[Any], keys: Collection[str]) -> None:
        """Removes records for good."""

    async def lease(self, notification_ids: Collection[str], until: datetime) -> None:
        """Has `abandoned` name those of them that are not settled by then; machine time."""

    async def waiting_for(self, event_ids: Collection[str]) -> list[EventRow]:
        """The rows that wait for one of these events, which they correct."""

    async def announce(self, events: Sequence[Event]) -> None:
        """Appends to notify's own event log."""


class Traces(NamedTuple):
    """Where the ledger holds what leads to a person, or from one: keys of records."""

    notifications: frozenset[str]
    numbers: frozenset[str]
    replies: frozenset[str]
    claims: frozenset[str]
    """Of numbers, not of reasons."""


class Query(NamedTuple):
    """Which notifications are asked for; empty fields ask for all."""

    event_id: str | None = None
    citizen_id: str | None = None
    states: tuple[State, ...] = ()
    wards: frozenset[str] | None = None
    before: tuple[datetime, str] | None = None
    """The last one of the page before: creation and id."""
    limit: int = 50


class Ledger(Protocol):
    """The store of notifications; MongoDB's and the twin in the tests pass one suite."""

    async def transact(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """`work` may run again, so it changes nothing but through its transaction."""

    async def due(
        self, now: datetime, limit: int, part: Part = WHOLE, without: Collection[str] = ()
    ) -> list[Notification]:
        """Those of `part` to be looked at again, longest waiting first.

        None that is being submitted, and none of the ids `without`.
        """

    async def abandoned(self, at: datetime, limit: int) -> list[str]:
        """Ids of those whose process did not come back within its lease; machine time."""

    async def stranded(self, now: datetime, limit: int) -> list[str]:
        """Ids of events that waited in vain for the event that they correct."""

    async def wake(self, citizen_ids: Collection[str], now: datetime) -> None:
        """Has the deferred ones of these citizens looked at again."""

    async def traces(self, citizen_ids: Collection[str]) -> Traces:
        """Costs a walk over numbers, replies and invitations: an erasure is rare."""

    async def senders(self, notification_ids: Collection[str]) -> dict[str, Sender]:
        """To whom confirmations go, by their ids; none where it was erased."""

    async def versions(self, notification_ids: Collection[str]) -> dict[str, int]:
        """Of notifications; each change makes another."""

    async def numbers(self, number_keys: Collection[str]) -> dict[str, NumberRecord]:
        """What is known of these numbers, outside of any transaction."""

    async def controls(self) -> Controls:
        """What people stopped."""

    async def invitations(self, campaign_ids: Collection[str]) -> dict[str, str]:
        """The approved texts of campaigns."""

    async def find(self, notification_id: str) -> Notification | None:
        """One by its id."""

    async def search(self, query: Query) -> list[Notification]:
        """Newest first."""

    async def newest(self) -> EventRow | None:
        """The visit with the newest `recordedtime`; the clock of a demo goes on from it."""
