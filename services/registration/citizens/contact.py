"""What notify alone may read of the log: contacts, and whose contact is to be forgotten."""

from collections.abc import Sequence

import orjson
import structlog
from prometheus_client import Counter

from services.events.citizens import CitizenErased, CitizenMerged
from services.events.corrections import EventVoided
from services.events.registry import REGISTRY, type_name
from services.messaging.log.stored import Stored
from services.messaging.relay.packing import Private
from services.platform.personal_data.contact_wire import (
    CONTACT_ERASED,
    CONTACT_SHARED,
    erased_message,
    shared_message,
)
from services.registration.citizens.erasure import RefusedBodyEraser, erase
from services.registration.citizens.mergers import merge, part
from services.registration.citizens.rows import Merger, RowStore
from services.registration.citizens.vault import Keys, Unreadable, Vault

log = structlog.get_logger(__name__)

ERASED = type_name(CitizenErased)
MERGED = type_name(CitizenMerged)
VOIDED = type_name(EventVoided)
LEFT_OUT = Counter(
    "citizens_contacts_left_out", "Contacts not shared: erased, or unreadable", ("why",)
)


class Confidential:
    """The relay's view of citizens; called again for whatever it could not publish.

    An erasure, a merger or its void is carried out here, before its event is marked as published:
    so it happens even where the process that recorded it died.
    """

    def __init__(self, rows: RowStore, refused: RefusedBodyEraser, keys: Keys) -> None:
        self._rows = rows
        self._refused = refused
        self._vault = Vault(keys)
        self._notify_key = keys.notify

    async def __call__(self, entries: Sequence[Stored]) -> list[Private]:
        """Who is who comes first, so that an erasure takes one person's records and no others;
        then erasures, so that no contact leaves that they forbid. Raises: Unavailable."""
        for entry in entries:
            await self._change_who_is_who(entry)
        erased = [await self._erased(entry) for entry in entries if entry.type == ERASED]
        return [*erased, *await self._shared([entry for entry in entries if entry.contact])]

    async def _change_who_is_who(self, entry: Stored) -> None:
        """In any order, and as often as it takes."""
        if entry.type not in (MERGED, VOIDED):
            return
        data = orjson.loads(entry.body)["data"]
        if entry.type == MERGED:
            merged_id, surviving_id = data["merged_id"], data["citizen_id"]
            await merge(Merger(entry.event_id, merged_id, surviving_id, entry.time), self._rows)
        elif REGISTRY.current(data["target_type"]) == MERGED:
            await part(data["event_id"], entry.subject, self._rows)

    async def _erased(self, entry: Stored) -> Private:
        citizen_ids = await erase(_citizen_id(entry), self._rows, self._refused)
        return Private(entry.event_id, CONTACT_ERASED, erased_message(citizen_ids, entry.event_id))

    async def _shared(self, entries: Sequence[Stored]) -> list[Private]:
        if not entries:
            return []
        wrapped = await self._rows.data_keys({_citizen_id(entry) for entry in entries})
        messages = (self._message(entry, wrapped.get(_citizen_id(entry))) for entry in entries)
        return [message for message in messages if message]

    def _message(self, entry: Stored, wrapped: bytes | None) -> Private | None:
        if wrapped is None or entry.contact is None:
            LEFT_OUT.labels("erased").inc()
            return None
        citizen_id = _citizen_id(entry)
        try:
            data_key = self._vault.unwrap(wrapped, citizen_id)
        except Unreadable:
            LEFT_OUT.labels("unreadable").inc()
            log.exception("a data key cannot be opened: is a former master key missing?")
            return None
        body = shared_message(
            citizen_id, entry.event_id, entry.contact, data_key, self._notify_key, entry.time
        )
        return Private(entry.event_id, CONTACT_SHARED, body)


def _citizen_id(entry: Stored) -> str:
    return str(orjson.loads(entry.body)["data"]["citizen_id"])
