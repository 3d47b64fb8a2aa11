"""Bookcases that a neighbourhood shares."""

from typing import Literal

from services.events.declarations import BY_WARD, Kind
from services.events.envelope import Data, Event, Id, Text
from services.events.teams import NoDetails

BOOKCASES = Kind("bookcase", plural="bookcases")


class NewBookcase(Data):
    """Where it stands."""

    name: Text
    neighbourhood_id: Id | None = None


class BookcasePlaced(Event):
    """A bookcase stands from this day on; `subject` is its id."""

    scope = BY_WARD
    type: Literal["bookcase.placed.v1"] = "bookcase.placed.v1"
    data: NewBookcase


class BookcaseRemoved(Event):
    """A bookcase is gone."""

    scope = BY_WARD
    type: Literal["bookcase.removed.v1"] = "bookcase.removed.v1"
    data: NoDetails = NoDetails()
