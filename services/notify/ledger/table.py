"""Maps records to documents and back (data mapper): what is absent is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

R = TypeVar("R")


@dataclass(frozen=True)
class Table(Generic[R]):
    """One kind of record, each kept under a key."""

    name: str
    record: type[R]

    def to_document(self, key: str, record: R) -> dict[str, Any]:
        """With the key as its `_id`."""
        fields: dict[str, Any] = self._adapter.dump_python(record, exclude_none=True, by_alias=True)
        fields["_id"] = key
        return fields

    def from_document(self, document: Mapping[str, Any]) -> R:
        """The record; its key is the caller's."""
        return self._adapter.validate_python(document)

    def changes(self, before: R, after: R) -> tuple[dict[str, Any], set[str]]:
        """The fields in which they differ, as a document holds them, and those that are gone."""
        changed = {f for f in self._fields if getattr(before, f) is not getattr(after, f)}
        there = self._adapter.dump_python(after, include=changed, exclude_none=True, by_alias=True)
        return there, changed - there.keys()

    @cached_property
    def _fields(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(self.record))  # type: ignore[arg-type]

    @cached_property
    def _adapter(self) -> TypeAdapter[R]:
        return TypeAdapter(self.record)
