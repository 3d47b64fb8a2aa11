"""Parts of a process are prepared in turn, run together, answer for readiness, end in order."""

import asyncio

import pytest

from services.platform.process.supervisor import Part, PartFailed, Supervisor
from services.platform.unavailable import Unavailable
from tests.eventually import eventually, patience


class Life:
    """What happened to the parts, in order."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def part(self, name: str) -> Part:
        async def prepare() -> None:
            self.events.append(f"prepare {name}")

        async def run() -> None:
            self.events.append(f"run {name}")
            try:
                await asyncio.Event().wait()
            finally:
                self.events.append(f"end {name}")

        async def close() -> None:
            self.events.append(f"close {name}")

        return Part(name, prepare=prepare, run=run, close=close)

    async def reached(self, *events: str) -> bool:
        return set(events) <= set(self.events)


async def ready() -> None:
    """Raises nothing."""


async def test_parts_run_once_all_before_them_are_prepared_and_close_in_reverse() -> None:
    life = Life()

    async with Supervisor([life.part("log"), life.part("relay")]).lifespan():
        await eventually(lambda: life.reached("run log", "run relay"))

    assert life.events.index("prepare log") < life.events.index("run log")
    assert life.events.index("prepare relay") < life.events.index("run relay")
    assert {*life.events[-4:-2]} == {"end log", "end relay"}
    assert life.events[-2:] == ["close relay", "close log"]


async def test_what_stands_on_nothing_runs_while_others_wait_for_their_database() -> None:
    life, there = Life(), asyncio.Event()
    first = life.part("gauge")

    async def prepare() -> None:
        await there.wait()

    worker = Part("worker", prepare=prepare, run=life.part("worker").run)
    async with Supervisor([first, worker]).lifespan():
        await eventually(lambda: life.reached("run gauge"))
        assert "run worker" not in life.events

        there.set()

        await eventually(lambda: life.reached("run worker"))


async def test_a_part_whose_database_is_away_is_prepared_once_it_is_back() -> None:
    life, failures = Life(), [Unavailable("away")]

    async def prepare() -> None:
        if failures:
            raise failures.pop()

    async with Supervisor([Part("log", prepare=prepare), life.part("relay")]).lifespan():
        await eventually(lambda: life.reached("run relay"))


async def test_process_ends_though_its_database_never_came() -> None:
    async def prepare() -> None:
        raise Unavailable("away")

    async with patience(), Supervisor([Part("log", prepare=prepare)]).lifespan():
        await asyncio.sleep(0)


async def test_when_a_part_fails_all_end_and_no_check_succeeds_any_more() -> None:
    life = Life()

    async def run() -> None:
        raise LookupError("a fault of our own")

    broken = Part("broken", run=run, check=ready)
    supervisor = Supervisor([life.part("relay"), broken])
    async with supervisor.lifespan():
        await eventually(lambda: life.reached("end relay"))

        with pytest.raises(PartFailed):
            await supervisor.checks["broken"]()


async def test_the_others_go_on_when_a_part_has_done_its_work() -> None:
    life = Life()

    once = Part("once", run=ready)
    async with Supervisor([once, life.part("relay")]).lifespan():
        await eventually(lambda: life.reached("run relay"))
        await asyncio.sleep(0)

        assert "end relay" not in life.events


async def test_readiness_asks_each_part_that_has_an_answer() -> None:
    async def away() -> None:
        raise ConnectionError

    supervisor = Supervisor([Part("database", check=ready), Part("relay"), Part("q", check=away)])

    assert list(supervisor.checks) == ["database", "q"]
    await supervisor.checks["database"]()
    with pytest.raises(ConnectionError):
        await supervisor.checks["q"]()


async def test_a_part_that_can_stop_ends_by_itself_before_any_other_is_cancelled() -> None:
    life, stopping = Life(), asyncio.Event()

    async def run() -> None:
        await stopping.wait()
        life.events.append("answer heard out")

    dispatch = Part("dispatch", run=run, stop=stopping.set, grace_s=60)
    async with Supervisor([life.part("log"), dispatch]).lifespan():
        await eventually(lambda: life.reached("run log"))

    assert life.events[-3:] == ["answer heard out", "end log", "close log"]


async def test_a_part_that_does_not_stop_in_its_time_is_cancelled() -> None:
    life = Life()
    stubborn = life.part("dispatch")

    dispatch = Part("dispatch", run=stubborn.run, stop=lambda: None, grace_s=0.001)
    async with Supervisor([dispatch]).lifespan():
        await eventually(lambda: life.reached("run dispatch"))

    assert life.events == ["run dispatch", "end dispatch"]
