"""Requests: received once, closed once; those of data subjects name whose data they are about."""

from collections.abc import Iterator
from datetime import date

from services.events.codes import RequestKind, RequestOutcome
from services.events.envelope import Event
from services.events.requests import REQUESTS, RequestClosed, RequestReceived
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import COORDINATORS, KIOSKS, VOLUNTEERS, Role
from services.registration.subjects.belonging import Local, must_be_known, must_run_forward
from services.registration.subjects.owners import OfCitizen, Owner
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Decided

REQUEST_KNOWN = ProblemKind(
    "request_known",
    409,
    "Mã yêu cầu này đã dùng. Yêu cầu mới cần mã mới.",
    "A request of this id was received before. A new one needs a new id.",
)
REQUEST_CLOSED = ProblemKind(
    "request_closed",
    409,
    "Yêu cầu này đã đóng. Nếu đóng nhầm, hãy hủy lần đóng.",
    "This request is closed. If that was a mistake, void its closing.",
)
CITIZEN_NEEDED = ProblemKind(
    "citizen_needed",
    422,
    "Yêu cầu về dữ liệu cá nhân phải ghi của ai (`citizen_id` hoặc `person`).",
    "A request about personal data says whose (`citizen_id`, or `person` in its place).",
)
OTHER_REQUEST = ProblemKind(
    "other_request",
    422,
    "Loại yêu cầu hoặc công dân không giống lúc tiếp nhận. Hãy xem lại mã yêu cầu.",
    "Kind or citizen are not those of the request as it was received. Check its id.",
)


class Request(Local):
    """A request as its history left it; `closed_on` is empty while it is open."""

    kind: RequestKind
    citizen_id: str | None = None
    received_by: str
    received_on: date
    due: date
    closed_on: date | None = None
    outcome: RequestOutcome | None = None
    restricts: bool = False
    """Whether nothing is sent to its citizen, nor read of them."""


def may_be_received(request: Request | None, event: RequestReceived) -> None:
    """New, with the citizen whose data it is about."""
    if request is not None:
        raise Refusal(REQUEST_KNOWN, "/subject")
    if event.data.kind.is_a_data_right and event.data.citizen_id is None:
        raise Refusal(CITIZEN_NEEDED, "/data/citizen_id")
    must_run_forward(event.day, event.data.due, "/data/due")


def may_close(request: Request | None, event: RequestClosed) -> None:
    """An open one, told as it was received."""
    must_be_known(request, event)
    if request is None:
        return
    if request.closed_on is not None:
        raise Refusal(REQUEST_CLOSED, "/subject")
    if (request.kind, request.citizen_id) != (event.data.kind, event.data.citizen_id):
        raise Refusal(OTHER_REQUEST, "/data/citizen_id")


def of_its_citizen(event: Event) -> Iterator[Owner]:
    """Whoever asks for something that is done to a citizen's record."""
    if isinstance(event, RequestReceived) and event.data.citizen_id:
        yield OfCitizen(event.data.citizen_id, "/data/citizen_id")


def evolve(request: Request | None, event: Event) -> Request | None:
    """What an event makes of a request."""
    match request, event:
        case None, RequestReceived(data=asked):
            return Request(
                ward=event.ward,
                since=event.day,
                kind=asked.kind,
                citizen_id=asked.citizen_id,
                received_by=event.recorded_by,
                received_on=event.day,
                due=asked.due,
                restricts=asked.kind.restricts,
            )
        case Request(), RequestClosed(data=answered):
            still = answered.outcome.keeps_restricting(answered.kind)
            closed = {"closed_on": event.day, "outcome": answered.outcome, "restricts": still}
            return request.model_copy(update=closed)
        case _:
            return request


WHO_HEARS_IT = VOLUNTEERS | KIOSKS | COORDINATORS | {Role.CENTRE}
REQUEST = Decided[Request](
    kind=REQUESTS,
    state=Request,
    evolve=evolve,
    belongs=of_its_citizen,
    ends_on="closed_on",
    accepts={
        RequestReceived: Accepts(by=WHO_HEARS_IT, check=may_be_received),
        RequestClosed: Accepts(by=COORDINATORS | {Role.CENTRE}, check=may_close),
    },
)
