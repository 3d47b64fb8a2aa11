"""What an erasure does to the index; it may be carried out again."""

from typing import Protocol

from services.registration.citizens.mergers import last, merged_into
from services.registration.citizens.rows import RowStore


class Refused(Protocol):
    """Bodies that were refused, some of which tell of the citizen."""

    async def forget(self, hashes: tuple[bytes, ...]) -> None:
        """Deletes those that tell of any of these numbers."""


async def erase(citizen_id: str, rows: RowStore, refused: Refused) -> tuple[str, ...]:
    """Nothing leads from a person to these ids any more, nor from them to a contact.

    Whoever names a record that was merged means the person. What is found by the rows goes before
    the rows do, so that a second attempt finds it too.
    """
    kept_id = await last(citizen_id, rows)
    merged = await merged_into(kept_id, rows)
    leading = await rows.of(kept_id)
    await refused.forget(tuple(row.hash for row in leading))
    await rows.erase([kept_id, *sorted(merged)])
    return kept_id, *sorted(merged | {citizen_id} - {kept_id})
