"""SMS by ward: what they cost, how far they came, and what citizens answered."""

from datetime import timedelta
from typing import Any

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.events.notifications import (
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
)
from tests.builders import CHO_LON, HOA_HUNG, SATURDAY, an_event_id, event, void
from tests.reporting.desk import Desk, Json

NEXT_DAY = SATURDAY + timedelta(days=1)
NEXT_WEEK = SATURDAY + timedelta(days=7)


def delivered(sms: str, **told: Any) -> tuple[Event, Event]:
    """An SMS that reached its citizen."""
    sent = event(NotificationSent, subject=sms, segments=2, cost_vnd=1_400, **told)
    return sent, event(NotificationDelivered, subject=sms, segments=2, cost_vnd=1_400, **told)


def figures_of(answered: Json, code: str) -> Json:
    rows = [row for row in answered["rows"] if row["group"]["ward"]["code"] == code]
    found: Json = rows[0]["figures"]
    return found


async def test_the_centre_reads_cost_segments_and_answers_of_each_ward_in_one_report(
    desk: Desk,
) -> None:
    await desk.tell(
        *delivered("notification-1"),
        *delivered("notification-2"),
        *delivered("notification-3", ward=HOA_HUNG),
        event(AssistanceConfirmed, notification_id="notification-1"),
        event(AssistanceDisputed, notification_id="notification-3", ward=HOA_HUNG),
    )

    answered = await desk.report("notifications")

    assert answered["by"] == ["ward"]
    cho_lon, hoa_hung = (figures_of(answered, code) for code in (CHO_LON, HOA_HUNG))
    assert (cho_lon["segments"], cho_lon["cost_vnd"]) == (4, 2_800)
    assert (cho_lon["confirmed"], cho_lon["disputed_not_helped"]) == (1, 0)
    assert (hoa_hung["segments"], hoa_hung["cost_vnd"]) == (2, 1_400)
    assert (hoa_hung["confirmed"], hoa_hung["disputed_not_helped"]) == (0, 1)
    assert answered["total"]["figures"]["cost_vnd"] == 4_200


async def test_each_kind_of_answer_is_counted_by_itself(desk: Desk) -> None:
    await desk.tell(
        event(AssistanceConfirmed),
        event(AssistanceDisputed, kind="not_helped"),
        event(AssistanceDisputed, kind="wrong_number"),
        event(AssistanceFollowedUp, still_using=True),
        event(AssistanceFollowedUp, still_using=False),
        event(FeedbackReceived),
        event(FeedbackReceived, notification_id="notification-1"),
        event(CitizenOptedOut),
        event(CitizenOptedIn),
    )

    total = await desk.total("notifications")

    told = {name: total[name] for name in total if name in ANSWERS}
    assert told == {**dict.fromkeys(ANSWERS, 1), "feedback": 2}


ANSWERS = (
    "confirmed",
    "disputed_not_helped",
    "disputed_wrong_number",
    "still_using",
    "stopped_using",
    "feedback",
    "opted_out",
    "opted_in",
)


async def test_share_answered_is_of_sms_that_were_delivered_each_once(desk: Desk) -> None:
    await desk.tell(
        *delivered("notification-1"),
        *delivered("notification-2"),
        event(NotificationSent, subject="notification-3"),
        event(AssistanceConfirmed, notification_id="notification-1"),
        event(CitizenOptedOut, notification_id="notification-1"),
        event(AssistanceConfirmed, notification_id="notification-3"),
        event(FeedbackReceived),
    )

    share = (await desk.total("notifications"))["answered_share"]

    assert (share["numerator"], share["denominator"], share["value"]) == (1, 2, 50.0)


async def test_an_answer_stands_on_its_own_day_and_the_share_on_the_day_of_the_sms(
    desk: Desk,
) -> None:
    await desk.tell(
        *delivered("notification-1"),
        event(AssistanceFollowedUp, notification_id="notification-1", at=NEXT_WEEK),
    )

    same_day = await desk.total("notifications", to=str(SATURDAY.date()))
    later = await desk.total("notifications", from_=str(NEXT_DAY.date()))

    assert (same_day["still_using"], same_day["answered"]) == (0, 1)
    assert (later["still_using"], later["answered"]) == (1, 0)


async def test_an_answer_is_told_by_the_purpose_of_its_sms_also_when_it_came_first(
    desk: Desk,
) -> None:
    await desk.tell(event(AssistanceConfirmed, notification_id="notification-1"))
    await desk.tell(*delivered("notification-1", purpose="reminder"))

    answered = await desk.report("notifications", by="purpose")

    confirmed = {
        row["group"]["codes"][0]["code"]: row["figures"]["confirmed"] for row in answered["rows"]
    }
    assert confirmed["reminder"] == 1
    assert sum(confirmed.values()) == 1


async def test_reasons_say_why_an_sms_was_not_sent_or_did_not_arrive(desk: Desk) -> None:
    await desk.tell(
        event(NotificationSuppressed, subject="notification-1", reason="no_consent"),
        event(NotificationSuppressed, subject="notification-2", reason="no_consent"),
        event(NotificationFailed, subject="notification-3", reason="no_such_number"),
    )

    answered = await desk.report("sms_reasons")

    told = {row["group"]["codes"][0]["code"]: row["figures"] for row in answered["rows"]}
    assert told["no_consent"] == {"suppressed": 2, "failed": 0, "unconfirmed": 0}
    assert told["no_such_number"] == {"suppressed": 0, "failed": 1, "unconfirmed": 0}


async def test_a_disputed_event_counts_once_by_what_was_found(desk: Desk) -> None:
    twice, open_, dropped = an_event_id(), an_event_id(), an_event_id()
    resolved = event(DisputeResolved, event_id=dropped, outcome="voided", at=NEXT_DAY)
    await desk.tell(
        event(DisputeResolved, event_id=twice, outcome="confirmed", at=NEXT_DAY),
        event(AssistanceDisputed, event_id=twice),
        event(AssistanceDisputed, event_id=twice, at=NEXT_WEEK),
        event(AssistanceDisputed, event_id=open_),
        event(AssistanceDisputed, event_id=dropped),
        resolved,
        void(resolved),
    )

    total = await desk.total("disputes")

    assert total == {
        "disputes": 3,
        "unresolved": 2,
        "found_confirmed": 1,
        "found_voided": 0,
        "found_wrong_number": 0,
    }


async def test_numbers_of_answers_open_to_the_answers(desk: Desk) -> None:
    await desk.tell(
        *delivered("notification-1"), event(AssistanceConfirmed, notification_id="notification-1")
    )
    answered = await desk.report("notifications")

    for name in ("confirmed", "answered"):
        info = next(f for f in answered["figures"] if f["figure"] == name)
        link = answered["total"]["facts"] + info["opens"]["in_total"]
        assert await desk.opened(link, limit=1) == 1
