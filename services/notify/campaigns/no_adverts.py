"""The national list of numbers that want no adverts, kept as keyed hashes alone.

Decree 91/2020, article 7: whoever advertises looks it up first. Its numbers are read, hashed and
forgotten; none is ever shown.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from services.notify.campaigns.store import Campaigns
from services.notify.contacts.number_keys import number_key
from services.notify.ledger.ledger import Ledger, Transaction
from services.notify.ledger.records import NUMBERS
from services.notify.notification.numbers import NumberRecord
from services.platform.vietnam.phone_numbers import mobile

BATCH = 500


class NotTheRefusersList(Exception):
    """More of its lines are unreadable than are numbers: it is another file."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was read."""

    keys: frozenset[str]
    unreadable: int
    """Lines that are no mobile number of Vietnam's."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    added: int
    removed: int


def read_list(lines: Iterable[str], under: tuple[bytes, ...]) -> Listed:
    """One number a line, however it is spelt. Raises: NotTheList."""
    keys, unreadable = set[str](), 0
    for line in filter(None, (line.strip("\ufeff \t\r\n;,\"'") for line in lines)):
        phone = mobile(line)
        if phone:
            keys.add(number_key(phone, under))
        else:
            unreadable += 1
    if unreadable >= len(keys):
        raise NotTheRefusersList
    return Listed(frozenset(keys), unreadable)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A list against the one that it would replace."""

    known: int
    lost: int
    """Of those."""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.lost / self.known if self.known else 0.0


async def compare(campaigns: Campaigns, keys: Collection[str]) -> Comparison:
    """A file that was cut off looks like a list in which many changed their mind."""
    known, lost, after = 0, 0, ""
    while listed := await campaigns.listed(after, BATCH):
        known += len(listed)
        lost += sum(key not in keys for key in listed)
        after = listed[-1]
    return Comparison(known, lost)


async def import_list(ledger: Ledger, campaigns: Campaigns, keys: Collection[str]) -> Imported:
    """The newest list takes the place of the one before; broken off, it is imported again.

    Raises: Unavailable.
    """
    added = 0
    for batch in _batches(sorted(keys)):
        added += await ledger.transact(partial(_mark, keys=batch, no_adverts=True))
    return Imported(added, await _remove_others(ledger, campaigns, keys))


async def _remove_others(ledger: Ledger, campaigns: Campaigns, keys: Collection[str]) -> int:
    removed, after = 0, ""
    while listed := await campaigns.listed(after, BATCH):
        gone = [key for key in listed if key not in keys]
        removed += await ledger.transact(partial(_mark, keys=gone, no_adverts=False))
        after = listed[-1]
    return removed


async def _mark(tx: Transaction, keys: Collection[str], no_adverts: bool) -> int:
    known = await tx.get(NUMBERS, keys)
    numbers = {key: known.get(key, NumberRecord()) for key in keys}
    changed = {key: n for key, n in numbers.items() if n.no_adverts is not no_adverts}
    await tx.put(NUMBERS, {k: replace(n, no_adverts=no_adverts) for k, n in changed.items()})
    return len(changed)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch
