"""How a delivery ends: done, held while a part is missing, or buried."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from faststream.rabbit import RabbitMessage

from services.events.envelope import Event
from services.messaging.broker import BrokerUnavailable
from services.messaging.dead_letters.letters import Unreadable
from services.notify.arriving.deliveries import DeliveryHandler
from services.platform.unavailable import Unavailable
from tests.builders import an_id
from tests.notify.harness import assisted


@dataclass
class SealedReply:
    """A delivery that counts its acknowledgements."""

    body: bytes = b"[]"
    acknowledged: int = 0
    raw_message: Any = field(
        default_factory=lambda: SimpleNamespace(
            delivery_tag=1,
            routing_key="citizen.assisted.v1.p1",
            body=b"[]",
            message_id="m-1",
            type="citizen.assisted.v1",
            app_id="registration",
            headers={},
            content_type="",
            redelivered=False,
        )
    )

    async def ack(self) -> None:
        self.acknowledged += 1


class Graves:
    """The dead letters; `away` times the broker does not take one."""

    def __init__(self, away: int = 0) -> None:
        self.letters: list[Unreadable] = []
        self._away = away

    async def bury(self, queue: str, unreadable: Sequence[Unreadable]) -> None:
        if self._away:
            self._away -= 1
            raise BrokerUnavailable
        self.letters += unreadable


def heard(message: SealedReply) -> RabbitMessage:
    return cast(RabbitMessage, message)


async def test_events_are_acknowledged_once_they_are_taken() -> None:
    message, graves, taken = SealedReply(), Graves(), list[str]()
    visits = [assisted(an_id("citizen")) for _ in range(3)]

    async def take(events: Sequence[Event]) -> None:
        assert message.acknowledged == 0
        taken.extend(event.id for event in events)

    await DeliveryHandler("notify.events", graves.bury).events(heard(message), visits, take)

    assert taken == [visit.id for visit in visits]
    assert (message.acknowledged, graves.letters) == (1, [])


async def test_delivery_is_held_while_the_database_is_away() -> None:
    message, graves, tries = SealedReply(), Graves(), 0

    async def take(_: Sequence[Event]) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Unavailable

    visits = [assisted(an_id("citizen"))]
    await DeliveryHandler("notify.events", graves.bury).events(heard(message), visits, take)

    assert (tries, message.acknowledged, graves.letters) == (3, 1, [])


async def test_one_event_that_cannot_be_handled_is_buried_and_the_others_are_taken() -> None:
    message, graves, taken = SealedReply(), Graves(away=1), list[str]()
    visits = [assisted(an_id("citizen")) for _ in range(3)]
    poison = visits[1].id

    async def take(events: Sequence[Event]) -> None:
        if any(event.id == poison for event in events):
            raise ValueError
        taken.extend(event.id for event in events)

    await DeliveryHandler("notify.events", graves.bury).events(heard(message), visits, take)

    assert taken == [visits[0].id, visits[2].id]
    (letter,) = graves.letters
    assert (letter.reason, len(letter.elements or [])) == ("ValueError", 1)
    assert message.acknowledged == 1


async def test_what_nobody_asked_for_is_buried() -> None:
    message, graves = SealedReply(), Graves()

    await DeliveryHandler("notify.events", graves.bury).unexpected(heard(message))

    assert [letter.elements for letter in graves.letters] == [None]
    assert message.acknowledged == 1
