"""Records of citizens as an earlier version of notify kept them: read, gone on with, voided."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.notify.contacts.contacts import words_of
from services.notify.contacts.records import StatementVoid
from services.notify.contacts.store import MongoContacts
from services.notify.notification.ordering import is_later, order_of
from services.platform.mongo import Collection, connect
from tests.builders import HOA_HUNG, SATURDAY, an_event_id, an_id, event
from tests.notify.harness import (
    give_consent,
    of_contact,
    recipient_of_visits,
    sealed_contact,
    share_contact,
    taking,
)

LATER = SATURDAY + timedelta(hours=1)
NOW = SATURDAY + timedelta(hours=4)


class Former:
    """A document as an earlier version of notify left it."""

    def __init__(self, citizens: Collection) -> None:
        self.citizens = citizens
        self.citizen = an_id("citizen")
        self.contact, self.merger = an_event_id(), an_event_id()

    async def write(self, **more: object) -> None:
        body = sealed_contact(self.citizen, "0900000001", self.contact)
        kept = {"contact": body, "contact_order": self.contact, **more}
        await self.citizens.insert_one({"_id": self.citizen, **kept})

    def word(self, *, given: bool, at: datetime = SATURDAY) -> dict[str, object]:
        spoken = "given" if given else "withdrawn"
        order = f"{at.timestamp():020.6f}/{spoken}"
        return {"visit": {"given": given, "order": order, "ward": HOA_HUNG}}


@pytest.fixture
async def mongo(mongo_url: str, database_name: str) -> AsyncIterator["Mongo"]:
    client = connect(mongo_url)
    store = MongoContacts(client[database_name], lambda: NOW)
    await store.ensure_indexes()
    yield store, Former(client[database_name]["citizens"])
    client.close()


Mongo = tuple[MongoContacts, Former]


async def test_what_an_earlier_version_kept_holds_on(mongo: Mongo) -> None:
    contacts, former = mongo
    stays = an_id("citizen")
    await former.write(
        consents=former.word(given=True), merged_into=stays, merged_order=former.merger
    )
    await former.citizens.insert_one({"_id": stays, "absorbed": [former.citizen]})

    found = await recipient_of_visits(contacts, former.citizen)
    await give_consent(contacts, former.citizen, LATER)
    afterwards = await recipient_of_visits(contacts, former.citizen)

    assert (found.phone, found.consent, found.consent_ward) == ("+84900000001", True, HOA_HUNG)
    assert found.contact == former.contact
    assert found.citizen_ids == {stays, former.citizen}
    assert (afterwards.phone, afterwards.consent) == ("+84900000001", True)
    assert afterwards.citizen_ids == {stays, former.citizen}


async def test_contact_and_merger_of_an_earlier_version_are_voided(mongo: Mongo) -> None:
    contacts, former = mongo
    stays = an_id("citizen")
    await former.write(merged_into=stays, merged_order=former.merger)

    merger = StatementVoid(former.merger, "citizen.merged.v1", former.citizen)
    assert await contacts.void([merger]) == {former.citizen, stays}
    assert await contacts.void([of_contact(former.contact)]) == {former.citizen}

    found = await recipient_of_visits(contacts, former.citizen)
    assert found.phone is None
    assert found.citizen_ids == {former.citizen}


async def test_void_of_a_consent_that_an_earlier_version_heard_stops_sms(mongo: Mongo) -> None:
    """It kept no event of a word: the void of one that is not known takes the last one."""
    contacts, former = mongo
    await former.write(consents=former.word(given=True))
    target = event(ConsentGiven, citizen_id=former.citizen)

    await contacts.void([taking(target)])
    silent = await recipient_of_visits(contacts, former.citizen)
    await give_consent(contacts, former.citizen, LATER)

    assert silent.consent is None
    assert (await recipient_of_visits(contacts, former.citizen)).consent is True


async def test_word_of_an_earlier_version_that_is_heard_again_is_voided_by_its_event(
    mongo: Mongo,
) -> None:
    contacts, former = mongo
    await former.write(consents=former.word(given=False))
    word = event(ConsentWithdrawn, citizen_id=former.citizen, purposes=["visit"])
    await give_consent(contacts, former.citizen, SATURDAY - timedelta(hours=1))

    await contacts.record(words_of(word))
    held = await recipient_of_visits(contacts, former.citizen)
    await contacts.void([taking(word)])

    assert held.consent is False
    assert (await recipient_of_visits(contacts, former.citizen)).consent is True


async def test_contact_that_an_earlier_version_took_from_a_clock_ahead_gives_way_to_any_other(
    mongo: Mongo,
) -> None:
    contacts, former = mongo
    former.contact = "01f00000-0000-7000-8000-000000000001"
    await former.write()
    alone = await recipient_of_visits(contacts, former.citizen)

    await share_contact(contacts, former.citizen, "0900000002", at=NOW - timedelta(seconds=5))

    assert alone.phone == "+84900000001"
    assert (await recipient_of_visits(contacts, former.citizen)).phone == "+84900000002"


async def test_contact_that_an_earlier_version_took_from_a_right_clock_keeps_its_place(
    mongo: Mongo,
) -> None:
    contacts, former = mongo
    made_at = datetime.fromtimestamp(int(former.contact[:8] + former.contact[9:13], 16) / 1000, UTC)
    await former.write()

    await share_contact(contacts, former.citizen, "0900000002", at=made_at - timedelta(hours=1))
    before = await recipient_of_visits(contacts, former.citizen)
    await share_contact(contacts, former.citizen, "0900000003", at=made_at + timedelta(hours=1))

    assert before.phone == "+84900000001"
    assert (await recipient_of_visits(contacts, former.citizen)).phone == "+84900000003"


def test_order_of_an_id_alone_compares_by_the_instant_in_it() -> None:
    """Such orders stand in what was sent before: the number that somebody said was wrong."""
    id_ = "01990000-0000-7000-8000-000000000001"
    made_at = datetime.fromtimestamp(0x019900000000 / 1000, UTC)
    other = id_.replace("0001", "0002")
    hour = timedelta(hours=1)

    assert not is_later(order_of(made_at + hour, id_), than=id_)
    assert is_later(order_of(made_at + hour, other), than=id_)
    assert not is_later(order_of(made_at - hour, other), than=id_)
