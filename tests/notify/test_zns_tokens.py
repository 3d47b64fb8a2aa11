"""Zalo's tokens: each refresh token is good once, for all processes together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.providers.posting import HttpAnswer, Posting
from services.notify.providers.provider import Accepted, SurelyNotAccepted
from services.notify.providers.zns.reading import read_renewal
from services.notify.providers.zns.sending import Zns
from services.notify.providers.zns.token_store import MongoZnsTokens
from services.notify.providers.zns.tokens import NoToken, Tokens, TokenStore, ZnsTokens
from services.platform.mongo import connect
from services.platform.unavailable import Unavailable
from tests.builders import SATURDAY
from tests.eventually import PATIENCE_S, eventually
from tests.notify.harness import WRAP_KEY
from tests.notify.sandbox.server import serving
from tests.notify.sandbox.zns import ZnsImitation
from tests.notify.sandbox_http_provider import Manner
from tests.notify.test_zns import SMS, access_to, provider_of
from tests.twins.zns_tokens import ZnsTokensTwin

TOKENS = Tokens("refresh-1", "seed", "access-1", SATURDAY)


@pytest.fixture
def zalo() -> Iterator[ZnsImitation]:
    imitation = ZnsImitation()
    with serving(imitation):
        yield imitation


@pytest.fixture
def store() -> ZnsTokensTwin:
    return ZnsTokensTwin()


@pytest.fixture(params=["mongo", "twin"])
async def two_stores(request: pytest.FixtureRequest) -> AsyncIterator[list[TokenStore]]:
    """Of two processes."""
    if request.param == "twin":
        twin = ZnsTokensTwin()
        yield [twin, ZnsTokensTwin(twin)]
        return
    client = connect(request.getfixturevalue("mongo_url"))
    database = client[request.getfixturevalue("database_name")]
    yield [MongoZnsTokens(database, (WRAP_KEY,)) for _ in range(2)]
    client.close()


async def test_saved_tokens_are_read_by_every_process(two_stores: list[TokenStore]) -> None:
    one, other = two_stores
    assert await one.read() is None

    await one.save(TOKENS)
    await other.save(replace(TOKENS, refresh="refresh-2"))

    assert await one.read() == replace(TOKENS, refresh="refresh-2")


async def test_one_process_at_a_time_may_renew(two_stores: list[TokenStore]) -> None:
    one, other = two_stores

    assert await one.claim()
    assert not await other.claim()
    await one.release()
    assert await other.claim()
    assert not await one.claim()


async def test_two_processes_at_once_renew_once(
    zalo: ZnsImitation, two_stores: list[TokenStore]
) -> None:
    processes = [Zns(access_to(zalo), store, lambda: zalo.now) for store in two_stores]

    outcomes = await asyncio.gather(*(p.send(SMS) for p in processes for _ in range(5)))

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert zalo.renewals == 1
    for process in processes:
        await process.close()


async def test_process_takes_what_another_renewed(
    zalo: ZnsImitation, two_stores: list[TokenStore]
) -> None:
    one, other = (Zns(access_to(zalo), store, lambda: zalo.now) for store in two_stores)
    await one.send(SMS)
    await other.send(SMS)
    zalo.forget_access()

    assert isinstance(await one.send(SMS), Accepted)
    assert isinstance(await other.send(SMS), Accepted)
    assert zalo.renewals == 2
    await one.close()
    await other.close()


class StoreThatWasQuicker(ZnsTokensTwin):
    """Another process renews between this one's look and its claim."""

    async def claim(self) -> bool:
        self.kept = self.renewed_elsewhere
        return await super().claim()

    renewed_elsewhere: Tokens | None = None


async def test_claim_that_comes_after_anothers_renewal_takes_what_it_kept(
    zalo: ZnsImitation,
) -> None:
    store, good_until = StoreThatWasQuicker(), zalo.now + timedelta(hours=1)
    zalo.access["access-1"] = good_until
    seed = access_to(zalo).grant.first().seed
    store.renewed_elsewhere = Tokens("refresh-1", seed, "access-1", good_until)
    provider = provider_of(zalo, store)

    assert isinstance(await provider.send(SMS), Accepted)
    assert zalo.renewals == 0
    await provider.close()


