"""Slots at a service point: citizens book into them, each once, and cancel."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel

from services.events.appointments import (
    APPOINTMENTS,
    Appointment,
    AppointmentBooked,
    AppointmentCancelled,
)
from services.events.envelope import CITY_TIME, Event
from services.events.service_points import SERVICE_POINTS
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import KIOSKS, STAFF, VOLUNTEERS
from services.registration.subjects.belonging import Local, must_be_known
from services.registration.subjects.owners import OfRow, Owner
from services.registration.subjects.problems import NOT_YET_KNOWN, Refusal
from services.registration.subjects.subject import NEVER, Accepts, Decided, Reference

SLOT_HOLDS = 30
"""A bound on what can be promised by mistake: how many a point can really help at once is recorded
nowhere, and a launch day's booths take this many."""

BOOKED_ALREADY = ProblemKind(
    "booked_already",
    409,
    "Người dân đã có hẹn vào giờ này.",
    "This citizen has an appointment in this slot already.",
)
SLOT_FULL = ProblemKind(
    "slot_full",
    409,
    "Giờ này đã đủ người. Hãy chọn giờ khác.",
    "This slot is full. Choose another time.",
)
SLOT_HAS_BEGUN = ProblemKind(
    "slot_has_begun",
    422,
    "Giờ hẹn đã qua. Hãy chọn giờ khác.",
    "This time has passed. Choose another.",
)


class Slot(Local):
    """Who is expected at a point at a time."""

    service_point_id: str
    starts_at: datetime
    citizen_ids: tuple[str, ...] = ()
    booked: int = 0
    """How many that are, for readers who are not told whom."""


class SlotView(BaseModel):
    """As readers see it."""

    id: str
    ward: str
    service_point_id: str
    starts_at: datetime
    booked: int


def may_book(slot: Slot | None, event: AppointmentBooked) -> None:
    """Ahead of its time, once a citizen, as long as there is room."""
    if event.data.starts_at <= event.time:
        raise Refusal(SLOT_HAS_BEGUN, "/data/starts_at")
    if slot is None:
        return
    if event.data.citizen_id in slot.citizen_ids:
        raise Refusal(BOOKED_ALREADY, "/data/citizen_id")
    if len(slot.citizen_ids) >= SLOT_HOLDS:
        raise Refusal(SLOT_FULL, "/data/starts_at")


def may_cancel(slot: Slot | None, event: AppointmentCancelled) -> None:
    """Who is booked; a booking that is still under way makes it worth another try."""
    must_be_known(slot, event)
    if slot is None or event.data.citizen_id not in slot.citizen_ids:
        raise Refusal(NOT_YET_KNOWN, "/data/citizen_id")


def the_point(event: AppointmentBooked) -> Iterator[Reference]:
    """Known, and not closed before the day of the appointment."""
    on = event.data.starts_at.astimezone(CITY_TIME).date()
    point = event.data.service_point_id
    yield Reference((SERVICE_POINTS,), point, "/data/service_point_id", on)


def of_its_point(event: Event) -> Iterator[Owner]:
    """Whoever takes the first appointment of a slot, it is its point's."""
    if isinstance(event.data, Appointment):
        point = event.data.service_point_id
        yield OfRow((SERVICE_POINTS,), point, "/data/service_point_id")


def evolve(slot: Slot | None, event: Event) -> Slot | None:
    """What an event makes of a slot."""
    match slot, event:
        case None, AppointmentBooked(data=told):
            return _expecting(_empty(event, told), (told.citizen_id,))
        case Slot(), AppointmentBooked(data=told):
            return _expecting(slot, (*slot.citizen_ids, told.citizen_id))
        case Slot(), AppointmentCancelled(data=told):
            return _expecting(
                slot, tuple(id_ for id_ in slot.citizen_ids if id_ != told.citizen_id)
            )
        case _:
            return slot


def _empty(event: Event, told: Appointment) -> Slot:
    return Slot(
        ward=event.ward,
        since=event.day,
        service_point_id=told.service_point_id,
        starts_at=told.starts_at,
    )


def _expecting(slot: Slot, citizen_ids: tuple[str, ...]) -> Slot:
    return slot.model_copy(update={"citizen_ids": citizen_ids, "booked": len(citizen_ids)})


SLOT = Decided[Slot](
    kind=APPOINTMENTS,
    state=Slot,
    evolve=evolve,
    belongs=of_its_point,
    view=SlotView,
    ends_on=NEVER,
    accepts={
        AppointmentBooked: Accepts(
            by=VOLUNTEERS | KIOSKS | STAFF, check=may_book, refers=the_point
        ),
        AppointmentCancelled: Accepts(by=VOLUNTEERS | KIOSKS | STAFF, check=may_cancel),
    },
)
