"""Nobody's name or number stands where an id, a code or a name of a thing is meant. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel

from services.events.envelope import Event, Meant
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
_OWN_FORM = frozenset({"id", "time", "traceparent", "source", "replaces", "recordedtime", "type"})
"""Of the envelope: their patterns leave no room."""


def holds_a_number(text: str) -> bool:
    """Nine to twelve digits, or a telephone number with the separators that people write."""
    return _NUMBER.search(_MADE.sub("", text)) is not None


def _no_number(text: str) -> str:
    if holds_a_number(text):
        raise ValueError("a number that may be somebody's")
    return text


NO_NUMBER = AfterValidator(_no_number)
"""For labels and names outside of events."""


def must_name_nobody(event: Event) -> None:
    """Raises: Problem where a text is not what its field declares, or holds a number."""
    for path, text, form in _texts(event, ()):
        if (form and not re.fullmatch(form, text)) or holds_a_number(text):
            raise Problem(NAMES_SOMEBODY, pointer(path))


def _texts(model: BaseModel, path: Sequence[str | int]) -> Iterator[tuple[Any, str, str | None]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if not path and name in _OWN_FORM:
            continue
        form = _forms(type(model)).get(name)
        for at, one in _each(value, (*path, name)):
            if isinstance(one, BaseModel):
                yield from _texts(one, at)
            elif isinstance(one, str):
                yield at, one, form


def _each(value: Any, path: Sequence[str | int]) -> Iterator[tuple[Sequence[str | int], Any]]:
    if isinstance(value, tuple):
        yield from (((*path, n), one) for n, one in enumerate(value))
    else:
        yield path, value


@cache
def _forms(model: type[BaseModel]) -> dict[str, str]:
    """By field, what its type says that it is meant to be."""
    return {
        name: form
        for name, field in model.model_fields.items()
        if (form := _form(Annotated[field.annotation, *field.metadata, None]))
    }


def _form(annotation: Any) -> str | None:
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        if meant := next((one for one in inner[1:] if isinstance(one, Meant)), None):
            return meant.form
        inner = inner[:1]
    return next((form for one in inner if (form := _form(one))), None)
