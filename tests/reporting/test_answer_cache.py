"""Answers that many ask for."""

import asyncio

import pytest

from services.reporting.http.answer_cache import AnswerCache


class Kitchen:
    """Counts what it makes; each answer takes a second of a clock that is handed in."""

    def __init__(self) -> None:
        self.now = 0.0
        self.made = 0

    async def make(self) -> int:
        await asyncio.sleep(0)
        self.now += 1.0
        self.made += 1
        return self.made

    async def fail(self) -> int:
        raise ConnectionError


async def test_all_who_ask_at_once_get_the_one_answer_under_way() -> None:
    kitchen = Kitchen()
    fresh = AnswerCache[int](lambda: kitchen.now)

    answers = await asyncio.gather(*(fresh.get("league", kitchen.make) for _ in range(50)))

    assert set(answers) == {1}


async def test_an_answer_rests_in_proportion_to_what_it_took() -> None:
    kitchen = Kitchen()
    fresh = AnswerCache[int](lambda: kitchen.now)
    await fresh.get("league", kitchen.make)

    kitchen.now += 3.9
    soon = await fresh.get("league", kitchen.make)
    kitchen.now += 0.2
    later = await fresh.get("league", kitchen.make)

    assert (soon, later) == (1, 2)


async def test_an_answer_that_is_still_right_is_not_made_again() -> None:
    kitchen = Kitchen()
    fresh = AnswerCache[int](lambda: kitchen.now)
    await fresh.get("league", kitchen.make)
    kitchen.now += 1_000

    again = await fresh.get("league", kitchen.make, still=lambda made: made == 1)

    assert (again, kitchen.made) == (1, 1)


async def test_a_failure_is_told_and_not_kept() -> None:
    kitchen = Kitchen()
    fresh = AnswerCache[int](lambda: kitchen.now)

    with pytest.raises(ConnectionError):
        await fresh.get("league", kitchen.fail)

    assert await fresh.get("league", kitchen.make) == 1


async def test_who_goes_away_spoils_nobody_elses_answer() -> None:
    kitchen = Kitchen()
    fresh = AnswerCache[int](lambda: kitchen.now)
    impatient = asyncio.create_task(fresh.get("league", kitchen.make))
    patient = asyncio.create_task(fresh.get("league", kitchen.make))
    await asyncio.sleep(0)

    impatient.cancel()

    assert await patient == 1
