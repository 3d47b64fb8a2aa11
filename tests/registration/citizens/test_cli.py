"""The commands on a real database."""

import asyncio
import base64
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.platform.clock import utc_now
from services.platform.mongo import connect
from services.registration.citizens.cli import cli
from services.registration.citizens.persons import Persons
from services.registration.citizens.store import MongoRowStore
from services.registration.citizens.sweep import AFTER
from services.registration.citizens.vault import Keys
from tests.builders import a_phone
from tests.registration.citizens.people import KEYS, WARD, identify, somebody

NEW_MASTER = b"M" * 32


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, mongo_url: str, database_name: str) -> None:
    given = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": f"{database_name}_registration",
        "CITIZENS_MONGO_URL": mongo_url,
        "CITIZENS_MONGO_DATABASE": database_name,
        "BROKER_URL": "amqp://nobody",
        "TOKEN_PRIVATE_KEY": "none",
        "PAYLOAD_KEY": _base64(b"p" * 32),
        "INDEX_KEY": _base64(KEYS.index),
        "MASTER_KEY": _base64(NEW_MASTER),
        "FORMER_MASTER_KEYS": f'["{_base64(KEYS.master)}"]',
        "NOTIFY_WRAP_KEY": _base64(KEYS.notify),
    }
    for name, value in given.items():
        monkeypatch.setenv(f"REGISTRATION_{name}", value)


@pytest.mark.usefixtures("settings")
def test_person_without_an_event_is_forgotten_by_hand(mongo_url: str, database_name: str) -> None:
    asyncio.run(_meet_somebody(mongo_url, database_name))

    answer = CliRunner().invoke(cli, ["sweep"])

    assert answer.output == "0 rows belong to an event, 1 were forgotten\n"


@pytest.mark.usefixtures("settings")
def test_new_master_key_seals_what_the_old_one_sealed(mongo_url: str, database_name: str) -> None:
    asyncio.run(_meet_somebody(mongo_url, database_name))

    first, second = (CliRunner().invoke(cli, ["reseal"]).output for _ in range(2))

    assert (first, second) == ("1 rows were sealed anew\n", "0 rows were sealed anew\n")


@pytest.mark.usefixtures("settings")
def test_rows_in_a_former_form_are_counted(tmp_path: Path) -> None:
    list_ = tmp_path / "addresses.csv"
    list_.write_text(f"{WARD},Số 12 Lê Lai\n", encoding="utf-8")

    answer = CliRunner().invoke(cli, ["reindex", "--addresses", str(list_)])

    assert answer.output == "0 rows moved; 0 wait under a former key\n"


async def _meet_somebody(mongo_url: str, database_name: str) -> None:
    client = connect(mongo_url)
    long_ago = utc_now() - AFTER - timedelta(minutes=1)
    keys = Keys(KEYS.index, KEYS.master, KEYS.notify)
    await identify(
        Persons(MongoRowStore(client[database_name]), keys, lambda: long_ago),
        somebody(phone=a_phone()),
    )
    client.close()


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()
