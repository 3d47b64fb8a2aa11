"""The one reading of telephone numbers: as a hand typed them, or as a provider writes them.

`phonenumbers` knows the plan of numbers and nothing else: it would take letters for the keys of a
telephone, and what stands before or behind a number for an ornament.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from services.platform.vietnam.texts import digits, visible

_VIETNAM = 84
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212\u00b7\u2022]+")
_IN_BRACKETS = re.compile(r"\((\+?[0-9]+)\)")
"""`(028) 3829 1234`, `(+84) 900 000 001`, `+84 (0) 900 000 001`."""
_WRITTEN = re.compile(r"\+?[0-9]{4,17}")
_OURS = re.compile(r"\+84[0-9]{9}")
_LENGTH, _DECIDES = 12, 8


class PhoneNumber(NamedTuple):
    """A number that exists in its country's plan."""

    e164: str
    mobile: bool
    """Of Viet Nam: only such a one gets an SMS or tells who somebody is."""


def read_phone(text: str) -> PhoneNumber | None:
    """`0…`, `84…`, `+84…`, nine digits, or another country's with its prefix; None for the rest.

    Digits of any script, and what separates them, are a hand's; a letter, a second number or an
    extension is somebody's mistake, and nobody guesses whom it would reach.
    """
    number = _planned(_bare(text))
    if number is None:
        return None
    ours = number.country_code == _VIETNAM
    mobile = ours and phonenumbers.number_type(number) in _MOBILE
    return PhoneNumber(phonenumbers.format_number(number, PhoneNumberFormat.E164), mobile)


def mobile(text: str) -> str | None:
    """In E.164; None for what is no mobile of Viet Nam."""
    number = read_phone(text)
    return number.e164 if number and number.mobile else None


def is_mobile(phone: str) -> bool:
    """Whether an SMS can reach it, in Viet Nam."""
    if _OURS.fullmatch(phone):
        return _begins_a_mobile(phone[:_DECIDES])
    return mobile(phone) is not None


def _bare(text: str) -> str:
    """Empty for what holds a digit that is none of a number's, such as ² or ½."""
    if any(c.isnumeric() and not c.isdecimal() for c in text):
        return ""
    return _IN_BRACKETS.sub(r"\1", _SEPARATORS.sub("", digits(visible(text))))


def _planned(bare: str) -> phonenumbers.PhoneNumber | None:
    if not _WRITTEN.fullmatch(bare):
        return None
    try:
        number = phonenumbers.parse(bare, "VN")
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


@lru_cache(maxsize=100_000)
def _begins_a_mobile(beginning: str) -> bool:
    """The plan of numbers tells types apart by these digits; each is looked up once."""
    return mobile(beginning.ljust(_LENGTH, "0")) is not None
