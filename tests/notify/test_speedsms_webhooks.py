"""What SpeedSMS tells notify, and what is made of it."""

import json
from collections.abc import Iterator

import pytest
import structlog
from fastapi.testclient import TestClient

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.provider import Incoming
from services.notify.providers.speedsms.webhooks import speedsms_router
from tests.builders import SATURDAY, a_phone
from tests.notify.sandbox.speedsms import reply, report
from tests.notify.test_speedsms import told
from tests.notify.webhook_harness import webhooks_served
from tests.twins.callbacks import CallbacksTwin

ADDRESS = "http://testserver/api/notify/v1/providers/speedsms/secret-of-a-test"
ROUTER = speedsms_router(told())
"""Built once; an app takes no time."""


@pytest.fixture
def callbacks() -> CallbacksTwin:
    return CallbacksTwin()


@pytest.fixture
def notify(callbacks: CallbacksTwin) -> Iterator[TestClient]:
    with webhooks_served(ROUTER, callbacks) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "receipt"),
    [
        (0, Receipt(State.DELIVERED, SATURDAY)),
        (64, Receipt(State.UNDELIVERED, SATURDAY, "undelivered_64")),
        (255, Receipt(State.UNDELIVERED, SATURDAY, "undelivered_255")),
    ],
)
def test_report_tells_what_became_of_it(
    notify: TestClient, callbacks: CallbacksTwin, status: int, receipt: Receipt
) -> None:
    answer = notify.send(report(ADDRESS, 100_000, status))

    assert answer.status_code == 204
    assert callbacks.receipts == [("speedsms", "100000", None, receipt)]


@pytest.mark.parametrize("status", [1, 63])
def test_report_of_a_further_try_is_acknowledged(
    notify: TestClient, callbacks: CallbacksTwin, status: int
) -> None:
    assert notify.send(report(ADDRESS, 100_000, status)).status_code == 204
    assert callbacks.receipts == []


def test_reports_in_any_order_and_number_are_all_told(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    for message_id, status in ((2, 0), (1, 0), (2, 0), (1, 1)):
        assert notify.send(report(ADDRESS, message_id, status)).status_code == 204

    assert [message_id for _, message_id, _, _ in callbacks.receipts] == ["2", "1", "2"]


def test_report_is_acknowledged_once_it_is_kept(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    callbacks.away = True
    assert notify.send(report(ADDRESS, 1, 0)).status_code == 503
    callbacks.away = False

    assert notify.send(report(ADDRESS, 1, 0)).status_code == 204
    assert len(callbacks.receipts) == 1


@pytest.mark.parametrize("prefix", ["0", "84", "+84", ""])
def test_reply_is_told_whatever_form_its_number_has(
    notify: TestClient, callbacks: CallbacksTwin, prefix: str
) -> None:
    phone = a_phone()[1:]

    answer = notify.send(reply(ADDRESS, f"{prefix}{phone}", "Từ chối"))

    assert answer.status_code == 204
    assert callbacks.replies == [Incoming("speedsms", None, f"+84{phone}", "Từ chối")]


def test_number_may_come_as_a_number(notify: TestClient, callbacks: CallbacksTwin) -> None:
    notify.post(ADDRESS, content=b'{"type":"sms","phone":84900000001,"content":"TC"}')

    assert [heard.phone for heard in callbacks.replies] == ["+84900000001"]


def test_reply_of_a_sender_without_a_number_is_let_go_without_a_word_of_it(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = notify.send(reply(ADDRESS, "VIETTEL", "what only one may read"))

    assert (answer.status_code, callbacks.replies) == (204, [])
    assert lines
    assert "VIETTEL" not in str(lines)
    assert "only one" not in str(lines)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"junk",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"type":"report","tranId":1}',
        b'{"type":"report","tranId":1,"status":-1}',
        b'{"type":"report","tranId":1,"status":"done"}',
        b'{"type":"report","tranId":"a b","status":0}',
        b'{"type":"report","tranId":' + b"9" * 5_000 + b',"status":0}',
        b'{"type":"sms","phone":"0900000001"}',
        b'{"type":"sms","phone":"0900000001","content":"\\ud800"}',
        b"[" * 1_000,
        json.dumps({"type": "sms", "phone": "0900000001", "content": "x" * 2_001}).encode(),
    ],
)
def test_junk_is_told_to_nobody_and_not_shown(
    notify: TestClient, callbacks: CallbacksTwin, body: bytes
) -> None:
    answer = notify.post(ADDRESS, content=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "0900000001" not in answer.text
    assert (callbacks.receipts, callbacks.replies) == ([], [])


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000,
        b'{"type":"sms","phone":"0900000001","content":"TC","more":"' + b"x" * 65_536 + b'"}',
    ],
)
def test_call_is_small(notify: TestClient, callbacks: CallbacksTwin, body: bytes) -> None:
    answer = notify.post(ADDRESS, content=body)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert callbacks.replies == []


def test_address_without_the_secret_is_none(notify: TestClient, callbacks: CallbacksTwin) -> None:
    answer = notify.send(report(ADDRESS.replace("secret-of", "another-of"), 1, 0))

    assert (answer.status_code, callbacks.receipts) == (404, [])
