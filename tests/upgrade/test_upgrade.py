"""A running installation of an earlier version, with work in hand, goes on with this one.

The earlier version is the real one, from the repository's history: its services write the log, the
facts and the queues that this version finds.
"""

import asyncio
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.local import keys
from deploy.local.mongod import Mongod
from deploy.local.places import ROOT
from deploy.local.rabbitmq import RabbitNode
from services.events.citizens import ConsentWithdrawn
from services.platform.vietnam.wards import current
from tests.builders import a_person
from tests.event_data import Json
from tests.eventually import eventually
from tests.pipeline.people import Office, Phone, office_of
from tests.stack import Stack, stack_of

EARLIER = "33e5ccb"
"""Queues with a delivery limit, bound to `events`; a lease by the database's clock; no tallies."""
TOLD = {"NOTIFY_DELAY_S": "0", **{f"{s}_DEMO": "true" for s in ("REGISTRATION", "REPORTING")}}
TOLD |= {"NOTIFY_DEMO": "true"}
WARDS = tuple(ward.code for ward in current()[::50])

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="an unpacked archive has no earlier version"
)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """Its code."""
    packed = subprocess.run(
        ["git", "archive", EARLIER, "services"], cwd=ROOT, capture_output=True, check=True
    )
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def system(earlier: Path, faulty_mongod: Mongod, faulty_broker: RabbitNode) -> Iterator[Stack]:
    """Declared and started by the earlier version."""

    with stack_of(
        Stack, faulty_mongod.url, faulty_broker.url, "upgrade", TOLD, code=earlier
    ) as stack:
        for unknown in (stack.folder / "secrets").glob("*_former_*"):
            unknown.unlink()
        stack.start()
        yield stack


async def test_upgrade_loses_nothing_that_was_in_hand(
    system: Stack, faulty_broker: RabbitNode
) -> None:
    office = office_of(system)
    phones = [office.new_team(ward).phone() for ward in WARDS]
    people = [a_person() for _ in phones]

    reported = [visit for phone in phones for visit in some_visits(phone, 20)]
    for phone, person in zip(phones, people, strict=True):
        told = phone.visit(person=person)
        phone.record(phone.consent(person), told)
        reported.append(told)
    withdraw_elsewhere(phones[1], people[0])
    await eventually(lambda: figures(office, phones) == len(reported))

    system.stop("reporting", "notify")
    queued = [visit for phone in phones for visit in some_visits(phone, 15)]
    await eventually(lambda: nothing_pending(system))
    faulty_broker.pause()
    waiting = [visit for phone in phones for visit in some_visits(phone, 10)]
    system.stop()
    faulty_broker.resume()

    system.code = ROOT
    keys.write_missing(system.folder / "secrets")
    system.command("topology", "declare")
    system.start()

    everything = reported + queued + waiting
    await eventually(lambda: figures(office, phones) == len(everything))
    await eventually(lambda: is_true_until_now(office))
    assert ", 0 with differences" in await verified(system)
    await eventually(lambda: consents(office) == len(people) - 1)
    phones[0].record(phones[0].visit())
    await eventually(lambda: figures(office, phones) == len(everything) + 1)
    assert await eventually(lambda: nobody_got_two_sms(office))


def some_visits(phone: Phone, number: int) -> list[Json]:
    visits = [phone.visit(person=a_person()) for _ in range(number)]
    phone.record(*visits)
    return visits


def withdraw_elsewhere(phone: Phone, person: Json) -> None:
    """As the version before counted it, the consent stood for ever in the other ward."""
    phone.record(phone.writes(ConsentWithdrawn, ward=phone.ward, person=person))


def total(office: Office, **asked: str) -> Json:
    found: Json = office.centre.read("reports/overview", **asked)["total"]["figures"]
    return found


def figures(office: Office, phones: list[Phone]) -> int:
    return sum(int(total(office, ward=phone.ward)["visits"]) for phone in phones)


def consents(office: Office) -> int:
    return int(total(office)["consents"])


def is_true_until_now(office: Office) -> bool:
    told = office.centre.read("reports/overview")["true_as_of"]
    age = datetime.now(UTC) - datetime.fromisoformat(told) if told else timedelta.max
    return age < timedelta(minutes=1)


def nothing_pending(system: Stack) -> bool:
    with MongoClient[Json](system.mongo_url) as client:
        log = client[f"{system.database}_registration"]["events"]
        return log.find_one({"pending": {"$exists": True}}) is None


async def verified(system: Stack) -> str:
    return await asyncio.to_thread(system.command, "reporting", "verify")


def nobody_got_two_sms(office: Office) -> bool:
    sms = office.centre.read("console", "notify", limit=500)["messages"]
    sent = [one["request_id"].rpartition("-")[0] for one in sms]
    return bool(sent) and len(sent) == len(set(sent))
