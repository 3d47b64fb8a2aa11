"""From what a person says to keyed hashes: nothing here can be turned back, and nothing is I/O."""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from services.platform.personal_data.contact_wire import key_id
from services.platform.problems import Problem
from services.platform.vietnam.phone_numbers import PhoneNumber, read_phone
from services.platform.vietnam.texts import fold, lettered, visible
from services.registration.citizens.addresses import one_form
from services.registration.citizens.problems import (
    ADDRESS_MALFORMED,
    NATIONAL_ID_MALFORMED,
    PHONE_MALFORMED,
)

_PROVINCES = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 "
    "036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 "
    "074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"
)
PROVINCES = frozenset(_PROVINCES.split())
"""Provinces of birth as numbered before the mergers of 2025 (Circular 07/2016/TT-BCA, annex)."""

LONGEST_NAME = 6
"""Words."""

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_SEPARATORS = re.compile(r"[\s.\-]+")


class Kind(StrEnum):
    """What was hashed; hashes of different kinds never meet."""

    NATIONAL_ID = "national_id"
    PHONE = "phone"
    ADDRESS = "address"
    MEMBER_NATIONAL_ID = "m_national_id"
    MEMBER_PHONE = "m_phone"
    CERTIFICATE = "certificate"
    SIGNATURE = "signature"
    RECORD = "record"
    NAME = "name"


def national_id(text: str) -> str:
    """Exactly 12 digits (Decree 137/2015, article 13). Raises: Problem."""
    digits = _SEPARATORS.sub("", visible(text))
    if not _TWELVE_DIGITS.fullmatch(digits):
        raise Problem(NATIONAL_ID_MALFORMED, "/data/person/national_id")
    return digits


def known_province(digits: str) -> bool:
    """Worth a warning only: births abroad have prefixes that no list here holds."""
    return digits[:3] in PROVINCES


def phone(text: str) -> PhoneNumber:
    """A number that exists in the plan of Viet Nam, or of the country it names. Raises: Problem."""
    number = read_phone(text)
    if number is None:
        raise Problem(PHONE_MALFORMED, "/data/person/phone")
    return number


def address(text: str) -> str:
    """As two people write the same address. Raises: Problem."""
    form = one_form(text)
    if not form:
        raise Problem(ADDRESS_MALFORMED, "/data/person/address")
    return form


@dataclass(frozen=True, slots=True, repr=False)
class Hasher:
    """Keyed BLAKE2b; its personalisation keeps each kind in a domain of its own."""

    key: bytes

    @property
    def key_id(self) -> str:
        """Stands in each row of the index, so that rows of rotated keys can be told apart."""
        return key_id(self.key)

    def of(self, kind: Kind, *parts: str) -> bytes:
        """16 bytes that nobody without the key can guess or turn back."""
        text = "\x1f".join(parts).encode()
        return blake2b(text, key=self.key, person=kind.encode(), digest_size=16).digest()

    def names(self, name: str) -> tuple[bytes, ...]:
        """Each word of a name, the given one first: a name is never kept, only known again."""
        words = lettered(fold(name)).split()
        return tuple(self.of(Kind.NAME, word) for word in reversed(words[-LONGEST_NAME:]))

    def certificate(self, serial: str) -> str:
        """In place of a certificate's serial number, to which its CA knows a name."""
        return self.of(Kind.CERTIFICATE, serial.strip().upper()).hex()

    def signature(self, citizen_id: str, ca: str) -> str:
        """The subject under which all states of one signature meet."""
        return f"s-{self.of(Kind.SIGNATURE, citizen_id, ca).hex()}"
