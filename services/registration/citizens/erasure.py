"""What an erasure and a merger do to the index; each may be carried out again."""

from typing import Protocol

from services.registration.citizens.rows import Alias, Repoint, RowStore

MAX_MERGERS = 20


class Refused(Protocol):
    """Bodies that were refused, some of which tell of the citizen."""

    async def forget(self, hashes: tuple[bytes, ...]) -> None:
        """Deletes those that tell of any of these numbers."""


async def erase(citizen_id: str, rows: RowStore, refused: Refused) -> tuple[str, ...]:
    """Nothing leads from a person to these ids any more, nor from them to a contact.

    Whoever names a record that was merged means the person. What is found by the rows goes before
    the rows do, so that a second attempt finds it too.
    """
    kept_id = await _last(citizen_id, rows)
    leading = await rows.of(kept_id)
    await refused.forget(tuple(row.hash for row in leading))
    await rows.erase(kept_id)
    merged = {alias.merged_id for alias in await rows.aliases_of(kept_id)}
    return kept_id, *sorted(merged | {citizen_id} - {kept_id})


async def merge(kept_id: str, merged_id: str, rows: RowStore) -> None:
    """Whoever was known as `merged_id` is known as `kept_id` from now on.

    Contacts that were sealed for the merged record stay readable: its key goes with the alias.
    """
    kept_id = await _last(kept_id, rows)
    keys = await rows.data_keys([kept_id, merged_id])
    if kept_id == merged_id or kept_id not in keys:
        return
    await rows.add_alias(Alias(merged_id, kept_id, keys.get(merged_id)))
    leading = await rows.of(merged_id)
    if leading:
        await rows.repoint([Repoint(r.hash, merged_id, kept_id, keys[kept_id]) for r in leading])
        await rows.settle([row.hash for row in leading])


async def _last(citizen_id: str, rows: RowStore) -> str:
    for _ in range(MAX_MERGERS):
        alias = await rows.alias(citizen_id)
        if alias is None:
            break
        citizen_id = alias.to
    return citizen_id
