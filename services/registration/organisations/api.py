"""Reads organisations."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.params import Depends

from services.registration.organisations.rules import ORGANISATION, Organisation
from services.registration.subjects.reading import resource
from services.registration.subjects.rows import Rows


class OrganisationView(Organisation):
    """As readers see it."""

    id: str


def router(rows: Rows, allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /organisations`, by ward and cursor, and `GET /organisations/{id}`."""
    return resource(rows, "organisations", ORGANISATION.kind, OrganisationView, allowed)
