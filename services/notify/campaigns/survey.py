"""Whom a campaign would reach as things stand: the whole audience is gone through."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

from services.notify.campaigns.audience import SHARED_NUMBER, Invitee, stretch, why_not
from services.notify.contacts.contacts import Contacts
from services.notify.ledger.ledger import Ledger, Transaction
from services.notify.ledger.records import NUMBERS
from services.notify.notification.numbers import NumberRecord

STRETCH = 500


@dataclass(slots=True)
class Survey:
    """Persons, not records."""

    wards: Counter[str] = field(default_factory=Counter)
    """Who can be reached, by ward."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Who cannot, by reason."""

    @property
    def reachable(self) -> int:
        """One SMS each."""
        return self.wards.total()


async def survey(
    ledger: Ledger, contacts: Contacts, keys: tuple[bytes, ...], wards: Collection[str]
) -> Survey:
    """Costs a walk over all who agreed. Raises: Unavailable."""
    found, seen, after, last = Survey(), set[str](), "", False
    while not last:
        part = await stretch(contacts, keys, wards, after, STRETCH)
        number_keys = {one.number_key for one in part.invitees if one.number_key}
        numbers = await ledger.transact(partial(_numbers, keys=number_keys))
        for one in part.invitees:
            _count(found, one, numbers.get(one.number_key, NumberRecord()), seen)
        after, last = part.upto, part.last
    return found


def _count(found: Survey, one: Invitee, number: NumberRecord, seen: set[str]) -> None:
    reason = why_not(one, number)
    if reason is None and one.number_key in seen:
        reason = SHARED_NUMBER
    if reason:
        found.left_out[reason] += 1
        return
    seen.add(one.number_key)
    found.wards[one.ward] += 1


async def _numbers(tx: Transaction, keys: Collection[str]) -> dict[str, NumberRecord]:
    return await tx.get(NUMBERS, keys)
