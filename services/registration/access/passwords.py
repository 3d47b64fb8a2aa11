"""Passwords: argon2id, hashed in a thread, as much work for nobody as for somebody."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.platform.problems import TOO_BUSY, Problem
from services.platform.texts import fold
from services.registration.access.strength import is_guessable

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
"""So many hashes at a time: each takes 19 MiB and a core."""
MOST_WAITING = 60
"""About two seconds' worth; whoever comes then is told to come again."""


class Passwords:
    """Hashes and checks. The cost is OWASP's (Password Storage Cheat Sheet: 19 MiB, two rounds)."""

    def __init__(self, memory_kib: int = 19 * 1024, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one; with nothing kept it takes as long to say no."""
        async with self._turn():
            right = await asyncio.to_thread(self._verify, kept or self._nobodys, password)
        return right and kept is not None

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Raises: Problem where so many wait that the answer would come too late."""
        if self._waiting >= MOST_WAITING:
            raise Problem(TOO_BUSY)
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def is_strong(password: str, name: str, old: str = "") -> bool:
    """Length, and what nobody tries first (NIST SP 800-63B-4, 3.1.1.2); no kinds of characters."""
    own = fold(name) in fold(password)
    long_enough = SHORTEST <= len(password) <= LONGEST
    return long_enough and not own and password != old and not is_guessable(password)


def first_password() -> str:
    """One that can be read out: five groups of four letters and digits, 99 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))
