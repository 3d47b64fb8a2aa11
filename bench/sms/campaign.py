"""A day's visits to citizens who agreed to an SMS, told to notify as registration tells it."""

import asyncio
import base64
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from bench.entry import PARTITIONS, ward_codes
from bench.stage import Stage, wait_for
from services.events.assistance import Assistance, CitizenAssisted, ServiceGiven
from services.events.citizens import Consent, ConsentGiven
from services.events.codes import Before, Channel, ConsentMethod, Device, Outcome, Purpose, Service
from services.events.envelope import CITY_TIME, Event
from services.events.registry import encode
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Outgoing
from services.messaging.topology import EVENTS, PRIVATE, partition_of, routing_key
from services.platform.ids import new_event_id
from services.platform.personal_data.contact_wire import (
    CONTACT_SHARED,
    Contact,
    new_data_key,
    seal_contact,
    shared_message,
)

MORNING = datetime(2025, 10, 11, 9, 0, tzinfo=CITY_TIME)
DELAY = timedelta(minutes=30)
"""What notify waits after a visit; the demo's clock is set past it once everything stands."""
IN_A_MESSAGE = 100
AT_A_TIME = 50
LATER = 40
"""Messages, so that no process of notify hears none of them."""
HEARD_S = 300


def ready(stage: Stage, count: int) -> Callable[[], None]:
    """So many notifications stand in the ledger; what is given back makes all of them due."""
    asyncio.run(_tell(stage, _contacts(stage, count)))
    asyncio.run(_tell(stage, _batches(_consent(n, MORNING) for n in range(count))))
    _wait_heard(stage, "citizens", count)
    asyncio.run(_tell(stage, _batches(_visit(n) for n in range(count))))
    ledger = stage.client[stage.database("notify")]["notifications"]
    wait_for(lambda: ledger.estimated_document_count() >= count, HEARD_S)
    return lambda: asyncio.run(_tell(stage, _pass_the_delay()))


async def _tell(stage: Stage, messages: Iterator[Outgoing]) -> None:
    """On a connection of its own: one that waits for notify meanwhile would miss its heartbeats."""
    async with AmqpBroker(stage.broker_url).publisher("bench") as publisher:
        while group := list(islice(messages, AT_A_TIME)):
            await asyncio.gather(*map(publisher.publish, group))


def _pass_the_delay() -> Iterator[Outgoing]:
    """To each process of notify some: the clock of each follows what it hears itself."""
    return (_message([_consent(n, MORNING + 2 * DELAY)]) for n in range(LATER))


def _wait_heard(stage: Stage, collection: str, count: int) -> None:
    """Contact and consent first, or the visits' SMS would be put off for their sake."""
    known = stage.client[stage.database("notify")][collection]
    both: dict[str, Any] = {"contact": {"$exists": True}, "consents": {"$exists": True}}
    wait_for(lambda: known.count_documents(both) >= count, HEARD_S)


def _contacts(stage: Stage, count: int) -> Iterator[Outgoing]:
    secret = Path(stage.settings["SECRETS_DIR"], "registration_notify_wrap_key")
    wrap_key = base64.b64decode(secret.read_text())
    for n in range(count):
        id_, data_key = new_event_id(), new_data_key()
        sealed = seal_contact(Contact(phone=f"+849{n:08d}"), _citizen(n), data_key)
        body = shared_message(_citizen(n), id_, sealed, data_key, wrap_key)
        yield Outgoing(PRIVATE, CONTACT_SHARED, body, id_, CONTACT_SHARED, "bench")


def _batches(events: Iterator[Event]) -> Iterator[Outgoing]:
    """A message has one ward's events, as the relay makes them."""
    while group := list(islice(events, IN_A_MESSAGE)):
        yield _message(group)


def _message(events: Sequence[Event]) -> Outgoing:
    first = events[0]
    body = b"[" + b",".join(map(encode, events)) + b"]"
    key = routing_key(first.type, partition_of(first.ward, PARTITIONS))
    headers = {"count": len(events)}
    return Outgoing(EVENTS, key, body, first.id, first.type, "registration", headers)


def _visit(n: int) -> CitizenAssisted:
    given = ServiceGiven(service=Service.CITIZEN_APP, before=Before.NONE, outcome=Outcome.CAN_DO)
    return CitizenAssisted(
        id=new_event_id(),
        source="/device/bench",
        subject=_citizen(n),
        time=MORNING,
        recordedtime=MORNING,
        ward=_ward(n),
        data=Assistance(
            citizen_id=_citizen(n),
            services=(given,),
            channel=Channel.HOME,
            device=Device.OWN,
            team_id="team-1",
        ),
    )


def _consent(n: int, at: datetime) -> ConsentGiven:
    return ConsentGiven(
        id=new_event_id(),
        source="/device/bench",
        subject=_citizen(n),
        time=at,
        recordedtime=at,
        ward=_ward(n),
        data=Consent(
            citizen_id=_citizen(n),
            purposes=(Purpose.VISIT,),
            method=ConsentMethod.SPOKEN,
            wording="v1",
        ),
    )


def _citizen(n: int) -> str:
    return f"citizen-{n}"


def _ward(n: int) -> str:
    wards = _wards()
    return wards[n // IN_A_MESSAGE % len(wards)]


@cache
def _wards() -> Sequence[str]:
    return ward_codes()
