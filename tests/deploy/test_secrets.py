"""What `make secrets` writes for the containers."""

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

from deploy import compose_secrets


def test_every_password_is_its_own(tmp_path: Path) -> None:
    compose_secrets.write_missing(tmp_path)

    urls = [urlsplit(file.read_text()) for file in tmp_path.glob("*_url")]
    passwords = {url.password for url in urls}
    assert (
        len(passwords)
        == len(urls)
        == len(compose_secrets.MONGO_USERS) + len(compose_secrets.BROKER_RIGHTS)
    )
    assert all(len(password or "") >= 40 for password in passwords)


def test_broker_knows_the_passwords_that_the_services_use(tmp_path: Path) -> None:
    compose_secrets.write_missing(tmp_path)

    users = {
        user["name"]: user["password_hash"]
        for user in json.loads((tmp_path / "broker_definitions").read_text())["users"]
    }
    for name in compose_secrets.BROKER_RIGHTS:
        password = urlsplit((tmp_path / f"{name}_broker_url").read_text()).password or ""
        stored = base64.b64decode(users[name])
        assert stored[4:] == hashlib.sha256(stored[:4] + password.encode()).digest()


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    compose_secrets.write_missing(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    compose_secrets.write_missing(tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_rights_of_another_version_are_written_anew_with_the_same_passwords(tmp_path: Path) -> None:
    compose_secrets.write_missing(tmp_path)
    definitions, url = tmp_path / "broker_definitions", tmp_path / "notify_broker_url"
    password = url.read_text()
    now = json.loads(definitions.read_text())
    definitions.chmod(0o644)
    definitions.write_text(json.dumps(now | {"permissions": now["permissions"][:-1]}))

    compose_secrets.write_missing(tmp_path)

    assert json.loads(definitions.read_text())["permissions"] == now["permissions"]
    assert url.read_text() == password


def test_folder_is_its_owners_and_each_file_readable_in_its_container(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    compose_secrets.write_missing(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o444}


def test_each_database_user_is_given_its_rights_by_the_init_script() -> None:
    script = (Path(compose_secrets.__file__).parent / "mongo" / "init.js").read_text()

    for user in compose_secrets.MONGO_USERS:
        assert f"{user}_mongo_url: " in script
