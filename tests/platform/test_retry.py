"""What fails is tried again, later each time, until it succeeds or its task is cancelled."""

import asyncio
from collections.abc import Callable

import pytest

from services.platform.retry import LONGEST_S, Backoff, every, retry
from tests.eventually import patience

SOON = 0.0001


class Flaky:
    """Fails as often as it is told, then works."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.calls = 0
        self._failures = failures
        self._error = error

    async def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self._failures:
            raise self._error
        return self.calls


async def test_what_fails_is_tried_again_until_it_succeeds() -> None:
    flaky = Flaky(3, ConnectionError())

    assert await retry(flaky, on=ConnectionError, backoff=Backoff(SOON)) == 4


@pytest.mark.parametrize("on", [(KeyError, TimeoutError), lambda error: error.args == ("again",)])
async def test_what_is_not_named_is_raised_at_once(
    on: tuple[type[Exception], ...] | Callable[[Exception], bool],
) -> None:
    flaky = Flaky(1, ConnectionError("once"))

    with pytest.raises(ConnectionError):
        await retry(flaky, on=on, backoff=Backoff(SOON))

    assert flaky.calls == 1


async def test_work_at_an_interval_goes_on_after_a_failure() -> None:
    flaky, goes_on = Flaky(2, ConnectionError()), asyncio.Event()

    async def work() -> None:
        if await flaky() > 3:
            goes_on.set()

    working = asyncio.create_task(every(SOON, work, on=ConnectionError, warning="it failed"))
    async with patience():
        await goes_on.wait()
    working.cancel()

    with pytest.raises(asyncio.CancelledError):
        await working


async def test_work_at_an_interval_ends_with_what_it_does_not_expect() -> None:
    with pytest.raises(KeyError):
        await every(SOON, Flaky(1, KeyError()), on=ConnectionError, warning="it failed")


@pytest.mark.parametrize("again", ["retry", "every"])
async def test_a_cancellation_that_the_work_swallows_is_obeyed_all_the_same(again: str) -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            raise ConnectionError from error

    working = asyncio.create_task(
        retry(work, on=ConnectionError)
        if again == "retry"
        else every(SOON, work, on=ConnectionError, warning="it failed")
    )
    await begun.wait()
    working.cancel()

    async with patience():
        with pytest.raises(asyncio.CancelledError):
            await working


async def test_waiting_ends_when_the_worker_is_cancelled() -> None:
    waiting = asyncio.create_task(Backoff(LONGEST_S).wait())
    await asyncio.sleep(0)

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
