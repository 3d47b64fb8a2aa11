"""Whose an event is: what it is about decides, and not the ward that its poster writes. Pure."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from services.events.declarations import Kind
from services.events.envelope import Event
from services.platform.problems import ProblemKind
from services.platform.vietnam.wards import successors, ward_at
from services.registration.subjects.ground import readable

OTHER_WARD = ProblemKind(
    "other_ward",
    422,
    "Việc này thuộc phường, xã khác. Hãy kiểm tra `ward` và mã; nếu đúng, nhờ phường ấy hoặc trung"
    " tâm ghi.",
    "This belongs to another ward. Check `ward` and the id; if they are right, ask that ward or the"
    " centre to record it.",
)


class Local(BaseModel):
    """State of something that lies in a ward; `ward` is the code that was valid on `since`."""

    model_config = ConfigDict(frozen=True)

    ward: str
    since: date

    def lies_in_ward_of(self, event: Event) -> bool:
        """Whether the event names its ward, or one that its ward has become."""
        first, named = ward_at(self.ward, self.since), ward_at(event.ward, event.day)
        return first is not None and (
            named == first or named in [step.ward for step in successors(first)]
        )


class OfRow(NamedTuple):
    """Something that was recorded, as a row of one of these kinds: its ward is its first."""

    kinds: tuple[Kind, ...]
    id: str
    pointer: str
    city_crosses: bool = False
    """Whether whoever works for the whole city may join what lies in two wards."""


class OfEvent(NamedTuple):
    """An event that was recorded; its ward is the one that it lies in."""

    id: str
    pointer: str


class OfCitizen(NamedTuple):
    """A citizen, who is every ward's in which somebody at the door met them, and the city's."""

    id: str
    pointer: str


Owner = OfRow | OfEvent | OfCitizen
Belongs = Callable[[Any], Iterable[Owner]]
"""What a decided event is about, beside the state of its own subject."""


def its_own_ward(_: Event) -> tuple[Owner, ...]:
    """Nothing but its subject, which stays in the ward that it was first recorded in."""
    return ()


def is_met(event: Event, wards: frozenset[str]) -> bool:
    """Whether one of these codes is the event's ward, one it came from, or one it became."""
    unit = ward_at(event.ward, event.day)
    return unit is not None and not wards.isdisjoint(readable([unit]))
