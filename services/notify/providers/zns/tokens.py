"""Zalo's access tokens: each refresh token is good once, and a lost one needs a person.

Source: access 25 h, refresh 3 months, single use, rotating (hexasync.vn, on Zalo's OAuth v4); a
used one is answered -14014.
"""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from services.notify.providers.posting import HttpAnswer, Posting
from services.notify.providers.zns.reading import Renewed, read_renewal
from services.platform.clock import Clock
from services.platform.unavailable import Unavailable

log = structlog.get_logger(__name__)

_MARGIN = timedelta(minutes=5)
_REST = timedelta(seconds=30)
"""After a renewal that failed, so that Zalo is not asked with each SMS."""
_LOOK_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True)
class Tokens:
    """What is kept; the access token may be missing or over."""

    refresh: str = field(repr=False)
    seed: str
    """Names the refresh token of the settings that these grew from."""
    access: str = field(default="", repr=False)
    good_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What Zalo gave to the operator."""

    app_id: str
    secret_key: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """The first one; put in anew when the grant was lost."""
    url: str

    def first(self) -> Tokens:
        """To begin with."""
        seed = hashlib.sha256(self.refresh_token.encode()).hexdigest()[:16]
        return Tokens(refresh=self.refresh_token, seed=seed)


class TokenStore(Protocol):
    """Keeps the tokens for all processes. All of it raises: Unavailable."""

    async def read(self) -> Tokens | None:
        """What was saved last."""

    async def save(self, tokens: Tokens) -> None:
        """Durable when it returns."""

    async def claim(self) -> bool:
        """Whether the caller alone may renew now, until `release` or for a minute."""

    async def release(self) -> None:
        """Lets the next one."""


class NoToken(Exception):
    """There is none to be had now; nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ZnsTokens:
    """One renewal at a time in all processes, kept before it is used, and never broken off."""

    def __init__(
        self, grant: Grant, store: TokenStore, posting: Posting, clock: Clock, patience_s: float
    ) -> None:
        self._grant, self._store, self._posting = grant, store, posting
        self._clock, self._patience_s = clock, patience_s
        self._known = grant.first()
        self._unsaved: Tokens | None = None
        self._renewal: asyncio.Task[Tokens] | None = None
        self._rest_until: datetime | None = None

    async def usable(self, refused: str = "") -> str:
        """An access token that is not the refused one. Raises: NoToken."""
        if self._is_usable(self._known, refused):
            return self._known.access
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(refused))
            self._renewal.add_done_callback(_heard)
        try:
            async with asyncio.timeout(self._patience_s):
                self._known = await asyncio.shield(self._renewal)
        except TimeoutError as error:
            raise NoToken("token_awaited") from error
        return self._known.access

    async def close(self) -> None:
        """Hears a renewal out: its answer holds the only refresh token that is still good."""
        if self._renewal:
            await asyncio.wait([self._renewal])

    def _is_usable(self, tokens: Tokens, refused: str) -> bool:
        until = tokens.good_until
        fresh = until is not None and self._clock() < until - _MARGIN
        return fresh and tokens.access != refused

    async def _renew(self, refused: str) -> Tokens:
        """By this process or another one, whichever has the claim."""
        try:
            until = asyncio.get_running_loop().time() + self._patience_s
            while asyncio.get_running_loop().time() < until:
                tokens = await self._kept()
                if self._is_usable(tokens, refused):
                    return tokens
                if await self._store.claim():
                    return await self._claimed(refused)
                await asyncio.sleep(_LOOK_AGAIN_S)
        except Unavailable as error:
            raise NoToken("tokens_unavailable") from error
        raise NoToken("token_awaited")

    async def _claimed(self, refused: str) -> Tokens:
        try:
            tokens = await self._kept()  # another process may have been quicker
            return tokens if self._is_usable(tokens, refused) else await self._refreshed(tokens)
        finally:
            await self._store.release()

    async def _kept(self) -> Tokens:
        """The store's, unless the operator put in a refresh token that they did not grow from."""
        if self._unsaved:
            await self._save(self._unsaved)
        first, kept = self._grant.first(), await self._store.read()
        return kept if kept and kept.seed == first.seed else first

    async def _refreshed(self, tokens: Tokens) -> Tokens:
        now = self._clock()
        if self._rest_until and now < self._rest_until:
            raise NoToken("token_not_renewed")
        self._rest_until = now + _REST
        renewed = await self._ask(tokens.refresh)
        fresh = Tokens(
            refresh=renewed.refresh_token,
            seed=tokens.seed,
            access=renewed.access_token,
            good_until=now + timedelta(seconds=renewed.expires_in),
        )
        await self._save(fresh)
        self._rest_until = None
        return fresh

    async def _save(self, tokens: Tokens) -> None:
        """What cannot be saved is kept for the next try: the token before it is good no more."""
        self._unsaved = tokens
        await self._store.save(tokens)
        self._unsaved = None

    async def _ask(self, refresh_token: str) -> Renewed:
        form = {
            "refresh_token": refresh_token,
            "app_id": self._grant.app_id,
            "grant_type": "refresh_token",
        }
        headers = {"secret_key": self._grant.secret_key}
        answer = await self._posting.post(self._grant.url, form=form, headers=headers)
        said = read_renewal(answer) if isinstance(answer, HttpAnswer) else "token_not_renewed"
        if isinstance(said, Renewed):
            return said
        log.error("Zalo gave no access token", reason=said)
        raise NoToken(said)


def _heard(renewal: asyncio.Task[Tokens]) -> None:
    """Of a renewal that nobody waits for any more."""
    if not renewal.cancelled():
        renewal.exception()
