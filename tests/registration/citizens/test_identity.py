"""Numbers and addresses in the one form that is hashed."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.platform.problems import Problem
from services.registration.citizens.identity import (
    Hasher,
    Kind,
    address,
    known_province,
    national_id,
    phone,
)

HASHER = Hasher(b"k" * 32)


@pytest.mark.parametrize("written", ["000000000001", "000 000 000 001", " 000.000.000-001 "])
def test_national_id_is_twelve_digits_however_they_are_spaced(written: str) -> None:
    assert national_id(written) == "000000000001"


@pytest.mark.parametrize(
    "written", ["", "00000000001", "0000000000001", "00000000000a", "٠٠٠٠٠٠٠٠٠٠٠١"]
)
def test_anything_but_twelve_digits_is_no_national_id(written: str) -> None:
    with pytest.raises(Problem, match="national_id_malformed") as refused:
        national_id(written)

    assert refused.value.pointer == "/data/person/national_id"


def test_unknown_province_is_only_worth_a_warning() -> None:
    assert known_province("079000000001")
    assert not known_province("000000000001")


@pytest.mark.parametrize(
    "written", ["0900000001", "+84900000001", "84900000001", "090 000 0001", "090.000.0001"]
)
def test_mobile_is_one_number_however_it_is_written(written: str) -> None:
    assert phone(written).e164 == "+84900000001"
    assert phone(written).mobile


def test_landline_gets_no_sms() -> None:
    assert not phone("028 3829 1234").mobile


@pytest.mark.parametrize("written", ["", "abc", "01612345678", "0281234567", "1022", "1" * 40])
def test_number_outside_the_plan_is_refused(written: str) -> None:
    """Among them the 11-digit mobiles that ended in 2018."""
    with pytest.raises(Problem, match="phone_malformed") as refused:
        phone(written)

    assert refused.value.pointer == "/data/person/phone"


def test_address_is_the_same_with_and_without_accents_and_commas() -> None:
    assert address("12/3 Đường Hòa Hảo, P.5") == address("12/3  đường Hoà Hảo p 5")
    assert address("12/3 Hòa Hảo") != address("123 Hòa Hảo")


def test_address_without_a_letter_is_refused() -> None:
    with pytest.raises(Problem, match="address_malformed"):
        address(" ,.- ")


@given(st.text())
def test_address_in_its_one_form_stays_as_it_is(text: str) -> None:
    with contextlib.suppress(Problem):
        assert address(address(text)) == address(text)


def test_hashes_of_different_kinds_never_meet() -> None:
    hashes = {HASHER.of(kind, "000000000001") for kind in Kind}

    assert len(hashes) == len(Kind)


def test_same_address_in_another_ward_is_another_household() -> None:
    assert HASHER.of(Kind.ADDRESS, "27343", "1 a") != HASHER.of(Kind.ADDRESS, "27163", "1 a")


def test_hash_needs_the_key() -> None:
    assert HASHER.of(Kind.PHONE, "+84900000001") != Hasher(b"x" * 32).of(Kind.PHONE, "+84900000001")


def test_signature_has_one_subject_for_a_citizen_and_a_ca() -> None:
    assert HASHER.signature("c-1", "vnpt") == HASHER.signature("c-1", "vnpt")
    assert HASHER.signature("c-1", "vnpt") != HASHER.signature("c-1", "fpt")
