"""One suite for both stores of contacts: MongoDB's and the twin."""

from collections.abc import AsyncIterator

import pytest

from services.events.citizens import ConsentGiven, ConsentWithdrawn
from services.notify.contacts.contacts import Contacts, recipient_of, words_of
from services.notify.contacts.store import MongoContacts
from services.platform.mongo import connect
from services.platform.vietnam.phone_numbers import is_mobile
from tests.builders import HOA_HUNG, SATURDAY, a_phone, an_event_id, an_id, event
from tests.notify.harness import (
    give_consent,
    merging,
    recipient_of_visits,
    sealed_contact,
    share_contact,
    shared,
)
from tests.twins.contacts import ContactsTwin

LATER = SATURDAY.replace(hour=9)


@pytest.fixture(params=["mongo", "twin"])
async def contacts(request: pytest.FixtureRequest) -> AsyncIterator[Contacts]:
    if request.param == "twin":
        yield ContactsTwin()
        return
    client = connect(request.getfixturevalue("mongo_url"))
    store = MongoContacts(client[request.getfixturevalue("database_name")])
    await store.ensure_indexes()
    yield store
    client.close()


async def say(contacts: Contacts, word: ConsentGiven | ConsentWithdrawn) -> None:
    await contacts.record(words_of(word))


async def test_unknown_citizen_has_neither_contact_nor_consent(contacts: Contacts) -> None:
    found = await recipient_of_visits(contacts, an_id("citizen"))

    assert (found.phone, found.consent, found.erased) == (None, None, False)


async def test_contact_is_readable_with_the_wrapping_key(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await share_contact(contacts, citizen, "0900000011")

    assert (await recipient_of_visits(contacts, citizen)).phone == "+84900000011"


async def test_contact_under_another_key_is_told_as_unreadable(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    await share_contact(contacts, citizen)

    records = (await contacts.persons([citizen]))[citizen]

    assert recipient_of(records, "visit", (bytes(32),)).contact_problem == "contact_unreadable"


async def test_newer_contact_stays_whatever_comes_last(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await share_contact(contacts, citizen, "0900000022", at=LATER)
    await share_contact(contacts, citizen, "0900000021")

    assert (await recipient_of_visits(contacts, citizen)).phone == "+84900000022"


async def test_phone_whose_clock_is_ahead_does_not_decide_which_number_holds(
    contacts: Contacts,
) -> None:
    """Its ids sort after all others for as long as its clock is ahead."""
    citizen, made_ahead, made_now = an_id("citizen"), "01a90000", "01990000"
    ahead, now = (f"{first}-0000-7000-8000-000000000001" for first in (made_ahead, made_now))

    await contacts.record([shared(citizen, ahead, sealed_contact(citizen, "0900000021", ahead))])
    later = shared(citizen, now, sealed_contact(citizen, "0900000022", now), LATER)
    await contacts.record([later])

    assert (await recipient_of_visits(contacts, citizen)).phone == "+84900000022"


async def test_last_word_on_consent_counts_in_any_order(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await say(contacts, event(ConsentWithdrawn, at=LATER, citizen_id=citizen))
    await give_consent(contacts, citizen, SATURDAY)

    assert (await recipient_of_visits(contacts, citizen)).consent is False


async def test_of_two_words_of_one_instant_the_greater_id_holds_as_in_registration(
    contacts: Contacts,
) -> None:
    agreed, changed_mind = an_id("citizen"), an_id("citizen")
    first, second = an_event_id(), an_event_id()
    given = event(ConsentGiven, envelope={"id": second}, citizen_id=agreed)
    withdrawn = event(ConsentWithdrawn, envelope={"id": first}, citizen_id=agreed)
    await say(contacts, given)
    await say(contacts, withdrawn)

    await say(contacts, event(ConsentWithdrawn, envelope={"id": second}, citizen_id=changed_mind))
    await say(contacts, event(ConsentGiven, envelope={"id": first}, citizen_id=changed_mind))

    assert (await recipient_of_visits(contacts, agreed)).consent is True
    assert (await recipient_of_visits(contacts, changed_mind)).consent is False


async def test_consent_to_something_else_is_none_to_a_visit(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await say(contacts, event(ConsentGiven, citizen_id=citizen, purposes=["reminder"]))

    assert (await recipient_of_visits(contacts, citizen)).consent is None


async def test_erased_contact_does_not_come_back(contacts: Contacts) -> None:
    citizen = an_id("citizen")
    await share_contact(contacts, citizen)

    await contacts.erase([citizen])
    await share_contact(contacts, citizen)

    found = await recipient_of_visits(contacts, citizen)
    assert (found.phone, found.erased) == (None, True)


async def test_erasure_before_the_contact_counts(contacts: Contacts) -> None:
    citizen = an_id("citizen")

    await contacts.erase([citizen])
    await share_contact(contacts, citizen)

    assert (await recipient_of_visits(contacts, citizen)).phone is None


async def test_merged_records_are_one_person_from_either_side(contacts: Contacts) -> None:
    stays, merged, earlier = an_id("citizen"), an_id("citizen"), an_id("citizen")
    await contacts.record([merging(earlier, merged)])
    await contacts.record([merging(merged, stays)])
    await share_contact(contacts, earlier, "0900000033")
    await give_consent(contacts, merged)

    for citizen in (stays, merged, earlier):
        found = await recipient_of_visits(contacts, citizen)

        assert found.citizen_ids == {stays, merged, earlier}
        assert (found.phone, found.consent) == ("+84900000033", True)


@pytest.mark.parametrize("newest_of", ["kept", "merged"])
async def test_of_two_merged_records_the_newer_phone_holds(
    contacts: Contacts, newest_of: str
) -> None:
    stays, merged = an_id("citizen"), an_id("citizen")
    newer, older = (stays, merged) if newest_of == "kept" else (merged, stays)
    await contacts.record([merging(merged, stays)])

    await share_contact(contacts, newer, "0900000041", at=LATER)
    await share_contact(contacts, older, "0900000042", at=SATURDAY)

    for citizen in (stays, merged):
        assert (await recipient_of_visits(contacts, citizen)).phone == "+84900000041"


async def test_records_merged_in_a_circle_are_one_person(contacts: Contacts) -> None:
    one, other = an_id("citizen"), an_id("citizen")

    await contacts.record([merging(one, other)])
    await contacts.record([merging(other, one)])

    assert (await recipient_of_visits(contacts, one)).citizen_ids == {one, other}
    assert (await recipient_of_visits(contacts, other)).citizen_ids == {one, other}


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

    await contacts.record(
        [shared(id_, an_event_id(), body) for id_, body in zip(citizens, bodies, strict=True)]
    )
    await contacts.record(words)

    cards = [await recipient_of_visits(contacts, id_) for id_ in citizens]
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

    await say(contacts, event(ConsentGiven, at=LATER, ward=HOA_HUNG, citizen_id=citizen))
    await say(contacts, event(ConsentGiven, at=SATURDAY, citizen_id=citizen))

    assert (await recipient_of_visits(contacts, citizen)).consent_ward == HOA_HUNG
