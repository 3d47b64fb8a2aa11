"""kill -9 of a notify process that sends over SMPP, at each point of a submission."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from deploy.local.mongod import Mongod
from tests.eventually import SILENCE_S, eventually
from tests.notify.process import (
    in_states,
    notify_process,
    states_of,
    time_goes_on,
    visits_to_reachable_citizens,
)
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.smpp.harness import once_each
from tests.notify.smpp.over_smpp import over_smpp
from tests.notify.smpp.smsc.process import Smsc
from tests.stack import Stack

EACH_TIME = 10
"""As many as the window holds."""
A_WHILE = timedelta(minutes=10)
NOT_LET_IN = 0x0D
QUICK = {
    "NOTIFY_SMPP_WINDOW": str(EACH_TIME),
    "NOTIFY_SMPP_PATIENCE_S": str(2 * SILENCE_S),
    "NOTIFY_SMPP_RESPONSE_S": str(SILENCE_S),
    "NOTIFY_LEASE_S": str(3 * SILENCE_S + 1),
}


@dataclass
class World:
    """What the killings go about with."""

    notify: Stack
    smsc: Smsc
    mongod: Mongod

    async def visits(self) -> dict[str, str]:
        return await visits_to_reachable_citizens(self.notify.broker_url, EACH_TIME)

    def stand(self, citizens: dict[str, str], state: str) -> bool:
        return states_of(self.notify, citizens) == {state: EACH_TIME}

    def reached(self, citizens: dict[str, str]) -> int:
        """How many of their phones the SMSC was asked for."""
        asked = {one["to"] for one in self.smsc.saw("submit_sm")}
        return len({f"84{phone[1:]}" for phone in citizens.values()} & asked)

    def restart(self, **settings: str) -> None:
        self.notify.settings = {**self.notify.settings, **settings}
        self.notify.start("notify")


@pytest.fixture
async def world(
    faulty_mongod: Mongod, vhost_url: str, start_smsc: StartSmsc
) -> AsyncIterator[World]:
    smsc = start_smsc()
    told = await over_smpp(smsc, **QUICK)
    with notify_process(faulty_mongod.url, vhost_url, "killed", **told) as notify:
        yield World(notify, smsc, faulty_mongod)


async def before_the_write_ahead(world: World) -> dict[str, str]:
    world.restart(NOTIFY_DELAY_S=str(A_WHILE.total_seconds()))
    citizens = await world.visits()
    await eventually(lambda: world.stand(citizens, "received"))
    world.notify.kill("notify")
    return citizens


async def after_the_write_ahead(world: World) -> dict[str, str]:
    """No session: nothing leaves."""
    world.smsc.tell("behave", bind_status=NOT_LET_IN)
    world.restart(NOTIFY_DELAY_S="0")
    citizens = await world.visits()
    await eventually(lambda: world.stand(citizens, "submitting"))
    world.notify.kill("notify")
    world.smsc.tell("behave", bind_status=0)
    return citizens


async def after_the_submit_and_half_of_the_responses(world: World) -> dict[str, str]:
    """They came, and could not be written down any more."""
    world.restart(NOTIFY_DELAY_S="0")
    world.smsc.tell("behave", submits="hold")
    citizens = await world.visits()
    await eventually(lambda: world.reached(citizens) == EACH_TIME)
    world.mongod.pause()
    world.smsc.tell("release", count=EACH_TIME // 2)
    await eventually(lambda: len(world.smsc.saw("answered")) == EACH_TIME // 2)
    world.notify.kill("notify")
    world.mongod.resume()
    world.smsc.tell("behave", submits="answer")
    return citizens


async def test_killed_at_each_point_of_a_submission_loses_nothing_and_sends_nothing_twice(
    world: World,
) -> None:
    """What may have left has an outcome and is not sent again."""
    nothing_left = await after_the_write_ahead(world)
    under_way = await after_the_submit_and_half_of_the_responses(world)
    untried = await before_the_write_ahead(world)

    world.restart(NOTIFY_DELAY_S="0")
    await time_goes_on(world.notify.broker_url, A_WHILE)
    ends = ("accepted", "unknown")
    everybody = 3 * EACH_TIME
    await eventually(lambda: in_states(world.notify, everybody, *ends))

    assert world.stand(untried, "accepted")
    assert world.stand(nothing_left, "unknown")
    assert world.stand(under_way, "unknown")
    reached = [world.reached(those) for those in (nothing_left, under_way, untried)]
    assert reached == [0, EACH_TIME, EACH_TIME]
    assert once_each(world.smsc)
