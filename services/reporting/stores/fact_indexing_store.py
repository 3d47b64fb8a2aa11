"""Facts of an older version become findable under the keys of this one, while the service runs."""

import asyncio
from collections.abc import Awaitable, Callable

from services.platform.mongo import Database
from services.reporting.stores.fact_store import Facts, KeysOf

_AT = {"_id": "keys"}


class FactIndexing:
    """Walks through all facts once after an upgrade; a walk that was cut off goes on.

    Whatever is projected meanwhile may miss facts of a history: all wards are made anew afterwards.
    """

    def __init__(
        self,
        database: Database,
        facts: Facts,
        keys: KeysOf,
        let_through: Callable[[], Awaitable[None]],
    ) -> None:
        """`let_through`: returns when what began before it was called is kept or begins again."""
        self._catalogue = database["catalogue"]
        self._facts = facts
        self._keys = keys
        self._let_through = let_through
        self._alone = asyncio.Lock()

    async def ask(self) -> None:
        """From the beginning."""
        await self._catalogue.replace_one(_AT, {"after": ""}, upsert=True)

    async def finish(self) -> None:
        """Return when every fact can be found; at once where nothing was asked."""
        async with self._alone:
            while at := await self._catalogue.find_one(_AT):
                after = await self._facts.index_anew(at["after"], self._keys)
                if after is None:
                    await self._let_through()
                    await self._catalogue.delete_one(_AT)
                else:
                    await self._catalogue.update_one(_AT, {"$max": {"after": after}})
