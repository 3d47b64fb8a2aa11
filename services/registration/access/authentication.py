"""The FastAPI dependencies that say who sends a request."""

import hashlib
import math
from typing import Annotated, NamedTuple

from fastapi import Request, Security
from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
from fastapi.security.base import SecurityBase

from services.platform.clock import Clock
from services.platform.http.guards import guard
from services.platform.problems import FORBIDDEN, TOO_MANY_REQUESTS, UNAUTHENTICATED, Problem
from services.registration.access.actor import AnyActor, Revoked, Staff
from services.registration.access.callers import Caller, CallerCache
from services.registration.access.lines import Lines
from services.registration.access.problems import CSRF_MISSING
from services.registration.access.rate import Buckets
from services.registration.access.records import Act, Session, User
from services.registration.access.tokens import csrf_fits
from services.registration.subjects.actor import Role

COOKIE = "__Host-session"
CSRF_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BURST_S = 4
"""A device may be ahead of its rate by so much: a phone uploads a week at once."""
CHALLENGE = {"WWW-Authenticate": "Bearer"}
_ADMITTED = "tungngo.admitted"


class SessionCookie(SecurityBase):
    """For the document only: the doors read the cookie themselves."""

    scheme_name = "session"
    model = APIKey(
        **{"in": APIKeyIn.cookie},  # type: ignore[arg-type]  # `in` is no name in Python
        name=COOKIE,
        description="Staff in a browser. Writes need the session's `X-CSRF-Token` too.",
    )

    async def __call__(self) -> None:
        """Nothing."""


class Authenticator:
    """Knows whose token a request shows.

    A token in `Authorization` comes before the cookie, and needs no CSRF header.
    """

    def __init__(
        self, callers: CallerCache, lines: Lines, device_rate: float, clock: Clock
    ) -> None:
        self._callers = callers
        self._lines = lines
        self._buckets = Buckets(device_rate, device_rate * BURST_S)
        self._clock = clock

    async def admit(self, request: Request) -> Caller:
        """Once a request, however often it is asked. Raises: Problem."""
        caller: Caller | None = request.scope.get(_ADMITTED)
        if caller is None:
            caller = request.scope[_ADMITTED] = await self._admit(request)
        return caller

    async def _admit(self, request: Request) -> Caller:
        now = self._clock()
        token, by_cookie = token_of(request)
        digest = hashlib.sha256(token.encode()).digest()
        caller = self._callers.known(digest, now)
        if caller is None:
            caller = await self._callers.look_up(token, digest, now)
        if request.method not in SAFE:
            if by_cookie and not csrf_fits(token, request.headers.get(CSRF_HEADER, "")):
                raise Problem(CSRF_MISSING)
            if wait := self._buckets.take(caller.actor.source, now.timestamp()):
                raise Problem(TOO_MANY_REQUESTS, headers={"Retry-After": str(math.ceil(wait))})
        return caller

    async def turned_away(self, source: str, request: Request) -> None:
        """A line of who asked for what they may not: the address as it is declared, no values."""
        route = getattr(request.scope.get("route"), "path", "")
        await self._lines.note(Act.TURNED_AWAY, source, route)


@guard
class Authenticate(SecurityBase):
    """Lets in whoever may work here; one dependency alone, for every event passes it.

    A revoked device or key may still post events, to hear why each of them is refused.
    """

    scheme_name = "token"
    model = HTTPBearer(description="The token of a device, a key, or a script's session.")

    def __init__(self, porter: Authenticator) -> None:
        self._porter = porter

    async def __call__(
        self, request: Request, _: Annotated[None, Security(SessionCookie())] = None
    ) -> AnyActor:
        """Raises: Problem."""
        caller = await self._porter.admit(request)
        if caller.barred and not _posts_events(caller, request):
            revoked = isinstance(caller.actor, Revoked)
            raise Problem(UNAUTHENTICATED if revoked else caller.barred, headers=CHALLENGE)
        return caller.actor


class AuthenticateRole(Authenticate):
    """Lets in staff of these roles; whoever is turned away leaves a line."""

    def __init__(self, porter: Authenticator, roles: frozenset[Role]) -> None:
        super().__init__(porter)
        self.roles = roles

    async def __call__(
        self, request: Request, _: Annotated[None, Security(SessionCookie())] = None
    ) -> Staff:
        """Raises: Problem."""
        actor = await super().__call__(request)
        if not isinstance(actor, Staff) or actor.role not in self.roles:
            await self._porter.turned_away(actor.source, request)
            raise Problem(FORBIDDEN)
        return actor


class SignedIn(NamedTuple):
    """A session with its user, and its token."""

    session: Session
    user: User
    token: str


@guard
class AuthenticateStaff(SecurityBase):
    """Lets in staff who have signed in, also with a first password."""

    scheme_name = Authenticate.scheme_name
    model = Authenticate.model

    def __init__(self, porter: Authenticator) -> None:
        self._porter = porter

    async def __call__(
        self, request: Request, _: Annotated[None, Security(SessionCookie())]
    ) -> SignedIn:
        """Raises: Problem."""
        caller = await self._porter.admit(request)
        if caller.session is None or caller.user is None:
            await self._porter.turned_away(caller.actor.source, request)
            raise Problem(FORBIDDEN)
        return SignedIn(caller.session, caller.user, token_of(request)[0])


def token_of(request: Request) -> tuple[str, bool]:
    """The token, and whether the cookie held it. Raises: Problem where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token, False
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise Problem(UNAUTHENTICATED, headers=CHALLENGE)
    return token, True


def _posts_events(caller: Caller, request: Request) -> bool:
    events = request.method == "POST" and request.url.path.endswith("/events")
    return events and isinstance(caller.actor, Revoked)
