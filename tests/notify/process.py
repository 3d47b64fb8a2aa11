"""A real `notify` process, and what is published for it."""

import base64
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from services.events.citizens import ConsentGiven
from services.events.envelope import Event
from services.events.registry import encode
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Outgoing, Publisher
from services.messaging.topology import NOTIFY_EVENTS, PRIVATE, READERS
from services.platform.personal_data.contact_wire import CONTACT_SHARED
from tests import calls
from tests.builders import SATURDAY, a_phone, an_event_id, an_id, event
from tests.eventually import SILENCE_S
from tests.notify.harness import WRAP_KEY, assisted, sealed_contact
from tests.stack import Stack, stack

RECEIPTS_SECRET = "secret-of-a-test-webhook"
ANSWER_S = SILENCE_S
"""So long a provider may take; what is killed while it waits is given up a second later."""
A_MESSAGE = 100
"""Events."""


@contextmanager
def notify_process(
    mongo_url: str, broker_url: str, database: str, **settings: str
) -> Iterator[Stack]:
    """Not started yet; its clock follows the events, and nothing waits before it is sent."""
    quick = {
        "NOTIFY_DELAY_S": "0",
        "NOTIFY_POLL_S": "0.05",
        "NOTIFY_DEMO": "true",
        "NOTIFY_NEW_NUMBERS_A_DAY": "100000",  # one phone of a test brings them all
    }
    with stack(mongo_url, broker_url, database, **quick | settings) as made:
        (made.folder / "secrets" / "notify_notify_wrap_key").write_bytes(base64.b64encode(WRAP_KEY))
        yield made


async def tell(amqp_url: str, *events: Event) -> None:
    """Of one type; as the relay does."""
    async with AmqpBroker(amqp_url).publisher("test") as publisher:
        await _publish(publisher, events)


async def time_goes_on(amqp_url: str, by: timedelta) -> None:
    """Somebody is visited so much later: the clock of a demo follows."""
    await tell(amqp_url, assisted(None, at=SATURDAY + by))


async def publish_private(amqp_url: str, type_: str, body: bytes) -> None:
    """What registration tells notify alone."""
    async with AmqpBroker(amqp_url).publisher("test") as publisher:
        await publisher.publish(
            Outgoing(PRIVATE, type_, body, an_event_id(), type_, "registration")
        )


async def visits_to_reachable_citizens(amqp_url: str, count: int) -> dict[str, str]:
    """Their phones, by the citizens' ids."""
    phones = {an_id("citizen"): a_phone() for _ in range(count)}
    async with AmqpBroker(amqp_url).publisher("test") as publisher:
        for citizen, phone in phones.items():
            id_ = an_event_id()
            body = sealed_contact(citizen, phone, id_)
            await publisher.publish(
                Outgoing(PRIVATE, CONTACT_SHARED, body, id_, CONTACT_SHARED, "registration")
            )
        await _publish(publisher, [event(ConsentGiven, citizen_id=one) for one in phones])
        await _publish(publisher, [assisted(one) for one in phones])
    return phones


async def _publish(publisher: Publisher, events: Collection[Event]) -> None:
    of_one_type = list(events)
    for first in range(0, len(of_one_type), A_MESSAGE):
        some = of_one_type[first : first + A_MESSAGE]
        body = b"[" + b",".join(map(encode, some)) + b"]"
        type_ = some[0].type
        await publisher.publish(
            Outgoing(READERS, NOTIFY_EVENTS, body, an_event_id(), type_, "registration")
        )


def notifications(services: Stack) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        asked: dict[str, Any] = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        url = f"{services.url('notify')}/api/notify/v1/notifications"
        page = calls.get(url, params=asked).raise_for_status().json()
        found += page["notifications"]
        cursor = page["next"]
        if cursor is None:
            return found


def in_states(services: Stack, count: int, *states: str) -> bool:
    """There are so many, and all of them stand in one of these."""
    found = [one["state"] for one in notifications(services)]
    return len(found) == count and set(found) <= set(states)


def states_of(services: Stack, citizens: Collection[str]) -> Mapping[str, int]:
    """How many SMS about these citizens' visits stand where."""
    found = [n for n in notifications(services) if n["about"] == "visit"]
    return Counter(n["state"] for n in found if n["citizen_id"] in citizens)


def said(services: Stack) -> str:
    """All that the process has written since it started, and its metrics."""
    log = (services.folder / "notify.log").read_text(encoding="utf-8", errors="replace")
    return log + calls.get(f"{services.url('notify')}/metrics").text
