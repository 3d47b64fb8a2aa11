"""How rows are read over HTTP: one, or page by page; unchanged answers are not sent again."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.params import Depends
from pydantic import BaseModel, create_model

from services.events.envelope import EVENT_ID, WardCode
from services.platform.http.app import problem_responses
from services.platform.http.conditional import has
from services.platform.problems import NOT_FOUND, Problem
from services.registration.subjects.rows import Row, Rows
from services.registration.subjects.subject import Decided

API = "/api/registration/v1"
V = TypeVar("V", bound=BaseModel)

_ID = rf"^[a-z][a-z0-9-]{{1,63}}$|{EVENT_ID}"
IdInPath = Annotated[str, Path(alias="id", pattern=_ID)]
Cursor = Annotated[str, Query(pattern=rf"^$|{_ID}", description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500)]
ETAG_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}},
    304: {"description": "Not changed since the answer whose ETag `If-None-Match` names"},
}


class Page(BaseModel, Generic[V]):
    """Some of a list, by id; `next` is the cursor of what follows, null at the end."""

    items: list[V]
    next: str | None


def routers(
    rows: Rows, subjects: Iterable[Decided[Any]], allowed: Sequence[Depends] = ()
) -> list[APIRouter]:
    """Of each kind that has a plural."""
    return [resource(rows, subject, allowed) for subject in subjects if subject.kind.plural]


def resource(rows: Rows, subject: Decided[Any], allowed: Sequence[Depends] = ()) -> APIRouter:
    """`GET /<plural>` and `GET /<plural>/{id}` of one kind of rows."""
    kind, plural, view = subject.kind, subject.kind.plural, view_of(subject)
    routes = APIRouter(prefix=API, tags=[plural], dependencies=list(allowed))

    @routes.get(
        f"/{plural}",
        operation_id=f"list_{plural}",
        response_model=Page[view],  # type: ignore[valid-type]
        responses=ETAG_RESPONSES | problem_responses(401, 422, 503),
    )
    async def list_(
        request: Request, ward: WardCode | None = None, after: Cursor = "", limit: Limit = 100
    ) -> Response:
        found = await rows.list(kind, ward, after, limit)
        following = found[-1].id if len(found) == limit else None
        items = [shown(row, view) for row in found]
        return answer(request, Page[view](items=items, next=following))  # type: ignore[valid-type]

    @routes.get(
        f"/{plural}/{{id}}",
        operation_id=f"get_{kind}",
        response_model=view,
        responses=ETAG_RESPONSES | problem_responses(401, 404, 422, 503),
    )
    async def get(request: Request, id_: IdInPath) -> Response:
        row = await rows.get(kind, id_)
        if row is None:
            raise Problem(NOT_FOUND, "/path/id")
        return answer(request, shown(row, view))

    return routes


def view_of(subject: Decided[Any]) -> type[BaseModel]:
    """What readers see of a row: what its slice says, else its whole state with its id.

    Raises: TypeError where the state cannot be shown.
    """
    if subject.view:
        return subject.view
    if not issubclass(subject.state, BaseModel):
        raise TypeError(f"a state of {subject.kind} is no model: its slice says what readers see")
    doc, name = "As readers see it.", f"{subject.state.__name__}View"
    view: type[BaseModel] = create_model(name, __doc__=doc, __base__=subject.state, id=(str, ...))
    return view


def shown(row: Row, view: type[V]) -> V:
    """The row as readers see it: its state, with its id."""
    return view.model_validate({**row.state, "id": row.id})


def answer(request: Request, model: BaseModel) -> Response:
    """The model as JSON with an ETag; 304 when the reader has it."""
    body = model.model_dump_json().encode()
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if has(etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
