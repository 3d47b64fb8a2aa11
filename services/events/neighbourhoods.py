"""Neighbourhoods: the khu phố and ấp below a ward, which come and go."""

from typing import Annotated, Literal

from pydantic import FailFast, Field

from services.events.codes import Code
from services.events.declarations import BY_WARD, Kind
from services.events.envelope import Count, Data, Day, Event, Id, Text

NEIGHBOURHOODS = Kind("neighbourhood", plural="neighbourhoods")


class NeighbourhoodKind(Code):
    """A phường has khu phố, a xã has ấp."""

    KHU_PHO = "khu_pho", "Khu phố", "Neighbourhood"
    AP = "ap", "Ấp", "Hamlet"


class NewNeighbourhood(Data):
    """A neighbourhood with the figures known when it was registered."""

    kind: NeighbourhoodKind
    name: Text
    valid_from: Day
    valid_to: Day | None = None
    predecessors: Annotated[tuple[Id, ...], FailFast(), Field(max_length=50)] = ()
    households: Count | None = None
    adults: Count | None = None
    as_of: Day | None = None


class NeighbourhoodRegistered(Event):
    """A neighbourhood exists; registering it again brings newer figures. `subject` is its id."""

    scope = BY_WARD
    type: Literal["neighbourhood.registered.v1"] = "neighbourhood.registered.v1"
    data: NewNeighbourhood


class Dissolution(Data):
    """The last day of a neighbourhood."""

    valid_to: Day


class NeighbourhoodDissolved(Event):
    """A neighbourhood ended."""

    scope = BY_WARD
    type: Literal["neighbourhood.dissolved.v1"] = "neighbourhood.dissolved.v1"
    data: Dissolution
