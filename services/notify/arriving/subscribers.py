"""Notify's ears: one subscriber an event type, on two queues of RabbitMQ.

A delivery is acknowledged once its rows are durable. Without a database it is held and tried
again in place; what cannot be handled at all goes to the dead letters, confirmed, first.
"""

from collections.abc import Awaitable, Callable

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


def hear_events(broker: RabbitBroker, inbox: Inbox, bury: Bury) -> None:
    """Subscribes to the events that notify answers or must know of."""
    handling = DeliveryHandler(NOTIFY_EVENTS, bury)
    subscriber = broker.subscriber(
        _queue(NOTIFY_EVENTS),
        ack_policy=AckPolicy.MANUAL,
        decoder=batch_decoder(NOTIFY_EVENTS, bury),
        no_reply=True,
        title=NOTIFY_EVENTS,
        description="Arrays of 1-100 events of one type: what notify answers or must know of.",
    )

    _hear_visits(subscriber, handling, inbox)
    _hear_citizens(subscriber, handling, inbox)
    _hear_wards(subscriber, handling, inbox)
    _hear_requests(subscriber, handling, inbox)

    @subscriber()
    async def on_anything_else(message: RabbitMessage) -> None:
        await handling.unexpected(message)


def _hear_visits(subscriber: RabbitSubscriber, handling: DeliveryHandler, inbox: Inbox) -> None:
    @subscriber(filter=_holds(CitizenAssisted))
    async def on_citizen_assisted(events: list[CitizenAssisted], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.visits)

    @subscriber(filter=_holds(SignatureIssued))
    async def on_signature_issued(events: list[SignatureIssued], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.visits)

    @subscriber(filter=_holds(EventVoided))
    async def on_event_voided(events: list[EventVoided], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.voids)

    @subscriber(filter=_holds(EventRefused))
    async def on_event_refused(events: list[EventRefused], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.refusals)


def _hear_wards(subscriber: RabbitSubscriber, handling: DeliveryHandler, inbox: Inbox) -> None:
    @subscriber(filter=_holds(DisputeResolved))
    async def on_dispute_resolved(events: list[DisputeResolved], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.resolutions)

    @subscriber(filter=_holds(AppointmentBooked))
    async def on_appointment_booked(
        events: list[AppointmentBooked], message: RabbitMessage
    ) -> None:
        await handling.events(message, events, inbox.bookings)

    @subscriber(filter=_holds(AppointmentCancelled))
    async def on_appointment_cancelled(
        events: list[AppointmentCancelled], message: RabbitMessage
    ) -> None:
        await handling.events(message, events, inbox.cancellations)


def _hear_requests(subscriber: RabbitSubscriber, handling: DeliveryHandler, inbox: Inbox) -> None:
    @subscriber(filter=_holds(RequestReceived))
    async def on_request_received(events: list[RequestReceived], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.requests)

    @subscriber(filter=_holds(RequestClosed))
    async def on_request_closed(events: list[RequestClosed], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.requests)


def _hear_citizens(subscriber: RabbitSubscriber, handling: DeliveryHandler, inbox: Inbox) -> None:
    @subscriber(filter=_holds(ConsentGiven))
    async def on_consent_given(events: list[ConsentGiven], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.consents)

    @subscriber(filter=_holds(ConsentWithdrawn))
    async def on_consent_withdrawn(events: list[ConsentWithdrawn], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.consents)

    @subscriber(filter=_holds(CitizenErased))
    async def on_citizen_erased(events: list[CitizenErased], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.erasures)

    @subscriber(filter=_holds(CitizenMerged))
    async def on_citizen_merged(events: list[CitizenMerged], message: RabbitMessage) -> None:
        await handling.events(message, events, inbox.mergers)


def hear_contacts(
    broker: RabbitBroker,
    inbox: Inbox,
    ended: EndedAccesses,
    bury: Bury,
    wrap_keys: tuple[bytes, ...],
) -> None:
    """Subscribes to what registration tells notify alone; the bodies stay sealed."""
    handling = DeliveryHandler(NOTIFY_CONTACTS, bury)
    subscriber = broker.subscriber(
        _queue(NOTIFY_CONTACTS),
        ack_policy=AckPolicy.MANUAL,
        decoder=_as_it_came,
        no_reply=True,
        title=NOTIFY_CONTACTS,
        description="Sealed contacts, their erasure, and ended accesses, for notify alone.",
    )

    async def share(body: bytes) -> None:
        await inbox.contact(open_shared(body, *wrap_keys), body)

    async def erase(body: bytes) -> None:
        await inbox.erased_contact(read_erased(body))

    async def end(body: bytes) -> None:
        await ended.note(read_ended(body))

    @subscriber(filter=_is(CONTACT_SHARED))
    async def on_contact_shared(body: bytes, message: RabbitMessage) -> None:
        await handling.body(message, body, share)

    @subscriber(filter=_is(CONTACT_ERASED))
    async def on_contact_erased(body: bytes, message: RabbitMessage) -> None:
        await handling.body(message, body, erase)

    @subscriber(filter=_is(ACCESS_ENDED))
    async def on_access_ended(body: bytes, message: RabbitMessage) -> None:
        await handling.body(message, body, end)

    @subscriber()
    async def on_any_other_secret(message: RabbitMessage) -> None:
        await handling.unexpected(message)


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
