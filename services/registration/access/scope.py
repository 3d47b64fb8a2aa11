"""Where and when somebody may record, judged at an event's own time. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict

from services.events.declarations import SUBJECT
from services.events.envelope import Event
from services.platform.vietnam.wards import Ward, WardKind, successors, ward_at
from services.registration.intake.problems import BEFORE_ENROLMENT, BEFORE_TEAM
from services.registration.subjects.problems import Refusal

CLOCKS_DIFFER = timedelta(minutes=10)
"""So far a phone's clock may be behind without anybody's having noticed."""


class Place(BaseModel):
    """A neighbourhood or a service point, as far as scope looks: `ward` is the code on `since`."""

    model_config = ConfigDict(frozen=True)

    ward: str
    since: date

    @property
    def unit(self) -> Ward | None:
        """The ward it lies in."""
        return ward_at(self.ward, self.since)


class SentPeriod(BaseModel):
    """One deployment; both days included, and no places: the team's whole ward."""

    model_config = ConfigDict(frozen=True)

    from_day: date
    to_day: date | None = None
    places: tuple[str, ...] = ()

    def includes(self, day: date) -> bool:
        """Whether the team is sent out on that day."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


class TeamScope(Place):
    """A team as far as scope looks."""

    neighbourhood_id: str | None = None
    deployments: tuple[SentPeriod, ...] = ()
    disbanded_on: date | None = None

    @property
    def place_ids(self) -> frozenset[str]:
        """Everything that a deployment names."""
        return frozenset(place for stay in self.deployments for place in stay.places)

    def covers(self, event: Event, places: Mapping[str, Place]) -> bool:
        """Whether the team may have been there then; `places` are those that it was sent to.

        A team that was never sent anywhere works in its ward. One that was works where and when it
        was sent, and at any time in the neighbourhood that is its own.
        """
        unit = ward_at(event.ward, event.day)
        if unit is None or (self.disbanded_on is not None and event.day > self.disbanded_on):
            return False
        at_home = within(self.unit, unit)
        named = named_places(event)
        if not self.deployments or (self.neighbourhood_id in named):
            return at_home
        stays = [stay for stay in self.deployments if stay.includes(event.day)]
        return any(_was_sent(stay, unit, named, places, at_home=at_home) for stay in stays)

    def may_be_sent(self, event: Event) -> bool:
        """Whether a deployment could let the team work there then; none is to a whole district."""
        unit = ward_at(event.ward, event.day)
        stands = self.disbanded_on is None or event.day <= self.disbanded_on
        return stands and unit is not None and unit.kind not in (WardKind.CITY, WardKind.DISTRICT)

    def reaches(self, event: Event, places: Mapping[str, Place]) -> bool:
        """Whether the event's ward is one of the team's at all, whatever the day."""
        unit = ward_at(event.ward, event.day)
        own = (self, *places.values())
        return unit is not None and any(within(place.unit, unit) for place in own)


def must_have_begun(since: datetime | None, event: Event) -> None:
    """What a device records itself happens after it was enrolled. Raises: Refusal.

    What intake heard before that was heard by another clock, and the two do not compare.
    """
    heard_at = event.recordedtime
    if since is None or (heard_at and heard_at < since):
        return
    if event.time < since - CLOCKS_DIFFER:
        raise Refusal(BEFORE_ENROLMENT, "/time")


def must_be_formed(team: Place, event: Event) -> None:
    """Raises: Refusal for what a team would have done before there was one."""
    if event.day < team.since:
        raise Refusal(BEFORE_TEAM, "/time")


def _was_sent(
    stay: SentPeriod,
    unit: Ward,
    named: frozenset[str],
    places: Mapping[str, Place],
    *,
    at_home: bool,
) -> bool:
    if not stay.places:
        return at_home
    sent_to = named.intersection(stay.places) if named else stay.places
    return any(within(places[place].unit, unit) for place in sent_to if place in places)


def team_of(event: Event) -> str | None:
    """The only team whose devices may record it; None: any team's."""
    if event.scope.team == SUBJECT:
        return event.subject
    return getattr(event.data, event.scope.team) if event.scope.team else None


def happens_at(event: Event, service_point_id: str) -> bool:
    """Whether it is about this point, or about none at all."""
    field = event.scope.service_point
    return field is None or getattr(event.data, field) == service_point_id


def named_places(event: Event) -> frozenset[str]:
    """The neighbourhood and the service point where it happened."""
    fields = filter(None, (event.scope.neighbourhood, event.scope.service_point))
    return frozenset(filter(None, (getattr(event.data, field) for field in fields)))


def within(home: Ward | None, unit: Ward) -> bool:
    """Whether `unit` is `home`, a part of it, or what it became."""
    if home is None:
        return False
    return (
        unit == home
        or home.kind is WardKind.CITY
        or (home.kind is WardKind.DISTRICT and unit.district == home.code)
        or any(step.ward == unit for step in successors(home))
    )
