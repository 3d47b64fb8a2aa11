"""A provider is one declared value: the plan, the routes, the webhooks and the rules follow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fastapi import APIRouter
from pydantic import SecretStr, ValidationError

from services.notify.providers.catalogue import PROVIDERS, ProviderSettings
from services.notify.providers.kind import ProviderKind
from services.notify.providers.settings import PlanSettings
from services.notify.settings import NotifySettings
from services.notify.wiring import planned_routes, webhooks_of
from services.platform.clock import utc_now
from services.platform.mongo import connect
from tests.notify.harness import WRAP_KEY
from tests.twins.callbacks import CallbacksTwin
from tests.twins.provider import ProviderTwin


@dataclass(frozen=True)
class PigeonAccess:
    hosts: tuple[str, ...]
    longest_answer_s: float = 30.0
    carries_adverts: bool = False


class PigeonSettings(PlanSettings):
    pigeon_loft: str = ""

    @property
    def pigeon_access(self) -> PigeonAccess:
        if not self.pigeon_loft:
            raise ValueError("NOTIFY_PIGEON_LOFT")
        return PigeonAccess((self.pigeon_loft,))


class Pigeon(ProviderTwin):
    name = "pigeon"

    def __init__(self, access: PigeonAccess) -> None:
        super().__init__()
        self.loft = access.hosts[0]


def pigeon_router(_: PigeonSettings) -> APIRouter:
    return APIRouter(prefix="/pigeon")


PIGEON = ProviderKind(
    name=Pigeon.name,
    settings=PigeonSettings,
    access=lambda settings: settings.pigeon_access,
    make=lambda access, _: Pigeon(access),
    webhooks=pigeon_router,
)


class SettingsWithPigeons(NotifySettings, PigeonSettings):
    kinds: ClassVar = {**PROVIDERS, PIGEON.name: PIGEON}


def told(**changes: Any) -> SettingsWithPigeons:
    values = {
        "mongo_url": SecretStr("mongodb://nowhere.example"),
        "broker_url": SecretStr("amqp://nowhere.example"),
        "token_public_key": "",
        "notify_wrap_key": WRAP_KEY,
        "console_file": Path("console.jsonl"),
        "providers": "pigeon:3,console",
        "pigeon_loft": "loft.example",
    }
    return SettingsWithPigeons.model_validate(values | changes)


def test_plan_that_names_it_has_a_route_to_it() -> None:
    settings = told(segments_per_s={"pigeon": 20})
    client = connect("mongodb://nowhere.example")

    routes = planned_routes(settings, client["t"], utc_now, CallbacksTwin())

    assert list(routes.all) == ["pigeon", "console"]
    pigeon = routes.all["pigeon"]
    assert isinstance(pigeon.provider, Pigeon)
    assert pigeon.provider.loft == "loft.example"
    assert (pigeon.terms.share, pigeon.terms.segments_per_s) == (3, 20)
    client.close()


def test_what_it_calls_is_served() -> None:
    assert "/pigeon" in {router.prefix for router in webhooks_of(told())}


def test_its_patience_and_its_adverts_are_its_own() -> None:
    assert told(at_once=1).longest_answer_s == 30
    assert not told().carries_adverts("pigeon")


@pytest.mark.parametrize(
    "changes",
    [
        {"pigeon_loft": ""},
        {"lease_s": 30},
        {"demo": True},
        {"providers": "raven"},
        {"segments_per_s": {"raven": 1}},
    ],
)
def test_what_any_provider_must_keep_to_it_must_keep_to(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        told(**changes)


def test_each_provider_reads_its_own_settings() -> None:
    assert all(issubclass(ProviderSettings, kind.settings) for kind in PROVIDERS.values())
