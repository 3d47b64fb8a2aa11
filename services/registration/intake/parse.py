"""From a decoded event to its class, its payload hash and the person taken out of it: pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from services.events.envelope import POSTED_ID, Event
from services.events.person import Person
from services.events.registry import REGISTRY, Registry, adapter
from services.platform.problems import Problem, ProblemKind, pointer
from services.registration.intake.anonymous import must_name_nobody
from services.registration.intake.canonical import canonical
from services.registration.intake.fingerprint import payload_hash
from services.registration.intake.hints import hint
from services.registration.intake.persons import Candidate, Identity
from services.registration.intake.problems import (
    INVALID_ID,
    INVALID_VALUE,
    MISSING_FIELD,
    UNKNOWN_FIELD,
    UNKNOWN_TYPE,
)

_PERSON = TypeAdapter(Person)
_ID = re.compile(POSTED_ID)
_SET_BY_SERVER = frozenset({"recordedtime", "devicetime", "admittedby"})
_KINDS = {"missing": MISSING_FIELD, "extra_forbidden": UNKNOWN_FIELD}

Identify = Callable[[Person, str, str, frozenset[str], frozenset[str]], Candidate]
"""Of a person: the ward, the event's id, the fields that the type has, and those that it needs."""


class NotValid(Problem):
    """Its first fault, and how many there are."""

    def __init__(self, kind: ProblemKind, pointer: str, faults: int) -> None:
        super().__init__(kind, pointer)
        self.faults = faults


@dataclass(slots=True)
class Parsed:
    """A well-formed event; its ids are provisional until the person is identified."""

    event: Event
    payload_hash: bytes
    person: Candidate | None


def valid_id(posted: Mapping[str, Any]) -> str | None:
    """The id that the poster gave, if it is one that may be posted."""
    value = posted.get("id")
    return value if isinstance(value, str) and _ID.fullmatch(value := value.lower()) else None


def parse(
    posted: Mapping[str, Any],
    key: bytes,
    identify: Identify,
    now: datetime,
    known: Registry = REGISTRY,
) -> Parsed:
    """Raises: Problem, with a pointer and never with a value; of an earlier version of a type the
    pointer is into what the newest makes of it."""
    if not valid_id(posted):
        raise Problem(INVALID_ID, "/id")
    told: Mapping[str, Any] = canonical(posted)
    if "specversion" not in told:
        raise Problem(MISSING_FIELD, "/specversion")
    told = known.upcast(told)
    event_class = known.by_type.get(str(told.get("type")))
    if event_class is None:
        raise Problem(UNKNOWN_TYPE, "/type")
    if server_field := _SET_BY_SERVER & told.keys():
        raise Problem(UNKNOWN_FIELD, f"/{min(server_field)}")
    envelope, person = _take_person(event_class, told, identify)
    event = _validated(adapter(event_class), {**envelope, "recordedtime": now}, "")
    must_name_nobody(event)
    return Parsed(event, payload_hash(posted, key, known), person)


def _take_person(
    event_class: type[Event], posted: Mapping[str, Any], identify: Identify
) -> tuple[Mapping[str, Any], Candidate | None]:
    data = posted.get("data")
    if not isinstance(data, dict) or "person" not in data:
        return posted, None
    person = _validated(_PERSON, data["person"], "/data/person")
    fields, needed = _data_fields(event_class), _needed_fields(event_class)
    candidate = identify(person, str(posted.get("ward")), str(posted["id"]), fields, needed)
    rest = {name: value for name, value in data.items() if name != "person"}
    # an id that was posted beside the person is judged too; the person's own takes its place later
    return {**posted, "data": known_ids(event_class, candidate.identity) | rest}, candidate


def known_ids(event_class: type[Event], identity: Identity) -> dict[str, str]:
    """Those of the identity's ids that this type of event has a field for."""
    fields = _data_fields(event_class)
    return {name: value for name, value in identity._asdict().items() if value and name in fields}


@cache
def _data_fields(event_class: type[Event]) -> frozenset[str]:
    return frozenset(_fields_of(event_class))


@cache
def _needed_fields(event_class: type[Event]) -> frozenset[str]:
    fields = _fields_of(event_class)
    return frozenset(name for name, field in fields.items() if field.is_required())


def _fields_of(event_class: type[Event]) -> Mapping[str, FieldInfo]:
    data_class = event_class.model_fields["data"].annotation
    fields: Mapping[str, FieldInfo] = getattr(data_class, "model_fields", {})
    return fields


def _validated(validator: TypeAdapter[Any], value: object, at: str) -> Any:
    try:
        return validator.validate_python(value)
    except ValidationError as error:
        raise _problem(error, at) from None


def _problem(error: ValidationError, at: str) -> NotValid:
    errors = error.errors(include_url=False, include_input=False)
    first = errors[0]
    kind = _KINDS.get(first["type"], INVALID_VALUE)
    problem = NotValid(kind, at + pointer(first["loc"]), len(errors))
    problem.hint = hint(errors, at)
    return problem
