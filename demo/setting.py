"""Who and what stands in the campaign: plain values."""

from dataclasses import dataclass
from enum import StrEnum

from services.events.codes import Channel, MemberKind, MemberRole, TeamKind


class Manner(StrEnum):
    """How a phone's records look; the three odd ones are planted for whoever looks for fraud."""

    HONEST = "honest"
    TOO_FAST = "too fast"
    AT_NIGHT = "at night"
    ALL_ALIKE = "all alike"


ODD = (Manner.TOO_FAST, Manner.AT_NIGHT, Manner.ALL_ALIKE)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A khu phố or ấp."""

    id: str
    ward: str
    kind: str
    name: str
    households: int


@dataclass(frozen=True, slots=True)
class Member:
    """Known by an id alone."""

    id: str
    kind: MemberKind
    role: MemberRole


@dataclass(frozen=True, slots=True)
class Team:
    """Who goes out, and the households or the point where they work."""

    id: str
    ward: str
    kind: TeamKind
    name: str
    organisation_id: str
    members: tuple[Member, ...]
    pairs: int
    """That go out at all; none: the team stands, and records nothing."""
    ground: range
    """Households, numbered across the city."""
    neighbourhood_id: str | None = None
    service_point_id: str | None = None
    """Set where the team waits at a point instead of going from door to door."""
    channel: Channel = Channel.HOME


@dataclass(frozen=True, slots=True)
class Phone:
    """A pair's; `name` stands on its case."""

    name: str
    team: Team
    clock_wrong_s: int = 0
    manner: Manner = Manner.HONEST


@dataclass(frozen=True, slots=True)
class Point:
    """A service point."""

    id: str
    ward: str
    kind: str
    name: str
    organisation_id: str
    main: bool = False
