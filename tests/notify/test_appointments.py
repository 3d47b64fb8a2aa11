"""One suite for both ledgers: what is booked, cancelled and voided at one time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.messaging.log.store import MongoEventLog
from services.notify.arriving.inbox import Inbox
from services.notify.ledger.ledger import Ledger, Query, Transaction
from services.notify.ledger.records import CANCELLATIONS, Cancellation
from services.notify.ledger.store import MongoLedger
from services.notify.notification.notification import Notification
from services.platform.mongo import connect
from tests.builders import SATURDAY, an_id, event, void
from tests.notify.harness import DELAY, TurnedClock
from tests.twins.contacts import ContactsTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.ledger import LedgerTwin

LATER = SATURDAY + timedelta(minutes=10)


@pytest.fixture(params=["mongo", "twin"])
async def ledger(request: pytest.FixtureRequest) -> AsyncIterator[Ledger]:
    if request.param == "twin":
        yield LedgerTwin(EventLogTwin())
        return
    client = connect(request.getfixturevalue("mongo_url"))
    database = client[request.getfixturevalue("database_name")]
    log = MongoEventLog(database, partitions=4)
    await log.ensure_indexes()
    books = MongoLedger(database.client, database, log)
    await books.ensure_indexes()
    yield books
    await log.close()
    client.close()


@pytest.fixture
def inbox(ledger: Ledger) -> Inbox:
    return Inbox(ledger, ContactsTwin(), delay=DELAY, clock=TurnedClock())


def booked(citizen: str) -> AppointmentBooked:
    return event(AppointmentBooked, citizen_id=citizen)


def cancelled(citizen: str) -> AppointmentCancelled:
    return event(AppointmentCancelled, at=LATER, citizen_id=citizen)


async def reminder(ledger: Ledger, citizen: str) -> Notification:
    [found] = await ledger.search(Query(citizen_id=citizen))
    return found


async def test_booking_and_cancellation_heard_at_once_leave_no_reminder(
    ledger: Ledger, inbox: Inbox
) -> None:
    for _ in range(8):
        citizen = an_id("citizen")

        await asyncio.gather(
            inbox.bookings([booked(citizen)]), inbox.cancellations([cancelled(citizen)])
        )

        assert (await reminder(ledger, citizen)).standing == ()


async def test_booking_stands_where_a_cancellation_and_its_void_are_heard_at_once(
    ledger: Ledger, inbox: Inbox
) -> None:
    for _ in range(8):
        citizen = an_id("citizen")
        booking, cancellation = booked(citizen), cancelled(citizen)

        await asyncio.gather(
            inbox.voids([void(cancellation)]),
            inbox.bookings([booking]),
            inbox.cancellations([cancellation]),
        )

        [standing] = (await reminder(ledger, citizen)).standing
        assert standing.event_id == booking.id


async def test_cancellation_that_an_earlier_version_kept_holds_until_it_is_voided_by_its_event(
    ledger: Ledger, inbox: Inbox
) -> None:
    citizen = an_id("citizen")
    booking, cancellation = booked(citizen), cancelled(citizen)
    await inbox.bookings([booking])
    reason = (await reminder(ledger, citizen)).reason_id
    assert cancellation.recordedtime

    kept = {reason: Cancellation(cancellation.recordedtime)}
    await ledger.transact(lambda tx: put(tx, kept))
    await inbox.bookings([booking])
    before = (await reminder(ledger, citizen)).standing
    await inbox.cancellations([cancellation])
    await inbox.voids([void(cancellation)])

    assert before == ()
    assert len((await reminder(ledger, citizen)).standing) == 1


async def put(tx: Transaction, kept: dict[str, Cancellation]) -> None:
    await tx.get(CANCELLATIONS, kept)
    await tx.put(CANCELLATIONS, kept)
