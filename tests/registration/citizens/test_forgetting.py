"""Erasure, merging and the sweep: what is left of a person, and what notify is told."""

from datetime import UTC, datetime, timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged
from services.events.codes import RefusedResult
from services.events.corrections import EventRefused
from services.events.person import Person
from services.messaging.log.entry import Entry
from services.messaging.log.stored import Stored, store
from services.messaging.relay.packing import Private
from services.platform.personal_data.contact_wire import (
    CONTACT_ERASED,
    CONTACT_SHARED,
    open_shared,
    read_erased,
)
from services.registration.citizens.contact import Confidential
from services.registration.citizens.persons import Persons
from services.registration.citizens.refused_bodies import RefusedBodies
from services.registration.citizens.sweep import AFTER, Sweep
from services.registration.intake.persons import Identity
from services.registration.intake.voids import OWN_WINDOW
from tests.builders import a_national_id, a_phone, an_event_id, event, void
from tests.registration.citizens.people import KEYS, VISIT, WARD, identify, somebody
from tests.twins.refused_body_store import MemoryRefusedBodyStore
from tests.twins.row_store import MemoryRowStore

NOON = datetime(2025, 10, 11, 5, tzinfo=UTC)


class Registration:
    """Citizens over twins, with a log that is a dictionary."""

    def __init__(self) -> None:
        self.rows = MemoryRowStore()
        self.kept = RefusedBodies(MemoryRefusedBodyStore(), KEYS)
        self.persons = Persons(self.rows, KEYS, lambda: NOON)
        self.confidential = Confidential(self.rows, self.kept, KEYS)
        self.log: dict[str, Stored] = {}

    async def assist(self, person: Person, *, logged: bool = True) -> Stored:
        """A visit as intake records it; the log is lost where a test says so."""
        event_id = an_event_id()
        candidate = self.persons.candidate(person, WARD, event_id, VISIT)
        [met] = await self.persons.identify([candidate])
        visit = event(CitizenAssisted, envelope={"id": event_id}, citizen_id=met.citizen_id)
        contact = self.persons.contact(candidate, met)
        entry = store(Entry(visit, b"", contact=contact), partitions=4, now=NOON)
        if logged:
            self.log[event_id] = entry
        return entry

    async def citizen(self, person: Person) -> str:
        """Whom a new visit would be recorded for."""
        [met] = await identify(self.persons, person)
        assert met.citizen_id is not None
        return met.citizen_id

    async def find(self, event_id: str) -> Stored | None:
        return self.log.get(event_id)

    def void(self, visit: Stored) -> None:
        """As its poster does within a day."""
        entry = store(Entry(void(visit.event), b""), partitions=4, now=NOON)
        self.log[entry.event_id] = entry

    async def is_voided(self, event_id: str) -> bool:
        return any(stored.target == event_id for stored in self.log.values())

    def sweep(self, at: datetime) -> Sweep:
        return Sweep(self.rows, self.find, self.is_voided, lambda: at)


@pytest.fixture
def registration() -> Registration:
    return Registration()


def erased(citizen_id: str) -> Stored:
    return store(Entry(event(CitizenErased, citizen_id=citizen_id), b""), partitions=4, now=NOON)


def merged(surviving_id: str, merged_id: str) -> Stored:
    merger = event(CitizenMerged, citizen_id=surviving_id, merged_id=merged_id)
    return store(Entry(merger, b""), partitions=4, now=NOON)


def phones(messages: list[Private]) -> list[str]:
    shared = [m for m in messages if m.routing_key == CONTACT_SHARED]
    return [open_shared(message.body, KEYS.notify).phone for message in shared]


async def test_notify_gets_the_contact_of_a_visit(registration: Registration) -> None:
    person = somebody(phone=a_phone(), name="Người Thử")
    visit = await registration.assist(person)

    [message] = await registration.confidential([visit])

    shared = open_shared(message.body, KEYS.notify)
    assert shared.event_id == visit.event_id == message.event_id
    assert shared.citizen_id == await registration.citizen(person)
    assert shared.phone == f"+84{str(person.phone)[1:]}"
    assert shared.contact.name == "Người Thử"


async def test_erased_citizen_is_met_again_as_somebody_new(registration: Registration) -> None:
    person = somebody(phone=a_phone(), national_id=a_national_id())
    before = await registration.citizen(person)

    await registration.confidential([erased(before)])

    assert await registration.rows.of(before) == []
    assert await registration.citizen(person) != before


