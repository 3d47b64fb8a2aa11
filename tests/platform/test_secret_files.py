"""Secrets may come as files, for services and for the operator's commands alike."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from services.messaging.settings import DeadLetterSettings
from services.platform.settings import ServiceSettings, Settings, settings_from


class OneServicesSettings(ServiceSettings):
    """Those that all services have."""

    model_config = settings_from("ONE_")

    mongo_database: str = "one"
    port: int = 1


@pytest.mark.parametrize("kind", [DeadLetterSettings, OneServicesSettings])
def test_secret_in_a_file_is_read_when_the_folder_is_named(
    kind: type[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = kind.model_config["env_prefix"]
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv(f"{prefix}MONGO_URL", "mongodb://127.0.0.1")
    (tmp_path / f"{prefix}broker_url".lower()).write_text("amqp://from-a-file")

    read = kind.read()

    assert read.model_dump()["broker_url"] == SecretStr("amqp://from-a-file")
