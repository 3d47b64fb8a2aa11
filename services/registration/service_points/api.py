"""Reads service points."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.params import Depends

from services.registration.service_points.rules import SERVICE_POINT, ServicePoint
from services.registration.subjects.reading import resource
from services.registration.subjects.rows import Rows


class ServicePointView(ServicePoint):
    """As readers see it."""

    id: str


def router(rows: Rows, allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /service_points`, by ward and cursor, and `GET /service_points/{id}`."""
    return resource(rows, "service_points", SERVICE_POINT.kind, ServicePointView, allowed)
