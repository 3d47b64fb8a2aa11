"""What MongoDB refuses for what it is: set aside alone, whoever comes with it or after it."""

from pathlib import Path

import pytest

from services.events.citizens import ConsentGiven
from services.messaging.log.store import MongoEventLog
from services.messaging.topology import EVENTS_DEAD_LETTERS, PRIVATE_DEAD_LETTERS
from services.notify.contacts.contacts import CitizenStatement, words_of
from services.notify.contacts.records import CITIZENS
from services.notify.contacts.store import MongoContacts
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import ROWS
from services.notify.ledger.store import MongoLedger
from services.notify.notification.occasions import EventRow
from services.platform.mongo import Client, Document, PyMongoError, connect
from services.platform.unavailable import Unavailable
from tests.builders import an_event_id, an_id, event
from tests.eventually import eventually
from tests.notify.harness import assisted
from tests.notify.test_service import declare_in, holds, notify

MORE_THAN_ARE_HANDED_OVER = 25
NOWHERE = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200"


def all_but(*ids: str) -> Document:
    return {"_id": {"$nin": list(ids)}}


async def test_citizen_that_is_refused_is_no_missing_database(
    client: Client, database_name: str
) -> None:
    citizen = an_id("citizen")
    await client[database_name].create_collection(CITIZENS.name, validator=all_but(citizen))

    with pytest.raises(PyMongoError):
        await MongoContacts(client[database_name]).record(consent_of(citizen))


async def test_row_that_is_refused_is_no_missing_database(
    client: Client, database_name: str
) -> None:
    event_id = an_event_id()
    await client[database_name].create_collection(ROWS.name, validator=all_but(event_id))

    with pytest.raises(PyMongoError):
        await ledger_of(client, database_name).transact(lambda tx: writing(tx, event_id))


async def test_database_that_is_away_is_missing(database_name: str) -> None:
    client = connect(NOWHERE)

    with pytest.raises(Unavailable):
        await MongoContacts(client[database_name]).record(consent_of(an_id("citizen")))
    with pytest.raises(Unavailable):
        await ledger_of(client, database_name).transact(lambda tx: writing(tx, an_event_id()))


async def test_messages_that_can_never_be_stored_hold_up_no_other(
    client: Client, database_name: str, mongo_url: str, vhost_url: str, tmp_path: Path
) -> None:
    refused = [an_id("citizen") for _ in range(MORE_THAN_ARE_HANDED_OVER)]
    before, after = an_id("citizen"), an_id("citizen")
    await client[database_name].create_collection(CITIZENS.name, validator=all_but(*refused))
    await declare_in(vhost_url)
    async with notify(mongo_url, database_name, vhost_url, tmp_path) as running:
        await eventually(running.ready)

        for citizen in (before, *refused, after):
            await running.share(citizen, "0900000008")
            await running.consent(citizen)
        await running.publish(assisted(before), assisted(after))

        await eventually(lambda: holds(vhost_url, PRIVATE_DEAD_LETTERS, len(refused)))
        await eventually(lambda: holds(vhost_url, EVENTS_DEAD_LETTERS, len(refused)))

        async def both_are_told() -> bool:
            return len(await running.sent()) == 2

        await eventually(both_are_told)


async def test_visit_that_can_never_be_stored_is_buried_alone(
    client: Client, database_name: str, mongo_url: str, vhost_url: str, tmp_path: Path
) -> None:
    visits = [assisted(an_id("citizen")) for _ in range(3)]
    await client[database_name].create_collection(ROWS.name, validator=all_but(visits[1].id))
    await declare_in(vhost_url)
    async with notify(mongo_url, database_name, vhost_url, tmp_path) as running:
        await eventually(running.ready)

        await running.publish(*visits)

        await eventually(lambda: holds(vhost_url, EVENTS_DEAD_LETTERS, 1))

        async def its_neighbours_are_known() -> bool:
            known = [await running.notifications(event_id=visit.id) for visit in visits]
            return [len(found) for found in known] == [1, 0, 1]

        await eventually(its_neighbours_are_known)


def consent_of(citizen_id: str) -> list[CitizenStatement]:
    return list(words_of(event(ConsentGiven, citizen_id=citizen_id)))


def ledger_of(client: Client, name: str) -> MongoLedger:
    database = client[name]
    return MongoLedger(client, database, MongoEventLog(database, partitions=1))


async def writing(tx: Transaction, event_id: str) -> None:
    await tx.put(ROWS, {event_id: EventRow(event_id)})
