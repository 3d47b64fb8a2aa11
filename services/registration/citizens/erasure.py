"""What an erasure does to the index; it may be carried out again."""

from collections.abc import Sequence
from typing import Protocol

from services.registration.citizens.mergers import last, merged_into
from services.registration.citizens.rows import IndexRow, RowStore


class RefusedBodyEraser(Protocol):
    """Bodies that were refused, some of which tell of the citizen."""

    async def forget(self, hashes: tuple[bytes, ...], citizen_ids: tuple[str, ...]) -> None:
        """Deletes those that tell of any of these numbers, or name any of these records."""


async def erase(citizen_id: str, rows: RowStore, refused: RefusedBodyEraser) -> tuple[str, ...]:
    """Nothing leads from a person to these ids any more, nor from them to a contact.

    Whoever names a record that was merged means the person. What is found by the rows goes before
    the rows do, so that a second attempt finds it too.
    """
    surviving_id = await last(citizen_id, rows)
    merged = await merged_into(surviving_id, rows)
    leading = await rows.of(surviving_id)
    person = (surviving_id, *sorted(merged | {citizen_id} - {surviving_id}))
    await refused.forget(tuple(row.hash for row in leading), person)
    homes = await _homes_of_nobody_else(leading, {*person}, rows)
    await rows.erase([surviving_id, *sorted(merged), *sorted(homes)])
    return person


async def _homes_of_nobody_else(
    leading: Sequence[IndexRow], person: set[str], rows: RowStore
) -> set[str]:
    """Households whose address would tell who it was; where others are met it stays theirs."""
    met_at = {address for row in leading for address in row.addresses}
    found = {row.to for row in (await rows.find(met_at)).values()}
    return {home for home in found if not await _others(home, person, rows)}


async def _others(home: str, person: set[str], rows: RowStore) -> set[str]:
    """Under whichever key or spelling its address was hashed."""
    addresses = {row.hash for row in await rows.of(home)}
    return await rows.at_addresses(addresses) - person
