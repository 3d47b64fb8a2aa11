"""What Zalo tells notify, and what is made of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi.testclient import TestClient

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.provider import Accepted
from services.notify.providers.zns.webhooks import _ANSWERED_WITHIN_S, zns_router
from tests.builders import SATURDAY
from tests.notify.sandbox.server import serving
from tests.notify.sandbox.zns import PATIENCE_S, TRIES, ZnsImitation
from tests.notify.test_zns import SMS, provider_of, told
from tests.notify.webhook_harness import webhooks_served
from tests.twins.callbacks import CallbacksTwin
from tests.twins.zns_tokens import ZnsTokensTwin

ADDRESS = "http://testserver/api/notify/v1/providers/zns/events"
ROUTER = zns_router(told())
"""Built once; an app takes no time."""


class ForgetfulEars(CallbacksTwin):
    """Cannot keep what it is told the first few times."""

    failures = 0

    async def receipt(
        self, provider: str, message_id: str, request_id: str | None, receipt: Receipt
    ) -> None:
        self.failures -= 1
        self.away = self.failures >= 0
        await super().receipt(provider, message_id, request_id, receipt)


class SlowEars(CallbacksTwin):
    """Does not come back."""

    async def receipt(
        self, provider: str, message_id: str, request_id: str | None, receipt: Receipt
    ) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def zalo() -> AsyncIterator[ZnsImitation]:
    """It has taken one ZNS."""
    imitation = ZnsImitation()
    with serving(imitation):
        provider = provider_of(imitation, ZnsTokensTwin())
        assert isinstance(await provider.send(SMS), Accepted)
        await provider.close()
        yield imitation


@pytest.fixture
def callbacks() -> ForgetfulEars:
    return ForgetfulEars()


@pytest.fixture
def notify(callbacks: CallbacksTwin) -> Iterator[TestClient]:
    with webhooks_served(ROUTER, callbacks) as client:
        yield client


@pytest.mark.parametrize("form", ["{}", "mac={}"])
@pytest.mark.parametrize("flat", [False, True])
def test_receipt_in_either_shape_and_signature_tells_of_the_delivery(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin, flat: bool, form: str
) -> None:
    (kept,) = zalo.kept

    answer = notify.send(zalo.call(ADDRESS, zalo.receipt(kept, flat=flat), form))

    assert answer.status_code == 200
    delivered = Receipt(State.DELIVERED, SATURDAY)
    assert callbacks.receipts == [("zns", kept.message_id, SMS.request_id, delivered)]


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("delivery_time", ["", None])
def test_receipt_without_a_time_of_delivery_is_of_a_chat(
    zalo: ZnsImitation,
    notify: TestClient,
    callbacks: CallbacksTwin,
    flat: bool,
    delivery_time: str | None,
) -> None:
    event = zalo.receipt(zalo.kept[0], flat=flat, delivery_time=delivery_time)

    assert notify.send(zalo.call(ADDRESS, event)).status_code == 200
    assert callbacks.receipts == []


def test_receipt_without_our_id_goes_by_zalos(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    event = zalo.receipt(zalo.kept[0], tracking_id="", delivery_time=1_760_000_000_000)

    notify.send(zalo.call(ADDRESS, event))

    assert [request_id for _, _, request_id, _ in callbacks.receipts] == [None]


def test_receipt_that_comes_twice_is_told_twice(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    for _ in range(2):
        assert zalo.tell(notify, zalo.call(ADDRESS, zalo.receipt(zalo.kept[0]))) == 1

    assert len(callbacks.receipts) == 2


def test_receipt_that_could_not_be_kept_is_told_again(
    zalo: ZnsImitation, notify: TestClient, callbacks: ForgetfulEars
) -> None:
    callbacks.failures = 3

    called = zalo.tell(notify, zalo.call(ADDRESS, zalo.receipt(zalo.kept[0])))

    assert (called, zalo.webhook_is_on, len(callbacks.receipts)) == (4, True, 1)


def test_database_that_stays_away_has_the_webhook_turned_off(
    zalo: ZnsImitation, notify: TestClient, callbacks: ForgetfulEars
) -> None:
    """Then the operator turns it on again; what was not told stays unconfirmed."""
    callbacks.failures = TRIES

    zalo.tell(notify, zalo.call(ADDRESS, zalo.receipt(zalo.kept[0])))

    assert not zalo.webhook_is_on


def test_zalo_is_answered_within_its_patience(zalo: ZnsImitation) -> None:
    with webhooks_served(ROUTER, SlowEars()) as notify:
        answer = notify.send(zalo.call(ADDRESS, zalo.receipt(zalo.kept[0])))

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert _ANSWERED_WITHIN_S < PATIENCE_S


def test_reply_is_let_go_without_a_word_of_it(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    """Its sender is a Zalo id, which leads to no phone."""
    with structlog.testing.capture_logs() as lines:
        answer = notify.send(zalo.call(ADDRESS, zalo.written("what only one may read")))

    assert (answer.status_code, callbacks.replies) == (200, [])
    assert [line["event"] for line in lines] == ["a reply of a sender without a phone number"]
    assert "only one" not in str(lines)
    assert "246845883529197922" not in str(lines)


@pytest.mark.parametrize(
    "event",
    [
        {"event_name": "follow", "follower": {"id": "1"}, "oa_id": "2"},
        {"event_name": "oa_send_text", "message": {"msg_id": "m", "delivery_time": "1"}},
        {"event_name": "user_received_message", "message": "text"},
        {"event_name": "user_received_message", "message": {"msg_id": "a b"}},
        {"event_name": "user_received_message"},
        {"event_name": ["x"]},
        {},
    ],
)
def test_signed_call_that_says_nothing_to_notify_is_acknowledged(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin, event: dict[str, Any]
) -> None:
    signed = zalo.call(ADDRESS, {**event, "timestamp": 1_760_000_000_000})

    assert (notify.send(signed).status_code, callbacks.receipts) == (200, [])


@pytest.mark.parametrize("shown", [None, "", "mac=", "0" * 64, "mac=" + "0" * 64, "ê"])
def test_call_with_another_signature_or_none_is_refused(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin, shown: str | None
) -> None:
    call = zalo.call(ADDRESS, zalo.receipt(zalo.kept[0]))
    headers = {"X-ZEvent-Signature": shown.encode()} if shown is not None else {}

    answer = notify.post(ADDRESS, content=call.content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert callbacks.receipts == []


def test_call_that_was_altered_is_refused(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    call = zalo.call(ADDRESS, zalo.receipt(zalo.kept[0]))
    altered = call.content.replace(b"user_received_message", b"user_received_message ")

    answer = notify.post(ADDRESS, content=altered, headers=dict(call.headers))

    assert (answer.status_code, callbacks.receipts) == (401, [])


def test_call_of_another_app_is_refused(zalo: ZnsImitation, callbacks: CallbacksTwin) -> None:
    with webhooks_served(zns_router(told(zns_app_id="1")), callbacks) as notify:
        assert notify.send(zalo.call(ADDRESS, zalo.receipt(zalo.kept[0]))).status_code == 401


def test_without_a_secret_no_call_is_taken(zalo: ZnsImitation, callbacks: CallbacksTwin) -> None:
    zalo.oa_secret = ""
    with webhooks_served(zns_router(told(zns_oa_secret="")), callbacks) as notify:
        assert notify.send(zalo.call(ADDRESS, zalo.receipt(zalo.kept[0]))).status_code == 401
    assert callbacks.receipts == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"junk",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"timestamp":null}',
        b'{"timestamp":"-1"}',
        b'{"timestamp":1.5}',
        b'{"timestamp":' + b"9" * 5_000 + b"}",
        b"[" * 1_000,
    ],
)
def test_junk_is_told_to_nobody(notify: TestClient, callbacks: CallbacksTwin, body: bytes) -> None:
    answer = notify.post(ADDRESS, content=body, headers={"X-ZEvent-Signature": "0" * 64})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert callbacks.receipts == []


@pytest.mark.parametrize(
    "body", [b"[" * 10_000, json.dumps({"timestamp": "1", "more": "x" * 65_536}).encode()]
)
def test_call_is_small(notify: TestClient, callbacks: CallbacksTwin, body: bytes) -> None:
    answer = notify.post(ADDRESS, content=body, headers={"X-ZEvent-Signature": "0" * 64})

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert callbacks.receipts == []


def test_call_of_any_content_type_is_read(
    zalo: ZnsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    call = zalo.call(ADDRESS, zalo.receipt(zalo.kept[0]))
    headers = {**call.headers, "content-type": "text/plain"}

    answer = notify.send(httpx.Request("POST", ADDRESS, content=call.content, headers=headers))

    assert (answer.status_code, len(callbacks.receipts)) == (200, 1)
