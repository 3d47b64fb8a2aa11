"""Zalo's tokens in MongoDB, sealed: whoever holds them sends in the city's name."""

import os
from collections.abc import Sequence

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

from services.messaging.relay.lease_store import MongoLease
from services.notify.providers.zns.tokens import Tokens
from services.platform.mongo import Database, PyMongoError
from services.platform.unavailable import Unavailable

log = structlog.get_logger(__name__)

_NAME = "zns"
_CLAIM_S = 60.0
"""Longer than a renewal may take; a process that died with it is waited for as long."""
_NONCE_BYTES = 12
_TOKENS = TypeAdapter(Tokens)


class MongoZnsTokens:
    """One document; the first key seals, each of them opens."""

    def __init__(self, database: Database, keys: Sequence[bytes]) -> None:
        self._tokens = database["provider_tokens"]
        self._lease = MongoLease(database, f"tokens {_NAME}", ttl_s=_CLAIM_S)
        self._keys = keys

    async def read(self) -> Tokens | None:
        try:
            found = await self._tokens.find_one({"_id": _NAME})
        except PyMongoError as error:
            raise Unavailable from error
        return _opened(found["sealed"], self._keys) if found else None

    async def save(self, tokens: Tokens) -> None:
        sealed = {"$set": {"sealed": _sealed(tokens, self._keys[0])}}
        try:
            await self._tokens.update_one({"_id": _NAME}, sealed, upsert=True)
        except PyMongoError as error:
            raise Unavailable from error

    async def claim(self) -> bool:
        try:
            await self._lease.ensure()
            return await self._lease.hold() is not None
        except PyMongoError as error:
            raise Unavailable from error

    async def release(self) -> None:
        try:
            await self._lease.release()
        except PyMongoError as error:
            raise Unavailable from error


def _sealed(tokens: Tokens, key: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, _TOKENS.dump_json(tokens), _NAME.encode())


def _opened(sealed: bytes, keys: Sequence[bytes]) -> Tokens | None:
    """None under a key that is gone: the refresh token of the settings is tried then."""
    for key in keys:
        try:
            plain = AESGCM(key).decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _NAME.encode()
            )
        except InvalidTag:
            continue
        return _TOKENS.validate_json(plain)
    log.error("no key opens the tokens of Zalo; see docs/operating/providers.md")
    return None
