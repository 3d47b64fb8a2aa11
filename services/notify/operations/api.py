"""Health of the providers, pauses, resending, budgets and citizens' words over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi import Query as QueryParameter
from pydantic import BaseModel, Field
from structlog import get_logger

from services.events.envelope import CITY_TIME, Day, Instant
from services.notify.callbacks.reply_reading import Meaning, ReplyReading, read_by_person
from services.notify.http.cursors import CursorParameter, read, written
from services.notify.http.dependencies import InLedger, city_door_of, door_of
from services.notify.http.views import NOTIFICATION_ID, NotificationView
from services.notify.ledger.controls import Control, ControlKind, controls_of
from services.notify.ledger.receipts import receipt_key
from services.notify.ledger.records import Reply, SealedText, Spent
from services.notify.ledger.sealing import unseal
from services.notify.notification.notification import Answer
from services.notify.notification.policy import Rules, is_nearly_spent
from services.notify.operations.resending import send_again
from services.notify.operations.store import AskedReplies, MongoOperations
from services.notify.operations.views import (
    BudgetView,
    ControlView,
    ProviderView,
    ReceiptView,
    ReplyPage,
    ReplyView,
)
from services.notify.problems import MAY_HAVE_LEFT
from services.notify.providers.webhooks import API, Now
from services.notify.routing.routes import Routes
from services.notify.settings import NotifySettings
from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.platform.problems import NOT_FOUND, Problem
from services.platform.vietnam.wards import current

log = get_logger(__name__)

Stoppable = Literal["provider", "template"]
"""A campaign is paused at its own address, where its steps are kept."""


class Pause(BaseModel):
    """What is to stop for now."""

    kind: Annotated[Stoppable, Field(examples=["provider"])]
    name: Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,60}$")]


class Understood(BaseModel):
    """What a reply means to the person who read it: `stop` is a refusal."""

    reply_id: Annotated[str, Field(min_length=1, max_length=400)]
    means: Meaning


async def operations_of(request: Request) -> MongoOperations:
    """The lifespan's."""
    operations: MongoOperations = request.state.operations
    return operations


async def routes_in(request: Request) -> Routes:
    """The lifespan's."""
    routes: Routes = request.state.routes
    return routes


Operations = Annotated[MongoOperations, Depends(operations_of)]
Ways = Annotated[Routes, Depends(routes_in)]
NotificationId = Annotated[str, Path(pattern=NOTIFICATION_ID)]


def operations_router(settings: NotifySettings) -> APIRouter:
    """For the centre's operators; a ward reads its own budget and its citizens' words."""
    routes = APIRouter(prefix=API, tags=["operations"], responses=problem_responses(401, 503))
    operator = Depends(city_door_of(settings, Matter.OPERATIONS))
    _health(routes, operator)
    _controls(routes, operator)
    of_persons = Depends(city_door_of(settings, Matter.PERSONS))
    _resending(routes, of_persons)
    _receipts(routes, of_persons)
    _wards(routes, Depends(door_of(settings, Matter.FIGURES)), settings)
    of_words = Depends(door_of(settings, Matter.WORDS))
    _words(routes, of_words, settings)
    _readings(routes, of_words)
    return routes


def _health(routes: APIRouter, operator: Any) -> None:
    @routes.get("/providers", responses=problem_responses(403))
    async def providers(
        _: Annotated[Reader, operator], ways: Ways, store: Operations
    ) -> list[ProviderView]:
        """As this process sees them, in the order in which they are asked."""
        paused = controls_of(await store.controls()).providers
        unread = await store.unread()
        in_order = sorted(ways.all.values(), key=lambda route: route.terms.priority)
        return [
            ProviderView.of(route, paused, unread.get(route.provider.name, {}))
            for route in in_order
        ]


def _controls(routes: APIRouter, operator: Any) -> None:
    @routes.get("/controls", responses=problem_responses(403))
    async def controls(_: Annotated[Reader, operator], store: Operations) -> list[ControlView]:
        """All that does not go on."""
        found = await store.controls()
        return [ControlView.of(found[key]) for key in sorted(found) if not found[key].lifted]

    @routes.post("/controls", status_code=204, responses=problem_responses(403, 422))
    async def pause(
        asked: Pause, who: Annotated[Reader, operator], store: Operations, now: Now
    ) -> None:
        """Nothing more leaves this way from the next round on; what is queued waits."""
        await store.pause(Control(ControlKind(asked.kind), asked.name, who.source, now))

    @routes.delete(
        "/controls/{kind}/{name}", status_code=204, responses=problem_responses(403, 404, 422)
    )
    async def resume(
        kind: Stoppable, name: str, _: Annotated[Reader, operator], store: Operations
    ) -> Response:
        """It goes on."""
        if not await store.resume(ControlKind(kind), name):
            raise Problem(NOT_FOUND)
        return Response(status_code=204)


