"""What an SMS used up when it was written ahead, given back when it surely did not leave."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NUMBERS, SPENT, Spent, spent_key
from services.notify.notification.notification import Notification
from services.notify.notification.numbers import NumberRecord, without


class UsedQuota(NamedTuple):
    """Where an attempt was counted."""

    number_key: str
    ward: str
    budgeted: bool
    """On the ward's budget too."""


class RefusedAttempt(NamedTuple):
    """An attempt that surely did not leave."""

    notification: Notification
    """As it stands by now; the attempt is its last."""
    counted: UsedQuota


async def refund(tx: Transaction, refused: Iterable[RefusedAttempt]) -> None:
    """The number's place, its question and the ward's segments."""
    refused = [one for one in refused if one.notification.never_left]
    numbers = await tx.get(NUMBERS, {one.counted.number_key for one in refused})
    spent = await tx.get(SPENT, {_spent_key(one) for one in refused if one.counted.budgeted})
    for one in refused:
        key = one.counted.number_key
        numbers[key] = without(numbers.get(key, NumberRecord()), {one.notification.id})
        if one.counted.budgeted:
            before = spent.get(_spent_key(one), Spent())
            spent[_spent_key(one)] = replace(
                before, segments=max(0, before.segments - _segments(one))
            )
    await tx.put(NUMBERS, numbers)
    await tx.put(SPENT, spent)


def _segments(one: RefusedAttempt) -> int:
    return one.notification.attempts[-1].segments


def _spent_key(one: RefusedAttempt) -> str:
    return spent_key(one.counted.ward, one.notification.attempts[-1].at)
