"""What follows an SMS about a visit: corrections and the question two weeks later."""

from datetime import timedelta

import pytest

from services.events.assistance import CitizenAssisted
from services.notify.providers.provider import SurelyNotAccepted, Unknown
from services.notify.text.templates import Style
from tests.builders import HOA_HUNG, SATURDAY
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    asking,
    assisted,
    correcting,
    withdraw,
)


async def told_of_a_visit(kit: Kit) -> tuple[str, CitizenAssisted]:
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)
    assert len(kit.provider.reached) == 1
    return citizen, visit


async def test_voided_visit_that_was_told_is_corrected_once() -> None:
    kit = Kit()
    _, visit = await told_of_a_visit(kit)

    for _ in range(3):
        await withdraw(kit.ledger, visit, at=kit.clock())
        await kit.after(hours=1)

    [_, correction] = kit.provider.reached
    assert correction.template == "correction.taken_back.plain.v2"
    assert "la nham" in correction.text


async def test_visit_corrected_to_another_ward_is_told_again_as_it_was() -> None:
    kit = Kit()
    citizen, visit = await told_of_a_visit(kit)

    await withdraw(kit.ledger, visit, at=kit.clock())
    await arrive(kit.ledger, correcting(visit, assisted(citizen, ward=HOA_HUNG)))
    await kit.after(hours=1)

    [_, correction] = kit.provider.reached
    assert correction.template == "correction.changed.plain.v2"
    assert "phuong Hoa Hung" in correction.text


async def test_correction_waits_for_what_replaces_the_voided_visit() -> None:
    kit = Kit()
    citizen, visit = await told_of_a_visit(kit)

    await withdraw(kit.ledger, visit, at=kit.clock())
    await kit.after(minutes=29)
    before = len(kit.provider.reached)
    await arrive(kit.ledger, correcting(visit, assisted(citizen)))
    await kit.after(hours=1)

    assert (before, len(kit.provider.reached)) == (1, 1)


async def test_visit_corrected_twice_is_corrected_by_one_sms() -> None:
    kit = Kit()
    citizen, visit = await told_of_a_visit(kit)

    await withdraw(kit.ledger, visit, at=kit.clock())
    moved = correcting(visit, assisted(citizen, ward=HOA_HUNG))
    await arrive(kit.ledger, moved)
    await kit.after(hours=1)
    await withdraw(kit.ledger, moved, at=kit.clock())
    await kit.after(hours=5)

    assert len(kit.provider.reached) == 2


async def test_visit_that_was_never_told_needs_no_correction() -> None:
    kit = Kit()
    kit.provider.answer = lambda _: SurelyNotAccepted("provider_refused", retryable=False)
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    await withdraw(kit.ledger, visit, at=kit.clock())
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_visit_voided_while_its_sms_was_under_way_is_corrected() -> None:
    kit = Kit()
    citizen = await a_reachable_citizen(kit.contacts)
    visit = assisted(citizen)
    await arrive(kit.ledger, visit)
    kit.provider.answer = lambda _: Unknown("no_answer")

    await kit.after(hours=1)
    await withdraw(kit.ledger, visit, at=kit.clock())
    await kit.after(hours=1)

    assert [sms.template for sms in kit.provider.reached][1:] == ["correction.taken_back.plain.v2"]


@pytest.mark.parametrize("style", [Style(), Style(reply_number="1800")])
async def test_citizens_are_asked_after_two_weeks_where_they_can_answer(style: Style) -> None:
    kit = Kit(terms=asking(style))
    await told_of_a_visit(kit)

    await kit.after(days=13, hours=22)
    before = len(kit.provider.reached)
    await kit.after(hours=3)

    templates = [sms.template for sms in kit.provider.reached[before:]]
    assert before == 1
    assert templates == (["follow_up.asking.plain.v2"] if style.reply_number else [])


async def test_nobody_is_asked_about_a_visit_that_was_voided() -> None:
    kit = Kit(terms=asking(Style(reply_number="1800")))
    _, visit = await told_of_a_visit(kit)
    await withdraw(kit.ledger, visit, at=kit.clock())

    await kit.after(hours=1)
    await kit.after(days=16)

    assert [sms.template for sms in kit.provider.reached][1:] == ["correction.taken_back.plain.v2"]


async def test_several_visits_of_a_day_are_asked_about_once() -> None:
    kit = Kit(terms=asking(Style(reply_number="1800")))
    citizen, _ = await told_of_a_visit(kit)
    await arrive(kit.ledger, assisted(citizen, SATURDAY + timedelta(hours=3)))

    await kit.after(days=16)

    assert len(kit.provider.reached) == 2
