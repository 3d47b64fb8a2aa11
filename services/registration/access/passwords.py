"""Passwords: argon2id, hashed in a thread, as much work for nobody as for somebody."""

import asyncio
import secrets
from enum import Enum, auto

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.platform.texts import compatible, composed, decomposed, fold

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
"""So many hashes at a time: each takes 19 MiB and a core."""


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
        self._nobodys = self._hasher.hash(secrets.token_hex(16))

    async def hashed(self, password: str) -> str:
        """What is kept of a password, however its letters were composed."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, compatible(password))

    async def fit(self, kept: str | None, password: str) -> Fit:
        """How it fits; with nothing kept it takes as long to say no."""
        async with self._turns:
            found = await asyncio.to_thread(self._fit, kept or self._nobodys, password)
        return found if kept is not None else Fit.NOT

    def _fit(self, kept: str, password: str) -> Fit:
        """Hashes of earlier versions are of what a keyboard sent, byte for byte."""
        one_form = compatible(password)
        if self._verify(kept, one_form):
            return Fit.RIGHT
        as_typed = {password, composed(password), decomposed(password)} - {one_form}
        return Fit.FORMERLY if any(self._verify(kept, one) for one in as_typed) else Fit.NOT

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def is_strong(password: str, name: str, old: str = "") -> bool:
    """Length is what counts (NIST SP 800-63B-4, 3.1.1.2); no rules on kinds of characters."""
    password = compatible(password)
    own = fold(name) in fold(password)
    return SHORTEST <= len(password) <= LONGEST and not own and password != compatible(old)


def first_password() -> str:
    """One that can be read out: five groups of four letters and digits, 99 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))
