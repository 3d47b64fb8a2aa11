"""Appointments at a service point. `subject` is the slot: the point and the time it begins."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.events.declarations import Kind, Scope, first_of
from services.events.envelope import CITY_TIME, CitizenId, Data, Event, Instant

APPOINTMENTS = Kind("appointment", plural="appointments")
AT_THE_POINT = Scope(service_point="service_point_id")

BookablePoint = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,49}$")]
"""Shorter than other ids, so that the slot's id has room for the time."""

InTheseYears = Annotated[
    Instant,
    Field(ge=datetime(2020, 1, 1, tzinfo=CITY_TIME), lt=datetime(2100, 1, 1, tzinfo=CITY_TIME)),
]
"""A time at the end of the calendar has no hour in the city."""


class Appointment(Data):
    """One citizen in one slot."""

    service_point_id: BookablePoint
    starts_at: InTheseYears
    citizen_id: CitizenId

    @property
    def slot_id(self) -> str:
        """Such as `point-1-20251012t0830`: to the minute, in the city's time."""
        begins = self.starts_at.astimezone(CITY_TIME)
        return f"{self.service_point_id}-{begins:%Y%m%dt%H%M}"


class AppointmentBooked(Event):
    """A citizen is expected."""

    about = first_of("slot_id")
    scope = AT_THE_POINT
    type: Literal["appointment.booked.v1"] = "appointment.booked.v1"
    data: Appointment


class AppointmentCancelled(Event):
    """The citizen is expected no longer."""

    about = first_of("slot_id")
    scope = AT_THE_POINT
    type: Literal["appointment.cancelled.v1"] = "appointment.cancelled.v1"
    data: Appointment
