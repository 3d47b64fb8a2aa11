"""The three services' apps, connected to nothing, to look at what they serve."""

from collections.abc import Iterator
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr

from services.notify import main as notify
from services.notify.settings import NotifySettings
from services.registration import main as registration
from services.registration.documents import nobody
from services.reporting import main as reporting
from services.reporting.settings import ReportingSettings

_MONGO = SecretStr("mongodb://nowhere.example")
_BROKER = SecretStr("amqp://nowhere.example")


@cache
def apps() -> dict[str, FastAPI]:
    """By name."""
    notifying = NotifySettings(
        mongo_url=_MONGO, broker_url=_BROKER, token_public_key="", notify_wrap_key=bytes(32)
    )
    return {
        "registration": registration.create(nobody()),
        "reporting": reporting.create(ReportingSettings(mongo_url=_MONGO, broker_url=_BROKER)),
        "notify": notify.create(notifying),
    }


def routes() -> Iterator[APIRoute]:
    """Every address of all three."""
    for app in apps().values():
        yield from _routes(app.router)


def _routes(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(route, "original_router", None):
            yield from _routes(inner)