async def test_notify_is_told_to_forget(registration: Registration) -> None:
    citizen_id = await registration.citizen(somebody(phone=a_phone()))

    [message] = await registration.confidential([erased(citizen_id)])

    assert message.routing_key == CONTACT_ERASED
    assert read_erased(message.body).citizen_ids == (citizen_id,)


async def test_contact_not_yet_published_cannot_be_read_after_the_erasure(
    registration: Registration,
) -> None:
    person = somebody(phone=a_phone())
    visit = await registration.assist(person)
    erasure = erased(await registration.citizen(person))

    together = await registration.confidential([visit, erasure])
    afterwards = await registration.confidential([visit])

    assert [message.routing_key for message in together] == [CONTACT_ERASED]
    assert afterwards == []


async def test_erasing_one_leaves_the_others(registration: Registration) -> None:
    gone, stays = somebody(phone=a_phone()), somebody(phone=a_phone())
    visit = await registration.assist(stays)
    surviving_id = await registration.citizen(stays)

    await registration.confidential([erased(await registration.citizen(gone))])

    assert len(phones(await registration.confidential([visit]))) == 1
    assert await registration.citizen(stays) == surviving_id


async def test_refused_bodies_go_with_the_person(registration: Registration) -> None:
    person = somebody(phone=a_phone())
    refusal = event(EventRefused, ward=WARD, result=RefusedResult.REJECTED.value)
    body = f'{{"data": {{"person": {person.model_dump_json(exclude_none=True)}}}}}'
    await registration.kept.keep(refusal, body.encode())

    await registration.confidential([erased(await registration.citizen(person))])

    assert await registration.kept.of_ward(WARD) == []


async def at_home(registration: Registration, person: Person) -> Identity:
    [met] = await identify(registration.persons, person)
    return met


async def erase(registration: Registration, met: Identity) -> None:
    assert met.citizen_id
    await registration.confidential([erased(met.citizen_id)])


@pytest.mark.parametrize("known_before", [False, True])
async def test_address_of_an_erased_citizen_who_is_met_there_alone_tells_nothing(
    registration: Registration, known_before: bool
) -> None:
    person = somebody(phone=a_phone(), address="12 Hẻm 3")
    if known_before:
        await registration.citizen(somebody(phone=person.phone))
    before = await at_home(registration, person)

    await erase(registration, before)

    after = await at_home(registration, somebody(address="12 hem 3"))
    assert after.household_id != before.household_id


async def test_every_address_at_which_the_erased_was_met_is_asked(
    registration: Registration,
) -> None:
    phone, addresses = a_phone(), ("12 Hẻm 3", "7 Đường A", "9/1 Đường B")
    met = [await at_home(registration, somebody(phone=phone, address=a)) for a in addresses]

    await erase(registration, met[0])

    again = [await at_home(registration, somebody(address=address)) for address in addresses]
    assert not {one.household_id for one in met} & {one.household_id for one in again}


async def test_address_at_which_another_is_met_stays_theirs(registration: Registration) -> None:
    gone = await at_home(registration, somebody(phone=a_phone(), address="12 Hẻm 3"))
    stays = await at_home(registration, somebody(national_id=a_national_id(), address="12 Hẻm 3"))

    await erase(registration, gone)

    after = await at_home(registration, somebody(address="12 Hẻm 3"))
    assert after.household_id == stays.household_id == gone.household_id


async def test_address_goes_with_the_last_who_was_met_there(registration: Registration) -> None:
    people = [somebody(phone=a_phone(), address="12 Hẻm 3") for _ in range(2)]
    met = [await at_home(registration, person) for person in people]

    for one in met:
        await erase(registration, one)

    after = await at_home(registration, somebody(address="12 Hẻm 3"))
    assert after.household_id != met[0].household_id


async def test_merged_records_have_their_addresses_asked(registration: Registration) -> None:
    first = await at_home(registration, somebody(phone=a_phone(), address="12 Hẻm 3"))
    second = await at_home(registration, somebody(phone=a_phone(), address="7 Đường A"))
    assert first.citizen_id
    assert second.citizen_id
    await registration.confidential([merged(second.citizen_id, first.citizen_id)])

    await erase(registration, second)

    after = await at_home(registration, somebody(address="12 Hẻm 3"))
    assert after.household_id != first.household_id


async def test_merged_records_are_one_person_from_then_on(registration: Registration) -> None:
    by_id, by_phone = somebody(national_id=a_national_id()), somebody(phone=a_phone())
    surviving_id, merged_id = [await registration.citizen(person) for person in (by_id, by_phone)]

    for _ in range(2):
        assert await registration.confidential([merged(surviving_id, merged_id)]) == []

    assert await registration.citizen(by_phone) == surviving_id
    assert await registration.citizen(by_id) == surviving_id


