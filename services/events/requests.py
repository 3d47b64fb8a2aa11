"""What somebody asks for and is owed an answer to. `subject` is the request's own id."""

from typing import Literal

from services.events.codes import RequestKind, RequestOutcome
from services.events.declarations import BY_WARD, Kind
from services.events.envelope import CitizenId, Data, Day, Event

REQUESTS = Kind("request")


class Request(Data):
    """Never in the citizen's words; `due` is the last day on which to answer."""

    kind: RequestKind
    citizen_id: CitizenId | None = None
    """Whose data a data subject's right is about."""
    due: Day


class RequestReceived(Event):
    """Somebody asked; from now on nothing is done with what is to be erased or restricted."""

    scope = BY_WARD
    type: Literal["request.received.v1"] = "request.received.v1"
    data: Request


class Answered(Data):
    """Kind and citizen as they were received, so that who hears of the end needs no more."""

    kind: RequestKind
    citizen_id: CitizenId | None = None
    outcome: RequestOutcome


class RequestClosed(Event):
    """It was answered, or taken back."""

    scope = BY_WARD
    type: Literal["request.closed.v1"] = "request.closed.v1"
    data: Answered
