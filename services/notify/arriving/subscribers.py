"""What happens on what: one subscriber an event type, on two queues of RabbitMQ.

A delivery is acknowledged once its rows are durable. Without a database it is held and tried
again in place; what cannot be handled at all goes to the dead letters, confirmed, first.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.subscriber import RabbitSubscriber

from services.events.appointments import AppointmentBooked, AppointmentCancelled
from services.events.assistance import CitizenAssisted
from services.events.citizens import CitizenErased, CitizenMerged, ConsentGiven, ConsentWithdrawn
from services.events.corrections import EventRefused, EventVoided
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.registry import type_name
from services.events.requests import RequestClosed, RequestReceived
from services.events.signatures import SignatureIssued
from services.messaging.amqp import HEARTBEAT_S
from services.messaging.consumer.decoding import batch_decoder
from services.messaging.dead_letters.letters import Bury
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS
from services.notify.access.ended import EndedAccesses
from services.notify.arriving.deliveries import DeliveryHandler
from services.notify.arriving.inbox import Inbox
from services.platform.access.ended import ACCESS_ENDED, read_ended
from services.platform.personal_data.contact_wire import (
    CONTACT_ERASED,
    CONTACT_SHARED,
    open_shared,
    read_erased,
)

GRACE_S = 5.0

Filter = Callable[[RabbitMessage], Awaitable[bool]]
TakeEvents = Callable[[Sequence[Any]], Awaitable[None]]
TakeBody = Callable[[bytes], Awaitable[None]]


def on_events(inbox: Inbox) -> Mapping[type[Event], TakeEvents]:
    """The events that notify answers or must know of."""
    return {
        CitizenAssisted: inbox.visits,
        SignatureIssued: inbox.visits,
        EventVoided: inbox.voids,
        EventRefused: inbox.refusals,
        ConsentGiven: inbox.consents,
        ConsentWithdrawn: inbox.consents,
        CitizenErased: inbox.erasures,
        CitizenMerged: inbox.mergers,
        DisputeResolved: inbox.resolutions,
        AppointmentBooked: inbox.bookings,
        AppointmentCancelled: inbox.cancellations,
        RequestReceived: inbox.requests,
        RequestClosed: inbox.requests,
    }


def on_secrets(
    inbox: Inbox, ended: EndedAccesses, wrap_keys: tuple[bytes, ...]
) -> Mapping[str, TakeBody]:
    """What registration tells notify alone; contacts stay as sealed as they come."""

    async def share(body: bytes) -> None:
        await inbox.contact(open_shared(body, *wrap_keys), body)

    async def erase(body: bytes) -> None:
        await inbox.erased_contact(read_erased(body))

    async def end(body: bytes) -> None:
        await ended.note(read_ended(body))

    return {CONTACT_SHARED: share, CONTACT_ERASED: erase, ACCESS_ENDED: end}


def broker_for(url: str, prefetch: int) -> RabbitBroker:
    """Nothing is connected yet. No logger: FastStream's would show what a message holds."""
    return RabbitBroker(
        url,
        client_properties={"heartbeat": HEARTBEAT_S},
        default_channel=Channel(prefetch_count=prefetch),
        graceful_timeout=GRACE_S,
        app_id="notify",
        logger=None,
    )


def subscribe_to_events(
    broker: RabbitBroker, handlers: Mapping[type[Event], TakeEvents], bury: Bury
) -> None:
    """To `notify.events`; what has no handler is set aside."""
    deliveries = DeliveryHandler(NOTIFY_EVENTS, bury)
    subscriber = broker.subscriber(
        _queue(NOTIFY_EVENTS),
        ack_policy=AckPolicy.MANUAL,
        decoder=batch_decoder(NOTIFY_EVENTS, bury),
        no_reply=True,
        title=NOTIFY_EVENTS,
        description="Arrays of 1-100 events of one type: what notify answers or must know of.",
    )
    for event_class, take in handlers.items():
        _subscribe_to_type(subscriber, event_class, take, deliveries)
    subscriber()(deliveries.unexpected)


def subscribe_to_secrets(
    broker: RabbitBroker, handlers: Mapping[str, TakeBody], bury: Bury
) -> None:
    """To `notify.contacts`; what has no handler is set aside."""
    deliveries = DeliveryHandler(NOTIFY_CONTACTS, bury)
    subscriber = broker.subscriber(
        _queue(NOTIFY_CONTACTS),
        ack_policy=AckPolicy.MANUAL,
        decoder=_as_it_came,
        no_reply=True,
        title=NOTIFY_CONTACTS,
        description="Sealed contacts, their erasure, and ended accesses, for notify alone.",
    )
    for message_type, take in handlers.items():
        _subscribe_to_body(subscriber, message_type, take, deliveries)
    subscriber()(deliveries.unexpected)


def _subscribe_to_type(
    subscriber: RabbitSubscriber,
    event_class: type[Event],
    take: TakeEvents,
    deliveries: DeliveryHandler,
) -> None:
    """FastStream validates by, and documents, what the annotations say."""

    async def on_event(events: Any, message: RabbitMessage) -> None:
        await deliveries.events(message, events, take)

    on_event.__annotations__["events"] = list[event_class]  # type: ignore[valid-type]
    on_event.__name__ = f"on_{_snake(event_class.__name__)}"
    subscriber(filter=_holds(event_class))(on_event)


def _subscribe_to_body(
    subscriber: RabbitSubscriber, message_type: str, take: TakeBody, deliveries: DeliveryHandler
) -> None:
    async def on_body(body: bytes, message: RabbitMessage) -> None:
        await deliveries.body(message, body, take)

    on_body.__name__ = f"on_{message_type.replace('.', '_')}"
    subscriber(filter=_is(message_type))(on_body)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def _queue(name: str) -> RabbitQueue:
    """Declared by `tungngo topology declare`, by nobody else."""
    return RabbitQueue(name, declare=False)


def _holds(event_class: type[Event]) -> Filter:
    """Of whatever version."""
    return _is(type_name(event_class), *(former.type for former in event_class.former))


def _is(*message_types: str) -> Filter:
    async def matches(message: RabbitMessage) -> bool:
        return message.raw_message.type in message_types

    return matches


async def _as_it_came(message: RabbitMessage) -> bytes:
    return message.body
