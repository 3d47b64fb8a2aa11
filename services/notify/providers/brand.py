"""The brand names from which alone an advert may leave (Decree 91/2020, article 13)."""

import re

from services.notify.providers.provider import SurelyNotAccepted

SENDER = r"^([0-9]{3,15}|[A-Za-z0-9 ._-]{1,11})?$"
"""A brand name, or a number."""
_BRAND = re.compile(r"(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9 ._-]{1,11}")

NO_BRAND = SurelyNotAccepted("no_brand_name", retryable=True)
"""Another provider may have one."""


def is_brand(sender: str) -> bool:
    """A number is none, however it is set: of up to 11 characters one is a letter."""
    return _BRAND.fullmatch(sender) is not None
