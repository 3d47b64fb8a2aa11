"""Wrong passwords counted so that guessing is slow, and nobody is shut out by others' guesses."""

import math
from datetime import timedelta
from typing import NamedTuple

from services.platform.clock import Clock
from services.platform.problems import TOO_MANY_REQUESTS, Problem
from services.registration.access.lockout import FREE, FREE_FOR_ALL, one_more, wait
from services.registration.access.problems import LOCKED_OUT
from services.registration.access.rate import Buckets
from services.registration.access.staff_store import StaffStore
from services.registration.access.tokens import Codes

TRIES = 8
TRIES_A_SECOND = 1.0
TRIES_AT_ONCE = 60
"""From one network, whatever the names: a ward's office signs in at eight behind one address."""


class Client(NamedTuple):
    """Who tries: a network, a browser that signed in under this name before, or a session."""

    id: str
    known: bool = False
    """Then others' guesses do not count against it, nor its own against others."""


class Guesses:
    """Each client has its own few, and all strangers to a name some together.

    What a known client types wrong is between it and the name, as OWASP's device cookies have it
    (Slow Down Online Guessing Attacks with Device Cookies).
    """

    def __init__(self, store: StaffStore, codes: Codes, clock: Clock) -> None:
        self._store = store
        self._codes = codes
        self._clock = clock
        self._networks = Buckets(TRIES_A_SECOND, TRIES_AT_ONCE)

    async def count(self, name: str, client: Client) -> None:
        """Before the password is looked at, so that many at once gain nothing. Raises: Problem."""
        if not client.known:
            self._slow_down(client)
        await self._count(self._own(name, client), FREE)
        if not client.known:
            await self._count(self._codes.name_hash(name), FREE_FOR_ALL)

    async def was_right(self, name: str, client: Client) -> None:
        """It was no guess."""
        await self._store.forget_attempts(self._own(name, client))
        if not client.known:
            await self._store.forgive_attempt(self._codes.name_hash(name))

    async def forget(self, name: str) -> None:
        """Everybody's."""
        await self._store.forget_attempts(self._codes.name_hash(name))

    def _own(self, name: str, client: Client) -> str:
        return f"{self._codes.name_hash(name)}/{self._codes.client_hash(client.id)}"

    def _slow_down(self, client: Client) -> None:
        if pause_s := self._networks.take(client.id, self._clock().timestamp()):
            raise Problem(TOO_MANY_REQUESTS, headers={"Retry-After": str(math.ceil(pause_s))})

    async def _count(self, key: str, free: int) -> None:
        for _ in range(TRIES):
            now, before = self._clock(), await self._store.attempts(key)
            if pause := wait(before, now, free):
                raise _locked_out(pause)
            if await self._store.note_attempt(key, before, one_more(before, now)):
                return
        raise _locked_out(timedelta(seconds=1))


def _locked_out(pause: timedelta) -> Problem:
    seconds = math.ceil(pause.total_seconds())
    return Problem(LOCKED_OUT, headers={"Retry-After": str(seconds)})
