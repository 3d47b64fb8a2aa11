"""Reads teams."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.params import Depends

from services.registration.subjects.reading import resource
from services.registration.subjects.rows import Rows
from services.registration.teams.rules import TEAM, Team


class TeamView(Team):
    """As readers see it."""

    id: str


def router(rows: Rows, allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /teams`, by ward and cursor, and `GET /teams/{id}`."""
    return resource(rows, "teams", TEAM.kind, TeamView, allowed)
