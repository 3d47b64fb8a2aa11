"""Rows of a former form or key are found, and move to where they are looked for today."""

from datetime import UTC, datetime

import pytest

from services.registration.citizens.addresses import former_form
from services.registration.citizens.candidate import Candidates
from services.registration.citizens.identity import Hasher, Kind
from services.registration.citizens.persons import Persons
from services.registration.citizens.reindexing import Listed, move_listed, remove_former
from services.registration.citizens.rows import IndexRow
from services.registration.citizens.vault import Keys, Vault
from tests.builders import a_phone
from tests.registration.citizens.people import KEYS, WARD, identify, somebody
from tests.twins.row_store import MemoryRowStore

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
HASHER = Hasher(KEYS.index)
CANDIDATES = Candidates(HASHER, Vault(KEYS))
CHANGED = ["12 Ðường Lê Lai", "Số 12 Lê Lai", "12A Lê Lai", "12 / 3 Lê Lai", "12 Lê\u00adLai / 1"]


async def formerly(address: str, rows: MemoryRowStore) -> IndexRow:
    """A household as an earlier version wrote it."""
    found_by = HASHER.of(Kind.ADDRESS, WARD, former_form(address))
    row = IndexRow(found_by, Kind.ADDRESS, "h-former", WARD, HASHER.key_id, LONG_AGO)
    await rows.insert([row])
    return row


async def settle(rows: MemoryRowStore) -> None:
    await rows.settle(list(rows.rows))


@pytest.mark.parametrize("address", CHANGED)
async def test_household_of_a_former_form_is_found(address: str) -> None:
    rows = MemoryRowStore()
    await formerly(address, rows)

    [met] = await identify(Persons(rows, KEYS), somebody(address=address))

    assert met.household_id == "h-former"


async def test_foreign_address_is_found_under_its_own_form_alone() -> None:
    rows = MemoryRowStore()
    row = IndexRow(HASHER.of(Kind.ADDRESS, WARD, "5"), Kind.ADDRESS, "h-5", WARD, "k", LONG_AGO)
    await rows.insert([row])

    one, other = await identify(
        Persons(rows, KEYS), somebody(address="ул. Ленина 5"), somebody(address="ул. Пушкина 5")
    )

    assert len({one.household_id, other.household_id, "h-5"}) == 3


@pytest.mark.parametrize("address", CHANGED)
async def test_row_of_a_household_that_was_met_again_moves(address: str) -> None:
    rows = MemoryRowStore()
    before = await formerly(address, rows)
    await identify(Persons(rows, KEYS), somebody(address=address))

    too_early = await remove_former(rows, HASHER.key_id)
    await settle(rows)
    done = await remove_former(rows, HASHER.key_id)
    again = await remove_former(rows, HASHER.key_id)

    assert (too_early.moved, done.moved, again.moved) == (0, 1, 0)
    assert before.hash not in rows.rows
    [met] = await identify(Persons(rows, KEYS), somebody(address=address))
    assert met.household_id == "h-former"


async def test_listed_addresses_move_before_anybody_is_met() -> None:
    rows = MemoryRowStore()
    await formerly("Số 12 Lê Lai", rows)
    listed = [Listed(WARD, "12 Lê Lai"), Listed(WARD, "số 12 Lê Lai"), Listed(WARD, "?")]

    await move_listed(listed, rows, CANDIDATES, LONG_AGO)
    done = await remove_former(rows, HASHER.key_id)

    assert done.moved == 1
    [met] = await identify(Persons(rows, KEYS), somebody(address="12 Lê Lai"))
    assert met.household_id == "h-former"


async def test_rows_under_a_former_key_move_too_and_the_rest_is_counted() -> None:
    rows, met_again, not_met = MemoryRowStore(), somebody(phone=a_phone()), a_phone()
    await identify(Persons(rows, KEYS), met_again, somebody(phone=not_met))
    new = Keys(b"j" * 32, KEYS.master, KEYS.notify, former_index=(KEYS.index,))
    [during] = await identify(Persons(rows, new), met_again)

    await settle(rows)
    done = await remove_former(rows, Hasher(new.index).key_id)

    assert done == (1, 1)
    alone = Keys(new.index, KEYS.master, KEYS.notify)
    assert await identify(Persons(rows, alone), met_again) == [during]
