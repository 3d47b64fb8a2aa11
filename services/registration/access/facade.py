"""Access as registration's `main` sees it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends
from pydantic import SecretStr

from services.platform.clock import Clock
from services.platform.problems import FORBIDDEN, Problem
from services.registration.access import device_api, key_api, staff_api
from services.registration.access.actor import AnyActor, Staff
from services.registration.access.callers import Callers
from services.registration.access.door import Door, Porter, SessionDoor
from services.registration.access.enrolment import EnrolmentDesk
from services.registration.access.keys import KeyDesk
from services.registration.access.passwords import Passwords
from services.registration.access.records import Change
from services.registration.access.staff import StaffDesk
from services.registration.access.store import AccessStore
from services.registration.access.tokens import Codes
from services.registration.access.watched import WatchedStore
from services.registration.intake.rows import Rows
from services.registration.intake.store import Store
from services.registration.intake.subject import STAFF, Role


class AccessSettings(Protocol):
    """What access must be told."""

    @property
    def payload_key(self) -> bytes: ...

    @property
    def token_private_key(self) -> SecretStr:
        """Ed25519, PEM."""

    @property
    def device_rate(self) -> float:
        """Writes a second of one device, session or key."""


class Access:
    """`authenticate` and `staff` are FastAPI dependencies; they raise Problem."""

    def __init__(
        self,
        store: AccessStore,
        rows: Rows,
        settings: AccessSettings,
        clock: Clock,
        passwords: Passwords | None = None,
        *,
        demo: bool = False,
    ) -> None:
        codes = Codes(settings.payload_key)
        self._store = store
        self._rows = rows
        self._settings = settings
        self._clock = clock
        self._callers = Callers(store, rows, clock, demo=demo)
        porter = Porter(self._callers, settings.device_rate, clock)
        self.authenticate = Door(porter)
        self.session = SessionDoor(porter)
        self.staff = self._only(STAFF)
        self.desk = StaffDesk(store.staff, self._callers, passwords or Passwords(), codes, clock)
        self._enrolment = EnrolmentDesk(store.tokens, rows, self._callers, codes, clock)
        self._keys = KeyDesk(store.tokens, rows, self._callers, clock)

    def watching(self, store: Store) -> Store:
        """The same store; a team that was sent elsewhere may record there at once."""
        return WatchedStore(store, self._callers.forget)

    async def note(self, who: str, did: str, what: str) -> None:
        """A line in the audit: who (`source`) did what to which id."""
        await self._store.audit.note(Change(did, who, what, self._clock()))

    @property
    def routers(self) -> tuple[APIRouter, ...]:
        """All under `/api/registration/v1`."""
        private_key = self._settings.token_private_key.get_secret_value()
        return (
            staff_api.session_router(self.desk, self.session),
            staff_api.user_router(
                self.desk, self._store.staff, self._only(frozenset({Role.ADMIN}))
            ),
            device_api.enrolment_router(self._enrolment, self.staff),
            device_api.device_router(self._enrolment, self._store.tokens, self.staff),
            key_api.key_router(self._keys, self._store.tokens, self.staff),
            key_api.token_router(self.authenticate, private_key, self._clock),
        )

    def _only(self, roles: frozenset[Role]) -> Callable[..., Awaitable[Staff]]:
        async def only(actor: Annotated[AnyActor, Depends(self.authenticate)]) -> Staff:
            if not isinstance(actor, Staff) or actor.role not in roles:
                raise Problem(FORBIDDEN)
            return actor

        return only
