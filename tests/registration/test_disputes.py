"""Disputes are resolved once."""

from datetime import timedelta

from services.events.assistance import CitizenAssisted
from services.events.codes import DisputeOutcome
from services.events.disputes import DisputeResolved
from services.registration.disputes.rules import DISPUTE, RESOLVED_ALREADY
from services.registration.subjects.deciding import decide
from tests.builders import SATURDAY, an_event_id, event, posted, void
from tests.registration.deciding import after, refused
from tests.registration.intake.desk import COORDINATOR, Desk, kinds

LATER = SATURDAY + timedelta(hours=1)


def test_a_dispute_is_resolved_by_what_was_found() -> None:
    resolved = after(DISPUTE, event(DisputeResolved, outcome="wrong_number"))

    assert resolved.outcome is DisputeOutcome.WRONG_NUMBER
    assert resolved.resolved_on == SATURDAY.date()


def test_a_resolved_dispute_is_not_resolved_again() -> None:
    first, again = event(DisputeResolved), event(DisputeResolved, outcome="voided", at=LATER)

    assert refused(DISPUTE, first, again) is RESOLVED_ALREADY


def test_a_resolution_that_was_taken_back_leaves_the_dispute_open() -> None:
    first, again = event(DisputeResolved), event(DisputeResolved, outcome="voided", at=LATER)
    taken_back = void(first)

    assert decide(DISPUTE, [first], taken_back) is None
    assert after(DISPUTE, first, taken_back, again).outcome is DisputeOutcome.VOIDED


async def test_a_resolution_is_about_the_disputed_event_whatever_its_poster_calls_it() -> None:
    desk, visit = Desk(), posted(CitizenAssisted)
    disputed = visit["id"]
    first = posted(DisputeResolved, event_id=disputed, subject="something-else")
    again = posted(DisputeResolved, event_id=disputed, subject="another-thing", at=LATER)

    await desk.post(visit)
    results = await desk.post(first, again, by=COORDINATOR)

    assert kinds(results) == ["accepted", "dispute_resolved_already"]
    assert ("dispute", disputed) in desk.rows.rows


async def test_each_dispute_is_resolved_by_itself() -> None:
    desk, visits = Desk(), [posted(CitizenAssisted) for _ in range(2)]

    await desk.post(*visits)
    results = await desk.post(
        *(posted(DisputeResolved, event_id=visit["id"]) for visit in visits), by=COORDINATOR
    )

    assert kinds(results) == ["accepted", "accepted"]


async def test_a_dispute_about_an_event_that_has_not_come_is_resolved_later() -> None:
    [result] = await Desk().post(posted(DisputeResolved, event_id=an_event_id()), by=COORDINATOR)

    assert (result.code, result.retryable) == ("not_yet_known", True)
