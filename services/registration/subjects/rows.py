"""Rows of decided subjects: the state folded from a subject's history, for whoever reads it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from services.registration.subjects.subject import Decided

RowName = tuple[str, str]
"""Kind and id."""


class Row(NamedTuple):
    """A subject as its history left it; `state` is the slice's own state as JSON values."""

    kind: str
    id: str
    ward: str
    state: dict[str, Any]


class Rows(Protocol):
    """Read access to the rows, each slice its own kind."""

    async def get(self, kind: str, id_: str) -> Row | None:
        """One row."""

    async def list(
        self, kind: str, ward: str | None = None, after: str = "", limit: int = 100
    ) -> Sequence[Row]:
        """Rows by id, those after `after`; of one ward or of all."""

    async def of_citizen(self, kind: str, citizen_id: str) -> Sequence[Row]:
        """Rows whose state names this citizen, by id."""

    async def open(self, subject: Decided[Any], until: date) -> Sequence[Row]:
        """Rows that have not ended and were recorded by that day, oldest first."""

    async def find(self, named: Collection[RowName]) -> Mapping[RowName, Row]:
        """Those of the (kind, id) pairs that are known."""


def row_id(kind: str, id_: str) -> str:
    """The document's `_id`."""
    return f"{kind}/{id_}"