def _resending(routes: APIRouter, reader_needed: Any) -> None:
    @routes.post(
        "/notifications/{notification_id}/resend", responses=problem_responses(403, 409, 422)
    )
    async def resend(
        notification_id: NotificationId,
        _: Annotated[Reader, reader_needed],
        ledger: InLedger,
        now: Now,
    ) -> NotificationView:
        """Only what surely was not accepted; the policy is asked again."""
        work = partial(send_again, notification_id=notification_id, now=now)
        queued = await ledger.transact(work)
        if queued is None:
            raise Problem(MAY_HAVE_LEFT)
        return NotificationView.of(queued)


def _receipts(routes: APIRouter, reads_persons: Any) -> None:
    @routes.get(
        "/notifications/{notification_id}/receipts", responses=problem_responses(403, 404, 422)
    )
    async def receipts(
        notification_id: NotificationId,
        _: Annotated[Reader, reads_persons],
        ledger: InLedger,
        store: Operations,
    ) -> list[ReceiptView]:
        """All that came for it, also those that changed nothing."""
        found = await ledger.find(notification_id)
        if found is None:
            raise Problem(NOT_FOUND)
        keys = [
            receipt_key(attempt.provider, id_)
            for attempt in found.attempts
            for id_ in (attempt.request_id, attempt.message_id, *attempt.parts)
            if id_
        ]
        said = {receipt for one in await store.receipts(keys) for receipt in one.receipts}
        return [ReceiptView.of(receipt) for receipt in sorted(said, key=lambda r: r.at)]


def _wards(routes: APIRouter, reads_figures: Any, settings: NotifySettings) -> None:
    @routes.get("/budgets", responses=problem_responses(403, 422))
    async def budgets(
        reader: Annotated[Reader, reads_figures],
        store: Operations,
        now: Now,
        day: Day | None = None,
    ) -> list[BudgetView]:
        """Segments of each ward on a day (today); empty where there is no limit."""
        if settings.ward_segments_a_day is None:
            return []
        asked = day or now.astimezone(CITY_TIME).date()
        wards = [ward.code for ward in current() if reader.may_read(ward.code)]
        spent = await store.spent(wards, asked)
        rules = settings.installation.rules
        return [_budget(ward, asked, spent.get(ward, Spent()), rules) for ward in wards]


def _words(routes: APIRouter, reads_words: Any, settings: NotifySettings) -> None:
    @routes.get("/replies", responses=problem_responses(403, 422))
    async def replies(
        reader: Annotated[Reader, reads_words],
        store: Operations,
        answer: Annotated[tuple[Answer, ...], QueryParameter()] = (),
        before: Instant | None = None,
        cursor: CursorParameter = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> ReplyPage:
        """What citizens wrote, newest first; a ward reads its own."""
        log.info("words read", by=reader.source, wards=sorted(reader.wards or ("79",)))
        asked = AskedReplies(reader.wards, answer, before, read(cursor), limit + 1)
        found = await store.replies(asked)
        views = [_reply(*one, settings.installation.keys) for one in found[:limit]]
        onward = written((views[-1].at, views[-1].id)) if len(found) > limit else None
        return ReplyPage(replies=views, next=onward)


def _reply(id_: str, reply: Reply, words: SealedText | None, keys: tuple[bytes, ...]) -> ReplyView:
    return ReplyView(
        id=id_,
        at=reply.at,
        answer=reply.answer,
        ward=reply.ward,
        notification_id=reply.notification_id,
        read_at=reply.read_at,
        text=unseal(words.sealed, id_, *keys) if words else None,
    )


def _readings(routes: APIRouter, reads_words: Any) -> None:
    @routes.post("/replies/readings", status_code=204, responses=problem_responses(403, 404, 422))
    async def read(
        found: Understood,
        reader: Annotated[Reader, reads_words],
        store: Operations,
        ledger: InLedger,
        now: Now,
    ) -> None:
        """A person has read what only a person understands; till then no advert goes there."""
        ward = await store.ward_of_reply(found.reply_id)
        if ward is None:
            raise Problem(NOT_FOUND, "/body/reply_id")
        reader.require(ward)
        reading = ReplyReading(found.reply_id, found.means, reader.source)
        await ledger.transact(partial(read_by_person, reading=reading, now=now))


def _budget(ward: str, day: date, spent: Spent, rules: Rules) -> BudgetView:
    return BudgetView(
        ward=ward,
        day=day,
        segments=spent.segments,
        limit=rules.ward_segments_a_day or 0,
        is_nearly_spent=is_nearly_spent(spent.segments, rules),
    )
