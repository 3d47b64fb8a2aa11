"""Events for tests: valid by themselves, numbered by a counter, changed where a test says so.

event(CitizenAssisted, services=[given("vneid_install", outcome="can_do")], at=noon)
posted(HouseholdVisited, person=a_person())
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import orjson

from services.events.corrections import EventVoided
from services.events.declarations import AS_POSTED
from services.events.envelope import CITY_TIME, Event
from services.events.registry import adapter, encode
from services.registration.subjects.naming import subject_of
from tests.event_data import Json, minimal

E = TypeVar("E", bound=Event)

CHO_LON = "27343"
HOA_HUNG = "27163"
SAI_GON = "26740"
CITY = "79"
SATURDAY = datetime(2025, 10, 11, 8, 0, tzinfo=CITY_TIME)
"""The morning of the first campaign day, when everything happens unless a test says otherwise."""
PHONE = "/device/phone-1"
OFFICE = "/user/ward-1"

MADE = {
    "citizen_id": "c-000000000000000000000001",
    "merged_id": "c-000000000000000000000002",
    "household_id": "h-000000000000000000000001",
    "member_id": "m-000000000000000000000001",
}
"""Ids as registration makes them."""

_numbers = count(1)


def number() -> int:
    """The next one, the same for all builders."""
    return next(_numbers)


def an_event_id() -> str:
    """A UUIDv7 by its form; later ones sort later."""
    return f"01990000-0000-7000-8000-{number():012x}"


def an_id(prefix: str) -> str:
    """Such as `team-17`."""
    return f"{prefix}-{number()}"


def a_phone() -> str:
    """Ten digits that a counter made."""
    return f"09{number():08d}"


def a_national_id() -> str:
    """Twelve digits of province 000, which there is none of."""
    return f"000{number():09d}"


def a_person(**changes: object) -> Json:
    """Somebody with a number and a phone of their own."""
    person: Json = {"national_id": a_national_id(), "phone": a_phone(), "phone_owner": "self"}
    return {name: value for name, value in {**person, **changes}.items() if value is not None}


def given(service: str, *, before: str = "none", outcome: str = "can_do", **more: object) -> Json:
    """One line of a visit."""
    return {"service": service, "before": before, "outcome": outcome, **more}


def posted(
    event_class: type[Event],
    *,
    at: datetime = SATURDAY,
    ward: str = CHO_LON,
    subject: str | None = None,
    envelope: Mapping[str, object] | None = None,
    **data: object,
) -> Json:
    """The JSON that a client posts; a datum of None is left out, ids give way to a `person`.

    Ids of people that a test does not name are such as registration makes.
    """
    unnamed = {n: made for n, made in MADE.items() if n in minimal(event_class).get("data", {})}
    told = data if "person" in data else unnamed | data
    return _told(event_class, at=at, ward=ward, subject=subject, envelope=envelope, **told)


def _told(
    event_class: type[Event],
    *,
    at: datetime,
    ward: str,
    subject: str | None,
    envelope: Mapping[str, object] | None,
    **data: object,
) -> Json:
    least = minimal(event_class)
    defaults = dict(least.get("data", {}))
    if "person" in data:
        defaults = {k: v for k, v in defaults.items() if k not in _IDS_OF_A_PERSON}
    body = {name: value for name, value in {**defaults, **data}.items() if value is not None}
    fields: Json = {
        "specversion": "1.0",
        "id": an_event_id(),
        "source": least["source"],
        "type": least["type"],
        "subject": _posted_subject(event_class) if subject is None else subject,
        "time": at.isoformat(),
        "ward": ward,
        "data": body,
    }
    return {name: value for name, value in {**fields, **(envelope or {})}.items() if value != ""}


def event(
    event_class: type[E],
    *,
    at: datetime = SATURDAY,
    recorded: datetime | None = None,
    ward: str = CHO_LON,
    subject: str | None = None,
    envelope: Mapping[str, object] | None = None,
    **data: object,
) -> E:
    """The event as it is stored: named, and recorded a second later unless a test says when."""
    body = _told(event_class, at=at, ward=ward, subject=subject, envelope=envelope, **data)
    stored_at = (recorded or at + timedelta(seconds=1)).isoformat()
    parsed = adapter(event_class).validate_python({"recordedtime": stored_at, **body})
    assert isinstance(parsed, event_class)
    return parsed if parsed.subject else parsed.model_copy(update={"subject": _named(parsed)})


def void(target: Event, *, at: datetime | None = None, **changes: Any) -> EventVoided:
    """The target taken back, in its own ward, by whoever recorded it, a minute later."""
    return event(
        EventVoided,
        at=at or target.time + timedelta(minutes=1),
        ward=target.ward,
        subject=target.subject,
        envelope={"source": target.source, **changes.pop("envelope", {})},
        **{"event_id": target.id, "target_type": target.type, **changes},
    )


def as_json(of: Event) -> Json:
    """The stored JSON, decoded."""
    decoded: Json = orjson.loads(encode(of))
    return decoded


_IDS_OF_A_PERSON = ("citizen_id", "household_id", "member_id", "certificate")


def _posted_subject(event_class: type[Event]) -> str:
    """Of what its poster names; registration names what a void takes back."""
    named = event_class.about is AS_POSTED and not event_class.scope.of_its_target
    return str(minimal(event_class)["subject"]) if named else ""


def _named(unnamed: Event) -> str:
    """As registration and notify would; a signature by its citizen alone."""
    return subject_of(unnamed, lambda citizen_id, _: citizen_id) or unnamed.id
