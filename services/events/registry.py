"""From an event's type to its class, and from bytes to an event."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any

import orjson
from pydantic import TypeAdapter

from services import events
from services.events.declarations import Former
from services.events.envelope import Event

_READERS = frozenset({"registry", "schemas"})
"""Modules of the package that read what the others declare."""


def type_name(event_class: type[Event]) -> str:
    """The permanent name, such as `citizen.assisted.v1`."""
    return str(event_class.model_fields["type"].default)


def declared_in(package: ModuleType) -> tuple[type[Event], ...]:
    """Every type that a module of the package declares, by name."""
    names = [f"{package.__name__}.{module.name}" for module in iter_modules(package.__path__)]
    modules = [import_module(name) for name in names if name.rpartition(".")[2] not in _READERS]
    found = {
        declared
        for module in modules
        for declared in vars(module).values()
        if isinstance(declared, type) and issubclass(declared, Event) and declared is not Event
        if declared.__module__ == module.__name__
    }
    return tuple(sorted(found, key=type_name))


class UnknownType(ValueError):
    """No class has this type."""


class Registry:
    """The types that a process knows: the newest version of each, and how to read earlier ones."""

    def __init__(self, classes: Sequence[type[Event]]) -> None:
        """Raises: TypeError where two classes claim a type."""
        self.classes = tuple(classes)
        self.by_type: Mapping[str, type[Event]] = MappingProxyType(
            {type_name(c): c for c in classes}
        )
        self._former = {
            former.type: (c, c.former[n:]) for c in classes for n, former in enumerate(c.former)
        }
        claims = len(self.by_type) + sum(len(c.former) for c in classes)
        if claims > len({*self.by_type, *self._former}):
            raise TypeError("two classes claim one type of event")

    def class_of(self, name: str) -> type[Event] | None:
        """The class that reads events of this type, of whatever version; None: unknown."""
        found = self._former.get(name)
        return found[0] if found else self.by_type.get(name)

    def current(self, name: str) -> str:
        """The type as which events of this type are read."""
        found = self._former.get(name)
        return type_name(found[0]) if found else name

    def former(self, name: str) -> Former | None:
        """What is known of an earlier version; None for the newest, and for what is unknown."""
        found = self._former.get(name)
        return found[1][0] if found else None

    def upcast(self, envelope: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same event as the newest version of its type says it; `data` is left as it is where
        it is no object."""
        found = self._former.get(str(envelope.get("type")))
        if found is None:
            return envelope
        event_class, versions = found
        data = envelope.get("data")
        if isinstance(data, Mapping):
            for version in versions:
                data = version.upcast(data)
        return {**envelope, "type": type_name(event_class), "data": data}

    def parse(self, envelope: Mapping[str, Any]) -> Event:
        """An event from its decoded JSON. Raises: UnknownType, pydantic.ValidationError."""
        envelope = self.upcast(envelope)
        event_class = self.by_type.get(str(envelope.get("type")))
        if event_class is None:
            raise UnknownType
        return adapter(event_class).validate_python(envelope)

    def parse_stored(self, name: str, body: bytes) -> Event:
        """An event of this type from its stored JSON. Raises: UnknownType, ValidationError."""
        event_class = self.by_type.get(name)
        if event_class is None:
            return self.parse(orjson.loads(body))
        return adapter(event_class).validate_json(body)


REGISTRY = Registry(declared_in(events))
EVENT_CLASSES = REGISTRY.classes
BY_TYPE = REGISTRY.by_type


@cache
def adapter(event_class: type[Event]) -> TypeAdapter[Event]:
    """The validator of one class, built once."""
    return TypeAdapter(event_class)


def parse(envelope: Mapping[str, Any]) -> Event:
    """As `Registry.parse`, of the types of this version."""
    return REGISTRY.parse(envelope)


def encode(event: Event) -> bytes:
    """The JSON that is stored and published; absent fields are left out."""
    return event.__pydantic_serializer__.to_json(event, exclude_none=True)
