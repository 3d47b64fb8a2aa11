"""How a submission ends, with each provider and its twin."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.notify.providers.console.sending import Console, masked, newest
from services.notify.providers.http.sending import HttpProvider, classify
from services.notify.providers.posting import HttpAnswer
from services.notify.providers.provider import (
    Accepted,
    Provider,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from tests.builders import SATURDAY
from tests.eventually import PATIENCE_S
from tests.notify.sandbox_http_provider import Manner, Sandbox, sandbox
from tests.twins.provider import ProviderTwin

SMS = Sms("sms-000000000000000000000001-1", "+84900000001", "Ngay 11/10/2025 ...")


@pytest.fixture
def phones() -> Iterator[Sandbox]:
    with sandbox() as running:
        yield running


@pytest.fixture
async def over_http(phones: Sandbox) -> AsyncIterator[HttpProvider]:
    provider = HttpProvider(phones.url, "token-of-a-test", timeout_s=PATIENCE_S)
    yield provider
    await provider.close()


@pytest.fixture(params=["console", "http", "twin"])
def any_provider(
    request: pytest.FixtureRequest, over_http: HttpProvider, tmp_path: Path
) -> Provider:
    providers: dict[str, Provider] = {
        "console": Console(tmp_path / "sms.jsonl", lambda: SATURDAY),
        "http": over_http,
        "twin": ProviderTwin(),
    }
    return providers[request.param]


async def test_provider_that_works_accepts_under_an_id(any_provider: Provider) -> None:
    outcome = await any_provider.send(SMS)

    assert isinstance(outcome, Accepted)
    assert outcome.message_id


async def test_many_at_once_are_all_accepted(any_provider: Provider) -> None:
    sms = [Sms(f"sms-{n:024x}-1", SMS.phone, SMS.text) for n in range(20)]

    outcomes = await asyncio.gather(*(any_provider.send(one) for one in sms))

    assert len({o.message_id for o in outcomes if isinstance(o, Accepted)}) == 20


async def test_http_provider_shows_its_token_and_our_request_id(
    phones: Sandbox, over_http: HttpProvider
) -> None:
    outcome = await over_http.send(SMS)

    assert outcome == Accepted(phones.message_id(SMS.request_id), cost_vnd=345)
    assert phones.tokens == {"Bearer token-of-a-test"}
    (body,) = phones.bodies
    assert (body["request_id"], body["to"]) == (SMS.request_id, SMS.phone)
    assert (body["text"], body["encoding"]) == (SMS.text, "gsm7")


async def test_busy_provider_says_when_to_come_again(
    phones: Sandbox, over_http: HttpProvider
) -> None:
    phones.manner, phones.status, phones.retry_after = Manner.REFUSE, 429, "120"

    outcome = await over_http.send(SMS)

    assert outcome == SurelyNotAccepted("provider_busy", retryable=True, retry_after_s=120)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, SurelyNotAccepted("provider_refused_400", retryable=False)),
        (422, SurelyNotAccepted("provider_refused_422", retryable=False)),
        (401, SurelyNotAccepted("provider_refused_401", retryable=True)),
        (402, SurelyNotAccepted("provider_refused_402", retryable=True)),
        (302, Unknown("provider_answered_302")),
        (408, Unknown("provider_answered_408")),
        (409, Unknown("provider_answered_409")),
        (500, Unknown("provider_answered_500")),
        (503, Unknown("provider_answered_503")),
    ],
)
def test_only_a_clear_refusal_may_be_tried_again(status: int, outcome: object) -> None:
    assert classify(HttpAnswer(status, b"{}")) == outcome


@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_console_goes_on_in_front_of_what_was_shown(tmp_path: Path, limit: int) -> None:
    file = tmp_path / "sms.jsonl"
    console = Console(file, lambda: SATURDAY)
    for n in range(7):
        await console.send(Sms(f"sms-{n}", "+84900000001", f"Ngày {n}"))

    found, before = list[str](), None
    while page := newest(file, limit, before):
        found += [sms.request_id for _, sms in page]
        before = page[-1][0]

    assert found == [f"sms-{n}" for n in reversed(range(7))]


async def test_console_shows_the_newest_first_with_masked_numbers(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    console = Console(file, lambda: SATURDAY)
    for n in range(5):
        await console.send(Sms(f"sms-{n}", "+84900000001", f"Ngày {n}"))

    shown = [sms for _, sms in newest(file, 3)]

    assert [sms.request_id for sms in shown] == ["sms-4", "sms-3", "sms-2"]
    assert {sms.to for sms in shown} == {"+84*******01"}
    assert "900000001" not in file.read_text()


async def test_console_reads_a_long_file_from_its_end(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    console = Console(file, lambda: SATURDAY)
    for n in range(1_200):
        await console.send(Sms(f"sms-{n}", "+84900000001", "hỗ trợ kỹ năng số " * 4))

    shown = [sms for _, sms in newest(file, 1_200)]

    assert [sms.request_id for sms in shown] == [f"sms-{n}" for n in reversed(range(1_200))]


async def test_half_a_line_hides_no_other(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    console = Console(file, lambda: SATURDAY)
    await console.send(SMS)
    file.write_text(file.read_text() + json.dumps({"at": "2025"})[:-3] + "\n")

    assert [sms.request_id for _, sms in newest(file, 10)] == [SMS.request_id]


async def test_console_without_a_folder_surely_did_not_accept(tmp_path: Path) -> None:
    console = Console(tmp_path / "nowhere" / "sms.jsonl", lambda: SATURDAY)

    outcome = await console.send(SMS)

    assert isinstance(outcome, SurelyNotAccepted)
    assert newest(tmp_path / "nowhere" / "sms.jsonl", 1) == []


def test_masked_number_shows_its_ends_alone() -> None:
    assert masked("+84900000001") == "+84*******01"
