"""kill -9, again and again, while phones post: what was accepted is what is reported."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import pytest

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from deploy.local.settings import SERVICES
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS, partition_queue
from services.platform.vietnam.wards import current
from tests.eventually import eventually
from tests.faults.posters import Poster, consents, knocks, people_helped, posting, visits
from tests.pipeline.people import Office, Phone, office_of
from tests.servers import private_broker, private_mongod, remembers
from tests.stack import Stack, stack

PHONES = 4
SERVERS = ("mongod", "broker")
PARTS = (*SERVERS, *SERVICES)
UPLOADS = (4, 16)
"""So many more each phone tries before a kill."""
UPLOADS_MEANWHILE = (2, 5)
"""And while parts are gone: without its database intake answers after 5 s, so it is few."""


class World:
    """All parts, each of which can be killed and started again."""

    def __init__(self, mongod: Mongod, broker: RabbitNode, services: Stack) -> None:
        self.services = services
        self.broker = broker
        self._servers: dict[str, Mongod | RabbitNode] = {"mongod": mongod, "broker": broker}

    def kill(self, part: str) -> None:
        """kill -9."""
        if part in self._servers:
            self._servers[part].kill()
        else:
            self.services.kill(part)

    def start(self, parts: Sequence[str]) -> None:
        """Servers first, for a service is ready when they answer."""
        for part in (p for p in PARTS if p in parts):
            if part in self._servers:
                self._servers[part].start()
            else:
                self.services.start(part)


@pytest.fixture
def world(real_processes: None) -> Iterator[World]:
    with (
        private_mongod() as mongod,
        private_broker() as broker,
        stack(
            mongod.url,
            broker.url,
            "faults",
            REGISTRATION_DEMO="true",
            REPORTING_DEMO="true",
            NOTIFY_DEMO="true",
            NOTIFY_DELAY_S="0",
        ) as services,
    ):
        services.start()
        yield World(mongod, broker, services)


def rounds(draw: Random) -> list[tuple[str, ...]]:
    """Each part by itself, and two at once, in some order."""
    singles = draw.sample(PARTS, len(PARTS))
    return [*((part,) for part in singles), tuple(draw.sample(PARTS, 2))]


async def test_what_was_accepted_is_reported_whatever_is_killed(
    world: World, fault_seed: int
) -> None:
    draw = Random(fault_seed)
    office = office_of(world.services)
    posters = [Poster(phone, f"{fault_seed} {phone.ward}") for phone in phones_of(office)]
    await queues_are_remembered(world)

    with posting(posters):
        for parts in rounds(draw):
            await some_uploads(posters, draw.randint(*UPLOADS))
            for part in parts:
                world.kill(part)
            await some_uploads(posters, draw.randint(*UPLOADS_MEANWHILE))
            world.start(parts)

    assert_repeats_alone_are_duplicates(posters)
    for poster in posters:
        await eventually(is_reported(office, poster))
    assert ", 0 with differences" in world.services.command("reporting", "verify")
    assert_nobody_got_two_sms(office)
    office.close()
    for poster in posters:
        poster.phone.close()


def phones_of(office: Office) -> list[Phone]:
    """One in each of some wards, of different partitions."""
    codes = [ward.code for ward in current()][:: len(current()) // PHONES]
    return [office.new_team(code).phone() for code in codes[:PHONES]]


async def queues_are_remembered(world: World) -> None:
    """All that may be killed with the broker."""
    names = (NOTIFY_EVENTS, NOTIFY_CONTACTS, *map(partition_queue, range(4)))
    await eventually(lambda: remembers(world.broker, *names))


async def some_uploads(posters: Sequence[Poster], count: int) -> None:
    """Until each phone tried so many more, whatever became of them."""
    until = [poster.uploads() + count for poster in posters]
    await eventually(lambda: all(p.uploads() >= n for p, n in zip(posters, until, strict=True)))


def assert_repeats_alone_are_duplicates(posters: Sequence[Poster]) -> None:
    """An event is accepted once at most, and a duplicate only where it was posted before."""
    ledgers = [poster.ledger for poster in posters]
    for ledger in ledgers:
        assert set(ledger.accepted) == set(ledger.sent)
        for id_, results in ledger.told.items():
            assert results.count("accepted") <= 1
            assert results.count("duplicate") < ledger.sent[id_]
    assert any(ledger.failures for ledger in ledgers), "nobody noticed that anything was killed"


def is_reported(office: Office, poster: Poster) -> Callable[[], bool]:
    """Whether the ward's report, its facts and the phone's tally say what the phone knows."""
    standing, ward = poster.ledger.standing, poster.phone.ward
    expected = {
        "visits": len(visits(standing)),
        "people": people_helped(standing),
        "doors": len(knocks(standing)),
        "consents": len(consents(standing)),
    }

    def holds() -> bool:
        total = office.centre.read("reports/overview", ward=ward)["total"]["figures"]
        assert {name: total[name] for name in expected} == expected
        found = facts(office, f"/api/reporting/v1/facts?measure=visits&ward={ward}&limit=500")
        assert found == {event["id"] for event in visits(standing)}
        tally = poster.phone.read("tally", device=poster.phone.device_id)["total"]
        assert tally == {"accepted": len(standing), "rejected": 0, "conflicting": 0}
        return True

    return holds


def facts(office: Office, link: str) -> set[str]:
    """The events behind a number."""
    found: set[str] = set()
    following: str | None = link
    while following:
        page = office.centre.read(following)
        found |= {fact["id"] for row in page["rows"] for fact in row["facts"]}
        following = page["next"]
    return found


def assert_nobody_got_two_sms(office: Office) -> None:
    """By notification at the console, by citizen at notify."""
    sms = office.centre.read("console", "notify", limit=500)["messages"]
    sent = [one["request_id"].rpartition("-")[0] for one in sms]
    assert sent
    assert len(sent) == len(set(sent))
    page = office.centre.read("notifications", "notify", state="accepted", limit=200)
    citizens = [notification["citizen_id"] for notification in page["notifications"]]
    assert len(citizens) == len(set(citizens))
