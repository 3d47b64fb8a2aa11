"""Five-minute tokens: registration signs them, reporting and notify read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, ValidationError

from services.platform.access.readers import Matter, must_read
from services.platform.clock import Clock, utc_now
from services.platform.http.guards import guard
from services.platform.problems import FORBIDDEN, UNAUTHENTICATED, Problem

Audience = Literal["reporting", "notify"]
ISSUER = "registration"
LIFETIME = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
"""By so much the clocks of two services may differ."""


class Claims(BaseModel):
    """Who reads: `wards` are codes, and none at all means the whole city."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    sub: str
    """The reader's `source`, such as `/device/d-…`: whose tally it may see."""
    role: str
    wards: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads figures; `wards` is None for the whole city."""

    source: str
    role: str
    wards: frozenset[str] | None
    issued_at: int = 0
    """Of the token, in seconds."""

    def may_read(self, ward: str) -> bool:
        """Whether this ward's own records are open to the reader."""
        return self.wards is None or ward in self.wards

    def require(self, ward: str) -> None:
        """Raises: Problem."""
        if not self.may_read(ward):
            raise Problem(FORBIDDEN)


ANONYMOUS = Reader("/public", "public", None)
"""Everybody, where `anonymous_reading` opens a service on its own machine."""


class ReadingSettings(Protocol):
    """What a service that is read must be told."""

    @property
    def token_public_key(self) -> str:
        """Ed25519, PEM."""

    @property
    def anonymous_reading(self) -> bool:
        """Whether no token is needed."""


def sign(claims: Claims, audience: Audience, private_key_pem: str, now: datetime) -> str:
    """A token for one service, good for five minutes from `now`."""
    payload = claims.model_dump(mode="json") | {
        "iss": ISSUER,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    return jwt.encode(payload, _private_key(private_key_pem), algorithm="EdDSA")


def verify(token: str, audience: Audience, public_key_pem: str, now: datetime) -> Reader:
    """Raises: Problem."""
    try:
        payload = _decode(token, audience, public_key_pem)
        claims = Claims.model_validate(payload)
    except (jwt.PyJWTError, ValidationError) as error:
        raise Problem(UNAUTHENTICATED) from error
    if not _valid_at(payload, now):
        raise Problem(UNAUTHENTICATED)
    wards = None if claims.wards is None else frozenset(claims.wards)
    return Reader(claims.sub, claims.role, wards, int(payload["iat"]))


_BEARER = HTTPBearer(bearerFormat="JWT", auto_error=False, scheme_name="reader")


@guard
class ReaderDoor:
    """The FastAPI dependency that gives a route its `Reader`, where that may read the matter.

    `whole_city`: nobody of a ward, even where the table lets its role in.
    """

    def __init__(
        self,
        settings: ReadingSettings,
        audience: Audience,
        matter: Matter,
        clock: Clock = utc_now,
        *,
        whole_city: bool = False,
    ) -> None:
        self.matter = matter
        self.whole_city = whole_city
        self._settings = settings
        self._audience = audience
        self._clock = clock

    async def __call__(
        self, given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
    ) -> Reader:
        """Raises: Problem."""
        reader = self._known(given)
        must_read(reader.role, reader.source, self.matter)
        if self.whole_city and reader.wards is not None:
            raise Problem(FORBIDDEN)
        return reader

    def _known(self, given: HTTPAuthorizationCredentials | None) -> Reader:
        if given is not None:
            public_key = self._settings.token_public_key
            return verify(given.credentials, self._audience, public_key, self._clock())
        if self._settings.anonymous_reading:
            return ANONYMOUS
        raise Problem(UNAUTHENTICATED)


def _decode(token: str, audience: Audience, public_key_pem: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        _public_key(public_key_pem),
        algorithms=["EdDSA"],
        audience=audience,
        issuer=ISSUER,
        options={
            "require": ["exp", "iat", "sub"],
            "verify_exp": False,  # the clock is handed in
            "verify_iat": False,
        },
    )


def _valid_at(payload: dict[str, Any], now: datetime) -> bool:
    instant, leeway = now.timestamp(), LEEWAY.total_seconds()
    try:
        return float(payload["iat"]) - leeway <= instant < float(payload["exp"])
    except (TypeError, ValueError):
        return False


@cache
def _private_key(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the key that signs tokens is an Ed25519 key")
    return key


@cache
def _public_key(pem: str) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("the key that reads tokens is an Ed25519 key")
    return key
