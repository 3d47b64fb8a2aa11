"""Who posts, in which role, and what they cover."""

from collections.abc import Collection
from enum import StrEnum
from typing import Protocol

from services.events.envelope import Event


class Role(StrEnum):
    """What an actor may be."""

    VOLUNTEER = "volunteer"
    WARD = "ward"
    WARD_LEADER = "ward_leader"
    CENTRE = "centre"
    ADMIN = "admin"
    INTEGRATOR = "integrator"
    KIOSK = "kiosk"
    PUBLIC = "public"
    SYSTEM = "system"


VOLUNTEERS = frozenset({Role.VOLUNTEER})
COORDINATORS = frozenset({Role.WARD, Role.WARD_LEADER})
"""Of a ward."""
STAFF = COORDINATORS | {Role.CENTRE, Role.ADMIN}
INTEGRATORS = frozenset({Role.INTEGRATOR})
KIOSKS = frozenset({Role.KIOSK})
SYSTEM = frozenset({Role.SYSTEM})


class Actor(Protocol):
    """Whoever posts; access decides what it covers."""

    @property
    def role(self) -> Role: ...

    @property
    def source(self) -> str:
        """The envelope's `source` of all it posts."""

    @property
    def wards(self) -> Collection[str] | None:
        """Its own, by code; None is the whole city."""

    def may_post_as(self, source: str) -> bool:
        """Its own source; a ward admits what its devices could not record any more."""

    def covers(self, event: Event) -> bool:
        """Whether ward, team, places, types and period of the event are its own at its time.

        Raises: Refusal where there is more to say.
        """

    def may_cover_later(self, event: Event) -> bool:
        """Whether something that may be on its way, such as a deployment, would let it do so."""


class Overseer(Protocol):
    """Staff of a ward, or of the city."""

    @property
    def source(self) -> str: ...

    def oversees(self, ward: str) -> bool:
        """Whether what is personal in this ward is theirs to see."""
