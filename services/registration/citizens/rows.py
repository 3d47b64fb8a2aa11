"""Rows of the blind index: from a keyed hash to a random id."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Protocol

from services.registration.citizens.identity import Kind


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One hash and whom it leads to. A citizen's data key lies in the citizen's rows alone, so
    that deleting them forgets at once who it was and how to read the contact."""

    hash: bytes
    kind: Kind
    to: str
    """Citizen, household or member; of a merged record, the one that stays."""
    ward: str
    """Where it was first seen."""
    key_id: str
    """Of the key that hashed it."""
    at: datetime
    used_by: tuple[str, ...] = ()
    """Events that brought it, until the sweep has found one of them in the log."""
    data_key: bytes | None = None
    """The citizen's, wrapped."""
    hint: bytes | None = None
    """The number's last three digits, encrypted."""
    home: str | None = None
    """The record that it was written for, where a merger leads elsewhere."""
    home_key: bytes | None = None
    """That record's data key, wrapped."""
    addresses: tuple[bytes, ...] = ()
    """Hashes of those at which a citizen was met: an erasure asks them too."""
    names: tuple[bytes, ...] = ()
    """Of a phone: hashed words of the name that was told with it, the given name first."""
    seen_at: datetime | None = None
    """When its owner was last met, to a month; earlier versions did not note it."""
    former: bytes | None = None
    """Where it stood under a former key or in a former form, until that row is removed."""
    met: tuple[str, ...] | None = None
    """Wards in which somebody at the door met whom it leads to; None: `ward`, as every row meant
    before this was kept."""


def carried_over(row: IndexRow, found: IndexRow) -> IndexRow:
    """The row of somebody who was known as `found` under another hash."""
    return replace(
        row,
        to=found.to,
        data_key=found.data_key,
        home=found.home,
        home_key=found.home_key,
        former=found.hash,
    )


@dataclass(frozen=True, slots=True)
class Repoint:
    """`hash`, which led to `was`, leads to `to` from now on, for as long as `home` is merged."""

    hash: bytes
    was: str
    to: str
    data_key: bytes | None
    home: str | None = None
    home_key: bytes | None = None
    names: tuple[bytes, ...] | None = None
    """Of a new owner; None where the owner stays."""


class Alias(NamedTuple):
    """A record that was merged away; an earlier version kept its wrapped data key here."""

    merged_id: str
    to: str
    """The record of its merger, which may have been merged itself since."""
    data_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Merger:
    """As its event told it; a void may be known before the merger is."""

    event_id: str
    merged_id: str
    surviving_id: str
    """Empty where only the void is known."""
    at: datetime
    """When it happened: of two, the later one holds."""
    voided: bool = False


class RowStore(Protocol):
    """Every call is durable when it returns and may be repeated. Raises: Unavailable."""

    async def insert(self, rows: Sequence[IndexRow]) -> Mapping[bytes, IndexRow]:
        """One write; then what was there before in place of those that clashed, by hash."""

    async def find(self, hashes: Collection[bytes]) -> Mapping[bytes, IndexRow]:
        """Rows by hash."""

    async def of(self, to: str) -> Sequence[IndexRow]:
        """All rows that lead to an id."""

    async def with_national_id(self, citizens: Collection[str]) -> set[str]:
        """Those whose national id is known."""

    async def repoint(self, changes: Sequence[Repoint]) -> None:
        """Each only where the row still leads to `was`."""

    async def note_use(self, uses: Sequence[tuple[bytes, str]]) -> None:
        """These rows (hash, event id) were used before the sweep had settled them."""

    async def met_at(self, hash_: bytes, address: bytes) -> None:
        """The row's citizen was met there as well."""

    async def at_addresses(self, addresses: Collection[bytes]) -> set[str]:
        """Whom rows of citizens who were met at any of these lead to."""

    async def note_met(self, meetings: Sequence[tuple[bytes, str]]) -> None:
        """Whom these rows (hash, ward) lead to was met in that ward too."""

    async def data_keys(self, citizens: Collection[str]) -> Mapping[str, bytes]:
        """Wrapped data keys, also of records merged away; none for the erased."""

    async def add_alias(self, alias: Alias) -> None:
        """Remembers a record that was merged away; a key that was known stays."""

    async def alias(self, citizen_id: str) -> Alias | None:
        """Where a record went, if it was merged."""

    async def aliases_of(self, to: str) -> Sequence[Alias]:
        """Records merged into this one itself."""

    async def remove_alias(self, merged_id: str) -> None:
        """It is a record of its own again."""

    async def note_merger(self, merger: Merger) -> None:
        """Known from now on; whether it was voided stays as it is known."""

    async def note_voided_merger(self, event_id: str, merged_id: str) -> None:
        """Voided for good, also where the merger itself comes later."""

    async def mergers_of(self, citizens: Collection[str]) -> Sequence[Merger]:
        """Those that merged any of these, or into any of these."""

    async def written_for(self, citizen_id: str) -> Sequence[IndexRow]:
        """The rows whose home a record is, wherever they lead."""

    async def erase(self, ids: Collection[str]) -> None:
        """Deletes the rows that lead to these, and the data keys that their aliases hold."""

    async def remove_unused(self, rows: Sequence[IndexRow]) -> None:
        """Deletes these rows, except those that another event has used since they were read."""

    async def unsettled(self, before: datetime, limit: int) -> Sequence[IndexRow]:
        """Rows older than `before` of which the sweep does not know yet that an event stands."""

    async def page(self, after: bytes, limit: int) -> Sequence[IndexRow]:
        """Rows by hash, those after `after`."""

    async def reseal(self, rows: Sequence[IndexRow]) -> None:
        """Replaces wrapped keys and hints, each only where the row still leads to the same id."""

    async def note_seen(self, rows: Sequence[IndexRow]) -> None:
        """When the owners of these were met, and by which name, while they lead where they did."""

    async def remove_former(self, rows: Sequence[IndexRow]) -> None:
        """Deletes the rows that these were carried over from; these stand alone from now on."""

    async def settle(self, hashes: Collection[bytes]) -> None:
        """An event in the log names what these lead to."""