async def test_process_that_begins_takes_what_is_kept(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    first = provider_of(zalo, store)
    await first.send(SMS)
    await first.close()

    second = provider_of(zalo, store)

    assert isinstance(await second.send(SMS), Accepted)
    assert zalo.renewals == 1
    await second.close()


async def test_refresh_token_that_was_used_elsewhere_needs_a_person(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    zalo.used, zalo.refresh_token = {"refresh-0"}, "refresh-1"
    provider = provider_of(zalo, store)

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("token_refused_14014", retryable=True)
    assert (store.saves, zalo.kept) == (0, [])
    await provider.close()


async def test_after_a_failure_zalo_is_not_asked_with_each_sms(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    zalo.used, zalo.refresh_token = {"refresh-0"}, "refresh-1"
    provider = provider_of(zalo, store)
    await provider.send(SMS)

    outcome = await provider.send(SMS)
    zalo.now += timedelta(seconds=29)
    await provider.send(SMS)
    assert len(zalo.asked) == 1
    zalo.now += timedelta(seconds=1)
    await provider.send(SMS)

    assert outcome == SurelyNotAccepted("token_not_renewed", retryable=True)
    assert len(zalo.asked) == 2
    await provider.close()


async def test_person_puts_in_a_new_token_and_it_goes_on(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    store.kept = Tokens("refresh-lost", access_to(zalo).grant.first().seed)
    grant = replace(access_to(zalo).grant, refresh_token="refresh-new")
    zalo.refresh_token = "refresh-new"
    provider = provider_of(zalo, store, grant=grant)

    assert isinstance(await provider.send(SMS), Accepted)
    await provider.close()


async def test_tokens_are_kept_before_they_are_used(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    provider = provider_of(zalo, store)
    store.away = True

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("tokens_unavailable", retryable=True)
    assert zalo.asked == []
    await provider.close()


class StoreThatForgetsToSave(ZnsTokensTwin):
    """Its database goes away between a claim and the first `failures` writes."""

    failures = 1

    async def save(self, tokens: Tokens) -> None:
        if self.failures:
            self.failures -= 1
            raise Unavailable
        await super().save(tokens)


async def test_tokens_that_could_not_be_kept_are_kept_next_time_and_not_used_before(
    zalo: ZnsImitation,
) -> None:
    store = StoreThatForgetsToSave()
    provider = provider_of(zalo, store)

    first = await provider.send(SMS)
    second = await provider.send(SMS)

    assert first == SurelyNotAccepted("tokens_unavailable", retryable=True)
    assert isinstance(second, Accepted)
    assert (zalo.renewals, store.saves, len(zalo.kept)) == (1, 1, 1)
    await provider.close()


async def test_tokens_that_were_kept_late_never_come_back_over_newer_ones(
    zalo: ZnsImitation,
) -> None:
    store = StoreThatForgetsToSave()
    one, other = provider_of(zalo, store), provider_of(zalo, ZnsTokensTwin(store))
    for process in (one, one, other):
        await process.send(SMS)
    zalo.forget_access()

    assert isinstance(await other.send(SMS), Accepted)
    assert isinstance(await one.send(SMS), Accepted)
    assert zalo.renewals == 2
    await one.close()
    await other.close()


async def test_renewal_is_not_broken_off_by_who_waits_no_longer(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    zalo.manner = Manner.HOLD_AFTER_TAKING
    provider = provider_of(zalo, store)
    sending = asyncio.create_task(provider.send(SMS))
    await asyncio.to_thread(zalo.held.acquire)

    sending.cancel()
    zalo.let_go.set()
    await provider.close()

    assert store.kept
    assert store.kept.refresh == zalo.refresh_token == "refresh-1"


async def test_renewal_that_takes_too_long_is_awaited_by_the_next(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    posting = Posting(PATIENCE_S)
    tokens = ZnsTokens(access_to(zalo).grant, store, posting, lambda: zalo.now, patience_s=0.2)
    zalo.manner = Manner.HOLD_AFTER_TAKING
    with pytest.raises(NoToken, match="token_awaited"):
        await tokens.usable()
    zalo.let_go.set()

    async def is_kept() -> bool:
        return store.kept is not None

    await eventually(is_kept)
    assert await tokens.usable() == "access-1"
    assert zalo.renewals == 1
    await tokens.close()
    await posting.close()


async def test_claim_of_a_process_that_hangs_is_waited_for_in_vain(
    zalo: ZnsImitation, store: ZnsTokensTwin
) -> None:
    await ZnsTokensTwin(store).claim()
    provider = provider_of(zalo, store, timeout_s=0.3)

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("token_awaited", retryable=True)
    assert zalo.asked == []
    await provider.close()


@pytest.mark.parametrize(
    "manner", [Manner.DROP_AFTER_TAKING, Manner.BABBLE, Manner.REFUSE, Manner.DROP_BEFORE_READING]
)
async def test_renewal_without_a_clear_answer_sends_nothing(
    zalo: ZnsImitation, store: ZnsTokensTwin, manner: Manner
) -> None:
    zalo.manner = manner
    provider = provider_of(zalo, store)

    outcome = await provider.send(SMS)

    assert outcome == SurelyNotAccepted("token_not_renewed", retryable=True)
    assert store.holder is None
    await provider.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"access_token":"a","refresh_token":"b"}',
        b'{"access_token":"a b","refresh_token":"b","expires_in":"90000"}',
        b'{"access_token":"a","refresh_token":"","expires_in":"90000"}',
        b'{"access_token":"a","refresh_token":"b","expires_in":"soon"}',
        b'{"error":"no"}',
        b"[]",
        b"",
    ],
)
def test_junk_is_no_token(body: bytes) -> None:
    assert read_renewal(HttpAnswer(200, body)) == "token_not_renewed"


async def test_kept_tokens_are_sealed_and_opened_by_a_former_key(
    mongo_url: str, database_name: str
) -> None:
    client = connect(mongo_url)
    database = client[database_name]
    new_key = bytes(range(32, 64))
    await MongoZnsTokens(database, (WRAP_KEY,)).save(TOKENS)

    documents = await database["provider_tokens"].find().to_list(None)

    assert b"refresh-1" not in documents[0]["sealed"]
    assert b"access-1" not in documents[0]["sealed"]
    assert await MongoZnsTokens(database, (new_key, WRAP_KEY)).read() == TOKENS
    assert await MongoZnsTokens(database, (new_key,)).read() is None
    client.close()


def test_tokens_show_nothing_of_themselves() -> None:
    assert "refresh-1" not in repr(TOKENS)
    assert "access-1" not in repr(TOKENS)
