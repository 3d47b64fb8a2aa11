"""The operator's commands on real parts."""

import pytest
from typer.testing import CliRunner

from services.messaging.cli import dead_letters, topology

runner = CliRunner()


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch, vhost_url: str, mongo_url: str, database_name: str
) -> None:
    monkeypatch.setenv("MESSAGING_BROKER_URL", vhost_url)
    monkeypatch.setenv("MESSAGING_MONGO_URL", mongo_url)
    monkeypatch.setenv("MESSAGING_MONGO_DATABASE", database_name)
    monkeypatch.setenv("MESSAGING_PARTITIONS", "2")


def test_topology_is_declared_and_again(told: None) -> None:
    first, again = (runner.invoke(topology, ["declare"]) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "2 partitions" in again.output


def test_dead_letters_are_listed(told: None) -> None:
    runner.invoke(topology, ["declare"])

    listed = runner.invoke(dead_letters, ["list"])

    assert listed.exit_code == 0
    assert "0 letters" in listed.output


def test_nothing_is_replayed_without_saying_what(told: None) -> None:
    answer = runner.invoke(dead_letters, ["replay"])

    assert answer.exit_code == 1
    assert "--all" in answer.output


def test_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MESSAGING_BROKER_URL", raising=False)

    answer = runner.invoke(topology, ["declare"])

    assert answer.exit_code == 1
    assert "MESSAGING_BROKER_URL" in answer.output


def test_broker_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESSAGING_BROKER_URL", "amqp://guest:guest@127.0.0.1:1/")

    answer = runner.invoke(topology, ["declare"])

    assert answer.exit_code == 1
    assert "BrokerUnavailable" in answer.output
