"""Staff sign in and out; the administrator makes users."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.envelope import WardCode
from services.platform.http.app import problem_responses
from services.platform.http.client import network_of
from services.platform.http.repeating import Command, IdempotencyKey, Repeats
from services.registration.access.actor import Staff
from services.registration.access.authentication import COOKIE, SignedIn
from services.registration.access.guessing import Client
from services.registration.access.passwords import LONGEST
from services.registration.access.records import User
from services.registration.access.staff import Begun, StaffAccounts
from services.registration.access.staff_store import StaffStore
from services.registration.access.tokens import Codes, csrf_token
from services.registration.intake.anonymous import NO_NUMBER
from services.registration.subjects.actor import Role
from services.registration.subjects.reading import API, Cursor, IdInPath, Limit, Page

MARK = "__Host-known-"
MARK_LIFE_S = 180 * 86_400
"""A browser that has signed in is not shut out by those who guess."""

SignedInBy = Callable[..., Awaitable[SignedIn]]
StaffBy = Callable[..., Awaitable[Staff]]
Password = Annotated[str, Field(max_length=LONGEST)]
OfficeName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9._-]{2,39}$",
        description="The name of an office, such as `cholon.dieuphoi`, never a person's",
    ),
    NO_NUMBER,
]


class _Posted(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Credentials(_Posted):
    """`bearer` is for scripts: the token is told once, and no cookie is set."""

    name: Annotated[str, Field(max_length=100)]
    password: Password
    use: Literal["cookie", "bearer"] = "cookie"


class NewPassword(_Posted):
    """At least 12 characters."""

    old: Password
    new: Password


class NewWardUser(_Posted):
    """A coordinator or a leader of these wards."""

    name: OfficeName
    role: Literal[Role.WARD, Role.WARD_LEADER]
    wards: Annotated[tuple[WardCode, ...], Field(min_length=1, max_length=200)]


class NewCityUser(_Posted):
    """Somebody for the whole city."""

    name: OfficeName
    role: Literal[Role.CENTRE, Role.ADMIN]
    wards: None = None


NewUser = Annotated[NewWardUser | NewCityUser, Field(discriminator="role")]


class UserView(BaseModel):
    """A user as the administrator sees it."""

    id: str
    source: str
    name: str
    role: Role
    wards: tuple[str, ...] | None
    must_change_password: bool
    made_at: datetime
    disabled_at: datetime | None


class MadeUser(BaseModel):
    """The first password is told once, and must be changed before anything else."""

    user: UserView
    first_password: str


class FirstPassword(BaseModel):
    """Told once."""

    first_password: str


class SessionView(BaseModel):
    """Who is signed in; a page sends `csrf_token` as `X-CSRF-Token` with each write."""

    user: UserView
    csrf_token: str
    ends_at: datetime
    token: str | None = None


def session_router(accounts: StaffAccounts, session: SignedInBy, marks: Codes) -> APIRouter:
    """`/sessions`, `/session`, `/password`."""
    routes = APIRouter(prefix=API, tags=["sessions"])

    @routes.post("/sessions", status_code=201, responses=problem_responses(401, 422, 429, 503))
    async def sign_in(given: Credentials, request: Request, response: Response) -> SessionView:
        """Lasts twelve hours, and two without use."""
        client = _client(given.name, request, marks)
        begun = await accounts.sign_in(given.name, given.password, client)
        response.headers["Cache-Control"] = "no-store"
        if given.use == "cookie":
            _set_cookie(response, begun)
            _set_mark(response, begun.user.name, marks)
        return _session(
            SignedIn(begun.session, begun.user, begun.token), show=given.use == "bearer"
        )

    @routes.get("/session", responses=problem_responses(401, 403, 503))
    async def who_am_i(
        me: Annotated[SignedIn, Depends(session)], response: Response
    ) -> SessionView:
        """For a page that was loaded again."""
        response.headers["Cache-Control"] = "no-store"
        return _session(me)

    @routes.delete("/sessions", status_code=204, responses=problem_responses(401, 403, 429, 503))
    async def sign_out(me: Annotated[SignedIn, Depends(session)], response: Response) -> None:
        """The token opens nothing any more."""
        await accounts.sign_out(me.session, me.user)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")

    @routes.post(
        "/password", status_code=204, responses=problem_responses(401, 403, 409, 422, 429, 503)
    )
    async def change_password(
        given: NewPassword, me: Annotated[SignedIn, Depends(session)]
    ) -> None:
        """Ends all sessions of the user; sign in again."""
        await accounts.change_password(me.user, given.old, given.new, me.session)

    return routes


def user_router(
    accounts: StaffAccounts, store: StaffStore, repeats: Repeats, admin: StaffBy
) -> APIRouter:
    """`/users`, for the administrator."""
    routes = APIRouter(prefix=API, tags=["users"])
    Admin = Annotated[Staff, Depends(admin)]  # noqa: N806

    @routes.post(
        "/users", status_code=201, responses=problem_responses(401, 403, 404, 409, 422, 429, 503)
    )
    async def make(
        given: NewUser, by: Admin, response: Response, idempotency_key: IdempotencyKey = None
    ) -> MadeUser:
        """For an office, by its name."""

        async def made() -> MadeUser:
            user, password = await accounts.make(given.name, given.role, given.wards, by.source)
            return MadeUser(user=_user(user), first_password=password)

        response.headers["Cache-Control"] = "no-store"
        command = Command(idempotency_key, by.source, "users", given)
        return await repeats.once(command, made, MadeUser)

    @routes.get("/users", responses=problem_responses(401, 403, 422, 503))
    async def list_users(_: Admin, after: Cursor = "", limit: Limit = 100) -> Page[UserView]:
        """By id."""
        found = [_user(user) for user in await store.users(after, limit)]
        return Page(items=found, next=found[-1].id if len(found) == limit else None)

    @routes.post("/users/{id}/password", responses=problem_responses(401, 403, 404, 422, 429, 503))
    async def reset_password(id_: IdInPath, by: Admin, response: Response) -> FirstPassword:
        """For somebody who forgot it; ends all their sessions, and a lock-out."""
        response.headers["Cache-Control"] = "no-store"
        return FirstPassword(first_password=await accounts.reset_password(id_, by.source))

    @routes.delete(
        "/users/{id}", status_code=204, responses=problem_responses(401, 403, 404, 422, 429, 503)
    )
    async def disable(id_: IdInPath, by: Admin) -> None:
        """What the user recorded stays."""
        await accounts.disable(id_, by.source)

    return routes


def _set_cookie(response: Response, begun: Begun) -> None:
    response.set_cookie(
        COOKIE,
        begun.token,
        max_age=int((begun.session.ends_at - begun.session.made_at).total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def _client(name: str, request: Request, marks: Codes) -> Client:
    """A browser that signed in under this name before, else the network."""
    mark = request.cookies.get(MARK + marks.mark_name(name), "")
    known = bool(mark) and marks.marked(name, mark)
    return Client(f"mark/{mark}", known=True) if known else Client(network_of(request))


def _set_mark(response: Response, name: str, marks: Codes) -> None:
    response.set_cookie(
        MARK + marks.mark_name(name),
        marks.mark(name),
        max_age=MARK_LIFE_S,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def _session(me: SignedIn, *, show: bool = False) -> SessionView:
    return SessionView(
        user=_user(me.user),
        csrf_token=csrf_token(me.token),
        ends_at=me.session.ends_at,
        token=me.token if show else None,
    )


def _user(user: User) -> UserView:
    return UserView(
        id=user.id,
        source=user.source,
        name=user.name,
        role=user.role,
        wards=user.wards,
        must_change_password=user.must_change,
        made_at=user.made_at,
        disabled_at=user.disabled_at,
    )
