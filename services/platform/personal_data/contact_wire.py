"""A citizen's contact on its way from registration to notify: ids in the clear, all else sealed.

Registration seals a contact under its citizen's data key and sends that key wrapped for notify;
erasing the citizen's key therefore erases every copy of the contact that was not yet sent.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, ValidationError

CONTACT_SHARED = "contact.shared"
CONTACT_ERASED = "contact.erased"
KEY_BYTES = 32
_NONCE_BYTES = 12


class ContactUnreadable(Exception):
    """Altered on the way, meant for another citizen, or sealed under a key that is not ours."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Contact(_Frozen):
    """How a citizen is reached; `phone` is a mobile of the citizen's own in E.164."""

    phone: str
    name: str | None = None
    language: Literal["vi", "en"] = "vi"
    formerly: str | None = None
    """The citizen whose number it was until it changed hands."""


@dataclass(frozen=True, slots=True)
class SharedContact:
    """What notify reads out of `contact.shared`; `event_id` is the event that brought it."""

    citizen_id: str
    event_id: str
    contact: Contact
    at: datetime | None = None
    """The event's corrected time; messages of an earlier version do not tell it."""

    @property
    def phone(self) -> str:
        """In E.164."""
        return self.contact.phone

    @property
    def language(self) -> str:
        """`vi` or `en`."""
        return self.contact.language


class ErasedContact(_Frozen):
    """The body of `contact.erased`: the citizen and every record merged into it."""

    event_id: str
    citizen_ids: tuple[str, ...]


class _Shared(_Frozen):
    citizen_id: str
    event_id: str
    time: AwareDatetime | None = None
    contact: Base64Bytes
    data_key: Base64Bytes
    key_id: str


def new_data_key() -> bytes:
    """One citizen's key."""
    return os.urandom(KEY_BYTES)


def key_id(key: bytes) -> str:
    """A name for a key that tells nothing of it, so that rotated keys can stand side by side."""
    return blake2b(key, person=b"key id", digest_size=4).hexdigest()


def seal_contact(contact: Contact, citizen_id: str, data_key: bytes) -> bytes:
    """Readable with this citizen's data key alone."""
    return _seal(contact.model_dump_json(exclude_none=True).encode(), citizen_id, data_key)


def open_contact(sealed: bytes, citizen_id: str, data_key: bytes) -> Contact:
    """Raises: ContactUnreadable."""
    try:
        return Contact.model_validate_json(_open(sealed, citizen_id, data_key))
    except ValidationError as error:
        raise ContactUnreadable from error


def wrap_key(data_key: bytes, citizen_id: str, wrapping_key: bytes) -> bytes:
    """A data key under another key, bound to its citizen."""
    return _seal(data_key, citizen_id, wrapping_key)


def unwrap_key(wrapped: bytes, citizen_id: str, wrapping_key: bytes) -> bytes:
    """Raises: ContactUnreadable."""
    return _open(wrapped, citizen_id, wrapping_key)


def shared_message(
    citizen_id: str,
    event_id: str,
    sealed: bytes,
    data_key: bytes,
    notify_key: bytes,
    at: datetime | None = None,
) -> bytes:
    """The body of `contact.shared`; `at` is its event's corrected time."""
    shared = _Shared.model_construct(
        citizen_id=citizen_id,
        event_id=event_id,
        time=at,
        contact=sealed,
        data_key=wrap_key(data_key, citizen_id, notify_key),
        key_id=key_id(notify_key),
    )
    return shared.model_dump_json(exclude_none=True).encode()


def open_shared(body: bytes, *notify_keys: bytes) -> SharedContact:
    """Tries the key the message names; older ones may follow it. Raises: ContactUnreadable."""
    try:
        shared = _Shared.model_validate_json(body)
    except ValidationError as error:
        raise ContactUnreadable from error
    notify_key = next((key for key in notify_keys if key_id(key) == shared.key_id), None)
    if notify_key is None:
        raise ContactUnreadable
    data_key = unwrap_key(shared.data_key, shared.citizen_id, notify_key)
    contact = open_contact(shared.contact, shared.citizen_id, data_key)
    return SharedContact(shared.citizen_id, shared.event_id, contact, shared.time)


def erased_message(citizen_ids: tuple[str, ...], event_id: str) -> bytes:
    """The body of `contact.erased`."""
    return ErasedContact(event_id=event_id, citizen_ids=citizen_ids).model_dump_json().encode()


def read_erased(body: bytes) -> ErasedContact:
    """Raises: ContactUnreadable."""
    try:
        return ErasedContact.model_validate_json(body)
    except ValidationError as error:
        raise ContactUnreadable from error


def _seal(plain: bytes, citizen_id: str, key: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, citizen_id.encode())


def _open(sealed: bytes, citizen_id: str, key: bytes) -> bytes:
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, text, citizen_id.encode())
    except (InvalidTag, ValueError) as error:
        raise ContactUnreadable from error
