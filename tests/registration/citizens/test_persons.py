"""One person, one id: by the national id, else by a phone of their own."""

import asyncio

import pytest

from services.events.person import PhoneOwner
from services.platform.ids import new_event_id
from services.platform.personal_data.contact_wire import key_id, open_contact
from services.platform.problems import Problem
from services.registration.citizens.persons import Persons
from services.registration.citizens.vault import Keys, Vault
from tests.builders import a_national_id, a_phone
from tests.registration.citizens.people import KEYS, MEMBERSHIP, VISIT, WARD, identify, somebody
from tests.twins.row_store import MemoryRowStore


@pytest.fixture
def rows() -> MemoryRowStore:
    return MemoryRowStore()


@pytest.fixture
def persons(rows: MemoryRowStore) -> Persons:
    return Persons(rows, KEYS)


async def test_person_met_twice_has_one_id(persons: Persons) -> None:
    person = somebody(national_id=a_national_id(), phone=a_phone())

    [first] = await identify(persons, person)
    [second] = await identify(persons, person)

    assert first.citizen_id is not None
    assert first.citizen_id.startswith("c-")
    assert second == first


async def test_person_met_twice_in_one_upload_has_one_id(persons: Persons) -> None:
    person = somebody(phone=a_phone())

    first, second = await identify(persons, person, person)

    assert first == second


async def test_people_who_arrive_at_once_are_told_apart(persons: Persons) -> None:
    people = [somebody(phone=a_phone()) for _ in range(20)]

    met = await asyncio.gather(*(identify(persons, person) for person in [*people, *people]))

    ids = [identity.citizen_id for [identity] in met]
    assert ids[:20] == ids[20:]
    assert len(set(ids)) == 20


async def test_relatives_phone_identifies_nobody(persons: Persons, rows: MemoryRowStore) -> None:
    [met] = await identify(persons, somebody(phone=a_phone(), phone_owner=PhoneOwner.RELATIVE))

    assert met.citizen_id is None
    assert not rows.rows


async def test_landline_identifies_nobody(persons: Persons) -> None:
    [met] = await identify(persons, somebody(phone="028 3829 1234"))

    assert met.citizen_id is None


async def test_national_id_that_comes_later_joins_the_record_of_the_phone(persons: Persons) -> None:
    number, digits = a_phone(), a_national_id()
    [by_phone] = await identify(persons, somebody(phone=number))

    [by_both] = await identify(persons, somebody(phone=number, national_id=digits))
    [by_id] = await identify(persons, somebody(national_id=digits))

    assert by_phone.citizen_id == by_both.citizen_id == by_id.citizen_id


async def test_phone_that_comes_later_joins_the_record_of_the_national_id(persons: Persons) -> None:
    number, digits = a_phone(), a_national_id()
    [by_id] = await identify(persons, somebody(national_id=digits))

    [by_both] = await identify(persons, somebody(phone=number, national_id=digits))
    [by_phone] = await identify(persons, somebody(phone=number))

    assert by_id.citizen_id == by_both.citizen_id == by_phone.citizen_id


async def test_contradiction_merges_nobody_and_the_national_id_wins(persons: Persons) -> None:
    number, digits = a_phone(), a_national_id()
    [by_id] = await identify(persons, somebody(national_id=digits))
    [by_phone] = await identify(persons, somebody(phone=number))

    [by_both] = await identify(persons, somebody(phone=number, national_id=digits))

    assert by_both.citizen_id == by_id.citizen_id != by_phone.citizen_id
    assert await identify(persons, somebody(phone=number)) == [by_id]


async def test_two_national_ids_with_one_phone_are_two_people(persons: Persons) -> None:
    number = a_phone()

    first, second = await identify(
        persons,
        somebody(phone=number, national_id=a_national_id()),
        somebody(phone=number, national_id=a_national_id()),
    )

    assert first.citizen_id != second.citizen_id
    assert await identify(persons, somebody(phone=number)) == [first]


async def test_phone_and_both_and_national_id_in_one_upload_are_one_person(
    persons: Persons,
) -> None:
    number, digits = a_phone(), a_national_id()

    met = await identify(
        persons,
        somebody(phone=number),
        somebody(phone=number, national_id=digits),
        somebody(national_id=digits),
    )

    assert len({identity.citizen_id for identity in met}) == 1


async def test_household_is_its_address_in_its_ward(persons: Persons) -> None:
    here = [
        persons.candidate(somebody(address=written), WARD, new_event_id(), VISIT)
        for written in ("12/3 Hòa Hảo", "12/3 HOÀ HẢO")
    ]
    there = persons.candidate(somebody(address="12/3 Hòa Hảo"), "27163", new_event_id(), VISIT)

    first, second, third = await persons.identify([*here, there])

    assert first.household_id == second.household_id != third.household_id


