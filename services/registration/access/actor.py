"""Whoever comes in, and what they cover. Pure: everything was looked up before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.events.envelope import Event
from services.platform.problems import ProblemKind
from services.platform.vietnam.wards import Ward, ward_at
from services.registration.access.scope import (
    Place,
    TeamScope,
    happens_at,
    must_be_formed,
    must_have_begun,
    team_of,
)
from services.registration.subjects.actor import COORDINATORS, Role
from services.registration.subjects.ground import ground, readable, units
from services.registration.subjects.problems import Refusal


@dataclass(frozen=True, slots=True)
class Device:
    """A team's phone; `team` is None while the team is not recorded, and then covers nothing."""

    source: str
    team_id: str
    team: TeamScope | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    role: Role = Role.VOLUNTEER
    since: datetime | None = None
    """When it was enrolled."""

    def may_post_as(self, source: str) -> bool:
        """Only as itself."""
        return source == self.source

    def covers(self, event: Event) -> bool:
        """Its own team's, where and when that was sent, as the type declares.

        Raises: Refusal for a time before there was this device, or its team.
        """
        must_have_begun(self.since, event)
        if self.team is None:
            return False
        must_be_formed(self.team, event)
        if not self._is_its_teams(event):
            return False
        if event.scope.on_any_day:
            return self.team.reaches(event, self.places)
        return self.team.covers(event, self.places)

    def may_cover_later(self, event: Event) -> bool:
        """Once its team is recorded, or is sent there; never what is another team's."""
        sent = self.team is None or self.team.may_be_sent(event)
        return self._is_its_teams(event) and sent

    def _is_its_teams(self, event: Event) -> bool:
        return team_of(event) in (None, self.team_id)

    @property
    def wards(self) -> tuple[str, ...]:
        """Whose figures it reads: its ward's, and those of wards it is sent to."""
        own = (self.team, *self.places.values()) if self.team else ()
        return readable(place.unit for place in own if place.unit)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of a ward's office or the centre; `ground` None is the whole city."""

    source: str
    role: Role
    codes: tuple[str, ...] | None = None
    ground: frozenset[Ward] | None = None

    @classmethod
    def of(cls, source: str, role: Role, codes: tuple[str, ...] | None) -> "Staff":
        """With the wards of these codes, and the old ones that went into them."""
        return cls(source, role, codes, None if codes is None else ground(units(codes)))

    def may_post_as(self, source: str) -> bool:
        """As themselves; a ward admits, unchanged, what its devices and keys could not record."""
        admits = self.role in COORDINATORS and source.startswith(("/device/", "/integrator/"))
        return admits or source == self.source

    def covers(self, event: Event) -> bool:
        """By ward; an old ward's history is recorded by the ward that it became."""
        return self.runs(ward_at(event.ward, event.day))

    def may_cover_later(self, _: Event) -> bool:
        """Wards are given by an administrator, and not by what happens."""
        return False

    def runs(self, unit: Ward | None) -> bool:
        """Whether this ward is theirs."""
        return self.ground is None or unit in self.ground

    def oversees(self, ward: str) -> bool:
        """Whether what is personal in this ward is theirs to see; no administrator's."""
        return self.role is not Role.ADMIN and (self.wards is None or ward in self.wards)

    @property
    def wards(self) -> tuple[str, ...] | None:
        """Whose figures they read."""
        return None if self.codes is None else readable(units(self.codes))


@dataclass(frozen=True, slots=True)
class Integrator:
    """A key of another system: types, wards (None: the whole city) and an end."""

    source: str
    types: frozenset[str]
    ends_at: datetime
    codes: tuple[str, ...] | None = None
    ground: frozenset[Ward] | None = None
    role: Role = Role.INTEGRATOR

    def may_post_as(self, source: str) -> bool:
        """Only as itself."""
        return source == self.source

    def covers(self, event: Event) -> bool:
        """What its key lists; a void of its own needs no type of its own."""
        listed = event.scope.of_its_target or event.type in self.types
        return listed and event.time < self.ends_at and self._lies_within(event)

    def may_cover_later(self, _: Event) -> bool:
        """A key stays as it was made."""
        return False

    def _lies_within(self, event: Event) -> bool:
        return self.ground is None or ward_at(event.ward, event.day) in self.ground

    @property
    def wards(self) -> tuple[str, ...] | None:
        """Whose figures it reads."""
        return None if self.codes is None else readable(units(self.codes))


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A machine at one service point."""

    source: str
    service_point_id: str
    ward: str
    ground: frozenset[Ward]
    ends_at: datetime
    role: Role = Role.KIOSK
    since: datetime | None = None
    """When its key was made."""

    def may_post_as(self, source: str) -> bool:
        """Only as itself."""
        return source == self.source

    def covers(self, event: Event) -> bool:
        """What happens at its own point; what happens at none, such as a consent, by ward.

        Raises: Refusal for a time before there was this machine.
        """
        must_have_begun(self.since, event)
        here = happens_at(event, self.service_point_id)
        in_ward = ward_at(event.ward, event.day) in self.ground
        return here and in_ward and event.time < self.ends_at

    def may_cover_later(self, _: Event) -> bool:
        """A machine stays where it is."""
        return False

    @property
    def wards(self) -> tuple[str, ...]:
        """Whose figures it reads."""
        return (self.ward,)


@dataclass(frozen=True, slots=True)
class Revoked:
    """Somebody who may no more: what they had queued is refused by name, and kept for the ward."""

    source: str
    role: Role
    why: ProblemKind
    wards: tuple[str, ...] | None = ()
    """Those of what was revoked: on their lists its refusals are."""

    def may_post_as(self, source: str) -> bool:
        """Only as itself."""
        return source == self.source

    def covers(self, _: Event) -> bool:
        """Raises: Refusal, always."""
        raise Refusal(self.why, "/source")

    def may_cover_later(self, _: Event) -> bool:
        """Nothing that is on its way lets it in again."""
        return False


AnyActor = Device | Staff | Integrator | Kiosk | Revoked
