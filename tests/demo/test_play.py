"""The campaign on the real services: what was sent is what the city sees, also a second time."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from demo.memory import Memory
from demo.office import Login
from demo.phone import enrolled
from demo.play import Wish, play
from demo.server import CannotPlay
from deploy.local.ports import free_port
from services.platform.ids import new_event_id
from tests import calls
from tests.conftest import Broker
from tests.eventually import PATIENCE_S
from tests.servers import own_database, own_vhost
from tests.stack import Stack, stack

WARDS = ("26740", "27301", "27592")
ADMIN = "quantri"


@dataclass(frozen=True)
class Played:
    """A campaign that the services have seen, and what was told of it."""

    wish: Wish
    equal: bool
    told: str


@pytest.fixture(scope="module")
def services(mongo_url: str, broker: Broker) -> Iterator[Stack]:
    demo = {f"{name}_DEMO": "true" for name in ("REGISTRATION", "REPORTING", "NOTIFY")}
    with (
        own_vhost(broker.amqp_url, broker.management_url) as vhost,
        own_database(mongo_url) as database,
        stack(mongo_url, vhost, database, **demo) as made,
    ):
        made.start()
        yield made


@pytest.fixture(scope="module")
def campaign(services: Stack, tmp_path_factory: pytest.TempPathFactory) -> Played:
    wish = a_wish(services, tmp_path_factory.mktemp("campaign"))
    return Played(wish, *asyncio.run(played(wish)))


def a_wish(
    on: Stack, folder: Path, *, seed: int = 1, days: int = 1, journal: Path | None = None
) -> Wish:
    password = secrets.token_urlsafe(16)
    name = f"{ADMIN}.{secrets.randbelow(10_000)}"
    create = ("registration", "admin", "create", "--name", name, "--password-stdin")
    on.command(*create, given=password)
    return Wish(
        seed=seed,
        scale=0.05,
        days=days,
        rate=0,
        registration=on.url("registration"),
        reporting=on.url("reporting"),
        notify=on.url("notify"),
        folder=folder,
        only=WARDS,
        admin=Login(name, password),
        journal=journal,
    )


async def played(wish: Wish) -> tuple[bool, str]:
    shown = Console(file=StringIO(), width=200)
    equal = await play(wish, shown)
    assert isinstance(shown.file, StringIO)
    return equal, shown.file.getvalue()


def assisted(team: str) -> dict[str, object]:
    return {
        "services": [{"service": "vneid_install", "before": "none", "outcome": "can_do"}],
        "channel": "home",
        "device": "own",
        "team_id": team,
    }


def line(shown: str, name: str) -> tuple[int, int]:
    """The two numbers of a line."""
    found = next(text for text in shown.splitlines() if name in text)
    _, _, ours, theirs, _, _ = found.split("│")
    return int(ours.replace(",", "")), int(theirs.replace(",", ""))


async def test_the_city_sees_what_was_sent_once_however_often_and_no_second_campaign(
    campaign: Played, tmp_path: Path
) -> None:
    told = campaign.told

    again, retold = await played(campaign.wish)
    with pytest.raises(CannotPlay, match="other data"):
        await played(replace(campaign.wish, seed=2, folder=tmp_path))

    sent, accepted = line(told, "Sent in this run"), line(told, "Accepted in this run")
    assert campaign.equal, told
    assert sent[0] > accepted[0] > 100
    assert again, retold
    assert line(retold, "Sent in this run") == sent
    assert line(retold, "Accepted in this run") == (0, 0)
    assert line(retold, "People helped") == line(told, "People helped")


def test_where_nobody_answers_it_says_so_in_a_sentence(real_processes: None) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "demo", "--registration", nobody]

    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    assert done.returncode == 1
    assert "make up" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


async def test_it_refuses_a_server_whose_figures_are_real(
    services: Stack, campaign: Played
) -> None:
    services.start_beside("registration", "real", REGISTRATION_DEMO="false")

    with pytest.raises(CannotPlay, match="no sample figures"):
        await played(replace(campaign.wish, registration=services.url("real")))


async def test_developer_gets_a_phone_of_the_campaign_that_may_post(
    services: Stack, campaign: Played, tmp_path: Path
) -> None:
    with pytest.raises(CannotPlay, match="make demo"):
        await enrolled(Memory.of(tmp_path / "1.jsonl"), services.url("registration"), WARDS[0], 1)

    memory = Memory.of(campaign.wish.folder / "1.jsonl")
    said = await enrolled(memory, services.url("registration"), WARDS[0], 1)

    phone = dict(word.split("=", 1) for word in said.split()[1:])
    posted = {
        "specversion": "1.0",
        "id": new_event_id(),
        "source": phone["SOURCE"],
        "type": "citizen.assisted.v1",
        "time": "2025-10-11T09:30:00+07:00",
        "ward": phone["WARD"],
        "data": assisted(phone["TEAM"]),
    }
    headers = {
        "Authorization": f"Bearer {phone['TOKEN']}",
        "Content-Type": "application/cloudevents+json",
    }
    async with calls.async_client(base_url=services.url("registration")) as http:
        answer = await http.post("/api/registration/v1/events", json=posted, headers=headers)
    assert [result["result"] for result in answer.json()["results"]] == ["accepted"]
