"""Vietnamese telephone numbers; `phonenumbers` knows the plan."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_VIETNAM = 84
_E164 = re.compile(r"\+84[0-9]{9}")
_WRITTEN = re.compile(r"[0-9 +().-]{1,30}")
"""A letter in it is a mistake; `phonenumbers` would take it for a key of a telephone."""
_LENGTH, _DECIDES = 12, 8


def is_mobile(phone: str) -> bool:
    """Whether an SMS can reach it, in Vietnam."""
    if _E164.fullmatch(phone):
        return _begins_a_mobile(phone[:_DECIDES])
    return _is_mobile(phone)


def e164(phone: str) -> str | None:
    """`84…`, `0…`, `+84…` or nine digits as `+84…`; None for what is no mobile of ours."""
    number = _parsed(phone)
    if number is None or phonenumbers.number_type(number) not in _MOBILE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=100_000)
def _begins_a_mobile(beginning: str) -> bool:
    """The plan of numbers tells types apart by these digits; each is looked up once."""
    return _is_mobile(beginning.ljust(_LENGTH, "0"))


def _is_mobile(phone: str) -> bool:
    number = _parsed(phone)
    return number is not None and phonenumbers.number_type(number) in _MOBILE


def _parsed(phone: str) -> PhoneNumber | None:
    if not _WRITTEN.fullmatch(phone):
        return None
    try:
        number = phonenumbers.parse(phone, "VN")
    except NumberParseException:
        return None
    return number if number.country_code == _VIETNAM else None
