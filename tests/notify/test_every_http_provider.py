"""What holds for each provider that is reached by HTTP, on whichever day of its own."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from deploy.local.ports import free_port
from services.notify.providers.esms.sending import Esms, EsmsAccess
from services.notify.providers.http.sending import HttpProvider
from services.notify.providers.provider import (
    HELD_BACK,
    Accepted,
    Outcome,
    Provider,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.providers.speedsms.sending import Speedsms, SpeedsmsAccess
from services.notify.providers.zns.sending import Zns
from services.notify.providers.zns.tokens import Tokens
from tests.eventually import PATIENCE_S, SILENCE_S
from tests.notify.sandbox.esms import EsmsImitation
from tests.notify.sandbox.server import Imitation, serving
from tests.notify.sandbox.speedsms import SpeedsmsImitation
from tests.notify.sandbox.zns import ZnsImitation
from tests.notify.sandbox_http_provider import Manner, Sandbox, sandbox
from tests.notify.test_zns import SMS, access_to
from tests.twins.zns_tokens import ZnsTokensTwin


@dataclass
class Line:
    """A provider's stand-in, and the provider that asks it or what stands at another address."""

    other_side: Imitation | Sandbox
    make: Callable[[str, float], Provider]

    @property
    def was_asked_nothing(self) -> bool:
        """No SMS was shown to it."""
        if isinstance(self.other_side, Sandbox):
            return not self.other_side.bodies
        return not self.other_side.asked

    async def send(
        self, sms: Sms = SMS, *, url: str = "", timeout_s: float = PATIENCE_S
    ) -> Outcome:
        provider = self.make(url or self.other_side.url, timeout_s)
        try:
            return await provider.send(sms)
        finally:
            await provider.close()


@contextmanager
def line_of_esms() -> Iterator[Line]:
    esms = EsmsImitation()
    access = EsmsAccess(*esms.keys, esms.brandname)
    with serving(esms):
        yield Line(esms, lambda url, s: Esms(replace(access, url=url, timeout_s=s)))


@contextmanager
def line_of_speedsms() -> Iterator[Line]:
    speedsms = SpeedsmsImitation()
    access = SpeedsmsAccess(speedsms.token, sms_type=3, sender="TUNGNGO")
    with serving(speedsms):
        yield Line(speedsms, lambda url, s: Speedsms(replace(access, url=url, timeout_s=s)))


@contextmanager
def line_of_zalo() -> Iterator[Line]:
    """Its token is there already."""
    zalo, store = ZnsImitation(), ZnsTokensTwin()
    good_until = zalo.now + timedelta(hours=1)
    zalo.access["access-0"] = good_until
    with serving(zalo):
        access = access_to(zalo)
        store.kept = Tokens("refresh-0", access.grant.first().seed, "access-0", good_until)
        yield Line(
            zalo,
            lambda url, s: Zns(replace(access, url=url, timeout_s=s), store, lambda: zalo.now),
        )


@contextmanager
def line_of_any() -> Iterator[Line]:
    with sandbox() as running:
        yield Line(running, lambda url, s: HttpProvider(url, "token-of-a-test", s))


@pytest.fixture(params=[line_of_esms, line_of_speedsms, line_of_zalo, line_of_any])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    with request.param() as made:
        yield made


async def test_on_a_good_day_it_is_accepted(line: Line) -> None:
    assert isinstance(await line.send(), Accepted)


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (Manner.DROP_BEFORE_READING, "no_answer"),
        (Manner.DROP_AFTER_TAKING, "no_answer"),
        (Manner.BABBLE, "answer_unreadable"),
        (Manner.REFUSE, "provider_answered_503"),
    ],
)
async def test_submission_without_a_clear_answer_is_unknown(
    line: Line, manner: Manner, reason: str
) -> None:
    line.other_side.manner, line.other_side.status = manner, 503

    assert await line.send() == Unknown(reason)


@pytest.mark.parametrize("manner", [Manner.HOLD_BEFORE_TAKING, Manner.HOLD_AFTER_TAKING])
async def test_answer_that_comes_too_late_leaves_it_unknown(line: Line, manner: Manner) -> None:
    line.other_side.manner = manner

    assert await line.send(timeout_s=SILENCE_S / 3) == Unknown("no_answer")


async def test_provider_that_nobody_reaches_surely_did_not_accept(line: Line) -> None:
    outcome = await line.send(url=f"http://127.0.0.1:{free_port()}")

    assert outcome == SurelyNotAccepted("provider_unreachable", retryable=True)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_door_that_is_closed_may_be_opened_by_somebody(line: Line, status: int) -> None:
    line.other_side.manner, line.other_side.status = Manner.REFUSE, status

    assert await line.send() == SurelyNotAccepted(f"provider_refused_{status}", retryable=True)


async def test_sms_that_may_leave_no_more_does_not_when_there_is_a_connection(line: Line) -> None:
    async def no_more() -> bool:
        return False

    outcome = await line.send(replace(SMS, may_leave=no_more))

    assert outcome == HELD_BACK
    assert line.was_asked_nothing


async def test_question_whether_it_may_leave_that_has_no_answer_in_time_let_nothing_go(
    line: Line,
) -> None:
    async def nobody_knows() -> bool:
        await asyncio.Event().wait()
        return True

    outcome = await line.send(replace(SMS, may_leave=nobody_knows), timeout_s=SILENCE_S / 3)

    assert outcome == SurelyNotAccepted("provider_unreachable", retryable=True)
    assert line.was_asked_nothing
