"""What is encrypted at rest, and under which key: data keys, hints, refused bodies."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.platform.personal_data.contact_wire import key_id

_NONCE_BYTES = 12
_ID_BYTES = 4


class Unreadable(Exception):
    """Altered, moved to another row, or sealed under a key that is not here."""


@dataclass(frozen=True, repr=False)
class Keys:
    """Thirty-two bytes each; the former ones still open what they sealed, and hash nothing new."""

    index: bytes
    master: bytes
    notify: bytes
    former_index: tuple[bytes, ...] = ()
    former_master: tuple[bytes, ...] = ()


class KeySettings(Protocol):
    """As the service is told them when it starts."""

    @property
    def index_key(self) -> bytes: ...
    @property
    def master_key(self) -> bytes: ...
    @property
    def notify_wrap_key(self) -> bytes: ...
    @property
    def former_index_keys(self) -> tuple[bytes, ...]: ...
    @property
    def former_master_keys(self) -> tuple[bytes, ...]: ...


def keys_of(settings: KeySettings) -> Keys:
    """All that hashes or seals what is personal."""
    return Keys(
        index=settings.index_key,
        master=settings.master_key,
        notify=settings.notify_wrap_key,
        former_index=settings.former_index_keys,
        former_master=settings.former_master_keys,
    )


class Vault:
    """Seals under keys derived from the master key, one for each use (RFC 5869)."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def wrap(self, data_key: bytes, citizen_id: str) -> bytes:
        """A citizen's data key as it lies in the citizen's rows."""
        return self._data_keys.seal(data_key, citizen_id.encode())

    def unwrap(self, wrapped: bytes, citizen_id: str) -> bytes:
        """Raises: Unreadable."""
        return self._data_keys.open(wrapped, citizen_id.encode())

    def seal_hint(self, digits: str, row: bytes) -> bytes:
        """The last digits of a number, so that a coordinator can tell two records apart."""
        return self._hints.seal(digits.encode(), row)

    def open_hint(self, hint: bytes, row: bytes) -> str:
        """Raises: Unreadable."""
        return self._hints.open(hint, row).decode()

    def seal_body(self, body: bytes, refusal_id: str) -> tuple[bytes, bytes]:
        """A refused body under a key of its own, and that key wrapped."""
        key = AESGCM.generate_key(256)
        sealed = _Seal((key,)).seal(body, refusal_id.encode())
        return sealed, self._bodies.seal(key, refusal_id.encode())

    def open_body(self, sealed: bytes, wrapped: bytes, refusal_id: str) -> bytes:
        """Raises: Unreadable."""
        key = self._bodies.open(wrapped, refusal_id.encode())
        return _Seal((key,)).open(sealed, refusal_id.encode())

    def sealed_before(self, sealed: bytes) -> bool:
        """Whether a former master key sealed this data key or hint."""
        return not (self._data_keys.is_current(sealed) or self._hints.is_current(sealed))

    @cached_property
    def _data_keys(self) -> "_Seal":
        return self._seal(b"data keys")

    @cached_property
    def _hints(self) -> "_Seal":
        return self._seal(b"hints")

    @cached_property
    def _bodies(self) -> "_Seal":
        return self._seal(b"refused bodies")

    def _seal(self, use: bytes) -> "_Seal":
        masters = (self._keys.master, *self._keys.former_master)
        return _Seal(tuple(_derive(master, use) for master in masters))


class _Seal:
    """AES-256-GCM; the first bytes name the key, the last ones bind what is sealed to its place."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._ciphers = {bytes.fromhex(key_id(key)): AESGCM(key) for key in keys}
        self._current = next(iter(self._ciphers))

    def seal(self, plain: bytes, place: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        cipher = self._ciphers.get(sealed[:_ID_BYTES])
        start = _ID_BYTES + _NONCE_BYTES
        if cipher is None:
            raise Unreadable
        try:
            return cipher.decrypt(sealed[_ID_BYTES:start], sealed[start:], place)
        except InvalidTag as error:
            raise Unreadable from error

    def is_current(self, sealed: bytes) -> bool:
        return sealed[:_ID_BYTES] == self._current


def _derive(master: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(master)
