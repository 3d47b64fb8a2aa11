"""What a phone meets while the broker or the database is down, and after its return."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import httpx
import pytest

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from deploy.local.settings import SERVICES
from services.messaging.topology import partition_of, partition_queue
from services.platform.problems import PROBLEM_MEDIA_TYPE
from services.platform.vietnam.wards import current
from tests import calls
from tests.builders import a_person
from tests.event_data import Json
from tests.eventually import eventually
from tests.pipeline.people import REGISTRATION, Office, Phone, office_of
from tests.servers import private_broker, private_mongod, remembers
from tests.stack import Stack, stack

PARTITIONS = 4
Ask = Callable[[], httpx.Response]
WARDS = [ward.code for ward in current()][:2]
pytestmark = pytest.mark.usefixtures("real_processes")


@pytest.fixture(scope="module")
def mongod() -> Iterator[Mongod]:
    with private_mongod() as server:
        yield server


@pytest.fixture(scope="module")
def node() -> Iterator[RabbitNode]:
    with private_broker() as server:
        yield server


@pytest.fixture(scope="module")
def fragile(mongod: Mongod, node: RabbitNode) -> Iterator[Stack]:
    with stack(mongod.url, node.url, "down", REGISTRATION_DEMO="true") as made:
        made.start()
        yield made


@pytest.fixture(scope="module")
def office(fragile: Stack) -> Iterator[Office]:
    made = office_of(fragile)
    yield made
    made.close()


async def test_broker_down_intake_goes_on_and_all_arrives_after_its_return(
    office: Office, node: RabbitNode
) -> None:
    phone = office.new_team(WARDS[0]).phone()
    queue = partition_queue(partition_of(phone.ward, PARTITIONS))
    await eventually(lambda: remembers(node, queue))

    node.kill()
    phone.record(phone.visit(person=a_person()))
    phone.record(*(phone.visit() for _ in range(100)))
    node.start()

    await eventually(lambda: visits(office, phone) == 101)


async def test_database_down_is_503_and_everything_may_be_repeated(
    office: Office, mongod: Mongod
) -> None:
    phone = office.new_team(WARDS[1]).phone()
    before, during = phone.visit(person=a_person()), phone.visit(person=a_person())
    phone.record(before)
    await eventually(lambda: visits(office, phone) == 1)
    writing: list[Ask] = [
        lambda: phone.send([before, during]),
        lambda: phone.send([during]),
        lambda: sign_in(phone.system),
    ]
    reading: list[Ask] = [
        lambda: phone.ask("GET", f"{REGISTRATION}/teams"),
        lambda: office.centre.reads("reports/overview"),
        lambda: office.centre.reads("facts", measure="visits"),
        lambda: office.centre.reads("notifications", "notify"),
    ]
    assert all(answer.is_success for answer in await all_at_once(reading))

    mongod.kill()
    answers = await all_at_once([*writing, *reading])
    health = await all_at_once([partial(healthy, phone.system, s) for s in SERVICES])
    mongod.start()

    for answer in answers:
        assert answer.status_code == 503, answer.url
        assert answer.headers["Content-Type"] == PROBLEM_MEDIA_TYPE
        assert int(answer.headers["Retry-After"]) > 0
        assert (answer.json()["code"], answer.json()["retryable"]) == ("unavailable", True)
    assert [answer.status_code for answer in health] == [503] * len(SERVICES)
    assert all(answer.json()["parts"]["database"] != "ready" for answer in health)
    again = await eventually(lambda: repeated(phone, before, during))
    assert [result["result"] for result in again] == ["duplicate", "duplicate"]
    await eventually(lambda: visits(office, phone) == 2)


async def all_at_once(asked: Sequence[Ask]) -> list[httpx.Response]:
    """The answers, in order."""
    return await asyncio.gather(*(asyncio.to_thread(ask) for ask in asked))


def repeated(phone: Phone, *events: Json) -> list[Json]:
    """What a phone hears that sends all again until it is answered, and then once more."""
    return phone.post(*events) if phone.send(events).is_success else []


def sign_in(system: Stack) -> httpx.Response:
    """Somebody tries."""
    asked = {"name": "quantri", "password": "mười hai ký tự", "use": "bearer"}
    url = f"{system.url('registration')}{REGISTRATION}/sessions"
    return calls.post(url, json=asked)


def healthy(system: Stack, service: str) -> httpx.Response:
    """Whether it can do its work; that it lives is certain."""
    assert calls.get(f"{system.url(service)}/livez").is_success
    return calls.get(f"{system.url(service)}/readyz")


def visits(office: Office, phone: Phone) -> int:
    """As the ward's report says."""
    answer = office.centre.reads("reports/ward", ward=phone.ward)
    return int(answer.json()["total"]["figures"]["visits"]) if answer.is_success else -1
