"""Secrets may come as files, for services and for the operator's commands alike."""

import base64
import json
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from services.messaging.settings import DeadLetterSettings
from services.platform.settings import Keys, ServiceSettings, Settings, settings_from


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


class KeepsFormer(Settings):
    model_config = settings_from("KEEPS_")

    former_keys: Keys = ()


FIRST, SECOND = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        (FIRST, [1]),
        (f"{FIRST}\n", [1]),
        (f"{FIRST}\n{SECOND}\n", [1, 2]),
        (f"  {FIRST}\r\n\n# kept until May\n{SECOND}", [1, 2]),
        (json.dumps([FIRST, SECOND]), [1, 2]),
        ("", []),
        ("# none yet\n", []),
        ("[]", []),
    ],
)
def test_former_keys_are_one_a_line_or_a_list(
    written: str, keys: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = tuple(bytes([n]) * 32 for n in keys)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    (tmp_path / "keeps_former_keys").write_text(written)

    from_a_file = KeepsFormer.read().former_keys
    monkeypatch.setenv("KEEPS_FORMER_KEYS", written)
    from_a_variable = KeepsFormer.read().former_keys

    assert from_a_file == from_a_variable == expected


@pytest.mark.parametrize("written", ["nope", f"{FIRST} {SECOND}", '["nope"]', "[broken"])
def test_former_key_that_is_none_stops_the_service_without_showing_it(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEEPS_FORMER_KEYS", written)

    with pytest.raises(ValidationError) as refused:
        KeepsFormer.read()

    assert written not in str(refused.value)
