"""Notify as a whole, on a real broker and a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aio_pika
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.local.mongod import Mongod
from services.events.citizens import (
    CitizenErased,
    CitizenMerged,
    ConsentGiven,
    ConsentWithdrawn,
)
from services.events.corrections import EventRefused
from services.events.envelope import BATCH_MEDIA_TYPE, Event
from services.events.registry import encode
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Delivery, Outgoing
from services.messaging.topology import (
    EVENTS_DEAD_LETTERS,
    NOTIFY_EVENTS,
    PRIVATE,
    PRIVATE_DEAD_LETTERS,
    READERS,
    declare,
    partition_of,
    partition_queue,
)
from services.notify.main import create
from services.notify.settings import NotifySettings
from services.platform.personal_data.contact_wire import (
    CONTACT_ERASED,
    CONTACT_SHARED,
    erased_message,
)
from tests.builders import CHO_LON, SATURDAY, an_event_id, an_id, event, void
from tests.eventually import eventually, patience
from tests.notify.harness import WRAP_KEY, assisted, correcting, issued, sealed_contact

PARTITIONS = 4


@dataclass
class Running:
    """The service, and a hand on its broker."""

    app: FastAPI
    http: httpx.AsyncClient
    broker: AmqpBroker
    console_file: Path

    async def publish(self, *events: Event) -> None:
        """As the relay does, one type a message."""
        body = b"[" + b",".join(encode(one) for one in events) + b"]"
        await self.publish_raw(events[0].type, body)

    async def publish_raw(self, event_type: str, body: bytes) -> None:
        await self._send(READERS, NOTIFY_EVENTS, event_type, body)

    async def share(self, citizen_id: str, phone: str) -> None:
        id_ = an_event_id()
        body = sealed_contact(citizen_id, phone, id_)
        await self._send(PRIVATE, CONTACT_SHARED, CONTACT_SHARED, body)

    async def publish_private(self, key: str, body: bytes) -> None:
        await self._send(PRIVATE, key, key, body)

    async def consent(self, citizen_id: str) -> None:
        await self.publish(event(ConsentGiven, citizen_id=citizen_id))

    async def sent(self) -> list[str]:
        """Texts on the console."""
        answer = await self.http.get("/api/notify/v1/console")
        return [message["text"] for message in answer.json()["messages"]]

    async def one_is_sent(self) -> bool:
        return len(await self.sent()) == 1

    async def notifications(self, **asked: str) -> list[dict[str, object]]:
        answer = await self.http.get("/api/notify/v1/notifications", params=asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()["notifications"]
        return found

    async def ready(self) -> bool:
        return (await self.http.get("/readyz")).status_code == 200

    async def _send(self, exchange: str, key: str, type_: str, body: bytes) -> None:
        message = Outgoing(exchange, key, body, an_event_id(), type_, "registration")
        async with self.broker.publisher("test") as publisher:
            await publisher.publish(message)


@asynccontextmanager
async def notify(
    mongo_url: str, database: str, amqp_url: str, folder: Path, **settings: object
) -> AsyncIterator[Running]:
    file = folder / "sms.jsonl"
    told = NotifySettings.model_validate(
        {
            "mongo_url": SecretStr(mongo_url),
            "mongo_database": database,
            "broker_url": SecretStr(amqp_url),
            "token_public_key": "",
            "anonymous_reading": True,
            "notify_wrap_key": WRAP_KEY,
            "console_file": file,
            "delay_s": 0,
            "poll_s": 0.05,
            "demo": True,
            **settings,
        }
    )
    app = create(told)
    async with app.router.lifespan_context(app) as state:
        http = httpx.AsyncClient(transport=_transport(app, state), base_url="http://notify")
        yield Running(app, http, AmqpBroker(amqp_url), file)
        await http.aclose()


def _transport(app: FastAPI, state: object) -> httpx.ASGITransport:
    """Gives requests the lifespan's state, as a server does."""

    async def served(scope, receive, send):  # type: ignore[no-untyped-def]
        await app({**scope, "state": dict(state)}, receive, send)  # type: ignore[call-overload]

    return httpx.ASGITransport(served)


async def declare_in(amqp_url: str) -> None:
    async with AmqpBroker(amqp_url).connection("declare") as connection:
        await declare(await connection.channel(), PARTITIONS)


@pytest.fixture
async def running(
    mongo_url: str, database_name: str, vhost_url: str, tmp_path: Path
) -> AsyncIterator[Running]:
    await declare_in(vhost_url)
    async with notify(mongo_url, database_name, vhost_url, tmp_path) as made:
        await eventually(made.ready)
        yield made


async def holds(amqp_url: str, queue: str, count: int) -> bool:
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        channel = await connection.channel()
        declared = await channel.get_queue(queue)
        return declared.declaration_result.message_count == count


async def test_visit_is_told_and_announced(running: Running) -> None:
    citizen = an_id("citizen")
    visit = assisted(citizen)

    await running.share(citizen, "0900000001")
    await running.consent(citizen)
    await running.publish(visit, assisted(citizen))
    await running.publish(issued(citizen))

    (text,) = await eventually(running.sent)
    assert "11/10/2025" in text
    await eventually(lambda: _in_state(running, citizen, "accepted"))
    (found,) = await running.notifications(event_id=visit.id)
    assert found["citizen_id"] == citizen
    async with patience():
        announced = await announced_to_reporting(running.broker)
    assert announced.type == "notification.sent.v1"
    assert announced.content_type == BATCH_MEDIA_TYPE


