"""An activity is planned as often as need be, and held once."""

from datetime import date, datetime, timedelta

import pytest

from services.events.activities import ActivityHeld, ActivityScheduled
from services.events.envelope import CITY_TIME
from services.platform.problems import PERIOD_REVERSED, ProblemKind
from services.registration.activities.rules import (
    ACTIVITY,
    HELD_ALREADY,
    MORE_THAN_ALL,
    NAMED_TWICE,
    behind_it,
)
from services.registration.subjects.belonging import OTHER_WARD
from tests.builders import CITY, HOA_HUNG, SATURDAY, event
from tests.event_data import Json
from tests.registration.deciding import after, refused

FESTIVAL = datetime(2025, 11, 7, 7, 30, tzinfo=CITY_TIME)


def test_an_activity_is_planned_until_it_is_held() -> None:
    planned, held = event(ActivityScheduled), event(ActivityHeld, at=FESTIVAL)

    assert after(ACTIVITY, planned).held_on is None
    assert after(ACTIVITY, planned, held).held_on == date(2025, 11, 7)


def test_an_activity_that_nobody_planned_is_held_all_the_same() -> None:
    held = event(ActivityHeld, at=FESTIVAL, theme="Ngày hội chuyển đổi số")

    activity = after(ACTIVITY, held)

    assert (activity.theme, activity.held_on) == ("Ngày hội chuyển đổi số", date(2025, 11, 7))


def test_a_plan_is_as_last_told_and_the_activity_as_it_was_held() -> None:
    planned = event(ActivityScheduled, venue="Sân trường", programmes=["bdhvs"])
    moved = event(ActivityScheduled, at=SATURDAY + timedelta(days=1), venue="Nhà văn hóa")
    held = event(ActivityHeld, at=FESTIVAL, venue="Chợ", programmes=["cds", "da06"])

    assert after(ACTIVITY, planned, moved).venue == "Nhà văn hóa"
    activity = after(ACTIVITY, planned, moved, held)

    assert (activity.venue, activity.programmes) == ("Chợ", ("cds", "da06"))


def test_an_activity_is_held_once_and_not_planned_afterwards() -> None:
    held = event(ActivityHeld, at=FESTIVAL)
    later = FESTIVAL + timedelta(days=1)

    assert refused(ACTIVITY, held, event(ActivityHeld, at=later)) is HELD_ALREADY
    assert refused(ACTIVITY, held, event(ActivityScheduled, at=later)) is HELD_ALREADY


def test_an_activity_stays_in_the_ward_that_told_of_it_first() -> None:
    planned = event(ActivityScheduled)

    assert refused(ACTIVITY, planned, event(ActivityHeld, ward=HOA_HUNG)) is OTHER_WARD


def test_the_city_holds_activities_too() -> None:
    assert after(ACTIVITY, event(ActivityHeld, ward=CITY)).ward == CITY


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"people": 10, "attendance": [{"group": "elderly", "people": 11}]}, MORE_THAN_ALL),
        ({"entries": 5, "winners": 6}, MORE_THAN_ALL),
        ({"attendance": [{"group": "worker", "people": n} for n in (1, 2)]}, NAMED_TWICE),
        ({"reach": [{"channel": "zalo", "people": n} for n in (1, 2)]}, NAMED_TWICE),
        ({"programmes": ["cds", "bdhvs", "cds"]}, NAMED_TWICE),
        ({"organisers": [{"organisation_id": "o-1"}] * 2}, NAMED_TWICE),
        ({"guests": [{"organisation_id": "o-1"}] * 2}, NAMED_TWICE),
        (
            {"starts_at": "2025-11-07T08:00:00+07:00", "ends_at": "2025-11-07T07:59:00+07:00"},
            PERIOD_REVERSED,
        ),
    ],
)
def test_what_contradicts_itself_is_refused(told: Json, problem: ProblemKind) -> None:
    assert refused(ACTIVITY, event(ActivityHeld, **told)) is problem


def test_groups_overlap_so_that_together_they_may_be_more_than_all_who_came() -> None:
    groups = [{"group": "elderly", "people": 8}, {"group": "resident", "people": 10}]

    assert after(ACTIVITY, event(ActivityHeld, people=10, attendance=groups)).held_on


def test_organisers_have_not_ended_that_day_and_a_guests_organisation_may_have() -> None:
    held = event(
        ActivityHeld,
        at=FESTIVAL,
        neighbourhood_id="khu-pho-1",
        organisers=[{"organisation_id": "o-1"}],
        guests=[{"organisation_id": "o-2"}],
    )

    named = [(reference.id, reference.pointer, reference.on) for reference in behind_it(held)]

    assert named == [
        ("khu-pho-1", "/data/neighbourhood_id", date(2025, 11, 7)),
        ("o-1", "/data/organisers/0/organisation_id", date(2025, 11, 7)),
        ("o-2", "/data/guests/0/organisation_id", None),
    ]
