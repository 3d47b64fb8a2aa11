"""What is heard at one time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from services.events.assistance import CitizenAssisted
from services.events.corrections import EventRefused
from services.notify.arriving.inbox import Inbox
from services.notify.ledger.ledger import Query, Transaction
from services.notify.ledger.records import ROWS
from services.platform.unavailable import Unavailable
from tests.builders import an_id, event
from tests.notify.harness import DELAY, Kit, assisted, correcting
from tests.twins.ledger import LedgerTwin

T = TypeVar("T")


class FussyLedger(LedgerTwin):
    """Counts its transactions; one that leaves a row with a poisonous id fails."""

    poison = ""
    transactions = 0

    async def transact(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        self.transactions += 1

        async def and_look(tx: Transaction) -> T:
            done = await work(tx)
            if await tx.get(ROWS, [self.poison]):
                raise ValueError(self.poison)
            return done

        return await super().transact(and_look)


def hearing(ledger: LedgerTwin, kit: Kit) -> Inbox:
    return Inbox(ledger, kit.contacts, delay=DELAY, clock=kit.clock)


def visits(count: int) -> list[CitizenAssisted]:
    return [assisted(an_id("citizen")) for _ in range(count)]


def recorded(ledger: LedgerTwin) -> set[str]:
    return set(ledger.records(ROWS))


async def test_messages_that_arrive_while_one_is_written_share_the_next_write() -> None:
    kit = Kit()
    ledger = FussyLedger(kit.log)
    inbox = hearing(ledger, kit)
    messages = [visits(2) for _ in range(10)]

    await asyncio.gather(*(inbox.visits(message) for message in messages))

    assert recorded(ledger) == {event.id for message in messages for event in message}
    assert ledger.transactions < len(messages)


async def test_visit_that_cannot_be_recorded_harms_none_that_arrived_with_it() -> None:
    kit = Kit()
    ledger = FussyLedger(kit.log)
    inbox = hearing(ledger, kit)
    well, ill = visits(3), visits(1)
    ledger.poison = ill[0].id

    heard = await asyncio.gather(inbox.visits(well), inbox.visits(ill), return_exceptions=True)

    assert heard[0] is None
    assert isinstance(heard[1], ValueError)
    assert recorded(ledger) == {event.id for event in well}


@pytest.mark.parametrize(("result", "told"), [("rejected", 1), ("conflict", 0)])
async def test_only_what_was_rejected_is_not_waited_for(result: str, told: int) -> None:
    kit = Kit()
    inbox = hearing(kit.ledger, kit)
    [original, correction] = visits(2)
    await inbox.visits([correcting(original, correction)])

    await inbox.refusals([event(EventRefused, event_id=original.id, result=result)])

    assert len(await kit.ledger.search(Query(event_id=correction.id))) == told


async def test_without_a_database_nothing_is_taken_as_recorded() -> None:
    kit = Kit()
    ledger = FussyLedger(kit.log)
    ledger.down = True

    with pytest.raises(Unavailable):
        await hearing(ledger, kit).visits(visits(1))
