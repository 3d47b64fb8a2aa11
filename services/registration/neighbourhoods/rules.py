"""Neighbourhoods come and go below a ward; teams and figures of the past keep their id."""

from collections.abc import Iterator
from datetime import date

from services.events.envelope import Event
from services.events.neighbourhoods import (
    NEIGHBOURHOODS,
    NeighbourhoodDissolved,
    NeighbourhoodKind,
    NeighbourhoodRegistered,
)
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import STAFF
from services.registration.subjects.belonging import Local, must_be_known, must_run_forward
from services.registration.subjects.owners import its_own_ward
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Choice, Decided, Reference

NEIGHBOURHOOD_DISSOLVED = ProblemKind(
    "neighbourhood_dissolved",
    409,
    "Khu phố, ấp này đã kết thúc. Khu phố, ấp mới cần mã mới và ghi đơn vị trước đó.",
    "This neighbourhood has ended. A new one needs a new id and names its predecessors.",
)
OWN_PREDECESSOR = ProblemKind(
    "own_predecessor",
    422,
    "Khu phố, ấp không thể là tiền thân của chính mình.",
    "A neighbourhood cannot be its own predecessor.",
)


class Neighbourhood(Local):
    """A neighbourhood with its newest figures; both days of its validity are included."""

    kind: NeighbourhoodKind
    name: str
    valid_from: date
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()
    households: int | None = None
    adults: int | None = None
    as_of: date | None = None
    """The day of `households` and `adults`."""
    dissolved: bool = False


class NeighbourhoodChoice(Choice):
    """A khu phố or ấp that has not ended."""

    kind: NeighbourhoodKind
    valid_from: date
    valid_to: date | None


def may_register(known: Neighbourhood | None, event: NeighbourhoodRegistered) -> None:
    """New, or with newer figures while it lasts."""
    must_run_forward(event.data.valid_from, event.data.valid_to, "/data/valid_to")
    if event.subject in event.data.predecessors:
        raise Refusal(OWN_PREDECESSOR, "/data/predecessors")
    if known is not None:
        _must_last(known)


def may_dissolve(known: Neighbourhood | None, event: NeighbourhoodDissolved) -> None:
    """Once, and not before it began."""
    must_be_known(known, event)
    if known is not None:
        _must_last(known)
        must_run_forward(known.valid_from, event.data.valid_to, "/data/valid_to")


def _must_last(known: Neighbourhood) -> None:
    if known.dissolved:
        raise Refusal(NEIGHBOURHOOD_DISSOLVED, "/subject")


def predecessors(event: NeighbourhoodRegistered) -> Iterator[Reference]:
    """Those it was made from."""
    for n, before in enumerate(event.data.predecessors):
        yield Reference((NEIGHBOURHOODS,), before, f"/data/predecessors/{n}")


def evolve(known: Neighbourhood | None, event: Event) -> Neighbourhood | None:
    """What an event makes of a neighbourhood."""
    match known, event:
        case None, NeighbourhoodRegistered():
            return Neighbourhood(ward=event.ward, since=event.day, **dict(event.data))
        case Neighbourhood(), NeighbourhoodRegistered():
            return known.model_copy(update=event.data.model_dump(exclude_defaults=True))
        case Neighbourhood(), NeighbourhoodDissolved():
            return known.model_copy(update={"valid_to": event.data.valid_to, "dissolved": True})
        case _:
            return known


NEIGHBOURHOOD = Decided[Neighbourhood](
    kind=NEIGHBOURHOODS,
    state=Neighbourhood,
    evolve=evolve,
    belongs=its_own_ward,
    choice=NeighbourhoodChoice,
    ends_on="valid_to",
    accepts={
        NeighbourhoodRegistered: Accepts(by=STAFF, check=may_register, refers=predecessors),
        NeighbourhoodDissolved: Accepts(by=STAFF, check=may_dissolve),
    },
)
