"""Answers that come in time, late, or never, told apart with one timer."""

import asyncio

from services.notify.smpp.deadlines import Deadlines
from services.notify.smpp.link import Answer
from tests.eventually import PATIENCE_S, eventually, patience


def asked() -> Answer:
    return asyncio.get_running_loop().create_future()


async def test_answer_in_time_is_heard() -> None:
    deadlines, question = Deadlines(patience_s=PATIENCE_S), asked()

    hearing = asyncio.create_task(deadlines.heard(question))
    await asyncio.sleep(0)
    question.set_result(None)

    assert await hearing


async def test_answer_that_never_comes_is_given_up_and_stays_open() -> None:
    deadlines, question = Deadlines(patience_s=0.05), asked()

    assert not await deadlines.heard(question)
    assert not question.done()


async def test_timer_is_set_again_for_the_next_answer() -> None:
    deadlines = Deadlines(patience_s=0.05)
    clock = asyncio.get_running_loop().time
    ended = []

    for _ in range(2):
        began = clock()
        assert not await deadlines.heard(asked())
        ended.append(clock() - began)

    assert min(ended) >= 0.05


async def test_later_answer_is_given_up_too_when_nobody_asks_any_more() -> None:
    deadlines = Deadlines(patience_s=0.05)
    clock = asyncio.get_running_loop().time
    first = asyncio.create_task(deadlines.heard(asked()))
    soon = clock() + 0.02
    await eventually(lambda: clock() > soon)

    second = asyncio.create_task(deadlines.heard(asked()))

    async with patience():
        assert [await first, await second] == [False, False]


async def test_answer_in_time_between_silent_ones_is_heard() -> None:
    deadlines, questions = Deadlines(patience_s=0.05), [asked() for _ in range(3)]
    questions[1].set_result(None)

    hearing = asyncio.gather(*map(deadlines.heard, questions))

    assert await hearing == [False, True, False]


async def test_caller_who_goes_away_keeps_nobody_waiting() -> None:
    deadlines = Deadlines(patience_s=0.05)
    gone = asyncio.create_task(deadlines.heard(asked()))
    await asyncio.sleep(0)

    gone.cancel()

    assert not await deadlines.heard(asked())
