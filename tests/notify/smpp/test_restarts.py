"""Broker and database go down with hundreds of SMS on their way."""

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitNode
from services.messaging.topology import NOTIFY_CONTACTS, NOTIFY_EVENTS
from tests.eventually import SILENCE_S, eventually
from tests.notify.process import (
    in_states,
    notifications,
    notify_process,
    visits_to_reachable_citizens,
)
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.smpp.harness import once_each
from tests.notify.smpp.over_smpp import over_smpp
from tests.servers import remembers

QUEUED, AT_ONCE = 500, 50


async def test_restart_of_broker_and_database_with_500_queued_loses_none_and_sends_none_twice(
    faulty_mongod: Mongod, faulty_broker: RabbitNode, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc(delay_ms=20, receipts="after", again_ms=300)
    told = await over_smpp(smsc, NOTIFY_AT_ONCE=str(AT_ONCE))
    told |= {
        "NOTIFY_SMPP_PATIENCE_S": str(SILENCE_S),
        "NOTIFY_SMPP_RESPONSE_S": str(2 * SILENCE_S),
        "NOTIFY_LEASE_S": str(3 * SILENCE_S + 1),
    }
    with notify_process(faulty_mongod.url, faulty_broker.url, "restarts", **told) as notify:
        await eventually(lambda: remembers(faulty_broker, NOTIFY_CONTACTS, NOTIFY_EVENTS))
        phones = await visits_to_reachable_citizens(faulty_broker.url, QUEUED)

        faulty_broker.kill()
        faulty_broker.start()
        notify.start("notify")
        await eventually(lambda: len(smsc.saw("answered")) > QUEUED // 5)
        faulty_mongod.kill()
        faulty_mongod.start()

        ends = ("delivered", "unknown")
        await eventually(lambda: in_states(notify, QUEUED, *ends))
        delivered = {n["citizen_id"] for n in notifications(notify) if n["state"] != "unknown"}
    assert once_each(smsc)
    answered = {one["to"] for one in smsc.saw("answered")}
    assert answered >= {f"84{phones[citizen][1:]}" for citizen in delivered}
    assert len(delivered) >= QUEUED - AT_ONCE
