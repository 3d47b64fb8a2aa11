"""Staff: how they are made, come in and leave."""

from datetime import timedelta
from typing import NamedTuple

from services.platform.clock import Clock
from services.platform.ids import random_id
from services.platform.problems import NOT_FOUND, Problem
from services.platform.vietnam.wards import WardKind
from services.registration.access.callers import CallerCache
from services.registration.access.guessing import Client, Guesses
from services.registration.access.lines import Lines
from services.registration.access.passwords import Fit, Passwords, first_password, is_strong
from services.registration.access.problems import (
    FIRST_PASSWORD_ENDED,
    LAST_ADMINISTRATOR,
    NO_SUCH_WARD,
    PASSWORD_TOO_WEAK,
    USER_NAME_TAKEN,
    WRONG_PASSWORD,
)
from services.registration.access.records import Act, Change, Session, User
from services.registration.access.staff_store import StaffStore
from services.registration.access.tokens import Codes, Prefix, new_token, token_hash
from services.registration.subjects.actor import Role
from services.registration.subjects.ground import newest

SESSION_LIFE = timedelta(hours=12)
FIRST_PASSWORD_LIFE = timedelta(hours=24)


class Begun(NamedTuple):
    """A session, and its token, which nobody is told again."""

    session: Session
    user: User
    token: str


class StaffAccounts:
    """Users, passwords and sessions; each change leaves a line in the audit."""

    def __init__(
        self,
        store: StaffStore,
        callers: CallerCache,
        passwords: Passwords,
        codes: Codes,
        lines: Lines,
        clock: Clock,
        first_password_life: timedelta = FIRST_PASSWORD_LIFE,
    ) -> None:
        self._store = store
        self._callers = callers
        self._passwords = passwords
        self._guesses = Guesses(store, codes, clock)
        self._codes = codes
        self._lines = lines
        self._clock = clock
        self._first_password_life = first_password_life

    async def sign_in(self, name: str, password: str, client: Client) -> Begun:
        """As much work for a name that nobody has. Raises: Problem."""
        user = await self._store.user_named(name)
        if not await self._is_right(name, user, password, client) or user is None:
            raise Problem(WRONG_PASSWORD)
        now, token = self._clock(), new_token(Prefix.SESSION)
        if user.has_ended_password(now, self._first_password_life):
            raise Problem(FIRST_PASSWORD_ENDED)
        session = Session(token_hash(token), user.id, now, now, now + SESSION_LIFE)
        await self._store.add_session(session, self._change(Act.SESSION_BEGUN, user.source, user))
        return Begun(session, user, token)

    async def sign_out(self, session: Session, user: User) -> None:
        """Its token opens nothing from now on."""
        change = self._change(Act.SESSION_ENDED, user.source, user)
        await self._store.end_session(session.id, change)
        self._callers.forget()

    async def change_password(self, user: User, old: str, new: str, session: Session) -> None:
        """Ends all sessions of the user, this one too. Raises: Problem."""
        if not is_strong(new, user.name, old):
            raise Problem(PASSWORD_TOO_WEAK, "/body/new")
        client = Client(f"session/{session.id}", known=True)
        if not await self._is_right(user.name, user, old, client):
            raise Problem(WRONG_PASSWORD, "/body/old")
        change = self._change(Act.PASSWORD_CHANGED, user.source, user)
        hashed = await self._passwords.hashed(new)
        await self._store.set_password(user.id, hashed, change, must_change=False)
        self._callers.forget()

    async def make(
        self, name: str, role: Role, wards: tuple[str, ...] | None, by: str
    ) -> tuple[User, str]:
        """The user, and the first password, to be changed before anything else; without wards
        the whole city is theirs. Raises: Problem."""
        password = first_password()
        return await self.add(name, role, wards, password, by, must_change=True), password

    async def add(
        self,
        name: str,
        role: Role,
        wards: tuple[str, ...] | None,
        password: str,
        by: str,
        *,
        must_change: bool = False,
    ) -> User:
        """A user with this password. Raises: Problem."""
        if not is_strong(password, name):
            raise Problem(PASSWORD_TOO_WEAK, "/body/password")
        user = User(
            id=random_id("u"),
            name=name,
            role=role,
            wards=None if wards is None else known_wards(wards),
            password_hash=await self._passwords.hashed(password),
            must_change=must_change,
            made_at=self._clock(),
        )
        if not await self._store.add_user(user, self._change(Act.USER_MADE, by, user)):
            raise Problem(USER_NAME_TAKEN, "/body/name")
        return user

    async def reset_password(self, user_id: str, by: str) -> str:
        """A new first password; ends all sessions of the user. Raises: Problem."""
        user = await self._existing(user_id)
        password = first_password()
        change = self._change(Act.PASSWORD_RESET, by, user)
        hashed = await self._passwords.hashed(password)
        await self._store.set_password(user_id, hashed, change, must_change=True)
        await self._guesses.forget(user.name)
        self._callers.forget()
        return password

    async def disable(self, user_id: str, by: str) -> None:
        """Nobody comes in under this name any more. Raises: Problem."""
        user = await self._existing(user_id)
        change = self._change(Act.USER_DISABLED, by, user)
        done = await self._store.disable_user(user_id, change)
        self._callers.forget()
        if not done and not (await self._existing(user_id)).disabled_at:
            raise Problem(LAST_ADMINISTRATOR, "/path/id")

    async def _is_right(self, name: str, user: User | None, password: str, client: Client) -> bool:
        """Raises: Problem while this client has to wait."""
        try:
            await self._guesses.count(name, client)
        except Problem:
            await self._lines.note(Act.LOCKED_OUT, "", self._codes.name_hash(name))
            raise
        kept = user.password_hash if user and not user.disabled_at else None
        fit = await self._passwords.fit(kept, password)
        if fit is Fit.NOT:
            await self._lines.note(Act.SIGN_IN_FAILED, "", self._codes.name_hash(name))
            return False
        if user and kept and fit is Fit.FORMERLY:
            anew = await self._passwords.hashed(password)
            await self._store.renew_password(user.id, kept, anew)
        await self._guesses.was_right(name, client)
        return True

    async def _existing(self, user_id: str) -> User:
        user = await self._store.user(user_id)
        if user is None:
            raise Problem(NOT_FOUND, "/path/id")
        return user

    def _change(self, act: Act, by: str, user: User) -> Change:
        return Change(act, by, user.id, self._clock())


def known_wards(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Sorted, each once. Raises: Problem where one is no ward."""
    for n, code in enumerate(codes):
        unit = newest(code)
        if unit is None or unit.kind is WardKind.CITY:
            raise Problem(NO_SUCH_WARD, f"/body/wards/{n}")
    return tuple(sorted(set(codes)))
