"""Any event, made from the types of its class: a new class is drawn as soon as it is registered.

Every value comes from a small pool, so that histories meet: an id by what it names, a code from its
list, a day or an instant near 1 July 2025, when wards changed. What a type cannot say is said here:
which ids name the same kind of thing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from random import Random
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from services.events.envelope import CITY_TIME, Event
from services.events.registry import EVENT_CLASSES, type_name
from services.registration.subjects.naming import subject_of
from tests.builders import CHO_LON, OFFICE, PHONE, SAI_GON, event

Draw = Callable[[Random], Any]
LAST_OLD_EVENING = datetime(2025, 6, 30, 20, 0, tzinfo=CITY_TIME)
HOURS = (*range(8), *range(8, 80, 9))
PEOPLE = (PHONE, "/device/phone-2", OFFICE)
OURSELVES = ("/notify", "/registration")
CITIZENS = (1, 1, 1, 2, 3)
"""A chain of mergers takes three."""
OF_OTHER_KINDS = (1, 1, 1, 2)
"""The first of a kind comes more often, so that its life is told further."""
KIND_OF = {
    "merged_id": "citizen",
    "head_member_id": "member",
    "parent_id": "organisation",
    "predecessors": "neighbourhood",
    "places": "neighbourhood",
    "replicated_from": "service_point",
}
"""What an id names where its field is not called after it."""
CLOCKS: Sequence[Callable[[datetime], str | None]] = (
    lambda _: None,
    lambda at: (at - timedelta(minutes=10)).isoformat(),
    lambda at: (at + timedelta(minutes=11)).isoformat(),
)
"""What the phone's clock showed, where the server corrected it."""
ADMISSIONS = (None, None, f"{OFFICE}?refusal=01990000-0000-8000-8000-000000000001")
WORDS = (
    "Khu phố 1",
    "Khu phố 2",
    "no_consent",
    "not_allowed",
    *PEOPLE,
    *(type_name(event_class) for event_class in EVENT_CLASSES[-2:]),
    *(f"01990000-0000-7000-8000-ffffffffff0{n}" for n in range(2)),
    "0" * 32,
    "f" * 32,
    CHO_LON,
    SAI_GON,
)
"""Each field takes three at most that fit it: texts, reasons, sources, types, events, hashes."""


def any_event(event_class: type[Event], ward: str, chance: Random) -> Event:
    """As it is stored: named by registration or notify, and recorded up to 60 hours later."""
    at, data = any_time(chance), _data(event_class)(chance)
    about = type_name(event_class).partition(".")[0]
    told = event(
        event_class,
        at=at,
        recorded=at + timedelta(hours=chance.randint(0, 60)),
        ward=ward,
        subject=data.get(f"{about}_id") or chance.choice(ids(about)),
        envelope={
            "source": chance.choice(sources(event_class)),
            "devicetime": chance.choice(CLOCKS)(at),
            "admittedby": chance.choice(ADMISSIONS),
            "data": data,
        },
    )
    named = subject_of(told, lambda citizen_id, ca: f"{citizen_id}-{ca}")
    return told.model_copy(update={"subject": named})


def sources(event_class: type[Event]) -> Sequence[str]:
    """Who may record it."""
    return PEOPLE if event_class.posted else OURSELVES


def any_time(chance: Random) -> datetime:
    """In the last four hours of the old wards, or the first three days of the new ones."""
    return LAST_OLD_EVENING + timedelta(hours=chance.choice(HOURS))


@cache
def ids(kind: str) -> list[str]:
    """The few that there are of a kind, such as `service-point-1`."""
    numbers = CITIZENS if kind == "citizen" else OF_OTHER_KINDS
    return [f"{kind.replace('_', '-')}-{n}" for n in numbers]


@cache
def _data(event_class: type[Event]) -> Draw:
    return _model(event_class.model_fields["data"].annotation)


def _model(model: Any) -> Draw:
    """All fields by name; an optional one is left out as often as not."""
    fields = {n: _value(n, f.annotation, *f.metadata) for n, f in model.model_fields.items()}
    return lambda chance: {name: draw(chance) for name, draw in fields.items()}


def _value(name: str, type_: Any, *limits: Any) -> Draw:
    """Within the field's limits. Raises: TypeError for a type that is unknown here."""
    inner, origin = get_args(type_), get_origin(type_)
    if origin is Annotated:
        return _value(name, inner[0], *limits, *inner[1:])
    if origin in (Union, UnionType):
        draws = [_value(name, one) for one in inner]
        return lambda chance: chance.choice(draws)(chance)
    if origin is Literal:
        return lambda chance: chance.choice(inner)
    if origin is tuple:
        return _many(_value(name, inner[0]), limits)
    return _single(name, type_, limits)


def _many(draw: Draw, limits: Sequence[Any]) -> Draw:
    least = _limit(limits, MinLen, "min_length", 0)
    most = min(_limit(limits, MaxLen, "max_length", 3), least + 2)
    return lambda chance: [draw(chance) for _ in range(chance.randint(least, most))]


def _single(name: str, type_: type[Any], limits: Sequence[Any]) -> Draw:
    if type_ in SINGLE:
        return SINGLE[type_]
    if issubclass(type_, BaseModel):
        return _model(type_)
    if issubclass(type_, Enum):
        return _code(list(type_))
    if issubclass(type_, str):
        pool = _texts(name, limits)
        return lambda chance: chance.choice(pool)
    if issubclass(type_, int | float):
        least = _limit(limits, Ge, "ge", 0)
        most = min(_limit(limits, Le, "le", least + 2), least + 2)
        return lambda chance: type_(chance.randint(int(least), int(most)))
    raise TypeError(f"{name}: {type_}")


SINGLE: dict[Any, Draw] = {
    NoneType: lambda _: None,
    bool: lambda chance: chance.choice((False, True)),
    date: lambda chance: any_time(chance).date(),
    datetime: any_time,
    AwareDatetime: any_time,
}


def _code(codes: Sequence[Enum]) -> Draw:
    """One of the first three every other time, so that equal ones meet."""
    return lambda chance: chance.choice(chance.choice((codes[:3], codes)))


def _texts(name: str, limits: Sequence[Any]) -> list[str]:
    """Ids of what the field names, else words; the first three that fit. Raises: TypeError."""
    pattern = re.compile(next((p for one in limits if (p := getattr(one, "pattern", None))), ""))
    most = min((n for one in limits if (n := getattr(one, "max_length", None))), default=300)
    named = ids(KIND_OF.get(name) or name.removesuffix("_id"))
    if pattern.pattern and pattern.search(named[0]):
        return named
    found = [word for word in WORDS if len(word) <= most and pattern.search(word)]
    if not found:
        raise TypeError(f"{name}: no word here fits {pattern.pattern}")
    return found[:3]


def _limit(limits: Sequence[Any], kind: type[Any], name: str, otherwise: Any) -> Any:
    return next((getattr(one, name) for one in _each(limits) if isinstance(one, kind)), otherwise)


def _each(limits: Sequence[Any]) -> Iterator[Any]:
    """Those of a `Field(...)` lie within it."""
    for limit in limits:
        yield from limit.metadata if isinstance(limit, FieldInfo) else (limit,)
