"""Neighbourhoods and the households and adults known in them: the denominators."""

from collections.abc import Callable, Sequence

from services.events.neighbourhoods import (
    NeighbourhoodDissolved,
    NeighbourhoodKind,
    NeighbourhoodRegistered,
)
from services.reporting.definitions.label import Label
from services.reporting.definitions.labels import AS_OF, NEIGHBOURHOOD
from services.reporting.definitions.measure import Fact, Life
from services.reporting.measures.stock import Standing, of_subject, stock

NEIGHBOURHOOD_LIFE = Life(
    "neighbourhood", (NeighbourhoodRegistered, NeighbourhoodDissolved), of_subject
)
NEIGHBOURHOOD_KIND = Label("neighbourhood_kind", NeighbourhoodKind)


def _registered(history: Sequence[Fact]) -> NeighbourhoodRegistered | None:
    """As registered last, while it stands."""
    last = history[-1].event
    return last if isinstance(last, NeighbourhoodRegistered) else None


def _standing(history: Sequence[Fact]) -> Standing:
    found = _registered(history)
    return Standing({(found.data.kind,): 1} if found else {})


def _known(number: Callable[[NeighbourhoodRegistered], int | None]) -> Callable[..., Standing]:
    """The number with the day for which it was told."""

    def known(history: Sequence[Fact]) -> Standing:
        found = _registered(history)
        if found is None or not (amount := number(found)):
            return Standing()
        as_of = found.data.as_of or history[-1].day
        return Standing({(found.subject, as_of.isoformat()): amount})

    return known


NEIGHBOURHOODS = stock(
    "neighbourhoods",
    (NEIGHBOURHOOD_KIND,),
    NEIGHBOURHOOD_LIFE.on,
    NEIGHBOURHOOD_LIFE,
    _standing,
)
KNOWN_HOUSEHOLDS = stock(
    "known_households",
    (NEIGHBOURHOOD, AS_OF),
    NEIGHBOURHOOD_LIFE.on,
    NEIGHBOURHOOD_LIFE,
    _known(lambda event: event.data.households),
)
KNOWN_ADULTS = stock(
    "known_adults",
    (NEIGHBOURHOOD, AS_OF),
    NEIGHBOURHOOD_LIFE.on,
    NEIGHBOURHOOD_LIFE,
    _known(lambda event: event.data.adults),
)
