"""Reads slots: how many are expected in each, and never who."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from fastapi.params import Depends
from pydantic import BaseModel

from services.registration.appointments.rules import SLOT
from services.registration.subjects.reading import resource
from services.registration.subjects.rows import Rows


class SlotView(BaseModel):
    """As readers see it."""

    id: str
    ward: str
    service_point_id: str
    starts_at: datetime
    booked: int


def router(rows: Rows, allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /appointments`, by ward and cursor, and `GET /appointments/{id}`."""
    return resource(rows, "appointments", SLOT.kind, SlotView, allowed)
