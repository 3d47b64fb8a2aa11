"""How a submission to eSMS ends, against its stand-in."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.providers.esms.reading import classify
from services.notify.providers.esms.sending import Esms, EsmsAccess
from services.notify.providers.esms.settings import EsmsSettings
from services.notify.providers.posting import HttpAnswer
from services.notify.providers.provider import Accepted, Sms, SurelyNotAccepted, Unknown
from tests import calls
from tests.notify.provider_settings import settings_of
from tests.notify.sandbox.esms import EsmsImitation
from tests.notify.sandbox.server import serving
from tests.notify.sandbox_http_provider import Manner

SMS = Sms("sms-000000000000000000000001-1", "+84900000001", "Ngay 11/10/2025 ...")
CALLBACK = "https://sms.example/api/notify/v1/providers/esms/secret-of-a-test/receipts"


@pytest.fixture
def esms() -> Iterator[EsmsImitation]:
    imitation = EsmsImitation()
    with serving(imitation):
        yield imitation


@pytest.fixture
def access(esms: EsmsImitation) -> EsmsAccess:
    return EsmsAccess(*esms.keys, esms.brandname, url=esms.url, callback_url=CALLBACK)


@pytest.fixture
async def provider(access: EsmsAccess) -> AsyncIterator[Esms]:
    provider = Esms(access)
    yield provider
    await provider.close()


async def once(access: EsmsAccess, sms: Sms = SMS) -> object:
    provider = Esms(access)
    try:
        return await provider.send(sms)
    finally:
        await provider.close()


async def test_sms_is_queued_under_an_id_of_esms(esms: EsmsImitation, provider: Esms) -> None:
    outcome = await provider.send(SMS)

    kept = esms.kept[SMS.request_id]
    assert outcome == Accepted(kept.message_id)
    assert kept.body["Phone"] == "84900000001"
    assert (kept.body["Content"], kept.body["Brandname"]) == (SMS.text, "TUNGNGO")
    assert (kept.body["SmsType"], kept.body["IsUnicode"], kept.body["Sandbox"]) == ("2", "0", "0")
    assert (kept.body["RequestId"], kept.body["CallbackUrl"]) == (SMS.request_id, CALLBACK)


async def test_accents_are_announced(esms: EsmsImitation, provider: Esms) -> None:
    await provider.send(replace(SMS, text="hỗ trợ kỹ năng số"))

    assert esms.kept[SMS.request_id].body["IsUnicode"] == "1"


async def test_without_a_callback_address_none_is_named(
    esms: EsmsImitation, access: EsmsAccess
) -> None:
    await once(replace(access, callback_url=""))

    assert "CallbackUrl" not in esms.kept[SMS.request_id].body


async def test_request_shown_again_within_a_day_is_sent_once(
    esms: EsmsImitation, provider: Esms
) -> None:
    first = await provider.send(SMS)
    esms.now += timedelta(hours=23, minutes=59)

    again = await provider.send(SMS)

    assert isinstance(first, Accepted)
    assert again == Accepted(SMS.request_id)
    assert list(esms.kept) == [SMS.request_id]
    assert provider.recognises_repeats is True


async def test_after_a_day_esms_has_forgotten_the_request(
    esms: EsmsImitation, provider: Esms
) -> None:
    await provider.send(SMS)
    esms.now += timedelta(hours=24)

    again = await provider.send(SMS)

    assert isinstance(again, Accepted)
    assert again.message_id != SMS.request_id


async def test_request_whose_answer_was_lost_is_found_by_showing_it_again(
    esms: EsmsImitation, provider: Esms
) -> None:
    esms.manner = Manner.DROP_AFTER_TAKING
    assert await provider.send(SMS) == Unknown("no_answer")
    esms.manner = Manner.ACCEPT

    assert await provider.send(SMS) == Accepted(SMS.request_id)
    assert len(esms.kept) == 1


async def test_many_at_once_are_each_queued_once(esms: EsmsImitation, provider: Esms) -> None:
    sms = [replace(SMS, request_id=f"sms-{n:024x}-1") for n in range(20)]

    outcomes = await asyncio.gather(*(provider.send(one) for one in sms))

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(esms.kept) == 20


async def test_advert_is_left_to_another_provider(esms: EsmsImitation, provider: Esms) -> None:
    outcome = await provider.send(replace(SMS, advertises=True))

    assert outcome == SurelyNotAccepted("provider_cannot_carry", retryable=True)
    assert esms.asked == []


@pytest.mark.parametrize("code", ["102", "103", "140", "143", "146", "177"])
async def test_what_the_account_lacks_may_be_tried_again(
    esms: EsmsImitation, provider: Esms, code: str
) -> None:
    esms.refuses_with = code

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted(f"provider_refused_{code}", retryable=True)
    assert esms.kept == {}


async def test_wrong_keys_may_be_put_right(access: EsmsAccess) -> None:
    outcome = await once(replace(access, secret_key="another"))

    assert outcome == SurelyNotAccepted("provider_refused_101", retryable=True)


async def test_wrong_brandname_may_be_put_right(access: EsmsAccess) -> None:
    outcome = await once(replace(access, brandname="ANOTHER"))

    assert outcome == SurelyNotAccepted("provider_refused_104", retryable=True)


@pytest.mark.parametrize("code", ["99", "107", "118", "120", "201", "300"])
async def test_what_is_wrong_with_the_sms_is_refused_for_good(
    esms: EsmsImitation, provider: Esms, code: str
) -> None:
    esms.refuses_with = code

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted(f"provider_refused_{code}", retryable=False)


async def test_number_that_is_none_is_refused_for_good(provider: Esms) -> None:
    outcome = await provider.send(replace(SMS, phone="+84x"))

    assert outcome == SurelyNotAccepted("provider_refused_108", retryable=False)


async def test_code_that_no_list_has_is_unknown(esms: EsmsImitation, provider: Esms) -> None:
    esms.refuses_with = "119"

    assert await provider.send(SMS) == Unknown("provider_refused_119")


async def test_answer_without_a_code_is_unknown(provider: Esms) -> None:
    """Such as {"error": "Invalid request"}, which names no code."""
    outcome = await provider.send(replace(SMS, text=""))

    assert outcome == Unknown("answer_unreadable")


async def test_answer_to_another_question_is_none_to_a_submission(
    esms: EsmsImitation, provider: Esms
) -> None:
    """eSMS names its code otherwise there; of an SMS just sent it says that there is none, 105."""
    await provider.send(SMS)
    message_id = esms.kept[SMS.request_id].message_id
    asked = ("/GetBalance_json", f"/GetSendStatus?RefId={message_id}")

    async with calls.async_client(base_url=esms.url) as client:
        answers = [await client.get(path) for path in asked]

    assert [answer.json()["CodeResponse"] for answer in answers] == ["100", "105"]
    for answer in answers:
        read = HttpAnswer(answer.status_code, answer.content)
        assert classify(read, SMS.request_id) == Unknown("answer_unreadable")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        b'{"CodeResponse":"100","Balance":1}',
        b'{"CodeResult":""}',
        b'{"CodeResult":"1 drop"}',
        b'{"CodeResult":"100","SMSID":"a\\u0000b"}',
    ],
)
def test_answer_of_another_shape_is_unknown(body: bytes) -> None:
    assert classify(HttpAnswer(200, body), SMS.request_id) == Unknown("answer_unreadable")


@pytest.mark.parametrize("body", [b'{"CodeResult":"100"}', b'{"CodeResult":100,"SMSID":""}'])
def test_queued_sms_without_an_id_goes_by_ours(body: bytes) -> None:
    assert classify(HttpAnswer(200, body), SMS.request_id) == Accepted(SMS.request_id)


async def test_sandbox_of_esms_leaves_no_trace(esms: EsmsImitation, access: EsmsAccess) -> None:
    first = await once(replace(access, sandbox=True))
    again = await once(replace(access, sandbox=True))

    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert esms.kept == {}
    assert again.message_id != SMS.request_id


async def test_refusal_that_used_up_the_id_is_taken_for_an_earlier_try(
    esms: EsmsImitation, provider: Esms
) -> None:
    """The document is silent on it: such an SMS stays without a receipt and ends unconfirmed."""
    esms.refuses_with, esms.refusals_use_up_ids = "103", True
    await provider.send(SMS)
    esms.refuses_with = None

    assert await provider.send(SMS) == Accepted(SMS.request_id)


def told(**changes: object) -> EsmsSettings:
    values: dict[str, object] = {
        "esms_api_key": "api-key-of-a-test",
        "esms_secret_key": "secret-key-of-a-test",
        "esms_brandname": "TUNGNGO",
        "esms_webhook_secret": "secret-of-a-test",
        "esms_public_url": "https://sms.example/",
    }
    return settings_of(EsmsSettings, **(values | changes))


def test_settings_name_the_address_of_receipts() -> None:
    access = told().esms_access

    assert access.callback_url == CALLBACK
    assert "secret" not in repr(access)


def test_without_a_public_address_no_receipts_are_asked_for() -> None:
    assert told(esms_public_url="").esms_access.callback_url == ""


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"esms_api_key": ""}, "NOTIFY_ESMS_API_KEY"),
        ({"esms_secret_key": ""}, "NOTIFY_ESMS_SECRET_KEY"),
        ({"esms_brandname": ""}, "NOTIFY_ESMS_BRANDNAME"),
        ({"esms_url": "rest.esms.vn"}, "NOTIFY_ESMS_URL"),
        ({"esms_public_url": "ftp://sms.example"}, "NOTIFY_ESMS_PUBLIC_URL"),
        ({"esms_webhook_secret": "short"}, "NOTIFY_ESMS_WEBHOOK_SECRET"),
        ({"esms_webhook_secret": "secret-of-a-test/x"}, "NOTIFY_ESMS_WEBHOOK_SECRET"),
    ],
)
def test_settings_say_what_is_missing(changes: dict[str, str], variable: str) -> None:
    with pytest.raises(ValueError, match=variable):
        _ = told(**changes).esms_access
