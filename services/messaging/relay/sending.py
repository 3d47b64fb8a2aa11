"""Publishes parcels, each to all its readers at once; one that hangs holds up nobody for long."""

import asyncio
from collections.abc import Collection, Iterable, Sequence

from services.messaging import metrics, tracing
from services.messaging.broker import Outgoing, Publisher, Unconfirmed
from services.messaging.relay.packing import Parcel
from services.messaging.relay.readers import Sent

SLOWEST_S = 3.0
"""How much longer than the first confirmation the last one may take."""


async def send(
    publisher: Publisher, parcels: Iterable[Parcel], app_id: str, blocked: Collection[str] = ()
) -> list[Sent]:
    """What became of each message; those for `blocked` readers are not tried. Raises nothing."""
    sent: list[Sent] = []
    trying: dict[asyncio.Task[None], tuple[str, Parcel]] = {}
    for parcel in parcels:
        for reader, message in parcel.messages.items():
            if reader in blocked:
                sent.append(Sent(reader, parcel.event_ids, skipped=True))
            else:
                publishing = _publish(publisher, message, parcel.traceparents)
                trying[asyncio.create_task(publishing)] = (reader, parcel)
    if trying:
        await _settled(trying)
    sent += [
        Sent(reader, parcel.event_ids, _error(task)) for task, (reader, parcel) in trying.items()
    ]
    _count(sent, app_id)
    return sent


async def _settled(trying: Collection[asyncio.Task[None]]) -> None:
    """All answered, or the others did long ago. A cancelled caller leaves no task behind."""
    try:
        done, left = await asyncio.wait(trying, return_when=asyncio.FIRST_COMPLETED)
        while left and not any(_error(task) is None for task in done):
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        if left:
            await asyncio.wait(left, timeout=SLOWEST_S)
    finally:
        for task in trying:
            task.cancel()
        await asyncio.gather(*trying, return_exceptions=True)


async def _publish(publisher: Publisher, message: Outgoing, traceparents: Sequence[str]) -> None:
    with tracing.published(message, traceparents) as traced:
        await publisher.publish(traced)


def _error(task: asyncio.Task[None]) -> Exception | None:
    if task.cancelled():
        return Unconfirmed("others were confirmed long before")
    error = task.exception()
    return error if error is None or isinstance(error, Exception) else Unconfirmed(str(error))


def _count(sent: Sequence[Sent], app_id: str) -> None:
    for message in sent:
        if message.error:
            reason = type(message.error).__name__
            metrics.PUBLISH_FAILURES.labels(app_id, message.reader, reason).inc()