async def test_contact_of_a_merged_record_still_reaches_notify(
    registration: Registration,
) -> None:
    person = somebody(phone=a_phone())
    before = await registration.assist(person)
    merged_id = await registration.citizen(person)
    surviving_id = await registration.citizen(somebody(national_id=a_national_id()))

    for _ in range(2):
        await registration.confidential([merged(surviving_id, merged_id)])
    after = await registration.assist(person)

    assert len(phones(await registration.confidential([before, after]))) == 2


async def test_erasure_takes_every_record_merged_before(registration: Registration) -> None:
    people = [somebody(phone=a_phone()) for _ in range(3)]
    visits = [await registration.assist(person) for person in people]
    first, second, third = [await registration.citizen(person) for person in people]
    await registration.confidential([merged(second, first)])
    await registration.confidential([merged(third, second)])

    for _ in range(2):
        [told] = await registration.confidential([erased(third)])
        assert set(read_erased(told.body).citizen_ids) == {first, second, third}

    assert await registration.confidential(visits) == []
    assert registration.rows.rows == {}


async def test_erasure_by_the_id_of_a_merged_record_forgets_the_person(
    registration: Registration,
) -> None:
    people = [somebody(phone=a_phone()) for _ in range(2)]
    gone, kept = [await registration.citizen(person) for person in people]
    await registration.confidential([merged(kept, gone)])

    for _ in range(2):
        [told] = await registration.confidential([erased(gone)])
        assert set(read_erased(told.body).citizen_ids) == {gone, kept}

    assert registration.rows.rows == {}


async def test_records_merged_in_a_circle_stay_one_person(registration: Registration) -> None:
    people = [somebody(phone=a_phone()) for _ in range(2)]
    first, second = [await registration.citizen(person) for person in people]

    await registration.confidential([merged(first, second), merged(second, first)])

    assert {await registration.citizen(person) for person in people} == {first}


async def test_person_without_an_event_is_forgotten_after_a_day(
    registration: Registration,
) -> None:
    await registration.assist(somebody(phone=a_phone()), logged=False)
    surviving_id = (await registration.assist(somebody(phone=a_phone()))).subject

    early = await registration.sweep(NOON + AFTER).once()
    swept = await registration.sweep(NOON + AFTER + timedelta(seconds=1)).once()

    assert early == (0, 0)
    assert swept == (1, 1)
    assert [row.to for row in registration.rows.rows.values()] == [surviving_id]


async def test_person_whose_first_event_was_lost_stays_for_the_second(
    registration: Registration,
) -> None:
    person = somebody(phone=a_phone())
    await registration.assist(person, logged=False)
    await registration.assist(person)
    await registration.persons.close()

    swept = await registration.sweep(NOON + AFTER * 2).once()

    assert swept == (1, 0)


async def test_person_whose_only_event_was_voided_is_forgotten(
    registration: Registration,
) -> None:
    visit = await registration.assist(somebody(phone=a_phone(), national_id=a_national_id()))
    registration.void(visit)

    swept = await registration.sweep(NOON + AFTER * 2).once()

    assert swept == (0, 2)
    assert registration.rows.rows == {}


async def test_person_named_by_another_event_stays_when_the_first_is_voided(
    registration: Registration,
) -> None:
    phone, mistyped = a_phone(), a_national_id()
    first = await registration.assist(somebody(phone=phone, national_id=mistyped))
    await registration.assist(somebody(phone=phone))
    await registration.persons.close()
    registration.void(first)

    swept = await registration.sweep(NOON + AFTER * 2).once()

    assert swept == (1, 1)
    assert await registration.citizen(somebody(phone=phone)) == first.subject
    assert await registration.citizen(somebody(national_id=mistyped)) != first.subject


def test_row_is_swept_after_the_day_in_which_its_poster_may_void() -> None:
    assert AFTER > OWN_WINDOW


async def test_conflicting_event_does_not_keep_the_person_it_named(
    registration: Registration,
) -> None:
    """Its id is in the log, with another person's visit."""
    lost = await registration.assist(somebody(phone=a_phone()), logged=False)
    registration.log[lost.event_id] = await registration.assist(somebody(phone=a_phone()))

    swept = await registration.sweep(NOON + AFTER * 2).once()

    assert swept == (1, 1)


async def test_swept_row_is_not_looked_at_again(registration: Registration) -> None:
    await registration.assist(somebody(phone=a_phone()))
    await registration.sweep(NOON + AFTER * 2).once()

    assert await registration.sweep(NOON + AFTER * 2).once() == (0, 0)
