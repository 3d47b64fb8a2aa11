"""What an erasure does to notify's ledger; it may be carried out again.

What stays of a number is what its holder said of it: that a number refused is kept without whom
it was told of. What stays of a citizen are ids and counts.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial
from typing import Protocol

from services.notify.ledger.ledger import Ledger, Traces, Transaction
from services.notify.ledger.records import CLAIMS, NUMBERS, REPLIES, SEALED_TEXTS, SENDERS
from services.notify.notification.numbers import NumberRecord, without

ERASED = "erased"
"""In place of an id that would lead to a person."""


class Erases(Protocol):
    """A store that an erasure asks."""

    async def erase(self, citizen_ids: Collection[str]) -> None:
        """Nothing in it leads from a person to these ids, nor from them to a number or to words."""


class Erasure:
    """The one list of stores that an erasure asks here. Raises: Unavailable; ask again then."""

    def __init__(self, stores: Iterable[Erases]) -> None:
        self._stores = tuple(stores)

    async def of(self, citizen_ids: Collection[str]) -> None:
        for store in self._stores:
            await store.erase(citizen_ids)


class LedgerErasure:
    """Numbers, replies, words, senders and invitations."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def erase(self, citizen_ids: Collection[str]) -> None:
        """What an attempt under way adds after this is given back by its last look."""
        traces = await self._ledger.traces(citizen_ids)
        await self._ledger.transact(partial(_erase, traces=traces, citizen_ids=citizen_ids))


async def _erase(tx: Transaction, traces: Traces, citizen_ids: Collection[str]) -> None:
    await tx.drop(SEALED_TEXTS, traces.replies)
    await tx.drop(SENDERS, traces.notifications)
    replies = await tx.get(REPLIES, traces.replies)
    await tx.put(REPLIES, {id_: replace(reply, number_key="") for id_, reply in replies.items()})
    claims = await tx.get(CLAIMS, traces.claims)
    freed = {key: replace(claim, notification_id=ERASED) for key, claim in claims.items()}
    await tx.put(CLAIMS, freed)
    numbers = await tx.get(NUMBERS, traces.numbers)
    parted = {key: _parted(n, traces.notifications, citizen_ids) for key, n in numbers.items()}
    await tx.put(NUMBERS, parted)


def _parted(
    number: NumberRecord, notification_ids: Collection[str], citizen_ids: Collection[str]
) -> NumberRecord:
    wrong_for = {id_: by for id_, by in number.wrong_for.items() if id_ not in citizen_ids}
    return replace(without(number, notification_ids), wrong_for=wrong_for)
