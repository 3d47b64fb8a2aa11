"""Reads neighbourhoods."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.params import Depends

from services.registration.neighbourhoods.rules import NEIGHBOURHOOD, Neighbourhood
from services.registration.subjects.reading import resource
from services.registration.subjects.rows import Rows


class NeighbourhoodView(Neighbourhood):
    """As readers see it."""

    id: str


def router(rows: Rows, allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /neighbourhoods`, by ward and cursor, and `GET /neighbourhoods/{id}`."""
    return resource(rows, "neighbourhoods", NEIGHBOURHOOD.kind, NeighbourhoodView, allowed)
