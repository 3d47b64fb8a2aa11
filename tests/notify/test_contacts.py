"""One suite for both stores of contacts: MongoDB's and the twin."""

from collections.abc import AsyncIterator

import pytest

from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.notify.contact_store import MongoContacts
from services.notify.contacts import Card, Contacts, Shared, card_of, words_of
from services.notify.numbers import is_mobile
from services.platform.mongo import connect
from tests.builders import HOA_HUNG, SATURDAY, a_phone, an_event_id, an_id, event
from tests.notify.kit import WRAP_KEY, give_consent, sealed_contact, share_contact
from tests.twins.contacts import ContactsTwin


@pytest.fixture(params=["mongo", "twin"])
async def contacts(request: pytest.FixtureRequest) -> AsyncIterator[Contacts]:
    if request.param == "twin":
        yield ContactsTwin()
        return
    client = connect(request.getfixturevalue("mongo_url"))
    yield MongoContacts(client[request.getfixturevalue("database_name")])
    client.close()


async def card(contacts: Contacts, citizen_id: str) -> Card:
    records = (await contacts.persons([citizen_id]))[citizen_id]
    return card_of(records, "visit", (WRAP_KEY,))


async def say(contacts: Contacts, word: ConsentGiven | ConsentWithdrawn) -> None:
    await contacts.consent(words_of(word))


async def test_unknown_citizen_has_neither_contact_nor_consent(contacts: Contacts) -> None:
    found = await card(contacts, an_id("citizen"))

    assert (found.phone, found.consent, found.erased) == (None, None, False)


async def test_contact_is_readable_with_the_wrapping_key(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await share_contact(contacts, citizen, "0900000011")

    assert (await card(contacts, citizen)).phone == "+84900000011"


async def test_contact_under_another_key_is_told_as_unreadable(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    await share_contact(contacts, citizen)

    records = (await contacts.persons([citizen]))[citizen]

    assert card_of(records, "visit", (bytes(32),)).contact_problem == "contact_unreadable"


async def test_newer_contact_stays_whatever_comes_last(contacts: Contacts) -> None:
    citizen, older, newer = an_id("citizen"), an_event_id(), an_event_id()

    await contacts.share([Shared(citizen, sealed_contact(citizen, "0900000022", newer), newer)])
    await contacts.share([Shared(citizen, sealed_contact(citizen, "0900000021", older), older)])

    assert (await card(contacts, citizen)).phone == "+84900000022"


async def test_last_word_on_consent_counts_in_any_order(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    later = SATURDAY.replace(hour=9)

    await say(contacts, event(ConsentWithdrawn, at=later, citizen_id=citizen))
    await give_consent(contacts, citizen, SATURDAY)

    assert (await card(contacts, citizen)).consent is False


async def test_withdrawal_beats_a_consent_of_the_same_instant(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await say(contacts, event(ConsentWithdrawn, at=SATURDAY, citizen_id=citizen))
    await give_consent(contacts, citizen, SATURDAY)

    assert (await card(contacts, citizen)).consent is False


async def test_consent_to_something_else_is_none_to_a_visit(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await say(contacts, event(ConsentGiven, citizen_id=citizen, purposes=["reminder"]))

    assert (await card(contacts, citizen)).consent is None


async def test_erased_contact_does_not_come_back(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    await share_contact(contacts, citizen)

    await contacts.erase([citizen])
    await share_contact(contacts, citizen)

    found = await card(contacts, citizen)
    assert (found.phone, found.erased) == (None, True)


async def test_erasure_before_the_contact_counts(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await contacts.erase([citizen])
    await share_contact(contacts, citizen)

    assert (await card(contacts, citizen)).phone is None


async def test_merged_records_are_one_person_from_either_side(contacts: Contacts) -> None:
    stays, merged, earlier = an_id("citizen"), an_id("citizen"), an_id("citizen")
    await contacts.merge(earlier, merged, an_event_id())
    await contacts.merge(merged, stays, an_event_id())
    await share_contact(contacts, earlier, "0900000033")
    await give_consent(contacts, merged)

    for citizen in (stays, merged, earlier):
        found = await card(contacts, citizen)

        assert found.citizen_ids == {stays, merged, earlier}
        assert (found.phone, found.consent) == ("+84900000033", True)


async def test_records_merged_in_a_circle_are_one_person(contacts: Contacts) -> None:
    one, other = an_id("citizen"), an_id("citizen")

    await contacts.merge(one, other, an_event_id())
    await contacts.merge(other, one, an_event_id())

    assert (await card(contacts, one)).citizen_ids == {one, other}
    assert (await card(contacts, other)).citizen_ids == {one, other}


@pytest.mark.parametrize(
    ("phone", "mobile"),
    [("+84900000001", True), ("+842838291234", False), ("+6591234567", False), ("text", False)],
)
def test_only_vietnamese_mobiles_take_sms(phone: str, mobile: bool) -> None:
    assert is_mobile(phone) is mobile


def test_builders_phones_are_mobile() -> None:
    assert is_mobile(a_phone())


async def test_what_many_said_is_kept_together(contacts: Contacts) -> None:
    citizens = [an_id("citizen") for _ in range(3)]
    bodies = [sealed_contact(id_, a_phone(), id_) for id_ in citizens]
    words = [word for id_ in citizens for word in words_of(event(ConsentGiven, citizen_id=id_))]

    await contacts.share(
        [Shared(id_, body, id_) for id_, body in zip(citizens, bodies, strict=True)]
    )
    await contacts.consent(words)

    cards = [await card(contacts, id_) for id_ in citizens]
    assert len({one.phone for one in cards}) == 3
    assert all(one.consent for one in cards)


async def test_those_who_agreed_come_in_the_order_of_ids_page_by_page(contacts: Contacts) -> None:
    agreed = sorted(an_id("citizen") for _ in range(5))
    for citizen in agreed:
        await say(contacts, event(ConsentGiven, citizen_id=citizen, purposes=["invitation"]))
    for_visits_alone, changed_mind = an_id("citizen"), an_id("citizen")
    await say(contacts, event(ConsentGiven, citizen_id=for_visits_alone, purposes=["visit"]))
    await say(contacts, event(ConsentGiven, citizen_id=changed_mind, purposes=["invitation"]))
    await say(contacts, event(ConsentWithdrawn, citizen_id=changed_mind, purposes=["invitation"]))

    first = await contacts.agreed("invitation", "", 3)

    assert first == agreed[:3]
    assert await contacts.agreed("invitation", first[-1], 3) == agreed[3:]


async def test_ward_of_the_last_word_is_kept(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    later = SATURDAY.replace(hour=9)

    await say(contacts, event(ConsentGiven, at=later, ward=HOA_HUNG, citizen_id=citizen))
    await say(contacts, event(ConsentGiven, at=SATURDAY, citizen_id=citizen))

    assert (await card(contacts, citizen)).consent_ward == HOA_HUNG
