"""One visit, however often and in how many events it is told over the broker: one SMS."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from services.events.envelope import Event
from tests.builders import a_phone, an_id, void
from tests.eventually import eventually
from tests.notify.harness import assisted, correcting, issued
from tests.notify.test_service import Running, declare_in, notify


@pytest.fixture
async def running(
    mongo_url: str, database_name: str, vhost_url: str, tmp_path: Path
) -> AsyncIterator[Running]:
    """SMS leave half a second after the last event of their day."""
    await declare_in(vhost_url)
    async with notify(mongo_url, database_name, vhost_url, tmp_path, delay_s=0.5) as made:
        await eventually(made.ready)
        yield made


async def a_reachable_citizen(running: Running) -> str:
    citizen = an_id("citizen")
    await running.share(citizen, a_phone())
    await running.consent(citizen)
    return citizen


async def tell(running: Running, events: Iterable[Event]) -> None:
    for one in events:
        await running.publish(one)


async def sms_until_now(running: Running) -> int:
    """Once the SMS of a visit that was told after all the others has left."""
    last = await a_reachable_citizen(running)
    await running.publish(assisted(last))
    await eventually(lambda: _is_sent(running, last))
    return len(await running.sent()) - 1


async def _is_sent(running: Running, citizen: str) -> bool:
    return bool(await running.notifications(citizen_id=citizen, state="accepted"))


async def test_event_delivered_five_times_is_told_by_one_sms(running: Running) -> None:
    citizen = await a_reachable_citizen(running)
    visit = assisted(citizen)

    await tell(running, [visit] * 3)
    await eventually(lambda: _is_sent(running, citizen))
    await tell(running, [visit] * 2)

    assert await sms_until_now(running) == 1


async def test_help_and_a_signature_at_one_door_are_told_by_one_sms(running: Running) -> None:
    citizen = await a_reachable_citizen(running)

    await tell(running, [assisted(citizen), issued(citizen)])

    assert await sms_until_now(running) == 1


@pytest.mark.parametrize("sent_before", [True, False])
async def test_visit_voided_and_recorded_again_is_told_by_one_sms(
    running: Running, sent_before: bool
) -> None:
    citizen = await a_reachable_citizen(running)
    visit = assisted(citizen)
    await running.publish(visit)
    if sent_before:
        await eventually(lambda: _is_sent(running, citizen))

    await tell(running, [void(visit), correcting(visit, assisted(citizen))])

    assert await sms_until_now(running) == 1
