"""Records as MongoDB keeps them, and back: what is absent is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
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
        fields: dict[str, Any] = _plain(self._adapter.dump_python(record))
        return {"_id": key} | fields

    def from_document(self, document: Mapping[str, Any]) -> R:
        """The record; its key is the caller's."""
        return self._adapter.validate_python({k: v for k, v in document.items() if k != "_id"})

    @cached_property
    def _adapter(self) -> TypeAdapter[R]:
        return TypeAdapter(self.record)


def _plain(value: Any) -> Any:
    """By exact type: this runs for every field of every record that is written."""
    how = _HOW.get(type(value))
    if how:
        return how(value)
    return value.value if isinstance(value, Enum) else value


def _mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(item) for name, item in value.items() if item is not None}


def _sequence(value: Sequence[Any]) -> list[Any]:
    return [_plain(item) for item in value]


_HOW: dict[type, Callable[[Any], Any]] = {
    dict: _mapping,
    tuple: _sequence,
    list: _sequence,
    date: date.isoformat,
    str: str,
    int: int,
    datetime: lambda value: value,
}
