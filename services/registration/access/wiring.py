"""Access as registration's `main` sees it."""

from datetime import timedelta
from typing import Protocol

from fastapi import APIRouter
from pydantic import SecretStr

from services.platform.clock import Clock
from services.platform.http.repeating import Repeats
from services.registration.access import device_api, key_api, staff_api
from services.registration.access.authentication import (
    Authenticate,
    AuthenticateRole,
    AuthenticateStaff,
    Authenticator,
)
from services.registration.access.cache_clearing import CacheClearingStore
from services.registration.access.callers import CallerCache
from services.registration.access.enrolment import Enrolments
from services.registration.access.keys import ApiKeys
from services.registration.access.lines import Lines
from services.registration.access.passwords import Passwords
from services.registration.access.records import Change
from services.registration.access.staff import StaffAccounts
from services.registration.access.store import AccessStore
from services.registration.access.tokens import Codes
from services.registration.subjects.actor import COORDINATORS, STAFF, Role
from services.registration.subjects.rows import Rows
from services.registration.subjects.store import Store


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

    @property
    def first_password_h(self) -> float:
        """Hours in which a first password is to be changed."""


class Access:
    """`authenticate`, `staff` and `persons` are FastAPI dependencies; they raise Problem.

    `persons` lets in who may read of a citizen: an administrator, who makes accounts, does not.
    """

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
        self._codes = codes = Codes(settings.payload_key)
        self._store = store
        self._rows = rows
        self._settings = settings
        self._clock = clock
        self._callers = CallerCache(store, rows, clock, demo=demo)
        self._lines = lines = Lines(store.audit, clock)
        porter = Authenticator(self._callers, lines, settings.device_rate, clock)
        self.authenticate = Authenticate(porter)
        self.session = AuthenticateStaff(porter)
        self.staff = AuthenticateRole(porter, STAFF)
        self.persons = AuthenticateRole(porter, COORDINATORS | {Role.CENTRE})
        self._admin = AuthenticateRole(porter, frozenset({Role.ADMIN}))
        self.accounts = StaffAccounts(
            store.staff,
            self._callers,
            passwords or Passwords(),
            codes,
            lines,
            clock,
            timedelta(hours=settings.first_password_h),
        )
        self._enrolment = Enrolments(store.tokens, rows, self._callers, codes, clock)
        self._repeats = Repeats(store.repeats, settings.payload_key, clock)
        self._keys = ApiKeys(store.tokens, rows, self._callers, clock)

    def watching(self, store: Store) -> Store:
        """The same store; a team that was sent elsewhere may record there at once."""
        return CacheClearingStore(store, self._callers.forget)

    async def note(self, who: str, did: str, what: str) -> None:
        """A line in the audit: who (`source`) did what to which id."""
        await self._store.audit.note(Change(did, who, what, self._clock()))

    async def person_behind(self, source: str) -> str:
        """Whoever enrolled a phone or made a key; a user, and what is unknown, is itself.

        An administrator, who makes accounts, stands behind none of them: else all would be one.
        """
        id_ = source.rpartition("/")[2]
        if device := await self._store.tokens.device(id_):
            return device.enrolled_by
        key = await self._store.tokens.key(id_)
        return key.made_by if key else source

    @property
    def routers(self) -> tuple[APIRouter, ...]:
        """All under `/api/registration/v1`."""
        private_key = self._settings.token_private_key.get_secret_value()
        return (
            staff_api.session_router(self.accounts, self.session, self._codes),
            staff_api.user_router(self.accounts, self._store.staff, self._repeats, self._admin),
            device_api.enrolment_router(self._enrolment, self._repeats, self.staff, self._lines),
            device_api.device_router(self._enrolment, self._store.tokens, self.staff),
            key_api.key_router(self._keys, self._store.tokens, self._repeats, self.staff),
            key_api.token_router(self.authenticate, private_key, self._clock),
        )
