"""Passwords: argon2id, hashed in a thread, as much work for nobody as for somebody."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum, auto

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.platform.problems import TOO_BUSY, Problem
from services.platform.vietnam.texts import compatible, composed, decomposed, fold
from services.registration.access.strength import is_guessable

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
"""So many hashes at a time: each takes 19 MiB and a core."""
MOST_WAITING = 60
"""About two seconds' worth; whoever comes then is told to come again."""


class Fit(Enum):
    """Whether a password is the one that is kept."""

    RIGHT = auto()
    FORMERLY = auto()
    """As an earlier version kept it: it is to be kept anew."""
    NOT = auto()


class Passwords:
    """Hashes and checks. The cost is OWASP's (Password Storage Cheat Sheet: 19 MiB, two rounds)."""

    def __init__(self, memory_kib: int = 19 * 1024, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    async def hashed(self, password: str) -> str:
        """What is kept of a password, however its letters were composed."""
        async with self._turn():
            return await asyncio.to_thread(self._hasher.hash, compatible(password))

    async def fit(self, kept: str | None, password: str) -> Fit:
        """How it fits; with nothing kept it takes as long to say no."""
        async with self._turn():
            found = await asyncio.to_thread(self._fit, kept or self._nobodys, password)
        return found if kept is not None else Fit.NOT

    def _fit(self, kept: str, password: str) -> Fit:
        """Hashes of earlier versions are of what a keyboard sent, byte for byte."""
        one_form = compatible(password)
        if self._verify(kept, one_form):
            return Fit.RIGHT
        as_typed = {password, composed(password), decomposed(password)} - {one_form}
        return Fit.FORMERLY if any(self._verify(kept, one) for one in as_typed) else Fit.NOT

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
    password = compatible(password)
    own = fold(name) in fold(password)
    long_enough = SHORTEST <= len(password) <= LONGEST
    return long_enough and not own and password != compatible(old) and not is_guessable(password)


def first_password() -> str:
    """One that can be read out: five groups of four letters and digits, 99 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))
