"""Refused bodies: sealed, shown to their ward, and gone with the person."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import orjson
import pytest

from services.events.codes import RefusedResult
from services.events.corrections import EventRefused, Refusal
from services.platform.clock import utc_now
from services.platform.ids import derived_event_id, new_event_id, random_id
from services.platform.mongo import connect
from services.registration.citizens.identity import Hasher, Kind
from services.registration.citizens.refused_bodies import RefusedBodies, RefusedBodyStore
from services.registration.citizens.refused_body_store import MongoRefusedBodyStore
from services.registration.intake.results import ResultKind
from tests.builders import a_national_id, a_phone
from tests.event_data import Json
from tests.registration.citizens.people import KEYS, WARD
from tests.twins.refused_body_store import MemoryRefusedBodyStore

NOON = datetime(2025, 10, 11, 5, tzinfo=UTC)
DEVICE = "/device/d-1"


def refusal(event_id: str, code: str = "out_of_scope") -> EventRefused:
    return EventRefused(
        id=derived_event_id(event_id, code),
        source="/registration",
        subject=event_id,
        time=NOON,
        recordedtime=NOON,
        ward=WARD,
        data=Refusal(event_id=event_id, poster=DEVICE, result=RefusedResult.REJECTED, code=code),
    )


def body(**person: str) -> bytes:
    posted: dict[str, Any] = {"type": "citizen.assisted.v1", "data": {"person": person}}
    return orjson.dumps(posted)


class RefusedBodyContract:
    """What both stores promise, as their users see it."""

    @pytest.fixture
    def kept(self, store: RefusedBodyStore) -> RefusedBodies:
        ticks = (utc_now() + timedelta(seconds=n) for n in count())
        return RefusedBodies(store, KEYS, lambda: next(ticks))

    async def test_day_of_one_source_is_counted_in_refusals_and_bytes(
        self, kept: RefusedBodies
    ) -> None:
        now = utc_now()
        before = await kept.allowance(DEVICE, now)

        for _ in range(3):
            await kept.keep(refusal(new_event_id()), b"x" * 1_000)

        left = await kept.allowance(DEVICE, now)
        assert left.events == before.events - 3
        assert before.size - 4_000 < left.size <= before.size - 3_000
        assert await kept.allowance("/device/d-2", now) == before
        assert (await kept.allowance(DEVICE, now + timedelta(days=2))).events == before.events

    async def test_kept_refusal_is_known(self, kept: RefusedBodies) -> None:
        told = refusal(new_event_id())
        assert not await kept.has(told.id)

        await kept.keep(told, b"{}")

        assert await kept.has(told.id)

    async def test_ward_reads_what_was_posted(self, kept: RefusedBodies) -> None:
        posted = body(phone=a_phone())
        event_id = new_event_id()

        await kept.keep(refusal(event_id), posted)

        [opened] = await kept.of_ward(WARD)
        assert opened.body == posted
        assert (opened.refused.event_id, opened.refused.code) == (event_id, "out_of_scope")
        assert await kept.of_ward("27163") == []

    async def test_ward_reads_no_more_of_what_has_ended(self, kept: RefusedBodies) -> None:
        told = [refusal(new_event_id()) for _ in range(3)]
        for one in told:
            await kept.keep(one, b"{}")

        await kept.end([told[0].id])
        await kept.end([told[0].id])
        await kept.keep(told[0], b"{}")

        left = {told[1].id, told[2].id}
        assert {opened.refused.refusal_id for opened in await kept.of_ward(WARD)} == left
        assert {one.id for one in await kept.open_after("", 10)} == left
        assert [one.id for one in await kept.refusals(told[0].data.event_id)] == [told[0].id]

    async def test_open_refusals_are_found_by_their_event_and_by_their_own_id(
        self, kept: RefusedBodies
    ) -> None:
        one, other, ended = (refusal(new_event_id()) for _ in range(3))
        for told in (one, other, ended):
            await kept.keep(told, b"{}")
        await kept.end([ended.id])

        found = await kept.open_of([one.data.event_id, other.id, ended.id, new_event_id()])

        assert {told.id for told in found} == {one.id, other.id}

    async def test_ward_reads_page_by_page(self, kept: RefusedBodies) -> None:
        for _ in range(3):
            await kept.keep(refusal(new_event_id()), b"{}")

        first = await kept.of_ward(WARD, limit=2)
        rest = await kept.of_ward(WARD, after=first[-1].refused.refusal_id, limit=2)

        assert (len(first), len(rest)) == (2, 1)

    async def test_nobody_reads_it_in_the_database(
        self, kept: RefusedBodies, store: RefusedBodyStore
    ) -> None:
        number, digits = a_phone(), a_national_id()

        await kept.keep(refusal(new_event_id()), body(phone=number, national_id=digits))

        [stored] = await store.of_ward(WARD, "", 10)
        assert number[1:] not in repr(stored)
        assert digits not in repr(stored)

    async def test_same_refusal_is_kept_once(self, kept: RefusedBodies) -> None:
        event_id = new_event_id()

        for posted in (b"{}", b'{"other": 1}'):
            await kept.keep(refusal(event_id), posted)

        assert [opened.body for opened in await kept.of_ward(WARD)] == [b"{}"]

    async def test_poster_hears_the_newest_outcome(self, kept: RefusedBodies) -> None:
        event_id = new_event_id()
        await kept.keep(refusal(event_id, "out_of_scope"), b"{}")
        await kept.keep(refusal(event_id, "device_revoked"), b"{}")

        assert await kept.outcome(event_id, DEVICE) == (ResultKind.REJECTED, "device_revoked")
        assert await kept.outcome(event_id, "/device/d-2") is None

    async def test_refusals_of_an_event_are_told_again_whoever_posted_it(
        self, kept: RefusedBodies
    ) -> None:
        event_id = new_event_id()
        for code in ("out_of_scope", "device_revoked"):
            await kept.keep(refusal(event_id, code), b"{}")
        await kept.keep(refusal(new_event_id()), b"{}")

        told = await kept.refusals(event_id)

        assert [r.data.code for r in told] == ["device_revoked", "out_of_scope"]
        assert told[1].data == refusal(event_id).data
        assert (told[1].id, told[1].ward) == (refusal(event_id, "out_of_scope").id, WARD)

    async def test_body_goes_with_each_person_it_names(self, kept: RefusedBodies) -> None:
        number, digits = a_phone(), a_national_id()
        about = (body(phone=number), body(national_id=digits), body(phone=a_phone()), b"not json")
        for posted in about:
            await kept.keep(refusal(new_event_id()), posted)
        hasher = Hasher(KEYS.index)

        await kept.forget(
            (hasher.of(Kind.PHONE, f"+84{number[1:]}"), hasher.of(Kind.NATIONAL_ID, digits))
        )

        assert {opened.body for opened in await kept.of_ward(WARD)} == set(about[2:])

    async def test_body_with_one_wrong_number_goes_by_the_other(self, kept: RefusedBodies) -> None:
        number = a_phone()
        await kept.keep(refusal(new_event_id()), body(phone=number, national_id="12"))

        await kept.forget((Hasher(KEYS.index).of(Kind.PHONE, f"+84{number[1:]}"),))

        assert await kept.of_ward(WARD) == []

    @pytest.mark.parametrize(
        "misplaced",
        [
            lambda number: {"person": {"phone": number, "phone_owner": 7}},
            lambda number: {"person": {"phone": int(number[1:])}},
            lambda number: {"person": [number]},
            lambda number: {"person": f"{number[:4]} {number[4:7]} {number[7:]}"},
            lambda number: {"person": {"name": f"ba 079000000017, {number}"}},
            lambda number: {"note": f"(+84) {number[1:]}"},
            lambda number: {number: None},
        ],
    )
    async def test_body_of_whatever_form_goes_with_the_person_whose_number_it_gives(
        self, kept: RefusedBodies, misplaced: Callable[[str], Json]
    ) -> None:
        number = a_phone()
        await kept.keep(refusal(new_event_id()), orjson.dumps({"data": misplaced(number)}))

        await kept.forget((Hasher(KEYS.index).of(Kind.PHONE, f"+84{number[1:]}"),))

        assert await kept.of_ward(WARD) == []

    async def test_body_that_names_a_record_goes_with_it(self, kept: RefusedBodies) -> None:
        named = random_id("c")
        await kept.keep(refusal(new_event_id()), orjson.dumps({"data": {"citizen_id": named}}))

        await kept.forget((), (random_id("c"),))
        others_were_erased = await kept.of_ward(WARD)
        await kept.forget((), (named,))

        assert len(others_were_erased) == 1
        assert await kept.of_ward(WARD) == []

    async def test_body_goes_by_a_number_that_a_former_key_hashed(
        self, kept: RefusedBodies
    ) -> None:
        number, former = a_phone(), bytes(31) + b"7"
        rotated = RefusedBodies(kept._store, replace(KEYS, former_index=(former,)))
        await rotated.keep(refusal(new_event_id()), body(phone=number))

        await rotated.forget((Hasher(former).of(Kind.PHONE, f"+84{number[1:]}"),))

        assert await kept.of_ward(WARD) == []


class TestMemoryRefusedBodyStore(RefusedBodyContract):
    @pytest.fixture
    def store(self) -> MemoryRefusedBodyStore:
        return MemoryRefusedBodyStore()


class TestMongoRefusedBodyStore(RefusedBodyContract):
    @pytest.fixture
    async def store(
        self, mongo_url: str, database_name: str
    ) -> AsyncIterator[MongoRefusedBodyStore]:
        client = connect(mongo_url)
        store = MongoRefusedBodyStore(client[database_name])
        await store.ensure_indexes()
        yield store
        client.close()

    async def test_database_forgets_after_ninety_days(
        self, store: MongoRefusedBodyStore, mongo_url: str, database_name: str
    ) -> None:
        client = connect(mongo_url)

        indexes = await client[database_name]["refused"].index_information()

        assert indexes["age"]["expireAfterSeconds"] == 90 * 24 * 3600
        client.close()
