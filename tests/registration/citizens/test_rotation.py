"""A new master key: what the old one sealed stays readable, and the old one may go."""

from dataclasses import replace

import pytest

from services.registration.citizens.identity import Hasher
from services.registration.citizens.persons import Persons
from services.registration.citizens.rotation import reseal_all
from services.registration.citizens.vault import Keys, Unreadable, Vault
from tests.builders import a_national_id, a_phone
from tests.registration.citizens.people import KEYS, VISIT, WARD, identify, somebody
from tests.twins.row_store import MemoryRowStore

ROTATED = replace(KEYS, master=b"M" * 32, former_master=(KEYS.master,))
ALONE = replace(KEYS, master=b"M" * 32)


async def contact_of(keys: Keys, rows: MemoryRowStore, phone: str) -> bytes | None:
    persons = Persons(rows, keys)
    candidate = persons.candidate(somebody(phone=phone), WARD, "e-1", VISIT)
    [met] = await persons.identify([candidate])
    return persons.contact(candidate, met)


async def test_contact_is_sealed_under_the_old_key_until_it_is_resealed() -> None:
    rows, phone = MemoryRowStore(), a_phone()
    await identify(Persons(rows, KEYS), somebody(phone=phone))

    assert await contact_of(ROTATED, rows, phone)
    with pytest.raises(Unreadable):
        await contact_of(ALONE, rows, phone)


async def test_old_key_may_go_once_all_is_resealed() -> None:
    rows, phone = MemoryRowStore(), a_phone()
    person = somebody(phone=phone, national_id=a_national_id(), address="1 Hòa Hảo")
    [before] = await identify(Persons(rows, KEYS), person)

    resealed = await reseal_all(rows, Vault(ROTATED))
    again = await reseal_all(rows, Vault(ROTATED))

    assert (resealed, again) == (2, 0)
    assert await contact_of(ALONE, rows, phone)
    assert await identify(Persons(rows, ALONE), person) == [before]
    for row in rows.rows.values():
        if row.hint:
            assert len(Vault(ALONE).open_hint(row.hint, row.hash)) == 3


def test_key_of_one_citizen_is_not_taken_for_anothers() -> None:
    vault = Vault(KEYS)

    wrapped = vault.wrap(b"k" * 32, "c-1")

    assert vault.unwrap(wrapped, "c-1") == b"k" * 32
    with pytest.raises(Unreadable):
        vault.unwrap(wrapped, "c-2")
    with pytest.raises(Unreadable):
        vault.unwrap(b"", "c-1")


def test_no_key_stands_in_a_text_that_may_reach_a_log() -> None:
    shown = repr((KEYS, Hasher(KEYS.index), Vault(KEYS)))

    assert not any(str(key) in shown for key in (KEYS.index, KEYS.master, KEYS.notify))
