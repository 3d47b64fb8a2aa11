"""What a ward has at present, for a phone to choose from: neighbourhoods, teams, points."""

from collections.abc import AsyncIterator
from datetime import date
from typing import TypeVar

from pydantic import BaseModel

from services.events.codes import MemberKind, MemberRole, ServicePointKind, TeamKind
from services.events.neighbourhoods import NeighbourhoodKind
from services.platform.vietnam.vietnamese import sort_key
from services.platform.vietnam.wards import Ward, predecessors, ward_at
from services.registration.directory.views import WardView, ward_view
from services.registration.subjects.belonging import Local
from services.registration.subjects.rows import Row, Rows

PAGE = 500


class Choice(BaseModel):
    """A part of a row's state: what a phone needs to name it in an event."""

    id: str
    name: str

    def lasts(self, day: date) -> bool:
        """Whether it may be chosen on that day."""
        raise NotImplementedError


class NeighbourhoodChoice(Choice):
    """A khu phố or ấp that has not ended."""

    kind: NeighbourhoodKind
    valid_from: date
    valid_to: date | None

    def lasts(self, day: date) -> bool:
        return self.valid_to is None or day <= self.valid_to


class MemberChoice(BaseModel):
    """A member of a team, known by an id alone."""

    member_id: str
    kind: MemberKind
    role: MemberRole


class StayChoice(BaseModel):
    """Places and days of one deployment."""

    from_day: date
    to_day: date | None
    places: list[str]


class TeamChoice(Choice):
    """A team that was not disbanded."""

    kind: TeamKind
    neighbourhood_id: str | None
    members: list[MemberChoice]
    deployments: list[StayChoice]
    disbanded_on: date | None

    def lasts(self, day: date) -> bool:
        return self.disbanded_on is None or day <= self.disbanded_on


class ServicePointChoice(Choice):
    """A point that is open."""

    kind: ServicePointKind
    main: bool
    place: str | None
    neighbourhood_id: str | None
    closed_on: date | None

    def lasts(self, day: date) -> bool:
        return self.closed_on is None or day <= self.closed_on


class Nearby(BaseModel):
    """What lies in a ward, or in one that went into it; each list in Vietnamese order."""

    ward: WardView
    neighbourhoods: list[NeighbourhoodChoice]
    teams: list[TeamChoice]
    service_points: list[ServicePointChoice]


C = TypeVar("C", bound=Choice)


async def nearby(rows: Rows, ward: Ward, day: date) -> Nearby:
    """All that may be chosen in a ward on a day."""
    return Nearby(
        ward=ward_view(ward),
        neighbourhoods=await _choices(rows, "neighbourhood", ward, day, NeighbourhoodChoice),
        teams=await _choices(rows, "team", ward, day, TeamChoice),
        service_points=await _choices(rows, "service_point", ward, day, ServicePointChoice),
    )


async def _choices(rows: Rows, kind: str, ward: Ward, day: date, view: type[C]) -> list[C]:
    found = {row.id: row async for row in _rows_of(rows, kind, ward)}
    choices = (view.model_validate({**row.state, "id": row.id}) for row in found.values())
    lasting = (choice for choice in choices if choice.lasts(day))
    return sorted(lasting, key=lambda choice: (sort_key(choice.name), choice.id))


async def _rows_of(rows: Rows, kind: str, ward: Ward) -> AsyncIterator[Row]:
    """A row is found under the code that its last event named: this ward's or an older one's."""
    units = {ward, *(before.ward for before in predecessors(ward))}
    for code in sorted({unit.code for unit in units}):
        async for row in _all_of(rows, kind, code):
            if _unit_of(row) in units:
                yield row


async def _all_of(rows: Rows, kind: str, code: str) -> AsyncIterator[Row]:
    after, more = "", True
    while more:
        page = await rows.list(kind, code, after, PAGE)
        for row in page:
            yield row
        more = len(page) == PAGE
        after = page[-1].id if page else after


def _unit_of(row: Row) -> Ward | None:
    """The unit it was first recorded in."""
    local = Local.model_validate(row.state)
    return ward_at(local.ward, local.since)
