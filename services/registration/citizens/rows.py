"""Rows of the blind index: from a keyed hash to a random id."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.registration.citizens.identity import Kind


@dataclass(frozen=True, slots=True)
class Row:
    """One hash and whom it leads to. A citizen's data key lies in the citizen's rows alone, so
    that deleting them forgets at once who it was and how to read the contact."""

    hash: bytes
    kind: Kind
    to: str
    """Citizen, household or member."""
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


@dataclass(frozen=True, slots=True)
class Repoint:
    """`hash`, which led to `was`, leads to `to` from now on."""

    hash: bytes
    was: str
    to: str
    data_key: bytes | None


@dataclass(frozen=True, slots=True)
class Alias:
    """A record that was merged away, with the data key of contacts sealed before."""

    merged_id: str
    to: str
    data_key: bytes | None


class RowStore(Protocol):
    """Every call is durable when it returns and may be repeated. Raises: Unavailable."""

    async def insert(self, rows: Sequence[Row]) -> Mapping[bytes, Row]:
        """One write; then what was there before in place of those that clashed, by hash."""

    async def find(self, hashes: Collection[bytes]) -> Mapping[bytes, Row]:
        """Rows by hash."""

    async def of(self, to: str) -> Sequence[Row]:
        """All rows that lead to an id."""

    async def with_national_id(self, citizens: Collection[str]) -> set[str]:
        """Those whose national id is known."""

    async def repoint(self, changes: Sequence[Repoint]) -> None:
        """Each only where the row still leads to `was`."""

    async def note_use(self, uses: Sequence[tuple[bytes, str]]) -> None:
        """These rows (hash, event id) were used before the sweep had settled them."""

    async def data_keys(self, citizens: Collection[str]) -> Mapping[str, bytes]:
        """Wrapped data keys, also of records merged away; none for the erased."""

    async def add_alias(self, alias: Alias) -> None:
        """Remembers a record that was merged away; a key that was known stays."""

    async def alias(self, citizen_id: str) -> Alias | None:
        """Where a record went, if it was merged."""

    async def aliases_of(self, to: str) -> Sequence[Alias]:
        """Records merged into this one."""

    async def erase(self, to: str) -> None:
        """Deletes the rows that lead to an id, and the data keys of what was merged into it."""

    async def remove_unused(self, rows: Sequence[Row]) -> None:
        """Deletes these rows, except those that another event has used since they were read."""

    async def unsettled(self, before: datetime, limit: int) -> Sequence[Row]:
        """Rows older than `before` of which the sweep does not know yet that an event stands."""

    async def page(self, after: bytes, limit: int) -> Sequence[Row]:
        """Rows by hash, those after `after`."""

    async def reseal(self, rows: Sequence[Row]) -> None:
        """Replaces wrapped keys and hints, each only where the row still leads to the same id."""

    async def settle(self, hashes: Collection[bytes]) -> None:
        """An event in the log names what these lead to."""
