"""One suite for both ledgers: MongoDB's and the twin."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import pytest

from services.messaging.log.event_log import EventLog
from services.messaging.log.store import MongoEventLog
from services.notify.arriving.arrivals import record, stand_alone
from services.notify.callbacks.receipts import ProviderReceipt, record_receipts
from services.notify.http.views import NotificationView
from services.notify.ledger.index_store import prepare
from services.notify.ledger.ledger import Ledger, Query, Transaction
from services.notify.ledger.parts import Part
from services.notify.ledger.records import CLAIMS, LEASES, NOTIFICATIONS, Claim, Receipt
from services.notify.ledger.store import MongoLedger
from services.notify.notification.notification import notification_id
from services.notify.notification.occasions import row_of
from services.notify.notification.policy import Rules
from services.notify.notification.states import State
from services.notify.providers.provider import Accepted, SurelyNotAccepted
from services.notify.routing.choice import RouteChoice
from services.notify.sending.drafts import Draft, Installation, Snapshot, draft
from services.notify.sending.outcomes import RetryPolicy, SubmissionResult, give_up, settle
from services.notify.sending.write_ahead import WriteAheadTerms, write_ahead
from services.platform.mongo import Database, connect
from tests.builders import HOA_HUNG, SATURDAY, an_id
from tests.notify.harness import (
    DELAY,
    WRAP_KEY,
    a_reachable_citizen,
    arrive,
    assisted,
    correcting,
    notification_of_day,
    refuse,
    withdraw,
)
from tests.twins.contacts import ContactsTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.ledger import LedgerTwin

DUE = SATURDAY + timedelta(hours=1)
LEASE = SATURDAY + timedelta(hours=1, minutes=1)


class Books(NamedTuple):
    ledger: Ledger
    log: EventLog


@pytest.fixture(params=["mongo", "twin"])
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    if request.param == "twin":
        twin = EventLogTwin()
        yield Books(LedgerTwin(twin), twin)
        return
    database = request.getfixturevalue("database")
    log = MongoEventLog(database, partitions=4)
    await log.ensure_indexes()
    ledger = MongoLedger(database.client, database, log)
    await ledger.ensure_indexes()
    yield Books(ledger, log)
    await log.close()


@pytest.fixture
def database(mongo_url: str, database_name: str) -> Iterator[Database]:
    client = connect(mongo_url)
    yield client[database_name]
    client.close()


async def drafted(ledger: Ledger, contacts: ContactsTwin) -> list[Draft]:
    """What is due an hour after the visits."""
    due = await ledger.due(DUE, 100)
    persons = await contacts.persons({n.citizen_id for n in due})
    installation = Installation(Rules(), (WRAP_KEY,))
    return [draft(n, RouteChoice("http"), Snapshot(DUE, persons), installation) for n in due]


async def submit(ledger: Ledger, drafts: list[Draft]) -> list[Draft]:
    terms = WriteAheadTerms(Rules(), DUE, LEASE)
    return (await ledger.transact(partial(write_ahead, drafts=drafts, terms=terms))).ready


async def accept(ledger: Ledger, ready: Draft, message_id: str) -> None:
    answer = SubmissionResult(ready.sms.request_id, Accepted(message_id), ready.notification)
    work = partial(settle, answers=[answer], policy=RetryPolicy(), now=DUE)
    await ledger.transact(work)


async def receipt(ledger: Ledger, message_id: str, request_id: str | None = None) -> None:
    said = Receipt(State.DELIVERED, DUE)
    words = [ProviderReceipt("http", message_id, request_id, said)]
    await ledger.transact(partial(record_receipts, receipts=words))


async def announced(log: EventLog) -> list[str]:
    return sorted(stored.event.type for stored in await log.page("", 1_000))


async def test_notification_comes_back_as_it_was_kept(books: Books) -> None:
    citizen, visit = an_id("citizen"), assisted(an_id("citizen"))
    visit = assisted(citizen)

    await arrive(books.ledger, visit)

    found = await notification_of_day(books.ledger, citizen)
    assert [v.event_id for v in found.occasions] == [visit.id]
    assert (found.occasions[0].at, found.day) == (SATURDAY, SATURDAY.date())
    assert found.due_at == SATURDAY + timedelta(seconds=1) + DELAY


async def test_due_ones_come_longest_waiting_first(books: Books) -> None:
    late, early = an_id("citizen"), an_id("citizen")
    await arrive(books.ledger, assisted(late, SATURDAY + timedelta(minutes=5)), assisted(early))

    due = await books.ledger.due(DUE, 10)

    assert [n.citizen_id for n in due] == [early, late]
    assert await books.ledger.due(SATURDAY, 10) == []


async def test_each_part_of_what_is_due_is_one_process_s(books: Books) -> None:
    await arrive(books.ledger, *(assisted(an_id("citizen")) for _ in range(20)))

    parts = [await books.ledger.due(DUE, 100, Part(number, 3)) for number in (1, 2, 3)]

    together = sorted(n.id for part in parts for n in part)
    assert together == sorted(n.id for n in await books.ledger.due(DUE, 100))
    assert len(set(together)) == 20


async def test_what_somebody_has_in_hand_is_not_asked_for_again(books: Books) -> None:
    await arrive(books.ledger, *(assisted(an_id("citizen")) for _ in range(5)))
    in_hand = {n.id for n in await books.ledger.due(DUE, 3)}

    others = await books.ledger.due(DUE, 3, without=in_hand)

    assert len(others) == 2
    assert not in_hand & {n.id for n in others}


async def test_what_is_being_submitted_is_not_due(books: Books) -> None:
    contacts = ContactsTwin()
    await arrive(books.ledger, assisted(await a_reachable_citizen(contacts)))

    (ready,) = await submit(books.ledger, await drafted(books.ledger, contacts))

    assert await books.ledger.due(DUE + timedelta(days=1), 10) == []
    assert NotificationView.of(ready.notification).due_at is None


async def test_one_reason_of_two_processes_leaves_once(books: Books) -> None:
    contacts = ContactsTwin()
    await arrive(books.ledger, assisted(await a_reachable_citizen(contacts)))
    drafts = await drafted(books.ledger, contacts)

    won = await asyncio.gather(*(submit(books.ledger, drafts) for _ in range(5)))

    assert sum(map(len, won)) == 1


async def test_event_delivered_to_two_processes_at_once_is_kept_once(books: Books) -> None:
    visits = [assisted(an_id("citizen")) for _ in range(5)]

    await asyncio.gather(*(arrive(books.ledger, *visits) for _ in range(4)))

    for visit in visits:
        assert visit.data.citizen_id
        found = await notification_of_day(books.ledger, visit.data.citizen_id)
        assert len(found.occasions) == 1


async def test_correction_and_original_arriving_at_once_share_a_reason(books: Books) -> None:
    for _ in range(5):
        original = assisted(an_id("citizen"))
        correction = correcting(original, assisted(original.data.citizen_id, DUE))

        await asyncio.gather(arrive(books.ledger, correction), arrive(books.ledger, original))

        assert original.data.citizen_id
        found = await notification_of_day(books.ledger, original.data.citizen_id)
        assert {v.event_id for v in found.occasions} == {original.id, correction.id}


async def test_void_and_event_arriving_at_once_leave_nothing_standing(books: Books) -> None:
    for _ in range(5):
        visit = assisted(an_id("citizen"))

        await asyncio.gather(arrive(books.ledger, visit), withdraw(books.ledger, visit))

        assert visit.data.citizen_id
        found = await notification_of_day(books.ledger, visit.data.citizen_id)
        assert found.standing == ()


async def test_change_between_reading_and_writing_ahead_stops_the_attempt(books: Books) -> None:
    contacts = ContactsTwin()
    citizen = await a_reachable_citizen(contacts)
    await arrive(books.ledger, assisted(citizen))
    drafts = await drafted(books.ledger, contacts)

    await books.ledger.wake([citizen], DUE)

    assert await submit(books.ledger, drafts) == []


async def test_acceptance_is_announced_with_the_change_that_it_tells(books: Books) -> None:
    contacts = ContactsTwin()
    citizen = await a_reachable_citizen(contacts)
    await arrive(books.ledger, assisted(citizen))
    (ready,) = await submit(books.ledger, await drafted(books.ledger, contacts))

    await accept(books.ledger, ready, "m-1")

    assert (await notification_of_day(books.ledger, citizen)).state is State.ACCEPTED
    assert await announced(books.log) == ["notification.sent.v1"]


async def test_work_that_fails_leaves_nothing_behind(books: Books) -> None:
    visit = assisted(an_id("citizen"))

    async def fails(tx: object) -> None:
        await record(tx, [row_of(visit, SATURDAY)], DELAY)  # type: ignore[arg-type]
        raise LookupError

    with pytest.raises(LookupError):
        await books.ledger.transact(fails)
    assert await books.ledger.search(Query(event_id=visit.id)) == []


async def test_record_written_twice_in_one_change_is_as_it_was_written_last(books: Books) -> None:
    async def twice(tx: Transaction) -> None:
        await tx.get(CLAIMS, ["reason"])
        await tx.put(CLAIMS, {"reason": Claim("reason", "sms-1")})
        await tx.put(CLAIMS, {"reason": Claim("reason", "sms-2")})

    await books.ledger.transact(twice)

    found = await books.ledger.transact(lambda tx: tx.get(CLAIMS, ["reason"]))
    assert found == {"reason": Claim("reason", "sms-2")}


@pytest.mark.parametrize("named", [True, False])
async def test_receipt_before_the_answer_is_matched_by_it(books: Books, named: bool) -> None:
    contacts = ContactsTwin()
    citizen = await a_reachable_citizen(contacts)
    await arrive(books.ledger, assisted(citizen))
    (ready,) = await submit(books.ledger, await drafted(books.ledger, contacts))

    await receipt(books.ledger, "m-7", ready.sms.request_id if named else None)
    await accept(books.ledger, ready, "m-7")

    assert (await notification_of_day(books.ledger, citizen)).state is State.DELIVERED
    kinds = ["notification.delivered.v1", "notification.sent.v1"]
    assert await announced(books.log) == kinds


async def test_receipt_and_answer_at_once_are_matched(books: Books) -> None:
    contacts = ContactsTwin()
    citizens = [await a_reachable_citizen(contacts) for _ in range(5)]
    await arrive(books.ledger, *(assisted(citizen) for citizen in citizens))
    submitted = await submit(books.ledger, await drafted(books.ledger, contacts))

    for n, ready in enumerate(submitted):
        request_id = ready.sms.request_id if n % 2 else None
        both = (accept(books.ledger, ready, f"m-{n}"), receipt(books.ledger, f"m-{n}", request_id))
        await asyncio.gather(*both)

    states = {(await notification_of_day(books.ledger, citizen)).state for citizen in citizens}
    assert states == {State.DELIVERED}


async def test_receipt_that_comes_twice_is_told_once(books: Books) -> None:
    contacts = ContactsTwin()
    await arrive(books.ledger, assisted(await a_reachable_citizen(contacts)))
    (ready,) = await submit(books.ledger, await drafted(books.ledger, contacts))
    await accept(books.ledger, ready, "m-1")

    await receipt(books.ledger, "m-1")
    await receipt(books.ledger, "m-1")

    kinds = ["notification.delivered.v1", "notification.sent.v1"]
    assert await announced(books.log) == kinds


async def test_receipt_for_an_unknown_message_harms_nothing(books: Books) -> None:
    await receipt(books.ledger, "m-of-somebody-else", "sms-0-1")

    assert await announced(books.log) == []


async def test_attempt_whose_process_died_becomes_unknown(books: Books) -> None:
    contacts = ContactsTwin()
    citizen = await a_reachable_citizen(contacts)
    await arrive(books.ledger, assisted(citizen))
    (ready,) = await submit(books.ledger, await drafted(books.ledger, contacts))
    id_ = ready.notification.id

    in_time = await books.ledger.abandoned(LEASE - timedelta(seconds=1), 10)
    dead = await books.ledger.abandoned(LEASE, 10)
    await books.ledger.transact(partial(give_up, repeating=(), ids=dead, at=LEASE, now=DUE))

    assert (in_time, dead) == ([], [id_])
    assert (await notification_of_day(books.ledger, citizen)).state is State.UNKNOWN
    assert await books.ledger.abandoned(LEASE, 10) == []


async def test_of_those_written_ahead_together_only_the_open_ones_are_given_up(
    books: Books,
) -> None:
    contacts = ContactsTwin()
    citizens = [await a_reachable_citizen(contacts) for _ in range(3)]
    await arrive(books.ledger, *(assisted(citizen) for citizen in citizens))
    answered, *open_ = await submit(books.ledger, await drafted(books.ledger, contacts))
    await accept(books.ledger, answered, "m-1")

    first, second = [await books.ledger.abandoned(LEASE, 1) for _ in range(2)]
    dead = await books.ledger.abandoned(LEASE, 10)

    assert sorted(dead) == sorted(ready.notification.id for ready in open_)
    assert (len(first), first) == (1, second)


async def test_lease_of_a_retried_attempt_does_not_end_with_that_of_the_first(
    books: Books,
) -> None:
    contacts = ContactsTwin()
    await arrive(books.ledger, assisted(await a_reachable_citizen(contacts)))
    (first,) = await submit(books.ledger, await drafted(books.ledger, contacts))
    refusal = SurelyNotAccepted("provider_busy", retryable=True)
    answer = SubmissionResult(first.sms.request_id, refusal, first.notification)
    no_wait = RetryPolicy(first_retry=timedelta())
    await books.ledger.transact(partial(settle, answers=[answer], policy=no_wait, now=DUE))
    later = WriteAheadTerms(Rules(), DUE, LEASE + timedelta(minutes=1))
    again = partial(write_ahead, drafts=await drafted(books.ledger, contacts), terms=later)
    (second,) = (await books.ledger.transact(again)).ready

    assert await books.ledger.abandoned(LEASE, 10) == []
    assert await books.ledger.abandoned(later.lease_until, 10) == [second.notification.id]


@pytest.mark.parametrize("books", ["mongo"], indirect=True)
async def test_what_the_version_before_left_open_is_given_up_too(
    books: Books, database: Database
) -> None:
    contacts = ContactsTwin()
    await arrive(books.ledger, assisted(await a_reachable_citizen(contacts)))
    (ready,) = await submit(books.ledger, await drafted(books.ledger, contacts))
    await database[LEASES.name].delete_many({})
    await database[NOTIFICATIONS.name].create_index("lease_until", name="lease")

    await prepare(database)

    assert await books.ledger.abandoned(LEASE, 10) == [ready.notification.id]
    assert "lease" not in await database[NOTIFICATIONS.name].index_information()


async def test_correction_whose_original_never_came_is_found_when_its_time_is_over(
    books: Books,
) -> None:
    correction = correcting(assisted(an_id("citizen")), assisted(an_id("citizen")))
    await arrive(books.ledger, correction)
    over = SATURDAY + timedelta(hours=72)

    early = await books.ledger.stranded(over - timedelta(seconds=1), 10)
    late = await books.ledger.stranded(over, 10)
    await books.ledger.transact(partial(stand_alone, event_ids=late, delay=DELAY))

    assert (early, late) == ([], [correction.id])
    assert await books.ledger.stranded(over, 10) == []
    assert len(await books.ledger.search(Query(event_id=correction.id))) == 1


async def test_refusal_and_correction_arriving_at_once_leave_nothing_waiting(books: Books) -> None:
    for _ in range(5):
        refused = assisted(an_id("citizen"))
        correction = correcting(refused, assisted(an_id("citizen")))

        await asyncio.gather(arrive(books.ledger, correction), refuse(books.ledger, refused))

        assert len(await books.ledger.search(Query(event_id=correction.id))) == 1


async def test_deferred_one_is_woken_and_one_in_its_delay_is_not_hurried(books: Books) -> None:
    contacts = ContactsTwin()
    without_contact, fresh = an_id("citizen"), an_id("citizen")
    await arrive(books.ledger, assisted(without_contact))
    await submit(books.ledger, await drafted(books.ledger, contacts))
    await arrive(books.ledger, assisted(fresh, DUE))

    await books.ledger.wake([without_contact, fresh], DUE)

    assert [n.citizen_id for n in await books.ledger.due(DUE, 10)] == [without_contact]


async def test_notifications_are_found_by_event_citizen_state_and_ward(books: Books) -> None:
    here, there = an_id("citizen"), an_id("citizen")
    first, second = assisted(here), assisted(there, ward=HOA_HUNG)
    await arrive(books.ledger, first, second)
    search = books.ledger.search

    assert [n.citizen_id for n in await search(Query(event_id=first.id))] == [here]
    assert [n.citizen_id for n in await search(Query(citizen_id=there))] == [there]
    assert [n.citizen_id for n in await search(Query(wards=frozenset([HOA_HUNG])))] == [there]
    assert await search(Query(states=(State.ACCEPTED,))) == []
    assert len(await search(Query(states=(State.RECEIVED,)))) == 2


async def test_pages_hold_each_notification_once(books: Books) -> None:
    citizens = [an_id("citizen") for _ in range(5)]
    await arrive(books.ledger, *(assisted(citizen) for citizen in citizens))

    found, before = [], None
    while page := await books.ledger.search(Query(before=before, limit=2)):
        found += [n.citizen_id for n in page]
        before = (page[-1].created_at, page[-1].id)

    assert sorted(found) == sorted(citizens)


async def test_id_that_a_provider_uses_again_brings_no_old_receipt(books: Books) -> None:
    contacts, citizens = ContactsTwin(), []
    for _ in range(2):
        citizens.append(await a_reachable_citizen(contacts))
        await arrive(books.ledger, assisted(citizens[-1]))
        [ready] = await submit(books.ledger, await drafted(books.ledger, contacts))
        await accept(books.ledger, ready, "m-1")
        if len(citizens) == 1:
            await receipt(books.ledger, "m-1")

    first, second = [await notification_of_day(books.ledger, citizen) for citizen in citizens]
    assert (first.state, second.state) == (State.DELIVERED, State.ACCEPTED)


async def test_newest_visit_is_found(books: Books) -> None:
    nothing = await books.ledger.newest()
    newest = assisted(an_id("citizen"), DUE)
    await arrive(books.ledger, newest, assisted(an_id("citizen")), assisted(None, DUE))

    found = await books.ledger.newest()
    assert nothing is None
    assert found is not None
    assert (found.event_id, found.heard_at) == (newest.id, SATURDAY)


async def test_same_reason_has_the_same_id() -> None:
    assert notification_id("c-1/2025-10-11/visit") == notification_id("c-1/2025-10-11/visit")
