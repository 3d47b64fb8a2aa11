"""A request's body on its way in: read only for whoever may send it, weighed as it comes."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import solve_dependencies
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.platform.http.guards import guards_of
from services.platform.http.plain_route import PlainRoute
from services.platform.problems import (
    BODY_TOO_LARGE,
    INVALID_REQUEST,
    Problem,
    ProblemKind,
    pointer,
)
from services.platform.server.limits import Limits, Room, structure

_SCOPE = "tungngo.arrival"
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class RefusedArrival(HTTPException):
    """FastAPI lets nothing else out of its reading of a body."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.kind.status)
        self.problem = problem


class Arriving:
    """ASGI middleware around every app; whatever reads a body reads it through here."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._room = Room(limits.held_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            return await self._app(scope, receive, send)
        arrival = Arrival(scope, receive, self._limits, self._room)
        scope[_SCOPE] = arrival
        try:
            await self._app(scope, arrival.receive, send)
        finally:
            arrival.end()


class Arrival:
    """What has come of one request's body, and what it holds of the room."""

    __slots__ = (
        "_begun",
        "_held",
        "_kind",
        "_most",
        "_receive",
        "_room",
        "_scope",
        "_size",
        "_structure",
        "_values",
    )

    def __init__(self, scope: Scope, receive: Receive, limits: Limits, room: Room) -> None:
        self._scope = scope
        self._receive = receive
        self._room = room
        self._most, self._kind = limits.body_bytes, BODY_TOO_LARGE
        self._values: int | None = limits.body_values
        self._begun = False
        self._size = self._structure = self._held = 0

    @staticmethod
    def of(request: Request) -> "Arrival":
        """Of a request that came through `Arriving`."""
        arrival: Arrival = request.scope[_SCOPE]
        return arrival

    def allow(self, size: int, kind: ProblemKind) -> None:
        """Another limit than usual, and how its excess is called; the reader judges the values."""
        self._most, self._kind, self._values = size, kind, None

    def hold(self, size: int) -> None:
        """What the body becomes counts too, until the request has been answered.

        Raises: Problem."""
        self._room.take(size)
        self._held += size

    def end(self) -> None:
        """The request was answered."""
        self._room.give_back(self._held)
        self._held = 0

    async def receive(self) -> Message:
        """Raises: RefusedArrival."""
        try:
            if not self._begun:
                self._begun = True
                route = self._scope.get("route")
                if not isinstance(route, PlainRoute):
                    await self._ask_guards(route)
                self._check_declared()
            message = await self._receive()
            if message["type"] == "http.request":
                self._weigh(message.get("body", b""))
        except Problem as problem:
            raise RefusedArrival(problem) from None
        return message

    async def _ask_guards(self, route: object) -> None:
        """FastAPI itself reads and decodes a body before it asks who sent it."""
        dependant: Dependant | None = getattr(route, "dependant", None)
        if dependant is None:
            return
        guards = Dependant(dependencies=guards_of(dependant), path=dependant.path)
        solved = await solve_dependencies(
            request=Request(self._scope),
            dependant=guards,
            async_exit_stack=self._scope["fastapi_inner_astack"],
            embed_body_fields=False,
        )
        if solved.errors:
            raise Problem(INVALID_REQUEST, pointer(solved.errors[0]["loc"]))

    def _check_declared(self) -> None:
        for name, value in self._scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value[:20]) > self._most:
                raise Problem(self._kind)

    def _weigh(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most:
            raise Problem(self._kind)
        if self._values is not None:
            self._structure += structure(part)
            if self._structure > self._values:
                raise Problem(BODY_TOO_LARGE)
        self.hold(len(part))
