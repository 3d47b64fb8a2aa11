"""What is left in notify of a citizen who was erased."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from services.messaging.log.store import MongoEventLog
from services.notify.arriving.inbox import Inbox
from services.notify.callbacks.sink import LedgerCallbacks
from services.notify.contacts.number_keys import number_key
from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import CLAIMS, Claim, invited_by
from services.notify.ledger.store import MongoLedger
from services.notify.notification.notification import notification_id
from services.notify.notification.occasions import reason_id
from services.notify.text.templates import Style
from services.platform.mongo import connect
from services.platform.personal_data.contact_wire import ErasedContact
from tests.builders import SATURDAY, a_phone, an_event_id, an_id
from tests.notify.harness import (
    DELAY,
    WRAP_KEY,
    Kit,
    arrive,
    asking,
    assisted,
    give_consent,
    notification_of_day,
    share_contact,
)


class Place:
    """Notify on either ledger, and all that it keeps, as texts."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit

    async def records(self) -> dict[str, list[str]]:
        """By store, each record with its key."""
        return {
            name: [f"{key} {record!r}" for key, record in table.items()]
            for name, table in self.kit.ledger.tables.items()
        }

    async def erase(self, citizen: str) -> None:
        kit = self.kit
        inbox = Inbox(kit.ledger, kit.contacts, delay=DELAY, clock=kit.clock)
        erased = ErasedContact(event_id=an_event_id(), citizen_ids=(citizen,))
        await inbox.erased_contact(erased)


class PlaceInMongo(Place):
    async def records(self) -> dict[str, list[str]]:
        database = self.kit.ledger._database  # type: ignore[attr-defined]
        names = await database.list_collection_names()
        return {
            name: [repr(record) for record in await database[name].find().to_list(None)]
            for name in names
        }


@pytest.fixture(params=["twin", "mongo"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    kit = Kit(terms=asking(Style(reply_number="8199")))
    if request.param == "twin":
        yield Place(kit)
        return
    client = connect(request.getfixturevalue("mongo_url"))
    database = client[request.getfixturevalue("database_name")]
    log = MongoEventLog(database, partitions=4)
    await log.ensure_indexes()
    ledger = MongoLedger(client, database, log)
    await ledger.ensure_indexes()
    kit.ledger = ledger  # type: ignore[assignment]
    kit.callbacks = LedgerCallbacks(ledger, (WRAP_KEY,), kit.clock)
    yield PlaceInMongo(kit)
    await log.close()
    client.close()


async def reachable_by(kit: Kit, phone: str) -> str:
    citizen = an_id("citizen")
    await share_contact(kit.contacts, citizen, phone)
    await give_consent(kit.contacts, citizen)
    return citizen


async def invited(tx: Transaction, key: str, id_: str) -> None:
    await tx.put(CLAIMS, {key: Claim(key, id_)})


async def leave_marks(kit: Kit, citizen: str, phone: str) -> tuple[str, str]:
    """A mark in each store that knows numbers or words; the number's key, and the SMS's id."""
    key, id_ = (
        number_key(f"+84{phone[1:]}", (WRAP_KEY,)),
        notification_id(reason_id(citizen, SATURDAY.date())),
    )
    await arrive(kit.ledger, assisted(citizen))
    await kit.after(hours=1)
    for text in ("xin chao", "1", "3", "TC"):
        await kit.answer(citizen, text)
    claim = invited_by("campaign-0000", key)
    await kit.ledger.transact(partial(invited, key=claim, id_=id_))
    return key, id_


async def test_nothing_leads_from_an_erased_citizen_to_a_number_or_to_words(place: Place) -> None:
    phone = a_phone()
    citizen = await reachable_by(place.kit, phone)
    key, _ = await leave_marks(place.kit, citizen, phone)
    confirmation = [r for r in (await place.records())["notifications"] if "command" in r]

    await place.erase(citizen)

    after = await place.records()
    ids = {r.split("sms-")[1][:24] for r in after["notifications"] if citizen in r}
    leading = [
        record
        for records in after.values()
        for record in records
        if key in record and (citizen in record or any(id_ in record for id_ in ids))
    ]
    assert len(confirmation) == 1
    assert len(ids) >= 2
    assert leading == []
    assert (after["words"], after["senders"]) == ([], [])
    assert place.kit.contacts.records[citizen].contact is None


async def test_erasure_may_be_carried_out_again(place: Place) -> None:
    phone = a_phone()
    citizen = await reachable_by(place.kit, phone)
    await leave_marks(place.kit, citizen, phone)

    await place.erase(citizen)
    once = await place.records()
    await place.erase(citizen)

    assert once["numbers"] == (await place.records())["numbers"]


async def test_what_a_number_refused_holds_after_one_of_its_citizens_was_erased(
    place: Place,
) -> None:
    phone = a_phone()
    citizen, other = [await reachable_by(place.kit, phone) for _ in range(2)]
    await leave_marks(place.kit, citizen, phone)

    await place.erase(citizen)
    await arrive(place.kit.ledger, assisted(other, place.kit.clock()))
    await place.kit.after(hours=1)

    found = await notification_of_day(place.kit.ledger, other)
    assert found.reason == "opted_out"


async def test_others_of_the_number_keep_their_words(place: Place) -> None:
    phone = a_phone()
    citizen, other = [await reachable_by(place.kit, phone) for _ in range(2)]
    await arrive(place.kit.ledger, assisted(other))
    await place.kit.after(hours=1)
    await place.kit.answer(other, "xin chao")

    await place.erase(citizen)

    assert len((await place.records())["words"]) == 1


async def test_confirmation_that_is_due_does_not_leave_after_an_erasure(place: Place) -> None:
    phone = a_phone()
    citizen = await reachable_by(place.kit, phone)
    await leave_marks(place.kit, citizen, phone)
    before = len(place.kit.provider.reached)

    await place.erase(citizen)
    await place.kit.after(hours=1)

    assert len(place.kit.provider.reached) == before
