"""One suite for the blind index, run on the twin and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.platform.mongo import connect
from services.registration.citizens.identity import Kind
from services.registration.citizens.rows import Alias, IndexRow, Merger, Repoint, RowStore
from services.registration.citizens.store import MongoRowStore
from tests.twins.row_store import MemoryRowStore

NOON = datetime(2025, 10, 11, 5, tzinfo=UTC)


def row(n: int, to: str = "c-1", kind: Kind = Kind.PHONE, **more: object) -> IndexRow:
    fields = {"ward": "27343", "key_id": "k", "at": NOON, "used_by": ("e-1",), **more}
    return IndexRow(hash=bytes([n]) * 16, kind=kind, to=to, **fields)  # type: ignore[arg-type]


class RowStoreContract:
    """What both promise."""

    async def test_new_rows_are_written_and_found(self, rows: RowStore) -> None:
        first = row(1, data_key=b"wrapped", hint=b"sealed")

        clashes = await rows.insert([first, row(2)])

        assert clashes == {}
        assert await rows.find([first.hash, b"unknown"]) == {first.hash: first}

    async def test_row_that_was_there_stays_and_is_told(self, rows: RowStore) -> None:
        await rows.insert([row(1, to="c-1")])

        clashes = await rows.insert([row(1, to="c-2"), row(2, to="c-2")])

        assert clashes == {row(1).hash: row(1, to="c-1")}
        assert [found.hash for found in await rows.of("c-2")] == [row(2).hash]

    async def test_row_that_was_carried_over_stands_alone_in_the_end(self, rows: RowStore) -> None:
        before, after = row(1), row(2, former=row(1).hash)
        await rows.insert([before, after])

        for _ in range(2):
            await rows.remove_former([after])

        alone = replace(after, former=None)
        assert await rows.find([before.hash, after.hash]) == {after.hash: alone}

    async def test_row_is_repointed_only_from_where_it_led(self, rows: RowStore) -> None:
        await rows.insert([row(1, data_key=b"old"), row(2, data_key=b"old")])

        await rows.repoint(
            [
                Repoint(row(1).hash, "c-1", "c-2", b"new"),
                Repoint(row(2).hash, "c-other", "c-2", b"new"),
            ]
        )

        found = await rows.find([row(1).hash, row(2).hash])
        assert found[row(1).hash].to == "c-2"
        assert found[row(1).hash].data_key == b"new"
        assert found[row(2).hash].to == "c-1"

    async def test_wards_of_meetings_are_kept_once_and_told_with_the_row(
        self, rows: RowStore
    ) -> None:
        await rows.insert([row(1, met=()), row(2, met=("27343",)), row(3)])

        for _ in range(2):
            await rows.note_met([(row(1).hash, "27163"), (row(2).hash, "27163")])

        met = [found.met for found in await rows.of("c-1")]
        assert met == [("27163",), ("27343", "27163"), None]

    async def test_numbers_are_told_from_phones(self, rows: RowStore) -> None:
        await rows.insert([row(1, to="c-1"), row(2, to="c-2", kind=Kind.NATIONAL_ID)])

        assert await rows.with_national_id(["c-1", "c-2", "c-3"]) == {"c-2"}

    async def test_data_keys_lead_from_live_and_merged_records(self, rows: RowStore) -> None:
        await rows.insert([row(1, data_key=b"one"), row(2, to="h-1", kind=Kind.ADDRESS)])
        await rows.add_alias(Alias("c-0", "c-1", b"zero"))

        keys = await rows.data_keys(["c-0", "c-1", "c-9", "h-1"])

        assert keys == {"c-0": b"zero", "c-1": b"one"}

    async def test_alias_of_a_record_that_is_merged_itself_leads_to_it_still(
        self, rows: RowStore
    ) -> None:
        """So that it stays where it is when the later merger is voided."""
        await rows.add_alias(Alias("c-0", "c-1"))

        await rows.add_alias(Alias("c-1", "c-2"))

        assert [alias.merged_id for alias in await rows.aliases_of("c-2")] == ["c-1"]
        assert [alias.merged_id for alias in await rows.aliases_of("c-1")] == ["c-0"]

    async def test_removed_alias_leads_nowhere(self, rows: RowStore) -> None:
        await rows.add_alias(Alias("c-0", "c-1"))

        for _ in range(2):
            await rows.remove_alias("c-0")

        assert await rows.alias("c-0") is None

    async def test_row_remembers_for_whom_it_was_written(self, rows: RowStore) -> None:
        await rows.insert([row(1, data_key=b"one"), row(2, to="c-2", data_key=b"two")])

        await rows.repoint([Repoint(row(1).hash, "c-1", "c-2", b"two", "c-1", b"one")])
        away = await rows.written_for("c-1")
        keys = await rows.data_keys(["c-1", "c-2"])
        await rows.repoint([Repoint(row(1).hash, "c-2", "c-1", b"one")])

        assert [(found.to, found.home, found.home_key) for found in away] == [
            ("c-2", "c-1", b"one")
        ]
        assert keys == {"c-1": b"one", "c-2": b"two"}
        assert await rows.written_for("c-1") == [row(1, data_key=b"one")]
        assert await rows.written_for("c-2") == [row(2, to="c-2", data_key=b"two")]

    async def test_mergers_are_known_by_either_record(self, rows: RowStore) -> None:
        merger = Merger("e-1", "c-1", "c-2", NOON)

        for _ in range(2):
            await rows.note_merger(merger)

        for citizen in ("c-1", "c-2"):
            assert await rows.mergers_of([citizen]) == [merger]
        assert await rows.mergers_of(["c-3"]) == []

    @pytest.mark.parametrize("first", ["merger", "void"])
    async def test_void_of_a_merger_is_known_whichever_comes_first(
        self, rows: RowStore, first: str
    ) -> None:
        merger = Merger("e-1", "c-1", "c-2", NOON)

        if first == "merger":
            await rows.note_merger(merger)
        await rows.note_voided_merger("e-1", "c-1")
        await rows.note_merger(merger)

        assert await rows.mergers_of(["c-1"]) == [replace(merger, voided=True)]

    async def test_erased_person_leaves_no_row_that_leads_elsewhere(self, rows: RowStore) -> None:
        await rows.insert([row(1, data_key=b"one"), row(2, to="c-2", data_key=b"two")])
        await rows.repoint([Repoint(row(1).hash, "c-1", "c-2", b"two", "c-1", b"one")])

        await rows.erase(["c-1"])

        assert await rows.written_for("c-1") == []
        assert await rows.data_keys(["c-1", "c-2"]) == {"c-2": b"two"}

    async def test_erased_citizen_leaves_neither_rows_nor_keys(self, rows: RowStore) -> None:
        await rows.insert([row(1, data_key=b"one"), row(2, to="c-2")])
        await rows.add_alias(Alias("c-0", "c-1", b"zero"))

        await rows.erase(["c-1", "c-0"])
        await rows.erase(["c-1", "c-0"])

        assert await rows.of("c-1") == []
        assert await rows.data_keys(["c-0", "c-1"]) == {}
        assert await rows.aliases_of("c-1") == [Alias("c-0", "c-1", None)]
        assert len(await rows.of("c-2")) == 1

    async def test_merging_again_keeps_the_key_that_was_known(self, rows: RowStore) -> None:
        await rows.add_alias(Alias("c-0", "c-1", b"zero"))

        await rows.add_alias(Alias("c-0", "c-1", None))

        assert await rows.alias("c-0") == Alias("c-0", "c-1", b"zero")
        assert await rows.alias("c-1") is None

    async def test_unused_row_is_removed_unless_it_was_used_meanwhile(self, rows: RowStore) -> None:
        await rows.insert([row(1), row(2)])
        read = await rows.unsettled(NOON + timedelta(hours=1), 10)
        await rows.note_use([(row(2).hash, "e-2")])

        await rows.remove_unused(read)

        assert [found.hash for found in await rows.of("c-1")] == [row(2).hash]

    async def test_sweep_sees_old_rows_until_they_are_settled(self, rows: RowStore) -> None:
        later = NOON + timedelta(hours=1)
        await rows.insert([row(1), row(2, at=later)])

        assert [r.hash for r in await rows.unsettled(later, 10)] == [row(1).hash]
        await rows.settle([row(1).hash])

        assert await rows.unsettled(later, 10) == []
        assert (await rows.find([row(1).hash]))[row(1).hash].used_by == ()

    async def test_rows_are_read_page_by_page(self, rows: RowStore) -> None:
        await rows.insert([row(1), row(2), row(3)])

        first = await rows.page(b"", 2)
        rest = await rows.page(first[-1].hash, 2)

        assert [found.hash for found in (*first, *rest)] == [row(n).hash for n in (1, 2, 3)]

    async def test_row_is_resealed_unless_it_leads_elsewhere_by_now(self, rows: RowStore) -> None:
        await rows.insert([row(1, data_key=b"old", hint=b"old"), row(2, to="c-2", data_key=b"old")])

        await rows.reseal([row(1, data_key=b"new", hint=b"new"), row(2, to="c-1", data_key=b"new")])

        assert await rows.data_keys(["c-1", "c-2"]) == {"c-1": b"new", "c-2": b"old"}
        assert (await rows.find([row(1).hash]))[row(1).hash].hint == b"new"

    async def test_use_is_noted_until_the_row_is_settled(self, rows: RowStore) -> None:
        await rows.insert([row(1), row(2)])
        await rows.settle([row(2).hash])

        await rows.note_use([(row(1).hash, "e-2"), (row(1).hash, "e-2"), (row(2).hash, "e-2")])

        found = await rows.find([row(1).hash, row(2).hash])
        assert found[row(1).hash].used_by == ("e-1", "e-2")
        assert found[row(2).hash].used_by == ()


class TestMemoryRowStore(RowStoreContract):
    @pytest.fixture
    def rows(self) -> MemoryRowStore:
        return MemoryRowStore()


class TestMongoRowStore(RowStoreContract):
    @pytest.fixture
    async def rows(self, mongo_url: str, database_name: str) -> AsyncIterator[MongoRowStore]:
        client = connect(mongo_url)
        store = MongoRowStore(client[database_name])
        await store.ensure_indexes()
        yield store
        client.close()
