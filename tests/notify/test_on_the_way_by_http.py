"""An SMS from its reason to its receipt, by each provider's stand-in."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import httpx
import pytest

from services.notify.notification.notification import Notification
from services.notify.notification.states import State
from services.notify.providers.esms.sending import Esms
from services.notify.providers.esms.webhooks import esms_router
from services.notify.providers.provider import Provider
from services.notify.providers.speedsms.sending import Speedsms
from services.notify.providers.speedsms.webhooks import speedsms_router
from services.notify.providers.zns.sending import Zns
from services.notify.providers.zns.webhooks import zns_router
from services.notify.routing.routes import Route, Routes, RouteTerms
from tests.notify import test_esms, test_speedsms, test_zns
from tests.notify.harness import Kit, a_reachable_citizen, arrive, assisted, notification_of_day
from tests.notify.sandbox.esms import EsmsImitation
from tests.notify.sandbox.server import serving
from tests.notify.sandbox.speedsms import SpeedsmsImitation, report
from tests.notify.sandbox.zns import ZnsImitation
from tests.notify.sandbox_http_provider import Manner
from tests.notify.webhook_harness import webhooks_here
from tests.twins.zns_tokens import ZnsTokensTwin

SPEEDSMS = "http://testserver/api/notify/v1/providers/speedsms/secret-of-a-test"
ZALO = "http://testserver/api/notify/v1/providers/zns/events"
TEMPLATES = {"visit.assisted.plain.v2": "1001"}


class Phones:
    """Notify on twins, three providers on their stand-ins, and what they call."""

    def __init__(self) -> None:
        self.kit = Kit()
        self.esms, self.speedsms, self.zalo = EsmsImitation(), SpeedsmsImitation(), ZnsImitation()
        self.citizen = ""
        self.webhooks: httpx.AsyncClient

    def providers(self) -> dict[str, Provider]:
        esms = test_esms.told(esms_url=self.esms.url).esms_access
        speedsms = test_speedsms.told(speedsms_url=self.speedsms.url).speedsms_access
        zalo = test_zns.access_to(self.zalo, templates=TEMPLATES)
        return {
            "esms": Esms(esms),
            "speedsms": Speedsms(speedsms),
            "zns": Zns(zalo, ZnsTokensTwin(), lambda: self.zalo.now),
        }

    async def tell(self, *names: str) -> None:
        """Somebody was visited, and these providers are there, one after the other."""
        providers = self.providers()
        self.kit.routes = Routes(
            [Route(providers[name], RouteTerms(priority=n)) for n, name in enumerate(names)]
        )
        self.citizen = await a_reachable_citizen(self.kit.contacts)
        await arrive(self.kit.ledger, assisted(self.citizen))

    async def notification(self) -> Notification:
        return await notification_of_day(self.kit.ledger, self.citizen)

    async def state(self) -> State:
        return (await self.notification()).state

    async def call(self, request: httpx.Request) -> int:
        return (await self.webhooks.send(request)).status_code


@pytest.fixture
def stand_ins() -> Iterator[Phones]:
    way = Phones()
    with ExitStack() as stack:
        for imitation in (way.esms, way.speedsms, way.zalo):
            stack.enter_context(serving(imitation))
        yield way


@pytest.fixture
async def way(stand_ins: Phones) -> AsyncIterator[Phones]:
    routers = [
        esms_router(test_esms.told()),
        speedsms_router(test_speedsms.told()),
        zns_router(test_zns.told()),
    ]
    async with webhooks_here(routers, stand_ins.kit.callbacks, stand_ins.kit.clock) as client:
        stand_ins.webhooks = client
        yield stand_ins
    if stand_ins.kit.routes:
        await stand_ins.kit.routes.close()


def good_news(way: Phones, name: str) -> httpx.Request:
    """The receipt of the one SMS that the stand-in took."""
    if name == "esms":
        (request_id,) = way.esms.kept
        return way.esms.receipt(request_id)
    if name == "speedsms":
        return report(SPEEDSMS, way.speedsms.kept[0].message_id, 0)
    return way.zalo.call(ZALO, way.zalo.receipt(way.zalo.kept[0]))


@pytest.mark.parametrize("name", ["esms", "speedsms", "zns"])
async def test_sms_is_delivered_once_its_receipt_came_however_often(way: Phones, name: str) -> None:
    await way.tell(name)
    await way.kit.after(minutes=31)
    assert await way.state() is State.ACCEPTED

    for _ in range(2):
        await way.call(good_news(way, name))

    assert await way.state() is State.DELIVERED
    assert len([type_ for type_ in way.kit.announced() if "delivered" in type_]) == 1


@pytest.mark.parametrize("name", ["esms", "speedsms", "zns"])
async def test_sms_without_a_receipt_ends_unconfirmed_and_a_late_one_still_counts(
    way: Phones, name: str
) -> None:
    await way.tell(name)
    await way.kit.after(minutes=31)
    await way.kit.after(hours=73)
    assert await way.state() is State.UNCONFIRMED

    await way.call(good_news(way, name))

    assert await way.state() is State.DELIVERED


@pytest.mark.parametrize("name", ["esms", "speedsms", "zns"])
async def test_receipt_that_is_quicker_than_the_answer_is_not_lost(way: Phones, name: str) -> None:
    side = {"esms": way.esms, "speedsms": way.speedsms, "zns": way.zalo}[name]
    await way.tell(name)
    way.zalo.only_at = "/message/template"
    side.manner = Manner.HOLD_AFTER_TAKING
    sending = asyncio.create_task(way.kit.after(minutes=31))
    await asyncio.to_thread(side.held.acquire)

    await way.call(good_news(way, name))
    side.let_go.set()
    await sending

    assert await way.state() is State.DELIVERED


async def test_receipts_of_esms_out_of_order_end_where_the_last_word_is(way: Phones) -> None:
    await way.tell("esms")
    await way.kit.after(minutes=31)
    (request_id,) = way.esms.kept

    for status in (5, 7, 2, 1):
        assert await way.call(way.esms.receipt(request_id, status)) == 200

    assert await way.state() is State.DELIVERED


async def test_answer_of_esms_that_was_lost_is_asked_for_once_more(way: Phones) -> None:
    await way.tell("esms")
    way.esms.manner = Manner.DROP_AFTER_TAKING
    await way.kit.after(minutes=31)
    way.esms.manner = Manner.ACCEPT
    await way.kit.after(minutes=30)

    notification = await way.notification()
    assert (len(way.esms.kept), notification.state) == (1, State.ACCEPTED)
    await way.call(good_news(way, "esms"))
    assert await way.state() is State.DELIVERED


async def test_answer_of_speedsms_that_was_lost_is_never_asked_for_again(way: Phones) -> None:
    await way.tell("speedsms", "esms")
    way.speedsms.manner = Manner.DROP_AFTER_TAKING
    await way.kit.after(minutes=31)
    way.speedsms.manner = Manner.ACCEPT
    await way.kit.after(hours=5)

    assert await way.state() is State.UNKNOWN
    assert (len(way.speedsms.kept), len(way.esms.kept)) == (1, 0)


async def test_receipt_of_zalo_settles_what_was_unknown(way: Phones) -> None:
    """It carries our id, so that it is found without Zalo's."""
    await way.tell("zns")
    way.zalo.only_at = "/message/template"
    way.zalo.manner = Manner.DROP_AFTER_TAKING
    await way.kit.after(minutes=31)
    assert await way.state() is State.UNKNOWN

    await way.call(good_news(way, "zns"))

    assert await way.state() is State.DELIVERED


async def test_citizen_without_zalo_gets_an_sms(way: Phones) -> None:
    await way.tell("zns", "esms")
    way.zalo.refuses_with = 118
    await way.kit.after(minutes=31)
    await way.kit.after(minutes=5)

    notification = await way.notification()
    assert [attempt.provider for attempt in notification.attempts] == ["zns", "esms"]
    assert (notification.state, len(way.esms.kept)) == (State.ACCEPTED, 1)


async def test_account_of_esms_without_money_leaves_the_sms_to_another(way: Phones) -> None:
    await way.tell("esms", "speedsms")
    way.esms.refuses_with = "103"
    await way.kit.after(minutes=31)
    await way.kit.after(minutes=5)

    assert await way.state() is State.ACCEPTED
    assert (len(way.esms.kept), len(way.speedsms.kept)) == (0, 1)


async def test_number_that_esms_blocks_is_not_tried_elsewhere(way: Phones) -> None:
    await way.tell("esms", "speedsms")
    way.esms.refuses_with = "99"
    await way.kit.after(minutes=31)
    await way.kit.after(minutes=5)

    assert await way.state() is State.FAILED
    assert way.speedsms.kept == []
