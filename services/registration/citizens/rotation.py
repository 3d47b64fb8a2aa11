"""After the master key was changed: everything it sealed is sealed anew, and the old one may go.

Aliases and refused bodies keep what the former key wrapped: the ones are needed only while an event
waits for the relay, the others for 90 days. Until then the former key stays in the settings.
"""

from dataclasses import replace

from services.registration.citizens.rows import Row, RowStore
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


def _outdated(row: Row, vault: Vault) -> bool:
    return any(vault.sealed_before(sealed) for sealed in (row.data_key, row.hint) if sealed)


def _anew(row: Row, vault: Vault) -> Row:
    data_key = row.data_key and vault.wrap(vault.unwrap(row.data_key, row.to), row.to)
    hint = row.hint and vault.seal_hint(vault.open_hint(row.hint, row.hash), row.hash)
    return replace(row, data_key=data_key, hint=hint)
