"""One campaign from its draft to its end: a pure state machine."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.notify.campaigns.problems import CAMPAIGN_OVER, SECOND_PERSON, WRONG_STAGE
from services.notify.ledger.controls import Control, ControlKind
from services.notify.ledger.records import INVITATIONS
from services.notify.ledger.table import Table
from services.platform.problems import Problem

ITSELF = "/notify"
"""Who ends a campaign that has gone its way."""


class Stage(StrEnum):
    """How far a campaign is."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What somebody did with a campaign."""

    MADE = "made"
    APPROVED = "approved"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Step:
    """One act, and who answers for it."""

    act: Act
    by: str
    """The reader's source, such as `/user/u-1`."""
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """How far the audience has been gone through."""

    upto: str = ""
    """The citizen up to whom, in the order of ids."""
    at: datetime | None = None
    """Until then the pace is used up."""
    invited: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    """How many were not invited, by reason."""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is sent to whom, and who answers for it; nothing but its stage ever changes."""

    id: str
    title: str
    """For those who run it; no citizen reads it."""
    text: str
    """Without mark and way to refuse, which are added."""
    wards: tuple[str, ...]
    """Of the citizens who are invited, by today's codes; empty: all."""
    until: datetime
    """From then on nobody is invited any more."""
    pace_a_minute: int
    steps: tuple[Step, ...]
    """Oldest first; the first says who made it."""
    stage: Stage = Stage.DRAFT
    paused: bool = False
    fed: FeedProgress = field(default_factory=FeedProgress)

    @property
    def made_by(self) -> str:
        """Who may not approve it."""
        return self.steps[0].by

    @property
    def made_at(self) -> datetime:
        """By this and its id all are ordered."""
        return self.steps[0].at

    @property
    def started_at(self) -> datetime | None:
        """Its day is part of the reason for which each citizen is told once."""
        return next((step.at for step in self.steps if step.act is Act.STARTED), None)


CAMPAIGNS = Table(INVITATIONS.name, Campaign)


def approve(campaign: Campaign, by: str, at: datetime) -> Campaign:
    """By a second person. Raises: Problem."""
    _require(campaign, {Stage.DRAFT}, at)
    if by == campaign.made_by:
        raise Problem(SECOND_PERSON)
    return _step(replace(campaign, stage=Stage.APPROVED), Act.APPROVED, by, at)


def start(campaign: Campaign, by: str, at: datetime) -> Campaign:
    """Raises: Problem."""
    _require(campaign, {Stage.APPROVED}, at)
    return _step(replace(campaign, stage=Stage.SENDING), Act.STARTED, by, at)


def pause(campaign: Campaign, by: str, at: datetime) -> Campaign:
    """What is queued waits too. Raises: Problem."""
    _require(campaign, {Stage.SENDING}, at, paused=False)
    return _step(replace(campaign, paused=True), Act.PAUSED, by, at)


def resume(campaign: Campaign, by: str, at: datetime) -> Campaign:
    """Raises: Problem."""
    _require(campaign, {Stage.SENDING}, at, paused=True)
    return _step(replace(campaign, paused=False), Act.RESUMED, by, at)


def cancel(campaign: Campaign, by: str, at: datetime) -> Campaign:
    """For good, also after its last day: what has not left never will. Raises: Problem."""
    if campaign.stage in (Stage.DONE, Stage.CANCELLED):
        raise Problem(WRONG_STAGE)
    return _step(replace(campaign, stage=Stage.CANCELLED, paused=False), Act.CANCELLED, by, at)


def end(campaign: Campaign, at: datetime) -> Campaign:
    """Nothing of it is to come any more."""
    return _step(replace(campaign, stage=Stage.DONE, paused=False), Act.ENDED, ITSELF, at)


def control_of(campaign: Campaign) -> Control | None:
    """What its last step means for SMS that are queued; None: nothing."""
    step = campaign.steps[-1]
    if step.act not in (Act.PAUSED, Act.RESUMED, Act.CANCELLED):
        return None
    return Control(
        kind=ControlKind.CAMPAIGN,
        name=campaign.id,
        by=step.by,
        at=step.at,
        for_good=step.act is Act.CANCELLED,
        lifted=step.act is Act.RESUMED,
    )


def _require(
    campaign: Campaign, stages: Collection[Stage], at: datetime, *, paused: bool = False
) -> None:
    if campaign.stage not in stages or campaign.paused is not paused:
        raise Problem(WRONG_STAGE)
    if at >= campaign.until:
        raise Problem(CAMPAIGN_OVER)


def _step(campaign: Campaign, act: Act, by: str, at: datetime) -> Campaign:
    return replace(campaign, steps=(*campaign.steps, Step(act, by, at)))