async def announced_to_reporting(broker: AmqpBroker) -> Delivery:
    """The first of notify's events that reporting would hear; heartbeats are left out."""
    async with broker.inbox(
        partition_queue(partition_of(CHO_LON, PARTITIONS)), prefetch=100
    ) as box:
        while True:
            for delivery in await box.take(100):
                if delivery.app_id == "notify" and delivery.type != "heartbeat":
                    return delivery


async def test_contact_after_the_visit_is_enough(running: Running) -> None:
    citizen = an_id("citizen")
    await running.consent(citizen)
    await running.publish(assisted(citizen))
    await eventually(lambda: _in_state(running, citizen, "deferred"))

    await running.share(citizen, "0900000002")

    await eventually(running.one_is_sent)


async def test_words_about_citizens_reach_the_ledger(running: Running) -> None:
    stays, merged, stopped, erased = (an_id("citizen") for _ in range(4))
    for citizen in (stays, stopped, erased):
        await running.share(citizen, "0900000003")
        await running.consent(citizen)
    await running.publish(event(CitizenMerged, citizen_id=stays, merged_id=merged))
    later = SATURDAY.replace(hour=9)
    await running.publish(event(ConsentWithdrawn, at=later, citizen_id=stopped))
    await running.publish(event(CitizenErased, citizen_id=erased))
    await running.publish_private(CONTACT_ERASED, erased_message((erased,), an_event_id()))

    await running.publish(assisted(merged), assisted(stopped), assisted(erased))

    await eventually(running.one_is_sent)
    await eventually(lambda: _in_state(running, stopped, "suppressed"))
    await eventually(lambda: _in_state(running, erased, "suppressed"))
    ((one,), (other,)) = [await running.notifications(citizen_id=c) for c in (stopped, erased)]
    assert (one["reason"], other["reason"]) == ("consent_withdrawn", "erased")


async def test_void_before_its_visit_is_heard(running: Running) -> None:
    citizen = an_id("citizen")
    visit = assisted(citizen)

    await running.publish(void(visit))
    await eventually(lambda: _is_empty(running, "notify.events"))
    await running.publish(visit)

    await eventually(lambda: _in_state(running, citizen, "suppressed"))


async def test_correction_of_a_rejected_visit_is_told_without_waiting_for_it(
    running: Running,
) -> None:
    citizen = an_id("citizen")
    rejected, corrected = assisted(citizen), assisted(citizen)
    await running.share(citizen, "0900000004")
    await running.consent(citizen)

    await running.publish(correcting(rejected, corrected))
    await running.publish(event(EventRefused, event_id=rejected.id))

    await eventually(running.one_is_sent)


async def test_bad_event_lies_among_the_dead_letters_and_the_others_go_on(
    running: Running, vhost_url: str
) -> None:
    citizen = an_id("citizen")
    body = b'[{"type": "citizen.assisted.v1"},' + encode(assisted(citizen)) + b"]"

    await running.publish_raw("citizen.assisted.v1", body)
    await running.publish_private(CONTACT_SHARED, b'{"citizen_id": "c-1"}')
    await running.publish_raw("event.voided.v1", b"not json")

    await eventually(lambda: _in_state(running, citizen, "deferred"))
    await eventually(lambda: holds(vhost_url, EVENTS_DEAD_LETTERS, 2))
    await eventually(lambda: holds(vhost_url, PRIVATE_DEAD_LETTERS, 1))
    await eventually(lambda: _is_empty(running, "notify.events"))


async def test_page_of_another_origin_may_read_only_where_a_setting_names_it(
    mongo_url: str, database_name: str, vhost_url: str, tmp_path: Path
) -> None:
    await declare_in(vhost_url)
    page = "http://127.0.0.1:8102"
    async with notify(
        mongo_url, database_name, vhost_url, tmp_path, allowed_origin=page
    ) as running:
        named = await running.http.get("/api/notify/v1/console", headers={"Origin": page})
        other = await running.http.get("/api/notify/v1/console", headers={"Origin": "http://x"})

    assert named.headers["access-control-allow-origin"] == page
    assert "access-control-allow-origin" not in other.headers


async def test_database_that_goes_away_loses_no_event(
    faulty_mongod: Mongod, database_name: str, vhost_url: str, tmp_path: Path
) -> None:
    await declare_in(vhost_url)
    citizen = an_id("citizen")
    async with notify(faulty_mongod.url, database_name, vhost_url, tmp_path) as running:
        await eventually(running.ready)

        faulty_mongod.kill()
        await running.share(citizen, "0900000005")
        await running.publish(event(ConsentGiven, citizen_id=citizen))
        await running.publish(assisted(citizen))
        faulty_mongod.start()

        await eventually(running.one_is_sent)
        await eventually(lambda: _is_empty(running, "notify.events"))


async def _in_state(running: Running, citizen_id: str, state: str) -> bool:
    return bool(await running.notifications(citizen_id=citizen_id, state=state))


async def _is_empty(running: Running, queue: str) -> bool:
    return await holds(running.broker.url, queue, 0)
