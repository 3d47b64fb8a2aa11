"""What the webhooks of all providers share: a secret in the address, small bodies, whom they tell.

No number and no text of a request ever stands in a log, a metric or an answer.
"""

import hmac
import re
from datetime import datetime
from typing import Annotated, Any, TypeVar

import structlog
from fastapi import Depends, Path, Request
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from services.notify.providers.provider import Incoming, ProviderCallbacks
from services.platform.clock import Clock
from services.platform.http.guards import guard
from services.platform.problems import INVALID_REQUEST, NOT_FOUND, Problem, pointer
from services.platform.vietnam.phone_numbers import mobile

T = TypeVar("T")

API = "/api/notify/v1"
BASE = f"{API}/providers"
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")

log = structlog.get_logger(__name__)


async def callbacks_of(request: Request) -> ProviderCallbacks:
    """The lifespan's."""
    callbacks: ProviderCallbacks = request.state.callbacks
    return callbacks


async def now_of(request: Request) -> datetime:
    """By the lifespan's clock: in a demo the events' time."""
    clock: Clock = request.state.clock
    return clock()


ToCallbacks = Annotated[ProviderCallbacks, Depends(callbacks_of)]
Now = Annotated[datetime, Depends(now_of)]


def checked_secret(secret: SecretStr, variable: str) -> str:
    """One that can stand in an address and not be guessed. Raises: ValueError."""
    value = secret.get_secret_value()
    if not _SECRET.fullmatch(value):
        raise ValueError(f"{variable} has 16 to 64 letters, digits, - or _")
    return value


def secret_shown(secret: SecretStr) -> Any:
    """A dependency: the address holds this secret, as the provider signs nothing.

    No address holds an empty one, so that without a secret there is no such address at all.
    """
    known = secret.get_secret_value().encode()

    @guard
    async def shown(secret: Annotated[str, Path(max_length=100)]) -> None:
        if not hmac.compare_digest(secret.encode(errors="replace"), known):
            raise Problem(NOT_FOUND)

    return Depends(shown)


async def small_body(request: Request) -> bytes:
    """Of whatever content type."""
    return await request.body()


SmallBody = Annotated[bytes, Depends(small_body)]


def body_documented(*shapes: type[BaseModel]) -> dict[str, Any]:
    """For OpenAPI: a body of one of these shapes, none of which refers to another."""
    schemas = [shape.model_json_schema() for shape in shapes]
    schema = {"anyOf": schemas} if len(schemas) > 1 else schemas[0]
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    }


def read(shape: TypeAdapter[T], body: bytes) -> T:
    """Raises: Problem, that shows nothing of what was posted."""
    try:
        return shape.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False)[0]
        raise Problem(INVALID_REQUEST, pointer(first["loc"])) from None


async def tell_reply(
    callbacks: ProviderCallbacks, provider: str, id_: str | None, sender: str, text: str
) -> None:
    """A reply whose sender is no phone is let go: nobody could be told from it."""
    phone = mobile(sender)
    if phone is None:
        log.info("a reply of a sender without a phone number", provider=provider)
        return
    await callbacks.reply(Incoming(provider, id_, phone, text))
