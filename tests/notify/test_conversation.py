"""Citizens answer, and what that changes."""

from collections.abc import Sequence

import pytest

from services.events.answers import (
    AssistanceConfirmed,
    AssistanceDisputed,
    AssistanceFollowedUp,
    CitizenOptedIn,
    CitizenOptedOut,
)
from services.events.assistance import CitizenAssisted
from services.events.codes import DisputeKind, DisputeOutcome
from services.events.disputes import DisputeResolved
from services.events.envelope import Event
from services.events.feedback import FeedbackReceived
from services.notify.arriving.inbox import Inbox
from services.notify.callbacks.conversation import MOST_WORDS, SealedReply
from services.notify.ledger.records import REPLIES, SEALED_TEXTS
from services.notify.ledger.sealing import unseal
from services.notify.notification.notification import Answer
from services.notify.notification.states import State
from services.notify.providers.provider import Incoming, Outcome, Sms
from services.notify.text.templates import Style
from tests.builders import CHO_LON, SATURDAY, event
from tests.notify.harness import (
    DELAY,
    WRAP_KEY,
    Kit,
    a_reachable_citizen,
    arrive,
    asking,
    assisted,
    give_consent,
    notification_of_day,
    share_contact,
    withdraw,
)
from tests.twins.provider import ProviderTwin


@pytest.fixture
def kit() -> Kit:
    return Kit(terms=asking(Style(reply_number="1800")))


async def asked(kit: Kit) -> tuple[CitizenAssisted, str]:
    """A visit, and the phone that was asked about it."""
    visit = assisted(await a_reachable_citizen(kit.contacts))
    await arrive(kit.ledger, visit)
    await kit.after(hours=1)
    return visit, kit.provider.reached[-1].phone


async def says_unnamed(kit: Kit, phone: str, text: str, **after: float) -> None:
    """By way of a provider that gives no id, such as an SMSC."""
    kit.clock.forward(**after)
    await kit.callbacks.reply(Incoming("twin", None, phone, text))


async def is_written_to(kit: Kit, visit: CitizenAssisted) -> bool:
    """Whether the same citizen is told of a visit on the next day."""
    before = len(of_visits(kit))
    kit.clock.forward(days=1)
    await arrive(kit.ledger, assisted(visit.data.citizen_id, kit.clock()))
    await kit.after(hours=1)
    return len(of_visits(kit)) > before


async def says(kit: Kit, phone: str, text: str, id_: str = "") -> None:
    await kit.callbacks.reply(Incoming("twin", id_ or f"{phone} {text} {kit.clock()}", phone, text))


def told(kit: Kit, event_class: type[Event]) -> list[Event]:
    return [
        stored.event for stored in kit.log.entries.values() if isinstance(stored.event, event_class)
    ]


async def test_one_confirms_the_visit(kit: Kit) -> None:
    visit, phone = await asked(kit)

    await says(kit, phone, "1")

    [confirmed] = told(kit, AssistanceConfirmed)
    assert (confirmed.subject, confirmed.ward, confirmed.source) == (visit.id, CHO_LON, "/notify")


@pytest.mark.parametrize(
    ("text", "kind"), [("2", DisputeKind.NOT_HELPED), ("3", DisputeKind.WRONG_NUMBER)]
)
async def test_two_and_three_dispute_it(kit: Kit, text: str, kind: DisputeKind) -> None:
    visit, phone = await asked(kit)

    await says(kit, phone, text)

    [disputed] = told(kit, AssistanceDisputed)
    assert isinstance(disputed, AssistanceDisputed)
    assert (disputed.data.event_id, disputed.data.kind) == (visit.id, kind)


