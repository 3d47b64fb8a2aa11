"""The inbox: each event becomes rows of the ledger before it is acknowledged, once (idempotent)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, EventVoided
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.registry import type_name
from services.events.requests import RequestClosed, RequestReceived
from services.events.signatures import SignatureIssued
from services.notify.arriving.appointments import book, cancel, void_cancellations
from services.notify.arriving.arrivals import record, stop_waiting_for, void_events
from services.notify.arriving.changed_numbers import change_hands
from services.notify.arriving.disputes import outcome_row
from services.notify.arriving.erasure import Erasure, LedgerErasure
from services.notify.arriving.reconsidering import reconsider, suppressed_of
from services.notify.clock import EventClock
from services.notify.contacts.contacts import (
    CitizenStatement,
    Contacts,
    Persons,
    contact_of,
    merger_of,
    restriction_of,
    words_of,
)
from services.notify.contacts.number_keys import number_key
from services.notify.contacts.records import StatementVoid
from services.notify.ledger.ledger import Ledger, Query, Transaction
from services.notify.notification.occasions import EventRow, row_of
from services.platform.clock import Clock, utc_now
from services.platform.group_commit import GroupCommit
from services.platform.personal_data.contact_wire import ErasedContact, SharedContact

_REFUSED = type_name(EventRefused)


class Inbox:
    """Everything may be heard twice and in any order. Raises: Unavailable, then tell it again."""

    def __init__(
        self,
        ledger: Ledger,
        contacts: Contacts,
        *,
        delay: timedelta,
        clock: EventClock,
        machine_clock: Clock = utc_now,
        keys: tuple[bytes, ...] = (),
    ) -> None:
        self._ledger = ledger
        self._contacts = contacts
        self._erasure = Erasure([contacts, LedgerErasure(ledger)])
        self._delay = delay
        self._clock = clock
        self._machine_clock = machine_clock
        self._keys = keys
        """Under which numbers are known again, the newest first."""
        self._contacts_arriving = GroupCommit[CitizenStatement, None](self._share, repeatable=True)
        self._visits_arriving = GroupCommit[EventRow, None](self._record, repeatable=True)

    async def visits(self, events: Sequence[CitizenAssisted | SignatureIssued]) -> None:
        """Their SMS is due some time after the last of the day; those in flight share a write."""
        self._seen(events)
        await self._visits_arriving.add_all(
            [row_of(event, self._machine_clock()) for event in events]
        )

    async def voids(self, events: Sequence[EventVoided]) -> None:
        """What has not left will not leave; what a voided word held back may leave after all.

        That a refusal is over changes nothing here.
        """
        self._seen(events)
        events = [event for event in events if event.data.target_type != _REFUSED]
        if not events:
            return
        targets = {event.data.event_id for event in events}
        await self._ledger.transact(partial(self._take_back, event_ids=targets, at=self._clock()))
        await self._reconsider(
            [StatementVoid(e.data.event_id, e.data.target_type, e.subject) for e in events]
        )

    async def resolutions(self, events: Sequence[DisputeResolved]) -> None:
        """Who disputed by SMS is told what came of it."""
        self._seen(events)
        for event in events:
            telling = await self._ledger.search(Query(event_id=event.data.event_id))
            if row := outcome_row(event, telling, self._machine_clock()):
                await self._visits_arriving.add(row)

    async def bookings(self, events: Sequence[AppointmentBooked]) -> None:
        """Each is reminded of once."""
        self._seen(events)
        heard_at = self._machine_clock()
        work = partial(book, events=events, heard_at=heard_at, delay=self._delay)
        await self._ledger.transact(work)

    async def cancellations(self, events: Sequence[AppointmentCancelled]) -> None:
        """Nobody is reminded of what is not going to be."""
        self._seen(events)
        work = partial(cancel, events=events, delay=self._delay, now=self._clock())
        await self._ledger.transact(work)

    async def refusals(self, events: Sequence[EventRefused]) -> None:
        """What was rejected is not waited for; the id of a conflict belongs to one that stands."""
        self._seen(events)
        rejected = {e.data.event_id for e in events if e.data.result is RefusedResult.REJECTED}
        work = partial(stop_waiting_for, event_ids=rejected, delay=self._delay)
        await self._ledger.transact(work)

    async def consents(self, events: Sequence[ConsentGiven | ConsentWithdrawn]) -> None:
        """What waited for a word of the citizen is looked at again."""
        self._seen(events)
        await self._contacts.record([word for event in events for word in words_of(event)])
        await self._wake({event.data.citizen_id for event in events})

    async def erasures(self, events: Sequence[CitizenErased]) -> None:
        """Every store is asked, whether or not `contact.erased` came already."""
        self._seen(events)
        citizens = {event.data.citizen_id for event in events}
        await self._erasure.of(citizens)
        await self._wake(citizens)

    async def requests(self, events: Sequence[RequestReceived | RequestClosed]) -> None:
        """Whoever asked to be erased is written to no more, until that was answered."""
        self._seen(events)
        said = [one for event in events for one in restriction_of(event)]
        if said:
            await self._contacts.record(said)
            await self._wake({one.citizen_id for one in said})

    async def mergers(self, events: Sequence[CitizenMerged]) -> None:
        """Two records are one person, who is told once."""
        self._seen(events)
        await self._contacts.record([merger_of(event) for event in events])
        await self._wake({event.data.citizen_id for event in events})

    async def contact(self, shared: SharedContact, body: bytes) -> None:
        """Kept as sealed as it came; those in flight share a write."""
        said = contact_of(shared, body, self._machine_clock())
        if former := shared.contact.formerly:
            key = number_key(shared.phone, self._keys)
            work = partial(change_hands, number_key=key, former=former, order=said.statement.order)
            await self._ledger.transact(work)
        await self._contacts_arriving.add(said)

    async def erased_contact(self, erased: ErasedContact) -> None:
        """Nothing leads from these ids to a phone any more."""
        await self._erasure.of(erased.citizen_ids)
        await self._wake(set(erased.citizen_ids))

    async def close(self) -> None:
        """Waits for what was told before."""
        await self._visits_arriving.close()
        await self._contacts_arriving.close()

    async def _share(self, contacts: Sequence[CitizenStatement]) -> Sequence[Exception | None]:
        await self._contacts.record(contacts)
        await self._wake({contact.citizen_id for contact in contacts})
        return [None] * len(contacts)

    async def _record(self, rows: Sequence[EventRow]) -> Sequence[Exception | None]:
        await self._ledger.transact(partial(record, arrived=rows, delay=self._delay))
        return [None] * len(rows)

    async def _wake(self, citizen_ids: set[str]) -> Persons:
        """And all who are the same persons, with them."""
        persons = await self._contacts.persons(citizen_ids)
        everybody = {r.citizen_id: records for records in persons.values() for r in records}
        await self._ledger.wake(everybody, self._clock())
        return everybody

    async def _take_back(self, tx: Transaction, event_ids: set[str], at: datetime) -> None:
        await void_events(tx, event_ids, at)
        await void_cancellations(tx, event_ids, self._delay, at)

    async def _reconsider(self, voids: Sequence[StatementVoid]) -> None:
        """What was held back for what these took away."""
        concerned = await self._contacts.void(voids)
        if not concerned:
            return
        persons = await self._wake(concerned)
        if ids := await suppressed_of(self._ledger, persons, voids):
            await self._ledger.transact(partial(reconsider, ids=ids, now=self._clock()))

    def _seen(self, events: Sequence[Event]) -> None:
        """Before anything is written, or a clock that follows the events would find it overdue."""
        for event in events:
            if event.recordedtime:
                self._clock.see(event.recordedtime)
