"""Reads organisations."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.params import Depends

from services.registration.intake.reading import resource
from services.registration.intake.rows import Rows
from services.registration.organisations.rules import ORGANISATION, Organisation


class OrganisationView(Organisation):
    """As readers see it."""

    id: str


def router(rows: Rows, allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /organisations`, by ward and cursor, and `GET /organisations/{id}`."""
    return resource(rows, "organisations", ORGANISATION.kind, OrganisationView, allowed)
