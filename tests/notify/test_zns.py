"""How a submission to Zalo ends, against its stand-in."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notify.providers.posting import HttpAnswer
from services.notify.providers.provider import Accepted, Sms, SurelyNotAccepted, Unknown
from services.notify.providers.zns.reading import classify, request_id_of, tracking_id
from services.notify.providers.zns.sending import Zns, ZnsAccess
from services.notify.providers.zns.settings import ZnsSettings
from services.notify.providers.zns.tokens import Grant
from tests.notify.provider_settings import settings_of
from tests.notify.sandbox.server import serving
from tests.notify.sandbox.zns import ZnsImitation
from tests.twins.zns_tokens import ZnsTokensTwin

TEMPLATE = "visit.assisted.accents.v2"
SMS = Sms(
    "sms-000000000000000000000001-1",
    "+84900000001",
    "a text that Zalo does not take",
    template=TEMPLATE,
    fields={"day": "11/10/2025", "ward": "Chợ Lớn"},
)


@pytest.fixture
def zalo() -> Iterator[ZnsImitation]:
    imitation = ZnsImitation()
    with serving(imitation):
        yield imitation


@pytest.fixture
def store() -> ZnsTokensTwin:
    return ZnsTokensTwin()


def access_to(zalo: ZnsImitation, **changes: Any) -> ZnsAccess:
    grant = Grant(zalo.app_id, zalo.secret_key, "refresh-0", f"{zalo.url}/v4/oa/access_token")
    return replace(ZnsAccess(grant, {TEMPLATE: "1001"}, url=zalo.url), **changes)


def provider_of(zalo: ZnsImitation, store: ZnsTokensTwin, **changes: Any) -> Zns:
    return Zns(access_to(zalo, **changes), store, lambda: zalo.now)


@pytest.fixture
async def provider(zalo: ZnsImitation, store: ZnsTokensTwin) -> AsyncIterator[Zns]:
    provider = provider_of(zalo, store)
    yield provider
    await provider.close()


async def test_template_is_named_and_filled(zalo: ZnsImitation, provider: Zns) -> None:
    outcome = await provider.send(SMS)

    (kept,) = zalo.kept
    assert outcome == Accepted(kept.message_id)
    assert kept.body == {
        "phone": "84900000001",
        "template_id": "1001",
        "template_data": {"day": "11/10/2025", "ward": "Chợ Lớn"},
        "tracking_id": "smsZ000000000000000000000001Z1",
    }


async def test_field_that_is_empty_is_not_named(zalo: ZnsImitation, provider: Zns) -> None:
    await provider.send(replace(SMS, fields={**SMS.fields, "number": ""}))

    assert zalo.kept[0].body["template_data"] == SMS.fields


def test_tracking_id_leads_back_to_the_request() -> None:
    tracking = tracking_id(SMS.request_id)

    assert tracking.isalnum()
    assert len(tracking) <= 48
    assert request_id_of(tracking) == SMS.request_id


async def test_text_without_a_template_at_zalo_is_left_to_another_provider(
    zalo: ZnsImitation, provider: Zns
) -> None:
    outcome = await provider.send(replace(SMS, template="invitation.v1"))

    assert outcome == SurelyNotAccepted("provider_cannot_carry", retryable=True)
    assert zalo.asked == []


async def test_repetition_is_not_recognised(zalo: ZnsImitation, provider: Zns) -> None:
    """So whoever may have sent it must not send it again."""
    await provider.send(SMS)
    await provider.send(SMS)

    assert len(zalo.kept) == 2
    assert provider.recognises_repeats is False


async def test_development_says_so(zalo: ZnsImitation, store: ZnsTokensTwin) -> None:
    zalo.for_tests = {"1001"}
    provider = provider_of(zalo, store, development=True)

    assert isinstance(await provider.send(SMS), Accepted)
    assert zalo.kept[0].body["mode"] == "development"
    await provider.close()


async def test_template_for_tests_is_refused_for_good(zalo: ZnsImitation, provider: Zns) -> None:
    zalo.for_tests = {"1001"}

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("provider_refused_127", retryable=False)


async def test_citizen_without_zalo_may_be_reached_by_sms(
    zalo: ZnsImitation, provider: Zns
) -> None:
    zalo.without_zalo = {"84900000001"}

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("provider_refused_118", retryable=True)


async def test_at_night_and_beyond_the_quota_it_may_be_tried_again(
    zalo: ZnsImitation, provider: Zns
) -> None:
    zalo.is_night = True
    at_night = await provider.send(SMS)
    zalo.is_night, zalo.daily_quota = False, 1
    last = await provider.send(SMS)
    beyond = await provider.send(SMS)

    assert at_night == SurelyNotAccepted("provider_refused_133", retryable=True)
    assert isinstance(last, Accepted)
    assert beyond == SurelyNotAccepted("provider_refused_144", retryable=True)


async def test_template_that_is_filled_badly_is_refused_for_good(
    zalo: ZnsImitation, provider: Zns
) -> None:
    outcome = await provider.send(replace(SMS, fields={"day": "11/10/2025"}))

    assert outcome == SurelyNotAccepted("provider_refused_1122", retryable=False)


@pytest.mark.parametrize(
    "code",
    [101, 102, 103, 104, 105, 115, 137, 120, 135, 136, 131, 147, 110, 119, 139, 141, 140],
)
async def test_what_another_try_or_provider_can_mend_may_be_tried_again(
    zalo: ZnsImitation, provider: Zns, code: int
) -> None:
    zalo.refuses_with = code

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted(f"provider_refused_{code}", retryable=True)


@pytest.mark.parametrize("code", [108, 109, 111, 1121])
async def test_what_is_wrong_with_the_message_is_refused_for_good(
    zalo: ZnsImitation, provider: Zns, code: int
) -> None:
    zalo.refuses_with = code

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted(f"provider_refused_{code}", retryable=False)


@pytest.mark.parametrize("code", [100, 114, 999])
async def test_code_of_no_list_or_of_none_that_is_clear_is_unknown(
    zalo: ZnsImitation, provider: Zns, code: int
) -> None:
    zalo.refuses_with = code

    assert await provider.send(SMS) == Unknown(f"provider_refused_{code}")


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"error": "0", "data": {"msg_id": 7}}, Accepted("7")),
        ({"error": "-118", "data": None}, SurelyNotAccepted("provider_refused_118", True)),
        ({"error": 0, "data": None}, Unknown("answer_unreadable")),
        ({"error": 0, "data": {}}, Unknown("answer_unreadable")),
        ({"error": 5, "data": None}, Unknown("answer_unreadable")),
        ({"message": "Success"}, Unknown("answer_unreadable")),
    ],
)
def test_answer_is_taken_at_its_word_and_no_further(
    body: dict[str, object], outcome: object
) -> None:
    assert classify(HttpAnswer(200, json.dumps(body).encode())) == outcome


async def test_one_renewal_serves_many_at_once(zalo: ZnsImitation, provider: Zns) -> None:
    outcomes = await asyncio.gather(*(provider.send(SMS) for _ in range(20)))

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert zalo.renewals == 1


async def test_access_that_ended_early_is_renewed_once_and_the_message_sent(
    zalo: ZnsImitation, provider: Zns
) -> None:
    await provider.send(SMS)
    zalo.forget_access()

    outcomes = await asyncio.gather(*(provider.send(SMS) for _ in range(5)))

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert zalo.renewals == 2
    assert len(zalo.kept) == 6


async def test_access_that_is_refused_again_is_not_renewed_a_second_time(
    zalo: ZnsImitation, provider: Zns
) -> None:
    zalo.refuses_with = 124

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("provider_refused_124", retryable=True)
    assert zalo.renewals == 2
    assert zalo.counted["/message/template"] == 2


async def test_access_is_renewed_before_it_ends(zalo: ZnsImitation, provider: Zns) -> None:
    await provider.send(SMS)
    zalo.now += timedelta(hours=24, minutes=54)
    await provider.send(SMS)
    assert zalo.renewals == 1
    zalo.now += timedelta(minutes=2)

    await provider.send(SMS)

    assert zalo.renewals == 2
    assert zalo.counted["/message/template"] == 3


def told(**changes: object) -> ZnsSettings:
    values: dict[str, object] = {
        "zns_app_id": "4242424242",
        "zns_secret_key": "secret-key-of-a-test",
        "zns_refresh_token": "refresh-0",
        "zns_oa_secret": "oa-secret-of-a-test",
        "zns_templates": {TEMPLATE: "1001"},
    }
    return settings_of(ZnsSettings, **(values | changes))


def test_settings_make_the_access_and_show_no_secret() -> None:
    access = told().zns_access

    assert access.templates == {TEMPLATE: "1001"}
    assert access.grant.refresh_token == "refresh-0"
    assert "refresh-0" not in repr(access)
    assert "secret-key" not in repr(access)


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"zns_app_id": ""}, "NOTIFY_ZNS_APP_ID"),
        ({"zns_secret_key": ""}, "NOTIFY_ZNS_SECRET_KEY"),
        ({"zns_secret_key": "a b"}, "NOTIFY_ZNS_SECRET_KEY"),
        ({"zns_refresh_token": ""}, "NOTIFY_ZNS_REFRESH_TOKEN"),
        ({"zns_templates": {}}, "NOTIFY_ZNS_TEMPLATES"),
        ({"zns_url": "zalo"}, "NOTIFY_ZNS_URL"),
        ({"zns_oauth_url": "zalo"}, "NOTIFY_ZNS_OAUTH_URL"),
    ],
)
def test_settings_say_what_is_missing(changes: dict[str, object], variable: str) -> None:
    with pytest.raises(ValueError, match=variable):
        _ = told(**changes).zns_access
