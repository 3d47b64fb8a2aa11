"""Each type has one subject, a sample, a row in the table of roles, and its documents."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from services.documents import FOLDER
from services.events.envelope import Event
from services.events.person import Person
from services.events.registry import BY_TYPE, EVENT_CLASSES, type_name
from services.registration.documents import documents, roles
from services.registration.slices import KINDS, SLICES, SUBJECTS
from services.registration.subjects.actor import SYSTEM, Role
from services.registration.subjects.reading import view_of
from services.registration.subjects.subject import Decided, nothing

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "events" / "samples"


def test_each_type_has_exactly_one_subject() -> None:
    taken = Counter(event_class for slice_ in SLICES for event_class in slice_.accepts)

    assert taken == Counter(c for c in EVENT_CLASSES if c.posted)
    assert SUBJECTS.keys() == set(EVENT_CLASSES)


def test_each_class_of_event_is_registered_by_its_type() -> None:
    assert list(BY_TYPE.values()) == list(EVENT_CLASSES)
    assert list(BY_TYPE) == sorted(BY_TYPE)


@pytest.mark.parametrize("name", BY_TYPE)
def test_each_type_has_a_minimal_and_a_full_sample(name: str) -> None:
    assert {path.name for path in SAMPLES.glob(f"{name}.*.json")} >= {
        f"{name}.minimal.json",
        f"{name}.full.json",
    }


@pytest.mark.parametrize("name", BY_TYPE)
def test_each_type_has_a_row_in_the_table_of_roles(name: str) -> None:
    [row] = [line for line in roles().splitlines() if line.startswith(f"| `{name}` |")]

    allowed = SUBJECTS[BY_TYPE[name]].accepts[BY_TYPE[name]].by
    assert allowed
    assert row.count("✓") == len(allowed)


def test_nobody_but_the_system_records_an_sms_its_answer_or_a_refusal() -> None:
    by_system = {c for c in EVENT_CLASSES if SUBJECTS[c].accepts[c].by == SYSTEM}

    assert by_system == {c for c in EVENT_CLASSES if not c.posted}
    assert {type_name(c) for c in by_system} == {
        "assistance.confirmed.v1",
        "assistance.disputed.v1",
        "assistance.followed_up.v1",
        "citizen.opted_in.v1",
        "citizen.opted_out.v1",
        "event.refused.v1",
        "feedback.received.v1",
        "notification.delivered.v1",
        "notification.failed.v1",
        "notification.sent.v1",
        "notification.suppressed.v1",
        "notification.unconfirmed.v1",
    }


def test_volunteers_record_what_they_saw_and_who_is_in_their_team() -> None:
    theirs = {
        type_name(event_class)
        for subject in SLICES
        for event_class, accepts in subject.accepts.items()
        if Role.VOLUNTEER in accepts.by
    }

    assert theirs == {
        "household.visited.v1",
        "citizen.assisted.v1",
        "signature.registered.v1",
        "signature.issued.v1",
        "signature.activated.v1",
        "signature.suspended.v1",
        "signature.revoked.v1",
        "consent.given.v1",
        "consent.withdrawn.v1",
        "team.member_joined.v1",
        "team.member_left.v1",
        "event.voided.v1",
        "appointment.booked.v1",
        "appointment.cancelled.v1",
        "request.received.v1",
    }


def test_the_public_records_nothing_yet() -> None:
    assert not any(Role.PUBLIC in accepts.by for s in SLICES for accepts in s.accepts.values())


def test_only_decided_types_refer_to_other_subjects() -> None:
    for subject in SLICES:
        for event_class, accepts in subject.accepts.items():
            refers = accepts.refers is not nothing
            assert isinstance(subject, Decided) or not refers, type_name(event_class)


@pytest.mark.parametrize("subject", [s for s in KINDS.values() if s.kind.plural])
def test_who_is_behind_a_row_is_read_in_no_list(subject: Decided[Any]) -> None:
    fields = set(view_of(subject).model_fields)

    assert not fields & {"citizen_id", "citizen_ids", "received_by"}


def test_no_document_of_a_type_is_left_behind() -> None:
    committed = {
        str(p.relative_to(ROOT / FOLDER)) for p in (ROOT / FOLDER / "schemas").rglob("*.json")
    }

    assert committed == {name for name in documents() if name.startswith("schemas/")}


def names_of(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        yield from inner_names(field.annotation)


def inner_names(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from names_of(annotation)
    for inner in get_args(annotation):
        yield from inner_names(inner)


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=type_name)
def test_no_event_has_a_field_for_who_somebody_is(event_class: type[Event]) -> None:
    personal = set(Person.model_fields) - {"name"} | {"person", "full_name", "birth_date", "email"}

    assert not personal & set(names_of(event_class))
