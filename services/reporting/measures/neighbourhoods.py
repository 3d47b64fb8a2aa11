"""Neighbourhoods and the households and adults known in them: the denominators."""

from collections.abc import Callable, Sequence

from services.events.neighbourhoods import NeighbourhoodDissolved, NeighbourhoodRegistered
from services.reporting.measure import Fact, Life
from services.reporting.measures.stock import Standing, of_subject, stock

NEIGHBOURHOOD = Life("neighbourhood", (NeighbourhoodRegistered, NeighbourhoodDissolved), of_subject)


def _registered(history: Sequence[Fact]) -> NeighbourhoodRegistered | None:
    """As registered last, while it stands."""
    last = history[-1].event
    return last if isinstance(last, NeighbourhoodRegistered) else None


def _standing(history: Sequence[Fact]) -> Standing:
    found = _registered(history)
    return Standing({(found.data.kind.value,): 1} if found else {})


def _known(number: Callable[[NeighbourhoodRegistered], int | None]) -> Callable[..., Standing]:
    """The number with the day for which it was told."""

    def known(history: Sequence[Fact]) -> Standing:
        found = _registered(history)
        if found is None or not (amount := number(found)):
            return Standing()
        as_of = found.data.as_of or history[-1].day
        return Standing({(found.subject, as_of.isoformat()): amount})

    return known


NEIGHBOURHOODS = stock("neighbourhoods", ("area",), NEIGHBOURHOOD.on, NEIGHBOURHOOD, _standing)
KNOWN_HOUSEHOLDS = stock(
    "known_households",
    ("neighbourhood", "as_of"),
    NEIGHBOURHOOD.on,
    NEIGHBOURHOOD,
    _known(lambda event: event.data.households),
)
KNOWN_ADULTS = stock(
    "known_adults",
    ("neighbourhood", "as_of"),
    NEIGHBOURHOOD.on,
    NEIGHBOURHOOD,
    _known(lambda event: event.data.adults),
)

MEASURES = (NEIGHBOURHOODS, KNOWN_HOUSEHOLDS, KNOWN_ADULTS)