async def test_volunteer_and_citizen_are_kept_apart(persons: Persons) -> None:
    person = somebody(phone=a_phone(), national_id=a_national_id())

    [citizen] = await identify(persons, person)
    [member] = await identify(persons, person, wanted=MEMBERSHIP)

    assert member.citizen_id is None
    assert citizen.member_id is None
    assert member.member_id is not None
    assert await identify(persons, person, wanted=MEMBERSHIP) == [member]


async def test_visit_of_a_household_writes_nothing_about_its_people(
    persons: Persons, rows: MemoryRowStore
) -> None:
    person = somebody(phone=a_phone(), address="1 Hòa Hảo")

    [met] = await identify(persons, person, wanted=frozenset({"household_id"}))

    assert met.citizen_id is None
    assert [row.to for row in rows.rows.values()] == [met.household_id]


async def test_new_person_costs_one_write_and_a_known_one_a_read_more(
    persons: Persons, rows: MemoryRowStore
) -> None:
    person = somebody(phone=a_phone(), national_id=a_national_id(), address="1 Hòa Hảo")

    await identify(persons, person)
    assert rows.round_trips == 1
    await identify(persons, person)
    assert rows.round_trips == 3


async def test_dry_run_answers_the_same_and_writes_nothing(
    persons: Persons, rows: MemoryRowStore
) -> None:
    known, stranger = somebody(phone=a_phone()), somebody(phone=a_phone())
    [met] = await identify(persons, known)
    before = dict(rows.rows)

    found, unknown = await persons.look_up(
        [persons.candidate(person, WARD, new_event_id(), VISIT) for person in (known, stranger)]
    )

    assert found == met
    assert unknown.citizen_id is not None
    assert rows.rows == before


async def test_contact_is_sealed_under_the_citizens_one_key(
    persons: Persons, rows: MemoryRowStore
) -> None:
    person = somebody(phone=a_phone(), name="Người Thử")
    await identify(persons, person)
    candidate = persons.candidate(person, WARD, new_event_id(), VISIT)
    [met] = await persons.identify([candidate])

    sealed = persons.contact(candidate, met)

    assert met.citizen_id is not None
    assert sealed is not None
    wrapped = (await rows.data_keys([met.citizen_id]))[met.citizen_id]
    contact = open_contact(sealed, met.citizen_id, Vault(KEYS).unwrap(wrapped, met.citizen_id))
    assert contact.name == "Người Thử"
    assert contact.phone.endswith(str(person.phone)[1:])


async def test_contact_needs_a_mobile_of_ones_own(persons: Persons) -> None:
    person = somebody(
        national_id=a_national_id(),
        phone=a_phone(),
        phone_owner=PhoneOwner.RELATIVE,
        name="Người Thử",
    )
    candidate = persons.candidate(person, WARD, new_event_id(), VISIT)

    [met] = await persons.identify([candidate])

    assert met.citizen_id is not None
    assert persons.contact(candidate, met) is None


async def test_nothing_that_was_said_stands_in_a_row_or_a_log_line(
    persons: Persons, rows: MemoryRowStore
) -> None:
    person = somebody(
        national_id=a_national_id(), phone=a_phone(), name="Người Thử", address="1 Hòa Hảo"
    )

    await identify(persons, person)
    candidate = persons.candidate(person, WARD, new_event_id(), VISIT)

    for text in (repr(rows.rows), repr(candidate)):
        assert str(person.national_id) not in text
        assert str(person.phone)[1:] not in text
        assert "Thử" not in text
        assert "hoa hao" not in text.lower()


async def test_person_is_known_again_after_the_index_key_changed(rows: MemoryRowStore) -> None:
    person = somebody(national_id=a_national_id(), phone=a_phone(), address="1 Hòa Hảo")
    [before] = await identify(Persons(rows, KEYS), person)

    rotated = Persons(
        rows, Keys(b"j" * 32, KEYS.master, KEYS.notify, former_index=(b"h" * 32, KEYS.index))
    )
    [during] = await identify(rotated, person)
    [after] = await identify(Persons(rows, Keys(b"j" * 32, KEYS.master, KEYS.notify)), person)

    assert before == during == after
    assert {row.key_id for row in rows.rows.values()} == {key_id(KEYS.index), key_id(b"j" * 32)}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"national_id": "123"}, "national_id_malformed"),
        ({"phone": "123"}, "phone_malformed"),
        ({"address": "?"}, "address_malformed"),
    ],
)
def test_what_cannot_be_right_is_refused_without_being_repeated(
    persons: Persons, told: dict[str, str], code: str
) -> None:
    with pytest.raises(Problem) as refused:
        persons.candidate(somebody(**told), WARD, new_event_id(), VISIT)

    assert refused.value.kind.code == code
    assert next(iter(told.values())) not in str(refused.value.document()).replace("12 ", "")
