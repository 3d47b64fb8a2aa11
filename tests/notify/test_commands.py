"""What a citizen tells us to do by SMS is done, and confirmed by one SMS."""

from datetime import timedelta

import pytest

from services.events.citizens import ConsentWithdrawn
from services.notify.contacts.contacts import words_of
from services.notify.ledger.records import NOTIFICATIONS, NUMBERS, SENDERS
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.providers.provider import Incoming, Sms, SurelyNotAccepted
from services.notify.routing.routes import Route, Routes
from services.notify.text.templates import Style
from tests.builders import CHO_LON, SATURDAY, an_id, event
from tests.notify.harness import (
    Kit,
    a_reachable_citizen,
    arrive,
    asking,
    assisted,
    give_consent,
)
from tests.twins.provider import ProviderTwin, accepts

STRANGER = "+84900000099"


@pytest.fixture
def kit() -> Kit:
    return Kit(terms=asking(Style(reply_number="1800")))


async def told(kit: Kit) -> tuple[str, str]:
    """A citizen, and the phone that has an SMS."""
    citizen = await a_reachable_citizen(kit.contacts)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)
    return citizen, kit.provider.reached[-1].phone


async def says(kit: Kit, phone: str, text: str, by: str = "twin") -> None:
    await kit.callbacks.reply(Incoming(by, an_id("reply"), phone, text))


def confirmed(kit: Kit) -> list[Sms]:
    return [sms for sms in kit.provider.reached if sms.template.startswith("command.")]


@pytest.mark.parametrize("text", ["TC", "Từ chối", "stop", "t c"])
async def test_refusal_is_confirmed_at_once_by_one_sms_that_advertises_nothing(
    kit: Kit, text: str
) -> None:
    _, phone = await told(kit)

    await says(kit, phone, text)
    await kit.after(seconds=1)
    at_once = confirmed(kit)
    await kit.after(days=1)

    [sms] = at_once
    assert confirmed(kit) == at_once
    assert sms.phone == phone
    assert sms.text == (
        "Da ghi nhan tu 09:00 ngay 11/10/2025: so nay tu choi tin ve ho tro ky nang so. "
        "Hoi: 1022. Nhan lai: nhan DK toi 1800."
    )
    assert not sms.advertises


async def test_refusal_of_whom_nobody_knows_is_confirmed_and_told_to_nobody(kit: Kit) -> None:
    await says(kit, STRANGER, "TC")
    await kit.after(seconds=1)

    assert [sms.phone for sms in confirmed(kit)] == [STRANGER]
    assert kit.announced() == []


async def test_confirmation_counts_for_its_citizen(kit: Kit) -> None:
    await told(kit)
    _, phone = await told(kit)

    await says(kit, phone, "TC")
    await kit.after(seconds=1)

    assert kit.announced()[-2:] == ["citizen.opted_out.v1", "notification.sent.v1"]


async def test_refusal_said_again_is_confirmed_once(kit: Kit) -> None:
    _, phone = await told(kit)

    for _ in range(3):
        await says(kit, phone, "TC")
        await kit.after(hours=1)

    assert len(confirmed(kit)) == 1


async def test_refusal_after_new_consent_is_a_new_one(kit: Kit) -> None:
    citizen, phone = await told(kit)
    await says(kit, phone, "TC")
    await kit.after(hours=25)
    await give_consent(kit.contacts, citizen, kit.clock())
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)

    await says(kit, phone, "TC")
    await kit.after(seconds=1)

    assert len(confirmed(kit)) == 2


@pytest.mark.parametrize(
    ("minutes_old", "at_night"), [(0, True), (9, True), (10, False), (60, False)]
)
async def test_refusal_at_night_is_confirmed_at_once_or_from_seven(
    kit: Kit, minutes_old: int, at_night: bool
) -> None:
    _, phone = await told(kit)
    kit.clock.now = SATURDAY.replace(hour=22, minute=30)

    await says(kit, phone, "TC")
    await kit.after(minutes=minutes_old)
    in_the_night = confirmed(kit)
    kit.clock.now = (SATURDAY + timedelta(days=1)).replace(hour=7)
    await kit.after(seconds=1)

    assert bool(in_the_night) is at_night
    assert len(confirmed(kit)) == 1


async def test_how_young_a_refusal_must_be_is_a_setting() -> None:
    kit = Kit(rules=Rules(confirmed_at_once=timedelta(0)))
    kit.clock.now = SATURDAY.replace(hour=22, minute=30)

    await says(kit, STRANGER, "TC")
    await kit.after(seconds=1)

    assert confirmed(kit) == []


async def test_confirmation_is_outside_the_daily_three_and_the_budget() -> None:
    kit = Kit(rules=Rules(a_day=1, ward_segments_a_day=1))
    citizen, phone = await told(kit)

    await says(kit, phone, "TC")
    await kit.after(seconds=1)
    await says(kit, phone, "DK")
    await kit.after(hours=24)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)

    visits = [sms for sms in kit.provider.reached if sms.template.startswith("visit.")]
    assert (len(visits), len(confirmed(kit))) == (2, 2)


