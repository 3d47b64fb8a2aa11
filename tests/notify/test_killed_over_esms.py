"""kill -9 of a notify process that sends by eSMS: nothing is lost, and nothing sent twice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from deploy.local.mongod import Mongod
from tests.eventually import eventually
from tests.notify.process import (
    ANSWER_S,
    in_states,
    notify_process,
    states_of,
    time_goes_on,
    visits_to_reachable_citizens,
)
from tests.notify.sandbox.esms import EsmsImitation
from tests.notify.sandbox.server import serving
from tests.notify.sandbox_http_provider import Manner
from tests.stack import Stack

EACH_TIME = 10
HELD_S = 2 * ANSWER_S
A_WHILE = timedelta(minutes=10)


@dataclass
class World:
    """What the killings go about with."""

    notify: Stack
    esms: EsmsImitation
    mongod: Mongod

    async def visits(self) -> dict[str, str]:
        return await visits_to_reachable_citizens(self.notify.broker_url, EACH_TIME)

    async def new_phones(self, manner: Manner) -> set[str]:
        """Of citizens who were visited, as eSMS has them."""
        self.esms.manner = manner
        return {f"84{phone[1:]}" for phone in (await self.visits()).values()}

    def asked(self) -> Counter[tuple[str, str]]:
        """How often for which phone under which id."""
        return Counter((one.json["Phone"], one.json["RequestId"]) for one in self.esms.asked)

    def taken(self) -> Counter[str]:
        """How often each phone was sent to."""
        return Counter(kept.body["Phone"] for kept in list(self.esms.kept.values()))

    def restart(self, **settings: str) -> None:
        self.notify.settings = {**self.notify.settings, **settings}
        self.notify.start("notify")


@pytest.fixture
def world(faulty_mongod: Mongod, vhost_url: str) -> Iterator[World]:
    esms = EsmsImitation()
    with (
        serving(esms),
        notify_process(
            faulty_mongod.url,
            vhost_url,
            "killed",
            NOTIFY_PROVIDERS="esms",
            NOTIFY_ESMS_URL=esms.url,
            NOTIFY_ESMS_API_KEY=esms.keys[0],
            NOTIFY_ESMS_SECRET_KEY=esms.keys[1],
            NOTIFY_ESMS_BRANDNAME=esms.brandname,
            NOTIFY_ESMS_WEBHOOK_SECRET="secret-of-a-test",
            NOTIFY_ESMS_TIMEOUT_S=str(HELD_S),
            NOTIFY_LEASE_S=str(HELD_S + 1),
        ) as notify,
    ):
        yield World(notify, esms, faulty_mongod)


async def before_the_write_ahead(world: World) -> None:
    world.restart(NOTIFY_DELAY_S=str(A_WHILE.total_seconds()))
    citizens = await world.visits()
    await eventually(lambda: states_of(world.notify, citizens) == {"received": EACH_TIME})
    world.notify.kill("notify")


async def before_esms_took_it(world: World) -> set[str]:
    """And it does so afterwards: the requests lie in its sockets."""
    phones = await world.new_phones(Manner.HOLD_BEFORE_TAKING)
    await eventually(lambda: {phone for phone, _ in world.asked()} >= phones)
    world.notify.kill("notify")
    world.esms.let_go.set()
    return phones


async def all_is_well_again(world: World) -> None:
    """What was left open is settled, so that the next killing meets its own SMS alone."""
    world.esms.manner = Manner.ACCEPT
    world.restart()
    await eventually(lambda: in_states(world.notify, EACH_TIME, "accepted"))
    world.esms.let_go.clear()


async def after_the_response(world: World) -> set[str]:
    """It came, and could not be written down any more."""
    phones = await world.new_phones(Manner.HOLD_AFTER_TAKING)
    await eventually(lambda: world.taken().keys() >= phones)
    world.mongod.pause()
    world.esms.let_go.set()
    world.notify.kill("notify")
    world.mongod.resume()
    return phones


async def test_killed_at_each_point_of_a_submission_sends_each_sms_once(world: World) -> None:
    """A request that was left open is shown again under its id, which eSMS knows."""
    world.restart()
    left_open = await before_esms_took_it(world)
    await all_is_well_again(world)
    left_open |= await after_the_response(world)
    world.esms.manner = Manner.ACCEPT
    await before_the_write_ahead(world)

    world.restart(NOTIFY_DELAY_S="0")
    await time_goes_on(world.notify.broker_url, A_WHILE)
    everybody = 3 * EACH_TIME
    await eventually(lambda: in_states(world.notify, everybody, "accepted"))

    sent = world.taken()
    assert (len(sent), set(sent.values())) == (everybody, {1})
    asked = world.asked()
    assert len(asked) == everybody  # each phone under one id
    assert {phone for (phone, _), times in asked.items() if times > 1} >= left_open
