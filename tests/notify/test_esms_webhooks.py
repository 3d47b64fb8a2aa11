"""What eSMS tells notify, and what is made of it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from fastapi.testclient import TestClient

from services.notify.ledger.records import Receipt
from services.notify.notification.states import State
from services.notify.providers.esms.sending import Esms
from services.notify.providers.esms.webhooks import esms_router
from services.notify.providers.provider import Accepted, Incoming
from tests.builders import SATURDAY, a_phone
from tests.notify.sandbox.esms import EsmsImitation
from tests.notify.sandbox.server import serving
from tests.notify.test_esms import SMS, told
from tests.notify.webhook_harness import webhooks_served
from tests.twins.callbacks import CallbacksTwin

ADDRESS = "http://testserver/api/notify/v1/providers/esms/secret-of-a-test"
DELIVERED = Receipt(State.DELIVERED, SATURDAY)
ROUTER = esms_router(told(esms_private_key="private-key-of-a-test"))
"""Built once; an app takes no time."""


@pytest.fixture
async def esms() -> AsyncIterator[EsmsImitation]:
    """It has taken one SMS."""
    imitation = EsmsImitation()
    with serving(imitation):
        settings = told(esms_url=imitation.url)
        provider = Esms(settings.esms_access)
        assert isinstance(await provider.send(SMS), Accepted)
        await provider.close()
        yield imitation


@pytest.fixture
def callbacks() -> CallbacksTwin:
    return CallbacksTwin()


@pytest.fixture
def notify(callbacks: CallbacksTwin) -> Iterator[TestClient]:
    with webhooks_served(ROUTER, callbacks) as client:
        yield client


def heard(esms: EsmsImitation, receipt: Receipt) -> tuple[str, str, str, Receipt]:
    return ("esms", esms.kept[SMS.request_id].message_id, SMS.request_id, receipt)


def test_receipt_tells_of_the_delivery(
    esms: EsmsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    answer = notify.send(esms.receipt(SMS.request_id))

    assert answer.status_code == 200
    assert callbacks.receipts == [heard(esms, DELIVERED)]


@pytest.mark.parametrize(
    ("status", "succeeded", "failed", "reason"),
    [
        (4, "0", "0", "undelivered_refused"),
        (4, "", "", "undelivered_refused"),
        (5, "0", "1", "undelivered_failed"),
    ],
)
def test_receipt_tells_why_it_was_not_delivered(  # one case a column
    esms: EsmsImitation,
    notify: TestClient,
    callbacks: CallbacksTwin,
    status: int,
    succeeded: str,
    failed: str,
    reason: str,
) -> None:
    notify.send(esms.receipt(SMS.request_id, status, succeeded, failed))

    assert callbacks.receipts == [heard(esms, Receipt(State.UNDELIVERED, SATURDAY, reason))]


@pytest.mark.parametrize(
    ("status", "succeeded", "failed"),
    [(1, "0", "0"), (2, "0", "0"), (7, "1", "0"), (5, "0", "0"), (5, "", "")],
)
def test_receipt_that_says_nothing_yet_is_acknowledged(  # one case a column
    esms: EsmsImitation,
    notify: TestClient,
    callbacks: CallbacksTwin,
    status: int,
    succeeded: str,
    failed: str,
) -> None:
    answer = notify.send(esms.receipt(SMS.request_id, status, succeeded, failed))

    assert (answer.status_code, callbacks.receipts) == (200, [])


@pytest.mark.parametrize("status", [0, 3, 6, 99])
def test_status_that_nobody_knows_is_kept(
    esms: EsmsImitation, notify: TestClient, callbacks: CallbacksTwin, status: int
) -> None:
    notify.send(esms.receipt(SMS.request_id, status, "1", "1"))

    assert callbacks.receipts == [
        heard(esms, Receipt("unread", SATURDAY, f"unread_status_{status}"))
    ]


def test_receipts_in_any_order_and_number_are_all_told(
    esms: EsmsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    for status in (5, 2, 5, 1):
        assert notify.send(esms.receipt(SMS.request_id, status)).status_code == 200

    assert callbacks.receipts == [heard(esms, DELIVERED)] * 2


def test_receipt_is_acknowledged_once_it_is_kept(
    esms: EsmsImitation, notify: TestClient, callbacks: CallbacksTwin
) -> None:
    callbacks.away = True
    answer = notify.send(esms.receipt(SMS.request_id))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    callbacks.away = False

    assert notify.send(esms.receipt(SMS.request_id)).status_code == 200
    assert len(callbacks.receipts) == 1


def test_receipt_without_a_request_id_goes_by_the_id_of_esms(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    told_so = {"SMSID": "an-id", "RequestId": "", "SendStatus": 5, "SendSuccess": 1}

    assert notify.get(f"{ADDRESS}/receipts", params=told_so).status_code == 200
    assert callbacks.receipts == [("esms", "an-id", None, DELIVERED)]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"SMSID": "an-id"},
        {"SMSID": "", "SendStatus": "5"},
        {"SMSID": "a b", "SendStatus": "5"},
        {"SMSID": "x" * 101, "SendStatus": "5"},
        {"SMSID": "an-id", "SendStatus": "done"},
        {"SMSID": "an-id", "SendStatus": "9" * 5_000},
        {"SMSID": "an-id", "SendStatus": "5", "SendSuccess": "-1"},
        {"SMSID": "an-id", "SendStatus": "5", "RequestId": "x" * 51},
    ],
)
def test_junk_is_no_receipt(
    notify: TestClient, callbacks: CallbacksTwin, query: dict[str, str]
) -> None:
    answer = notify.get(f"{ADDRESS}/receipts", params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert callbacks.receipts == []


@pytest.mark.parametrize("path", ["receipts", "replies"])
@pytest.mark.parametrize("secret", ["secret-of-a-tesT", "x", "%F0%9F%90%8E", "secret-of-a-test-"])
def test_address_without_the_secret_is_none(
    notify: TestClient, callbacks: CallbacksTwin, path: str, secret: str
) -> None:
    address = ADDRESS.replace("secret-of-a-test", secret)
    told_so = {"SMSID": "an-id", "SendStatus": 5, "SendSuccess": 1}
    reply = EsmsImitation().reply(f"{address}/{path}", "84900000001", "TC").url.params

    assert notify.get(f"{address}/{path}", params={**told_so, **reply}).status_code == 404
    assert (callbacks.receipts, callbacks.replies) == ([], [])


def test_without_a_secret_there_is_no_address(callbacks: CallbacksTwin) -> None:
    with webhooks_served(esms_router(told(esms_webhook_secret="")), callbacks) as notify:
        answer = notify.get("/api/notify/v1/providers/esms//receipts", params={"SMSID": "a"})

    assert answer.status_code == 404


@pytest.mark.parametrize("content", ["TC", "TC 1 + 1", "Từ chối 😀", "", "<Message>&"])
def test_signed_reply_is_told(notify: TestClient, callbacks: CallbacksTwin, content: str) -> None:
    phone = a_phone()
    reply = EsmsImitation().reply(f"{ADDRESS}/replies", f"84{phone[1:]}", content)

    answer = notify.send(reply)

    assert answer.status_code == 200
    assert callbacks.replies == [Incoming("esms", "mo-1", f"+84{phone[1:]}", content)]


def test_reply_is_answered_as_esms_documents(notify: TestClient) -> None:
    reply = EsmsImitation().reply(f"{ADDRESS}/replies", "84900000001", "TC")

    answer = notify.send(reply)

    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text == (
        '<?xml version="1.0" encoding="utf-8"?><ClientResponse><Message></Message>'
        "<Smsid>mo-1</Smsid><Receiver>84900000001</Receiver></ClientResponse>"
    )


def test_answer_to_a_reply_stays_xml_whatever_its_id(notify: TestClient) -> None:
    esms = EsmsImitation()
    esms.next_message_id = "<mo&1>"

    answer = notify.send(esms.reply(f"{ADDRESS}/replies", "84900000001", "TC"))

    assert "<Smsid>&lt;mo&amp;1&gt;</Smsid>" in answer.text


def test_signature_whose_plus_became_a_space_is_good(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    replies = [
        EsmsImitation().reply(f"{ADDRESS}/replies", "84900000001", f"TC {n}") for n in range(60)
    ]
    with_plus = [reply for reply in replies if "+" in reply.url.params["sign"]]

    for reply in with_plus:
        answer = notify.get(str(reply.url).replace("%2B", "+"))
        assert answer.status_code == 200

    assert len(callbacks.replies) == len(with_plus) > 5


@pytest.mark.parametrize(
    "changed", [{"sign": "AAAA"}, {"sign": "ê"}, {"content": "HUY"}, {"cpid": "18"}]
)
def test_reply_with_another_signature_is_refused(
    notify: TestClient, callbacks: CallbacksTwin, changed: dict[str, str]
) -> None:
    reply = EsmsImitation().reply(f"{ADDRESS}/replies", "84900000001", "TC", **changed)

    assert notify.send(reply).status_code == 401
    assert callbacks.replies == []


@pytest.mark.parametrize("name", ["sign", "smsid", "sender", "content", "cpid", "receiverTime"])
def test_reply_of_which_a_part_is_missing_is_none(
    notify: TestClient, callbacks: CallbacksTwin, name: str
) -> None:
    reply = EsmsImitation().reply(f"{ADDRESS}/replies", "84900000001", "TC")

    answer = notify.get(str(reply.url.copy_remove_param(name)))

    assert (answer.status_code, callbacks.replies) == (422, [])


@pytest.mark.parametrize("sender", ["84900000001\x01", "8" * 21])
def test_sender_that_no_answer_could_name_is_none(notify: TestClient, sender: str) -> None:
    answer = notify.send(EsmsImitation().reply(f"{ADDRESS}/replies", sender, "TC"))

    assert answer.status_code == 422


def test_without_a_private_key_no_reply_is_taken(callbacks: CallbacksTwin) -> None:
    esms = EsmsImitation()
    esms.private_key = ""
    with webhooks_served(esms_router(told()), callbacks) as notify:
        answer = notify.send(esms.reply(f"{ADDRESS}/replies", "84900000001", "TC"))

    assert (answer.status_code, callbacks.replies) == (401, [])


def test_reply_of_a_sender_without_a_number_is_let_go_without_a_word_of_it(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    reply = EsmsImitation().reply(f"{ADDRESS}/replies", "ZaloPay", "what only one may read")

    with structlog.testing.capture_logs() as lines:
        answer = notify.send(reply)

    assert (answer.status_code, callbacks.replies) == (200, [])
    assert lines
    assert "ZaloPay" not in str(lines)
    assert "only one" not in str(lines)


def test_reply_is_acknowledged_once_it_is_kept(
    notify: TestClient, callbacks: CallbacksTwin
) -> None:
    callbacks.away = True
    reply = EsmsImitation().reply(f"{ADDRESS}/replies", "84900000001", "TC")

    assert notify.send(reply).status_code == 503