async def test_refusal_taken_in_person_is_not_confirmed_by_sms(kit: Kit) -> None:
    citizen, _ = await told(kit)

    await kit.contacts.record(words_of(event(ConsentWithdrawn, citizen_id=citizen)))
    await kit.after(days=1)

    assert len(kit.provider.reached) == 1


async def test_number_that_opens_itself_again_is_told_so(kit: Kit) -> None:
    _, phone = await told(kit)
    await says(kit, phone, "TC")
    await kit.after(minutes=1)

    await says(kit, phone, "DK")
    await kit.after(minutes=1)

    assert [sms.template for sms in confirmed(kit)] == [
        "command.stop.by_sms.plain.v2",
        "command.start.by_sms.plain.v2",
    ]


@pytest.mark.parametrize("text", ["DK", "1", "2", "3", "cam on"])
async def test_what_changes_nothing_for_the_number_is_not_confirmed(kit: Kit, text: str) -> None:
    _, phone = await told(kit)

    await says(kit, phone, text)
    await kit.after(minutes=1)

    assert confirmed(kit) == []


async def test_nobody_is_told_of_a_command_that_another_took_back(kit: Kit) -> None:
    _, phone = await told(kit)

    await says(kit, phone, "TC")
    await says(kit, phone, "DK")
    await kit.after(minutes=1)

    assert [sms.template for sms in confirmed(kit)] == ["command.start.by_sms.plain.v2"]


async def test_two_machines_that_answer_each_other_come_to_an_end(kit: Kit) -> None:
    for _ in range(10):
        for text in ("TC", "DK"):
            await says(kit, STRANGER, text)
            await kit.after(minutes=1)

    assert len(confirmed(kit)) == 3


async def test_confirmation_goes_back_the_way_that_the_refusal_came() -> None:
    ways = [ProviderTwin(), ProviderTwin()]
    ways[0].name, ways[1].name = "first", "second"
    kit = Kit(routes=Routes([Route(one, asking(Style())) for one in ways]))

    await says(kit, STRANGER, "TC", by="second")
    await kit.after(seconds=1)

    assert [len(one.reached) for one in ways] == [0, 1]


async def test_confirmation_goes_by_sms_where_its_way_is_gone() -> None:
    ways = [ProviderTwin(), ProviderTwin()]
    ways[0].name, ways[0].channel, ways[1].name = "zalo", "zns", "sms"
    kit = Kit(routes=Routes([Route(one, asking(Style())) for one in ways]))

    await says(kit, STRANGER, "TC", by="of-last-year")
    await kit.after(seconds=1)

    assert [len(one.reached) for one in ways] == [0, 1]


async def test_confirmation_that_was_surely_refused_is_tried_again(kit: Kit) -> None:
    answers = iter([SurelyNotAccepted("provider_unreachable", retryable=True)])
    kit.provider.answer = lambda sms: next(answers, None) or accepts(sms)
    await says(kit, STRANGER, "TC")

    await kit.after(seconds=1)
    await kit.after(minutes=1)

    assert len({sms.request_id for sms in confirmed(kit)}) == 2
    assert [n.state for n in kit.ledger.records(NOTIFICATIONS).values()] == [State.ACCEPTED]


async def test_number_of_a_refusal_is_kept_sealed_and_for_days_only(kit: Kit) -> None:
    await says(kit, STRANGER, "TC")

    [sender] = kit.ledger.records(SENDERS).values()
    assert STRANGER.encode() not in sender.sealed
    assert sender.until == SATURDAY + timedelta(hours=72)
    [notification] = kit.ledger.records(NOTIFICATIONS).values()
    [key] = kit.ledger.records(NUMBERS)
    assert STRANGER[1:] not in repr(notification)
    assert key not in repr(notification)


async def test_confirmation_whose_number_was_erased_is_not_sent(kit: Kit) -> None:
    await says(kit, STRANGER, "TC")

    kit.ledger.records(SENDERS).clear()
    await kit.after(minutes=1)

    [notification] = kit.ledger.records(NOTIFICATIONS).values()
    assert (notification.state, notification.reason) == (State.SUPPRESSED, "erased")


async def test_confirmation_names_the_ward_that_wrote(kit: Kit) -> None:
    kit.terms = asking(Style(ward_phones={CHO_LON: "028 0000 0000"}))
    _, phone = await told(kit)

    await says(kit, phone, "TC")
    await kit.after(minutes=1)

    assert "028 0000 0000, 1022." in confirmed(kit)[0].text


async def test_confirmation_takes_no_place_of_an_sms_that_leaves_with_it() -> None:
    kit = Kit(terms=asking(Style(reply_number="1800")), rules=Rules(a_day=1))
    citizen = await a_reachable_citizen(kit.contacts)
    await kit.answer(citizen, "TC")
    await kit.after(seconds=1)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))

    await kit.answer(citizen, "DK")
    await kit.after(hours=1)

    assert [sms.template.partition(".")[0] for sms in kit.provider.reached] == [
        "command",
        "command",
        "visit",
    ]
    [number] = kit.ledger.records(NUMBERS).values()
    assert len(number.sent) == 1
