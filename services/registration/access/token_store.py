"""Enrolments, devices and keys."""

from collections.abc import Sequence
from typing import Protocol

from pymongo import ASCENDING, IndexModel

from services.platform.mongo import Collection, Database, Document, Session
from services.registration.access.audit import Audit, NotDone
from services.registration.access.documents import fields, to_document
from services.registration.access.records import Change, DeviceRecord, Enrolment, Key
from services.registration.subjects.actor import Role

USED_RETENTION_S = 86_400
"""So long a used or expired code can still be told from one that never was."""


class TokenStore(Protocol):
    """Each change comes with its line in the audit: both are written or neither."""

    async def add_enrolment(self, enrolment: Enrolment, change: Change) -> None: ...

    async def enrolment(self, enrolment_id: str) -> Enrolment | None: ...

    async def enrolment_of(self, code_hash: str) -> Enrolment | None: ...

    async def enrol(
        self, enrolment_id: str, device: DeviceRecord, change: Change, nonce_hash: str = ""
    ) -> bool:
        """Uses the code up. False when it was used, or has expired by `change.at`."""

    async def readmit(self, device_id: str, token_hash: str, change: Change) -> bool:
        """Its token until now opens nothing more. False when the device was revoked."""

    async def device(self, device_id: str) -> DeviceRecord | None: ...

    async def device_of(self, token_hash: str) -> DeviceRecord | None: ...

    async def devices(
        self, wards: Sequence[str] | None, after: str, limit: int
    ) -> Sequence[DeviceRecord]:
        """By id, those after `after`; of these wards or of all."""

    async def revoke_device(self, device_id: str, change: Change) -> bool:
        """False when there is none, or it was revoked before."""

    async def add_key(self, key: Key, change: Change) -> None: ...

    async def key(self, key_id: str) -> Key | None: ...

    async def key_of(self, token_hash: str) -> Key | None: ...

    async def keys(self, wards: Sequence[str] | None, after: str, limit: int) -> Sequence[Key]:
        """By id, those after `after`; those that name one of these wards, or all."""

    async def revoke_key(self, key_id: str, change: Change) -> bool:
        """False when there is none, or it was revoked before."""


class MongoTokenStore:
    """Collections `enrolments`, `devices`, `keys`."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._enrolments: Collection = database["enrolments"]
        self._devices: Collection = database["devices"]
        self._keys: Collection = database["keys"]
        self._audit = audit

    async def ensure_indexes(self) -> None:
        """By what is sent; devices by ward too."""
        await self._enrolments.create_indexes(
            [
                IndexModel([("code_hash", ASCENDING)]),
                IndexModel([("ends_at", ASCENDING)], expireAfterSeconds=USED_RETENTION_S),
            ]
        )
        token = IndexModel([("token_hash", ASCENDING)], unique=True)
        by_ward = IndexModel([("ward", ASCENDING), ("_id", ASCENDING)])
        await self._devices.create_indexes([token, by_ward])
        await self._keys.create_indexes([token])

    async def add_enrolment(self, enrolment: Enrolment, change: Change) -> None:
        await self._add(self._enrolments, to_document(enrolment), change)

    async def enrolment(self, enrolment_id: str) -> Enrolment | None:
        found = await self._enrolments.find_one({"_id": enrolment_id})
        return Enrolment(**fields(found)) if found else None

    async def enrolment_of(self, code_hash: str) -> Enrolment | None:
        newest = [("made_at", -1)]
        found = await self._enrolments.find_one({"code_hash": code_hash}, sort=newest)
        return Enrolment(**fields(found)) if found else None

    async def enrol(
        self, enrolment_id: str, device: DeviceRecord, change: Change, nonce_hash: str = ""
    ) -> bool:
        unused = {"_id": enrolment_id, "used_at": None, "ends_at": {"$gt": change.at}}

        async def work(session: Session) -> None:
            by = {"used_at": change.at, "device_id": device.id, "nonce_hash": nonce_hash}
            used = {"$set": by}
            done = await self._enrolments.update_one(unused, used, session=session)
            if not done.matched_count:
                raise NotDone
            await self._devices.insert_one(to_document(device), session=session)

        return await self._audit.write(change, work)

    async def readmit(self, device_id: str, token_hash: str, change: Change) -> bool:
        async def work(session: Session) -> None:
            known, renewed = {"_id": device_id, "revoked_at": None}, {"token_hash": token_hash}
            done = await self._devices.update_one(known, {"$set": renewed}, session=session)
            if not done.matched_count:
                raise NotDone

        return await self._audit.write(change, work)

    async def device(self, device_id: str) -> DeviceRecord | None:
        return _device(await self._devices.find_one({"_id": device_id}))

    async def device_of(self, token_hash: str) -> DeviceRecord | None:
        return _device(await self._devices.find_one({"token_hash": token_hash}))

    async def devices(
        self, wards: Sequence[str] | None, after: str, limit: int
    ) -> Sequence[DeviceRecord]:
        query = _after(after) | ({} if wards is None else {"ward": {"$in": list(wards)}})
        found = self._devices.find(query).sort("_id", ASCENDING).limit(limit)
        return [device async for document in found if (device := _device(document))]

    async def revoke_device(self, device_id: str, change: Change) -> bool:
        return await self._revoke(self._devices, device_id, change)

    async def add_key(self, key: Key, change: Change) -> None:
        await self._add(self._keys, to_document(key), change)

    async def key(self, key_id: str) -> Key | None:
        return _key(await self._keys.find_one({"_id": key_id}))

    async def key_of(self, token_hash: str) -> Key | None:
        return _key(await self._keys.find_one({"token_hash": token_hash}))

    async def keys(self, wards: Sequence[str] | None, after: str, limit: int) -> Sequence[Key]:
        query = _after(after) | ({} if wards is None else {"wards": {"$in": list(wards)}})
        found = self._keys.find(query).sort("_id", ASCENDING).limit(limit)
        return [key async for document in found if (key := _key(document))]

    async def revoke_key(self, key_id: str, change: Change) -> bool:
        return await self._revoke(self._keys, key_id, change)

    async def _add(self, to: Collection, document: Document, change: Change) -> None:
        await self._audit.write(change, lambda session: to.insert_one(document, session=session))

    async def _revoke(self, in_: Collection, id_: str, change: Change) -> bool:
        async def work(session: Session) -> None:
            revoked = {"$set": {"revoked_at": change.at}}
            which = {"_id": id_, "revoked_at": None}
            if not (await in_.update_one(which, revoked, session=session)).matched_count:
                raise NotDone

        return await self._audit.write(change, work)


def _after(cursor: str) -> Document:
    return {"_id": {"$gt": cursor}}


def _device(document: Document | None) -> DeviceRecord | None:
    return DeviceRecord(**fields(document)) if document else None


def _key(document: Document | None) -> Key | None:
    if document is None:
        return None
    found = fields(document)
    found["kind"] = Role(found["kind"])
    return Key(**found)
