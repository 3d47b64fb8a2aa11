"""The national list of those who want no adverts: hashed, replaced as a whole, never shown."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner, Result

from services.messaging.log.store import MongoEventLog
from services.notify.campaigns.no_adverts import BATCH, NotTheRefusersList, import_list, read_list
from services.notify.campaigns.store import Campaigns, MongoCampaigns
from services.notify.cli import cli
from services.notify.contacts.number_keys import number_key
from services.notify.ledger.ledger import Ledger, Transaction
from services.notify.ledger.records import NUMBERS
from services.notify.ledger.store import MongoLedger
from services.notify.notification.numbers import NumberRecord
from services.platform.mongo import connect
from tests.builders import SATURDAY, a_phone
from tests.notify.harness import WRAP_KEY
from tests.twins.campaigns import CampaignsTwin
from tests.twins.event_log import EventLogTwin
from tests.twins.ledger import LedgerTwin


class Books(NamedTuple):
    ledger: Ledger
    campaigns: Campaigns

    async def take(self, *phones: str) -> tuple[int, int]:
        listed = read_list(phones, (WRAP_KEY,))
        changed = await import_list(self.ledger, self.campaigns, listed.keys)
        return changed.added, changed.removed

    async def known(self, phone: str) -> NumberRecord:
        async def read(tx: Transaction) -> NumberRecord:
            return (await tx.get(NUMBERS, [key_of(phone)])).get(key_of(phone), NumberRecord())

        return await self.ledger.transact(read)


def key_of(phone: str) -> str:
    return number_key(f"+84{phone.removeprefix('0')}", (WRAP_KEY,))


@pytest.fixture(params=["mongo", "twin"])
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    if request.param == "twin":
        twin = LedgerTwin(EventLogTwin())
        yield Books(twin, CampaignsTwin(twin))
        return
    client = connect(request.getfixturevalue("mongo_url"))
    database = client[request.getfixturevalue("database_name")]
    log = MongoEventLog(database, partitions=4)
    ledger, campaigns = MongoLedger(client, database, log), MongoCampaigns(database)
    await log.ensure_indexes()
    await ledger.ensure_indexes()
    await campaigns.ensure_indexes()
    yield Books(ledger, campaigns)
    await log.close()
    client.close()


@pytest.mark.parametrize(
    "spelt",
    [
        "0900000001",
        "+84900000001",
        "84900000001",
        "0900 000 001",
        "0900.000.001",
        "(+84) 900-000-001",
        "0084900000001",
        "900000001",
        "\ufeff0900000001\r\n",
        '"0900000001";',
    ],
)
def test_number_is_known_however_it_is_spelt(spelt: str) -> None:
    assert read_list([spelt], (WRAP_KEY,)).keys == {key_of("0900000001")}


def test_empty_lines_are_nothing_and_others_are_counted() -> None:
    listed = read_list(["Số điện thoại\n", "\n", "0900000001\n", "0900000002"], (WRAP_KEY,))

    assert (len(listed.keys), listed.unreadable) == (2, 1)


@pytest.mark.parametrize("lines", [[], ["\n"], ["<html>", "0900000001", "</html>"]])
def test_file_that_is_not_the_list_empties_nothing(lines: list[str]) -> None:
    with pytest.raises(NotTheRefusersList):
        read_list(lines, (WRAP_KEY,))


async def test_new_list_replaces_the_one_before(books: Books) -> None:
    stays, goes, comes = a_phone(), a_phone(), a_phone()

    assert await books.take(stays, goes) == (2, 0)
    assert await books.take(stays, comes) == (1, 1)

    listed = [(await books.known(phone)).no_adverts for phone in (stays, goes, comes)]
    assert listed == [True, False, True]
    assert await books.take(stays, comes) == (0, 0)


async def test_what_else_is_known_of_a_number_stays(books: Books) -> None:
    phone = a_phone()

    async def refuse(tx: Transaction) -> None:
        await tx.put(NUMBERS, {key_of(phone): NumberRecord(refused_at=SATURDAY)})

    await books.ledger.transact(refuse)
    await books.take(phone)

    assert await books.known(phone) == NumberRecord(refused_at=SATURDAY, no_adverts=True)


async def test_list_of_several_batches_is_taken_and_left_whole(books: Books) -> None:
    many = [a_phone() for _ in range(2 * BATCH + 1)]

    assert await books.take(*many) == (len(many), 0)
    assert await books.take(many[0]) == (0, len(many) - 1)


def invoked(file: Path, mongo_url: str, database: str, *options: str) -> Result:
    env = {
        "NOTIFY_MONGO_URL": mongo_url,
        "NOTIFY_MONGO_DATABASE": database,
        "NOTIFY_BROKER_URL": "amqp://nowhere.example",
        "NOTIFY_TOKEN_PUBLIC_KEY": "none",
        "NOTIFY_NOTIFY_WRAP_KEY": base64.b64encode(WRAP_KEY).decode(),
    }
    return CliRunner().invoke(cli, ["do-not-advertise", str(file), *options], env=env)


def test_command_prints_counts_and_no_number(
    tmp_path: Path, mongo_url: str, database_name: str
) -> None:
    phones = [a_phone() for _ in range(3)]
    file = tmp_path / "list.txt"
    file.write_text("\n".join([*phones, "tổng số: 3"]), encoding="utf-8")

    answer = invoked(file, mongo_url, database_name)

    assert answer.exit_code == 0
    assert answer.output == "3 numbers: 3 added, 0 removed; 1 lines could not be read\n"


@pytest.mark.parametrize(("left", "taken"), [(10, False), (89, False), (90, True), (100, True)])
def test_command_asks_before_it_takes_a_list_that_lost_many(
    tmp_path: Path, mongo_url: str, database_name: str, left: int, taken: bool
) -> None:
    phones = [a_phone() for _ in range(100)]
    file = tmp_path / "list.txt"
    file.write_text("\n".join(phones), encoding="utf-8")
    invoked(file, mongo_url, database_name)

    file.write_text("\n".join(phones[:left]), encoding="utf-8")
    answer = invoked(file, mongo_url, database_name)
    told_so = invoked(file, mongo_url, database_name, "--it-is-shorter")

    assert (answer.exit_code == 0) is taken
    assert told_so.output.startswith(f"{left} numbers: 0 added, {0 if taken else 100 - left} ")


def test_command_refuses_another_file(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("nothing of the kind", encoding="utf-8")

    answer = invoked(file, "mongodb://nowhere.example", "notify")

    assert answer.exit_code == 2
