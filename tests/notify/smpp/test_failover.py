"""The SMSC goes down while a second provider is there; and what the process says meanwhile."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from services.messaging.topology import PRIVATE_DEAD_LETTERS
from services.platform.personal_data.contact_wire import CONTACT_SHARED
from tests import calls
from tests.eventually import eventually
from tests.notify.process import (
    notifications,
    notify_process,
    publish_private,
    said,
    states_of,
    visits_to_reachable_citizens,
)
from tests.notify.sandbox.esms import EsmsImitation
from tests.notify.sandbox.server import serving
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.smpp.over_smpp import over_smpp
from tests.notify.smpp.smsc.process import Smsc
from tests.notify.test_service import holds
from tests.stack import Stack

SECRET = "secret-of-a-test"
WORDS = "cam on chi Lan da den nha toi hom qua"
"""Of a citizen."""
REVEALING = 12
"""So many letters of a text in a row would tell of it."""


@dataclass
class World:
    """A process with two ways out."""

    notify: Stack
    smsc: Smsc
    esms: EsmsImitation

    async def visits(self, count: int) -> dict[str, str]:
        return await visits_to_reachable_citizens(self.notify.broker_url, count)

    def stand(self, citizens: dict[str, str], **count: int) -> bool:
        return states_of(self.notify, citizens) == count

    def sent(self) -> Counter[str]:
        """By phone, whoever took it."""
        by_smpp = [one["to"] for one in self.smsc.saw("submit_sm")]
        return Counter(by_smpp + [kept.body["Phone"] for kept in self.esms.kept.values()])


@pytest.fixture
async def world(
    mongo_url: str, database_name: str, vhost_url: str, start_smsc: StartSmsc
) -> AsyncIterator[World]:
    smsc, esms = start_smsc(), EsmsImitation()
    with serving(esms):
        settings = await over_smpp(
            smsc,
            NOTIFY_PROVIDERS="smpp;esms",
            NOTIFY_ESMS_URL=esms.url,
            NOTIFY_ESMS_API_KEY=esms.keys[0],
            NOTIFY_ESMS_SECRET_KEY=esms.keys[1],
            NOTIFY_ESMS_BRANDNAME=esms.brandname,
            NOTIFY_ESMS_WEBHOOK_SECRET=SECRET,
            NOTIFY_ESMS_PUBLIC_URL="https://sms.example",
            NOTIFY_ESMS_PRIVATE_KEY=esms.private_key,
            NOTIFY_REPLY_NUMBER="8000",
        )
        with notify_process(mongo_url, vhost_url, database_name, **settings) as notify:
            notify.start("notify")
            yield World(notify, smsc, esms)


@pytest.mark.parametrize("in_flight", [10, 0])
async def test_what_the_first_provider_cannot_take_goes_by_the_second(
    world: World, in_flight: int
) -> None:
    """Its patience with the SMSC is the usual one; what may have left goes by nobody else."""
    world.smsc.tell("behave", submits="hold")
    under_way = await world.visits(in_flight) if in_flight else {}
    await eventually(lambda: len(world.smsc.saw("submit_sm")) == in_flight)

    world.smsc.end()
    later = await world.visits(30)

    await eventually(lambda: world.stand(later, accepted=30))
    unknown = {"unknown": in_flight} if in_flight else {}
    await eventually(lambda: states_of(world.notify, under_way) == unknown)
    assert set(world.sent().values()) == {1}
    assert len(world.esms.kept) == 30


async def test_no_log_and_no_metric_tells_a_number_or_a_text(world: World) -> None:
    smsc = world.smsc
    phones = [
        *await told(world, "delivered", receipts="twice"),
        *await told(world, "failed", status=0x0B),
        *await told(world, "accepted", status=0x08),
        *await told(world, "unknown", status=0, drop_at=1),
    ]
    smsc.tell("behave", drop_at=1_000)
    await hear_citizens(world, phones)
    await hear_nonsense(world, phones[0])

    texts = {WORDS, *(one["text"] for one in smsc.saw("submit_sm"))}
    found = said(world.notify)
    assert len(texts) == 3
    assert "notify_submissions_total" in found
    assert "a receipt that says nothing of an SMS" in found
    assert [n["state"] for n in notifications(world.notify)].count("failed") == 2
    assert [phone for phone in phones if phone[1:] in found] == []
    assert [shown for shown in revealing(texts) if shown in found] == []


async def told(world: World, state: str, **behaviour: object) -> Iterable[str]:
    """Phones of two citizens whose SMS end so where the SMSC behaves so."""
    world.smsc.tell("behave", **behaviour)
    citizens = await world.visits(2)
    await eventually(lambda: world.stand(citizens, **{state: 2}))
    return citizens.values()


async def hear_citizens(world: World, phones: list[str]) -> None:
    """Over SMPP and by eSMS's webhook, which calls with the number in its address."""
    await eventually(lambda: is_bound(world.smsc))
    heard = len(world.smsc.saw("deliver_sm_resp"))
    for phone, words in zip(phones, ("1", "2", "TC", WORDS), strict=False):
        pdu = {"source_addr": f"84{phone[1:]}", "short_message": words}
        world.smsc.tell("deliver", pdu=pdu)
    await eventually(lambda: len(world.smsc.saw("deliver_sm_resp")) == heard + 4)
    esms, notify = world.esms, world.notify.url("notify")
    address = f"{notify}/api/notify/v1/providers/esms/{SECRET}/replies"
    (request_id, *_) = esms.kept
    receipt = esms.receipt(request_id)
    async with calls.async_client() as http:
        await http.send(esms.reply(address, phones[0], WORDS))
        await http.send(esms.reply(address, phones[0], WORDS, sign="another"))
        await http.send(httpx.Request("GET", f"{notify}{receipt.url.raw_path.decode()}"))


def is_bound(smsc: Smsc) -> bool:
    """Once more after each session that it dropped."""
    return len(smsc.saw("bind_transceiver")) > len(smsc.saw("close"))


async def hear_nonsense(world: World, phone: str) -> None:
    """From the broker, from the SMSC, and from whoever calls."""
    body = f'{{"citizen_id": "{phone}", "contact": "{WORDS}"}}'.encode()
    await publish_private(world.notify.broker_url, CONTACT_SHARED, body)
    await eventually(lambda: holds(world.notify.broker_url, PRIVATE_DEAD_LETTERS, 1))
    heard = len(world.smsc.saw("deliver_sm_resp"))
    for sender in (phone, "VIETTEL"):
        world.smsc.tell("deliver", pdu={"source_addr": sender, "short_message": WORDS})
    world.smsc.tell("deliver", pdu={"esm_class": 4, "short_message": f"id:{phone} stat:{WORDS}"})
    world.smsc.tell("deliver", pdu={"esm_class": 4, "short_message": WORDS})
    await eventually(lambda: len(world.smsc.saw("deliver_sm_resp")) == heard + 4)
    async with calls.async_client(base_url=world.notify.url("notify")) as http:
        await http.post("/api/notify/v1/receipts", content=body)
        await http.get(f"/api/notify/v1/notifications?cursor={phone}")


def revealing(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for first in range(len(text) - REVEALING):
            yield text[first : first + REVEALING]
