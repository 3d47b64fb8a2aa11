"""Those who post, with the scope that access gives each: of one ward, or of the city."""

from datetime import UTC, date, datetime

from services.events.registry import BY_TYPE
from services.registration.access.actor import AnyActor, Device, Integrator, Kiosk, Staff
from services.registration.access.scope import TeamScope
from services.registration.subjects.actor import Role
from services.registration.subjects.ground import ground, units
from tests.builders import CHO_LON

NEVER = datetime(2099, 1, 1, tzinfo=UTC)
SINCE = date(2025, 7, 1)
TEAM, POINT = "team-1", "point-1"


def an_actor(role: Role, ward: str = CHO_LON, name: str = "a") -> AnyActor:
    """Whoever has that role there; of the centre and the administrator, everywhere."""
    match role:
        case Role.VOLUNTEER:
            return Device(f"/device/{name}-{ward}", TEAM, TeamScope(ward=ward, since=SINCE))
        case Role.INTEGRATOR:
            source = f"/integrator/{name}-{ward}"
            return Integrator(source, frozenset(BY_TYPE), NEVER, (ward,), ground(units([ward])))
        case Role.KIOSK:
            return Kiosk(f"/device/k-{name}-{ward}", POINT, ward, ground(units([ward])), NEVER)
        case Role.CENTRE | Role.ADMIN:
            return Staff.of(f"/user/{name}-{role.replace('_', '-')}", role, None)
        case _:
            return Staff.of(f"/user/{name}-{role.replace('_', '-')}-{ward}", role, (ward,))