class AnsweredByItsCitizensFirst(ProviderTwin):
    """They have the SMS, and answered it, before it says that it took it."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit

    async def send(self, sms: Sms) -> Outcome:
        await says(self._kit, sms.phone, "1")
        return await super().send(sms)


async def test_answer_that_is_quicker_than_the_providers_own_counts_for_its_sms(kit: Kit) -> None:
    kit.provider = AnsweredByItsCitizensFirst(kit)

    visit, _ = await asked(kit)

    assert [event.subject for event in told(kit, AssistanceConfirmed)] == [visit.id]
    assert visit.data.citizen_id
    sms = await notification_of_day(kit.ledger, visit.data.citizen_id)
    assert (sms.state, sms.answer) == (State.ACCEPTED, Answer.RIGHT)


async def test_answer_that_comes_twice_is_told_once(kit: Kit) -> None:
    _, phone = await asked(kit)

    for _ in range(3):
        await says(kit, phone, "2", id_="m-1")

    assert len(told(kit, AssistanceDisputed)) == 1


async def test_one_sms_has_one_answer_and_a_change_of_mind_is_read_by_a_person(kit: Kit) -> None:
    _, phone = await asked(kit)

    for text in ("1", "1", "2"):
        await says(kit, phone, text)
        kit.clock.forward(minutes=1)

    assert len(told(kit, AssistanceConfirmed)) == 1
    assert told(kit, AssistanceDisputed) == []
    assert len(told(kit, FeedbackReceived)) == 1


async def test_words_are_kept_sealed_and_never_told(kit: Kit) -> None:
    _, phone = await asked(kit)

    await says(kit, phone, "dung roi, cam on", id_="m-7")

    [feedback] = told(kit, FeedbackReceived)
    assert "cam on" not in feedback.model_dump_json()
    [words] = kit.ledger.records(SEALED_TEXTS).values()
    assert b"cam on" not in words.sealed
    assert unseal(words.sealed, "twin/m-7", WRAP_KEY) == "dung roi, cam on"
    assert unseal(words.sealed, "twin/m-8", WRAP_KEY) is None


async def test_refusal_holds_at_once_also_for_what_is_queued(kit: Kit) -> None:
    visit, phone = await asked(kit)
    citizen = visit.data.citizen_id
    assert citizen
    kit.clock.forward(days=1)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))

    await says(kit, phone, "TC")
    await kit.after(hours=1)

    assert len(of_visits(kit)) == 1
    assert len(told(kit, CitizenOptedOut)) == 1
    queued = await notification_of_day(kit.ledger, citizen, kit.clock())
    assert queued.reason == "opted_out"


async def test_refusal_holds_for_all_who_are_reached_by_the_number(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "TC")

    await share_contact(kit.contacts, "citizen-of-the-same-phone", f"0{phone[3:]}")
    await give_consent(kit.contacts, "citizen-of-the-same-phone")
    await arrive(kit.ledger, assisted("citizen-of-the-same-phone"))
    await kit.after(hours=1)

    assert len(of_visits(kit)) == 1


async def test_consent_given_after_a_refusal_opens_the_number_again(kit: Kit) -> None:
    visit, phone = await asked(kit)
    citizen = visit.data.citizen_id
    assert citizen
    await says(kit, phone, "TC")
    kit.clock.forward(days=1)

    await give_consent(kit.contacts, citizen, kit.clock())
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)

    assert len(of_visits(kit)) == 2


async def test_wrong_number_is_written_to_no_more_until_another_is_given(kit: Kit) -> None:
    visit, phone = await asked(kit)
    citizen = visit.data.citizen_id
    assert citizen
    await says(kit, phone, "3")

    kit.clock.forward(days=1)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)
    to_the_wrong_one = len(kit.provider.reached)
    kit.clock.forward(days=1)
    await share_contact(kit.contacts, citizen)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)

    assert (to_the_wrong_one, len(kit.provider.reached)) == (1, 2)


async def test_answer_without_a_question_is_read_by_a_person() -> None:
    kit = Kit()
    _, phone = await asked(kit)

    await says(kit, phone, "1")

    assert told(kit, AssistanceConfirmed) == []
    assert len(told(kit, FeedbackReceived)) == 1


async def test_answer_of_a_stranger_is_read_by_a_person(kit: Kit) -> None:
    await says(kit, "+84900000099", "2")

    [feedback] = told(kit, FeedbackReceived)
    assert feedback.ward == "79"


async def test_words_of_one_number_are_one_task(kit: Kit) -> None:
    _, phone = await asked(kit)

    for n in range(50):
        await says(kit, phone, f"lời thứ {n}", f"words-{n}")

    assert len(told(kit, FeedbackReceived)) == 1
    replies = kit.ledger.records(REPLIES).values()
    assert len(replies) == MOST_WORDS
    assert {reply.ward for reply in replies} == {CHO_LON}


async def test_words_after_the_task_was_due_are_another(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "lời đầu", "words-1")

    kit.clock.forward(days=5)
    await says(kit, phone, "lời sau", "words-2")

    assert len(told(kit, FeedbackReceived)) == 2


async def test_each_number_has_its_own_task(kit: Kit) -> None:
    for n in range(3):
        await says(kit, f"+8490100000{n}", "xin chào", f"words-{n}")

    assert len(told(kit, FeedbackReceived)) == 3


async def test_refusal_is_heard_however_much_was_said_before(kit: Kit) -> None:
    _, phone = await asked(kit)
    for n in range(2 * MOST_WORDS):
        await says(kit, phone, f"lời thứ {n}", f"words-{n}")

    await says(kit, phone, "TC", "refusal")

    assert len(told(kit, CitizenOptedOut)) == 1


async def test_wrong_number_is_heard_however_much_was_said_before(kit: Kit) -> None:
    visit, phone = await asked(kit)
    await says(kit, phone, "1", "right")
    for n in range(2 * MOST_WORDS):
        await says(kit, phone, f"lời thứ {n}", f"words-{n}")

    await says(kit, phone, "3", "wrong")

    assert not await is_written_to(kit, visit)


async def test_answer_goes_to_the_newest_question(kit: Kit) -> None:
    first, phone = await asked(kit)
    citizen = first.data.citizen_id
    assert citizen
    kit.clock.forward(days=1)
    second = assisted(citizen, kit.clock())
    await arrive(kit.ledger, second)
    await kit.after(hours=1)

    await says(kit, phone, "1")

    [confirmed] = told(kit, AssistanceConfirmed)
    assert confirmed.subject == second.id


@pytest.mark.parametrize(("text", "still_using"), [("1", True), ("2", False)])
async def test_answer_after_two_weeks_tells_whether_it_is_still_used(
    kit: Kit, text: str, still_using: bool
) -> None:
    _, phone = await asked(kit)
    await kit.after(days=14)

    await says(kit, phone, text)

    [followed_up] = told(kit, AssistanceFollowedUp)
    assert isinstance(followed_up, AssistanceFollowedUp)
    assert followed_up.data.still_using is still_using


async def test_who_disputed_is_not_asked_two_weeks_later(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says(kit, phone, "2")

    await kit.after(days=14)

    assert len(kit.provider.reached) == 1


def of_visits(kit: Kit) -> list[Sms]:
    """Without what confirms a command."""
    return [sms for sms in kit.provider.reached if sms.template.startswith("visit.")]


def inbox(kit: Kit) -> Inbox:
    return Inbox(kit.ledger, kit.contacts, delay=DELAY, clock=kit.clock)


def resolved(visit: Event, outcome: DisputeOutcome) -> Sequence[DisputeResolved]:
    return [event(DisputeResolved, at=SATURDAY, event_id=visit.id, outcome=outcome)]


@pytest.mark.parametrize("outcome", [DisputeOutcome.CONFIRMED, DisputeOutcome.VOIDED])
async def test_who_disputed_is_told_the_outcome_once(kit: Kit, outcome: DisputeOutcome) -> None:
    visit, phone = await asked(kit)
    await says(kit, phone, "2")

    for _ in range(2):
        await inbox(kit).resolutions(resolved(visit, outcome))
        await kit.after(hours=1)

    assert [sms.template for sms in kit.provider.reached[1:]] == [f"outcome.{outcome}.plain.v2"]


async def test_who_disputed_is_told_the_outcome_and_no_correction_beside_it(kit: Kit) -> None:
    visit, phone = await asked(kit)
    await says(kit, phone, "2")

    await withdraw(kit.ledger, visit, at=kit.clock())
    await inbox(kit).resolutions(resolved(visit, DisputeOutcome.VOIDED))
    await kit.after(hours=1)

    assert [sms.template for sms in kit.provider.reached[1:]] == ["outcome.voided.plain.v2"]


async def test_wrong_number_is_told_no_outcome(kit: Kit) -> None:
    visit, phone = await asked(kit)
    await says(kit, phone, "3")

    await inbox(kit).resolutions(resolved(visit, DisputeOutcome.WRONG_NUMBER))
    await kit.after(hours=1)

    assert len(kit.provider.reached) == 1


async def test_reply_is_kept_without_number_and_words(kit: Kit) -> None:
    _, phone = await asked(kit)

    await says(kit, phone, "xin chao")

    [reply] = kit.ledger.records(REPLIES).values()
    assert phone[1:] not in repr(reply)
    assert "xin chao" not in repr(reply)
    assert not hasattr(SealedReply, "phone")


async def test_refusal_holds_after_the_key_was_changed(kit: Kit) -> None:
    visit, phone = await asked(kit)
    await says(kit, phone, "TC")

    kit.keys = (bytes(32), WRAP_KEY)
    citizen = visit.data.citizen_id
    assert citizen
    kit.clock.forward(days=1)
    await arrive(kit.ledger, assisted(citizen, kit.clock()))
    await kit.after(hours=1)

    assert len(of_visits(kit)) == 1


@pytest.mark.parametrize("pause", [0.0, 30.0, 3_600.0])
async def test_refusal_after_a_change_of_mind_counts_however_soon(kit: Kit, pause: float) -> None:
    visit, phone = await asked(kit)

    for word in ("TC", "DK", "TC"):
        await says_unnamed(kit, phone, word, seconds=pause)

    assert not await is_written_to(kit, visit)
    assert len(told(kit, CitizenOptedOut)) == 2


@pytest.mark.parametrize("pause", [0.0, 30.0, 3_600.0])
async def test_agreement_after_a_change_of_mind_counts_however_soon(kit: Kit, pause: float) -> None:
    visit, phone = await asked(kit)

    for word in ("DK", "TC", "DK"):
        await says_unnamed(kit, phone, word, seconds=pause)

    assert await is_written_to(kit, visit)
    assert len(told(kit, CitizenOptedIn)) == 2


async def test_refusal_after_a_consent_at_the_door_counts_on_the_same_day(kit: Kit) -> None:
    visit, phone = await asked(kit)
    await says_unnamed(kit, phone, "TC")
    kit.clock.forward(hours=1)
    await give_consent(kit.contacts, str(visit.data.citizen_id), kit.clock())

    await says_unnamed(kit, phone, "TC", hours=1)

    assert not await is_written_to(kit, visit)


@pytest.mark.parametrize("words", ["TC", "2", "Cho tôi hỏi giờ làm việc"])
async def test_delivery_without_an_id_that_comes_again_is_told_once(kit: Kit, words: str) -> None:
    _, phone = await asked(kit)
    before = len(kit.announced())

    for _ in range(3):
        await says_unnamed(kit, phone, words, seconds=20)

    assert len(kit.announced()) == before + 1


async def test_same_words_later_are_another_reply(kit: Kit) -> None:
    _, phone = await asked(kit)

    for _ in range(2):
        await says_unnamed(kit, phone, "Cho tôi hỏi giờ làm việc", minutes=5)

    assert len(kit.ledger.records(REPLIES)) == 2


async def test_same_words_of_another_number_are_another_reply(kit: Kit) -> None:
    for phone in ("+84900000001", "+84900000002"):
        await says_unnamed(kit, phone, "Cho tôi hỏi giờ làm việc")

    assert len(told(kit, FeedbackReceived)) == 2


async def test_refusal_between_by_another_provider_makes_the_same_words_new(kit: Kit) -> None:
    _, phone = await asked(kit)
    await says_unnamed(kit, phone, "DK")
    await says(kit, phone, "TC")

    await says_unnamed(kit, phone, "DK", seconds=10)

    assert len(told(kit, CitizenOptedIn)) == 2
