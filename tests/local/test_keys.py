"""Secrets made on this machine: random, whole, their owner's alone."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from deploy.local import keys

ALL_NAMES = {
    *(name for names in keys.KEYS for name in names),
    keys.PRIVATE_KEY,
    *keys.PUBLIC_KEY_OF,
    *keys.FORMER.values(),
}


def test_every_secret_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    keys.write_missing(tmp_path / "secrets")

    files = list((tmp_path / "secrets").iterdir())
    assert {file.name for file in files} == ALL_NAMES
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_keys_are_32_bytes_and_differ_from_each_other(tmp_path: Path) -> None:
    keys.write_missing(tmp_path)

    values = [base64.b64decode((tmp_path / names[0]).read_text()) for names in keys.KEYS]
    assert {len(value) for value in values} == {32}
    assert len(set(values)) == len(keys.KEYS)


def test_services_verify_what_registration_signs(tmp_path: Path) -> None:
    keys.write_missing(tmp_path)

    private = load_pem_private_key((tmp_path / keys.PRIVATE_KEY).read_bytes(), None)
    for name in keys.PUBLIC_KEY_OF:
        assert load_pem_public_key((tmp_path / name).read_bytes()) == private.public_key()


def test_second_run_changes_no_secret(tmp_path: Path) -> None:
    keys.write_missing(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    keys.write_missing(tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_lost_copy_of_a_shared_key_is_the_same_again(tmp_path: Path) -> None:
    keys.write_missing(tmp_path)
    (tmp_path / "notify_notify_wrap_key").unlink()

    keys.write_missing(tmp_path)

    shared = [(tmp_path / name).read_text() for name in keys.KEYS[3]]
    assert shared[0] == shared[1]


@pytest.mark.parametrize("key", keys.FORMER)
def test_new_key_takes_the_place_of_one_that_is_kept_first_among_the_former(
    tmp_path: Path, key: str
) -> None:
    keys.write_missing(tmp_path)
    first = (tmp_path / key).read_text()

    changed = keys.renew(tmp_path, key)
    second = (tmp_path / key).read_text()
    keys.renew(tmp_path, key)

    former = (tmp_path / keys.FORMER[key]).read_text().splitlines()
    assert former[:2] == [second, first]
    assert (
        len({(tmp_path / name).read_text() for name in changed} - {"\n".join(former) + "\n"}) == 1
    )
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("key", ["registration_payload_key", "nope"])
def test_key_of_which_no_former_one_is_read_is_not_renewed(tmp_path: Path, key: str) -> None:
    keys.write_missing(tmp_path)

    with pytest.raises(KeyError):
        keys.renew(tmp_path, key)
