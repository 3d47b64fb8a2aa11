"""The tokens with which people read reporting and notify."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from fastapi import Depends, FastAPI

from services.platform.access.auth import Claims, Reader, ReaderDoor, sign, verify
from services.platform.access.readers import Matter
from services.platform.http.app import create_app
from services.platform.problems import Problem

NOW = datetime(2025, 10, 11, 8, tzinfo=UTC)
COORDINATOR = Claims(sub="/user/u-1", role="ward", wards=("27343",))


def key_pair() -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


PRIVATE, PUBLIC = key_pair()


@dataclass(frozen=True)
class Settings:
    anonymous_reading: bool = False
    token_public_key: str = PUBLIC


@asynccontextmanager
async def no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


async def read(settings: Settings, token: str = "") -> httpx.Response:
    reading = ReaderDoor(settings, "reporting", Matter.FIGURES, lambda: NOW)
    app = create_app(title="t", lifespan=no_lifespan, routers=(), checks={})

    @app.get("/wards")
    async def wards(reader: Annotated[Reader, Depends(reading)]) -> str:
        return reader.source

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting") as client:
        return await client.get("/wards", headers=headers)


def test_token_says_who_reads_and_which_wards() -> None:
    token = sign(COORDINATOR, "reporting", PRIVATE, NOW)

    reader = verify(token, "reporting", PUBLIC, NOW + timedelta(minutes=4))

    assert (reader.source, reader.role) == ("/user/u-1", "ward")
    assert reader.may_read("27343")
    assert not reader.may_read("27163")


def test_centre_reads_the_whole_city() -> None:
    token = sign(Claims(sub="/user/u-2", role="centre", wards=None), "reporting", PRIVATE, NOW)

    assert verify(token, "reporting", PUBLIC, NOW).may_read("27163")


def test_token_ends_after_five_minutes() -> None:
    token = sign(COORDINATOR, "reporting", PRIVATE, NOW)

    with pytest.raises(Problem, match="unauthenticated"):
        verify(token, "reporting", PUBLIC, NOW + timedelta(minutes=5))


def test_token_for_reporting_opens_nothing_in_notify() -> None:
    token = sign(COORDINATOR, "reporting", PRIVATE, NOW)

    with pytest.raises(Problem, match="unauthenticated"):
        verify(token, "notify", PUBLIC, NOW)


def test_token_signed_by_somebody_else_is_refused() -> None:
    token = sign(COORDINATOR, "reporting", key_pair()[0], NOW)

    with pytest.raises(Problem, match="unauthenticated"):
        verify(token, "reporting", PUBLIC, NOW)


def test_token_signed_with_the_public_key_as_a_password_is_refused() -> None:
    body = {"iss": "registration", "aud": "reporting", "sub": "/user/u", "role": "admin"}
    forged = jwt.encode(body | {"iat": 0, "exp": 9_999_999_999}, "a" * 32, algorithm="HS256")

    with pytest.raises(Problem, match="unauthenticated"):
        verify(forged, "reporting", PUBLIC, NOW)


async def test_reading_without_a_token_is_refused() -> None:
    answer = await read(Settings())

    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


async def test_reading_with_a_token_is_answered() -> None:
    answer = await read(Settings(), sign(COORDINATOR, "reporting", PRIVATE, NOW))

    assert answer.json() == "/user/u-1"


async def test_everybody_reads_where_the_setting_allows_it() -> None:
    answer = await read(Settings(anonymous_reading=True))

    assert answer.json() == "/public"


async def test_wrong_token_is_refused_where_everybody_reads() -> None:
    answer = await read(Settings(anonymous_reading=True), "wrong")

    assert answer.status_code == 401
