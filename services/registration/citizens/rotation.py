"""After the master key was changed: everything it sealed is sealed anew, and the old one may go.

Aliases and refused bodies keep what the former key wrapped: the ones are needed only while an event
waits for the relay, the others for 90 days. Until then the former key stays in the settings.
"""

from dataclasses import replace

from services.registration.citizens.rows import IndexRow, RowStore
from services.registration.citizens.vault import Vault

PAGE = 500


async def reseal_all(rows: RowStore, vault: Vault) -> int:
    """How many rows were still under a former key; may be run again, and while people are met."""
    resealed, after = 0, b""
    while page := await rows.page(after, PAGE):
        outdated = [_anew(row, vault) for row in page if _outdated(row, vault)]
        if outdated:
            await rows.reseal(outdated)
        resealed, after = resealed + len(outdated), page[-1].hash
    return resealed


def _outdated(row: IndexRow, vault: Vault) -> bool:
    sealed = (row.data_key, row.hint, row.home_key)
    return any(vault.sealed_before(one) for one in sealed if one)


def _anew(row: IndexRow, vault: Vault) -> IndexRow:
    hint = row.hint and vault.seal_hint(vault.open_hint(row.hint, row.hash), row.hash)
    return replace(
        row,
        data_key=_wrapped_anew(row.data_key, row.to, vault),
        home_key=_wrapped_anew(row.home_key, row.home or "", vault),
        hint=hint,
    )


def _wrapped_anew(key: bytes | None, citizen_id: str, vault: Vault) -> bytes | None:
    return key and vault.wrap(vault.unwrap(key, citizen_id), citizen_id)
