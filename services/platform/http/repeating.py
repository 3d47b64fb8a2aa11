"""A command sent again under its key has its first outcome: what gives a secret, what costs money.

After draft-ietf-httpapi-idempotency-key-header. The answer is kept for a day, sealed under a key
that follows from ours and the client's: neither the database nor the header alone opens it.
"""

import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple, Protocol, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Header
from pydantic import BaseModel

from services.platform.clock import Clock
from services.platform.problems import Problem, ProblemKind

M = TypeVar("M", bound=BaseModel)
REMEMBERED_FOR = timedelta(days=1)
AT_WORK = timedelta(minutes=1)
"""A command that was begun so long ago and has no outcome died with its process."""
_NONCE_BYTES = 12

KEY_REUSED = ProblemKind(
    "idempotency_key_reused",
    409,
    "`Idempotency-Key` này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới cho yêu cầu mới.",
    "This `Idempotency-Key` belongs to another request. Use a new key for a new request.",
)
STILL_AT_WORK = ProblemKind(
    "still_at_work",
    409,
    "Yêu cầu cùng `Idempotency-Key` đang được xử lý. Hãy đợi một phút rồi gửi lại.",
    "The request with this `Idempotency-Key` is at work. Wait a minute, then send it again.",
    retryable=True,
)

IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern=r"^[!-~]{8,200}$",
        description=(
            "Made by the client, new for each command, the same when it is sent again because no "
            "answer came: it then has the same outcome, for a day. With another body: 409"
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class Begun:
    """A command that came under a key; `sealed` is its answer once there is one."""

    body_hash: bytes
    begun_at: datetime
    sealed: bytes | None = None


class RepeatStore(Protocol):
    """By id; forgets after a day."""

    async def begin(self, id_: str, begun: Begun, instead_of: Begun | None) -> bool:
        """False where another one stands there than `instead_of`."""

    async def find(self, id_: str) -> Begun | None: ...

    async def finish(self, id_: str, sealed: bytes) -> None: ...

    async def drop(self, id_: str) -> None:
        """It did nothing, and may be sent again."""


class Command(NamedTuple):
    """Who wants what done, under which key."""

    key: str | None
    by: str
    name: str
    body: BaseModel


class Repeats:
    """Does each command once."""

    def __init__(self, store: RepeatStore, secret: bytes, clock: Clock) -> None:
        self._store = store
        self._secret = hashlib.blake2b(b"repeats", key=secret, digest_size=32).digest()
        self._clock = clock

    async def once(self, command: Command, work: Callable[[], Awaitable[M]], shape: type[M]) -> M:
        """What `work` makes, or made before. Raises: Problem."""
        if command.key is None:
            return await work()
        id_, now = self._digest(b"id", command).hex(), self._clock()
        begun = Begun(self._hash(command.body), now)
        before = await self._store.find(id_)
        if before and (before.sealed or now - before.begun_at < AT_WORK):
            return self._again(command, begun, before, shape)
        if not await self._store.begin(id_, begun, before):
            raise Problem(STILL_AT_WORK)
        return await self._do(command, id_, work)

    async def _do(self, command: Command, id_: str, work: Callable[[], Awaitable[M]]) -> M:
        try:
            made = await work()
        except BaseException:
            await self._store.drop(id_)
            raise
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._seal_of(command).encrypt(
            nonce, made.model_dump_json().encode(), id_.encode()
        )
        await self._store.finish(id_, nonce + sealed)
        return made

    def _again(self, command: Command, begun: Begun, before: Begun, shape: type[M]) -> M:
        if not hmac.compare_digest(begun.body_hash, before.body_hash):
            raise Problem(KEY_REUSED, "/header/idempotency-key")
        if before.sealed is None:
            raise Problem(STILL_AT_WORK)
        nonce, sealed = before.sealed[:_NONCE_BYTES], before.sealed[_NONCE_BYTES:]
        id_ = self._digest(b"id", command).hex()
        return shape.model_validate_json(
            self._seal_of(command).decrypt(nonce, sealed, id_.encode())
        )

    def _seal_of(self, command: Command) -> AESGCM:
        return AESGCM(self._digest(b"seal", command))

    def _digest(self, purpose: bytes, command: Command) -> bytes:
        text = "\x1f".join((command.by, command.name, command.key or "")).encode()
        return hashlib.blake2b(text, key=self._secret, person=purpose, digest_size=32).digest()

    def _hash(self, body: BaseModel) -> bytes:
        return hashlib.blake2b(
            body.model_dump_json().encode(), key=self._secret, digest_size=16
        ).digest()
