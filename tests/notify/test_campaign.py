"""The steps of a campaign and its pace: pure."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.notify.campaigns.campaign import (
    Act,
    Campaign,
    FeedProgress,
    Stage,
    Step,
    approve,
    cancel,
    control_of,
    end,
    pause,
    resume,
    start,
)
from services.notify.campaigns.pace import days_of, ends_at, room_now, used_by
from services.notify.notification.policy import Rules
from services.platform.problems import Problem
from tests.builders import SATURDAY

MAKER, SECOND = "/user/maker", "/user/second"
UNTIL = SATURDAY + timedelta(days=3)
RULES = Rules()


def a_campaign(pace_a_minute: int = 60, until: datetime = UNTIL) -> Campaign:
    return Campaign(
        id="campaign-1",
        title="Ngày hội số",
        text="Mời ông/bà đến ngày hội số.",
        wards=(),
        until=until,
        pace_a_minute=pace_a_minute,
        steps=(Step(Act.MADE, MAKER, SATURDAY),),
    )


def under_way(pace_a_minute: int = 60, at: datetime = SATURDAY) -> Campaign:
    return start(approve(a_campaign(pace_a_minute), SECOND, SATURDAY), MAKER, at)


def refusal(of: pytest.ExceptionInfo[Problem]) -> str:
    return of.value.kind.code


def test_campaign_goes_from_draft_to_done_and_says_who_did_what() -> None:
    campaign = pause(under_way(), SECOND, SATURDAY)
    campaign = end(resume(campaign, MAKER, SATURDAY), UNTIL)

    assert campaign.stage is Stage.DONE
    assert [(step.act, step.by) for step in campaign.steps] == [
        (Act.MADE, MAKER),
        (Act.APPROVED, SECOND),
        (Act.STARTED, MAKER),
        (Act.PAUSED, SECOND),
        (Act.RESUMED, MAKER),
        (Act.ENDED, "/notify"),
    ]


def test_who_made_a_campaign_does_not_approve_it() -> None:
    with pytest.raises(Problem) as refused:
        approve(a_campaign(), MAKER, SATURDAY)

    assert refusal(refused) == "second_person_needed"


@pytest.mark.parametrize("step", [start, pause, resume])
def test_draft_is_approved_before_anything_else(step: object) -> None:
    assert callable(step)
    with pytest.raises(Problem) as refused:
        step(a_campaign(), SECOND, SATURDAY)

    assert refusal(refused) == "campaign_stage"


@pytest.mark.parametrize("step", [approve, start, pause, resume, cancel])
def test_cancelled_campaign_never_goes_on(step: object) -> None:
    assert callable(step)
    with pytest.raises(Problem) as refused:
        step(cancel(under_way(), SECOND, SATURDAY), SECOND, SATURDAY)

    assert refusal(refused) == "campaign_stage"


def test_one_that_is_done_is_not_cancelled() -> None:
    with pytest.raises(Problem):
        cancel(end(under_way(), UNTIL), SECOND, UNTIL)


def test_nothing_is_paused_twice_nor_resumed_unpaused() -> None:
    with pytest.raises(Problem):
        pause(pause(under_way(), SECOND, SATURDAY), SECOND, SATURDAY)
    with pytest.raises(Problem):
        resume(under_way(), SECOND, SATURDAY)


def test_campaign_that_is_over_is_not_approved_but_may_be_cancelled() -> None:
    with pytest.raises(Problem) as refused:
        approve(a_campaign(), SECOND, UNTIL)

    assert refusal(refused) == "campaign_over"
    assert cancel(a_campaign(), SECOND, UNTIL).stage is Stage.CANCELLED


def test_pause_and_cancellation_reach_what_is_queued() -> None:
    paused = pause(under_way(), SECOND, SATURDAY)
    controls = [
        control_of(campaign)
        for campaign in (
            under_way(),
            paused,
            resume(paused, SECOND, SATURDAY),
            cancel(paused, SECOND, SATURDAY),
        )
    ]

    assert [(c.lifted, c.for_good) if c else None for c in controls] == [
        None,
        (False, False),
        (True, False),
        (False, True),
    ]


def test_pace_gives_room_as_time_goes_on() -> None:
    campaign = under_way(pace_a_minute=120)
    later = SATURDAY + timedelta(seconds=3)

    assert room_now(campaign, SATURDAY, RULES) == 0
    assert room_now(campaign, later, RULES) == 6

    fed = replace(campaign, fed=FeedProgress(at=used_by(5, campaign, later)))

    assert room_now(fed, later, RULES) == 1
    assert room_now(fed, later + timedelta(milliseconds=500), RULES) == 2


def test_standstill_is_not_made_good_as_a_burst() -> None:
    assert room_now(under_way(pace_a_minute=600), SATURDAY + timedelta(hours=5), RULES) == 50
    assert room_now(under_way(pace_a_minute=1), SATURDAY + timedelta(hours=5), RULES) == 1


@pytest.mark.parametrize(
    ("hour", "minute", "room"), [(6, 59, 0), (7, 0, 5), (21, 59, 5), (22, 0, 0)]
)
def test_nobody_is_invited_outside_the_hours(hour: int, minute: int, room: int) -> None:
    campaign = under_way(at=SATURDAY - timedelta(days=1))

    assert room_now(campaign, SATURDAY.replace(hour=hour, minute=minute), RULES) == room


@pytest.mark.parametrize(
    "stopped",
    [
        pause(under_way(), SECOND, SATURDAY),
        cancel(under_way(), SECOND, SATURDAY),
        replace(under_way(), fed=FeedProgress(whole=True)),
        replace(under_way(), until=SATURDAY),
        a_campaign(),
    ],
)
def test_what_does_not_go_on_has_no_room(stopped: Campaign) -> None:
    assert room_now(stopped, SATURDAY + timedelta(minutes=1), RULES) == 0


def test_end_of_a_campaign_spans_the_nights() -> None:
    eight_hours_left = SATURDAY.replace(hour=14)
    a_day_and_an_hour = 60 * 9

    assert ends_at(a_day_and_an_hour, 1, eight_hours_left, RULES) == SATURDAY.replace(
        day=12, hour=8
    )
    assert ends_at(60, 1, SATURDAY.replace(hour=3), RULES) == SATURDAY.replace(hour=8)
    assert days_of(eight_hours_left, SATURDAY.replace(day=12, hour=8)) == 2
