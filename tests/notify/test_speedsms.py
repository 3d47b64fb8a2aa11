"""How a submission to SpeedSMS ends, against its stand-in."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from services.notify.providers.brand import NO_BRAND
from services.notify.providers.posting import HttpAnswer
from services.notify.providers.provider import Accepted, Sms, SurelyNotAccepted, Unknown
from services.notify.providers.speedsms.reading import classify
from services.notify.providers.speedsms.sending import Speedsms, SpeedsmsAccess
from services.notify.providers.speedsms.settings import SpeedsmsSettings
from tests.notify.provider_settings import settings_of
from tests.notify.sandbox.server import serving
from tests.notify.sandbox.speedsms import SpeedsmsImitation

SMS = Sms("sms-000000000000000000000001-1", "+84900000001", "Ngay 11/10/2025 ...")


@pytest.fixture
def speedsms() -> Iterator[SpeedsmsImitation]:
    imitation = SpeedsmsImitation()
    with serving(imitation):
        yield imitation


@pytest.fixture
def access(speedsms: SpeedsmsImitation) -> SpeedsmsAccess:
    return SpeedsmsAccess(speedsms.token, sms_type=3, sender="TUNGNGO", url=speedsms.url)


@pytest.fixture
async def provider(access: SpeedsmsAccess) -> AsyncIterator[Speedsms]:
    provider = Speedsms(access)
    yield provider
    await provider.close()


async def once(access: SpeedsmsAccess, sms: Sms = SMS) -> object:
    provider = Speedsms(access)
    try:
        return await provider.send(sms)
    finally:
        await provider.close()


@pytest.mark.parametrize("of_the_old_kind", [False, True])
async def test_sms_is_taken_under_an_id_and_a_price_of_speedsms(
    speedsms: SpeedsmsImitation, provider: Speedsms, of_the_old_kind: bool
) -> None:
    speedsms.of_the_old_kind = of_the_old_kind

    outcome = await provider.send(SMS)

    (kept,) = speedsms.kept
    assert outcome == Accepted(str(kept.message_id), cost_vnd=350)
    assert kept.body == {
        "to": ["84900000001"],
        "content": SMS.text,
        "sms_type": 3,
        "sender": "TUNGNGO",
    }


async def test_advert_goes_as_one(speedsms: SpeedsmsImitation, provider: Speedsms) -> None:
    outcome = await provider.send(replace(SMS, advertises=True))

    assert isinstance(outcome, Accepted)
    assert speedsms.kept[0].body["sms_type"] == 1


@pytest.mark.parametrize(("sms_type", "sender"), [(2, ""), (7, "84900000001"), (3, "19001000")])
async def test_advert_without_a_brand_name_does_not_leave(
    speedsms: SpeedsmsImitation, sms_type: int, sender: str
) -> None:
    access = SpeedsmsAccess(speedsms.token, sms_type=sms_type, sender=sender, url=speedsms.url)

    outcome = await Speedsms(access).send(replace(SMS, advertises=True))

    assert outcome == NO_BRAND
    assert speedsms.asked == []


async def test_repetition_is_not_recognised(
    speedsms: SpeedsmsImitation, provider: Speedsms
) -> None:
    """So whoever may have sent it must not send it again."""
    await provider.send(SMS)
    await provider.send(SMS)

    assert len(speedsms.kept) == 2
    assert provider.recognises_repeats is False


async def test_success_that_names_the_number_invalid_is_a_refusal_for_good(
    speedsms: SpeedsmsImitation, provider: Speedsms
) -> None:
    outcome = await provider.send(replace(SMS, phone="+84x"))

    assert outcome == SurelyNotAccepted("provider_refused_phone", retryable=False)
    assert speedsms.kept == []


@pytest.mark.parametrize("code", ["007", "008", "009", "300"])
async def test_what_the_account_lacks_may_be_tried_again(
    speedsms: SpeedsmsImitation, provider: Speedsms, code: str
) -> None:
    speedsms.refuses_with = {"code": code, "message": "no"}

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted(f"provider_refused_{code}", retryable=True)


@pytest.mark.parametrize("code", ["101", "105", "110", "113"])
async def test_what_is_wrong_with_the_sms_is_refused_for_good(
    speedsms: SpeedsmsImitation, provider: Speedsms, code: str
) -> None:
    speedsms.refuses_with = {"code": code, "message": "no", "invalidPhone": ["84900000001"]}

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted(f"provider_refused_{code}", retryable=False)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"code": "500"}, "provider_refused_500"),
        ({"code": "999"}, "provider_refused_999"),
        ({"message": "an error"}, "answer_unreadable"),
        ({"code": None}, "answer_unreadable"),
        ({"code": "no; drop"}, "answer_unreadable"),
    ],
)
async def test_error_that_no_list_has_is_unknown(
    speedsms: SpeedsmsImitation, provider: Speedsms, error: dict[str, str], reason: str
) -> None:
    speedsms.refuses_with = error

    assert await provider.send(SMS) == Unknown(reason)


async def test_sender_that_is_not_ours_may_be_put_right(access: SpeedsmsAccess) -> None:
    outcome = await once(replace(access, sender="ANOTHER"))

    assert outcome == SurelyNotAccepted("provider_refused_009", retryable=True)


async def test_token_that_is_refused_in_another_shape_may_be_put_right(
    access: SpeedsmsAccess,
) -> None:
    outcome = await once(replace(access, token="another"))

    assert outcome == SurelyNotAccepted("provider_refused_401", retryable=True)


async def test_after_sixty_a_minute_speedsms_says_when_to_come_again(
    speedsms: SpeedsmsImitation, provider: Speedsms
) -> None:
    speedsms.free = 0

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("provider_busy", retryable=True, retry_after_s=17)
    assert speedsms.kept == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, b"<html>"), (429, b""), (200, b'{"name":"Too Many Requests","code":0,"status":429}')],
)
def test_too_many_requests_are_told_by_status_or_body(status: int, body: bytes) -> None:
    busy = SurelyNotAccepted("provider_busy", retryable=True, retry_after_s=3_600)

    assert classify(HttpAnswer(status, body, {"x-rate-limit-reset": "1760000000"})) == busy


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"status": "success", "data": {"totalSMS": 1}}, Unknown("answer_unreadable")),
        ({"status": "success", "data": None}, Unknown("answer_unreadable")),
        ({"status": "success"}, Unknown("answer_unreadable")),
        ({"status": "maybe", "code": "105"}, Unknown("answer_unreadable")),
        ({"status": True}, Unknown("answer_unreadable")),
        ({"status": 200}, Unknown("answer_unreadable")),
        ({"status": 502, "code": 0}, Unknown("provider_answered_502")),
        ({"status": "success", "data": {"tranId": 7, "invalidPhone": None}}, Accepted("7")),
    ],
)
def test_answer_is_taken_at_its_word_and_no_further(
    body: dict[str, object], outcome: object
) -> None:
    assert classify(HttpAnswer(200, json.dumps(body).encode())) == outcome


def test_server_error_outweighs_what_its_body_says() -> None:
    body = b'{"status":"error","code":"105"}'

    assert classify(HttpAnswer(502, body)) == Unknown("provider_answered_502")


def told(**changes: object) -> SpeedsmsSettings:
    values: dict[str, object] = {
        "speedsms_token": "token-of-a-test",
        "speedsms_sender": "TUNGNGO",
        "speedsms_webhook_secret": "secret-of-a-test",
    }
    return settings_of(SpeedsmsSettings, **(values | changes))


def test_settings_make_the_access_and_show_no_token() -> None:
    access = told().speedsms_access

    assert (access.token, access.sms_type, access.sender) == ("token-of-a-test", 3, "TUNGNGO")
    assert "token-of" not in repr(access)


def test_random_number_needs_no_sender() -> None:
    assert told(speedsms_sms_type=2, speedsms_sender="").speedsms_access.sender == ""


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"speedsms_token": ""}, "NOTIFY_SPEEDSMS_TOKEN"),
        ({"speedsms_token": "a:b"}, "NOTIFY_SPEEDSMS_TOKEN"),
        ({"speedsms_sender": ""}, "NOTIFY_SPEEDSMS_SENDER"),
        ({"speedsms_url": "speedsms.vn"}, "NOTIFY_SPEEDSMS_URL"),
        ({"speedsms_webhook_secret": ""}, "NOTIFY_SPEEDSMS_WEBHOOK_SECRET"),
    ],
)
def test_settings_say_what_is_missing(changes: dict[str, str], variable: str) -> None:
    with pytest.raises(ValueError, match=variable):
        _ = told(**changes).speedsms_access
