"""Campaigns and previews over HTTP, for the centre alone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from services.events.envelope import CITY_TIME
from services.notify.campaigns.desk import Desk
from services.notify.campaigns.previews import Offer
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
from services.notify.requests import BASE, city_door_of, writer_of
from services.notify.settings import NotifySettings, ProviderName
from services.notify.text.templates import Style, Text, specimens
from services.platform.auth import Reader
from services.platform.http import problem_responses
from services.platform.problems import UNKNOWN_WARD, Problem
from services.platform.readers import Matter
from services.platform.wards import wards_on

_WITHOUT_ADVERTS = frozenset({ProviderName.ESMS, ProviderName.ZNS})
"""They answer `provider_cannot_carry`."""

CampaignId = Annotated[str, Path(pattern=CAMPAIGN_ID)]


async def desk_of(request: Request) -> Desk:
    """The lifespan's."""
    desk: Desk = request.state.campaigns
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


def offers_of(settings: NotifySettings) -> tuple[Offer, ...]:
    """The providers of the plan with their prices."""
    return tuple(
        Offer(one.name, settings.route_terms(one), ProviderName(one.name) not in _WITHOUT_ADVERTS)
        for one in settings.plan
    )


def campaigns_router(settings: NotifySettings) -> APIRouter:
    """Each step is kept with who took it; a ward's staff see none of it."""
    routes = APIRouter(
        prefix=BASE, tags=["campaigns"], responses=problem_responses(401, 403, 422, 503)
    )
    centre = Depends(city_door_of(settings, Matter.OPERATIONS))
    writer = Depends(writer_of(settings, Matter.OPERATIONS))

    @routes.post("/campaigns", status_code=201, responses=problem_responses(409))
    async def make(new: NewCampaign, by: Annotated[Reader, writer], desk: AtDesk) -> CampaignView:
        """A draft, which somebody else approves."""
        _require_wards(new, desk)
        return CampaignView.of(await desk.make(new.wanted(), by.source))

    @routes.get("/campaigns", dependencies=[centre])
    async def campaigns(desk: AtDesk) -> CampaignList:
        """The newest hundred."""
        return CampaignList(campaigns=[CampaignView.of(one) for one in await desk.all()])

    @routes.get("/campaigns/{campaign_id}", dependencies=[centre], responses=problem_responses(404))
    async def campaign(campaign_id: CampaignId, desk: AtDesk) -> CampaignShown:
        """With every step, and how many of its SMS stand where."""
        found = await desk.one(campaign_id)
        return CampaignShown(campaign=CampaignView.of(found), states=await desk.states(campaign_id))

    @routes.get(
        "/campaigns/{campaign_id}/preview",
        dependencies=[centre],
        responses=problem_responses(404),
    )
    async def preview(campaign_id: CampaignId, desk: AtDesk) -> CampaignPreview:
        """Whom it would reach now, what that costs and how long it takes."""
        found = await desk.one(campaign_id)
        ways = desk.ways(found.text, advertises=True)
        return CampaignPreview.of(
            found, await desk.survey(found), ways, desk.house.rules, desk.clock()
        )

    @routes.post("/campaigns/{campaign_id}/steps", responses=problem_responses(404, 409))
    async def step(
        campaign_id: CampaignId, new: NewStep, by: Annotated[Reader, writer], desk: AtDesk
    ) -> CampaignView:
        """Whoever made it does not approve it; a pause holds what is queued too."""
        return CampaignView.of(await desk.move(campaign_id, new.move, by.source))

    @routes.post("/previews", dependencies=[centre])
    async def text_preview(asked: TextAsked, desk: AtDesk) -> TextPreview:
        """Segments and prices of any text; nothing is kept."""
        ways = desk.ways(asked.text, advertises=asked.advertises)
        return TextPreview(
            providers=ways,
            too_long=any(way.segments > desk.house.rules.segments for way in ways),
            standing=[StandingView.of(text) for text in _standing(settings, desk)],
        )

    return routes


def _require_wards(new: NewCampaign, desk: Desk) -> None:
    today = {ward.code for ward in wards_on(desk.clock().astimezone(CITY_TIME).date())}
    for n, code in enumerate(new.wards):
        if code not in today:
            raise Problem(UNKNOWN_WARD, f"/body/wards/{n}")


def _standing(settings: NotifySettings, desk: Desk) -> list[Text]:
    """Plain before accented."""
    day = desk.clock().astimezone(CITY_TIME).date()
    longest = max(wards_on(day), key=lambda ward: len(ward.name))
    styles = (
        Style(accents, settings.reply_number, settings.ward_phones) for accents in (False, True)
    )
    return [text for style in styles for text in specimens(style, longest.code, day)]
