"""The first administrator is made by a command."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pydantic import SecretStr
from pymongo import MongoClient
from typer.testing import CliRunner, Result

from services.registration.access.cli import admin
from tests.registration.access import gate


@dataclass(frozen=True)
class Settings(gate.Settings):
    url: str = ""
    mongo_database: str = ""

    @property
    def mongo_url(self) -> SecretStr:
        return SecretStr(self.url)


@pytest.fixture
def settings(mongo_url: str, database_name: str) -> Settings:
    return Settings(url=mongo_url, mongo_database=database_name)


@pytest.fixture
def users(settings: Settings) -> Iterator[object]:
    with MongoClient[dict[str, object]](settings.url) as client:
        yield client[settings.mongo_database]["users"]


def run(settings: Settings, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(admin(lambda: settings), ["create", *arguments], input=typed)


def test_password_is_made_and_shown_once(settings: Settings, users: object) -> None:
    made = run(settings, "--name", "quantri")

    assert made.exit_code == 0
    [_, line] = made.stdout.splitlines()
    password = line.split()[1]
    kept = users.find_one({"name": "quantri"})  # type: ignore[attr-defined]
    assert kept["role"] == "admin"
    assert not kept["must_change"]
    assert kept["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password not in str(kept)


def test_password_may_come_from_standard_input(settings: Settings) -> None:
    made = run(settings, "--password-stdin", typed="mật khẩu của quản trị\n")

    assert made.exit_code == 0
    assert "mật khẩu" not in made.stdout


def test_name_that_exists_is_left_as_it_is(settings: Settings) -> None:
    run(settings, "--name", "quantri")

    again = run(settings, "--name", "quantri")
    calmly = run(settings, "--name", "quantri", "--if-missing")

    assert again.exit_code == 1
    assert "This user name is taken" in again.stderr
    assert (calmly.exit_code, calmly.stdout) == (0, "")


def test_weak_password_makes_nobody(settings: Settings, users: object) -> None:
    made = run(settings, "--password-stdin", typed="admin\n")

    assert made.exit_code == 1
    assert users.count_documents({}) == 0  # type: ignore[attr-defined]


def test_absent_database_is_told_in_a_sentence() -> None:
    url = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=100"

    made = run(Settings(url=url, mongo_database="registration"))

    assert made.exit_code == 1
    assert "is it running?" in made.stderr
