"""A contact on its way to notify."""

import os

import pytest

from services.platform.personal_data.contact_wire import (
    Contact,
    ContactUnreadable,
    erased_message,
    new_data_key,
    open_contact,
    open_shared,
    read_erased,
    seal_contact,
    shared_message,
)

CITIZEN = "c-000000000000000000000001"
EVENT = "01890000-0000-7000-8000-000000000001"
CONTACT = Contact(phone="+84900000001", name="Người Thử")


def test_notify_reads_the_contact_that_registration_shared() -> None:
    data_key, notify_key = new_data_key(), os.urandom(32)
    sealed = seal_contact(CONTACT, CITIZEN, data_key)

    shared = open_shared(
        shared_message(CITIZEN, EVENT, sealed, data_key, notify_key), os.urandom(32), notify_key
    )

    assert (shared.citizen_id, shared.event_id) == (CITIZEN, EVENT)
    assert shared.contact == CONTACT
    assert (shared.phone, shared.language) == ("+84900000001", "vi")


def test_message_shows_neither_phone_nor_name() -> None:
    data_key, notify_key = new_data_key(), os.urandom(32)

    body = shared_message(
        CITIZEN, EVENT, seal_contact(CONTACT, CITIZEN, data_key), data_key, notify_key
    )

    assert b"900000001" not in body
    assert "Người".encode() not in body
    assert data_key not in body


def test_contact_of_one_citizen_is_not_read_as_anothers() -> None:
    data_key = new_data_key()

    sealed = seal_contact(CONTACT, CITIZEN, data_key)

    with pytest.raises(ContactUnreadable):
        open_contact(sealed, "c-000000000000000000000002", data_key)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"citizen_id":1}'])
def test_garbage_is_unreadable(body: bytes) -> None:
    with pytest.raises(ContactUnreadable):
        open_shared(body, os.urandom(32))
    with pytest.raises(ContactUnreadable):
        read_erased(body)


def test_message_for_another_key_is_unreadable() -> None:
    data_key = new_data_key()
    sealed = seal_contact(CONTACT, CITIZEN, data_key)

    body = shared_message(CITIZEN, EVENT, sealed, data_key, os.urandom(32))

    with pytest.raises(ContactUnreadable):
        open_shared(body, os.urandom(32))


def test_erasure_names_every_record_of_the_citizen() -> None:
    erased = read_erased(erased_message((CITIZEN, "c-merged"), EVENT))

    assert erased.citizen_ids == (CITIZEN, "c-merged")
    assert erased.event_id == EVENT
