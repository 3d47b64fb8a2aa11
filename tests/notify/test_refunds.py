"""What an SMS that surely did not leave used up is given back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.notify.ledger.records import NUMBERS, SPENT, Receipt
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.providers.provider import Outcome, Sms, SurelyNotAccepted, Unknown
from services.notify.text.templates import Style
from tests.builders import SATURDAY, a_phone, an_id
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    asking,
    assisted,
    give_consent,
    merging,
    notification_of_day,
    share_contact,
    withdraw,
)
from tests.twins.provider import Answer, ProviderTwin, accepts

FOR_GOOD = SurelyNotAccepted("provider_refused_201", retryable=False)
FOR_NOW = SurelyNotAccepted("provider_unreachable", retryable=True)


def refusing_first(outcome: Outcome) -> ProviderTwin:
    answers = iter([outcome])
    return ProviderTwin(lambda sms: next(answers, None) or accepts(sms))


async def two_at_one_number(kit: Kit) -> tuple[str, str]:
    phone, citizens = a_phone(), (an_id("citizen"), an_id("citizen"))
    for citizen in citizens:
        await share_contact(kit.contacts, citizen, phone)
        await give_consent(kit.contacts, citizen)
    return citizens


@pytest.mark.parametrize("rules", [Rules(a_day=1), Rules(ward_segments_a_day=1)])
async def test_refused_sms_leaves_its_place_to_another(rules: Rules) -> None:
    kit = Kit(rules=rules, provider=refusing_first(FOR_GOOD))
    first, second = await two_at_one_number(kit)
    await arrive(kit.ledger, assisted(first))
    await kit.after(hours=1)

    await arrive(kit.ledger, assisted(second, kit.clock()))
    await kit.after(hours=1)

    assert (await notification_of_day(kit.ledger, first)).state is State.FAILED
    assert (await notification_of_day(kit.ledger, second)).state is State.ACCEPTED


@pytest.mark.parametrize("rules", [Rules(a_day=1), Rules(ward_segments_a_day=1)])
async def test_sms_that_may_have_left_keeps_its_place(rules: Rules) -> None:
    kit = Kit(rules=rules, provider=refusing_first(Unknown("no_answer")))
    first, second = await two_at_one_number(kit)
    await arrive(kit.ledger, assisted(first))
    await kit.after(hours=1)

    await arrive(kit.ledger, assisted(second, kit.clock()))
    await kit.after(hours=1)

    assert (await notification_of_day(kit.ledger, second)).state is State.DEFERRED


@pytest.mark.parametrize("refusal", [FOR_GOOD, FOR_NOW])
async def test_nothing_is_counted_for_a_refused_sms(refusal: Outcome) -> None:
    kit = Kit(
        rules=Rules(ward_segments_a_day=10),
        terms=asking(Style(reply_number="8199")),
        provider=ProviderTwin(lambda _: refusal),
    )
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    kit.clock.forward(minutes=31)
    await kit.dispatch().round()

    [number] = kit.ledger.records(NUMBERS).values()
    assert (number.sent, number.asked) == ({}, {})
    [spent] = kit.ledger.records(SPENT).values()
    assert spent.segments == 0


async def test_sms_that_leaves_after_a_refusal_is_counted_once() -> None:
    kit = Kit(rules=Rules(ward_segments_a_day=10), provider=refusing_first(FOR_NOW))
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    await kit.after(hours=1)
    await kit.after(hours=1)

    [spent] = kit.ledger.records(SPENT).values()
    assert (len(kit.provider.reached), spent.segments) == (2, 1)
    [number] = kit.ledger.records(NUMBERS).values()
    assert len(number.sent) == 1


async def test_person_whose_sms_was_refused_is_told_under_another_record() -> None:
    kit = Kit(provider=refusing_first(FOR_GOOD))
    refused, citizen = [await a_reachable_citizen(kit.contacts) for _ in range(2)]
    await kit.contacts.record([merging(refused, citizen)])
    await arrive(kit.ledger, assisted(refused))
    await kit.after(hours=1)

    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)

    assert (await notification_of_day(kit.ledger, refused)).state is State.FAILED
    assert (await notification_of_day(kit.ledger, citizen)).state is State.ACCEPTED


async def test_refused_repetition_says_nothing_of_what_it_repeats() -> None:
    kit = Kit()
    kit.provider.recognises_repeats = True
    answers: Iterator[Outcome] = iter([Unknown("no_answer"), FOR_NOW])
    kit.provider.answer = lambda sms: next(answers, None) or accepts(sms)
    await arrive(kit.ledger, assisted(await a_reachable_citizen(kit.contacts)))

    for _ in range(4):
        await kit.after(hours=1)

    assert len({sms.request_id for sms in kit.provider.reached}) == 1


async def received(kit: Kit, sms: Sms, state: State) -> None:
    receipt = Receipt(state, kit.clock(), "undelivered_expired")
    await kit.callbacks.receipt(kit.provider.name, f"m-{sms.request_id}", None, receipt)


@pytest.mark.parametrize("answer", [accepts, lambda _: Unknown("no_answer")])
async def test_sms_that_never_arrived_is_not_corrected(answer: Answer) -> None:
    kit = Kit(provider=ProviderTwin(answer))
    visit = assisted(await a_reachable_citizen(kit.contacts))
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    await withdraw(kit.ledger, visit, at=kit.clock())
    [sms] = kit.provider.reached
    receipt = Receipt(State.UNDELIVERED, kit.clock(), "undelivered_expired")
    await kit.callbacks.receipt(kit.provider.name, "m-1", sms.request_id, receipt)
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1
    assert kit.announced()[-1] == "notification.suppressed.v1"


async def test_sms_whose_receipt_says_too_early_that_it_never_arrived_is_not_corrected() -> None:
    kit = Kit()
    visit = assisted(await a_reachable_citizen(kit.contacts))
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    await received(kit, kit.provider.reached[0], State.UNDELIVERED)
    await withdraw(kit.ledger, visit, at=kit.clock())
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_sms_that_arrived_is_corrected() -> None:
    kit = Kit()
    visit = assisted(await a_reachable_citizen(kit.contacts))
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)

    await withdraw(kit.ledger, visit, at=SATURDAY + timedelta(hours=1))
    await received(kit, kit.provider.reached[0], State.DELIVERED)
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 2
