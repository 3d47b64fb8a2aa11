"""From an event's type to its class, and from bytes to an event."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any

from pydantic import TypeAdapter

from services import events
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


EVENT_CLASSES = declared_in(events)

BY_TYPE: Mapping[str, type[Event]] = MappingProxyType({type_name(c): c for c in EVENT_CLASSES})


@cache
def adapter(event_class: type[Event]) -> TypeAdapter[Event]:
    """The validator of one class, built once."""
    return TypeAdapter(event_class)


class UnknownType(ValueError):
    """No class has this type."""


def parse(envelope: Mapping[str, Any]) -> Event:
    """An event from its decoded JSON. Raises: UnknownType, pydantic.ValidationError."""
    event_class = BY_TYPE.get(str(envelope.get("type")))
    if event_class is None:
        raise UnknownType
    return adapter(event_class).validate_python(envelope)


def encode(event: Event) -> bytes:
    """The JSON that is stored and published; absent fields are left out."""
    return event.__pydantic_serializer__.to_json(event, exclude_none=True)
