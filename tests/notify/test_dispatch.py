"""The way of an SMS, on twins."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from prometheus_client import REGISTRY

from services.events.citizens import ConsentWithdrawn
from services.events.notifications import NotificationSent
from services.notify.contacts.contacts import words_of
from services.notify.ledger.parts import WHOLE, Part
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.providers.provider import Sms, SurelyNotAccepted, Unknown
from tests.builders import CHO_LON, SATURDAY, an_id, event
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    assisted,
    correcting,
    give_consent,
    issued,
    merging,
    notification_of_day,
    refuse,
    share_contact,
    withdraw,
)
from tests.twins.provider import accepts


async def test_visit_is_told_by_one_sms_after_the_delay() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=29)
    before_the_delay = len(kit.provider.reached)
    await kit.after(minutes=2)

    assert before_the_delay == 0
    (sms,) = kit.provider.reached
    assert sms.text == (
        "Ngay 11/10/2025, ong/ba da duoc ho tro ky nang so tai phuong Cho Lon. "
        "Neu khong dung, xin goi 1022."
    )
    assert kit.announced() == ["notification.sent.v1"]


async def test_sent_event_holds_neither_number_nor_text() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    await arrive(kit.ledger, visit)

    await kit.after(minutes=31)

    (stored,) = kit.log.entries.values()
    assert isinstance(stored.event, NotificationSent)
    assert (stored.event.data.citizen_id, stored.event.data.segments) == (citizen, 1)
    assert stored.event.data.events == (visit.id,)
    (sms,) = kit.provider.reached
    assert sms.phone.encode() not in stored.body
    assert sms.text.encode() not in stored.body


async def test_several_events_of_a_day_are_told_once_after_the_last() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen), issued(citizen, SATURDAY + timedelta(minutes=20)))

    await kit.after(minutes=31)
    after_the_first = len(kit.provider.reached)
    await kit.after(minutes=20)
    await arrive(kit.ledger, assisted(citizen, SATURDAY + timedelta(minutes=50)))
    await kit.after(hours=3)

    assert (after_the_first, len(kit.provider.reached)) == (0, 1)


async def test_redelivered_event_is_told_once() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)

    await arrive(kit.ledger, visit, visit)
    await kit.after(minutes=31)
    await arrive(kit.ledger, visit)
    await kit.after(hours=3)

    assert len(kit.provider.reached) == 1


async def test_visit_taken_back_before_sending_is_suppressed() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    await arrive(kit.ledger, visit)

    await withdraw(kit.ledger, visit)
    await kit.after(hours=1)

    assert kit.provider.reached == []
    assert (await notification_of_day(kit.ledger, citizen)).reason == "voided"
    assert kit.announced() == ["notification.suppressed.v1"]


async def test_void_that_comes_before_its_event_counts() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)

    await withdraw(kit.ledger, visit)
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    assert kit.provider.reached == []


async def test_visit_recorded_again_is_told_once_for_both() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    await withdraw(kit.ledger, visit)
    await arrive(kit.ledger, correcting(visit, assisted(citizen, SATURDAY + timedelta(hours=1))))
    await kit.after(hours=2)

    assert len(kit.provider.reached) == 1


async def test_correction_that_comes_first_waits_for_what_it_corrects() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    correction = correcting(visit, assisted(citizen, SATURDAY - timedelta(days=1)))

    await arrive(kit.ledger, correction)
    await kit.after(hours=1)
    alone = len(kit.provider.reached)
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    assert (alone, len(kit.provider.reached)) == (0, 1)


@pytest.mark.parametrize("refused_first", [True, False])
async def test_correction_of_a_refused_visit_is_told_without_waiting_for_it(
    refused_first: bool,
) -> None:
    kit = Kit()
    visit = assisted(await a_reachable_citizen(kit.contacts))
    correction = correcting(visit, assisted(visit.data.citizen_id))
    hear_of_it = [partial(refuse, kit.ledger, visit), partial(arrive, kit.ledger, correction)]

    for hear in hear_of_it if refused_first else reversed(hear_of_it):
        await hear()
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_refused_visit_that_its_ward_admits_after_all_is_told_once_with_its_correction() -> (
    None
):
    kit = Kit()
    visit = assisted(await a_reachable_citizen(kit.contacts))
    correction = correcting(visit, assisted(visit.data.citizen_id))

    await refuse(kit.ledger, visit)
    await arrive(kit.ledger, correction)
    await kit.after(hours=1)
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_refusal_heard_again_after_the_visit_was_admitted_changes_nothing() -> None:
    kit = Kit()
    visit = assisted(await a_reachable_citizen(kit.contacts))
    other_day = SATURDAY - timedelta(days=1)

    await arrive(kit.ledger, visit)
    await refuse(kit.ledger, visit)
    await arrive(kit.ledger, correcting(visit, assisted(visit.data.citizen_id, other_day)))
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_correction_of_an_unsent_visit_tells_the_corrected_citizen() -> None:
    kit = Kit()
    wrong, right = await a_reachable_citizen(kit.contacts), an_id("citizen")
    await share_contact(kit.contacts, right, "0900000077")
    await give_consent(kit.contacts, right)
    visit = assisted(wrong)

    await arrive(kit.ledger, visit)
    await withdraw(kit.ledger, visit)
    await arrive(kit.ledger, correcting(visit, assisted(right)))
    await kit.after(hours=1)

    assert [sms.phone for sms in kit.provider.reached] == ["+84900000077"]


async def test_correction_of_help_to_someone_unidentified_is_told() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(None)

    await arrive(kit.ledger, visit)
    await arrive(kit.ledger, correcting(visit, assisted(citizen)))
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_contact_that_comes_after_the_event_is_waited_for() -> None:
    kit = Kit()
    citizen = an_id("citizen")
    await give_consent(kit.contacts, citizen)
    await arrive(kit.ledger, assisted(citizen))
    await kit.after(hours=5)

    waiting = await notification_of_day(kit.ledger, citizen)
    await share_contact(kit.contacts, citizen)
    await kit.ledger.wake([citizen], kit.clock())
    await kit.after(minutes=1)

    assert (waiting.state, waiting.reason) == (State.DEFERRED, "no_contact")
    assert len(kit.provider.reached) == 1


async def test_without_consent_nothing_is_sent_and_the_reason_is_told_in_the_end() -> None:
    kit = Kit()
    citizen = an_id("citizen")
    await share_contact(kit.contacts, citizen)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(hours=71)
    waiting = kit.announced()
    await kit.after(hours=2)

    assert waiting == []
    assert kit.provider.reached == []
    assert (await notification_of_day(kit.ledger, citizen)).reason == "no_consent"
    assert kit.announced() == ["notification.suppressed.v1"]


async def test_withdrawn_consent_suppresses_at_once() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    stop = event(ConsentWithdrawn, at=SATURDAY, citizen_id=citizen)
    await kit.contacts.record(words_of(stop))

    await arrive(kit.ledger, assisted(citizen))
    await kit.after(hours=1)

    assert (await notification_of_day(kit.ledger, citizen)).reason == "consent_withdrawn"


async def test_erased_citizen_is_not_told() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.contacts.erase([citizen])
    await share_contact(kit.contacts, citizen)
    await kit.after(hours=1)

    assert (await notification_of_day(kit.ledger, citizen)).reason == "erased"


async def test_evening_visit_is_told_the_next_morning() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    late = SATURDAY.replace(hour=21, minute=45)
    kit.clock.now = late
    await arrive(kit.ledger, assisted(citizen, late))

    await kit.after(minutes=45)
    at_night = len(kit.provider.reached)
    await kit.after(hours=9)

    assert (at_night, len(kit.provider.reached)) == (0, 1)


async def test_fourth_sms_to_one_number_in_a_day_waits() -> None:
    kit = Kit()
    family = [an_id("citizen") for _ in range(4)]
    for citizen in family:
        await share_contact(kit.contacts, citizen, "0900000088")
        await give_consent(kit.contacts, citizen)
    await arrive(kit.ledger, *(assisted(citizen) for citizen in family))

    await kit.after(hours=1)
    on_the_day = len(kit.provider.reached)
    await kit.after(hours=24)

    assert (on_the_day, len(kit.provider.reached)) == (3, 4)


async def test_two_records_of_one_person_are_told_once() -> None:
    kit = Kit()
    stays, merged = await a_reachable_citizen(kit.contacts), await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(stays), assisted(merged))

    await kit.contacts.record([merging(merged, stays)])
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1
    other = await notification_of_day(kit.ledger, merged)
    one = await notification_of_day(kit.ledger, stays)
    assert {one.reason, other.reason} == {None, "same_visit"}


async def test_unreachable_provider_is_tried_again() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    answers = iter([SurelyNotAccepted("provider_unreachable", retryable=True)])
    kept = kit.provider.answer
    kit.provider.answer = lambda sms: next(answers, None) or kept(sms)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=31)
    first = await notification_of_day(kit.ledger, citizen)
    await kit.after(minutes=1)

    assert first.state is State.RETRY_AT
    ids = [sms.request_id for sms in kit.provider.reached]
    assert len(set(ids)) == 2
    assert (await notification_of_day(kit.ledger, citizen)).state is State.ACCEPTED


async def test_provider_that_never_takes_it_ends_in_failure() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    kit.provider.answer = lambda _: SurelyNotAccepted("provider_unreachable", retryable=True)
    await arrive(kit.ledger, assisted(citizen))

    for _ in range(10):
        await kit.after(minutes=20)

    assert len(kit.provider.reached) == 5
    assert kit.announced() == ["notification.failed.v1"]


async def test_unknown_outcome_is_told_and_never_sent_again() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    kit.provider.answer = lambda _: Unknown("no_answer")
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(minutes=31)
    await kit.after(hours=40)

    assert len(kit.provider.reached) == 1
    assert kit.announced() == ["notification.unconfirmed.v1"]


async def test_process_that_dies_while_submitting_leaves_an_unknown_outcome() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)

    class Killed(BaseException):
        pass

    def die(_: Sms) -> None:
        raise Killed

    kit.provider.answer = die  # type: ignore[assignment]
    await arrive(kit.ledger, assisted(citizen))
    kit.clock.forward(minutes=31)
    with pytest.raises(Killed):
        await kit.dispatch().round()
    written_ahead = await notification_of_day(kit.ledger, citizen)
    await kit.after(minutes=2)

    assert written_ahead.state is State.SUBMITTING
    assert len(kit.provider.reached) == 1
    after = await notification_of_day(kit.ledger, citizen)
    assert (after.state, after.reason) == (State.UNKNOWN, "process_died")


async def test_accepted_without_a_receipt_stays_unconfirmed_in_the_end() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(hours=1)
    await kit.after(hours=73)

    assert kit.announced() == ["notification.sent.v1", "notification.unconfirmed.v1"]


async def test_budget_of_the_ward_puts_the_rest_off_to_the_next_day() -> None:
    kit = Kit(rules=Rules(ward_segments_a_day=1))
    first, second = [await a_reachable_citizen(kit.contacts) for _ in range(2)]
    await arrive(kit.ledger, assisted(first), assisted(second))

    await kit.after(hours=1)
    on_the_day = len(kit.provider.reached)
    await kit.after(hours=24)

    assert (on_the_day, len(kit.provider.reached)) == (1, 2)


async def test_one_phone_brings_so_many_new_numbers_a_day() -> None:
    kit = Kit(rules=Rules(new_numbers_a_day=2))
    for _ in range(5):
        await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    reached = []
    for hours in (1, 24, 24):
        await kit.after(hours=hours)
        reached.append(len(kit.provider.reached))

    assert reached == [2, 4, 5]


async def test_number_that_had_an_sms_before_is_not_new() -> None:
    kit = Kit(rules=Rules(new_numbers_a_day=1))
    known = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(known))
    await kit.after(hours=1)
    await kit.after(hours=23)

    new = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(new, kit.clock()), assisted(known, kit.clock()))
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 3


@pytest.mark.parametrize("source", ["/integrator/i-1", "/user/u-1"])
async def test_whoever_answers_for_it_brings_as_many_as_there_are(source: str) -> None:
    kit = Kit(rules=Rules(new_numbers_a_day=1))
    for _ in range(3):
        visit = assisted(await a_reachable_citizen(kit.contacts))
        await arrive(kit.ledger, visit.model_copy(update={"source": source}))

    await kit.after(hours=1)

    assert len(kit.provider.reached) == 3


async def test_phones_have_a_budget_each() -> None:
    kit = Kit(rules=Rules(new_numbers_a_day=1))
    for source in ("/device/d-1", "/device/d-2", "/device/d-2"):
        visit = assisted(await a_reachable_citizen(kit.contacts))
        await arrive(kit.ledger, visit.model_copy(update={"source": source}))

    await kit.after(hours=1)

    assert len(kit.provider.reached) == 2


async def test_landline_is_not_tried() -> None:
    kit = Kit()
    citizen = an_id("citizen")
    await share_contact(kit.contacts, citizen, "02838000000")
    await give_consent(kit.contacts, citizen)

    await arrive(kit.ledger, assisted(citizen))
    await kit.after(hours=73)

    assert kit.provider.reached == []
    assert (await notification_of_day(kit.ledger, citizen)).reason == "not_mobile"


async def test_events_tell_the_correction_of_their_visit() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))
    await kit.after(hours=1)

    found = await notification_of_day(kit.ledger, citizen)

    assert [change.state for change in found.history] == [
        State.RECEIVED,
        State.READY,
        State.SUBMITTING,
        State.ACCEPTED,
    ]
    assert replace(found, history=()).attempts[0].message_id == f"m-{found.id}-1"


async def test_sms_that_is_tried_again_counts_once_on_the_budget() -> None:
    kit = Kit(rules=Rules(ward_segments_a_day=2))
    busy = SurelyNotAccepted("provider_unreachable", retryable=True)
    answers = iter([busy, busy, busy])
    kit.provider.answer = lambda sms: next(answers, None) or accepts(sms)
    first, second = [await a_reachable_citizen(kit.contacts) for _ in range(2)]
    await arrive(kit.ledger, assisted(first))
    for _ in range(4):
        await kit.after(hours=1)

    await arrive(kit.ledger, assisted(second, kit.clock()))
    await kit.after(hours=1)

    assert (await notification_of_day(kit.ledger, second)).state is State.ACCEPTED


async def test_sms_of_a_part_that_no_process_sends_is_seen_to_wait() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))
    id_ = (await notification_of_day(kit.ledger, citizen)).id
    kit.part = next(part for part in (Part(1, 2), Part(2, 2)) if not part.has(id_))

    await kit.after(minutes=40)
    sent_by_the_other, waited_s = len(kit.provider.reached), overdue_s()
    kit.part = WHOLE
    await kit.after(minutes=1)

    assert (sent_by_the_other, len(kit.provider.reached)) == (0, 1)
    assert waited_s == pytest.approx(600, abs=5)
    assert overdue_s() == 0


def overdue_s() -> float:
    return REGISTRY.get_sample_value("notify_overdue_seconds") or 0


async def test_budget_that_is_nearly_spent_is_told_once() -> None:
    kit = Kit(rules=Rules(ward_segments_a_day=5))
    before = nearly_spent()
    for _ in range(5):
        await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    await kit.after(hours=1)

    assert nearly_spent() - before == 1


def nearly_spent() -> float:
    value = REGISTRY.get_sample_value("notify_budgets_nearly_spent_total", {"ward": CHO_LON})
    return value or 0


@pytest.mark.parametrize(
    ("approved", "told"),
    [("visit.assisted.plain.v2", 1), ("visit.assisted.plain.v1", 0), ("visit.assisted.asking", 0)],
)
async def test_only_an_approved_wording_leaves(approved: str, told: int) -> None:
    kit = Kit(approved=frozenset({approved}))
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen))

    await kit.after(hours=1)

    assert len(kit.provider.reached) == told
    found = await notification_of_day(kit.ledger, citizen)
    assert found.state is (State.ACCEPTED if told else State.DEFERRED)
