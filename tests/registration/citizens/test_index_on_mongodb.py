"""The blind index on a real database: two registrations, and a database that is not there."""

import asyncio

import pytest

from services.platform.mongo import connect
from services.platform.unavailable import Unavailable
from services.registration.citizens.persons import Persons
from services.registration.citizens.store import MongoRowStore
from tests.builders import a_national_id, a_phone
from tests.registration.citizens.people import KEYS, identify, somebody


async def test_two_registrations_give_one_person_one_id(mongo_url: str, database_name: str) -> None:
    client = connect(mongo_url)
    registrations = [Persons(MongoRowStore(client[database_name]), KEYS) for _ in range(2)]
    people = [
        somebody(phone=a_phone(), national_id=a_national_id(), address=f"{n} Hòa Hảo")
        for n in range(30)
    ]

    met = await asyncio.gather(
        *(identify(persons, person) for person in people for persons in registrations * 3)
    )

    ids = [identity.citizen_id for [identity] in met]
    assert all(len(set(ids[n : n + 6])) == 1 for n in range(0, len(ids), 6))
    assert len(set(ids)) == 30
    client.close()


async def test_absent_database_is_unavailable_and_asking_again_is_safe() -> None:
    client = connect("mongodb://127.0.0.1:9/")
    persons = Persons(MongoRowStore(client["citizens"], timeout_s=0.2), KEYS)

    with pytest.raises(Unavailable):
        await identify(persons, somebody(phone=a_phone()))
    client.close()
