"""Campaigns and previews as they are posted and read: never a number, never a citizen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from services.events.envelope import A_NUMBER, CITY_TIME, Instant, WardCode, YesNo
from services.notify.campaigns.campaign import Campaign, Stage, Step
from services.notify.campaigns.pace import days_of, ends_at
from services.notify.campaigns.previews import Carried, expected_vnd, heaviest
from services.notify.campaigns.service import CampaignRequest, Move
from services.notify.campaigns.survey import Survey
from services.notify.http.cursors import written
from services.notify.notification.policy import Rules, next_opening
from services.notify.notification.states import State
from services.notify.text.segments import Encoding, billed, segment
from services.notify.text.templates import Text
from services.platform.vietnam.wards import ward_at

CAMPAIGN_ID = r"^campaign-[0-9a-f]{24}$"
_ONE_LINE = r"^[^\x00-\x1f\x7f]+$"


class NewCampaign(BaseModel):
    """A campaign to be approved; `text` without mark and way to refuse, which are added."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, Field(min_length=1, max_length=120, pattern=_ONE_LINE)]
    text: Annotated[str, Field(min_length=1, max_length=500, pattern=_ONE_LINE)]
    wards: Annotated[tuple[WardCode, ...], Field(max_length=168)] = ()
    """Today's codes; none: the whole city."""
    until: Instant
    pace_a_minute: Annotated[int, A_NUMBER, Field(ge=1, le=6_000)] = 60

    def wanted(self) -> CampaignRequest:
        """As the service takes it."""
        wards = tuple(sorted(set(self.wards)))
        return CampaignRequest(self.title, self.text, wards, self.until, self.pace_a_minute)


class NewStep(BaseModel):
    """What somebody wants done."""

    model_config = ConfigDict(extra="forbid")

    move: Move


class CampaignView(BaseModel):
    """One campaign with every step."""

    id: str
    title: str
    text: str
    wards: tuple[str, ...]
    until: datetime
    pace_a_minute: int
    stage: Stage
    paused: bool
    steps: tuple[Step, ...]
    invited: int
    left_out: Mapping[str, int]
    """Who was not invited, by reason."""

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        return cls(
            id=campaign.id,
            title=campaign.title,
            text=campaign.text,
            wards=campaign.wards,
            until=campaign.until,
            pace_a_minute=campaign.pace_a_minute,
            stage=campaign.stage,
            paused=campaign.paused,
            steps=campaign.steps,
            invited=campaign.fed.invited,
            left_out=campaign.fed.left_out,
        )


class CampaignShown(BaseModel):
    """One campaign, and how many of its SMS stand where."""

    campaign: CampaignView
    states: Mapping[State, int]


class CampaignList(BaseModel):
    """Newest first; `next` is the cursor of the following page."""

    campaigns: list[CampaignView]
    next: str | None

    @classmethod
    def of(cls, found: Sequence[Campaign], limit: int) -> Self:
        """From one more than the page holds."""
        shown = found[:limit]
        onward = written((shown[-1].made_at, shown[-1].id)) if len(found) > limit else None
        return cls(campaigns=[CampaignView.of(one) for one in shown], next=onward)


class WardPreview(BaseModel):
    """What a campaign comes to in one ward."""

    ward: str
    name: str
    reachable: int
    segments: int
    fits_budget: bool
    """Of the days until the campaign's last, with nothing else sent."""


class CampaignPreview(BaseModel):
    """What a campaign comes to as things stand; nothing is sent."""

    reachable: int
    left_out: Mapping[str, int]
    wards: list[WardPreview]
    providers: tuple[Carried, ...]
    segments: int
    """Of one SMS at most."""
    cost_vnd: int
    """Expected, by the shares of the providers that come first."""
    starts_at: datetime
    ends_at: datetime
    fits: bool
    """It ends in time, at its pace and within the hours."""

    @classmethod
    def of(
        cls,
        campaign: Campaign,
        survey: Survey,
        ways: Sequence[Carried],
        rules: Rules,
        now: datetime,
    ) -> Self:
        ends = ends_at(survey.reachable, campaign.pace_a_minute, now, rules)
        segments, days = heaviest(ways), days_of(now, campaign.until)
        return cls(
            reachable=survey.reachable,
            left_out=survey.left_out,
            wards=[
                _ward(code, count, segments, days, rules, now)
                for code, count in sorted(survey.wards.items())
            ],
            providers=tuple(ways),
            segments=segments,
            cost_vnd=expected_vnd(survey.reachable, ways),
            starts_at=next_opening(now, rules),
            ends_at=ends,
            fits=ends <= campaign.until,
        )


class TextAsked(BaseModel):
    """Any text; an advert gets its mark and its way to refuse."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    advertises: YesNo = False


class StandingView(BaseModel):
    """A standing text in one style, in the ward with the longest name."""

    template: str
    text: str
    encoding: Encoding
    segments: int

    @classmethod
    def of(cls, text: Text) -> Self:
        return cls(
            template=text.template,
            text=text.body,
            encoding=segment(text.body).encoding,
            segments=billed(text.body),
        )


class TextPreview(BaseModel):
    """What a text comes to, and beside it the standing ones with and without accents."""

    providers: tuple[Carried, ...]
    too_long: bool
    """For at least one provider: then it is not sent."""
    standing: list[StandingView]


def _ward(  # one row from the figures of all
    code: str, count: int, segments: int, days: int, rules: Rules, now: datetime
) -> WardPreview:
    ward = ward_at(code, now.astimezone(CITY_TIME).date())
    limit = rules.ward_segments_a_day
    return WardPreview(
        ward=code,
        name=ward.name if ward else code,
        reachable=count,
        segments=count * segments,
        fits_budget=limit is None or count * segments <= limit * days,
    )
