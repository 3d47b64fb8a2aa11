"""Records as MongoDB keeps them, and back: what is absent is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar

from pydantic import PlainSerializer, TypeAdapter

R = TypeVar("R")

Day = Annotated[date, PlainSerializer(date.isoformat)]
"""A day of a record: MongoDB knows instants alone."""


@dataclass(frozen=True)
class Table(Generic[R]):
    """One kind of record, each kept under a key."""

    name: str
    record: type[R]

    def to_document(self, key: str, record: R) -> dict[str, Any]:
        """With the key as its `_id`."""
        fields: dict[str, Any] = self._adapter.dump_python(record, exclude_none=True)
        fields["_id"] = key
        return fields

    def from_document(self, document: Mapping[str, Any]) -> R:
        """The record; its key is the caller's."""
        return self._adapter.validate_python({k: v for k, v in document.items() if k != "_id"})

    @cached_property
    def _adapter(self) -> TypeAdapter[R]:
        return TypeAdapter(self.record)
