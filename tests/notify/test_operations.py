"""What operators see and do, on a real ledger."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from services.messaging.log.store import MongoEventLog
from services.notify.ledger.receipts import unknown_word
from services.notify.ledger.records import Receipt
from services.notify.ledger.store import MongoLedger
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.operations.api import operations_router
from services.notify.operations.store import MongoOperations
from services.notify.providers.provider import Accepted, Incoming, SurelyNotAccepted
from services.notify.routing.routes import Route, Routes, RouteTerms
from services.notify.sending.drafts import Installation
from services.notify.sending.settings import SendingSettings
from services.notify.text.templates import Style
from services.notify.wiring import Parts, Stores, wire
from services.platform.access.auth import Claims, sign
from services.platform.clock import utc_now
from services.platform.http.app import create_app
from services.platform.mongo import connect
from services.platform.unavailable import Unavailable
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY
from tests.notify.harness import (
    DELAY,
    WRAP_KEY,
    TurnedClock,
    a_reachable_citizen,
    arrive,
    assisted,
    notification_of_day,
    notify_settings,
)
from tests.notify.test_api import PRIVATE, told
from tests.twins.campaigns import CampaignsTwin
from tests.twins.contacts import ContactsTwin
from tests.twins.ended_access import EndedAccessesTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.ledger import LedgerTwin
from tests.twins.provider import ProviderTwin

BASE = "/api/notify/v1"


class Office:
    """Notify on a real ledger, with two providers, and an operator before it."""

    def __init__(self, ledger: MongoLedger, operations: MongoOperations) -> None:
        self.clock = TurnedClock()
        self.contacts = ContactsTwin()
        self.ledger, self.operations = ledger, operations
        self.first, self.second = ProviderTwin(), ProviderTwin()
        self.first.name, self.second.name = "smpp", "esms"
        self.routes = Routes(
            [
                Route(self.first, RouteTerms(priority=0, style=Style(reply_number="1800"))),
                Route(self.second, RouteTerms(priority=1)),
            ]
        )
        self.callbacks = self.wired().callbacks

    def wired(self) -> Parts:
        return wire(
            notify_settings(),
            Stores(self.ledger, self.contacts, CampaignsTwin(LedgerTwin(EventLogTwin()))),
            lambda _: self.routes,
            clock=self.clock,
            machine_clock=self.clock,
            installation=Installation(Rules(ward_segments_a_day=2), (WRAP_KEY,)),
            sending=SendingSettings(delay=DELAY, linger_s=0),
        )

    async def after(self, **by: float) -> None:
        self.clock.forward(**by)
        dispatch = self.wired().dispatch
        while await dispatch.round():
            pass

    async def visited(self, ward: str = CHO_LON) -> str:
        citizen = await a_reachable_citizen(self.contacts)
        await arrive(self.ledger, assisted(citizen, ward=ward))
        return citizen

    def app(self, folder: Path) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            yield

        told_so = told(folder, anonymous_reading=False, ward_segments_a_day=2)
        app = create_app(
            title="t",
            lifespan=lifespan,
            routers=(operations_router(told_so),),
            checks={},
            unavailable=(Unavailable,),
        )
        parts = {"ledger": self.ledger, "operations": self.operations, "routes": self.routes}
        app.add_middleware(WithState, {**parts, "clock": self.clock, "ended": EndedAccessesTwin()})
        return app


class WithState:
    """Gives requests what a lifespan would."""

    def __init__(self, app: ASGIApp, state: dict[str, object]) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = dict(self._state)
        await self._app(scope, receive, send)


@pytest.fixture
async def office(mongo_url: str, database_name: str) -> AsyncIterator[Office]:
    client = connect(mongo_url)
    database = client[database_name]
    log = MongoEventLog(database, partitions=4)
    await log.ensure_indexes()
    ledger, operations = MongoLedger(client, database, log), MongoOperations(database)
    await ledger.ensure_indexes()
    await operations.ensure_indexes()
    yield Office(ledger, operations)
    await log.close()
    client.close()


Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def ask(office: Office, tmp_path: Path) -> AsyncIterator[Ask]:
    """A request of somebody from the centre, or of who else is named."""
    transport = httpx.ASGITransport(office.app(tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://notify.example") as client:

        async def asked(
            method: str, path: str, role: str = "centre", *wards: str, **more: Any
        ) -> httpx.Response:
            claims = Claims(sub="/user/u-1", role=role, wards=wards or None)
            headers = {"Authorization": f"Bearer {sign(claims, 'notify', PRIVATE, utc_now())}"}
            return await client.request(method, f"{BASE}{path}", headers=headers, **more)

        yield asked


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/providers"),
        ("GET", "/controls"),
        ("POST", "/controls"),
        ("DELETE", "/controls/provider/smpp"),
        ("POST", f"/notifications/sms-{'0' * 24}/resend"),
        ("GET", f"/notifications/sms-{'0' * 24}/receipts"),
    ],
)
async def test_wards_and_volunteers_operate_nothing(ask: Ask, method: str, path: str) -> None:
    body = {"kind": "provider", "name": "smpp"}

    for role in ("ward", "volunteer", "public"):
        assert (await ask(method, path, role, CHO_LON, json=body)).status_code == 403


async def test_paused_provider_is_passed_by_until_it_is_resumed(office: Office, ask: Ask) -> None:
    await ask("POST", "/controls", json={"kind": "provider", "name": "smpp"})
    await office.visited()
    await office.after(hours=1)
    shown = (await ask("GET", "/providers")).json()
    resumed = await ask("DELETE", "/controls/provider/smpp")
    await office.visited(HOA_HUNG)
    await office.after(hours=1)

    assert [(p["name"], p["is_paused"]) for p in shown] == [("smpp", True), ("esms", False)]
    assert resumed.status_code == 204
    assert (len(office.second.reached), len(office.first.reached)) == (1, 1)


async def test_paused_template_waits_and_goes_when_it_is_resumed(office: Office, ask: Ask) -> None:
    name = "visit.assisted.asking.plain.v2"
    await ask("POST", "/controls", json={"kind": "template", "name": name})
    citizen = await office.visited()
    await office.after(hours=1)
    waiting = await notification_of_day(office.ledger, citizen)
    await ask("DELETE", f"/controls/template/{name}")
    await office.after(minutes=1)

    assert (waiting.state, waiting.reason) == (State.DEFERRED, "paused")
    assert len(office.first.reached) == 1


async def test_who_paused_something_is_shown(ask: Ask) -> None:
    await ask("POST", "/controls", json={"kind": "provider", "name": "smpp"})

    [control] = (await ask("GET", "/controls")).json()

    assert (control["name"], control["by"]) == ("smpp", "/user/u-1")


async def test_campaign_is_stopped_at_its_own_address_alone(ask: Ask) -> None:
    paused = await ask("POST", "/controls", json={"kind": "campaign", "name": "campaign-1"})
    resumed = await ask("DELETE", "/controls/campaign/campaign-1")

    assert (paused.status_code, resumed.status_code) == (422, 422)


async def test_what_is_not_paused_cannot_be_resumed(ask: Ask) -> None:
    assert (await ask("DELETE", "/controls/provider/smpp")).status_code == 404


async def test_only_what_surely_was_not_accepted_is_sent_again(office: Office, ask: Ask) -> None:
    office.first.answer = lambda _: SurelyNotAccepted("provider_refused_400", retryable=False)
    failed = await office.visited()
    await office.after(hours=1)
    office.first.answer = lambda sms: Accepted(f"m-{sms.request_id}")
    sent = await office.visited()
    await office.after(hours=1)
    of_failed = await notification_of_day(office.ledger, failed)
    of_sent = await notification_of_day(office.ledger, sent)

    again = await ask("POST", f"/notifications/{of_failed.id}/resend")
    refused = await ask("POST", f"/notifications/{of_sent.id}/resend")
    await office.after(minutes=1)

    assert again.json()["state"] == "received"
    assert (refused.status_code, refused.json()["code"]) == (409, "may_have_left")
    assert (await notification_of_day(office.ledger, failed)).state is State.ACCEPTED
    assert len(office.first.reached) + len(office.second.reached) == 3


async def test_all_receipts_of_an_sms_are_shown(office: Office, ask: Ask) -> None:
    citizen = await office.visited()
    await office.after(hours=1)
    found = await notification_of_day(office.ledger, citizen)
    message_id = found.attempts[-1].message_id
    assert message_id
    for state in (State.DELIVERED, State.UNDELIVERED):
        await office.callbacks.receipt("smpp", message_id, None, Receipt(state, office.clock()))

    shown = (await ask("GET", f"/notifications/{found.id}/receipts")).json()

    assert {one["state"] for one in shown} == {"delivered", "undelivered"}
    assert (await office.ledger.find(found.id)).state is State.DELIVERED  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["SOLD", "DELIVERY_PENDING", "state 09", "đã bán"])
async def test_word_that_nobody_knows_is_kept_counted_and_shown(
    office: Office, ask: Ask, word: str
) -> None:
    citizen = await office.visited()
    await office.after(hours=1)
    found = await notification_of_day(office.ledger, citizen)
    message_id = found.attempts[-1].message_id
    assert message_id

    for _ in range(2):
        await office.callbacks.receipt("smpp", message_id, None, unknown_word(word, office.clock()))

    shown = (await ask("GET", f"/notifications/{found.id}/receipts")).json()
    told = {one["name"]: one["unread"] for one in (await ask("GET", "/providers")).json()}
    assert [one["state"] for one in shown] == ["unread"]
    assert told["smpp"] == {shown[0]["reason"]: 2}
    assert (await notification_of_day(office.ledger, citizen)).state is State.ACCEPTED


def test_number_in_an_unknown_word_is_left_out() -> None:
    assert unknown_word("to 84900000001!", SATURDAY).reason == "unread_to_n"


async def test_ward_reads_the_words_of_its_own_citizens_alone(office: Office, ask: Ask) -> None:
    await office.visited()
    await office.after(hours=1)
    phone = office.first.reached[0].phone
    await office.callbacks.reply(Incoming("smpp", "m-1", phone, "cho tôi hỏi giờ làm việc"))

    own = (await ask("GET", "/replies", "ward", CHO_LON)).json()["replies"]
    others = (await ask("GET", "/replies", "ward", HOA_HUNG)).json()["replies"]
    public = await ask("GET", "/replies", "public", CHO_LON)

    assert [(one["answer"], one["text"]) for one in own] == [("other", "cho tôi hỏi giờ làm việc")]
    assert others == []
    assert public.status_code == 403
    assert phone[3:] not in str(own)


async def test_words_are_read_by_the_ward_that_they_concern(office: Office, ask: Ask) -> None:
    await office.visited()
    await office.after(hours=1)
    phone = office.first.reached[0].phone
    await office.callbacks.reply(Incoming("smpp", "m-1", phone, "dung nhan tin"))
    found = {"reply_id": "smpp/m-1", "means": "stop"}

    answers = [
        await ask("POST", "/replies/readings", "ward", ward, json=found)
        for ward in (HOA_HUNG, CHO_LON)
    ]
    nobodys = await ask("POST", "/replies/readings", json=found | {"reply_id": "smpp/m-2"})
    [reply] = (await ask("GET", "/replies", "ward", CHO_LON)).json()["replies"]

    assert [answer.status_code for answer in answers] == [403, 204]
    assert nobodys.status_code == 404
    assert reply["read_at"]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_replies_of_one_instant_are_all_on_some_page(
    office: Office, ask: Ask, limit: int
) -> None:
    for n in range(5):
        await office.callbacks.reply(Incoming("smpp", f"m/{n}", f"+8490000000{n}", "xin chao"))

    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        onward = f"&cursor={cursor}" if cursor else ""
        page = (await ask("GET", f"/replies?limit={limit}{onward}")).json()
        found += [one["id"] for one in page["replies"]]
        cursor, pages = page["next"], pages + 1

    assert sorted(found) == [f"smpp/m/{n}" for n in range(5)]
    assert pages == -(-5 // limit)


@pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", "WyJ4Il0", "WzEsMl0"])
async def test_cursor_that_is_none_is_refused(ask: Ask, cursor: str) -> None:
    answer = await ask("GET", f"/replies?cursor={cursor}")

    assert (answer.status_code, answer.json()["pointer"]) == (422, "/query/cursor")


async def test_ward_that_has_nearly_spent_its_budget_is_pointed_out(
    office: Office, ask: Ask
) -> None:
    for _ in range(2):
        await office.visited()
    await office.visited(HOA_HUNG)
    await office.after(hours=1)

    budgets = {one["ward"]: one for one in (await ask("GET", "/budgets")).json()}

    assert (budgets[CHO_LON]["segments"], budgets[CHO_LON]["is_nearly_spent"]) == (2, True)
    assert (budgets[HOA_HUNG]["segments"], budgets[HOA_HUNG]["is_nearly_spent"]) == (1, False)
