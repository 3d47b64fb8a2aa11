"""Secrets may come as files, for services and for the operator's commands alike."""

from pathlib import Path

import pytest

from services.messaging.settings import DeadLetterSettings
from services.notify.settings import NotifySettings
from services.platform.settings import Settings


@pytest.mark.parametrize("kind", [DeadLetterSettings, NotifySettings])
def test_secret_in_a_file_is_read_when_the_folder_is_named(
    kind: type[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = str(kind.model_config["env_prefix"])
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv(f"{prefix}MONGO_URL", "mongodb://127.0.0.1")
    monkeypatch.setenv("NOTIFY_NOTIFY_WRAP_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    (tmp_path / f"{prefix}BROKER_URL".lower()).write_text("amqp://from-a-file")

    read = kind.read()

    assert read.model_dump()["broker_url"].get_secret_value() == "amqp://from-a-file"
