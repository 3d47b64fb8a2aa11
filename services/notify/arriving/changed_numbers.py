"""A number that changed hands: whoever had it is not written to there until met with it again."""

from dataclasses import replace

from services.notify.ledger.ledger import Transaction
from services.notify.ledger.records import NUMBERS
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.ordering import is_later


async def change_hands(tx: Transaction, number_key: str, former: str, order: str) -> None:
    """`order`: of the event that told it; in any order and as often as it comes."""
    number = (await tx.get(NUMBERS, [number_key])).get(number_key, NumberRecord())
    known = number.wrong_for.get(former)
    if known is None or is_later(order, than=known):
        wrong_for = {**number.wrong_for, former: order}
        await tx.put(NUMBERS, {number_key: replace(number, wrong_for=wrong_for)})
