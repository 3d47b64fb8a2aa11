"""Nobody's name or number stands where an id, a code or a name of a thing is meant. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from services.events.envelope import Data, Event, Meant
from services.platform.problems import Problem, ProblemKind, pointer

NAMES_SOMEBODY = ProblemKind(
    "names_somebody",
    422,
    "Mục này chỉ nhận mã hoặc tên gọi, không nhận tên, số điện thoại hay số định danh của ai. Người"
    " thì ghi trong `data.person`; mã công dân, hộ, thành viên do hệ thống cấp.",
    "This field takes a code or a thing's name, and nobody's name or number. A person goes into"
    " `data.person`; ids of citizens, households and members are those that registration made.",
)
_NUMBER = re.compile(r"(?<!\d)(?:\d{9,12}|(?:\+84|0)(?:[ .-]?\d){8,10})(?!\d)")
_MADE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9a-f]*[a-f])[0-9a-f]{20,}")
"""Random, so that any digits in a row are by chance."""
_SHORTEST = 9
_OWN_FORM = frozenset({"id", "time", "traceparent", "source", "replaces", "recordedtime", "type"})
"""Of the envelope: their patterns leave no room."""

_NO_TEXT = (Enum, int, float, date, NoneType)

Path = tuple[str | int, ...]


def holds_a_number(text: str) -> bool:
    """Nine to twelve digits, or a telephone number with the separators that people write."""
    return len(text) >= _SHORTEST and _NUMBER.search(_MADE.sub("", text)) is not None


def _no_number(text: str) -> str:
    if holds_a_number(text):
        raise ValueError("a number that may be somebody's")
    return text


NO_NUMBER = AfterValidator(_no_number)
"""For labels and names outside of events."""


def must_name_nobody(event: Event) -> None:
    """Raises: Problem where a text is not what its field declares, or holds a number."""
    if path := _way_to_somebody(event):
        raise Problem(NAMES_SOMEBODY, pointer(path))


def _way_to_somebody(model: BaseModel) -> Path | None:
    """Where the first such text stands; nothing is built on the way to none."""
    for name, form in _fields(type(model)):
        way = _within(getattr(model, name), form)
        if way is not None:
            return (name, *way)
    return None


def _within(value: Any, form: re.Pattern[str] | None) -> Path | None:
    kind = type(value)
    if kind is str:
        wrong = (form and not form.fullmatch(value)) or holds_a_number(value)
        return () if wrong else None
    if kind is tuple:
        for n, item in enumerate(value):
            way = _within(item, form)
            if way is not None:
                return (n, *way)
        return None
    return _way_to_somebody(value) if isinstance(value, BaseModel) else None


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    """Those that may hold a text, each with what its type says that it is meant to be."""
    fields = ((name, Annotated[f.annotation, *f.metadata, None]) for name, f in _open(model))
    return tuple((name, _form(kind)) for name, kind in fields if _may_hold_text(kind))


def _open(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    own_form = _OWN_FORM if issubclass(model, Event) else frozenset()
    return ((name, field) for name, field in model.model_fields.items() if name not in own_form)


def _may_hold_text(annotation: Any) -> bool:
    """A code of ours, a number or a day has no room for anybody; whatever else it is may have."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _may_hold_text(inner[0])
    if origin is Literal:
        return False
    if inner:
        return any(_may_hold_text(part) for part in inner)
    if not isinstance(annotation, type):
        return True
    if issubclass(annotation, BaseModel):
        return annotation is Data or bool(_fields(annotation))
    return not issubclass(annotation, _NO_TEXT)


def _form(annotation: Any) -> re.Pattern[str] | None:
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        if meant := next((part for part in inner[1:] if isinstance(part, Meant)), None):
            return re.compile(meant.form)
        inner = inner[:1]
    return next((form for part in inner if (form := _form(part))), None)
