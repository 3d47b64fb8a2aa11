"""Whose access has ended is written with the act, and told until the broker has it."""

from collections.abc import AsyncIterator

import pytest

from services.messaging.broker import Broker
from services.platform.access.ended import ACCESS_ENDED, read_ended
from services.platform.mongo import Database, connect
from services.registration.access.audit import ENDS
from services.registration.access.ended import Ended
from services.registration.access.records import Act
from services.registration.access.store import MongoAccessStore
from tests.registration.access.test_store import a_device, a_session, a_user, an_enrolment, change
from tests.twins.broker import BrokerTwin


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield client[database_name]
    client.close()


async def told(database: Database, broker: BrokerTwin) -> list[str]:
    """Whose end was told."""
    broker_: Broker = broker
    async with broker_.publisher("access") as publisher:
        await Ended(database, broker_).tell(publisher)
    return [read_ended(m.body).id for m in broker.published if m.type == ACCESS_ENDED]


async def test_sign_out_and_revocation_are_told_once(database: Database) -> None:
    store, broker = MongoAccessStore(database), BrokerTwin()
    await store.ensure_indexes()
    user, enrolment, device = a_user(), an_enrolment(), a_device()
    session = a_session(user)
    await store.staff.add_session(session, change(Act.SESSION_BEGUN, user.id))
    await store.tokens.add_enrolment(enrolment, change(Act.ENROLMENT_MADE, enrolment.id))
    await store.tokens.enrol(enrolment.id, device, change(Act.DEVICE_ENROLLED, device.id))

    await store.staff.end_session(session.id, change(Act.SESSION_ENDED, user.id))
    await store.staff.end_session(session.id, change(Act.SESSION_ENDED, user.id))
    await store.tokens.revoke_device(device.id, change(Act.DEVICE_REVOKED, device.id))

    assert await told(database, broker) == [user.id, device.id]
    assert await told(database, broker) == [user.id, device.id]


def test_every_act_that_shuts_somebody_out_ends_their_short_tokens() -> None:
    ending = {act for act in Act if act.name.endswith(("REVOKED", "DISABLED", "_ENDED"))}

    assert ending <= ENDS
    assert {Act.PASSWORD_CHANGED, Act.PASSWORD_RESET} <= ENDS
