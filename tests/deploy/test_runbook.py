"""Every command of the operator's pages, typed beside services that run."""

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pymongo import MongoClient

from deploy.new_key import new_key
from services.messaging.amqp import AmqpBroker
from services.messaging.broker import Delivery
from services.messaging.dead_letters.letters import Unreadable, burial
from services.messaging.topology import NOTIFY_EVENTS
from tests.builders import a_phone
from tests.conftest import Broker
from tests.deploy.runbook import typed
from tests.eventually import eventually
from tests.pipeline.people import Office, Phone, office_of
from tests.servers import own_database, own_vhost
from tests.stack import Stack, stack

WARD = "27343"
COMMANDS = {one.line: one.words[1:] for one in typed("tungngo")}
MADE_ALREADY = "tungngo registration admin create"
NOBODY_WAS_TOLD = "tungngo notify inspect --event-id ID"


@pytest.fixture(scope="module")
def system(mongo_url: str, broker: Broker) -> Iterator[Stack]:
    with (
        own_vhost(broker.amqp_url, broker.management_url) as vhost,
        own_database(mongo_url) as database,
        stack(mongo_url, vhost, database, REGISTRATION_DEMO="true") as made,
    ):
        made.start()
        yield made


@pytest.fixture(scope="module")
def office(system: Stack) -> Iterator[Office]:
    made = office_of(system)
    yield made
    made.close()


@pytest.fixture(scope="module")
def phone(office: Office) -> Iterator[Phone]:
    made = office.new_team(WARD).phone()
    yield made
    made.close()


def run(system: Stack, *words: str) -> tuple[int, str]:
    """How a command ended, and all that it said."""
    done = system.run(*words)
    return done.returncode, done.stdout + done.stderr


async def a_letter(system: Stack) -> str:
    """The id of one that nobody can read."""
    stray = Delivery(1, NOTIFY_EVENTS, b"", "m-1", "citizen.assisted.v1", "stranger", {})
    unreadable = Unreadable(stray, [{"id": "event-1"}], "invalid")
    await burial(AmqpBroker(system.broker_url))(NOTIFY_EVENTS, [unreadable])

    def listed() -> str | None:
        _, said = run(system, "dead-letters", "list")
        return next((line.split()[0] for line in said.splitlines() if "event-1" in line), None)

    return await eventually(listed)


async def counted(phone: Phone, visits: int) -> None:
    def all_there() -> bool:
        figures = phone_reads(phone)
        return figures == visits

    await eventually(all_there)


def phone_reads(phone: Phone) -> int:
    """What stands of a phone's visits, as it reads them itself."""
    total = phone.read("tally", device=phone.source.rpartition("/")[2])["total"]
    return int(total["accepted"])


async def test_every_command_of_the_pages_does_what_it_says(
    system: Stack, phone: Phone, tmp_path_factory: pytest.TempPathFactory
) -> None:
    [visit] = phone.record(phone.visit())
    await counted(phone, 1)
    numbers = tmp_path_factory.mktemp("lists") / "numbers.txt"
    numbers.write_text("".join(f"{a_phone()}\n" for _ in range(20)))

    for line, words in COMMANDS.items():
        about = await a_letter(system) if "dead-letters" in line else visit
        given = {"ID": about, "FILE": str(numbers)}
        code, said = await asyncio.to_thread(run, system, *(given.get(w, w) for w in words))

        if line == MADE_ALREADY:
            assert "admin" in said, line
        elif line == NOBODY_WAS_TOLD:
            assert "no such notification" in said or code == 0, (line, said)
        else:
            assert code == 0, (line, said)


@pytest.mark.parametrize(
    "words",
    [
        ("reporting", "rebuild", "nope"),
        ("reporting", "rebuild", WARD, "99999"),
        ("reporting", "rebuild", "27343@2001-01-01"),
        ("dead-letters", "replay", "nope"),
        ("dead-letters", "discard", "nope"),
        ("notify", "inspect", "--event-id", "nope"),
    ],
)
async def test_command_about_something_that_is_not_there_does_not_report_success(
    system: Stack, phone: Phone, words: tuple[str, ...]
) -> None:
    code, said = await asyncio.to_thread(run, system, *words)

    assert code != 0
    assert said.strip()


@pytest.mark.parametrize(
    ("key", "readers"),
    [
        ("registration_master_key", ("registration",)),
        ("registration_index_key", ("registration",)),
        ("notify_notify_wrap_key", ("registration", "notify")),
    ],
)
async def test_services_start_with_a_new_key_and_find_again_whom_they_met(
    system: Stack, phone: Phone, key: str, readers: tuple[str, ...]
) -> None:
    person = {"phone": a_phone(), "phone_owner": "self"}
    [before] = phone.record(phone.visit(person=person))

    new_key(key, system.folder / "secrets")
    system.stop(*readers)
    system.start(*readers)
    code, said = await asyncio.to_thread(run, system, "registration", "citizens", "reseal")
    [after] = phone.record(phone.visit(person=person))

    assert (code, "sealed anew" in said) == (0, True)
    assert citizen_of(system, before) == citizen_of(system, after)


def citizen_of(system: Stack, event_id: str) -> str:
    """Whom a visit was about, as the log has it."""
    with MongoClient[dict[str, Any]](system.mongo_url) as client:
        [kept] = client[f"{system.database}_registration"]["events"].find({"_id": event_id})
    return str(orjson.loads(kept["body"])["data"]["citizen_id"])
