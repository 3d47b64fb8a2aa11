"""Campaigns and previews over HTTP, for the centre alone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from services.events.envelope import CITY_TIME
from services.notify.campaigns.previews import Offer
from services.notify.campaigns.service import CampaignService
from services.notify.campaigns.views import (
    CAMPAIGN_ID,
    CampaignList,
    CampaignPreview,
    CampaignShown,
    CampaignView,
    NewCampaign,
    NewStep,
    StandingView,
    TextAsked,
    TextPreview,
)
from services.notify.http.cursors import CursorParameter, read
from services.notify.http.dependencies import city_door_of
from services.notify.providers.webhooks import API
from services.notify.settings import NotifySettings
from services.notify.text.templates import Text, specimens
from services.platform.access.auth import Reader
from services.platform.access.readers import Matter
from services.platform.http.app import problem_responses
from services.platform.http.repeating import Command, IdempotencyKey, Repeats
from services.platform.problems import UNKNOWN_WARD, Problem
from services.platform.vietnam.wards import wards_on

CampaignId = Annotated[str, Path(pattern=CAMPAIGN_ID)]


async def service_of(request: Request) -> CampaignService:
    """The lifespan's."""
    service: CampaignService = request.state.campaigns
    return service


async def repeats_of(request: Request) -> Repeats:
    """The lifespan's."""
    repeats: Repeats = request.state.repeats
    return repeats


AtService = Annotated[CampaignService, Depends(service_of)]
InRepeats = Annotated[Repeats, Depends(repeats_of)]


def offers_of(settings: NotifySettings) -> tuple[Offer, ...]:
    """The providers of the plan with their prices."""
    return tuple(
        Offer(one.name, settings.route_terms(one), settings.carries_adverts(one.name))
        for one in settings.plan
    )


def campaigns_router(settings: NotifySettings) -> APIRouter:
    """Each step is kept with who took it; a ward's staff see none of it."""
    routes = APIRouter(
        prefix=API, tags=["campaigns"], responses=problem_responses(401, 403, 422, 503)
    )
    centre = Depends(city_door_of(settings, Matter.OPERATIONS))

    @routes.post("/campaigns", status_code=201, responses=problem_responses(409))
    async def make(
        new: NewCampaign,
        by: Annotated[Reader, centre],
        service: AtService,
        repeats: InRepeats,
        idempotency_key: IdempotencyKey = None,
    ) -> CampaignView:
        """A draft, which somebody else approves."""
        _require_wards(new, service)

        async def made() -> CampaignView:
            return CampaignView.of(await service.make(new.wanted(), by.source))

        command = Command(idempotency_key, by.source, "campaigns", new)
        return await repeats.once(command, made, CampaignView)

    @routes.get("/campaigns", dependencies=[centre])
    async def campaigns(
        service: AtService,
        cursor: CursorParameter = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> CampaignList:
        """Newest first."""
        return CampaignList.of(await service.page(read(cursor), limit + 1), limit)

    @routes.get("/campaigns/{campaign_id}", dependencies=[centre], responses=problem_responses(404))
    async def campaign(campaign_id: CampaignId, service: AtService) -> CampaignShown:
        """With every step, and how many of its SMS stand where."""
        found = await service.one(campaign_id)
        return CampaignShown(
            campaign=CampaignView.of(found), states=await service.states(campaign_id)
        )

    @routes.get(
        "/campaigns/{campaign_id}/preview",
        dependencies=[centre],
        responses=problem_responses(404),
    )
    async def preview(campaign_id: CampaignId, service: AtService) -> CampaignPreview:
        """Whom it would reach now, what that costs and how long it takes."""
        found = await service.one(campaign_id)
        ways = service.ways(found.text, advertises=True)
        return CampaignPreview.of(
            found, await service.survey(found), ways, service.installation.rules, service.clock()
        )

    @routes.post("/campaigns/{campaign_id}/steps", responses=problem_responses(404, 409))
    async def step(
        campaign_id: CampaignId, new: NewStep, by: Annotated[Reader, centre], service: AtService
    ) -> CampaignView:
        """Whoever made it does not approve it; a pause holds what is queued too."""
        return CampaignView.of(await service.move(campaign_id, new.move, by.source))

    @routes.post("/previews", dependencies=[centre])
    async def text_preview(asked: TextAsked, service: AtService) -> TextPreview:
        """Segments and prices of any text; nothing is kept."""
        ways = service.ways(asked.text, advertises=asked.advertises)
        return TextPreview(
            providers=ways,
            too_long=any(way.segments > service.installation.rules.segments for way in ways),
            standing=[StandingView.of(text) for text in _standing(settings, service)],
        )

    return routes


def _require_wards(new: NewCampaign, service: CampaignService) -> None:
    today = {ward.code for ward in wards_on(service.clock().astimezone(CITY_TIME).date())}
    for n, code in enumerate(new.wards):
        if code not in today:
            raise Problem(UNKNOWN_WARD, f"/body/wards/{n}")


def _standing(settings: NotifySettings, service: CampaignService) -> list[Text]:
    """Plain before accented."""
    day = service.clock().astimezone(CITY_TIME).date()
    longest = max(wards_on(day), key=lambda ward: len(ward.name))
    styles = (settings.style(accents=accents) for accents in (False, True))
    return [text for style in styles for text in specimens(style, longest.code, day)]
