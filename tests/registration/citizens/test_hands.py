"""A number that changes hands: the newer claim holds, and the older one is doubtful."""

from datetime import UTC, datetime, timedelta

import pytest

from services.events.person import Person
from services.platform.ids import new_event_id
from services.platform.personal_data.contact_wire import Contact, open_contact
from services.registration.citizens.hands import CLAIM_HOLDS
from services.registration.citizens.persons import Persons
from services.registration.citizens.vault import Vault
from services.registration.intake.persons import Identity
from tests.builders import a_national_id, a_phone
from tests.registration.citizens.people import KEYS, VISIT, WARD, somebody
from tests.twins.row_store import MemoryRowStore

NOW = datetime(2026, 1, 5, tzinfo=UTC)


class Town:
    """A registration whose clock the test turns."""

    def __init__(self) -> None:
        self.now = NOW
        self.rows = MemoryRowStore()
        self.persons = Persons(self.rows, KEYS, lambda: self.now)

    async def meet(self, person: Person) -> tuple[Identity, Contact | None]:
        candidate = self.persons.candidate(person, WARD, new_event_id(), VISIT)
        [met] = await self.persons.identify([candidate])
        await self.persons.close()
        sealed = self.persons.contact(candidate, met)
        if sealed is None or met.citizen_id is None:
            return met, None
        wrapped = (await self.rows.data_keys([met.citizen_id]))[met.citizen_id]
        key = Vault(KEYS).unwrap(wrapped, met.citizen_id)
        return met, open_contact(sealed, met.citizen_id, key)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.mark.parametrize(
    ("before", "after"),
    [("Thử Một", "Thử Hai"), ("Nguyễn Thị Thử", "Nguyễn Văn Mẫu"), ("bà Thử", "Mẫu")],
)
@pytest.mark.parametrize("numbered", [False, True])
async def test_another_name_is_another_person_who_has_the_number_now(
    town: Town, before: str, after: str, numbered: bool
) -> None:
    number, digits = a_phone(), a_national_id() if numbered else None
    old, _ = await town.meet(somebody(phone=number, name=before))

    new, contact = await town.meet(somebody(phone=number, name=after, national_id=digits))
    again, nothing_new = await town.meet(somebody(phone=number, name=after))

    assert new.citizen_id != old.citizen_id
    assert again.citizen_id == new.citizen_id
    assert contact is not None
    assert contact.formerly == old.citizen_id
    assert nothing_new is not None
    assert nothing_new.formerly is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Nguyễn Thị Thử", "bà Thử"),
        ("Thử", "NGUYEN THI THU"),
        ("Thử Mẫu", "Mẫu Thử"),
        ("Thử", None),
        (None, "Thử"),
        ("không rõ", "Thử"),
    ],
)
async def test_same_name_or_none_is_the_same_person(
    town: Town, before: str | None, after: str | None
) -> None:
    number = a_phone()
    old, _ = await town.meet(somebody(phone=number, name=before))

    same, contact = await town.meet(somebody(phone=number, name=after))

    assert same.citizen_id == old.citizen_id
    assert contact is not None
    assert contact.formerly is None


async def test_number_that_was_silent_for_long_is_somebody_elses(town: Town) -> None:
    number = a_phone()
    old, _ = await town.meet(somebody(phone=number))

    town.now += CLAIM_HOLDS + timedelta(days=1)
    new, contact = await town.meet(somebody(phone=number, national_id=a_national_id()))

    assert new.citizen_id != old.citizen_id
    assert contact is not None
    assert contact.formerly == old.citizen_id


async def test_who_is_met_now_and_then_stays_the_same(town: Town) -> None:
    number, met = a_phone(), set[str | None]()

    for _ in range(5):
        town.now += CLAIM_HOLDS - timedelta(days=5)
        met.add((await town.meet(somebody(phone=number)))[0].citizen_id)

    assert len(met) == 1


async def test_name_outlasts_the_silence(town: Town) -> None:
    number = a_phone()
    old, _ = await town.meet(somebody(phone=number, name="Thử"))

    town.now += 3 * CLAIM_HOLDS
    same, _ = await town.meet(somebody(phone=number, name="ông Thử"))

    assert same.citizen_id == old.citizen_id


async def test_person_with_a_national_id_takes_a_number_from_who_had_none(town: Town) -> None:
    number, digits = a_phone(), a_national_id()
    known, _ = await town.meet(somebody(national_id=digits))
    old, _ = await town.meet(somebody(phone=number))

    new, contact = await town.meet(somebody(national_id=digits, phone=number))

    assert new.citizen_id == known.citizen_id != old.citizen_id
    assert contact is not None
    assert contact.formerly == old.citizen_id


async def test_name_is_never_kept(town: Town) -> None:
    await town.meet(somebody(phone=a_phone(), name="Thử Nghiệm"))

    assert "nghiem" not in repr(town.rows.rows).lower()
    assert "Nghiệm" not in repr(town.rows.rows)
