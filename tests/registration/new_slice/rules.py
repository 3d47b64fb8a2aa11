"""Bookcases are placed and removed, and may be placed again."""

from collections.abc import Iterator
from datetime import date

from services.events.envelope import Event
from services.events.neighbourhoods import NEIGHBOURHOODS
from services.platform.problems import ProblemKind
from services.registration.subjects.actor import STAFF
from services.registration.subjects.belonging import Local, must_be_known
from services.registration.subjects.owners import its_own_ward
from services.registration.subjects.problems import Refusal
from services.registration.subjects.subject import Accepts, Choice, Decided, Reference
from tests.registration.new_slice.bookcases import BOOKCASES, BookcasePlaced, BookcaseRemoved

STANDS_ALREADY = ProblemKind(
    "bookcase_stands_already",
    409,
    "Tủ sách này đã có ở đó.",
    "This bookcase stands there already.",
)


class Bookcase(Local):
    """A bookcase as last placed."""

    name: str
    neighbourhood_id: str | None = None
    removed_on: date | None = None


class BookcaseChoice(Choice):
    """A bookcase that stands."""

    neighbourhood_id: str | None


def may_place(bookcase: Bookcase | None, _: BookcasePlaced) -> None:
    """New, or removed before."""
    if bookcase is not None and bookcase.removed_on is None:
        raise Refusal(STANDS_ALREADY, "/subject")


def its_neighbourhood(event: BookcasePlaced) -> Iterator[Reference]:
    """One that has not ended."""
    if neighbourhood := event.data.neighbourhood_id:
        yield Reference((NEIGHBOURHOODS,), neighbourhood, "/data/neighbourhood_id", event.day)


def evolve(bookcase: Bookcase | None, event: Event) -> Bookcase | None:
    """What an event makes of a bookcase."""
    match bookcase, event:
        case _, BookcasePlaced():
            since = bookcase.since if bookcase else event.day
            return Bookcase(ward=event.ward, since=since, **dict(event.data))
        case Bookcase(), BookcaseRemoved():
            return bookcase.model_copy(update={"removed_on": event.day})
        case _:
            return bookcase


BOOKCASE = Decided[Bookcase](
    kind=BOOKCASES,
    state=Bookcase,
    evolve=evolve,
    belongs=its_own_ward,
    choice=BookcaseChoice,
    ends_on="removed_on",
    accepts={
        BookcasePlaced: Accepts(by=STAFF, check=may_place, refers=its_neighbourhood),
        BookcaseRemoved: Accepts(by=STAFF, check=must_be_known),
    },
)
