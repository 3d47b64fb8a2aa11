"""What every event log does: run on the twin and on MongoDB."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.messaging.log.entry import Appended
from services.messaging.log.event_log import EventLog
from services.messaging.log.stored import Stored
from services.messaging.topology import partition_of
from services.platform.ids import new_event_id
from services.platform.unavailable import Unavailable
from tests.messaging.entries import NOON, WARD, assisted, entry, formed, voided

Transact = Callable[[Callable[[Any], Awaitable[Any]]], Awaitable[Any]]


class EventLogContract:
    """Subclasses give the fixtures `log` and `transact`."""

    async def test_event_is_found_as_it_was_appended(self, log: EventLog) -> None:
        event = assisted(traceparent=f"00-{'a' * 32}-{'b' * 16}-01")

        answer = await log.append(entry(event, contact=b"sealed"))

        found = await log.find(event.id)
        assert answer is Appended.ACCEPTED
        assert found is not None
        assert found.event == event
        assert found.contact == b"sealed"
        assert found.traceparent == event.traceparent
        assert found.partition == partition_of(WARD, 4)

    async def test_unknown_id_is_not_found(self, log: EventLog) -> None:
        assert await log.find(new_event_id()) is None

    async def test_same_posting_again_is_a_duplicate(self, log: EventLog) -> None:
        event = assisted()
        await log.append(entry(event))

        assert await log.append(entry(event)) is Appended.DUPLICATE

    async def test_same_id_with_other_content_is_a_conflict_and_changes_nothing(
        self, log: EventLog
    ) -> None:
        event = assisted()
        await log.append(entry(event, b"first"))

        answer = await log.append(entry(assisted(event.id, ward="27343"), b"second"))

        found = await log.find(event.id)
        assert answer is Appended.CONFLICT
        assert found is not None
        assert found.ward == WARD

    async def test_equal_ids_in_one_batch_are_judged(self, log: EventLog) -> None:
        event, other = assisted(), assisted()

        answers = await log.append_all(
            [entry(event), entry(event), entry(other), entry(event, b"another")]
        )

        assert sorted(answers) == ["accepted", "accepted", "conflict", "duplicate"]
        assert answers[2] is Appended.ACCEPTED

    async def test_bad_document_fails_alone(self, log: EventLog) -> None:
        unrecorded, sound = assisted(recordedtime=None), assisted()

        with pytest.raises(ValueError, match="recorded"):
            await log.append(entry(unrecorded))

        assert await log.append(entry(sound)) is Appended.ACCEPTED
        assert await log.find(unrecorded.id) is None

    async def test_dollar_dot_and_nul_come_back_unchanged(self, log: EventLog) -> None:
        event = formed("team-1", data={"kind": "dx_formation", "name": "$set.a\u0000b"})

        await log.append(entry(event))

        found = await log.find(event.id)
        assert found is not None
        assert found.event == event

    async def test_append_wakes_the_relay(self, log: EventLog) -> None:
        assert not log.appended.is_set()

        await log.append(entry())

        assert log.appended.is_set()

    async def test_early_void_is_held_until_its_target_gives_it_subject_and_ward(
        self, log: EventLog
    ) -> None:
        target = assisted(ward="27343")
        early = voided(target, subject="", ward="79")
        await log.append(entry(early, published=False))
        [found] = await log.held_for([assisted().id, target.id])
        held, waiting = found.held, await waiting_in(log)

        placed = early.model_copy(update={"subject": target.subject, "ward": target.ward})
        published = await log.publish(placed)

        assert held
        assert waiting == []
        assert published
        assert await log.held_for([target.id]) == []
        assert [s.event for s in await waiting_in(log)] == [placed]
        assert [s.partition for s in await waiting_in(log)] == [partition_of("27343", 4)]

    async def test_what_is_held_is_read_page_by_page(self, log: EventLog) -> None:
        voids = sorted((voided(assisted()) for _ in range(3)), key=lambda e: e.id)
        await log.append_all([entry(v, published=False) for v in voids])
        await log.append(entry())

        first = await log.held("", 2)
        rest = await log.held(first[-1].event_id, 2)

        assert [s.event_id for s in (*first, *rest)] == [v.id for v in voids]

    async def test_held_void_that_was_refused_is_never_looked_at_again(self, log: EventLog) -> None:
        target = assisted()
        void = voided(target)
        await log.append(entry(target))
        await log.append(entry(void, published=False))

        await log.refuse_held(void.id)

        assert (await log.held("", 10), await log.held_for([target.id])) == ([], [])
        assert [s.event_id for s in await log.page("", 10)] == [target.id]
        assert [s.event_id for s in await waiting_in(log)] == [target.id]
        assert not await log.is_voided(target.id)

    async def test_event_is_voided_once_a_void_of_it_stands(self, log: EventLog) -> None:
        target = assisted()
        await log.append(entry(target))
        before = await log.is_voided(target.id)

        await log.append(entry(voided(target)))

        assert not before
        assert await log.is_voided(target.id)

    async def test_void_is_published_once(self, log: EventLog) -> None:
        void = voided(assisted())
        await log.append(entry(void, published=False))

        first, again = await log.publish(void), await log.publish(void)

        assert (first, again) == (True, False)

    async def test_what_replaces_an_event_waits_for_it_and_then_voids_nothing_by_itself(
        self, log: EventLog
    ) -> None:
        target = assisted()
        correction = assisted(replaces=target.id)
        await log.append(entry(correction, published=False))
        waiting = await log.held_for([target.id])
        later = correction.model_copy(update={"recordedtime": NOON + timedelta(days=1)})

        published = await log.publish(later)

        found = await log.find(correction.id)
        assert [s.event_id for s in waiting] == [correction.id]
        assert published
        assert found
        assert (found.event, found.recorded_at, found.held) == (later, later.recordedtime, False)
        assert await log.held_for([target.id]) == []
        assert not await log.is_voided(target.id)

    async def test_entries_are_found_together(self, log: EventLog) -> None:
        events = [assisted(), assisted()]
        await log.append_all([entry(e) for e in events])

        found = await log.find_all([*(e.id for e in events), new_event_id()])

        assert {id_: s.event for id_, s in found.items()} == {e.id: e for e in events}

    async def test_history_is_the_subjects_decided_events_oldest_first(self, log: EventLog) -> None:
        first = formed("team-1")
        second = voided(first, time=NOON + timedelta(hours=1))
        await log.append(entry(second, decided=True))
        await log.append(entry(first, decided=True))
        await log.append(entry(formed("team-2"), decided=True))
        await log.append(entry(assisted(subject="team-1")))

        assert await log.histories(["team-1"]) == {"team-1": [first, second]}

    async def test_entries_are_inserted_with_their_transaction(
        self, log: EventLog, transact: Transact
    ) -> None:
        event = formed()

        await transact(lambda session: log.insert_in(session, [entry(event, decided=True)]))

        assert await log.histories(["team-1"]) == {"team-1": [event]}
        assert [s.event_id for s in await waiting_in(log)] == [event.id]

    async def test_transaction_does_not_insert_what_another_append_brought_before(
        self, log: EventLog, transact: Transact
    ) -> None:
        event, beside = formed(), assisted()
        await log.append(entry(event, b"first"))

        with pytest.raises(Unavailable):
            await transact(
                lambda session: log.insert_in(session, [entry(beside), entry(event, b"other")])
            )

        assert await log.hashes([event.id, beside.id]) == {event.id: b"first"}

    async def test_log_is_read_page_by_page_without_what_is_held(self, log: EventLog) -> None:
        events = sorted((assisted() for _ in range(3)), key=lambda e: e.id)
        await log.append_all([entry(e) for e in events])
        await log.append(entry(voided(events[0]), published=False))

        first = await log.page("", 2)
        rest = await log.page(first[-1].event_id, 2)

        assert [s.event_id for s in (*first, *rest)] == [e.id for e in events]

    async def test_log_is_read_from_what_was_recorded_since_an_instant(self, log: EventLog) -> None:
        early = assisted()
        late = assisted(recordedtime=NOON + timedelta(hours=1))
        await log.append_all([entry(early), entry(late)])

        since = await log.page("", 10, NOON + timedelta(minutes=1))

        assert [s.event_id for s in since] == [late.id]


async def waiting_in(log: EventLog) -> list[Stored]:
    """What waits for the relay."""
    return [stored for stored in await log.page("", 100) if stored.pending]
