"""The rules on when an SMS may leave."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.events.envelope import CITY_TIME
from services.notify.notification.notification import Notification, first
from services.notify.notification.numbers import NumberRecord
from services.notify.notification.occasions import row_of
from services.notify.notification.policy import (
    Defer,
    Rules,
    Send,
    Suppress,
    judge,
    next_opening,
    refused,
    room_for_number,
    room_in_ward,
)
from services.notify.notification.recipient import Recipient
from services.notify.notification.states import MOVES, NoSuchMove, State
from services.notify.notification.transitions import join, leave_unconfirmed
from tests.builders import SATURDAY, an_id
from tests.notify.harness import assisted

RULES = Rules()
REACHABLE = Recipient(frozenset({"c-1"}), phone="+84900000001", consent=True)


def a_notification() -> Notification:
    visit = row_of(assisted(an_id("citizen")), SATURDAY).occasion
    assert visit is not None
    return join(first(visit.reason_id, visit), [visit], timedelta(0))


def at(hour: int, minute: int = 0, second: int = 0, day: int = 11) -> datetime:
    return datetime(2025, 10, day, hour, minute, second, tzinfo=CITY_TIME)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(7), at(7)),
        (at(21, 59, 59), at(21, 59, 59)),
        (at(22), at(7, day=12)),
        (at(23, 30), at(7, day=12)),
        (at(0, 30), at(7)),
        (at(6, 59, 59), at(7)),
    ],
)
def test_sms_arrive_between_seven_and_ten(now: datetime, opening: datetime) -> None:
    assert next_opening(now, RULES) == opening


def test_reachable_citizen_is_told_at_once_in_the_hours() -> None:
    assert judge(a_notification(), REACHABLE, at(9), RULES) == Send("+84900000001")


@pytest.mark.parametrize(
    ("recipient", "verdict"),
    [
        (replace(REACHABLE, phone=None), Defer(at(8, day=14), "no_contact")),
        (replace(REACHABLE, consent=None), Defer(at(8, day=14), "no_consent")),
        (replace(REACHABLE, consent=False), Suppress("consent_withdrawn")),
        (replace(REACHABLE, erased=True, phone=None), Suppress("erased")),
    ],
)
def test_what_is_missing_is_waited_for_and_what_was_refused_is_not(
    recipient: Recipient, verdict: object
) -> None:
    assert judge(a_notification(), recipient, at(9), RULES) == verdict


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (REACHABLE, "expired"),
        (replace(REACHABLE, phone=None), "no_contact"),
        (replace(REACHABLE, consent=None), "no_consent"),
    ],
)
def test_after_72_hours_nothing_is_sent(recipient: Recipient, reason: str) -> None:
    just_before = judge(a_notification(), recipient, at(7, 59, 59, day=14), RULES)

    assert judge(a_notification(), recipient, at(8, day=14), RULES) == Suppress(reason)
    assert not isinstance(just_before, Suppress)


def test_fourth_sms_to_a_number_waits_until_the_first_is_a_day_old() -> None:
    sent = {f"n-{hour}": at(hour) for hour in (7, 8, 9)}

    assert room_for_number(sent, at(10), RULES) == at(7, day=12)
    assert room_for_number(sent, at(7, day=12), RULES) is None
    assert room_for_number(dict(list(sent.items())[:2]), at(10), RULES) is None


def test_budget_of_a_ward_ends_with_the_day() -> None:
    rules = Rules(ward_segments_a_day=10)

    assert room_in_ward(9, 1, at(10), rules) is None
    assert room_in_ward(10, 1, at(10), rules) == at(7, day=12)
    assert room_in_ward(10_000, 1, at(10), RULES) is None


def test_no_state_after_an_attempt_that_may_have_left_leads_to_another() -> None:
    reachable, frontier = set[State](), {State.ACCEPTED, State.UNKNOWN}
    while frontier:
        reachable |= frontier
        frontier = {after for state in frontier for after in MOVES[state]} - reachable

    assert State.SUBMITTING not in reachable


def test_state_machine_refuses_what_it_does_not_know() -> None:
    with pytest.raises(NoSuchMove):
        leave_unconfirmed(a_notification(), at(9))


def test_words_that_nobody_has_read_stop_adverts_alone() -> None:
    recipient, writing = Recipient(frozenset({"citizen-1"})), NumberRecord(unread=("smpp/1",))

    assert refused(writing, recipient, "citizen-1", advertises=True) == "unread_reply"
    assert refused(writing, recipient, "citizen-1", advertises=False) is None


def test_list_of_those_who_want_no_adverts_stops_adverts_alone() -> None:
    recipient, listed = Recipient(frozenset({"citizen-1"})), NumberRecord(no_adverts=True)

    assert refused(listed, recipient, "citizen-1", advertises=True) == "do_not_advertise"
    assert refused(listed, recipient, "citizen-1", advertises=False) is None
